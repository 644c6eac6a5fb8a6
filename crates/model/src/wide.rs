//! Functions compiled twice: as the machine's baseline wants it, and for the wider vectors of AVX2.

/// Defines a function that runs in the widest form that the machine knows. Both are the same code, without fused
/// operations, and give the same bits. The inner function is always inlined, for it must take the vector width of its caller.
macro_rules! wide {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$meta])*
        $vis fn $name($($arg: $type),*) $(-> $ret)? {
            #[inline(always)]
            fn portable($($arg: $type),*) $(-> $ret)? $body
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                #[target_feature(enable = "avx2")]
                fn avx2($($arg: $type),*) $(-> $ret)? {
                    portable($($arg),*)
                }
                #[expect(unsafe_code, reason = "the same code compiled for wider vectors")]
                // SAFETY: the machine has AVX2, the one thing the function asks for.
                return unsafe { avx2($($arg),*) };
            }
            portable($($arg),*)
        }
    };
}

pub(crate) use wide;

//! Tables of the other side, of whatever minor version: read as far as both sides know them.
#![allow(unsafe_code, reason = "foreign memory is read")]

use crate::abi::{Host, Kind, Layers, Plugin};

/// A struct of the boundary that says its size and grows at its end only.
///
/// # Safety
/// All zeros are a value of it, in which what is missing is absent, and so are the bytes of any version of it.
pub(crate) unsafe trait Table: Copy {
    /// Bytes that it had in version 1.0: none of version 1 has fewer.
    const FIRST: usize;
}

// SAFETY: numbers, raw pointers and optional functions, whose null is `None`.
unsafe impl Table for Host {
    const FIRST: usize = 104;
}
// SAFETY: as above.
unsafe impl Table for Kind {
    const FIRST: usize = 64;
}
// SAFETY: as above.
unsafe impl Table for Plugin {
    const FIRST: usize = 48;
}
// SAFETY: as above.
unsafe impl Table for Layers {
    const FIRST: usize = 16;
}

/// Bytes of a field that cannot be there by half: pointers and lengths have eight, and smaller ones stand in pairs.
const WORD: usize = 8;

/// Copies a table, as far as it reaches and as we know it; what lies beyond is absent. `None` if it is shorter than any
/// of version 1.
///
/// # Safety
/// `table` points to as many bytes as `struct_size` says.
pub(crate) unsafe fn read<T: Table>(table: *const T, struct_size: u32) -> Option<T> {
    let size = struct_size as usize;
    if size < T::FIRST {
        return None;
    }
    let known = (size / WORD * WORD).min(size_of::<T>());
    let mut copy = std::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: the caller answers for the source; the copy is as long as `T`, and ours.
    unsafe { std::ptr::copy_nonoverlapping(table.cast::<u8>(), copy.as_mut_ptr().cast::<u8>(), known) };
    // SAFETY: zeros and the bytes of a version are a value, says the trait.
    Some(unsafe { copy.assume_init() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of the next minor version: one more function at the end.
    #[repr(C)]
    #[derive(Clone, Copy)]
    struct Next {
        first: Layers,
        function: Option<extern "C" fn() -> i32>,
        number: u64,
    }
    // SAFETY: as for `Layers`.
    unsafe impl Table for Next {
        const FIRST: usize = size_of::<Layers>();
    }

    extern "C" fn seven() -> i32 {
        7
    }

    const FIRST: Layers = Layers { struct_size: 16, reserved: 0, name: None };
    static NEXT: Next = Next { first: FIRST, function: Some(seven), number: 9 };

    /// Reads a table that says it has `size` bytes.
    fn known(size: u32) -> Option<(bool, u64)> {
        // SAFETY: the table has 32 bytes.
        unsafe { read(&raw const NEXT, size) }.map(|table| (table.function.is_some(), table.number))
    }

    #[test]
    fn what_a_version_does_not_have_is_absent() {
        assert_eq!(known(15), None, "shorter than 1.0");
        assert_eq!(known(16), Some((false, 0)), "1.0");
        assert_eq!(known(23), Some((false, 0)), "a field by half");
        assert_eq!(known(24), Some((true, 0)), "one field more");
        assert_eq!(known(32), Some((true, 9)), "as we know it");
        assert_eq!(known(4_000), Some((true, 9)), "a later one");
    }

    #[test]
    fn an_old_table_is_not_read_past_its_end() {
        let old = Box::new(FIRST);
        // SAFETY: it has the 16 bytes that it says.
        let read = unsafe { read((&raw const *old).cast::<Next>(), old.struct_size) };
        assert!(read.is_some_and(|table| table.function.is_none() && table.number == 0));
    }
}

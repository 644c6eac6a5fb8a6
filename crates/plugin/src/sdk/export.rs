//! The table that a plugin hands to the host, made when the host first asks for it.

use std::panic::catch_unwind;
use std::sync::OnceLock;

use serde_json::json;

use super::{panics, remote};
use crate::abi::{self, Bytes, Host, Kind, Plugin};

/// Makes the crate a plugin with these stages: exports the one symbol that a host looks for.
///
/// Each stage is a [`Component`](crate::Component). The crate's `Cargo.toml` says `crate-type = ["cdylib"]`, and its
/// name and version become the plugin's. At most one `export!` may stand in a library. The [crate's page](crate) has an
/// example.
///
/// A panic in a stage is caught and fails its document. Under `panic = "abort"` that cannot be, so that it does not
/// compile.
#[macro_export]
macro_rules! export {
    ($($stage:ty),+ $(,)?) => {
        #[cfg(panic = "abort")]
        ::core::compile_error!(
            "a plugin must be built with `panic = \"unwind\"`: a panic is to fail a document, not to end the host"
        );

        #[doc(hidden)]
        #[allow(unsafe_code, clippy::missing_safety_doc, reason = "the boundary is C")]
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn demarche_plugin_v1(
            host: *const $crate::abi::Host,
        ) -> *const $crate::abi::Plugin {
            static TABLE: $crate::sdk::Table = $crate::sdk::Table::new();
            let about = $crate::sdk::About {
                name: ::core::env!("CARGO_PKG_NAME"),
                version: ::core::env!("CARGO_PKG_VERSION"),
                license: ::core::env!("CARGO_PKG_LICENSE"),
                homepage: ::core::env!("CARGO_PKG_HOMEPAGE"),
            };
            // SAFETY: the host passes its table, which lives as long as the process.
            unsafe { TABLE.open(host, &about, || ::std::vec![$($crate::sdk::kind::<$stage>(about.version)),+]) }
        }
    };
}

/// Least minor version of a host that this kit can work with. What hosts have had only since a later one is looked for
/// before it is called, and done without.
const LEAST_MINOR: u32 = 0;

/// What a plugin's crate says of itself.
pub struct About {
    /// Name of the crate.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its license; may be empty.
    pub license: &'static str,
    /// Its homepage; may be empty.
    pub homepage: &'static str,
}

/// The table of a library, once it is made.
pub struct Table(OnceLock<Plugin>);

impl Default for Table {
    fn default() -> Self {
        Self::new()
    }
}

impl Table {
    /// A table that is not made yet.
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Answers a host's first call. Null if the host's table cannot be used.
    ///
    /// # Safety
    /// `host` points to a host's table that lives as long as the process.
    pub unsafe fn open(
        &self,
        host: *const Host,
        about: &About,
        kinds: impl FnOnce() -> Vec<Kind> + std::panic::UnwindSafe,
    ) -> *const Plugin {
        // SAFETY: the caller answers for it.
        if !unsafe { remote::connect(host) } {
            return std::ptr::null();
        }
        panics::keep_places();
        // Describing options as a schema runs code of the author's.
        let Ok(kinds) = catch_unwind(kinds) else { return std::ptr::null() };
        self.0.get_or_init(|| table(about, kinds))
    }
}

fn table(about: &About, kinds: Vec<Kind>) -> Plugin {
    let info = json!({
        "name": about.name,
        "version": about.version,
        "license": about.license,
        "homepage": about.homepage,
    });
    let kinds: Vec<*const Kind> = kinds.leak().iter().map(std::ptr::from_ref).collect();
    let kinds = kinds.leak();
    Plugin {
        magic: abi::MAGIC,
        abi_major: abi::MAJOR,
        abi_minor: LEAST_MINOR,
        struct_size: size_of::<Plugin>() as u32,
        kinds: kinds.as_ptr(),
        kind_count: kinds.len(),
        info: Bytes::of(info.to_string().leak()),
    }
}

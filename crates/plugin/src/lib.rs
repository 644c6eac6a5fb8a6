#![doc = include_str!("../README.md")]
#![deny(unsafe_op_in_unsafe_fn)]

#[cfg(feature = "host")]
mod host;

#[cfg(feature = "host")]
pub use host::{LoadError, Plugin, PluginSpec, load};

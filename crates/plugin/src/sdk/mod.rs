//! The half that an author's library has in it: what `export!` expands to.
//!
//! A stage is written as a built-in one is, against `Component` and `Stage`; this turns the boundary's calls into
//! calls of those, the host's columns into a `Document`, and what the stage has added back into calls of the host.
#![allow(unsafe_code, reason = "called by foreign code, and calls it")]

mod borrowed;
mod entry;
mod export;
mod panics;
mod remote;
mod sent;

pub use entry::kind;
pub use export::{About, Table};

//! Refusals on purpose, for the conformance kit: what does a plugin do when the host says no?

use std::cell::Cell;

thread_local! {
    /// How many writing calls of this thread are still answered as they deserve; `None` refuses nothing.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Does something during which the `nth` writing call of this thread, from 0, is refused; with it, whether it came to that.
pub(crate) fn refusing<T>(nth: usize, act: impl FnOnce() -> T) -> (T, bool) {
    LEFT.set(Some(nth));
    let done = act();
    (done, LEFT.take().is_none())
}

/// Whether the call that goes on is the one to be refused.
pub(super) fn is_now() -> bool {
    match LEFT.get() {
        None => false,
        Some(0) => {
            LEFT.set(None);
            true
        }
        Some(left) => {
            LEFT.set(Some(left - 1));
            false
        }
    }
}

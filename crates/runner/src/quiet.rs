//! Panics of stages are kept, not printed: their message goes into the account of the document.

use std::cell::{Cell, RefCell};
use std::panic;
use std::sync::Once;

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
    static LAST_PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work`, in which no panic of this thread is printed. Gives also where the last one was, as `file:line`.
///
/// `work` catches panics itself. Panics of other threads, and of this one elsewhere, go to the hook that was there.
pub(crate) fn quietly<R>(work: impl FnOnce() -> R) -> (R, Option<String>) {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if IS_QUIET.get() {
                let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
                LAST_PLACE.set(place);
            } else {
                before(panic);
            }
        }));
    });
    IS_QUIET.set(true);
    let result = work();
    IS_QUIET.set(false);
    (result, LAST_PLACE.take())
}

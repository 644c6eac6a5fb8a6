//! Panics of code that is not trusted to be right, a stage or a library over a damaged file, are kept and not printed: what they say goes
//! into the account of the document.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic;
use std::sync::Once;

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
    static LAST_PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work`, in which no panic of this thread is printed. Gives also where the last one was, as `file:line`.
///
/// `work` catches panics itself. Panics of other threads, and of this one elsewhere, go to the hook that was there; a hook that is set
/// later prints.
pub fn quietly<R>(work: impl FnOnce() -> R) -> (R, Option<String>) {
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
    let was_quiet = IS_QUIET.replace(true);
    let result = work();
    IS_QUIET.set(was_quiet);
    (result, LAST_PLACE.take())
}

/// What a panic says, as [`catch_unwind`](panic::catch_unwind) gives it; `None` where it is no text.
pub fn panic_message(panic: &(dyn Any + Send)) -> Option<&str> {
    let message = panic.downcast_ref::<&str>().copied();
    message.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
}

//! Panics of a stage, turned into a message with the place they came from.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread runs the author's code for a host.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    /// Where it panicked last.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the place of a panic for the message, instead of printing to a terminal that is the host's.
///
/// Panics outside of calls by a host go to the hook that was there. A library has a hook of its own, apart from the
/// host's, because it has its own copy of the standard library.
pub(super) fn keep_places() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic: &PanicHookInfo<'_>| {
            if INSIDE.get() {
                PLACE.set(panic.location().map(ToString::to_string));
            } else {
                before(panic);
            }
        }));
    });
}

/// Runs the author's code; a panic comes back as its message and place.
pub(super) fn caught<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    let outside = INSIDE.replace(true);
    let done = catch_unwind(AssertUnwindSafe(act));
    INSIDE.set(outside);
    done.map_err(|panic| {
        let message = message(panic.as_ref()).to_owned();
        // Dropping the payload is the author's code too.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(panic))).map_err(std::mem::forget);
        match PLACE.take() {
            Some(place) => format!("{message}, at {place}"),
            None => message,
        }
    })
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let message = panic.downcast_ref::<&str>().copied();
    message.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

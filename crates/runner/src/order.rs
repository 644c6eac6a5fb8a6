//! The order of results: a window that many workers fill in any order and one reader empties in the order of the
//! places, with a bound on what it holds.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// Places in order, each filled by whoever took it. At most `max_items` at once, and no more than `max_weight`
/// together unless there is only one; [`reserve`](Self::reserve) waits until there is room.
#[derive(Debug)]
pub(crate) struct Window<T> {
    max_items: usize,
    max_weight: usize,
    state: Mutex<State<T>>,
    room: Condvar,
    filled: Condvar,
}

#[derive(Debug)]
struct State<T> {
    /// The places that are taken, the first one first.
    places: VecDeque<Place<T>>,
    /// Sequence number of the first one.
    first: u64,
    weight: usize,
    closed: bool,
    cancelled: bool,
}

#[derive(Debug)]
struct Place<T> {
    weight: usize,
    value: Option<Result<T, Lost>>,
}

/// A place was given up without a value: whoever took it panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lost;

/// A place in the order, to be filled once.
#[derive(Debug)]
pub(crate) struct Slot<'w, T> {
    window: &'w Window<T>,
    sequence: u64,
    is_filled: bool,
}

impl<T> Window<T> {
    pub(crate) fn new(max_items: usize, max_weight: usize) -> Self {
        let state = State { places: VecDeque::new(), first: 0, weight: 0, closed: false, cancelled: false };
        Self {
            max_items: max_items.max(1),
            max_weight,
            state: Mutex::new(state),
            room: Condvar::new(),
            filled: Condvar::new(),
        }
    }

    /// Takes the next place in the order, once there is room; `None` if the window was cancelled.
    pub(crate) fn reserve(&self, weight: usize) -> Option<Slot<'_, T>> {
        let full = |state: &mut State<T>| {
            let fits = state.places.len() < self.max_items
                && (state.places.is_empty() || state.weight + weight <= self.max_weight);
            !fits && !state.cancelled
        };
        let mut state = self.room.wait_while(self.lock(), full).expect("nobody panics holding the lock");
        if state.cancelled {
            return None;
        }
        let sequence = state.first + state.places.len() as u64;
        state.weight += weight;
        state.places.push_back(Place { weight, value: None });
        Some(Slot { window: self, sequence, is_filled: false })
    }

    /// No more places will be taken: [`next`](Self::next) ends after those that are.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    /// Nobody will empty the window any more: nobody needs to fill it.
    pub(crate) fn cancel(&self) {
        self.lock().cancelled = true;
        self.room.notify_all();
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.lock().cancelled
    }

    /// Whether [`next`](Self::next) would not wait.
    pub(crate) fn is_ready(&self) -> bool {
        !Self::is_waiting(&self.lock())
    }

    /// Waits until [`next`](Self::next) would not, but no longer than `time`; whether it would not.
    pub(crate) fn wait(&self, time: Duration) -> bool {
        let waiting = |state: &mut State<T>| Self::is_waiting(state);
        let waited = self.filled.wait_timeout_while(self.lock(), time, waiting);
        !waited.expect("nobody panics holding the lock").1.timed_out()
    }

    /// Whether no place is taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().places.is_empty()
    }

    /// The value of the first place, once it is filled; `None` after the last one.
    pub(crate) fn next(&self) -> Option<Result<T, Lost>> {
        let waiting = |state: &mut State<T>| Self::is_waiting(state);
        let mut state = self.filled.wait_while(self.lock(), waiting).expect("nobody panics holding the lock");
        let place = state.places.pop_front()?;
        state.first += 1;
        state.weight -= place.weight;
        drop(state);
        self.room.notify_one();
        Some(place.value.expect("the first place is filled"))
    }

    fn is_waiting(state: &State<T>) -> bool {
        match state.places.front() {
            Some(place) => place.value.is_none(),
            None => !state.closed,
        }
    }

    fn fill(&self, sequence: u64, value: Result<T, Lost>) {
        let mut state = self.lock();
        let at = usize::try_from(sequence - state.first).expect("the window is small");
        state.places[at].value = Some(value);
        drop(state);
        if at == 0 {
            self.filled.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().expect("nobody panics holding the lock")
    }
}

impl<T> Slot<'_, T> {
    /// Fills the place.
    pub(crate) fn fill(mut self, value: T) {
        self.is_filled = true;
        self.window.fill(self.sequence, Ok(value));
    }
}

impl<T> Drop for Slot<'_, T> {
    fn drop(&mut self) {
        if !self.is_filled {
            self.window.fill(self.sequence, Err(Lost));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::{Lost, Window};

    #[test]
    fn values_come_in_the_order_of_the_places() {
        let window = Window::new(3, 100);
        let [first, second, third] = [0, 1, 2].map(|_| window.reserve(1).unwrap());
        window.close();
        third.fill('c');
        second.fill('b');
        assert!(!window.is_ready());
        first.fill('a');
        assert!(window.is_ready());
        assert_eq!(std::iter::from_fn(|| window.next()).collect::<Vec<_>>(), [Ok('a'), Ok('b'), Ok('c')]);
    }

    #[test]
    fn a_place_that_is_given_up_is_told_of() {
        let window = Window::<()>::new(3, 100);
        drop(window.reserve(1));
        assert_eq!(window.next(), Some(Err(Lost)));
    }

    /// Whether a place of this weight is to be had at once.
    fn has_room(window: &Window<u8>, weight: usize) -> bool {
        thread::scope(|scope| {
            let waiting = scope.spawn(move || drop(window.reserve(weight)));
            thread::sleep(Duration::from_millis(20));
            let is_done = waiting.is_finished();
            if !is_done {
                window.cancel();
            }
            is_done
        })
    }

    #[test]
    fn there_is_room_for_so_many_and_for_so_much() {
        let taken = |max_items, max_weight, weights: &[usize]| {
            let window = Window::new(max_items, max_weight);
            for &weight in weights {
                window.reserve(weight).unwrap().fill(0);
            }
            window
        };
        assert!(has_room(&taken(2, 10, &[1]), 9));
        assert!(!has_room(&taken(2, 10, &[1]), 10));
        assert!(!has_room(&taken(2, 10, &[1, 1]), 1));
        // One alone may be over the bound, or it would never pass.
        assert!(has_room(&taken(2, 10, &[]), 11));
        assert!(!has_room(&taken(2, 10, &[11]), 0));
    }

    #[test]
    fn what_is_taken_out_makes_room() {
        let window = Window::new(1, 100);
        window.reserve(1).unwrap().fill(7);
        thread::scope(|scope| {
            let second = scope.spawn(|| window.reserve(1).map(|slot| slot.fill(8)));
            assert_eq!(window.next(), Some(Ok(7)));
            assert_eq!(second.join().unwrap(), Some(()));
        });
        assert_eq!(window.next(), Some(Ok(8)));
    }

    #[test]
    fn nobody_waits_for_a_window_that_is_cancelled_or_closed() {
        let window = Window::<u8>::new(1, 100);
        let _slot = window.reserve(1);
        window.cancel();
        assert!(window.reserve(1).is_none());
        let window = Window::<u8>::new(1, 100);
        window.close();
        assert_eq!(window.next(), None);
    }
}

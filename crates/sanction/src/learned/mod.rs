//! The learned part: which words are triggers of what, and who plays which part; rules are among its evidence.

mod model;
mod rows;
mod sight;

mod text;

mod alike;
mod way;
mod word;

mod nature;

mod candidate;
mod role;

mod decide;
mod example;

pub use example::Example;
pub use model::{KIND, Model, Task};
pub use rows::ROWS;

pub(crate) use decide::{Found, events};
pub(crate) use example::{examples, text_example};
pub(crate) use sight::Sight;

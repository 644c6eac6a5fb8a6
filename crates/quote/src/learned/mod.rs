//! The learned part: which words are cues, and what around them is said by whom. What the rules make of it is among
//! its evidence.

mod rows;
mod sight;

mod word;

mod labeling;
mod part;
mod window;

mod whole;

mod attribute;
mod example;
mod model;

pub use example::{Examples, PartsExample, YesNoExample};
pub use labeling::{Likely, Scores};
pub use model::{KIND, Model, Task};
pub use part::{N_PARTS, Part};

pub(crate) use attribute::{Found, attribute};
pub(crate) use example::{examples, whole_examples};
pub(crate) use sight::Sight;

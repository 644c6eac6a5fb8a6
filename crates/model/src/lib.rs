#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

mod activation;
mod adam;
mod buffer;
pub mod cluster;
mod encoder;
mod format;
mod group;
mod hash;
mod integer;
mod matmul;
mod memo;
mod quantize;
mod random;
mod recurrent;
mod table;
mod wide;

pub use activation::{sigmoid, sigmoid_slope, tanh, tanh_slope};
pub use adam::{Adam, Moments};
pub use buffer::sized;
pub use encoder::{Encoder, EncoderBuffers, EncoderSizes, Feature};
pub use format::{FORMAT_VERSION, Kind, OpenError, Section, Weights, Writer};
pub use hash::{checksum, feature_hash};
pub use integer::{DEEPEST, IntPanels, IntRows};
pub use matmul::{Panels, dot};
pub use quantize::{add_row, quantize_row};
pub use random::Random;
pub use recurrent::{recur, recur_back};
pub use table::Table;

//! What networks learn with: parameters, the encoder and its way back, losses.
#![expect(clippy::cast_precision_loss, reason = "sizes and steps are far below 2^24")]

mod encoder;
mod matrix;
mod param;

pub(crate) use encoder::{Batch, Encoder, Learning};
pub(crate) use matrix::{back, cross_entropy, mask, relu, relu_back, times};
pub(crate) use param::{Dense, Param, Schedule, add, add_scaled};

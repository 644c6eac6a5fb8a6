//! Systems on which there are no worker processes.

use std::convert::Infallible;
use std::marker::PhantomData;

use demarche_core::Document;

use super::WorkerError;
use crate::steps::{Event, Stopped};
use crate::{LoadedPipeline, RunOptions};

/// The worker processes of a run: here, none can be had.
#[derive(Debug)]
pub(crate) struct Workers<'p>(Infallible, PhantomData<&'p ()>);

impl<'p> Workers<'p> {
    pub(crate) fn new(_: &'p LoadedPipeline, _: &RunOptions) -> Result<Self, WorkerError> {
        Err(WorkerError::Unsupported)
    }

    pub(crate) fn process(
        &self,
        _: &Document<'_>,
        _: &mut dyn FnMut(Event),
    ) -> Result<Result<Document<'static>, Stopped>, WorkerError> {
        match self.0 {}
    }
}

#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod diagnostic;
mod fingerprint;
pub mod isolate;
mod journal;
mod load;
mod nearest;
mod options;
mod order;
mod report;
mod run;
mod schema;
mod settings;
mod sink;
mod steps;
mod stop;
mod toml;
mod trace;
mod work;

pub use diagnostic::{Diagnostic, LoadErrors};
pub use isolate::{InHand, Isolation, WorkerError, WorkerProgram};
pub use journal::{Beginning, Begun, Checkpoint, Identity, Journal, JournalError, Journaled};
pub use load::{
    LoadOptions, LoadedPipeline, LoadedPlugin, load_pipeline, load_pipeline_with, parse_options,
    parse_pipeline,
};
pub use options::RunOptions;
pub use report::{Report, SlowDocument, StageTime};
pub use run::{RunError, annotate, run};
pub use settings::{
    AsciiChar, Duplicates, InputFormat, InputSettings, NotAscii, OffsetUnit, OutputSettings, RunSettings,
    SettingError, Settings,
};
pub use sink::{Files, Render, Sink, json_lines};
pub use stop::Stop;
pub use trace::Trace;

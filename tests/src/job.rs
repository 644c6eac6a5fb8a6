//! A run with a journal, through the library, on any storage.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use demarche::corpus::{
    Corpus, FailedDocuments, Lock, Mark, Opening, OutputError, Parting, ReadOptions, Results, ResumeError,
    Storage, Target,
};
use demarche::runner::{
    Beginning, Begun, Files, Identity, Journal, JournalError, Journaled, LoadedPipeline, Report, RunError,
    RunOptions, Stop, json_lines, parse_pipeline,
};
use demarche::{Document, Offsets, Registry, Stage, StageError, StageKind};
use demarche_export::{ColumnarForm, DocumentTable};

/// What is to be done, again and again until it is done.
pub struct Job {
    loaded: LoadedPipeline,
    corpus: Arc<Corpus>,
    identity: Identity,
    output: PathBuf,
    parting: Option<Parting>,
    /// Time between two checkpoints; none unless it is set.
    pub every: Duration,
    /// Number of threads.
    pub threads: usize,
    /// Documents in memory at once, for each thread.
    pub documents_per_thread: usize,
}

/// Bytes of a member of compressed output: a few records.
const MEMBER_BYTES: u64 = 400;

impl Job {
    /// Words of the texts of a file; a text with `fail`, `panic` or `late` in it fails.
    pub fn new(input: &Path, output: &Path) -> Self {
        let mut registry = demarche::registry();
        registry.add(StageKind::new("mischief", |_| Ok(Box::new(Mischief)))).expect("the name is free");
        Self::with(registry, "[[stage]]\nuse = \"tokenize\"\n[[stage]]\nuse = \"mischief\"\n", input, output)
    }

    /// The same without the words, over a file or a folder: a run costs next to nothing, but where a text has `sleep` in it.
    pub fn quick(input: &Path, output: &Path) -> Self {
        let mut registry = Registry::default();
        registry.add(StageKind::new("mischief", |_| Ok(Box::new(Mischief)))).expect("the name is free");
        Self::with(registry, "[[stage]]\nuse = \"mischief\"\n", input, output)
    }

    fn with(registry: Registry, pipeline: &str, input: &Path, output: &Path) -> Self {
        let loaded =
            parse_pipeline(pipeline, "test.toml", Path::new(""), registry, 1).expect("it is a pipeline");
        let corpus = Arc::new(Corpus::find([input], None).expect("the input is there"));
        let identity = Identity::of(&loaded, &corpus, BTreeMap::new()).expect("the input is there");
        let identity = identity.expect("the input is a file");
        Self {
            loaded,
            corpus,
            identity,
            output: output.to_owned(),
            parting: None,
            every: Duration::ZERO,
            threads: 1,
            documents_per_thread: 16,
        }
    }

    /// The same in parts of so many bytes; as Parquet, if their names end so.
    pub fn in_parts(self, bytes: u64, ending: &str) -> Self {
        Self { parting: Some(Parting { bytes, ending: ending.to_owned() }), ..self }
    }

    /// What the run is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The failed-documents file.
    pub fn failed(&self) -> PathBuf {
        self.output.with_extension("failed")
    }

    /// Runs or goes on, and tells after each record how many are done.
    ///
    /// # Errors
    /// What the run says.
    pub fn go_on(
        &self,
        storage: Arc<dyn Storage>,
        observe: &mut dyn FnMut(u64, &Stop),
    ) -> Result<Report, Broken> {
        let run = Journaled {
            storage: Arc::clone(&storage),
            output: self.output.clone(),
            failed: Some(self.failed()),
            corpus: Arc::clone(&self.corpus),
            identity: self.identity.clone(),
            every: self.every,
        };
        let (journal, after) = match Journal::begin(run, Beginning::Resume)? {
            Begun::Complete(report) => return Ok(*report),
            Begun::Open(journal, after) => (journal, after),
        };
        let mut opening = Opening::from(&Target::File(self.output.clone()));
        opening.storage = Arc::clone(&storage);
        opening.member_bytes = MEMBER_BYTES;
        opening.lock = Some(Lock::none());
        let results =
            self.results(opening, after.as_ref().map(|after| after.output)).map_err(RunError::from)?;
        let mut failed = FailedDocuments::kept_in(storage, Target::File(self.failed()));
        failed.resume(after.as_ref().map_or(0, |after| after.failed)).map_err(RunError::from)?;
        let options = ReadOptions::default();
        let records = match &after {
            Some(after) => self.corpus.read_after(options, &after.position).map_err(Broken::Input)?,
            None => self.corpus.read(options),
        };
        let mut files = Files::with(results, json_lines(Offsets::Char), failed, Some(*journal));
        let mut options = RunOptions::from(&self.loaded.settings.run);
        (options.threads, options.documents_per_thread) = (self.threads, self.documents_per_thread);
        options.before = after.map(|after| after.accounts).unwrap_or_default();
        let stop = options.stop.clone();
        let mut tell = |report: &Report| observe(report.n_out + report.n_failed, &stop);
        let report = demarche::runner::run(&self.loaded, records, &mut files, &options, &mut tell)?;
        files.finish(&report).map_err(RunError::from)?;
        Ok(report)
    }

    fn results(&self, mut opening: Opening, kept: Option<Mark>) -> Result<Results, OutputError> {
        let Some(parting) = &self.parting else {
            opening.kept = kept.map(|kept| kept.bytes);
            return Results::open(opening);
        };
        let results = Results::parted(opening, parting.clone(), kept)?;
        if parting.ending != ".parquet" {
            return Ok(results);
        }
        let table = DocumentTable::new(ColumnarForm::Parquet).expect("the library takes the schema");
        Ok(results.as_rows(Box::new(table)))
    }
}

/// Why a run came to no end.
#[derive(Debug)]
pub enum Broken {
    /// It could not begin.
    Journal(JournalError),
    /// The input is not what the journal says.
    Input(ResumeError),
    /// It ended early.
    Run(RunError),
}

impl From<JournalError> for Broken {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<RunError> for Broken {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Journal(error) => error.fmt(f),
            Self::Input(error) => error.fmt(f),
            Self::Run(error) => error.fmt(f),
        }
    }
}

/// Does what the text says.
struct Mischief;

impl Stage for Mischief {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let says = |word| doc.text().contains(word);
        assert!(!says("panic"), "told to panic");
        if says("fail") {
            return Err(StageError::Failed { message: "told to fail".to_owned() });
        }
        if says("late") {
            return Err(StageError::Cancelled);
        }
        if says("sleep") {
            std::thread::sleep(Duration::from_micros(at_random(1_000)));
        }
        Ok(())
    }
}

/// A number below `n` that is another one each time and in each process, as the keys of the standard library's hashes are.
fn at_random(n: u64) -> u64 {
    RandomState::new().build_hasher().finish() % n
}

/// `n` short records as JSON Lines; now and then one that fails, panics or is no record at all.
pub fn records(n: usize) -> String {
    let line = |i: usize| match i % 23 {
        7 => format!("{{\"id\": {i}, \"text\": \"told to fail {i}\"}}\n"),
        13 => format!("{{\"text\": \"panic {i}\"}}\n"),
        19 => format!("not a record {i}\n"),
        _ => {
            let text = "The council met. Nobody spoke for long. ".repeat(1 + i % 3);
            format!("{{\"id\": {i}, \"text\": \"{text}Meeting {i} was over at noon.\"}}\n")
        }
    };
    (0..n).map(line).collect()
}

//! A part of the corpus: `--where`, `--sample`, `--limit`.

use std::collections::BTreeMap;

use anyhow::bail;
use demarche::corpus::{Comparison, Corpus, ReadOptions, Record, RecordError, Sample, place};

use crate::args::RunArgs;

/// Which records are processed.
pub(crate) struct Selection<'a> {
    comparisons: &'a [Comparison],
    sample: Option<Sample>,
    limit: Option<u64>,
}

impl<'a> Selection<'a> {
    /// What the command line asks for. A sample takes a pass over the corpus.
    pub(crate) fn of(args: &'a RunArgs, corpus: &Corpus, options: &ReadOptions) -> anyhow::Result<Self> {
        let mut selection = Self { comparisons: &args.comparisons, sample: None, limit: args.limit };
        if let Some(n) = args.sample {
            if corpus.size().is_none() {
                bail!(
                    "a sample reads the input twice, which standard input cannot be: write it to a file first"
                );
            }
            let passing = corpus.read(options.clone()).filter(|record| selection.passes(record));
            let places = passing.map(|record| place(&record).clone());
            selection.sample = Some(Sample::of(n as usize, args.seed, places));
        }
        Ok(selection)
    }

    /// The records that pass and are in the sample.
    pub(crate) fn choose<I>(&self, records: I) -> impl Iterator<Item = I::Item> + use<'_, I>
    where
        I: Iterator<Item = Result<Record, RecordError>>,
    {
        records.filter(|record| self.passes(record) && self.is_in_sample(record))
    }

    /// How many of them are processed when so many have been.
    pub(crate) fn left(&self, before: u64) -> usize {
        let left = self.limit.map_or(u64::MAX, |limit| limit.saturating_sub(before));
        usize::try_from(left).unwrap_or(usize::MAX)
    }

    /// Of a record that cannot be read, the metadata are not known: it is told of.
    fn passes(&self, record: &Result<Record, RecordError>) -> bool {
        let Ok(record) = record else { return true };
        self.comparisons.iter().all(|comparison| comparison.holds(&record.document))
    }

    fn is_in_sample(&self, record: &Result<Record, RecordError>) -> bool {
        let Some(sample) = &self.sample else { return true };
        sample.contains(place(record))
    }
}

/// What of the command line decides which records are processed and how they are read, for the journal.
pub(crate) fn options(args: &RunArgs) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            options.insert(name.to_owned(), value);
        }
    };
    add("--input", (!args.input.is_empty()).then(|| format!("{:?}", args.input)));
    add("--where", (!args.comparisons.is_empty()).then(|| format!("{:?}", args.comparisons)));
    add("--sample", args.sample.map(|n| n.to_string()));
    add("--seed", args.sample.map(|_| args.seed.to_string()));
    add("--limit", args.limit.map(|n| n.to_string()));
    options
}

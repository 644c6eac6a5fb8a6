//! Clusters of words, from a file made by `scripts/word-clusters.py`.

use std::path::Path;

use anyhow::{Context, ensure};
use demarche_model::cluster::{Clusters, Ids, N_LEVELS};
use demarche_model::{Kind, Weights, Writer};

/// Reads lines of a word and its clusters, coarse to fine.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<(String, Ids)>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let line = |(at, line): (usize, &str)| {
        let place = || format!("{}:{}", path.display(), at + 1);
        let fields: Vec<&str> = line.split('\t').collect();
        ensure!(
            fields.len() == N_LEVELS + 1,
            "{}: a line has a word and {N_LEVELS} numbers, this one has {} columns",
            place(),
            fields.len()
        );
        let mut ids = [0; N_LEVELS];
        for (id, field) in ids.iter_mut().zip(&fields[1..]) {
            *id =
                field.parse().with_context(|| format!("{}: `{field}` is no number of a cluster", place()))?;
        }
        Ok((fields[0].to_owned(), ids))
    };
    text.lines().enumerate().map(line).collect()
}

/// The clusters as a model of this kind will have them.
pub(crate) fn built(words: &[(String, Ids)], kind: Kind) -> anyhow::Result<Clusters> {
    let mut writer = Writer::new(kind);
    Clusters::write(&mut writer, words);
    Ok(Clusters::open(&Weights::from_file(writer.finish(), kind)?)?)
}

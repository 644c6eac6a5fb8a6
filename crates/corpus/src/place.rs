use std::fmt;
use std::path::Path;
use std::sync::Arc;

use demarche_core::printable;
use serde::{Serialize, Serializer};

/// Where a record stands in the input: its identity, whatever its `id` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as it was named or found; `-` for the standard input.
    #[serde(serialize_with = "path_as_text")]
    pub path: Arc<Path>,
    /// The file within it, where it is an archive.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "name_as_text")]
    pub member: Option<Arc<str>>,
    /// Number of the record in its file, from 1 and growing: the line of a JSON Lines file, 1 for a text file. In an
    /// archive the numbers go on from one file to the next.
    pub record: u64,
    /// Its first byte, in the decompressed file, or in that of an archive. UTF-16, and news in XML of any encoding,
    /// are counted as the UTF-8 that they become. The end of a Parquet or Arrow file, whose rows are in pieces all over it.
    pub offset: u64,
    /// Its length in bytes, in the decompressed file, without the line break.
    pub length: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", printable(&self.path.to_string_lossy()), self.record)?;
        match &self.member {
            Some(member) => write!(f, " ({})", printable(member)),
            None => Ok(()),
        }
    }
}

fn path_as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

#[expect(clippy::ref_option, reason = "serde asks for this")]
fn name_as_text<S: Serializer>(name: &Option<Arc<str>>, serializer: S) -> Result<S::Ok, S::Error> {
    name.as_deref().serialize(serializer)
}

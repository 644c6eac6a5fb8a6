use std::fmt;
use std::path::Path;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::encode::printable;

/// Where a record stands in the input: its identity, whatever its `id` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as it was named or found; `-` for the standard input.
    #[serde(serialize_with = "path_as_text")]
    pub path: Arc<Path>,
    /// Number of the record in its file, from 1: the line of a JSON Lines file, 1 for a text file.
    pub record: u64,
    /// Its first byte, in the decompressed file.
    pub offset: u64,
    /// Its length in bytes, in the decompressed file, without the line break.
    pub length: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", printable(&self.path.to_string_lossy()), self.record)
    }
}

fn path_as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

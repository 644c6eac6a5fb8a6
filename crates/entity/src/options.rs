use demarche_core::FilePath;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of the stage `entity`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct EntityOptions {
    /// Lists of names of your own, which win over the built-in ones: a line a name, with label and code after it, parted by
    /// tabs (`Acme Shipping<TAB>ORG<TAB>ACME`); several spellings are parted by `|`, a code is optional, years in office
    /// (`2010-2016`) may stand in a fourth column. Lines that start with `#` are passed over. A label may be a new one.
    /// Where two lines give the same spelling, the first counts, and the earlier list before the later.
    /// Default: none.
    pub gazetteers: Vec<FilePath>,
    /// Labels to keep, as `["PERSON", "ORG", "GPE"]`; what has another label is left out. Default: empty, which keeps all.
    pub labels: Vec<String>,
    /// The day that "Friday" and "last month" are counted from, as `2024-06-21`, for documents without a `date` of their
    /// own in `meta`. Default: none; relative dates then have no value.
    pub date: Option<String>,
    /// What finds the names: `"learned"`, learned weights that know what the rules say and decide with them, or `"rules"`, the
    /// rules alone, which take less time. Dates and numbers are found by rules in both, and so are all names of documents
    /// without word classes. Default: `"learned"`.
    pub recognizer: Recognition,
    /// A model of your own for the recognizer, made by `demarche-train entities`. Default: none; the one that is part of
    /// the program is used.
    pub model: Option<FilePath>,
    /// Names that the recognizer is less sure of are left out: a chance from 0 to 1. Names by a list of your own, dates and
    /// numbers stay. Default: 0, which keeps all.
    pub confidence: f32,
    /// Adds the open layer `entity-evidence`: for each entity, in the same order, what it is `by` (`list`, `rule`,
    /// `recognizer`), where the recognizer was asked its `confidence`, a chance from 0 to 1, and where its `code` is from: `list`,
    /// `office` (a list has who was in office at the document's date), `seat` (a seat of government that acts), `organ` (of
    /// the state in its name, beside it, or in whose affairs the text stands), `description` (a title or apposition),
    /// `full-name` (elsewhere in the document), `topic` ("the North"), `calendar`. Default: false.
    pub explain: bool,
}

/// What finds the names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Recognition {
    /// Learned weights that know what the rules say and decide with them.
    #[default]
    Learned,
    /// The rules alone.
    Rules,
}

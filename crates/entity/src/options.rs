use demarche_core::FilePath;
use schemars::JsonSchema;
use serde::Deserialize;

/// Options of the stage `entity`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EntityOptions {
    /// Lists of names of your own, which win over the built-in ones: a line a name, with label and code after it, parted by
    /// tabs (`Acme Shipping<TAB>ORG<TAB>ACME`); several spellings are parted by `|`, a code is optional, years in office
    /// (`2010-2016`) may stand in a fourth column. Lines that start with `#` are passed over. A label may be a new one.
    /// Default: none.
    pub gazetteers: Vec<FilePath>,
    /// Labels to keep, as `["PERSON", "ORG", "GPE"]`; what has another label is left out. Default: empty, which keeps all.
    pub labels: Vec<String>,
    /// The day that "Friday" and "last month" are counted from, as `2024-06-21`, for documents without a `date` of their
    /// own in `meta`. Default: none; relative dates then have no value.
    pub date: Option<String>,
}

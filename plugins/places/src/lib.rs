#![doc = include_str!("../README.md")]

mod table;

use demarche_plugin::serde_json::json;
use demarche_plugin::{BuildError, Component, Document, FilePath, Layer, Stage, StageError};
use schemars::JsonSchema;
use serde::Deserialize;

use table::{LineError, Place, Table};

/// The layer that this plugin writes.
const LAYER: &str = "places";
/// Labels of entities that can be places.
const LABELS: [&str; 3] = ["GPE", "LOC", "FAC"];
/// The table that is used if the options name none.
const TABLE: &str = include_str!("../data/places.tsv");

/// Gives the places that a text names their coordinates.
pub struct Places {
    table: Table,
}

/// What a pipeline file can say of [`Places`].
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlacesOptions {
    /// Your own table instead of the small one that comes with this plugin: TSV with name, latitude, longitude, code of the
    /// state and other names (with `|` between them); the last two may be left out.
    pub table: Option<FilePath>,
}

impl Component for Places {
    const NAME: &'static str = "places";
    const SUMMARY: &'static str = "Gives the places that are named their coordinates";
    const READS: &'static [Layer] = &[Layer::Entities];
    const WRITES: &'static [Layer] = &[Layer::open(LAYER)];
    type Options = PlacesOptions;

    fn build(options: PlacesOptions) -> Result<Self, BuildError> {
        let table = match &options.table {
            Some(file) => Table::parse(&file.read()?).map_err(|LineError { line, message }| {
                BuildError::File { path: file.as_path().to_owned(), line, message }
            })?,
            None => Table::parse(TABLE).expect("the tests read it"),
        };
        Ok(Self { table })
    }
}

impl Stage for Places {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let mut found = Vec::new();
        for entity in doc.entities().filter(|entity| LABELS.contains(&entity.label)) {
            // What stands in the text, then the fullest name that the document gives it.
            let place = self.table.find(doc.slice(entity.span));
            let place = place.or_else(|| entity.name.and_then(|name| self.table.find(name)));
            found.extend(place.map(|place| (entity.span, place)));
        }
        for (span, Place { name, latitude, longitude, state }) in found {
            let mut value = json!({"name": name, "latitude": latitude, "longitude": longitude});
            if !state.is_empty() {
                value["state"] = state.as_str().into();
            }
            doc.annotate(LAYER, span, &value);
        }
        Ok(())
    }
}

demarche_plugin::export!(Places);

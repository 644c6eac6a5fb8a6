use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Layer, Stage};

/// A stage that a pipeline file can name: what its author states about it, in one place.
///
/// `demarche stages`, the checks of a pipeline file and the error hints are all made from this.
pub trait Component: Stage + Sized + 'static {
    /// Its name in pipeline files: `[a-z][a-z0-9_-]*`.
    const NAME: &'static str;
    /// One line that says what it adds.
    const SUMMARY: &'static str;
    /// Layers that must be there before it runs.
    const READS: &'static [Layer];
    /// Layers that are there after it has run.
    const WRITES: &'static [Layer];
    /// Its options: each field with a doc comment and a default.
    type Options: DeserializeOwned + JsonSchema;

    /// Builds the stage, once a run.
    ///
    /// # Errors
    /// An option or a file it names that is no good.
    fn build(options: Self::Options) -> Result<Self, BuildError>;
}

/// Why a stage could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// An option has a value that the stage cannot take.
    #[error("{message}")]
    Option {
        /// The option, where one can be named.
        key: Option<String>,
        /// What is wrong and what to write instead.
        message: String,
    },
    /// A file that an option names cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that an option names is not what it should be.
    #[error("{}:{line}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong and what to write instead.
        message: String,
    },
}

/// A path in a stage's options. In a pipeline file it is relative to that file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct FilePath(PathBuf);

impl FilePath {
    /// The path, resolved against the pipeline file.
    pub fn as_path(&self) -> &Path {
        &self.0
    }

    /// The file's text.
    ///
    /// # Errors
    /// If it cannot be read as UTF-8.
    pub fn read(&self) -> Result<String, BuildError> {
        std::fs::read_to_string(&self.0).map_err(|source| BuildError::Read { path: self.0.clone(), source })
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_bytes(&self) -> Result<Vec<u8>, BuildError> {
        std::fs::read(&self.0).map_err(|source| BuildError::Read { path: self.0.clone(), source })
    }
}

impl JsonSchema for FilePath {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FilePath".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "path" })
    }
}

type Factory = Box<dyn Fn(&Value) -> Result<Box<dyn Stage>, BuildError> + Send + Sync>;

/// A kind of stage, built-in or from a plugin: its name, its documentation and how to build it.
pub struct StageKind {
    /// Its name in pipeline files.
    pub name: String,
    /// One line that says what it adds.
    pub summary: String,
    /// Layers that must be there before it runs.
    pub reads: Vec<Layer>,
    /// Layers that are there after it has run.
    pub writes: Vec<Layer>,
    /// JSON Schema of its options.
    pub options: Value,
    /// The plugin it comes from, as `name version`; `None` for a built-in stage.
    pub plugin: Option<String>,
    factory: Factory,
}

impl StageKind {
    /// The kind of a component.
    pub fn of<C: Component>() -> Self {
        let factory = |options: &Value| -> Result<Box<dyn Stage>, BuildError> {
            let options = C::Options::deserialize(options)
                .map_err(|error| BuildError::Option { key: None, message: error.to_string() })?;
            Ok(Box::new(C::build(options)?))
        };
        Self {
            name: C::NAME.to_owned(),
            summary: C::SUMMARY.to_owned(),
            reads: C::READS.to_vec(),
            writes: C::WRITES.to_vec(),
            options: schemars::schema_for!(C::Options).to_value(),
            plugin: None,
            factory: Box::new(factory),
        }
    }

    /// A kind made by hand, as the plugin host does from a manifest.
    pub fn new(
        name: impl Into<String>,
        factory: impl Fn(&Value) -> Result<Box<dyn Stage>, BuildError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            summary: String::new(),
            reads: Vec::new(),
            writes: Vec::new(),
            options: Value::Object(serde_json::Map::new()),
            plugin: None,
            factory: Box::new(factory),
        }
    }

    /// Builds a stage of this kind.
    ///
    /// # Errors
    /// An option or a file it names that is no good.
    pub fn build(&self, options: &Value) -> Result<Box<dyn Stage>, BuildError> {
        (self.factory)(options)
    }
}

impl std::fmt::Debug for StageKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StageKind").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The kinds of stages that a pipeline file can name.
#[derive(Debug, Default)]
pub struct Registry {
    kinds: Vec<StageKind>,
}

/// Why a kind could not be added.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// There is a stage of this name already.
    #[error("there is a stage named `{name}` already")]
    Taken {
        /// The name.
        name: String,
    },
    /// The name is not `[a-z][a-z0-9_-]*`, a plugin's prefix and a dot apart.
    #[error("`{name}` cannot be a stage's name: write small letters, digits, `_` and `-`")]
    Name {
        /// The name.
        name: String,
    },
}

impl Registry {
    /// Adds a kind.
    ///
    /// # Errors
    /// If its name is taken or not well formed.
    pub fn add(&mut self, kind: StageKind) -> Result<(), RegistryError> {
        let name = &kind.name;
        let word = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
        };
        if !name.split('.').all(word) || name.split('.').count() > 2 {
            return Err(RegistryError::Name { name: name.clone() });
        }
        if self.get(name).is_some() {
            return Err(RegistryError::Taken { name: name.clone() });
        }
        self.kinds.push(kind);
        Ok(())
    }

    /// The kind of this name.
    pub fn get(&self, name: &str) -> Option<&StageKind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// All kinds, in the order in which they were added.
    pub fn kinds(&self) -> impl Iterator<Item = &StageKind> {
        self.kinds.iter()
    }

    /// The kinds that write a layer.
    pub fn providers(&self, layer: &Layer) -> impl Iterator<Item = &StageKind> {
        self.kinds.iter().filter(move |kind| kind.writes.contains(layer))
    }
}

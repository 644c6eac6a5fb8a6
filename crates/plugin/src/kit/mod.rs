//! The conformance kit: does a library do what the boundary asks of it?
//!
//! [`check`] loads a library and runs each of its stages over documents that it does not expect, again and again, from
//! several threads, with a host that refuses what it writes. `demarche plugin check` is this in a process of its own, which
//! also tells when a plugin writes to standard output, crashes or hangs.

mod process;
mod stage;
mod texts;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Plugin, PluginSpec, load};

/// What is to be checked.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The only stage to check; all of them where it is not said.
    pub stage: Option<String>,
    /// Options to build the stages with: a JSON object.
    pub options: Option<Value>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The plugin does what it should.
    Ok,
    /// It does not.
    Failed,
    /// It could not be looked at here.
    Skipped,
}

/// A check, done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The stage that was checked; `None` where it is the library.
    pub stage: Option<String>,
    /// What was checked.
    pub check: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What was seen, or what is wrong.
    pub detail: String,
    /// What to do about it, where something is wrong.
    pub advice: Option<String>,
}

/// What is told while the kit works.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "step")]
pub enum Step {
    /// A check begins: what follows, if nothing does, is its doing.
    Begins {
        /// The stage that is checked; `None` where it is the library.
        stage: Option<String>,
        /// What is checked.
        check: String,
    },
    /// The library is loaded.
    Loaded {
        /// Its name.
        name: String,
        /// Its version.
        version: String,
        /// SHA-256 of the file.
        sha256: String,
    },
    /// A check is done.
    Ends(Check),
}

/// What is wrong, and what to do about it.
#[derive(Debug)]
struct Fault {
    why: String,
    advice: &'static str,
}

/// What a check finds: what was seen, or what is wrong. `Ok(None)` where nothing could be seen.
type Found = Result<Option<String>, Fault>;

fn fault<T>(why: impl Into<String>, advice: &'static str) -> Result<T, Fault> {
    Err(Fault { why: why.into(), advice })
}

/// Who the steps are told to.
struct Report<'r> {
    tell: &'r mut dyn FnMut(Step),
}

impl Report<'_> {
    /// Does a check and tells of it; whether the plugin passed.
    fn check(&mut self, stage: Option<&str>, check: &str, act: impl FnOnce() -> Found) -> bool {
        let stage = stage.map(str::to_owned);
        (self.tell)(Step::Begins { stage: stage.clone(), check: check.to_owned() });
        let (outcome, detail, advice) = match act() {
            Ok(Some(detail)) => (Outcome::Ok, detail, None),
            Ok(None) => (Outcome::Skipped, "cannot be seen on this system".to_owned(), None),
            Err(Fault { why, advice }) => (Outcome::Failed, why, Some(advice.to_owned())),
        };
        (self.tell)(Step::Ends(Check { stage, check: check.to_owned(), outcome, detail, advice }));
        outcome != Outcome::Failed
    }
}

/// Checks a library, and tells each step as it is made.
///
/// The library's code runs in this process: it can crash or hang it.
pub fn check(spec: &PluginSpec, plan: &Plan, tell: &mut dyn FnMut(Step)) {
    let mut report = Report { tell };
    let mut loaded = None;
    report.check(None, "load", || {
        let plugin = load(spec, stage::THREADS).or_else(|error| {
            fault(error.to_string(), "the boundary's rules stand in `demarche_plugin.h`; `docs/plugins.md` begins at the beginning")
        })?;
        let seen = format!("version {}.{} of the boundary, stages: {}", plugin.abi.0, plugin.abi.1, names(&plugin));
        loaded = Some(plugin);
        Ok(Some(seen))
    });
    let Some(plugin) = loaded else { return };
    let (name, version, sha256) = (plugin.name.clone(), plugin.version.clone(), plugin.sha256.clone());
    (report.tell)(Step::Loaded { name, version, sha256 });
    if let Some(wanted) =
        plan.stage.as_ref().filter(|wanted| plugin.kinds.iter().all(|kind| kind.name != **wanted))
    {
        report.check(None, "stage", || {
            fault(format!("there is no stage `{wanted}`; there are: {}", names(&plugin)), "name one of them")
        });
    }
    let again = load(spec, stage::THREADS);
    report.check(None, "load again", || match &again {
        Ok(again) if names(again) == names(&plugin) => {
            Ok(Some("it is there twice, with the same stages".to_owned()))
        }
        Ok(again) => fault(
            format!("it has other stages the second time: {}", names(again)),
            "return the same table from `demarche_plugin_v1` every time",
        ),
        Err(error) => fault(error.to_string(), "let `demarche_plugin_v1` be called more than once"),
    });
    let options = plan.options.clone().unwrap_or_else(|| serde_json::json!({}));
    for (i, (kind, traits)) in plugin.kinds.iter().zip(&plugin.traits).enumerate() {
        if plan.stage.as_ref().is_some_and(|wanted| *wanted != kind.name) {
            continue;
        }
        let again = again.as_ref().ok().and_then(|plugin| plugin.kinds.get(i));
        stage::check(&stage::Subject { kind, traits, again, options: &options }, &mut report);
    }
}

fn names(plugin: &Plugin) -> String {
    plugin.kinds.iter().map(|kind| kind.name.as_str()).collect::<Vec<_>>().join(", ")
}

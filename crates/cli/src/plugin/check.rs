//! `demarche plugin check`: the conformance kit in a process of its own.
//!
//! A plugin can crash, hang and print, and the verdict should still come: the kit runs in a child process, which tells each
//! step on its standard error before it makes it. What else comes there is passed on.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anstyle::AnsiColor;
use anyhow::{Context, anyhow, bail};
use demarche::StageKind;
use demarche::plugin::kit::{self, Check, Outcome, Plan, Step};
use demarche::plugin::load;
use demarche::runner::parse_options;
use serde_json::{Value, json};

use super::args::PluginCheckArgs;
use super::spec;
use crate::view::{Paint, printable};
use crate::{Exit, output};

/// What stands before a step: the character that separates records, which no message begins with.
const RECORD: char = '\u{1e}';
/// Bytes of what a plugin prints that are kept.
const PRINTED: u64 = 200;

/// Checks a library and prints the verdict.
pub(crate) fn check(args: &PluginCheckArgs, paint: Paint) -> anyhow::Result<Exit> {
    if args.in_process {
        in_process(args)?;
        return Ok(Exit::Success);
    }
    let verdict = watch(args)?;
    let text = if args.json {
        serde_json::to_string_pretty(&verdict.to_json())? + "\n"
    } else {
        verdict.to_text(&args.library, paint)
    };
    output::print(&text)?;
    Ok(if verdict.n_failed() == 0 { Exit::Success } else { Exit::SomeFailed })
}

/// The child: makes the checks and tells the steps.
fn in_process(args: &PluginCheckArgs) -> anyhow::Result<()> {
    let plan = Plan { stage: args.stage.clone(), options: options(args)? };
    kit::check(&spec(&args.library), &plan, &mut |step| {
        let step = serde_json::to_string(&step).expect("a step is JSON");
        // Where nobody listens any more, nothing is left to tell.
        let _ = writeln!(io::stderr(), "\n{RECORD}{step}");
    });
    Ok(())
}

/// The options, checked as those of a pipeline file are.
fn options(args: &PluginCheckArgs) -> anyhow::Result<Option<Value>> {
    let Some(text) = &args.options else { return Ok(None) };
    if text.trim_start().starts_with('{') {
        return Ok(Some(serde_json::from_str(text).context("the options are neither TOML nor JSON")?));
    }
    // What is wrong with the library is for the kit to say.
    let Ok(plugin) = load(&spec(&args.library), 1) else { return Ok(None) };
    let is_meant = |kind: &&StageKind| args.stage.as_ref().is_none_or(|stage| *stage == kind.name);
    let kinds: Vec<_> = plugin.kinds.iter().filter(is_meant).collect();
    match kinds[..] {
        [kind] => Ok(Some(parse_options(text, kind, Path::new("")).map_err(|errors| anyhow!("{errors}"))?)),
        [] => Ok(None),
        _ => bail!("the library has {} stages: say with `--stage` whose options these are", kinds.len()),
    }
}

/// What was found.
#[derive(Default)]
struct Verdict {
    /// Name, version and SHA-256 of the library, if it could be loaded.
    plugin: Option<(String, String, String)>,
    checks: Vec<Check>,
}

/// Runs the child and listens, until it ends or says nothing for too long.
fn watch(args: &PluginCheckArgs) -> anyhow::Result<Verdict> {
    let mut child = spawn(args)?;
    let printed = child.stdout.take().map(first_bytes);
    let steps = child.stderr.take().map(steps).context("the child's standard error is piped")?;
    let mut verdict = Verdict::default();
    let mut begun = None;
    let limit = Duration::from_secs(args.seconds);
    let hangs = loop {
        match steps.recv_timeout(limit) {
            Ok(Step::Begins { stage, check }) => begun = Some((stage, check)),
            Ok(Step::Loaded { name, version, sha256 }) => verdict.plugin = Some((name, version, sha256)),
            Ok(Step::Ends(check)) => {
                begun = None;
                verdict.checks.push(check);
            }
            Err(RecvTimeoutError::Disconnected) => break false,
            Err(RecvTimeoutError::Timeout) => break true,
        }
    };
    if hangs {
        child.kill()?;
    }
    let status = child.wait()?;
    match begun {
        Some((stage, check)) => {
            verdict.checks.push(ended_early(stage, check, status, hangs.then_some(args.seconds)));
        }
        // It has told on standard error, which was passed on.
        None if !status.success() => bail!("nothing was checked"),
        None => {}
    }
    let printed = printed.and_then(|reader| reader.join().ok()).unwrap_or_default();
    verdict.checks.push(standard_output(&printed));
    Ok(verdict)
}

/// The same command again, to make the checks.
fn spawn(args: &PluginCheckArgs) -> anyhow::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["plugin", "check", "--in-process"]).arg(&args.library);
    if let Some(stage) = &args.stage {
        command.arg("--stage").arg(stage);
    }
    if let Some(options) = &args.options {
        command.arg("--options").arg(options);
    }
    let pipes = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    pipes.spawn().context("cannot start a process for the checks")
}

/// Reads the first bytes, and the rest for nothing, so that who prints does not wait.
fn first_bytes(mut stdout: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut kept = Vec::new();
        let _ = stdout.by_ref().take(PRINTED).read_to_end(&mut kept);
        let _ = io::copy(&mut stdout, &mut io::sink());
        kept
    })
}

/// The steps among the lines; the others are passed on.
fn steps(stderr: impl Read + Send + 'static) -> Receiver<Step> {
    let (sender, steps) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            let step = line.strip_prefix(RECORD).and_then(|step| serde_json::from_str(step).ok());
            match step {
                Some(step) => {
                    let _ = sender.send(step);
                }
                None if line.is_empty() => {}
                None => {
                    let _ = writeln!(io::stderr(), "{}", printable(&line));
                }
            }
        }
    });
    steps
}

/// A check during which the process ended, or had to be ended.
fn ended_early(stage: Option<String>, check: String, status: ExitStatus, waited: Option<u64>) -> Check {
    let (detail, advice) = match waited {
        Some(seconds) => (
            format!("it did not return within {seconds} s"),
            "find what it waits for, or does without end; a debugger shows it with `demarche plugin check --in-process`",
        ),
        None => (
            format!("the process ended: {status}"),
            "a crash: run `demarche plugin check --in-process` in a debugger or under valgrind",
        ),
    };
    Check { stage, check, outcome: Outcome::Failed, detail, advice: Some(advice.to_owned()) }
}

fn standard_output(printed: &[u8]) -> Check {
    let check = |outcome, detail, advice: Option<&str>| Check {
        stage: None,
        check: "standard output".to_owned(),
        outcome,
        detail,
        advice: advice.map(str::to_owned),
    };
    if printed.is_empty() {
        return check(Outcome::Ok, "nothing was printed".to_owned(), None);
    }
    let text = String::from_utf8_lossy(printed);
    let line = printable(text.trim().lines().next().unwrap_or_default());
    check(
        Outcome::Failed,
        format!("it prints: {line}"),
        Some("standard output is for results, and anything else spoils them: call `log`"),
    )
}

impl Verdict {
    fn n_failed(&self) -> usize {
        self.checks.iter().filter(|check| check.outcome == Outcome::Failed).count()
    }

    fn to_json(&self) -> Value {
        let plugin = self
            .plugin
            .as_ref()
            .map(|(name, version, sha256)| json!({"name": name, "version": version, "sha256": sha256}));
        json!({"ok": self.n_failed() == 0, "plugin": plugin, "checks": self.checks})
    }

    fn to_text(&self, library: &Path, paint: Paint) -> String {
        let mut out = match &self.plugin {
            Some((name, version, _)) => format!("{} {version}\n", paint.strong(&printable(name))),
            None => format!("{}\n", library.display()),
        };
        let name = |check: &Check| match &check.stage {
            Some(stage) => format!("{stage}: {}", check.check),
            None => check.check.clone(),
        };
        let width = self.checks.iter().map(|check| name(check).chars().count()).max().unwrap_or(0);
        for check in &self.checks {
            let (word, color) = match check.outcome {
                Outcome::Ok => ("ok  ", AnsiColor::Green),
                Outcome::Failed => ("FAIL", AnsiColor::Red),
                Outcome::Skipped => ("skip", AnsiColor::Yellow),
            };
            let word = paint.paint(color.on_default().bold(), word);
            out += &format!("{word}  {:width$}  {}\n", name(check), printable(&check.detail));
            if let Some(advice) = &check.advice {
                out += &format!("      {:width$}  → {}\n", "", printable(advice));
            }
        }
        let n = self.checks.len();
        match self.n_failed() {
            0 => out + &format!("all {n} checks passed\n"),
            failed => out + &format!("{failed} of {n} checks failed\n"),
        }
    }
}

//! The `demarche` command.
#![forbid(unsafe_code)]

mod args;
mod begin;
mod check;
mod destination;
mod evaluate;
mod events;
mod export;
mod near;
mod output;
mod plugin;
mod progress;
mod run;
mod select;
mod show;
mod signal;
mod stages;
mod stats;
mod view;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Color, Command};
use view::Paint;

/// How a command ends. The numbers are promised in `--help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// All well.
    Success = 0,
    /// Done, and some documents failed.
    SomeFailed = 1,
    /// Wrong usage or configuration; nothing was read.
    Usage = 2,
    /// Input or output broke.
    Broken = 3,
    /// A bug of this program.
    Bug = 70,
    /// Stopped by a signal: the numbers that shells use.
    HungUp = 129,
    Interrupted = 130,
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error that has been told in full already, and how the command ends for it.
#[derive(Debug, thiserror::Error)]
#[error("exit code {}", *.0 as u8)]
struct Told(Exit);

fn main() -> ExitCode {
    let cli = parse();
    signal::outlive_file_limits();
    demarche::plugin::on_log(|level, message| {
        use demarche::plugin::Level;
        match level {
            Level::Error | Level::Warning => tell(&format!("warning: {message}"), Color::Never),
            // What a plugin tells its author is of no use to who runs it.
            _ => {}
        }
    });
    match dispatch(&cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            if let Some(Told(exit)) = error.downcast_ref() {
                return (*exit).into();
            }
            tell(&format!("error: {error}"), cli.color);
            Exit::Usage.into()
        }
    }
}

/// The command line. What is wrong with it is told without what would steer a terminal.
fn parse() -> Cli {
    Cli::try_parse().unwrap_or_else(|error| {
        let printable = std::env::args_os().map(|word| view::printable(&word.to_string_lossy()));
        Cli::try_parse_from(printable).err().unwrap_or(error).exit()
    })
}

fn dispatch(cli: &Cli) -> anyhow::Result<Exit> {
    let paint = if color(cli.color, &std::io::stdout()) { Paint::Color } else { Paint::Plain };
    match &cli.command {
        Command::Run(args) => return run::run(args, cli.color, paint),
        Command::Show(args) => return show::show(args, cli.color, paint),
        Command::Evaluate(args) => return evaluate::evaluate(args, cli.color),
        Command::Events(args) => return events::events(args, cli.color),
        Command::Export(args) => return export::export(args, cli.color),
        Command::Stats(args) => return stats::stats(args, cli.color),
        Command::NewStage(args) => plugin::new_stage(args)?,
        Command::Plugin(command) => return plugin::plugin(command, paint),
        Command::Check { pipeline } => check::check(pipeline, cli.color)?,
        Command::Stages { name, plugin } => stages::stages(name.as_deref(), plugin, paint)?,
        Command::Worker => demarche::runner::isolate::serve(demarche::registry())?,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "demarche", &mut script);
            output::print(&String::from_utf8_lossy(&script))?;
        }
    }
    Ok(Exit::Success)
}

/// Whether to use color on a stream: as asked for, otherwise on a terminal unless `NO_COLOR` is set.
fn color(when: Color, stream: &impl IsTerminal) -> bool {
    match when {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

/// Tells something on standard error; where nobody listens, nothing is left to do about it.
fn tell(message: &str, when: Color) {
    use std::io::Write;
    let message = view::printable(message);
    let mut stderr = std::io::stderr().lock();
    let _ = match message.strip_prefix("error: ") {
        Some(rest) if color(when, &stderr) => {
            let style = anstyle::AnsiColor::Red.on_default().bold();
            writeln!(stderr, "{style}error{style:#}: {rest}")
        }
        _ => writeln!(stderr, "{message}"),
    };
}

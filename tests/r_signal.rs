//! Promise 9: signals end a run in good order, within two seconds; a second one ends it at once. And two runs do not write one
//! output.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the long test has figures to tell")]

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use demarche_tests::disk::Random;
use demarche_tests::job::records;
use demarche_tests::runs::Runs;

fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// What it said on standard error, its exit code, and how long it took to end.
fn end(mut child: Child, since: Instant) -> (String, Option<i32>, Duration) {
    let mut message = String::new();
    child.stderr.take().unwrap().read_to_string(&mut message).unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.signal(), None, "it ends by itself; it said {message:?} after {:?}", since.elapsed());
    (message, status.code(), since.elapsed())
}

/// A run that waits for its input, which is a pipe: what it wrote, and the pipe.
fn waiting(runs: &Runs) -> (Child, std::process::ChildStdin) {
    let mut command = Command::new(demarche_tests::demarche().get_program());
    command.current_dir(runs.path("")).args(["run", "p.toml", "-", "--quiet"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"{\"id\": 1, \"text\": \"One.\"}\n").unwrap();
    let mut first = [0; 8];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    (child, input)
}

/// Stops so many runs over so many records at random moments, each going on where the one before was stopped.
fn stop(n_stops: usize, n_records: usize) {
    let runs = Runs::over(&records(n_records));
    assert_eq!(runs.run("whole.jsonl", &[]).status.code(), Some(1));
    let mut random = Random(9);
    let (mut n_stopped, mut n_tried, mut longest) = (0, 0, Duration::ZERO);
    while n_stopped < n_stops {
        n_tried += 1;
        assert!(n_tried < 20 * n_stops, "a run is long enough to be stopped");
        let (signal, code) = [("-INT", 130), ("-TERM", 143), ("-HUP", 129)][n_stopped % 3];
        // One that had to be left behind keeps nobody off, and says nothing about this run.
        let _ = std::fs::remove_file(runs.path("out.jsonl.lock"));
        let mut command = runs.command("out.jsonl", &["--resume", "--quiet"]);
        let child = command.stderr(Stdio::piped()).spawn().unwrap();
        // From here on signals are watched for.
        Runs::wait_until(|| runs.path("out.jsonl.lock").exists() || runs.path("out.jsonl").exists());
        std::thread::sleep(Duration::from_micros(random.below(20_000)));
        send(signal, &child);
        let (message, found, time) = end(child, Instant::now());
        assert!(time < Duration::from_secs(2), "{time:?}");
        longest = longest.max(time);
        if found == Some(1) {
            // It had come to its end.
            assert!(runs.bytes("out.jsonl") == runs.bytes("whole.jsonl"));
            std::fs::remove_file(runs.path("out.jsonl")).unwrap();
            continue;
        }
        assert_eq!(found, Some(code), "{message}");
        let advice = "; go on with: demarche run p.toml in.jsonl -o out.jsonl --quiet --resume\n";
        assert_eq!(message, format!("stopped by SIG{}{advice}", &signal[1..]));
        assert!(!runs.path("out.jsonl").exists(), "what is complete is not said to be stopped");
        n_stopped += 1;
    }
    runs.run("out.jsonl", &["--resume"]);
    assert!(runs.bytes("out.jsonl") == runs.bytes("whole.jsonl"));
    assert!(runs.bytes("out.jsonl.failed.jsonl") == runs.bytes("whole.jsonl.failed.jsonl"));
    println!(
        "{n_stopped} stops of runs over {n_records} records, the slowest after {} ms",
        longest.as_millis()
    );
}

#[test]
fn r_signal_at_random_moments_then_resume() {
    stop(9, 4_000);
}

#[test]
#[ignore = "takes a minute: for releases"]
fn r_signal_at_200_random_moments_then_resume() {
    stop(200, 20_000);
}

#[test]
fn r_signal_while_the_input_is_waited_for() {
    let runs = Runs::over("");
    let (child, input) = waiting(&runs);
    send("-TERM", &child);
    let (message, code, time) = end(child, Instant::now());
    assert_eq!((message.as_str(), code), ("stopped by SIGTERM\n", Some(143)));
    assert!(time < Duration::from_secs(2), "{time:?}");
    drop(input);
}

#[test]
fn r_signal_a_second_one_ends_at_once() {
    let runs = Runs::over("");
    let (child, input) = waiting(&runs);
    send("-INT", &child);
    std::thread::sleep(Duration::from_millis(5));
    send("-INT", &child);
    let (_, code, time) = end(child, Instant::now());
    assert_eq!(code, Some(130));
    assert!(time < Duration::from_millis(500), "{time:?}");
    drop(input);
}

#[test]
fn r_signal_two_runs_do_not_write_one_output() {
    let runs = Runs::over(&records(20));
    // It goes on for as long as its input does.
    let mut command = Command::new(demarche_tests::demarche().get_program());
    command.current_dir(runs.path("")).args(["run", "p.toml", "-", "-o", "out.jsonl", "--quiet"]);
    let mut first = command.stdin(Stdio::piped()).spawn().unwrap();
    Runs::wait_until(|| runs.path("out.jsonl.part").exists());
    for arguments in [&[][..], &["--resume"], &["--restart"]] {
        let second = runs.run("out.jsonl", arguments);
        let message = String::from_utf8(second.stderr).unwrap();
        let expected =
            "error: cannot write `out.jsonl`: another run is writing it, and holds `out.jsonl.lock`\n";
        assert_eq!((message.as_str(), second.status.code()), (expected, Some(2)));
    }
    first.stdin.take().unwrap().write_all(b"{\"id\": 1, \"text\": \"One.\"}\n").unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(0));
    assert_eq!(runs.names(), ["in.jsonl", "out.jsonl", "p.toml"]);
}

/// A run from a pipe has no journal, and takes none away from a run that goes on.
#[test]
fn r_signal_a_run_from_a_pipe_keeps_off_one_that_goes_on() {
    let mut runs = Runs::over(&records(20_000));
    let mut first = runs.start("out.jsonl", &[]);
    Runs::wait_until(|| runs.path("out.jsonl.journal").metadata().is_ok_and(|journal| journal.len() > 2_000));
    runs.read(&["-"]);
    let second = runs.run("out.jsonl", &["--restart"]);
    assert!(runs.path("out.jsonl.journal").exists(), "the first run has its journal");
    let message = String::from_utf8(second.stderr).unwrap();
    let expected = "error: cannot write `out.jsonl`: another run is writing it, and holds `out.jsonl.lock`\n";
    assert_eq!((message.as_str(), second.status.code()), (expected, Some(2)));
    assert_eq!(first.wait().unwrap().code(), Some(1), "some records fail on purpose");
    assert_eq!(runs.names(), ["in.jsonl", "out.jsonl", "out.jsonl.failed.jsonl", "p.toml"]);
}

#[test]
fn what_a_run_has_left_is_neither_overwritten_nor_taken_for_another_run() {
    let mut runs = Runs::over(&records(4_000));
    let mut child = runs.start("out.jsonl", &[]);
    Runs::wait_until(|| runs.path("out.jsonl.journal").metadata().is_ok_and(|journal| journal.len() > 2_000));
    child.kill().unwrap();
    child.wait().unwrap();
    let message = |arguments: &[&str]| {
        let output = runs.run("out.jsonl", arguments);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let refused = message(&[]);
    assert!(refused.starts_with("error: `out.jsonl` was begun by a run that did not end ("), "{refused}");
    assert!(
        refused.ends_with(" documents are done): add `--resume` to go on, or `--restart` to begin anew\n"),
        "{refused}"
    );
    let another = "error: `out.jsonl` was begun by another run: ";
    let advice = ": go on as it was begun, or add `--restart` to begin anew\n";
    assert_eq!(
        message(&["--resume", "--offsets", "byte"]),
        format!("{another}`--offsets` is byte, it was char{advice}")
    );
    let pipeline = String::from_utf8(runs.bytes("p.toml")).unwrap();
    std::fs::write(runs.path("p.toml"), format!("{pipeline}\n[[stage]]\nuse = \"tags\"\n")).unwrap();
    assert_eq!(
        message(&["--resume"]),
        format!("{another}the pipeline, or a file that it names, is another one{advice}")
    );
    std::fs::write(runs.path("p.toml"), pipeline).unwrap();
    std::fs::OpenOptions::new().append(true).open(runs.path("in.jsonl")).unwrap().write_all(b"\n").unwrap();
    let refused = message(&["--resume"]);
    assert!(refused.starts_with(&format!("{another}the input `in.jsonl` has ")), "{refused}");
    // What comes from a pipe has no journal of its own.
    runs.read(&["-"]);
    let refused = runs.run("out.jsonl", &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(refused.stderr).unwrap(),
        "error: `out.jsonl` was begun by another run that did not end: go on with that one, or add `--restart` to throw away what is there\n"
    );
    runs.read(&["in.jsonl"]);
    assert_eq!(runs.run("out.jsonl", &["--restart"]).status.code(), Some(1));
    assert_eq!(runs.names(), ["in.jsonl", "out.jsonl", "out.jsonl.failed.jsonl", "p.toml"]);
}

//! Promise 5 for every kind of input, for compressed output and for a part of a corpus: `kill -9` at a checkpoint, of the resumed run
//! too, then `--resume`: the same bytes as an unbroken run.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the long test has figures to tell")]

use std::fs;
use std::path::Path;

use demarche::corpus::{Output, Target};
use demarche_tests::archive::{tar, warc, zip};
use demarche_tests::demarche;
use demarche_tests::disk::Random;
use demarche_tests::job::records;
use demarche_tests::runs::Runs;

/// What is run, over which input, into which output.
type Case = (&'static [&'static str], &'static [&'static str], &'static str);

const CASES: [Case; 22] = [
    (&["in.jsonl.gz"], &[], "out.jsonl"),
    (&["in.jsonl.zst"], &[], "out.jsonl"),
    (&["in.jsonl.xz"], &[], "out.jsonl"),
    (&["in.jsonl.bz2"], &[], "out.jsonl"),
    (&["in.json"], &[], "out.jsonl"),
    (&["in.csv"], &[], "out.jsonl"),
    (&["in.csv.gz"], &[], "out.jsonl"),
    (&["in.zip"], &[], "out.jsonl"),
    (&["in.tar"], &[], "out.jsonl"),
    (&["in.tgz"], &[], "out.jsonl"),
    (&["in.warc"], &[], "out.jsonl"),
    (&["in.parquet"], &[], "out.jsonl"),
    (&["texts"], &[], "out.jsonl"),
    (&["in.jsonl", "in.zip", "in.jsonl"], &[], "out.jsonl"),
    (&["copies.jsonl"], &["--input", "duplicates=skip"], "out.jsonl"),
    (&["copies.jsonl", "copies.jsonl"], &["--input", "duplicates=mark"], "out.jsonl"),
    (&["copies.jsonl", "copies.jsonl", "in.csv"], &["--input", "duplicates=mark"], "out.jsonl"),
    (&["in.jsonl"], &["--where", "id>300"], "out.jsonl"),
    (&["in.jsonl"], &["--sample", "500", "--seed", "7"], "out.jsonl"),
    (&["in.jsonl"], &["--limit", "600"], "out.jsonl"),
    (&["in.zip"], &["--where", "id>20", "--sample", "500", "--limit", "450"], "out.jsonl"),
    (&["in.jsonl"], &["--format", "pretty"], "out.txt"),
];
const COMPRESSED: [Case; 2] =
    [(&["large.jsonl"], &[], "out.jsonl.gz"), (&["large.jsonl.zst"], &[], "out.jsonl.zst")];

fn write(path: &Path, bytes: &[u8]) {
    let mut output = Output::create(&Target::File(path.to_owned())).unwrap();
    output.write(bytes).unwrap();
    output.finish().unwrap();
}

/// Texts of which one says the same as one before.
fn copies(n: usize) -> String {
    let mut random = Random(5);
    let mut texts: Vec<String> = Vec::new();
    for i in 0..n {
        let words = (0..20).map(|_| format!("word{}", random.below(100_000))).collect::<Vec<_>>().join(" ");
        texts.push(if i % 5 == 3 { texts[i - 3].clone() } else { words });
    }
    let line = |(i, text): (usize, &String)| format!("{{\"id\": {i}, \"text\": \"{text}\"}}\n");
    texts.iter().enumerate().map(line).collect()
}

/// A folder with inputs of every kind, some of whose records fail.
fn inputs() -> Runs {
    const N: usize = 700;
    let lines = records(N);
    let runs = Runs::over(&lines);
    for ending in ["jsonl.gz", "jsonl.zst", "jsonl.xz", "jsonl.bz2"] {
        write(&runs.path(&format!("in.{ending}")), lines.as_bytes());
    }
    let good: Vec<&str> = lines.lines().filter(|line| line.starts_with('{')).collect();
    write(&runs.path("in.json"), format!("[{}, 5]", good.join(",\n")).as_bytes());
    let text = |i| format!("The council met {i} times. Nobody\nspoke for long.");
    let row = |i| if i % 50 == 9 { format!("{i}\n") } else { format!("{i},\"{}\"\n", text(i)) };
    let table = "id,text\n".to_owned() + &(0..N).map(row).collect::<String>();
    write(&runs.path("in.csv"), table.as_bytes());
    write(&runs.path("in.csv.gz"), table.as_bytes());
    let mut members: Vec<_> =
        (0..N / 80).map(|i| (format!("lines/{i:03}.jsonl"), records(80).into_bytes())).collect();
    members.insert(4, ("broken.csv".to_owned(), b"text,n\na,1\nb\n".to_vec()));
    members.insert(7, ("one.txt".to_owned(), b"One text.".to_vec()));
    write(&runs.path("in.zip"), &zip(&members));
    write(&runs.path("in.tar"), &tar(&members));
    write(&runs.path("in.tar.gz"), &tar(&members));
    fs::rename(runs.path("in.tar.gz"), runs.path("in.tgz")).unwrap();
    let texts: Vec<_> = (0..N).map(text).collect();
    write(&runs.path("in.warc"), &[warc(&texts), b"WARC/1.0\r\n".to_vec()].concat());
    write(&runs.path("copies.jsonl"), copies(N).as_bytes());
    fs::create_dir_all(runs.path("texts/more")).unwrap();
    for (i, text) in texts.iter().take(400).enumerate() {
        let name = if i % 2 == 0 { format!("texts/{i:04}.txt") } else { format!("texts/more/{i:04}.txt") };
        fs::write(
            runs.path(&name),
            if i % 50 == 7 { b"a\0\xff".to_vec() } else { text.clone().into_bytes() },
        )
        .unwrap();
    }
    runs.run("results.jsonl", &["--quiet"]);
    let mut export = demarche();
    export.current_dir(runs.path("")).args(["export", "results.jsonl", "-o", "in.parquet"]);
    assert!(export.output().unwrap().status.success());
    runs
}

/// Output and failures of a run; what there is not is empty.
fn written(runs: &Runs, output: &str) -> [Vec<u8>; 2] {
    [output.to_owned(), format!("{output}.failed.jsonl")]
        .map(|name| fs::read(runs.path(&name)).unwrap_or_default())
}

fn remove(runs: &Runs, output: &str) {
    for name in runs.names().into_iter().filter(|name| name.starts_with(output)) {
        fs::remove_file(runs.path(&name)).unwrap();
    }
}

/// Kills so many runs of each case, each with some of its output on the disk, every second of them again while it goes on.
fn kill(runs: &mut Runs, cases: &[Case], n_kills: usize) {
    let mut random = Random(55);
    for (number, &(inputs, arguments, output)) in cases.iter().enumerate() {
        runs.read(inputs);
        let whole = runs.run(output, &[&["--quiet"], arguments].concat());
        let code = whole.status.code();
        let message = String::from_utf8_lossy(&whole.stderr).into_owned();
        assert!(matches!(code, Some(0 | 1 | 3)), "{inputs:?} {arguments:?}: {message}");
        let expected = written(runs, output);
        let length = expected[0].len() as u64;
        assert!(length > 30_000, "{inputs:?} {arguments:?}: there is much to be done");
        remove(runs, output);
        let resume = [arguments, &["--resume"]].concat();
        let (mut n_killed, mut n_again, mut n_missed) = (0, 0, 0);
        while n_killed < n_kills {
            let bytes = random.below(length);
            if !runs.kill_at(bytes, output, arguments) {
                assert!(written(runs, output) == expected, "{inputs:?} {arguments:?}: it had ended");
                remove(runs, output);
                n_missed += 1;
                assert!(n_missed < 100, "{inputs:?} {arguments:?}: a run is long enough to be killed");
                continue;
            }
            n_killed += 1;
            if (number + n_killed) % 2 == 0 {
                let more = bytes + random.below(length - bytes);
                n_again += usize::from(runs.kill_at(more, output, &resume));
            }
            let resumed = runs.run(output, &resume);
            let message = String::from_utf8_lossy(&resumed.stderr).into_owned();
            let when = format!("{inputs:?} {arguments:?} -o {output}, killed after {bytes} bytes: {message}");
            assert_eq!(resumed.status.code(), code, "{when}");
            assert!(written(runs, output) == expected, "{when}");
            remove(runs, output);
        }
        println!("{inputs:?} {arguments:?} -o {output}: {n_killed} kills, {n_again} of the resumption too");
    }
}

#[test]
fn r_kill_inputs() {
    kill(&mut inputs(), &CASES, 1);
}

#[test]
fn r_kill_compressed_output() {
    let mut runs = Runs::over("");
    let large = records(9_000);
    for name in ["large.jsonl", "large.jsonl.zst"] {
        write(&runs.path(name), large.as_bytes());
    }
    kill(&mut runs, &COMPRESSED, 1);
}

#[test]
#[ignore = "takes minutes: for releases"]
fn r_kill_inputs_30_times_each() {
    kill(&mut inputs(), &CASES, 30);
}

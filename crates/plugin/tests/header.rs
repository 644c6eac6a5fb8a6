//! The header says what `abi.rs` says: each number, and the place of each field.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::mem::offset_of;
use std::process::Command;

use demarche_plugin::abi::{self, Bytes, Host, Kind, Layers, Plugin, View, column, status};
use demarche_plugin::{Action, Factuality, Measure, NONE, QuoteKind, QuoteType, Span, Upos};

const HEADER: &str = include_str!("../include/demarche_plugin.h");

/// The header as 1.0 was released with it. It never changes.
const HEADER_1_0: &str = include_str!("release_1_0/demarche_plugin.h");

/// A header's numbers by name, without `DEMARCHE_`.
fn numbers(header: &'static str) -> BTreeMap<&'static str, i64> {
    let define = |line: &'static str| {
        let mut words = line.strip_prefix("#define DEMARCHE_")?.split_whitespace();
        let (name, value) = (words.next()?, words.next()?.trim_end_matches('u'));
        let value = match value.strip_prefix("0x") {
            Some(digits) => i64::from_str_radix(digits, 16),
            None => value.parse(),
        };
        Some((name, value.ok()?))
    };
    header.lines().filter_map(define).collect()
}

/// The numbers of `abi.rs` and of the vocabularies, by the header's names.
fn expected() -> BTreeMap<String, i64> {
    let mut numbers: BTreeMap<String, i64> = [
        ("MAGIC", i64::from(abi::MAGIC)),
        ("ABI_MAJOR", i64::from(abi::MAJOR)),
        ("ABI_MINOR", i64::from(abi::MINOR)),
        ("SERIAL", i64::from(abi::SERIAL)),
        ("MAX_KINDS", i64::try_from(abi::MAX_KINDS).unwrap()),
        ("NONE", i64::from(NONE)),
        ("FAILED", i64::from(status::FAILED)),
        ("FATAL", i64::from(status::FATAL)),
        ("PANICKED", i64::from(status::PANICKED)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    numbers
        .extend((status::HOST..=status::OK).map(|answer| (status::name(answer).to_owned(), answer.into())));
    numbers.extend(column::ALL.iter().map(|&(name, id, _)| (name.to_owned(), id.into())));
    let upper = |prefix: &str, name: &str| format!("{prefix}_{}", name.to_uppercase());
    numbers.extend(QuoteKind::ALL.iter().map(|&it| (upper("QUOTE_KIND", it.name()), it as i64)));
    numbers.extend(QuoteType::ALL.iter().map(|&it| (upper("QUOTE_TYPE", it.name()), it as i64)));
    numbers.extend(Action::ALL.iter().map(|&it| (upper("ACTION", it.name()), it as i64)));
    numbers.extend(Factuality::ALL.iter().map(|&it| (upper("FACTUALITY", it.name()), it as i64)));
    numbers.extend(Measure::ALL.iter().map(|&it| (upper("MEASURE", it.name()), it as i64)));
    let upos = |it: Upos| if it == Upos::None { "NONE" } else { it.name() };
    numbers.extend(Upos::ALL.iter().map(|&it| (upper("UPOS", upos(it)), it as i64)));
    numbers
}

#[test]
fn numbers_are_the_same() {
    let numbers: BTreeMap<String, i64> =
        numbers(HEADER).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    assert_eq!(numbers, expected());
    assert!(HEADER.contains("#define DEMARCHE_LAYER_SPAN(index) (4096 + 2 * (index))"));
    assert!(HEADER.contains("#define DEMARCHE_LAYER_VALUE(index) (4097 + 2 * (index))"));
    assert_eq!((column::layer_span(3), column::layer_value(3)), (4102, 4103));
    assert!(HEADER.contains(&format!("{}(", abi::ENTRY)) && HEADER.contains(abi::LAYERS));
}

#[test]
fn columns_have_the_same_items() {
    for &(name, _, size) in column::ALL {
        let start = format!("#define DEMARCHE_{name} ");
        let line = HEADER.lines().find(|line| line.starts_with(&start)).unwrap();
        let c_type = line.split("/* ").nth(1).unwrap().split([':', '*']).next().unwrap().trim();
        let c_size = match c_type {
            "uint8_t" => 1,
            "uint16_t" => 2,
            "uint32_t" | "string id" => 4,
            "demarche_span" => 8,
            other => panic!("{name} is of type `{other}`"),
        };
        assert_eq!(size, c_size, "{name}");
    }
}

/// Size of each struct and offset of each field, as version 1.0 was released with: they never change.
fn layout() -> Vec<(&'static str, &'static str, usize)> {
    macro_rules! offsets {
        ($type:ty, $c:literal, $($field:ident),*) => {
            vec![($c, "size", size_of::<$type>()), $(($c, stringify!($field), offset_of!($type, $field))),*]
        };
    }
    [
        offsets!(Bytes, "demarche_bytes", ptr, len),
        offsets!(Span, "demarche_span", start, end),
        offsets!(View, "demarche_view", data, count, item_size, reserved),
        offsets!(
            Host,
            "demarche_host",
            struct_size,
            abi_major,
            abi_minor,
            threads,
            version,
            view,
            intern,
            put,
            annotate,
            record,
            cancelled,
            fail,
            log,
            extension
        ),
        offsets!(
            Kind,
            "demarche_kind",
            struct_size,
            flags,
            manifest,
            create,
            destroy,
            worker_new,
            worker_free,
            process
        ),
        offsets!(
            Plugin,
            "demarche_plugin",
            magic,
            abi_major,
            abi_minor,
            struct_size,
            kinds,
            kind_count,
            info
        ),
        offsets!(Layers, "demarche_layers", struct_size, reserved, name),
    ]
    .concat()
}

/// Fields stay where they are; structs may grow at the end.
#[test]
fn the_layout_of_1_0_stands() {
    let now = layout();
    for line in include_str!("layout-1.0.txt").lines() {
        let [name, field, at] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let at: usize = at.parse().unwrap();
        let (_, _, found) = now.iter().find(|row| (row.0, row.1) == (name, field)).expect(line);
        let stands = if field == "size" { *found >= at } else { *found == at };
        assert!(stands, "{line}, and now {found}");
    }
}

#[test]
fn nothing_of_1_0_is_taken_away_or_means_something_else() {
    let now = numbers(HEADER);
    for (name, value) in numbers(HEADER_1_0).into_iter().filter(|&(name, _)| name != "ABI_MINOR") {
        assert_eq!(now.get(name), Some(&value), "DEMARCHE_{name}");
    }
}

#[test]
fn a_c_compiler_agrees() {
    let mut source = String::from("#include \"demarche_plugin.h\"\n");
    for (name, field, at) in layout() {
        let value =
            if field == "size" { format!("sizeof({name})") } else { format!("offsetof({name}, {field})") };
        writeln!(source, "_Static_assert({value} == {at}, \"{name} {field}\");").unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("layout.c");
    std::fs::write(&path, source).unwrap();
    let include = concat!(env!("CARGO_MANIFEST_DIR"), "/include");
    let compile = Command::new("cc")
        .args(["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I", include])
        .arg(&path)
        .output();
    match compile {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => println!("no C compiler, so that nothing is compared: {error}"),
    }
}

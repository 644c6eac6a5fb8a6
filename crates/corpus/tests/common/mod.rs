//! Files of given bytes, and their records as text.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses its part; a test that cannot go on panics"
)]

use std::fs;

use demarche_corpus::{Corpus, ReadOptions, Record, RecordError};

/// The records of a file of these bytes under this name.
pub(crate) fn records(name: &str, bytes: &[u8], options: &ReadOptions) -> Vec<Result<Record, RecordError>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    Corpus::find([&path], None).unwrap().read(options.clone()).collect()
}

/// A record as `id "text" meta`, or what is wrong with it.
pub(crate) fn shown(record: &Result<Record, RecordError>) -> String {
    match record {
        Ok(record) => {
            let doc = &record.document;
            format!("{} {:?} {}", doc.id(), doc.text(), serde_json::to_string(doc.meta()).unwrap())
        }
        Err(error) => format!("{} at {}: {}", error.problem.code(), error.place.offset, error.problem),
    }
}

/// The same for each record of a file.
pub(crate) fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Vec<String> {
    records(name, bytes, options).iter().map(shown).collect()
}

#[track_caller]
pub(crate) fn check(name: &str, bytes: impl AsRef<[u8]>, expected: &[&str]) {
    assert_eq!(read(name, bytes.as_ref(), &ReadOptions::default()), expected);
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

/// A zip archive of these files, deflated.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut out);
    for (name, bytes) in files {
        let name = rawzip::path::EntryPath::verbatim(name.as_bytes());
        let (mut entry, config) =
            archive.new_file(name).compression_method(rawzip::CompressionMethod::DEFLATE).start().unwrap();
        let encoder = flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default());
        let mut writer = config.wrap(encoder);
        std::io::Write::write_all(&mut writer, bytes).unwrap();
        let (_, output) = writer.finish().unwrap();
        entry.finish(output).unwrap();
    }
    archive.finish().unwrap();
    out
}

/// A tar archive of these files; names are written as they are.
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        archive.append(&header, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

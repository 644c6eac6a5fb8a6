//! Compressed files and archives to be read. The end-to-end tests include this file too.

use std::io::Write;

/// A tar archive of these files; names are written as they are, whatever they say.
pub fn tar(files: &[(impl AsRef<str>, impl AsRef<[u8]>)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let (name, bytes) = (name.as_ref(), bytes.as_ref());
        let mut header = tar::Header::new_ustar();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        archive.append(&header, bytes).expect("memory takes all that is written");
    }
    archive.into_inner().expect("memory takes all that is written")
}

/// A zip archive of these files, deflated; names are written as they are.
pub fn zip(files: &[(impl AsRef<str>, impl AsRef<[u8]>)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut out);
    for (name, bytes) in files {
        let mut add = || {
            let name = rawzip::path::EntryPath::verbatim(name.as_ref().as_bytes());
            let file = archive.new_file(name).compression_method(rawzip::CompressionMethod::DEFLATE);
            let (mut entry, config) = file.start()?;
            let encoder = flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default());
            let mut writer = config.wrap(encoder);
            writer.write_all(bytes.as_ref())?;
            let (_, output) = writer.finish()?;
            entry.finish(output)?;
            Ok::<_, rawzip::Error>(())
        };
        add().expect("memory takes all that is written");
    }
    archive.finish().expect("memory takes all that is written");
    out
}

/// A crawl of these plain texts.
pub fn warc(texts: &[String]) -> Vec<u8> {
    let record = |(number, text): (usize, &String)| {
        let length = text.len();
        format!(
            "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://example.org/{number}\r\n\
             Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n{text}\r\n\r\n"
        )
    };
    texts.iter().enumerate().map(record).collect::<String>().into_bytes()
}

/// A member of gzip.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).expect("there is memory");
    encoder.finish().expect("there is memory")
}

/// A frame of Zstandard.
pub fn zstd(content: &[u8]) -> Vec<u8> {
    zstd::encode_all(content, zstd::DEFAULT_COMPRESSION_LEVEL).expect("there is memory")
}

/// A stream of xz.
pub fn xz(content: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 6);
    encoder.write_all(content).expect("there is memory");
    encoder.finish().expect("there is memory")
}

/// A stream of bzip2.
pub fn bzip2(content: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(content).expect("there is memory");
    encoder.finish().expect("there is memory")
}

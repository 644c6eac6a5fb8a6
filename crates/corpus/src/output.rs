use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::Compression;

/// Where results go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The standard output.
    Stdout,
    /// A file; `.gz`, `.zst`, `.xz` and `.bz2` at the end of its name compress it.
    File(PathBuf),
}

impl Target {
    /// The standard output for `-`, otherwise a file.
    pub fn named(name: &Path) -> Self {
        if name == Path::new("-") { Self::Stdout } else { Self::File(name.to_owned()) }
    }
}

/// A file that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`: {source}", path.display())]
pub struct OutputError {
    /// The file; `-` is the standard output.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

impl OutputError {
    /// Whether whoever reads the standard output has had enough, which is no failure.
    pub fn is_closed_pipe(&self) -> bool {
        self.source.kind() == io::ErrorKind::BrokenPipe
    }
}

/// A file that is there under its name only once it is complete: until then it is `NAME.part`. What is no file (a device, a
/// named pipe) is written to as it is.
///
/// One that is dropped before [`finish`](Self::finish) stays as `NAME.part`.
pub struct Output {
    encoder: Encoder,
    /// The file that gets its name at the end, or what it is called in messages.
    name: Option<PathBuf>,
    /// Whether it is written to under its own name.
    in_place: bool,
}

enum Encoder {
    Plain(BufWriter<Raw>),
    Gzip(flate2::write::GzEncoder<BufWriter<Raw>>),
    Zstd(zstd::stream::write::Encoder<'static, BufWriter<Raw>>),
    Xz(liblzma::write::XzEncoder<BufWriter<Raw>>),
    Bzip2(bzip2::write::BzEncoder<BufWriter<Raw>>),
}

enum Raw {
    Stdout(io::Stdout),
    File(File),
}

/// Bytes handed to the system at once.
const BUFFER: usize = 256 * 1024;
/// What the `xz` command uses unless told otherwise.
const XZ_LEVEL: u32 = 6;

impl Output {
    /// Opens what is written to.
    ///
    /// # Errors
    /// If `NAME.part` cannot be made.
    pub fn create(target: &Target) -> Result<Self, OutputError> {
        let name = match target {
            Target::Stdout => {
                let raw = BufWriter::with_capacity(BUFFER, Raw::Stdout(io::stdout()));
                return Ok(Self { encoder: Encoder::Plain(raw), name: None, in_place: true });
            }
            Target::File(name) => name,
        };
        // Renaming a file to `/dev/null` would put an end to that device.
        let in_place = std::fs::metadata(name).is_ok_and(|known| !known.is_file() && !known.is_dir());
        let path = if in_place { name.clone() } else { part(name) };
        let file = if in_place { File::options().write(true).open(&path) } else { File::create(&path) };
        let encoder = file.and_then(|file| {
            let raw = BufWriter::with_capacity(BUFFER, Raw::File(file));
            Ok(match Compression::of(name) {
                Compression::None => Encoder::Plain(raw),
                Compression::Gzip => {
                    Encoder::Gzip(flate2::write::GzEncoder::new(raw, flate2::Compression::default()))
                }
                Compression::Zstd => {
                    let level = zstd::DEFAULT_COMPRESSION_LEVEL;
                    Encoder::Zstd(zstd::stream::write::Encoder::new(raw, level)?)
                }
                Compression::Xz => Encoder::Xz(liblzma::write::XzEncoder::new(raw, XZ_LEVEL)),
                Compression::Bzip2 => {
                    Encoder::Bzip2(bzip2::write::BzEncoder::new(raw, bzip2::Compression::best()))
                }
            })
        });
        let encoder = encoder.map_err(|source| OutputError { path, source })?;
        Ok(Self { encoder, name: Some(name.clone()), in_place })
    }

    /// Writes all bytes.
    ///
    /// # Errors
    /// If the system does not take them.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        let written = match &mut self.encoder {
            Encoder::Plain(out) => out.write_all(bytes),
            Encoder::Gzip(out) => out.write_all(bytes),
            Encoder::Zstd(out) => out.write_all(bytes),
            Encoder::Xz(out) => out.write_all(bytes),
            Encoder::Bzip2(out) => out.write_all(bytes),
        };
        written.map_err(|source| self.error(source))
    }

    /// Hands on what is held, where somebody may be waiting for it: to the standard output, not to a file.
    ///
    /// # Errors
    /// If the system does not take it.
    pub fn flush(&mut self) -> Result<(), OutputError> {
        match (&self.name, &mut self.encoder) {
            (None, Encoder::Plain(out)) => out.flush().map_err(|source| self.error(source)),
            _ => Ok(()),
        }
    }

    /// Writes what is left, sees it onto the disk and gives the file its name.
    ///
    /// # Errors
    /// If a step of that fails; the file then keeps the name `NAME.part`.
    pub fn finish(self) -> Result<(), OutputError> {
        let path = self.path();
        let Self { encoder, name, in_place } = self;
        let finish = || -> io::Result<()> {
            let mut raw = match encoder {
                Encoder::Plain(out) => out,
                Encoder::Gzip(out) => out.finish()?,
                Encoder::Zstd(out) => out.finish()?,
                Encoder::Xz(out) => out.finish()?,
                Encoder::Bzip2(out) => out.finish()?,
            };
            raw.flush()?;
            let (Some(name), Raw::File(file), false) = (&name, raw.get_ref(), in_place) else {
                return Ok(());
            };
            file.sync_all()?;
            std::fs::rename(part(name), name)?;
            sync_folder(name)
        };
        finish().map_err(|source| OutputError { path, source })
    }

    pub(crate) fn error(&self, source: io::Error) -> OutputError {
        OutputError { path: self.path(), source }
    }

    /// What is being written.
    fn path(&self) -> PathBuf {
        match &self.name {
            None => PathBuf::from("-"),
            Some(name) if self.in_place => name.clone(),
            Some(name) => part(name),
        }
    }
}

/// The name of a file that is being written.
fn part(name: &Path) -> PathBuf {
    let mut part = name.as_os_str().to_owned();
    part.push(".part");
    part.into()
}

/// Sees a new name in a folder onto the disk, where folders can be opened.
fn sync_folder(name: &Path) -> io::Result<()> {
    let folder = name.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) { File::open(folder.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}

impl Write for Raw {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File(out) => out.flush(),
        }
    }
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").field("name", &self.name).finish_non_exhaustive()
    }
}

//! Where the log goes: to a file of the user's, or for a server to standard error. Never onto a screen.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

use crate::base::text::Clean;
use crate::config::client::Log;

/// A log that has grown beyond this is set aside at the next start, in place of the one before.
const LARGEST: u64 = 1 << 20;

/// Logs to `lyceum.log` in `folder`. A log that cannot be written is no reason not to start.
pub(super) fn to_file(folder: &Path, level: Log) {
    if let Ok(file) = open(folder) {
        install(Mutex::new(file), level);
    }
}

/// Logs to standard error.
pub(super) fn to_stderr(level: Log) {
    install(std::io::stderr, level);
}

fn install<W>(writer: W, level: Log)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    keep(subscriber(writer, level));
}

/// A log that writes to this, one clean line for each record: `less` on it is safe, and nobody writes a record of their
/// own by a line end in a name.
///
/// What libraries log may hold what they were given, headers with tokens among it: only our own words are kept.
pub fn subscriber<W>(writer: W, level: Log) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let level = match level {
        Log::Error => LevelFilter::ERROR,
        Log::Warn => LevelFilter::WARN,
        Log::Info => LevelFilter::INFO,
        Log::Debug => LevelFilter::DEBUG,
    };
    let subscriber =
        tracing_subscriber::fmt().with_max_level(level).with_ansi(false).with_writer(CleanWriter(writer)).finish();
    subscriber.with(Targets::new().with_target("lyceum", level))
}

/// Makes writers that clean.
struct CleanWriter<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for CleanWriter<W> {
    type Writer = Record<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Record(self.0.make_writer())
    }
}

/// Takes one record in each write, as the formatter gives them, and writes it as one clean line.
struct Record<W>(W);

impl<W: Write> Write for Record<W> {
    fn write(&mut self, record: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(record);
        let clean = Clean::record(text.strip_suffix('\n').unwrap_or(&text));
        self.0.write_all(format!("{clean}\n").as_bytes())?;
        Ok(record.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

fn keep(subscriber: impl Subscriber + Send + Sync) {
    // Only fails when there is one already: in one process it is installed once.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

fn open(folder: &Path) -> std::io::Result<File> {
    super::make_private(folder)?;
    let path = folder.join("lyceum.log");
    if std::fs::metadata(&path).is_ok_and(|metadata| metadata.len() > LARGEST) {
        std::fs::rename(&path, folder.join("lyceum.log.old"))?;
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn the_log_is_private_and_does_not_grow_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("state");
        let file = open(&inner).unwrap();
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600);
        assert_eq!(inner.metadata().unwrap().mode() & 0o777, 0o700);
        file.set_len(LARGEST + 1).unwrap();
        assert_eq!(open(&inner).unwrap().metadata().unwrap().len(), 0);
        assert!(inner.join("lyceum.log.old").exists());
    }
}

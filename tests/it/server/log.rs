//! What the server writes to its log, for tests that read it.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

thread_local! {
    static WRITTEN: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

static SET: Once = Once::new();

/// Writes down what this thread logs from now on. One subscriber for all threads: with several, what one of them does
/// not want may be lost to the others.
pub(crate) fn listen() {
    SET.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .with_writer(|| Log)
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    WRITTEN.set(Some(Vec::new()));
}

/// What this thread has logged since [`listen`].
pub(crate) fn heard() -> String {
    String::from_utf8(WRITTEN.take().unwrap()).unwrap()
}

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        WRITTEN.with_borrow_mut(|written| written.iter_mut().for_each(|written| written.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

//! Looks after the files of one's own: when one changes, all are read anew, on a thread of its own. Nothing is asked for
//! at intervals: between changes this costs nothing.
//!
//! Where the system tells of changes (inotify, on Linux) every one is noticed. Elsewhere the files are looked at when the
//! terminal gets the reader's eyes again, and everywhere when they are asked to be.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::config::own::Texts;
use crate::tui::own::{Own, Reloaded};
use crate::tui::theme::Depth;

#[cfg(target_os = "linux")]
mod inotify;

/// The files, looked after.
pub(super) struct Watch {
    found: UnboundedReceiver<Arc<Reloaded>>,
    looker: Looker,
    /// Its end is what ends the watching.
    #[cfg(target_os = "linux")]
    _stop: Option<std::io::PipeWriter>,
}

/// Reads the files and tells when they are other than before.
#[derive(Clone)]
struct Looker {
    folder: PathBuf,
    depth: Depth,
    light: Option<bool>,
    last: Arc<Mutex<Texts>>,
    to: UnboundedSender<Arc<Reloaded>>,
}

impl Looker {
    fn look(&self, is_asked: bool) {
        let texts = Texts::read(&self.folder);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last == texts && !is_asked {
            return;
        }
        last.clone_from(&texts);
        drop(last);
        let (own, faults) = Own::read(texts, self.depth, self.light);
        let _ = self.to.send(Arc::new(Reloaded { own, faults, is_asked }));
    }
}

impl Watch {
    /// Looks after the files from which this was read; after none where it was read from none.
    pub(super) fn start(own: &Own) -> Self {
        let (to, found) = unbounded_channel();
        let folder = own.texts.settings.path.parent().map(PathBuf::from).unwrap_or_default();
        let last = Arc::new(Mutex::new(own.texts.clone()));
        let looker = Looker { folder, depth: own.depth, light: own.light, last, to };
        Self {
            found,
            #[cfg(target_os = "linux")]
            _stop: if looker.is_idle() { None } else { watch(looker.clone()) },
            looker,
        }
    }

    /// What was read when something had changed.
    pub(super) async fn next(&mut self) -> Option<Arc<Reloaded>> {
        self.found.recv().await
    }

    /// Looks at the files now; answers even when they are as before, if somebody asked.
    pub(super) fn look(&self, is_asked: bool) {
        if !self.looker.is_idle() {
            let looker = self.looker.clone();
            std::thread::spawn(move || looker.look(is_asked));
        }
    }

    /// The reader looks at the terminal again, maybe after an editor.
    pub(super) fn look_after_absence(&self) {
        if cfg!(not(target_os = "linux")) {
            self.look(false);
        }
    }
}

impl Looker {
    fn is_idle(&self) -> bool {
        self.folder.as_os_str().is_empty()
    }
}

/// Has the system tell of changes, for as long as the answer lives. Where it does not, nothing is told.
#[cfg(target_os = "linux")]
fn watch(looker: Looker) -> Option<std::io::PipeWriter> {
    let (stopped, stop) = std::io::pipe().ok()?;
    let watch = move || {
        let folder = looker.folder.clone();
        if let Err(error) = inotify::watch(&folder, &stopped, || looker.look(false)) {
            tracing::warn!(%error, "changes of settings are not noticed");
        }
    };
    std::thread::Builder::new().name("settings".to_owned()).spawn(watch).ok()?;
    Some(stop)
}

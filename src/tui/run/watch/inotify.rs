//! Changes in the folders of one's own, told by the kernel (inotify).

use std::collections::BTreeSet;
use std::io::{self, PipeReader};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};
use rustix::io::Errno;

/// Whoever saves a file does several things to it, one after another: when nothing has happened for so long, it is done.
const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// So many pauses at most are waited for: somebody may write there all the time.
const MOST_PAUSES: usize = 20;

/// Calls `on_change` after each change, until `stopped` ends.
pub(super) fn watch(folder: &Path, stopped: &PipeReader, on_change: impl Fn()) -> io::Result<()> {
    let queue = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
    loop {
        follow(&queue, folder);
        let mut fds = [PollFd::new(&queue, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
        match poll(&mut fds, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        if !fds[1].revents().is_empty() {
            return Ok(());
        }
        if !drain(&queue)? {
            continue;
        }
        for _ in 0..MOST_PAUSES {
            let _ = poll(&mut [PollFd::new(&queue, PollFlags::IN)], Some(&PAUSE));
            if !drain(&queue)? {
                break;
            }
        }
        // What was made meanwhile is followed before it is read, so that nothing falls in between.
        follow(&queue, folder);
        on_change();
    }
}

/// Has changes in all folders told that matter now. Asked for again, it changes nothing.
fn follow(queue: &OwnedFd, folder: &Path) {
    let written = WatchFlags::CLOSE_WRITE
        | WatchFlags::CREATE
        | WatchFlags::DELETE
        | WatchFlags::MOVED_FROM
        | WatchFlags::MOVED_TO
        | WatchFlags::ONLYDIR;
    for folder in folders(folder) {
        // A folder that is not there has nothing in it to change.
        let _ = add_watch(queue.as_fd(), &folder, written);
    }
    if !folder.exists()
        && let Some(above) = folder.parent()
    {
        let made = WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::ONLYDIR;
        let _ = add_watch(queue.as_fd(), above, made);
    }
}

/// The folders in which what is read stands; behind a link, where that leads.
fn folders(folder: &Path) -> BTreeSet<PathBuf> {
    let own = [folder.to_owned(), folder.join("keymaps"), folder.join("themes")];
    let files = own.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let linked = files.filter(|file| file.file_type().is_ok_and(|kind| kind.is_symlink()));
    let behind = linked.filter_map(|file| Some(std::fs::canonicalize(file.path()).ok()?.parent()?.to_owned()));
    let behind: Vec<PathBuf> = behind.take(50).collect();
    own.into_iter().chain(behind).collect()
}

/// Takes what was told; whether there was something.
fn drain(queue: &OwnedFd) -> io::Result<bool> {
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut events = Reader::new(queue, &mut buffer);
    let mut has_any = false;
    loop {
        match events.next() {
            Ok(_) => has_any = true,
            Err(Errno::AGAIN) => return Ok(has_any),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    /// Every way in which editors save, the folder made later, and a file behind a link. The kernel tells: nothing here
    /// waits for a time to pass.
    #[test]
    fn every_way_to_save_a_file_is_noticed() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("config");
        let elsewhere = home.path().join("dotfiles");
        std::fs::create_dir(&elsewhere).unwrap();
        let (stopped, stop) = io::pipe().unwrap();
        let (told, changes) = channel();
        let watched = folder.clone();
        let tell = move || {
            let _ = told.send(());
        };
        let thread = std::thread::spawn(move || watch(&watched, &stopped, tell));
        let is_told = |what: &str, act: &dyn Fn()| {
            while changes.try_recv().is_ok() {}
            // Until it is told: the watching may begin later than the first of these.
            for _ in 0..50 {
                act();
                if changes.recv_timeout(std::time::Duration::from_secs(2)).is_ok() {
                    return;
                }
            }
            panic!("{what} is not noticed");
        };
        is_told("the folder", &|| {
            let _ = std::fs::remove_dir(&folder);
            std::fs::create_dir(&folder).unwrap();
        });
        is_told("a file that is written", &|| std::fs::write(folder.join("config.toml"), "a").unwrap());
        is_told("a file that takes the place of another", &|| {
            std::fs::write(home.path().join("new"), "b").unwrap();
            std::fs::rename(home.path().join("new"), folder.join("config.toml")).unwrap();
        });
        is_told("a folder in it", &|| {
            let _ = std::fs::remove_dir(folder.join("themes"));
            std::fs::create_dir(folder.join("themes")).unwrap();
        });
        is_told("a file in that", &|| std::fs::write(folder.join("themes/dusk.toml"), "a").unwrap());
        is_told("a link", &|| {
            std::fs::write(elsewhere.join("mine.toml"), "a").unwrap();
            let _ = std::fs::remove_file(folder.join("themes/mine.toml"));
            std::os::unix::fs::symlink(elsewhere.join("mine.toml"), folder.join("themes/mine.toml")).unwrap();
        });
        is_told("what stands behind a link", &|| std::fs::write(elsewhere.join("mine.toml"), "b").unwrap());
        is_told("a file that goes", &|| {
            std::fs::write(folder.join("config.toml"), "a").unwrap();
            std::fs::remove_file(folder.join("config.toml")).unwrap();
        });
        drop(stop);
        thread.join().unwrap().unwrap();
    }
}

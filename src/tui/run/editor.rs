//! A text in the reader's own editor: written to a file that only they can read, read back, deleted. One that came back
//! longer than can be sent stays in its file: cut, its end would be lost. So does one that was saved by an editor that
//! then failed, or that outlived this program; the next start tells of those.

use std::io;
use std::path::{Path, PathBuf};

use crate::base::text::Clean;
use crate::config::environment::SECRETS;
use crate::tui::msg::Input;

/// How the files begin that are kept, and that are in an editor.
const KEPT: &str = "text-";
const OPEN: &str = "draft-";

/// Has `text` edited; how it came back.
pub(super) async fn edit(editor: Option<&str>, folder: &Path, text: &Clean) -> Input {
    let (command, folder, text) = (editor.unwrap_or("vi").to_owned(), folder.to_owned(), text.clone());
    let work = tokio::task::spawn_blocking(move || edited(&command, &folder, &text));
    let failed = io::Error::other;
    work.await.map_err(failed).flatten().unwrap_or(Input::Edited(None))
}

fn edited(command: &str, folder: &Path, text: &Clean) -> io::Result<Input> {
    let file = File::create(folder, text)?;
    let ended = run(command, &file.0);
    // An editor may leave another encoding: letters that are lost are better than a text that is.
    let saved = std::fs::read(&file.0).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())?;
    match ended {
        Ok(()) if Clean::holds(saved.trim_end()) => Ok(Input::Edited(Some(saved))),
        Ok(()) => Ok(Input::TooLong(shown(&keep(&file.0)?))),
        Err(_) if saved != text.as_str() => Ok(Input::EditorFailed(shown(&keep(&file.0)?))),
        Err(error) => Err(error),
    }
}

fn shown(path: &Path) -> Clean {
    Clean::line(&path.display().to_string())
}

/// The files of texts that were in an editor when their program ended, put aside so that no other text takes their place.
pub(super) fn left(folder: &Path) -> Vec<Clean> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_left = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let program = name.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(".md"));
        program.and_then(|id| id.parse().ok()).is_some_and(|id: u32| id == std::process::id() || !runs(id))
    };
    let paths = entries.flatten().map(|entry| entry.path()).filter(is_left);
    paths.filter_map(|path| keep(&path).ok()).map(|path| shown(&path)).collect()
}

/// Whether a program of this number runs. Where that cannot be found out it may.
#[cfg(unix)]
fn runs(id: u32) -> bool {
    let id = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw);
    id.is_some_and(|id| rustix::process::test_kill_process(id) != Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
fn runs(_: u32) -> bool {
    true
}

/// Moves a file to a name that no other text takes.
fn keep(path: &Path) -> io::Result<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = |nth: u32| folder.join(format!("{KEPT}{}-{nth}.md", std::process::id()));
    let free = (1..).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0));
    std::fs::rename(path, &free)?;
    Ok(free)
}

/// Runs the editor and waits for it. Its name may hold arguments, so a shell splits it.
fn run(command: &str, file: &Path) -> io::Result<()> {
    let shell = if cfg!(windows) { ["cmd", "/C"] } else { ["sh", "-c"] };
    let line = if cfg!(windows) { command.to_owned() } else { format!("{command} \"$1\"") };
    let mut editor = std::process::Command::new(shell[0]);
    editor.arg(shell[1]).arg(line).arg("editor").arg(file);
    // What an editor's plugins send away must not be a token of ours.
    for name in SECRETS {
        editor.env_remove(name);
    }
    let status = editor.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}

/// A file that is deleted when nobody needs it any more.
struct File(PathBuf);

impl File {
    fn create(folder: &Path, text: &str) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("{OPEN}{}.md", std::process::id()));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        let kept = Self(path);
        io::Write::write_all(&mut file, text.as_bytes())?;
        Ok(kept)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn back(command: &str, folder: &Path) -> Input {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(edit(Some(command), folder, &Clean::block("begun")))
    }

    #[test]
    fn a_text_comes_back_and_its_file_goes() {
        let folder = tempfile::tempdir().unwrap();
        let whole = back("sh -c 'echo \" and ended\" >> \"$0\"'", folder.path());
        assert!(matches!(whole, Input::Edited(Some(text)) if text == "begun and ended\n"));
        assert!(matches!(back("false", folder.path()), Input::Edited(None)));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn one_that_cannot_be_sent_stays_whole_in_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let long = "sh -c 'i=0; while [ $i -lt 5000 ]; do echo line; i=$((i+1)); done > \"$0\"'";
        for _ in 0..2 {
            let Input::TooLong(path) = back(long, folder.path()) else { panic!("it was taken") };
            assert_eq!(std::fs::read_to_string(path.as_str()).unwrap(), "line\n".repeat(5000));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "one took the place of the other");
    }

    #[test]
    fn what_an_editor_saved_before_it_failed_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let Input::EditorFailed(path) = back("sh -c 'echo saved > \"$0\"; exit 3'", folder.path()) else {
            panic!("it is gone")
        };
        assert_eq!(std::fs::read_to_string(path.as_str()).unwrap(), "saved\n");
    }

    #[test]
    fn what_was_in_an_editor_when_its_program_ended_is_found_once_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut ended = std::process::Command::new("true").spawn().unwrap();
        ended.wait().unwrap();
        let write = |id: u32| std::fs::write(folder.path().join(format!("draft-{id}.md")), "mine").unwrap();
        write(ended.id());
        // Somebody else's program runs still: its text is its own.
        write(1);
        let found = left(folder.path());
        assert_eq!(found.len(), 1);
        assert_eq!(std::fs::read_to_string(found[0].as_str()).unwrap(), "mine");
        assert_eq!(left(folder.path()).len(), 0);
    }
}

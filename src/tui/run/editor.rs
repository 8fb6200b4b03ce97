//! A text in the reader's own editor: written to a file that only they can read, read back, deleted. One that came back
//! longer than can be sent stays in its file: cut, its end would be lost.

use std::io;
use std::path::{Path, PathBuf};

use crate::base::text::Clean;
use crate::config::environment::SECRETS;

/// How a text came back.
pub(super) enum Back {
    /// As it was left.
    Whole(String),
    /// It is longer than can be sent, and stands in this file.
    TooLong(PathBuf),
}

/// Has `text` edited. Fails when there is no editor or it says so.
pub(super) async fn edit(editor: Option<&str>, folder: &Path, text: &Clean) -> io::Result<Back> {
    let (command, folder, text) = (editor.unwrap_or("vi").to_owned(), folder.to_owned(), text.clone());
    let work = tokio::task::spawn_blocking(move || {
        let file = File::create(&folder, &text)?;
        run(&command, &file.0)?;
        // An editor may leave another encoding: letters that are lost are better than a text that is.
        let text = std::fs::read(&file.0).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())?;
        if Clean::holds(text.trim_end()) { Ok(Back::Whole(text)) } else { file.keep().map(Back::TooLong) }
    });
    work.await.map_err(io::Error::other)?
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
        let path = folder.join(format!("draft-{}.md", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        let kept = Self(path);
        io::Write::write_all(&mut file, text.as_bytes())?;
        Ok(kept)
    }

    /// Leaves it under a name that no other text takes.
    fn keep(&self) -> io::Result<PathBuf> {
        let folder = self.0.parent().unwrap_or(Path::new("."));
        let name = |nth: u32| folder.join(format!("too-long-{}-{nth}.md", std::process::id()));
        let free = (1..).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0));
        std::fs::rename(&self.0, &free)?;
        Ok(free)
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

    fn edited(command: &str, folder: &Path) -> io::Result<Back> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(edit(Some(command), folder, &Clean::block("begun")))
    }

    #[test]
    fn a_text_comes_back_and_its_file_goes() {
        let folder = tempfile::tempdir().unwrap();
        let back = edited("sh -c 'echo \" and ended\" >> \"$0\"'", folder.path()).unwrap();
        assert!(matches!(back, Back::Whole(text) if text == "begun and ended\n"));
        assert!(edited("false", folder.path()).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn one_that_cannot_be_sent_stays_whole_in_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let long = "sh -c 'i=0; while [ $i -lt 5000 ]; do echo line; i=$((i+1)); done > \"$0\"'";
        for _ in 0..2 {
            let Back::TooLong(path) = edited(long, folder.path()).unwrap() else { panic!("it was taken") };
            assert_eq!(std::fs::read_to_string(path).unwrap(), "line\n".repeat(5000));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "one took the place of the other");
    }
}

//! A text in the reader's own editor: written to a file that only they can read, read back, deleted.

use std::io;
use std::path::{Path, PathBuf};

use crate::base::text::Clean;
use crate::config::environment::SECRETS;

/// Has `text` edited and returns it as it was left. Fails when there is no editor or it says so.
pub(super) async fn edit(editor: Option<&str>, folder: &Path, text: &Clean) -> io::Result<String> {
    let (command, folder, text) = (editor.unwrap_or("vi").to_owned(), folder.to_owned(), text.clone());
    let work = tokio::task::spawn_blocking(move || {
        let file = File::create(&folder, &text)?;
        run(&command, &file.0)?;
        // An editor may leave another encoding: letters that are lost are better than a text that is.
        std::fs::read(&file.0).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
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
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

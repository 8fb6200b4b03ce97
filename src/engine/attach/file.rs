//! A file of this machine: a text of a size that can be posted, with the word of its language.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::{Attachment, Fault, Ground};
use crate::base::paths::home;
use crate::base::text::Clean;

/// The largest file that is attached, in bytes: a post is 64 KiB, and should say something besides.
pub const MOST_FILE: u64 = 48 * 1024;

/// Names that [`paths`] offers at a time.
const MOST_PATHS: usize = 8;
/// So many entries of a folder are looked at for them.
const MOST_ENTRIES: usize = 10_000;

/// Words for fences where a file's ending is none that readers know. Others are their own word.
const LANGUAGES: &[(&str, &str)] = &[
    ("rs", "rust"),
    ("py", "python"),
    ("rb", "ruby"),
    ("js", "javascript"),
    ("mjs", "javascript"),
    ("cjs", "javascript"),
    ("ts", "typescript"),
    ("kt", "kotlin"),
    ("kts", "kotlin"),
    ("hs", "haskell"),
    ("md", "markdown"),
    ("yml", "yaml"),
    ("h", "c"),
    ("cc", "cpp"),
    ("cxx", "cpp"),
    ("hpp", "cpp"),
    ("hh", "cpp"),
    ("cs", "csharp"),
    ("sh", "bash"),
    ("zsh", "bash"),
    ("patch", "diff"),
    ("lock", "toml"),
    ("txt", "text"),
    ("log", "text"),
    ("out", "text"),
];

/// The same for files that are known by their whole name.
const NAMES: &[(&str, &str)] = &[
    ("Dockerfile", "dockerfile"),
    ("Containerfile", "dockerfile"),
    ("Makefile", "makefile"),
    ("justfile", "makefile"),
    ("CMakeLists.txt", "cmake"),
    (".env", "bash"),
    (".bashrc", "bash"),
    (".zshrc", "bash"),
    (".gitignore", "text"),
];

/// The word for a fence around a file of this name; empty when nothing is known of it.
fn language(path: &Path) -> String {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if let Some((_, word)) = NAMES.iter().find(|(known, _)| *known == name) {
        return (*word).to_owned();
    }
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let known = LANGUAGES.iter().find(|(known, _)| *known == ending);
    let is_word = ending.len() <= 12 && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    known.map_or(if is_word { ending.clone() } else { String::new() }, |(_, word)| (*word).to_owned())
}

pub(super) fn collect(ground: &Ground, typed: &str) -> Result<Attachment, Fault> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Fault::Nothing);
    }
    let path = at(ground, typed);
    let text = read(&path, &Clean::line(typed))?;
    Ok(Attachment::new(&shown(typed), &language(&path), &text))
}

/// Reads a file, whatever it becomes meanwhile. Opening a pipe would wait for ever, so it is looked at before.
fn read(path: &Path, name: &Clean) -> Result<String, Fault> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Fault::Absent(name.clone()),
        _ => Fault::Failed(name.clone(), Clean::line(&error.to_string())),
    };
    let about = std::fs::metadata(path).map_err(failed)?;
    if !about.is_file() {
        return Err(Fault::NotAFile(name.clone()));
    }
    if about.len() > MOST_FILE {
        return Err(Fault::TooLarge(name.clone(), about.len()));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MOST_FILE + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > MOST_FILE {
        return Err(Fault::TooLarge(name.clone(), bytes.len() as u64));
    }
    if bytes.contains(&0) {
        return Err(Fault::Binary(name.clone()));
    }
    String::from_utf8(bytes).map_err(|_| Fault::Binary(name.clone()))
}

/// Where a path leads that somebody typed.
fn at(ground: &Ground, typed: &str) -> PathBuf {
    match (typed.strip_prefix("~/"), home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => ground.folder.join(typed),
    }
}

/// A path as others may read it: below the working folder it is whole, from elsewhere the file's name alone. Where
/// somebody's folders lie is nobody's business.
fn shown(typed: &str) -> String {
    let is_below = !Path::new(typed).is_absolute() && !typed.starts_with('~') && !typed.contains("..");
    let name = Path::new(typed).file_name().map(|name| name.to_string_lossy().into_owned());
    if is_below { typed.trim_start_matches("./").to_owned() } else { name.unwrap_or_else(|| typed.to_owned()) }
}

/// What the path begun may go on as: files and folders, these with a `/` behind. Hidden ones only when asked for.
pub fn paths(ground: &Ground, typed: &str) -> Vec<Clean> {
    let (prefix, begun) = typed.split_at(typed.rfind('/').map_or(0, |at| at + 1));
    let Ok(entries) = std::fs::read_dir(at(ground, prefix)) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .take(MOST_ENTRIES)
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let is_meant = name.starts_with(begun) && (begun.starts_with('.') || !name.starts_with('.'));
            // What a terminal cannot show cannot be chosen by looking at it.
            let is_shown = is_meant && Clean::line(&name).as_str() == name;
            let end = if entry.path().is_dir() { "/" } else { "" };
            is_shown.then(|| format!("{prefix}{name}{end}"))
        })
        .collect();
    names.sort_unstable();
    names.iter().take(MOST_PATHS).map(|name| Clean::line(name)).collect()
}

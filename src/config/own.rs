//! Files of one's own, as text: the settings, and beside them keymaps and themes by name. What keymaps and themes mean is
//! for the screen to say.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::environment::{VARIABLES, Variables};
use super::{Error, Source};

/// A longer file is none that somebody wrote; it is not read.
const MOST_BYTES: u64 = 256 * 1024;

/// So many files of a folder are read.
const MOST_FILES: usize = 200;

/// The name of the settings file.
pub const SETTINGS: &str = "config.toml";

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Where it is.
    pub path: PathBuf,
    /// What stands in it.
    pub text: String,
}

/// All files of one's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// The settings; empty when there is no such file.
    pub settings: Text,
    /// `keymaps/NAME.toml`.
    pub keymaps: BTreeMap<String, Text>,
    /// `themes/NAME.toml`.
    pub themes: BTreeMap<String, Text>,
    /// What is there and could not be read.
    pub unreadable: Vec<Error>,
}

impl Texts {
    /// Reads what there is in a folder of settings. What is not there is nothing.
    pub fn read(folder: &Path) -> Self {
        let mut texts = Self::default();
        texts.settings.path = folder.join(SETTINGS);
        if let Some(text) = texts.take(&folder.join(SETTINGS)) {
            texts.settings.text = text;
        }
        texts.keymaps = texts.folder(&folder.join("keymaps"));
        texts.themes = texts.folder(&folder.join("themes"));
        texts
    }

    /// The files there are.
    pub fn files(&self) -> Vec<PathBuf> {
        let settings = Some(&self.settings).filter(|file| file.path.exists());
        settings
            .into_iter()
            .chain(self.keymaps.values())
            .chain(self.themes.values())
            .map(|file| file.path.clone())
            .collect()
    }

    fn folder(&mut self, folder: &Path) -> BTreeMap<String, Text> {
        let Ok(entries) = std::fs::read_dir(folder) else { return BTreeMap::new() };
        let paths = entries.flatten().map(|entry| entry.path());
        let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
        paths.sort();
        paths.truncate(MOST_FILES);
        let named = |path: PathBuf| {
            let name = path.file_stem()?.to_str()?.to_owned();
            Some((name, Text { text: self.take(&path)?, path }))
        };
        paths.into_iter().filter_map(named).collect()
    }

    fn take(&mut self, path: &Path) -> Option<String> {
        match read(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                self.unreadable.push(unreadable(path, &error));
                None
            }
        }
    }

    /// Where a setting (`screen.theme`) comes from: its variable, else its line in the file, else the file.
    pub fn source_of(&self, setting: &str, variables: Variables<'_>) -> Source {
        let variable = VARIABLES.iter().find(|(name, known)| *known == setting && variables(name).is_some());
        match variable {
            Some((name, _)) => Source::Variable(name),
            None => Source::File(self.settings.path.clone(), line_of(&self.settings.text, setting)),
        }
    }
}

/// Why a file of one's own was not read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Error {
    let at = Source::File(path.to_owned(), None);
    match error.kind() {
        io::ErrorKind::InvalidData => Error::NoText { at, most: MOST_BYTES / 1024 },
        _ => Error::Unreadable { at, why: error.to_string() },
    }
}

/// A file of one's own. `InvalidData` for what is no text, or too much of it.
pub(super) fn read(path: &Path) -> io::Result<String> {
    let metadata = std::fs::metadata(path)?;
    // Reading a pipe or a device could wait for ever.
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    std::fs::read_to_string(path)
}

/// The number of the line on which a part of a text begins, from 1.
pub fn line(text: &str, span: &Range<usize>) -> usize {
    let before = text.as_bytes().get(..span.start).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The line on which a setting (`screen.theme`) stands.
pub fn line_of(text: &str, setting: &str) -> Option<usize> {
    let table = toml::de::DeTable::parse(text).ok()?;
    let (topic, key) = setting.split_once('.')?;
    let (found, _) = table.get_ref().get(topic)?.get_ref().as_table()?.get_key_value(key)?;
    Some(line(text, &found.span()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_there_is_is_read_by_name() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Texts::read(folder.path()).keymaps.len(), 0);
        std::fs::create_dir(folder.path().join("themes")).unwrap();
        std::fs::write(folder.path().join("themes/dusk.toml"), "inherits = \"dark\"").unwrap();
        std::fs::write(folder.path().join("themes/dusk.toml~"), "not read").unwrap();
        std::fs::write(folder.path().join("config.toml"), "[screen]\n\ntheme = \"dusk\"\n").unwrap();
        let texts = Texts::read(folder.path());
        assert_eq!(texts.themes.keys().collect::<Vec<_>>(), ["dusk"]);
        let at = |setting| texts.source_of(setting, &|_| None).to_string();
        assert!(at("screen.theme").ends_with("config.toml:3"), "{}", at("screen.theme"));
        assert!(at("screen.keymap").ends_with("config.toml"));
        let set = |name: &str| (name == "LYCEUM_THEME").then(|| "dusk".to_owned());
        assert_eq!(texts.source_of("screen.theme", &set), Source::Variable("LYCEUM_THEME"));
    }

    #[test]
    fn what_is_no_text_is_told_and_harms_nothing() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("keymaps/odd.toml")).unwrap();
        std::fs::write(folder.path().join("keymaps/raw.toml"), [0xff, 0xfe]).unwrap();
        std::fs::write(folder.path().join("keymaps/fine.toml"), "").unwrap();
        let texts = Texts::read(folder.path());
        assert_eq!(texts.keymaps.keys().collect::<Vec<_>>(), ["fine"]);
        assert_eq!(texts.unreadable.len(), 2);
    }
}

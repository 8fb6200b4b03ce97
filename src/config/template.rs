//! Templates: how a text of some kind begins. `assets/templates/LANGUAGE/NAME.md` are built in; `templates/NAME.md` beside
//! the settings is one's own, and stands in place of a built-in one of its name.
//!
//! A template is Markdown. `{cursor}` in it is where writing begins; without one, that is at its end.

use std::io;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::locale::Language;
use super::{Error, own};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/templates");

/// The folder of one's own, beside the settings.
pub const FOLDER: &str = "templates";

/// Where writing begins.
const CURSOR: &str = "{cursor}";

/// The beginning of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The name of its file, without the ending. Of a built-in one, `template.NAME` in the catalogue is its title.
    pub name: String,
    /// As it stands in its file.
    text: String,
}

impl Template {
    /// What goes into the text, and where in it writing begins, in bytes.
    pub fn parts(&self) -> (String, usize) {
        let text = self.text.replace("\r\n", "\n");
        match text.split_once(CURSOR) {
            Some((before, after)) => (format!("{before}{after}"), before.len()),
            None => {
                let end = text.len();
                (text, end)
            }
        }
    }
}

/// The templates of a language, one's own over them: those of new names come last.
pub fn all(language: Language, own: Vec<Template>) -> Vec<Template> {
    let files = TEMPLATES.get_dir(language.tag()).map(Dir::files).into_iter().flatten();
    let built_in =
        files.filter_map(|file| Some(Template { name: stem(file.path())?, text: file.contents_utf8()?.into() }));
    let mut all: Vec<Template> = built_in.collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    for template in own {
        match all.iter_mut().find(|known| known.name == template.name) {
            Some(known) => *known = template,
            None => all.push(template),
        }
    }
    all
}

/// The templates in a folder, by name; none where there is no such folder. What is there and cannot be read, or is no text
/// in UTF-8, is told.
pub fn read(folder: &Path) -> (Vec<Template>, Vec<Error>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (Vec::new(), Vec::new()),
        Err(error) => return (Vec::new(), vec![own::unreadable(folder, &error)]),
    };
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.extension().is_some_and(|ending| ending == "md")
            && let Some(name) = stem(&path)
        {
            match own::read(&path) {
                Ok(text) => found.push(Template { name, text }),
                Err(error) => faults.push(own::unreadable(&path, &error)),
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    (found, faults)
}

fn stem(path: &Path) -> Option<String> {
    path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::locale::Catalog;

    #[test]
    fn every_language_has_the_same_templates_with_a_title_and_a_place_to_begin() {
        let names = |language| all(language, Vec::new()).into_iter().map(|t| t.name).collect::<Vec<_>>();
        for language in Language::ALL {
            assert_eq!(names(language), ["bug", "how-to", "review"]);
            for template in all(language, Vec::new()) {
                assert!(Catalog::new(language).has(&format!("template.{}", template.name)), "{}", template.name);
                let (text, at) = template.parts();
                let is_blank = text[..at].ends_with('\n') && text[at..].starts_with('\n');
                assert!(!text.contains('{') && is_blank, "{}: {text}", template.name);
            }
        }
    }

    #[test]
    fn ones_own_stand_over_the_built_in_ones_and_beside_them() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
        write("bug.md", b"mine\r\n{cursor}\r\nend");
        write("perf.md", b"Numbers:\n");
        write("notes.txt", b"\xff");
        let (own, faults) = read(folder.path());
        assert_eq!(faults, []);
        let every = all(Language::English, own);
        assert_eq!(every.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["bug", "how-to", "review", "perf"]);
        assert_eq!(every[0].parts(), ("mine\n\nend".to_owned(), 5));
        assert_eq!(every[3].parts(), ("Numbers:\n".to_owned(), 9));
        write("odd.md", b"\xff");
        let (own, faults) = read(folder.path());
        assert_eq!((own.len(), faults.len()), (2, 1));
        assert_eq!(*faults[0].at(), crate::config::Source::File(folder.path().join("odd.md"), None));
        assert_eq!(read(&folder.path().join("none")), (vec![], vec![]));
    }
}

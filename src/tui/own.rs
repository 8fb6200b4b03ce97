//! Keymaps and themes by name: those of the binary and those of one's own, one inheriting from another, and what is wrong
//! with them. Reads no file: it is handed their texts.

use std::collections::BTreeMap;
use std::path::PathBuf;

use toml::de::{DeTable, DeValue};

use super::{
    keymap::{self, Keymap},
    pane::PANES,
    theme::{self, Depth, Theme},
};
use crate::config::environment::{locale, of_process};
use crate::config::locale::{Catalog, Language};
use crate::config::own::{SETTINGS, Text, Texts, line};
use crate::config::screen::Screen;
use crate::config::{Error, Settings, Source, closest, lay_all};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A keymap.
    Keymap,
    /// A theme.
    Theme,
}

impl Kind {
    /// Those in the binary, by name.
    pub fn built_in(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Keymap => &keymap::BUILT_IN,
            Self::Theme => &theme::BUILT_IN,
        }
    }

    /// Those of one's own.
    pub fn own(self, texts: &Texts) -> &BTreeMap<String, Text> {
        match self {
            Self::Keymap => &texts.keymaps,
            Self::Theme => &texts.themes,
        }
    }

    /// All names there are, without `auto`.
    pub fn names(self, texts: &Texts) -> Vec<String> {
        let built_in = self.built_in().iter().map(|(name, _)| (*name).to_owned());
        let own = self.own(texts).keys().filter(|name| self.text(name).is_none()).cloned();
        built_in.chain(own).collect()
    }

    /// One in the binary, as text.
    pub fn text(self, name: &str) -> Option<&'static str> {
        self.built_in().iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// What one lies over that does not say.
    fn root(self) -> Option<&'static str> {
        match self {
            Self::Keymap => Some("default"),
            Self::Theme => None,
        }
    }
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub at: Source,
    /// What.
    pub what: What,
    /// What may have been meant.
    pub meant: Option<String>,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is not TOML.
    Syntax(String),
    /// There is no keymap or theme of this name; these there are.
    Name(Kind, String, String),
    /// It inherits from itself.
    Circle(String),
    /// Nothing of this name can stand here; this can.
    Entry(String, String),
    /// This has to be something else: the key of the sentence that says what.
    Sort(&'static str, String),
    /// There is no such place to have keys in; these there are.
    Place(String, String),
    /// In this place, among these keys, this is none.
    Key(String, String, String),
    /// In this place these keys name a command that there is not.
    Command(String, String, String),
    /// There is no such style.
    Style(String),
    /// In this style, this is no colour.
    Color(String, String),
    /// There is no such pane.
    Pane(String, String),
}

impl Fault {
    /// As a sentence, with what may have been meant.
    pub fn sentence(&self, words: &Catalog) -> String {
        let at = self.at.to_string();
        let fill = |key: &str, values: &[(&str, &str)]| words.fill(key, &[&[("at", at.as_str())], values].concat());
        let sentence = match &self.what {
            What::Syntax(why) => fill("own.syntax", &[("why", why)]),
            What::Name(Kind::Keymap, name, known) => fill("own.keymap", &[("name", name), ("known", known)]),
            What::Name(Kind::Theme, name, known) => fill("own.theme", &[("name", name), ("known", known)]),
            What::Circle(name) => fill("own.circle", &[("name", name)]),
            What::Entry(name, known) => fill("own.entry", &[("name", name), ("known", known)]),
            What::Sort(key, name) => fill(key, &[("name", name)]),
            What::Place(place, _) if self.meant.is_some() => fill("own.no-place", &[("place", place)]),
            What::Place(place, known) => fill("own.place", &[("place", place), ("known", known)]),
            What::Key(place, keys, key) => fill("own.key", &[("place", place), ("keys", keys), ("key", key)]),
            What::Command(place, keys, command) => {
                fill("own.command", &[("place", place), ("keys", keys), ("command", command)])
            }
            What::Style(style) => fill("own.style", &[("style", style)]),
            What::Color(style, value) => fill("own.color", &[("style", style), ("value", value)]),
            What::Pane(name, known) => fill("own.pane", &[("name", name), ("known", known)]),
        };
        match &self.meant {
            Some(meant) => {
                [sentence, words.fill("own.meant", &[("meant", meant)])].join(words.get("frame.between-sentences"))
            }
            None => sentence,
        }
    }
}

/// In the order of their places.
pub(super) fn in_order(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by_key(|fault| match &fault.at {
        Source::File(path, line) => (path.clone(), *line),
        Source::Variable(_) | Source::Flag(_) => (PathBuf::new(), None),
    });
    faults
}

/// One file of a keymap or theme and what stands in it.
pub(super) struct Layer<'a> {
    path: PathBuf,
    text: &'a str,
    /// What stands in it.
    pub(super) table: DeTable<'a>,
}

impl<'a> Layer<'a> {
    fn read(path: PathBuf, text: &'a str) -> Result<Self, Vec<Fault>> {
        match DeTable::parse(text) {
            Ok(table) => Ok(Self { path, text, table: table.into_inner() }),
            Err(error) => {
                let at = Source::File(path, error.span().map(|span| line(text, &span)));
                let why = error.message().lines().next().unwrap_or_default().to_owned();
                Err(vec![Fault { at, what: What::Syntax(why), meant: None }])
            }
        }
    }

    /// A fault at a part of it.
    pub(super) fn fault(&self, span: &std::ops::Range<usize>, what: What, meant: Option<String>) -> Fault {
        Fault { at: Source::File(self.path.clone(), Some(line(self.text, span))), what, meant }
    }

    /// What it names as its base, and where.
    fn inherits(&self) -> Option<(String, Source)> {
        let (key, value) = self.table.get_key_value("inherits")?;
        let at = Source::File(self.path.clone(), Some(line(self.text, &key.span())));
        Some((value.get_ref().as_str()?.to_owned(), at))
    }
}

/// A value as it was written, for a person to recognise.
pub(super) fn written(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(it_is) => it_is.to_string(),
        DeValue::Datetime(at) => at.to_string(),
        DeValue::Array(_) => "[…]".to_owned(),
        DeValue::Table(_) => "{…}".to_owned(),
    }
}

/// The files of a keymap or theme, the one that all others lie over first. `at` is where its name was written.
pub(super) fn chain<'a>(kind: Kind, name: &str, at: &Source, texts: &'a Texts) -> Result<Vec<Layer<'a>>, Vec<Fault>> {
    let (mut name, mut at) = (name.to_owned(), at.clone());
    let mut seen: Vec<String> = Vec::new();
    let mut layers = Vec::new();
    let mut is_built_in = false;
    loop {
        // A file of one's own goes before one of the binary, and may inherit from the one of its name there. Those of the
        // binary inherit from none of one's own.
        let is_known = seen.contains(&name);
        let own = kind.own(texts).get(&name).filter(|_| !is_known && !is_built_in);
        let (path, text) = match (own, kind.text(&name)) {
            (Some(own), _) => (own.path.clone(), own.text.as_str()),
            (None, Some(text)) => (PathBuf::from(format!("{name}.toml")), text),
            (None, None) if is_known => return Err(vec![Fault { at, what: What::Circle(name), meant: None }]),
            (None, None) => return Err(vec![unknown(kind, name, at, texts)]),
        };
        is_built_in = own.is_none();
        let layer = Layer::read(path, text)?;
        let next = layer.inherits();
        layers.push(layer);
        seen.extend((!is_built_in).then_some(name));
        (name, at) = match (next, kind.root()) {
            (Some(next), _) => next,
            (None, Some(root)) if !is_built_in => (root.to_owned(), at),
            (None, _) => break,
        };
    }
    layers.reverse();
    Ok(layers)
}

fn unknown(kind: Kind, name: String, at: Source, texts: &Texts) -> Fault {
    let known = kind.names(texts);
    let meant = closest(&name, known.iter().map(String::as_str));
    Fault { at, what: What::Name(kind, name, known.join(", ")), meant }
}

/// What somebody chose, and what it takes to see it through.
#[derive(Clone, Debug)]
pub struct Own {
    /// All files of one's own.
    pub texts: Texts,
    /// The theme, and where its name was written.
    pub theme: (String, Source),
    /// The keymap, and where its name was written.
    pub keymap: (String, Source),
    /// How many colours the terminal shows.
    pub depth: Depth,
    /// Whether its background is light, where that is known.
    pub light: Option<bool>,
    /// The settings in these files, with the variables over them.
    pub settings: Settings,
    /// The language they come to here.
    pub language: Language,
}

/// What was read when files of one's own had changed.
#[derive(Clone, Debug)]
pub struct Reloaded {
    /// What is chosen now.
    pub own: Own,
    /// What is wrong with the settings.
    pub faults: Vec<Error>,
    /// Whether somebody asked for it.
    pub is_asked: bool,
}

impl Default for Own {
    fn default() -> Self {
        let at = Source::File(SETTINGS.into(), None);
        Self {
            texts: Texts::default(),
            theme: ("auto".to_owned(), at.clone()),
            keymap: ("default".to_owned(), at),
            depth: Depth::default(),
            light: None,
            settings: Settings::default(),
            language: Language::default(),
        }
    }
}

impl Own {
    /// What somebody chose for a terminal, by the files and the variables of this process; and what is wrong with the
    /// settings.
    pub fn read(texts: Texts, depth: Depth, light: Option<bool>) -> (Self, Vec<Error>) {
        let (settings, faults) = lay_all(&texts.settings, &of_process, &[]);
        let source = |setting: &str| texts.source_of(setting, &of_process);
        let (theme, keymap) = (source("screen.theme"), source("screen.keymap"));
        let theme = (settings.screen.theme.clone(), theme);
        let keymap = (settings.screen.keymap.clone(), keymap);
        let language = settings.client.language.language(&locale(&of_process));
        let faults = texts.unreadable.iter().cloned().chain(faults).collect();
        (Self { texts, theme, keymap, depth, light, settings, language }, faults)
    }

    /// The same, but for settings of the screen that were laid out before.
    #[must_use]
    pub fn with(mut self, screen: &Screen) -> Self {
        (self.theme.0, self.keymap.0) = (screen.theme.clone(), screen.keymap.clone());
        self.settings.screen = screen.clone();
        self
    }

    /// Another theme and keymap by their names; tells whether one of them is another than before.
    pub fn choose(&mut self, theme: &str, keymap: &str) -> bool {
        let is_same = self.theme.0 == theme && self.keymap.0 == keymap;
        (self.theme.0, self.keymap.0) = (theme.to_owned(), keymap.to_owned());
        !is_same
    }

    /// Names among the tabs that are no pane's.
    pub fn wrong_tabs(&self) -> Vec<Fault> {
        let known = || PANES.iter().map(|pane| pane.name());
        let wrong = self.settings.screen.tabs.iter().filter(|name| known().all(|known| known != name.as_str()));
        let fault = |name: &String| Fault {
            at: self.texts.source_of("screen.tabs", &|_| None),
            what: What::Pane(name.clone(), known().collect::<Vec<_>>().join(", ")),
            meant: closest(name, known()),
        };
        wrong.map(fault).collect()
    }

    /// The theme.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn read_theme(&self) -> Result<Theme, Vec<Fault>> {
        let (name, at) = &self.theme;
        let name = match (name.as_str(), self.depth) {
            ("auto", Depth::Ansi) => "ansi16",
            ("auto", _) if self.light == Some(true) => "light",
            ("auto", _) => "dark",
            (name, _) => name,
        };
        Theme::read(name, at, &self.texts, self.depth)
    }

    /// The keymap.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn read_keymap(&self) -> Result<Keymap, Vec<Fault>> {
        let (name, at) = &self.keymap;
        Keymap::read(name, at, &self.texts)
    }

    /// What is wrong with any keymap or theme there is a file of, chosen or not, and with what is chosen.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> = [Some(self.wrong_tabs()), self.read_keymap().err(), self.read_theme().err()]
            .into_iter()
            .flatten()
            .flatten()
            .collect();
        for (name, text) in &self.texts.keymaps {
            let at = Source::File(text.path.clone(), None);
            faults.extend(Keymap::read(name, &at, &self.texts).err().into_iter().flatten());
        }
        for (name, text) in &self.texts.themes {
            let at = Source::File(text.path.clone(), None);
            faults.extend(Theme::read(name, &at, &self.texts, self.depth).err().into_iter().flatten());
        }
        let mut once: Vec<Fault> = Vec::new();
        for fault in faults {
            if !once.contains(&fault) {
                once.push(fault);
            }
        }
        once
    }
}

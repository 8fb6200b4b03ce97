//! Which keys run which commands, per context. Keymaps lie over each other, key by key: the default one, one of the binary
//! (`assets/keymaps`), one of a person's own. Nothing else on the screen knows a key by name.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::{
    command,
    key::Key,
    own::{self, Fault, Kind, Layer, What},
};
use crate::config::{Source, closest, own::Texts};

/// The keymaps in the binary, by name.
pub const BUILT_IN: [(&str, &str); 3] = [
    ("default", include_str!("../../assets/keymaps/default.toml")),
    ("vim", include_str!("../../assets/keymaps/vim.toml")),
    ("emacs", include_str!("../../assets/keymaps/emacs.toml")),
];

/// The contexts that are not a pane's name.
pub const CONTEXTS: [&str; 25] = [
    "global",
    "list",
    "detail",
    "overlay",
    "palette",
    "help",
    "confirm",
    "picker",
    "search",
    "compose",
    "attach",
    "attached",
    "form",
    "link",
    "peek",
    "find",
    "found",
    "searches",
    "line",
    "landing",
    "outbox",
    "elsewhere",
    "security",
    "secret",
    "accounts",
];

/// Keys to commands.
#[derive(Clone, Debug, Default)]
pub struct Keymap {
    rows: BTreeMap<String, Vec<Binding>>,
}

/// One row: keys pressed one after another, and what they run.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// The keys.
    pub keys: Vec<Key>,
    /// A command's name.
    pub command: String,
}

impl Binding {
    /// The digit that ends its keys: which tab it means.
    pub fn number(&self) -> Option<u32> {
        self.keys.last()?.digit()
    }
}

/// What some keys come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A command.
    Command(String),
    /// The beginning of one or more.
    Prefix,
    /// Nothing.
    Nothing,
}

impl Keymap {
    /// The default keymap.
    pub fn built_in() -> Self {
        Self::named("default")
    }

    /// A keymap of the binary; an empty one when there is none of that name.
    pub fn named(name: &str) -> Self {
        // The files are part of the binary; a test reads them.
        Self::read(name, &Source::Flag(""), &Texts::default()).unwrap_or_default()
    }

    /// Reads a keymap by its name, over what it inherits from. `""` as a command takes a key away. `at` is where the name
    /// was written.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn read(name: &str, at: &Source, texts: &Texts) -> Result<Self, Vec<Fault>> {
        let layers = own::chain(Kind::Keymap, name, at, texts)?;
        let (mut keymap, mut faults) = (Self::default(), Vec::new());
        for layer in &layers {
            keymap.lay(layer, &mut faults);
        }
        for row in keymap.rows.values_mut() {
            // The shortest way to press a command is the one that footer and palette name.
            row.sort_by_cached_key(|b| (b.keys.len(), written(&b.keys).len(), written(&b.keys)));
        }
        if faults.is_empty() { Ok(keymap) } else { Err(own::in_order(faults)) }
    }

    fn lay(&mut self, layer: &Layer<'_>, faults: &mut Vec<Fault>) {
        let known = places();
        for (name, value) in &layer.table {
            let place = name.get_ref().as_ref();
            if place == "inherits" {
                if !value.get_ref().is_str() {
                    faults.push(layer.fault(&value.span(), What::Sort("own.text", place.to_owned()), None));
                }
            } else if !known.contains(&place) {
                let meant = closest(place, known.iter().copied());
                faults.push(layer.fault(&name.span(), What::Place(place.to_owned(), known.join(", ")), meant));
            } else if let Some(keys) = value.get_ref().as_table() {
                let row = self.rows.entry(place.to_owned()).or_default();
                lay_row(row, layer, place, keys, faults);
            } else {
                faults.push(layer.fault(&value.span(), What::Sort("own.table", place.to_owned()), None));
            }
        }
    }

    /// What `keys` come to where these contexts hold, the nearest first: what a nearer one begins hides what a farther one
    /// has whole.
    pub fn find(&self, contexts: &[&str], keys: &[Key]) -> Found {
        for row in contexts.iter().filter_map(|context| self.rows.get(*context)) {
            if let Some(whole) = row.iter().find(|b| b.keys == keys) {
                return Found::Command(whole.command.clone());
            }
            if row.iter().any(|b| b.keys.starts_with(keys)) {
                return Found::Prefix;
            }
        }
        Found::Nothing
    }

    /// Whether typing a row's keys where these contexts hold runs its command.
    pub fn reaches(&self, contexts: &[&str], row: &Binding) -> bool {
        let begins = (1..row.keys.len()).all(|n| self.find(contexts, &row.keys[..n]) == Found::Prefix);
        begins && self.find(contexts, &row.keys) == Found::Command(row.command.clone())
    }

    /// The keys of a command where these contexts hold, as one writes them; none when it has none there, or when a
    /// nearer context gives its keys to something else.
    pub fn keys_of(&self, contexts: &[&str], command: &str) -> Option<String> {
        let own = contexts.iter().filter_map(|c| self.rows.get(*c)).flatten().filter(|b| b.command == command);
        own.into_iter().find(|b| self.reaches(contexts, b)).map(|b| written(&b.keys))
    }

    /// All rows of a context.
    pub fn rows(&self, context: &str) -> &[Binding] {
        self.rows.get(context).map_or(&[], Vec::as_slice)
    }

    /// The contexts that have rows.
    pub fn contexts(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }
}

/// Keys one after another, as one writes them.
pub fn written(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

/// Reads keys one after another.
pub fn parse(text: &str) -> Result<Vec<Key>, &str> {
    text.split_whitespace().map(|name| Key::parse(name).ok_or(name)).collect()
}

/// All contexts there are.
fn places() -> Vec<&'static str> {
    CONTEXTS.into_iter().chain(super::pane::PANES.iter().map(|pane| pane.name())).collect()
}

fn lay_row(row: &mut Vec<Binding>, layer: &Layer<'_>, place: &str, keys: &DeTable<'_>, faults: &mut Vec<Fault>) {
    for (name, value) in keys {
        let (keys, span) = (name.get_ref().as_ref(), name.span());
        let parsed = match parse(keys) {
            Ok(parsed) if !parsed.is_empty() => parsed,
            wrong => {
                let bad = wrong.err().unwrap_or_default();
                let what = What::Key(place.to_owned(), keys.to_owned(), bad.to_owned());
                faults.push(layer.fault(&span, what, Key::nearest(bad)));
                continue;
            }
        };
        let Some(command) = value.get_ref().as_str() else {
            faults.push(layer.fault(&value.span(), What::Sort("own.text", keys.to_owned()), None));
            continue;
        };
        if !command.is_empty() && command::find(command).is_none() {
            let meant = closest(command, command::all().map(|c| c.name));
            let what = What::Command(place.to_owned(), keys.to_owned(), command.to_owned());
            faults.push(layer.fault(&value.span(), what, meant));
            continue;
        }
        row.retain(|b| b.keys != parsed);
        if !command.is_empty() {
            row.push(Binding { keys: parsed, command: command.to_owned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::config::locale::{Catalog, Language};
    use crate::config::own::Text;

    fn keys(text: &str) -> Vec<Key> {
        parse(text).unwrap()
    }

    fn texts(files: &[(&str, &str)]) -> Texts {
        let file = |(name, text): &(&str, &str)| {
            let path = PathBuf::from(format!("{name}.toml"));
            ((*name).to_owned(), Text { path, text: (*text).to_owned() })
        };
        Texts { keymaps: files.iter().map(file).collect(), ..Texts::default() }
    }

    fn read(files: &[(&str, &str)]) -> Result<Keymap, String> {
        let at = Source::File("config.toml".into(), Some(7));
        let words = Catalog::new(Language::English);
        Keymap::read(files[0].0, &at, &texts(files))
            .map_err(|faults| faults.iter().map(|fault| fault.sentence(&words)).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn the_built_in_keymaps_have_no_fault() {
        for (name, _) in BUILT_IN {
            assert_eq!(Keymap::read(name, &Source::Flag(""), &Texts::default()).err(), None);
        }
    }

    #[test]
    fn a_nearer_context_wins_and_sequences_wait() {
        let map = Keymap::built_in();
        assert_eq!(map.find(&["list", "global"], &keys("g")), Found::Prefix);
        assert_eq!(map.find(&["list", "global"], &keys("g g")), Found::Command("first".into()));
        assert_eq!(map.find(&["list", "global"], &keys("g x")), Found::Nothing);
        let near = read(&[("mine", "[detail]\n\"q x\" = \"fold\"")]).unwrap();
        assert_eq!(near.find(&["detail", "global"], &keys("q")), Found::Prefix);
        assert_eq!(near.keys_of(&["detail", "global"], "quit").as_deref(), Some("ctrl-c"));
    }

    #[test]
    fn the_accounts_are_one_key_away_everywhere() {
        for map in BUILT_IN.map(|(name, _)| Keymap::named(name)) {
            for context in map.contexts() {
                for below in ["overlay", "global"] {
                    let found = map.find(&[context, below], &keys("ctrl-t"));
                    assert_eq!(found, Found::Command("switch-account".into()), "{context} over {below}");
                }
            }
        }
    }

    #[test]
    fn one_lies_over_what_it_inherits_from() {
        let map = read(&[("mine", "[global]\n\"Q\" = \"quit\"\n\"q\" = \"\"")]).unwrap();
        assert_eq!(map.find(&["global"], &keys("Q")), Found::Command("quit".into()));
        assert_eq!(map.find(&["global"], &keys("q")), Found::Nothing);
        assert_eq!(map.find(&["global"], &keys("j")), Found::Command("down".into()));
        let two = [("mine", "inherits = \"hers\""), ("hers", "inherits = \"vim\"\n[global]\nQ = \"quit\"")];
        let map = read(&two).unwrap();
        assert_eq!(map.find(&["global"], &keys("Q")), Found::Command("quit".into()));
        assert_eq!(map.find(&["global"], &keys("Z Z")), Found::Command("quit".into()));
        // One's own of a name that there is in the binary lies over that.
        let map = read(&[("vim", "inherits = \"vim\"\n[global]\nQ = \"quit\"")]).unwrap();
        assert_eq!(map.find(&["global"], &keys("Z Z")), Found::Command("quit".into()));
    }

    #[test]
    fn every_fault_is_told_with_its_line_and_what_was_meant() {
        let fault = |text: &str| read(&[("mine", text)]).unwrap_err();
        assert_eq!(
            fault("\n[global]\n\"ctrl-entr\" = \"quit\"\nx = \"qit\"\ny = 3\n[gobal]\n"),
            "mine.toml:3: [global] “ctrl-entr”: “ctrl-entr” is not a key. Did you mean “ctrl-enter”?\n\
             mine.toml:4: [global] “x”: there is no command “qit”. Did you mean “quit”?\n\
             mine.toml:5: “y” takes text: \"…\".\n\
             mine.toml:6: [gobal]: there is no such place. Did you mean “global”?"
        );
        assert!(
            fault("[xyzzyxyzzy]").starts_with("mine.toml:1: [xyzzyxyzzy]: there is no such place. There are global, ")
        );
        assert_eq!(fault("[global\n"), "mine.toml:1: not TOML (unclosed table, expected `]`).");
        let other = fault("\ninherits = \"vmi\"");
        assert_eq!(
            other,
            "mine.toml:2: there is no keymap “vmi”. There are default, vim, emacs, mine. Did you mean “vim”?"
        );
        let none = Keymap::read("eamcs", &Source::Flag("--x"), &Texts::default()).unwrap_err();
        assert_eq!(none[0].meant.as_deref(), Some("emacs"));
        let circle = read(&[("a", "inherits = \"b\""), ("b", "inherits = \"a\"")]).unwrap_err();
        assert_eq!(circle, "b.toml:1: “a” inherits from itself.");
    }
}

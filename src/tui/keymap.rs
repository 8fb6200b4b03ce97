//! Which keys run which commands, per context. Defaults are `assets/keymaps/default.toml`; a person's own file lies
//! over them, key by key. Nothing else on the screen knows a key by name.

use std::collections::BTreeMap;

use super::{command, key::Key};

/// The keymap in the binary.
pub const DEFAULT: &str = include_str!("../../assets/keymaps/default.toml");

/// The contexts that are not a pane's name.
pub const CONTEXTS: [&str; 20] = [
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
    "form",
    "link",
    "peek",
    "find",
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

/// A fault in a keymap file, in words for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not TOML.
    #[error("{0}")]
    Syntax(String),
    /// No such context.
    #[error("[{0}]: there is no such place; there are {1}")]
    Context(String, String),
    /// No such key.
    #[error("[{0}] \"{1}\": `{2}` is not a key")]
    Key(String, String, String),
    /// No such command, and the one that may have been meant.
    #[error("[{0}] \"{1}\": there is no command `{2}`")]
    Command(String, String, String, Option<&'static str>),
}

impl Keymap {
    /// The keymap in the binary.
    pub fn built_in() -> Self {
        let mut keymap = Self::default();
        // The file is part of the binary; a test reads it.
        let _ = keymap.lay_over(DEFAULT);
        keymap
    }

    /// Lays a file over this keymap. `""` as a command takes a key away. Nothing changes when the file has a fault.
    pub fn lay_over(&mut self, text: &str) -> Result<(), Error> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| Error::Syntax(e.message().to_owned()))?;
        let mut rows = self.rows.clone();
        for (context, keys) in &table {
            check_context(context)?;
            let row = rows.entry(context.clone()).or_default();
            for (written, command) in keys.as_table().into_iter().flatten() {
                let command = command.as_str().unwrap_or_default();
                let binding = binding(context, written, command)?;
                row.retain(|b| b.keys != binding.keys);
                if !command.is_empty() {
                    row.push(binding);
                }
            }
            // The shortest way to press a command is the one that footer and palette name.
            row.sort_by_cached_key(|b| (b.keys.len(), written(&b.keys).len(), written(&b.keys)));
        }
        self.rows = rows;
        Ok(())
    }

    /// What `keys` come to where these contexts hold, the nearest first.
    pub fn find(&self, contexts: &[&str], keys: &[Key]) -> Found {
        let rows = || contexts.iter().filter_map(|c| self.rows.get(*c)).flatten();
        if let Some(whole) = rows().find(|b| b.keys == keys) {
            return Found::Command(whole.command.clone());
        }
        if rows().any(|b| b.keys.starts_with(keys)) { Found::Prefix } else { Found::Nothing }
    }

    /// The keys of a command where these contexts hold, as one writes them; none when it has none there, or when a
    /// nearer context gives its keys to something else.
    pub fn keys_of(&self, contexts: &[&str], command: &str) -> Option<String> {
        let own = contexts.iter().filter_map(|c| self.rows.get(*c)).flatten().filter(|b| b.command == command);
        own.into_iter()
            .find(|b| self.find(contexts, &b.keys) == Found::Command(command.to_owned()))
            .map(|b| written(&b.keys))
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

fn check_context(context: &str) -> Result<(), Error> {
    let panes = super::pane::PANES.iter().map(|p| p.name());
    let known: Vec<&str> = CONTEXTS.into_iter().chain(panes).collect();
    if known.contains(&context) { Ok(()) } else { Err(Error::Context(context.to_owned(), known.join(", "))) }
}

fn binding(context: &str, keys: &str, command: &str) -> Result<Binding, Error> {
    let parsed = parse(keys).map_err(|bad| Error::Key(context.to_owned(), keys.to_owned(), bad.to_owned()))?;
    if parsed.is_empty() {
        return Err(Error::Key(context.to_owned(), keys.to_owned(), String::new()));
    }
    if !command.is_empty() && command::find(command).is_none() {
        let near = command::nearest(command);
        return Err(Error::Command(context.to_owned(), keys.to_owned(), command.to_owned(), near));
    }
    Ok(Binding { keys: parsed, command: command.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        parse(text).unwrap()
    }

    #[test]
    fn the_built_in_keymap_has_no_fault() {
        assert_eq!(Keymap::default().lay_over(DEFAULT), Ok(()));
    }

    #[test]
    fn a_nearer_context_wins_and_sequences_wait() {
        let map = Keymap::built_in();
        assert_eq!(map.find(&["list", "global"], &keys("g")), Found::Prefix);
        assert_eq!(map.find(&["list", "global"], &keys("g g")), Found::Command("first".into()));
        assert_eq!(map.find(&["list", "global"], &keys("g x")), Found::Nothing);
    }

    #[test]
    fn the_accounts_are_one_key_away_everywhere() {
        let map = Keymap::built_in();
        for context in map.contexts() {
            for below in ["overlay", "global"] {
                let found = map.find(&[context, below], &keys("ctrl-t"));
                assert_eq!(found, Found::Command("switch-account".into()), "{context} over {below}");
            }
        }
    }

    #[test]
    fn an_own_file_lies_over_and_faults_are_named() {
        let mut map = Keymap::built_in();
        map.lay_over("[global]\n\"Q\" = \"quit\"\n\"q\" = \"\"").unwrap();
        assert_eq!(map.find(&["global"], &keys("Q")), Found::Command("quit".into()));
        assert_eq!(map.find(&["global"], &keys("q")), Found::Nothing);
        let fault = |text: &str| Keymap::built_in().lay_over(text).unwrap_err().to_string();
        assert_eq!(fault("[global]\n\"ctrl-entr\" = \"quit\""), "[global] \"ctrl-entr\": `ctrl-entr` is not a key");
        assert_eq!(fault("[global]\nx = \"qit\""), "[global] \"x\": there is no command `qit`");
        let meant = Keymap::built_in().lay_over("[global]\nx = \"qit\"").unwrap_err();
        assert_eq!(meant, Error::Command("global".into(), "x".into(), "qit".into(), Some("quit")));
        assert!(fault("[gobal]\nx = \"quit\"").starts_with("[gobal]: there is no such place"));
    }
}

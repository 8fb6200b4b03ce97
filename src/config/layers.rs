//! Lays the file, the variables and the flags over each other.

use std::io;
use std::path::Path;

use super::environment::{VARIABLES, Variables};
use super::own::{Text, line, line_of};
use super::{Error, Fault, Settings, Source};
use crate::model::search::{Query, saved::Saved};

/// A setting given on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// As it is typed: `--listen`.
    pub name: &'static str,
    /// The setting: `server.listen`.
    pub setting: &'static str,
    /// What it is set to.
    pub value: String,
}

/// Reads the settings. A file that is not there is an empty one.
///
/// # Errors
/// With the first thing that is wrong, and where it stands.
pub fn load(file: &Path, variables: Variables<'_>, flags: &[Flag]) -> Result<Settings, Error> {
    let (settings, faults) = lay_all(&read(file)?, variables, flags);
    faults.into_iter().next().map_or(Ok(settings), Err)
}

/// The text of the file; of one that is not there, none.
pub(super) fn read(file: &Path) -> Result<Text, Error> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Text { path: file.to_owned(), text }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Text { path: file.to_owned(), ..Text::default() }),
        Err(error) => Err(Error::Unreadable { at: Source::File(file.to_owned(), None), why: error.to_string() }),
    }
}

/// Lays variables and flags over the text of a settings file. Every fault is told, and a setting with one is at its default.
pub fn lay_all(file: &Text, variables: Variables<'_>, flags: &[Flag]) -> (Settings, Vec<Error>) {
    let (text, mut faults) = without_faults(file);
    let mut settings: Settings = toml::from_str(&text).unwrap_or_default();
    let community = settings.client.community.clone();
    // What can be read as settings can be read as a table.
    let mut table: toml::Table = text.parse().unwrap_or_default();
    let set = VARIABLES
        .iter()
        .filter_map(|(name, setting)| variables(name).map(|value| (Source::Variable(name), *setting, value)));
    let given = flags.iter().map(|flag| (Source::Flag(flag.name), flag.setting, flag.value.clone()));
    for (source, setting, value) in set.chain(given) {
        let before = table.clone();
        match lay(&mut table, setting, &value) {
            Ok(laid) => settings = laid,
            Err(why) => {
                faults.push(explain(source, &why));
                table = before;
            }
        }
    }
    faults.extend(check(&mut settings, file));
    // Not to the community of a flag: a token would go to whatever is typed there.
    if !settings.client.token_command.tie(community.as_deref()) {
        let fault = Fault::Sort("config.sort.token_command");
        let at = Source::File(file.path.clone(), line_of(&text, "client.token_command"));
        faults.push(Error::Value { at, fault });
    }
    (settings, faults)
}

/// More faults than these are not looked for.
const MOST_FAULTS: usize = 50;

/// A settings file without what is wrong in it, and what that is: each fault is told, its line made empty, and what is
/// left is looked at again.
fn without_faults(file: &Text) -> (String, Vec<Error>) {
    let (mut text, mut faults) = (file.text.clone(), Vec::new());
    while let Err(error) = toml::from_str::<Settings>(&text) {
        let is_toml = text.parse::<toml::Table>().is_ok();
        // Taking out a part of what stands on several lines leaves no TOML; what is wrong with that is nobody's fault.
        if !is_toml && !faults.is_empty() || faults.len() == MOST_FAULTS {
            break;
        }
        let span = error.span();
        let at = Source::File(file.path.clone(), span.as_ref().map(|span| line(&text, span)));
        faults.push(explain(at, error.message()));
        match span.filter(|_| is_toml) {
            Some(span) => text = without_lines(&text, &span),
            None => break,
        }
    }
    faults.sort_by_key(|fault| match fault.at() {
        Source::File(_, line) => *line,
        Source::Variable(_) | Source::Flag(_) => None,
    });
    (text, faults)
}

/// A text in which the lines of a part are empty; with the head of a table goes all that stands in it.
fn without_lines(text: &str, span: &std::ops::Range<usize>) -> String {
    let (mut at, mut in_table) = (0, false);
    let mut left = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        let is_head = line.trim_start().starts_with('[');
        let is_hit = start < span.end.max(span.start + 1) && span.start < end;
        in_table = if is_hit { is_head } else { in_table && !is_head };
        left.push_str(if is_hit || in_table { "\n" } else { line });
    }
    left
}

/// Sets one setting to what the text means: itself, or a TOML value (`true`, `45`, `["::1"]`) where text does not fit.
fn lay(table: &mut toml::Table, setting: &str, text: &str) -> Result<Settings, String> {
    let before = table.clone();
    put(table, setting, toml::Value::String(text.to_owned()));
    let as_text = match table.clone().try_into() {
        Ok(settings) => return Ok(settings),
        Err(error) => error.message().to_owned(),
    };
    let Some(value) = format!("x = {text}").parse::<toml::Table>().ok().and_then(|mut t| t.remove("x")) else {
        return Err(as_text);
    };
    *table = before;
    put(table, setting, value);
    table.clone().try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

fn put(table: &mut toml::Table, setting: &str, value: toml::Value) {
    match setting.split_once('.') {
        None => {
            table.insert(setting.to_owned(), value);
        }
        Some((topic, rest)) => {
            let inner = table.entry(topic).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if let toml::Value::Table(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// What the types do not say. What is wrong is told, and the default stands in its place.
fn check(settings: &mut Settings, file: &Text) -> Vec<Error> {
    let mut faults = Vec::new();
    let mut wrong = |line, fault| faults.push(Error::Value { at: Source::File(file.path.clone(), line), fault });
    let screen = &mut settings.screen;
    if !(20..=80).contains(&screen.split) {
        let fault = Fault::Bounds("config.split", screen.split.to_string());
        wrong(line_of(&file.text, "screen.split"), fault);
        screen.split = Settings::default().screen.split;
    }
    for (nth, search) in screen.search.iter().enumerate().filter(|(_, search)| !is_search(search)) {
        wrong(line_of_search(&file.text, nth), Fault::Bounds("config.search", search.query.clone()));
    }
    screen.search.retain(is_search);
    faults
}

fn is_search(search: &Saved) -> bool {
    !search.name.is_empty() && Query::parse(&search.query).is_ok()
}

/// The line on which a saved search begins, counted from 0.
fn line_of_search(text: &str, nth: usize) -> Option<usize> {
    let table = toml::de::DeTable::parse(text).ok()?;
    let searches = table.get_ref().get("screen")?.get_ref().as_table()?.get("search")?.get_ref().as_array()?;
    Some(line(text, &searches.get(nth)?.span()))
}

/// Serde names an unknown field and those it knows, all in backquotes.
fn explain(at: Source, message: &str) -> Error {
    if !message.starts_with("unknown field") {
        return Error::Value { at, fault: Fault::of(message) };
    }
    let mut words = message.split('`').skip(1).step_by(2);
    let key = words.next().unwrap_or_default().to_owned();
    let meant = closest(&key, words);
    Error::Unknown { at, key, meant }
}

/// The word that takes the fewest changes to become from `word`, when these are few: what was probably meant.
pub fn closest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let few = word.chars().count() / 3 + 1;
    known
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(changes, _)| *changes <= few)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// Levenshtein's distance: letters added, dropped or replaced.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::client::Choice;
    use crate::config::locale::{Catalog, Language};
    use crate::config::terminal::WantedColors;
    use crate::model::search::saved::Pane;

    fn read(text: &str, variables: &[(&str, &str)], flags: &[Flag]) -> Result<Settings, Error> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, text).unwrap();
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        load(&file, &variable, flags)
    }

    fn said(result: Result<Settings, Error>) -> String {
        let sentence = result.unwrap_err().sentence(&Catalog::new(Language::English));
        sentence.rsplit_once('/').map_or(sentence.clone(), |(_, rest)| rest.to_owned())
    }

    #[test]
    fn a_flag_wins_over_a_variable_and_that_over_the_file() {
        let text = "[client]\ncommunity = \"https://file.example\"\nlanguage = \"zh-CN\"\n[screen]\nmouse = true";
        let settings = read(text, &[], &[]).unwrap();
        assert_eq!(settings.client.community.as_deref(), Some("https://file.example"));
        assert_eq!(settings.client.language, Choice::Chinese);
        let variables =
            [("LYCEUM_COMMUNITY", "https://env.example"), ("LYCEUM_MOUSE", "false"), ("LYCEUM_LISTEN", "[::1]:9")];
        let settings = read(text, &variables, &[]).unwrap();
        assert_eq!(settings.client.community.as_deref(), Some("https://env.example"));
        assert_eq!(settings.screen.mouse, Some(false));
        assert_eq!(settings.server.listen, "[::1]:9".parse().unwrap());
        assert_eq!(settings.client.language, Choice::Chinese);
        let flag = Flag { name: "--community", setting: "client.community", value: "https://flag.example".into() };
        let settings = read(text, &variables, &[flag]).unwrap();
        assert_eq!(settings.client.community.as_deref(), Some("https://flag.example"));
    }

    #[test]
    fn nothing_at_all_means_the_defaults() {
        assert_eq!(load(Path::new("/no/such/file"), &|_| None, &[]), Ok(Settings::default()));
    }

    #[test]
    fn a_fault_is_named_with_its_place() {
        let unknown = said(read("[client]\n\n[screen]\nthme = \"x\"\n", &[], &[]));
        assert_eq!(unknown, "config.toml:4: there is no setting “thme”. Did you mean “theme”?");
        let far = said(read("[screen]\nzzzzzz = 1\n", &[], &[]));
        assert_eq!(far, "config.toml:2: there is no setting “zzzzzz”.");
        let topic = said(read("[sreen]\n", &[], &[]));
        assert!(topic.ends_with("Did you mean “screen”?"), "{topic}");
        let value = said(read("[screen]\nmouse = \"maybe\"\n", &[], &[]));
        assert!(value.starts_with("config.toml:2: ") && value.contains("true or false"), "{value}");
        let syntax = said(read("[screen]\nmouse =\n", &[], &[]));
        assert!(syntax.starts_with("config.toml:2: "), "{syntax}");
        let variable = said(read("", &[("LYCEUM_MOUSE", "maybe")], &[]));
        assert!(variable.starts_with("LYCEUM_MOUSE: "), "{variable}");
        assert!(said(read("[screen]\nsplit = 95\n", &[], &[])).contains("20 to 80"));
    }

    #[test]
    fn all_faults_are_found_not_only_the_first() {
        let text = "[client]\nlangage = \"en\"\nlog = \"loud\"\nvault = \"file\"\n[sreen]\nmouse = 7\n[screen]\nmouse = \"x\"\n\
                    split = 5\n";
        let file = Text { path: "config.toml".into(), text: text.to_owned() };
        let words = Catalog::new(Language::English);
        let set = |name: &str| (name == "LYCEUM_NOTIFY").then(|| "loudly".to_owned());
        let (settings, faults) = lay_all(&file, &set, &[]);
        let said: Vec<String> = faults.iter().map(|fault| fault.sentence(&words)).collect();
        assert_eq!(
            said,
            [
                "config.toml:2: there is no setting “langage”. Did you mean “language”?",
                "config.toml:3: “loud” is none of the words there are: error · warn · info · debug.",
                "config.toml:5: there is no setting “sreen”. Did you mean “screen”?",
                "config.toml:8: this takes true or false.",
                "LYCEUM_NOTIFY: “loudly” is none of the words there are: auto · bell · osc9 · osc777 · osc99 · off.",
                "config.toml:9: screen.split is 5. It goes from 20 to 80.",
            ]
        );
        assert_eq!(settings.client.vault, crate::config::client::Vault::File);
        let broken = Text { text: "[screen\nmouse = 7".to_owned(), ..file.clone() };
        assert_eq!(lay_all(&broken, &|_| None, &[]).1.len(), 1);
        // Where a fault begins what stands on several lines, what is left of that is not held against anybody.
        let long = Text { text: "[server]\ntrusted_prxies = [\n  \"x\",\n]\n".to_owned(), ..file };
        assert_eq!(lay_all(&long, &|_| None, &[]).1.len(), 1);
    }

    #[test]
    fn a_value_of_another_sort_in_the_file_is_told_with_its_line() {
        let said = said(read("[screen]\ntheme = 7\n", &[], &[]));
        assert_eq!(said, "config.toml:2: this takes text: \"…\".");
    }

    #[test]
    fn a_wrong_value_is_told_in_the_readers_own_language() {
        let wrong = [
            ("client.log", "loud", "error · warn · info · debug"),
            ("terminal.colors", "255", "auto · none · 16 · 256 · true"),
            ("terminal.colors", "many", "auto · none · 16 · 256 · true"),
            ("terminal.clipboard", "xclip", "auto · osc52 · tool · off"),
            ("screen.mouse", "maybe", "true"),
            ("screen.split", "wide", "20"),
            ("server.listen", "localhost", "127.0.0.1:7878"),
            ("server.listen", "7878", "127.0.0.1:7878"),
            ("server.trusted_proxies", "everybody", "[\"10.0.0.1\"]"),
            ("server.trusted_proxies", "[\"everybody\"]", "10.0.0.1"),
            ("server.limits", "none", "[…]"),
            ("server.limits.connections", "-1", "20"),
        ];
        for (setting, value, says) in wrong {
            let flag = Flag { name: "--flag", setting, value: value.to_owned() };
            let Err(error) = read("", &[], &[flag]) else { panic!("{setting} = {value} was taken") };
            for language in Language::ALL {
                let sentence = error.sentence(&Catalog::new(language));
                assert!(sentence.starts_with("--flag") && sentence.contains(says), "{error:?}: {sentence}");
                let english = ["expected", "invalid", "unknown"].iter().any(|word| sentence.contains(word));
                assert!(!english, "{error:?}: {sentence}");
            }
        }
    }

    #[test]
    fn a_command_for_a_token_is_tied_to_a_community() {
        let all = |text: &str, flags: &[Flag]| {
            let settings = read(text, &[], flags).map_err(|error| error.sentence(&Catalog::new(Language::English)))?;
            let commands = settings.client.token_command.all();
            Ok(commands.map(|(community, command)| format!("{community}: {command}")).collect::<Vec<_>>())
        };
        let beside = "[client]\ncommunity = \"https://a.example\"\ntoken_command = \"pass show a\"";
        assert_eq!(all(beside, &[]), Ok(vec!["https://a.example: pass show a".to_owned()]));
        let flag = Flag { name: "--community", setting: "client.community", value: "https://evil.example".into() };
        let alone = "[client]\ntoken_command = \"pass show a\"";
        assert_eq!(all(beside, std::slice::from_ref(&flag)), all(beside, &[]), "went to another");
        for refused in [all(alone, &[]), all(alone, &[flag]), all("[client]\ntoken_command = 7", &[])] {
            let said: String = refused.unwrap_err();
            assert!(said.contains("[client.token_command]"), "{said}");
        }
        let several = "[client.token_command]\n\"https://a.example\" = \"a\"\n\"https://b.example\" = \"b\"";
        assert_eq!(all(several, &[]).unwrap().len(), 2);
    }

    #[test]
    fn a_saved_search_is_read_and_a_wrong_one_is_told() {
        let one = |query: &str, pane: &str| {
            read(&format!("[[screen.search]]\nname = \"musl\"\nquery = \"{query}\"\npane = \"{pane}\"\n"), &[], &[])
        };
        let settings = one("tag:musl is:unanswered", "questions").unwrap();
        assert_eq!(settings.screen.search[0].pane, Pane::Questions);
        assert!(said(one("colour:red", "feed")).contains("colour:red"));
        let text = "[screen]\nsplit = 95\n[[screen.search]]\nname = \"a\"\nquery = \"x\"\n\n[[screen.search]]\nname = \"b\"\n\
                    query = \"colour:red\"\n[[screen.search]]\nname = \"\"\nquery = \"y\"\n";
        let file = Text { path: "config.toml".into(), text: text.to_owned() };
        let (settings, faults) = lay_all(&file, &|_| None, &[]);
        let lines: Vec<_> = faults.iter().map(|fault| fault.at().to_string()).collect();
        assert_eq!(lines, ["config.toml:2", "config.toml:7", "config.toml:10"]);
        assert_eq!((settings.screen.search.len(), settings.screen.split), (1, Settings::default().screen.split));
        assert_eq!(one("x", "inbox").unwrap().screen.search[0].pane, Pane::Inbox);
        assert!(said(one("x", "outbox")).contains("feed · threads · questions · membership · inbox"));
    }

    #[test]
    fn colours_may_be_a_number() {
        for text in ["[terminal]\ncolors = 16\n", "[terminal]\ncolors = \"16\"\n"] {
            assert_eq!(read(text, &[], &[]).unwrap().terminal.colors, WantedColors::Sixteen);
        }
        let said = said(read("[terminal]\nclipbord = \"off\"\n", &[], &[]));
        assert_eq!(said, "config.toml:2: there is no setting “clipbord”. Did you mean “clipboard”?");
    }

    #[test]
    fn distances_count_changes() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(closest("colour", ["color", "theme"].into_iter()), Some("color".to_owned()));
        assert_eq!(closest("x", ["theme"].into_iter()), None);
    }

    #[test]
    fn every_variable_stands_for_a_setting() {
        for (name, setting) in VARIABLES {
            let mut table = toml::Table::new();
            // No setting takes an empty table: it is the setting's value that is refused, never its name.
            put(&mut table, setting, toml::Value::Table(toml::Table::new()));
            let refused = Settings::try_from_table(table);
            assert!(!refused.contains("unknown field"), "{name}: {refused}");
        }
    }

    impl Settings {
        fn try_from_table(table: toml::Table) -> String {
            table.try_into::<Self>().map_err(|e| e.to_string()).err().unwrap_or_default()
        }
    }

    /// The explained file says what the code does: as it is, and with the examples of unset settings taken out of
    /// their comments.
    #[test]
    fn the_default_file_holds_the_defaults_and_every_setting() {
        let text = crate::config::DEFAULT_FILE;
        assert_eq!(toml::from_str::<Settings>(text).unwrap(), Settings::default());
        let with_examples: String =
            text.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line)).collect::<Vec<_>>().join("\n");
        let table: toml::Table = with_examples.parse().unwrap();
        assert!(table.clone().try_into::<Settings>().is_ok(), "an example is wrong");
        for (name, setting) in VARIABLES {
            let (topic, key) = setting.split_once('.').unwrap();
            assert!(table[topic].get(key).is_some(), "{setting} is not explained");
            assert!(text.contains(name), "{name} is not explained");
        }
        for (topic, known) in [("client", 10), ("screen", 14), ("terminal", 11)] {
            assert_eq!(table[topic].as_table().unwrap().len(), known, "settings of {topic}");
        }
    }
}

//! From a typed line to what the state understands: names of commands, keys, numbers, and the few words that only make
//! sense line by line.

use super::Act;
use super::list;
use crate::tui::{
    command,
    key::Key,
    keymap::{self, Found},
    msg::Input,
    state::State,
    update::contexts,
};

/// Other words for commands. `next` and its like are what a reader of lines says.
const ALIASES: &[(&str, &str)] = &[
    ("next", "down"),
    ("n", "down"),
    ("previous", "up"),
    ("prev", "up"),
    ("p", "up"),
    ("exit", "quit"),
    ("bye", "quit"),
    ("vote", "vote-up"),
    ("read", "open"),
    ("signin", "sign-in"),
    ("login", "sign-in"),
];

/// Words of this mode alone.
const OWN: &[&str] = &["list", "more", "all", "where", "again", "keys", "commands"];

/// Whether a line is a command for sure: it begins with a colon.
pub(super) fn is_command(line: &str) -> bool {
    line.trim_start().strip_prefix(':').is_some_and(|word| named(word.split(' ').next().unwrap_or_default()).is_some())
}

/// The command of a word, by its name or another word for it.
fn named(word: &str) -> Option<&'static str> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == word).map_or(word, |(_, name)| name);
    command::find(name).map(|command| command.name)
}

/// What a line comes to where nothing is asked for.
pub(super) fn read(state: &State, line: &str) -> Vec<Act> {
    let line = line.trim().trim_start_matches(':').trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let number = rest.trim().parse::<u32>().ok();
    match word {
        "" => key(state, "enter", None).unwrap_or_default(),
        "again" | "where" => vec![Act::Again],
        "keys" | "help" if state.overlays.is_empty() && number.is_none() => vec![Act::Say(help(state))],
        "commands" => vec![Act::Say(every(state))],
        own if OWN.contains(&own) => list::word(state, own),
        _ => by_number(state, word)
            .or_else(|| {
                named(word).filter(|_| rest.is_empty() || number.is_some()).map(|name| run(state, name, number))
            })
            .or_else(|| keys(state, line))
            .unwrap_or_else(|| vec![Act::Say(vec![unknown(state, line)])]),
    }
}

/// A number alone means what bears it: a row that is opened, a post that is gone to.
fn by_number(state: &State, word: &str) -> Option<Vec<Act>> {
    let number = word.parse::<u32>().ok()?;
    if !state.overlays.is_empty() {
        return None;
    }
    if state.pane().reader(state).is_some() {
        return Some(go_to(state, number));
    }
    Some(run(state, "open", Some(number)))
}

fn post(state: &State, number: u32) -> Vec<Act> {
    let has = state.pane().reader(state).and_then(|reader| reader.sheet()).is_some_and(|s| s.whole.contains(&number));
    if has { vec![Act::Post(number)] } else { no_such(state, number) }
}

/// To a post, be it one that has to be fetched first.
fn go_to(state: &State, number: u32) -> Vec<Act> {
    let reader = state.pane().reader(state).filter(|reader| reader.sheet().is_some() && !reader.is_whole());
    let last = reader.and_then(|reader| state.threads.get(&reader.id)).map_or(0, |thread| thread.last);
    if (1..=last).contains(&number) { vec![Act::Post(number)] } else { post(state, number) }
}

fn no_such(state: &State, number: u32) -> Vec<Act> {
    vec![Act::Say(vec![state.words.fill("plain.no_such_row", &[("n", &number.to_string())])])]
}

/// A command with a number: how often, where it says how often or which one; else what it is done to.
pub(super) fn run(state: &State, name: &'static str, number: Option<u32>) -> Vec<Act> {
    const COUNTED: &[&str] = &[
        "down",
        "up",
        "link",
        "copy-code",
        "copy-link",
        "next-sibling",
        "previous-sibling",
        "next-top",
        "previous-top",
    ];
    let Some(number) = number.filter(|_| state.overlays.is_empty()) else {
        return step(state, name, None);
    };
    if COUNTED.contains(&name) {
        return step(state, name, Some(number));
    }
    let mut acts = if state.pane().reader(state).is_some() {
        post(state, number)
    } else {
        match list::select(state, number) {
            Some(acts) => acts,
            None => return no_such(state, number),
        }
    };
    if !matches!(acts.last(), Some(Act::Say(_))) {
        acts.push(Act::Input(Input::Command(name, None)));
    }
    acts
}

/// In an open thread a step goes from post to post; everywhere else the command knows itself what it is.
fn step(state: &State, name: &'static str, count: Option<u32>) -> Vec<Act> {
    let reader = state.pane().reader(state).filter(|_| state.overlays.is_empty());
    let Some(sheet) = reader.and_then(|reader| reader.sheet()) else {
        return vec![Act::Input(Input::Command(name, count))];
    };
    let current = reader.map_or(1, |reader| reader.current);
    let at = sheet.order.iter().position(|number| *number == current).unwrap_or(0);
    let last = sheet.order.len().saturating_sub(1);
    let steps = count.unwrap_or(1) as usize;
    let to = match name {
        "down" => (at + steps).min(last),
        "up" => at.saturating_sub(steps),
        "half-down" | "page-down" => (at + 5).min(last),
        "half-up" | "page-up" => at.saturating_sub(5),
        "first" => 0,
        "last" => last,
        _ => return vec![Act::Input(Input::Command(name, count))],
    };
    if to == at && at == last && matches!(name, "down" | "page-down" | "half-down") {
        return vec![Act::Say(vec![state.word("plain.empty_end")])];
    }
    sheet.order.get(to).map(|number| Act::Post(*number)).into_iter().collect()
}

/// Keys one after another, as keymaps write them or without spaces, with a number before them.
fn keys(state: &State, line: &str) -> Option<Vec<Act>> {
    let digits: String = line.chars().take_while(char::is_ascii_digit).collect();
    let rest = line[digits.len()..].trim();
    key(state, rest, digits.parse().ok()).or_else(|| {
        let apart: Vec<String> = rest.chars().map(String::from).collect();
        key(state, &apart.join(" "), digits.parse().ok())
    })
}

fn key(state: &State, written: &str, count: Option<u32>) -> Option<Vec<Act>> {
    let keys: Vec<Key> = keymap::parse(written).ok().filter(|keys| !keys.is_empty())?;
    let contexts = match state.overlays.last() {
        Some(over) => vec![over.context(), "overlay"],
        None => contexts(state),
    };
    match state.keymap.find(&contexts, &keys) {
        Found::Command(name) => Some(run(state, command::find(&name)?.name, count)),
        Found::Prefix | Found::Nothing => None,
    }
}

fn unknown(state: &State, line: &str) -> String {
    let word = line.split_whitespace().next().unwrap_or_default();
    let own = OWN.iter().copied().chain(ALIASES.iter().map(|(alias, _)| *alias));
    let commands = command::all().map(|command| command.name);
    let meant = crate::config::closest(word, commands).or_else(|| crate::config::closest(word, own));
    match meant {
        Some(meant) => state.words.fill("plain.meant", &[("word", word), ("meant", &meant)]),
        None => state.words.fill("plain.unknown", &[("word", word)]),
    }
}

/// What can be done here and now, with its keys.
fn help(state: &State) -> Vec<String> {
    let mut lines = vec![state.word("plain.help_words"), state.word("plain.help_here")];
    let contexts = contexts(state);
    let mut told: Vec<&str> = Vec::new();
    for binding in contexts.iter().flat_map(|context| state.keymap.rows(context)) {
        let Some(command) = command::find(&binding.command).filter(|command| !told.contains(&command.name)) else {
            continue;
        };
        told.push(command.name);
        if command.name != "count" && (command.when)(state).is_ok() {
            lines.push(line(state, command.name, &contexts));
        }
    }
    lines
}

/// All commands.
fn every(state: &State) -> Vec<String> {
    let contexts = contexts(state);
    let all = command::all().filter(|command| command.name != "count");
    std::iter::once(state.word("plain.help_all"))
        .chain(all.map(|command| line(state, command.name, &contexts)))
        .collect()
}

fn line(state: &State, name: &str, contexts: &[&str]) -> String {
    let key = state.keymap.keys_of(contexts, name).map(|key| format!(" ({key})")).unwrap_or_default();
    format!("{name}{key}: {}", state.word(&format!("command.{name}")))
}

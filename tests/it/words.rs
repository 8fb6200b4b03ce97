//! The catalogues and the code agree: every key that is used is there, every key that is there is used, and no sentence
//! for people stands anywhere else.
//!
//! A use is a string in the code that is the key, or a pattern of one (`"role.{}"`) with the words that fill it in
//! [`PATTERNS`]. Help of the command line (`help.lyceum…`) is held by the tests of `cli::help`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lyceum::config::locale::{Catalog, Language};
use lyceum::model::{feed::View, member::Role};
use lyceum::tui::{
    command,
    keymap::{CONTEXTS, Keymap},
    pane::PANES,
};

/// Patterns of keys in the code, every place in them written `{}`, and what the places are filled with; the words for
/// several places have a `/` between them.
type Pattern = (&'static str, fn() -> Vec<String>);

const PATTERNS: &[Pattern] = &[
    ("cli.signed_in.{}", || words("keyring encrypted file")),
    ("command.{}", || command::all().map(|c| c.name.to_owned()).collect()),
    ("label.{}", || command::all().map(|c| c.name.to_owned()).collect()),
    ("compose.new.{}", || words(KINDS)),
    ("empty.{}", || View::ALL.iter().map(|view| view.as_str().to_owned()).collect()),
    ("family.{}", || command::FAMILIES.iter().map(|(family, _)| (*family).to_owned()).collect()),
    ("help.fault.{}", || {
        words("argument command value choice bounds no-value missing no-command conflict twice not-text unreadable")
    }),
    ("help.word.{}", || words("help version")),
    ("kind.{}", || words(KINDS)),
    ("kinds.{}", || words(KINDS)),
    ("markup.alert.{}", || words("note tip important warning caution")),
    ("membership.fact.{}", || {
        words("paid trial gift granted failed cancel cancel_undone pause resume refunded revoked")
    }),
    ("membership.say.{}.dated", || words(STANDINGS)),
    ("membership.say.{}.open", || words(STANDINGS)),
    ("membership.why.{}", || words("open staff held no-membership tier-too-low ended")),
    ("membership.word.{}", || words(STANDINGS)),
    ("outbox.{}", || words("new-thread reply edit vote accept read follow bookmark done mute")),
    ("page.kind.{}", || words(KINDS)),
    ("pane.{}", || PANES.iter().map(|pane| pane.name().to_owned()).collect()),
    ("place.{}", places),
    ("role.{}", || Role::ALL.iter().map(|role| role.as_str().to_owned()).collect()),
    ("scope.{}", || words("read write")),
    ("script.set.{}.{}", || {
        let marks = "accept/on accept/off bookmark/on bookmark/off follow/on follow/off mute/on mute/off mark-read/on";
        words(&format!("vote/up vote/down vote/none done/on done/off {marks}"))
    }),
    ("script.state.{}", || words("held queued sending retry unsure")),
    ("sign_in.way.{}", || words("by-device in-browser with-token")),
    ("sort.{}", || words("active newest oldest waiting votes")),
    ("state.{}", || words("all unanswered open solved mine needs-me bookmarked")),
    ("stuck.{}", || words(STUCK)),
    ("stuck.{}-hint", || words(STUCK)),
    ("template.{}", || words("bug how-to review")),
    ("vault.name.{}", || words("keyring encrypted file command memory environment")),
    ("web.{}.text", || words("approved refused")),
    ("web.failure.{}", || words(FAILURES)),
    ("web.wrong.{}", || words("code password otp_missing otp")),
    ("view.{}", || View::ALL.iter().map(|view| view.as_str().to_owned()).collect()),
];

/// Failures that a page has words of its own for.
const FAILURES: &str = "page_ended too_many_requests method_not_allowed busy internal unknown";
const KINDS: &str = "article discussion question announcement";
const STANDINGS: &str = "none trial active gift granted past-due cancelled paused expired refunded revoked";
const STUCK: &str = "not-found forbidden gated conflict invalid too-large unsupported failing unknown";

/// Patterns whose words other tests hold together with the code.
const HELD_ELSEWHERE: &[&str] = &["help.{}", "help.metavar."];
/// The keys of these patterns.
const KEYS_ELSEWHERE: &[&str] = &["help.lyceum.", "help.metavar."];

/// What looks like a key and is a file, or the beginning of keys.
const NO_KEYS: &[&str] = &["config.toml", "accounts.toml", "error.untrusted", "markup.inserted", "markup.deleted"];

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

fn places() -> Vec<String> {
    let keymap = Keymap::built_in();
    let panes = PANES.iter().map(|pane| pane.name());
    let all: BTreeSet<&str> = CONTEXTS.into_iter().chain(keymap.contexts()).chain(panes).collect();
    all.into_iter().map(str::to_owned).collect()
}

/// A string in the code, and the code before it.
struct Literal {
    file: PathBuf,
    text: String,
    before: String,
}

fn files(folder: &Path, of: &str, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, of, into);
        } else if path.extension().is_some_and(|e| e == of) {
            into.push(path);
        }
    }
}

/// The strings of the code that is no test.
fn literals() -> Vec<Literal> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    files(&root.join("src"), "rs", &mut sources);
    let mut found = Vec::new();
    for path in sources {
        let file = path.strip_prefix(root).unwrap().to_owned();
        let is_test = file.iter().any(|part| part == "tests" || part == "tests.rs");
        if !is_test {
            let code = std::fs::read_to_string(&path).unwrap();
            let ends = ["#[cfg(test)]\nmod ", "\nmod tests {"].map(|end| code.find(end).unwrap_or(code.len()));
            let end = ends[0].min(ends[1]);
            read(&file, &code[..end], &mut found);
        }
    }
    found
}

/// Cuts the strings out of code.
fn read(file: &Path, code: &str, into: &mut Vec<Literal>) {
    let mut at = 0;
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if let Some((start, end)) = raw(rest).or_else(|| plain(rest)) {
            let from = (0..=at.saturating_sub(160)).rev().find(|from| code.is_char_boundary(*from)).unwrap_or(0);
            let text = rest[start..end].replace("\\\"", "\"").replace("\\n", "\n");
            into.push(Literal { file: file.to_owned(), text, before: code[from..at].to_owned() });
            at += end + start.saturating_sub(1).max(1);
        } else if c == '\'' {
            // A character, or a lifetime.
            let end = rest[1..].char_indices().nth(if rest[1..].starts_with('\\') { 2 } else { 1 });
            let is_char = end.is_some_and(|(end, _)| rest[1 + end..].starts_with('\''));
            at += if is_char { end.map_or(1, |(end, _)| end + 2) } else { 1 };
        } else {
            at += c.len_utf8();
        }
    }
}

/// Where the inside of a plain string begins and ends.
fn plain(rest: &str) -> Option<(usize, usize)> {
    let inside = rest.strip_prefix('"')?;
    let mut escaped = false;
    let end = inside.char_indices().find(|(_, c)| {
        let is_end = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        is_end
    })?;
    Some((1, 1 + end.0))
}

/// The same of a raw one: `r#"…"#`.
fn raw(rest: &str) -> Option<(usize, usize)> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let inside = after[hashes..].strip_prefix('"')?;
    let end = inside.find(&format!("\"{}", "#".repeat(hashes)))?;
    Some((hashes + 2, hashes + 2 + end))
}

/// A pattern with every place written `{}`.
fn bare(pattern: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in pattern.chars() {
        match c {
            '{' => {
                inside = true;
                out.push('{');
            }
            '}' => {
                inside = false;
                out.push('}');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

fn is_like_a_key(text: &str) -> bool {
    text.contains('.')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-{}".contains(c))
        && text.split('.').all(|part| !part.is_empty())
}

#[test]
fn every_key_that_is_used_is_there_and_every_key_that_is_there_is_used() {
    let catalog = Catalog::new(Language::English);
    let keys: BTreeSet<&str> = catalog.keys().collect();
    let tables: BTreeSet<&str> = keys.iter().filter_map(|key| key.split('.').next()).collect();
    let (mut used, mut patterns, mut faults) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for literal in literals() {
        let text = literal.text.as_str();
        let forms = ["one", "other"].map(|form| format!("{text}.{form}"));
        if keys.contains(text) {
            used.insert(text.to_owned());
        } else if keys.contains(forms[1].as_str()) {
            used.extend(forms);
        } else if is_like_a_key(text) && text.split('.').next().is_some_and(|table| tables.contains(table)) {
            match (text.contains('{'), NO_KEYS.contains(&text)) {
                (true, _) => drop(patterns.insert(bare(text))),
                (false, false) => faults.push(format!("{}: there is no key {text}", literal.file.display())),
                (false, true) => {}
            }
        }
    }
    used.extend(in_pages());
    // Only the reference of the documentation shows it.
    patterns.insert("family.{}".to_owned());
    let elsewhere = |text: &str, known: &[&str]| known.iter().any(|known| text.starts_with(known));
    for (pattern, fill) in PATTERNS {
        if !patterns.remove(*pattern) {
            faults.push(format!("no code uses {pattern}"));
        }
        for word in fill() {
            let key = word.split('/').fold((*pattern).to_owned(), |key, part| key.replacen("{}", part, 1));
            if !keys.contains(key.as_str()) {
                faults.push(format!("there is no key {key}"));
            }
            used.insert(key);
        }
    }
    faults
        .extend(patterns.iter().filter(|p| !elsewhere(p, HELD_ELSEWHERE)).map(|p| format!("{p} is no known pattern")));
    let unused = keys.iter().filter(|key| !used.contains(**key) && !elsewhere(key, KEYS_ELSEWHERE));
    faults.extend(unused.map(|key| format!("nothing uses {key}")));
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A page has words for no failure that the server does not know.
#[test]
fn the_failures_that_pages_tell_are_failures_of_the_server() {
    let of_server = |literal: &Literal| literal.file.starts_with("src/server") || literal.file.starts_with("src/api");
    let known: BTreeSet<String> = literals().into_iter().filter(of_server).map(|literal| literal.text).collect();
    // What has none is told as one of these.
    let named = FAILURES.split(' ').filter(|word| !["internal", "unknown"].contains(word));
    let strange: Vec<&str> = named.filter(|word| !known.contains(*word)).collect();
    assert!(strange.is_empty(), "{strange:?}");
}

/// The keys in the pages of the server: `{{web.some.key}}`.
fn in_pages() -> Vec<String> {
    let mut pages = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/web"), "html", &mut pages);
    let mut found = Vec::new();
    for page in pages {
        let text = std::fs::read_to_string(page).unwrap();
        found.extend(text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.to_owned())));
    }
    found
}

/// Rooms that speak to people.
const SPEAKING: &[&str] = &["src/tui", "src/cli", "src/boot", "src/engine", "src/config", "src/vault", "src/community"];

/// Sentences that no person gets to see, or that are the same in every language, by file and beginning.
const SILENT: &[(&str, &str)] = &[
    // A community in memory, for tests.
    ("src/community/memory", ""),
    // What the parser of the settings and the one of arguments say, to be told in other words.
    ("src/config/error.rs", ""),
    ("src/config/layers.rs", "unknown field"),
    // The head of a settings file.
    ("src/config.rs", ""),
    ("src/cli/help.rs", " is not in "),
    ("src/cli/writing.rs", "1 to 200 visible ASCII characters"),
    // Manual pages.
    ("src/cli/exit.rs", ""),
    // Files that go to others.
    ("src/cli/export", ""),
    ("src/community/http/failure.rs", "tunnel error: proxy authorization required"),
    ("src/vault/keyring.rs", "result not returned"),
    // Details of a failure for the log and for who mends it, as those of other libraries.
    ("src/community/http.rs", ""),
    ("src/community/http/events.rs", ""),
    ("src/community/native/events.rs", ""),
    ("src/vault", ""),
    ("src/boot/vaults.rs", "Linux only"),
    ("src/boot/person.rs", "{}: no line of text"),
    // A folder is known by it.
    ("src/boot/demo.rs", "Made by `lyceum demo`"),
    // What another program is told, and what it says.
    ("src/engine/attach/git.rs", ""),
    // In a text that goes to others, in whatever language.
    ("src/engine/attach/process.rs", ""),
    // HTTP, and a file format.
    ("src/engine/way_in/browser.rs", "404 Not Found"),
    ("src/engine/way_in/browser.rs", "HTTP/1.1"),
    // How this program is called in the list of sessions.
    ("src/boot/backends.rs", "lyceum on {host}"),
    // Names of lines: the same in every language.
    ("src/cli/doctor.rs", "ca file"),
    ("src/cli/doctor.rs", "vault cache keyutils"),
];

#[test]
fn no_sentence_stands_in_the_code() {
    let mut faults = Vec::new();
    for literal in literals() {
        let file = literal.file.display().to_string();
        let speaks = SPEAKING.iter().any(|room| file.starts_with(room));
        let is_silent = SILENT.iter().any(|(room, start)| file.starts_with(room) && literal.text.starts_with(start));
        if speaks && !is_silent && is_sentence(&literal.text) && !is_for_the_log(&literal.before) {
            faults.push(format!("{file}: {:?}", literal.text));
        }
    }
    assert!(faults.is_empty(), "these belong in assets/locales:\n{}", faults.join("\n"));
}

/// Two words side by side.
fn is_sentence(text: &str) -> bool {
    let is_word = |word: &str| {
        let word = word.trim_matches([',', ':', ';', '.', '!', '?']);
        word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic())
    };
    let words: Vec<&str> = text.split([' ', '\n']).collect();
    words.windows(2).any(|pair| is_word(pair[0]) && is_word(pair[1]))
}

/// For the log, or the words of an error for other code: what a person reads of it comes from the catalogue.
fn is_for_the_log(before: &str) -> bool {
    let statement = before.rsplit([';', '{', '}']).next().unwrap_or_default();
    statement.contains("tracing::") || before.trim_end().ends_with("#[error(") || statement.contains(".expect(")
}

/// What these tests look for is found.
#[test]
fn the_reader_of_code_finds_strings_and_sentences() {
    let code = "let a = 'x'; // \"no\"\nsay(\"un.key\", r#\"raw \"one\"\"#, '\\'', \"a \\\" b\", b\"by\");";
    let mut found = Vec::new();
    read(Path::new("x.rs"), code, &mut found);
    let texts: Vec<&str> = found.iter().map(|literal| literal.text.as_str()).collect();
    assert_eq!(texts, ["un.key", "raw \"one\"", "a \" b", "by"]);
    assert!(is_sentence("The list is empty.") && is_sentence("no: input") && !is_sentence("content-type: {}"));
    assert_eq!(bare("membership.say.{word}.open"), "membership.say.{}.open");
    assert!(is_for_the_log("x(); tracing::warn!(%error, "));
    assert!(!is_for_the_log("tracing::warn!(%error, \"a\"); say("));
}

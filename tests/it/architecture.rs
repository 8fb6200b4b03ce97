//! The house rules that one package cannot leave to the compiler: imports go down only, third parties stay in their
//! rooms, files stay small.
//!
//! Reads the sources as text. A path counts wherever it stands (`use`, inline, in an attribute), comments and string
//! literals apart, so a rule cannot be got round by writing a path out in full.

use std::path::{Path, PathBuf};

/// Who may use whom: the first word of a path after `crate::`, or a longer prefix where rooms differ.
/// A room may always use itself.
const ALLOWED: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("model", &["base"]),
    ("api", &["model", "base"]),
    ("config", &["model", "base"]),
    ("community", &["model", "base"]),
    ("community::http", &["community", "model", "base"]),
    ("community::native", &["community", "community::http", "api", "model", "base"]),
    ("community::discourse", &["community", "community::http", "model", "base"]),
    ("community::memory", &["community", "model", "base"]),
    ("vault", &["base"]),
    ("store", &["model", "base"]),
    ("server", &["api", "model", "config", "base"]),
    ("engine", &["community", "vault", "store", "config", "model", "base"]),
    ("tui", &["engine", "config", "model", "base"]),
    ("cli", &["engine", "config", "model", "base"]),
    ("boot", &["*"]),
    ("main", &["*"]),
    ("lib", &["*"]),
];

/// Below a port, what only `boot` may name, and who has a row for it: the adapters themselves.
const ADAPTERS: &[&str] = &[
    "community::http",
    "community::native",
    "community::memory",
    "community::discourse",
    "vault::keyring",
    "vault::encrypted",
    "vault::file",
    "vault::command",
    "vault::keyutils",
    "vault::memory",
];

/// Third parties and the rooms they may be named in.
const ROOMS: &[(&str, &[&str])] = &[
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("tui_textarea", &["tui"]),
    ("emojis", &["tui::overlay::compose"]),
    ("syntect", &["tui"]),
    ("two_face", &["tui"]),
    ("reqwest", &["community::native", "community::http", "community::discourse"]),
    ("hyper_util", &["community::http"]),
    ("httpdate", &["community::http"]),
    ("rustls", &["community::http", "server"]),
    ("axum", &["server"]),
    ("axum_server", &["server"]),
    ("tower", &["server"]),
    ("tower_http", &["server"]),
    ("sqlx", &["server", "store"]),
    ("argon2", &["server", "vault::encrypted"]),
    ("crc32fast", &["server"]),
    ("data_encoding", &["server"]),
    ("utoipa", &["server", "api", "model", "cli::json"]),
    ("utoipa_axum", &["server"]),
    ("unicode_security", &["server"]),
    ("unicode_normalization", &["server"]),
    ("keyring", &["vault::keyring"]),
    ("linux_keyutils", &["vault::keyutils"]),
    ("shell_words", &["vault::command"]),
    ("directories", &["base::paths"]),
    ("qrcodegen", &["base::qr"]),
    ("open", &["tui::run"]),
    ("form_urlencoded", &["server::auth::authorization", "engine::way_in"]),
    ("pulldown_cmark", &["model::markup"]),
    ("clap", &["cli", "config"]),
    ("icu_locale_core", &["config::locale"]),
    ("icu_plurals", &["config::locale"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("std::env", &["config", "base::paths"]),
    ("std::time::SystemTime", &["base::time"]),
    ("Timestamp::now", &["base::time"]),
    ("SystemTime::now", &["base::time"]),
    ("Zoned::now", &["base::time"]),
    ("ZonedDateTime::now", &["base::time"]),
    ("aws_lc_rs::rand", &["base::random"]),
];

const MOST_LINES: usize = 500;
const MOST_FUNCTION_LINES: usize = 100;

/// A source file: its module path (`community::native::client`) and its text without comments and literals.
struct Source {
    path: PathBuf,
    module: String,
    code: String,
    lines: usize,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(source(&root, path));
            }
        }
    }
    found
}

fn source(root: &Path, path: PathBuf) -> Source {
    let text = std::fs::read_to_string(&path).unwrap();
    let relative = path.strip_prefix(root).unwrap().with_extension("");
    let module = relative.iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>().join("::");
    let code = without_tests(&without_comments(&text));
    let lines = text.lines().take_while(|line| line.trim() != "#[cfg(test)]").count();
    Source { path: relative, module, code, lines }
}

/// Blanks out comments and the insides of string literals, keeping line ends.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string(rest) {
            let close = format!("\"{}", "#".repeat(hashes));
            let open = hashes + 2;
            rest[open..].find(&close).map_or(rest.len(), |end| open + end + close.len())
        } else if c == '"' {
            string_end(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") || rest.starts_with("b'\"'") {
            rest[1..].find('\'').map_or(1, |end| end + 2)
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        out.extend(rest[..skipped].chars().filter(|c| *c == '\n'));
        rest = &rest[skipped..];
    }
    out
}

fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn string_end(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Tests may name what they like: everything from the first `#[cfg(test)] mod … {` on is dropped.
fn without_tests(code: &str) -> String {
    match code.find("#[cfg(test)]\nmod tests {") {
        Some(at) => code[..at].to_owned(),
        None => code.to_owned(),
    }
}

/// Every path in `code` that starts with `crate::`, with groups in braces and `super::` written out.
fn paths(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in source.code.match_indices("crate::") {
        expand(String::new(), &source.code[at + "crate::".len()..], &mut found);
    }
    found
}

/// Reads one path or group at the start of `rest` and adds what it names; returns what follows it.
fn expand<'a>(prefix: String, rest: &'a str, found: &mut Vec<String>) -> &'a str {
    let rest = rest.trim_start();
    if let Some(mut inner) = rest.strip_prefix('{') {
        loop {
            inner = inner.trim_start_matches([',', ' ', '\n']);
            if inner.is_empty() || inner.starts_with('}') {
                return inner.strip_prefix('}').unwrap_or(inner);
            }
            let before = inner.len();
            inner = expand(prefix.clone(), inner, found);
            if inner.len() == before {
                return inner;
            }
        }
    }
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let name = &rest[..end];
    let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}::{name}") };
    if let Some(next) = rest[end..].strip_prefix("::") {
        return expand(path, next, found);
    }
    found.push(path);
    // `x as y` inside a group: the new name is no path.
    let after = &rest[end..];
    after
        .strip_prefix(" as ")
        .map_or(after, |alias| alias.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'))
}

fn within(module: &str, room: &str) -> bool {
    module == room || module.starts_with(&format!("{room}::"))
}

fn is_test(module: &str) -> bool {
    module.ends_with("::tests")
}

/// The rule for a module: the longest row whose room it is in.
fn rule(module: &str) -> (&'static str, &'static [&'static str]) {
    let row = ALLOWED.iter().filter(|(room, _)| within(module, room)).max_by_key(|(room, _)| room.len());
    *row.unwrap_or_else(|| panic!("{module} is on no floor: give it a row in ALLOWED"))
}

fn edges() -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|s| !is_test(&s.module)) {
        let (room, allowed) = rule(&source.module);
        if allowed.contains(&"*") {
            continue;
        }
        for path in paths(source) {
            let own =
                within(&path, room) || within(room, path.split("::").next().unwrap()) && !is_adapter_of(&path, room);
            let adapter =
                ADAPTERS.iter().any(|a| within(&path, a) && !within(&source.module, a) && !allowed.contains(a));
            if adapter || !own && !allowed.iter().any(|a| within(&path, a)) {
                faults.push(format!("{}: {} may not use crate::{path}", source.path.display(), source.module));
            }
        }
    }
    faults
}

fn is_adapter_of(path: &str, room: &str) -> bool {
    ADAPTERS.iter().any(|a| within(path, a) && !within(room, a))
}

fn strangers() -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|s| !is_test(&s.module) && s.module != "lib") {
        for (party, rooms) in ROOMS {
            if names(&source.code, party) && !rooms.iter().any(|room| within(&source.module, room)) {
                faults.push(format!("{}: {party} belongs in {}", source.path.display(), rooms.join(", ")));
            }
        }
    }
    faults
}

/// Whether a path that starts with `party` stands in `code`, as a word and not within another path.
fn names(code: &str, party: &str) -> bool {
    code.match_indices(party).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + party.len()..].chars().next();
        let starts = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '.')
            && (party.contains("::") || !code[..at].ends_with("::"));
        let is_path =
            code[at + party.len()..].starts_with("::") || code[..at].ends_with("use ") || party.contains("::");
        let ends = after.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        starts && ends && is_path
    })
}

fn sizes() -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources() {
        if source.lines > MOST_LINES && !is_test(&source.module) {
            faults.push(format!("{}: {} lines, at most {MOST_LINES}", source.path.display(), source.lines));
        }
        if source.path.file_stem().is_some_and(|s| s == "mod" || s == "utils" || s == "util" || s == "helpers") {
            faults.push(format!("{}: name it after what it holds", source.path.display()));
        }
        for (name, lines) in functions(&source.code) {
            if lines > MOST_FUNCTION_LINES {
                faults.push(format!("{}: fn {name} has {lines} lines", source.path.display()));
            }
        }
    }
    faults
}

/// Functions and their lengths, going by rustfmt's indentation: a body ends at a `}` as deep as its `fn`.
fn functions(code: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some(word) = words.iter().position(|w| *w == "fn").filter(|_| line.trim_end().ends_with('{')) else {
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let close = format!("{}}}", " ".repeat(indent));
        if let Some(length) = lines[at..].iter().position(|l| *l == close) {
            found.push((words.get(word + 1).unwrap_or(&"").to_string(), length + 1));
        }
    }
    found
}

#[test]
fn imports_go_down_only() {
    let faults = edges();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn third_parties_stay_in_their_rooms() {
    let faults = strangers();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn files_and_functions_stay_small() {
    let faults = sizes();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The reader of sources itself, on every way a path can be written.
#[test]
fn the_checks_see_what_they_should() {
    let source = |module: &str, code: &str| Source {
        path: PathBuf::new(),
        module: module.into(),
        code: without_tests(&without_comments(code)),
        lines: 0,
    };
    let grouped = source("model::x", "use crate::{base::{ids::A, text as t}, engine::B};\nlet c = crate::tui::run();");
    assert_eq!(paths(&grouped), ["base::ids::A", "base::text", "engine::B", "tui::run"]);
    let hidden =
        source("model::x", "// crate::tui\nlet s = \"crate::tui \\\" crate::cli\"; let r = r#\"crate::cli\"#;");
    assert!(paths(&hidden).is_empty());
    assert!(names("use axum::Router;", "axum"));
    assert!(!names("use axum_server::Handle;", "axum"));
    assert!(names("let t = jiff::Timestamp::now();", "Timestamp::now"));
    assert!(!names("clock.now()", "Timestamp::now"));
    assert_eq!(functions("fn a() {\n    b();\n}\n"), [("a()".to_owned(), 3)]);
}

/// With zbus on tokio a call to the keyring from inside the runtime panics, and every later one fails. A feature of any
/// crate in the tree would switch that on for all; the lock file then lists tokio among what zbus needs.
#[test]
fn the_keyring_brings_its_own_runtime() {
    let lock = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let lock: toml::Table = lock.parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let zbus: Vec<_> = packages.iter().filter(|package| package["name"].as_str() == Some("zbus")).collect();
    assert!(!zbus.is_empty(), "the keyring no longer goes by zbus: this test is of no use");
    for package in zbus {
        let needs = package["dependencies"].as_array().unwrap();
        let tokio = needs.iter().any(|name| name.as_str().unwrap().split(' ').next() == Some("tokio"));
        assert!(!tokio, "zbus {} goes by tokio", package["version"]);
    }
}

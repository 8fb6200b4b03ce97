//! Secrets that can be told by the program they are given to: options without a name for them (`curl -u ada:…`), and the
//! words of a `.netrc`.

use std::ops::Range;

use super::named::is_place;
use super::{Finding, Kind};

/// Words that begin lines of a `.netrc`, besides those that begin an entry.
const NETRC: &[&str] = &["login", "password", "account", "port", "macdef"];

pub(super) fn find(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let (mut start, mut in_entry) = (0, false);
    for line in text.split_inclusive('\n') {
        let words = words(line);
        in_entry = is_of_entry(line, &words, in_entry);
        let of_entry = in_entry.then(|| netrc(line, &words)).into_iter().flatten();
        for range in option(line, &words).into_iter().chain(of_entry) {
            if range.len() >= 3 && !is_place(&line[range.clone()]) {
                found.push(Finding { kind: Kind::Password, range: start + range.start..start + range.end });
            }
        }
        start += line.len();
    }
    found
}

/// Where the words of a line are, without quotes around them.
fn words(line: &str) -> Vec<Range<usize>> {
    let is_around = |c: char| matches!(c, '"' | '\'' | '`');
    let word = |word: &str| {
        let at = word.as_ptr() as usize - line.as_ptr() as usize;
        let begun = word.trim_start_matches(is_around);
        let from = at + word.len() - begun.len();
        from..from + begun.trim_end_matches(is_around).len()
    };
    line.split_whitespace().map(word).collect()
}

/// What an option of a program that is known for it is given.
fn option(line: &str, words: &[Range<usize>]) -> Option<Range<usize>> {
    let at = |nth: usize| words.get(nth).map(|range| &line[range.clone()]);
    let has = |program: &str| words.iter().position(|range| line[range.clone()].rsplit('/').next() == Some(program));
    let after = |program: &str, options: &[&str]| {
        let from = has(program)?;
        let option = (from..words.len()).find(|nth| at(*nth).is_some_and(|word| options.contains(&word)))?;
        words.get(option + 1).cloned().filter(|range| !line[range.clone()].starts_with('-'))
    };
    let user = || {
        let range = after("curl", &["-u", "--user", "-U", "--proxy-user"])?;
        let colon = line[range.clone()].find(':')?;
        Some(range.start + colon + 1..range.end)
    };
    let glued = || {
        let from = ["mysql", "mysqldump", "mysqladmin"].into_iter().find_map(has)?;
        let range = words[from..].iter().find(|range| line[(*range).clone()].starts_with("-p"))?;
        (range.len() > 2).then(|| range.start + 2..range.end)
    };
    let login = || {
        ["docker", "podman", "helm", "oc"].into_iter().find_map(|program| {
            let is_login = at(has(program)? + 1) == Some("login") || at(has(program)? + 2) == Some("login");
            if is_login { after(program, &["-p"]) } else { None }
        })
    };
    user().or_else(login).or_else(|| after("sshpass", &["-p"])).or_else(glued)
}

/// Whether a line is of an entry of a `.netrc`: `machine HOST`, `default`, and what follows them.
fn is_of_entry(line: &str, words: &[Range<usize>], in_entry: bool) -> bool {
    let at = |nth: usize| words.get(nth).map(|range| line[range.clone()].trim_start_matches('+'));
    match at(0) {
        Some("machine") => words.len() == 2 || at(2).is_some_and(|word| NETRC.contains(&word)),
        Some("default") => words.len() == 1 || at(1).is_some_and(|word| NETRC.contains(&word)),
        Some(word) => in_entry && NETRC.contains(&word),
        None => in_entry,
    }
}

fn netrc(line: &str, words: &[Range<usize>]) -> Option<Range<usize>> {
    let is_name = |range: &Range<usize>| line[range.clone()].trim_start_matches('+') == "password";
    words.get(words.iter().position(is_name)? + 1).cloned()
}

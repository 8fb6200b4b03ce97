//! Secrets that can be told by what stands before them: the name they are given to, a header, an address.
//!
//! Line by line. Code gives names such as `token` to everything, so what looks like code, like a sentence or like a place
//! to fill in is let be.

use std::ops::Range;

use super::{Finding, Kind};

/// What names of secrets end in, written small and without `_`, `-` and `.`.
const ENDINGS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "secretkey",
    "accesskey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "accountkey",
    "sharedkey",
    "credential",
    "credentials",
];

/// The same, as whole words: as an ending they would mean too much.
const WORDS: &[&str] = &["pass", "dbpass", "userpass", "sshpass", "authkey"];

/// Headers that let somebody in (RFC 9110 section 11.6, RFC 6265, and what services made up).
const HEADERS: &[&str] = &[
    "authorization",
    "proxyauthorization",
    "cookie",
    "setcookie",
    "xapikey",
    "xauthtoken",
    "xaccesstoken",
    "privatetoken",
    "xvaulttoken",
];

/// Schemes before the secret of a header.
const SCHEMES: &[&str] = &["bearer", "basic", "token", "digest", "apikey", "negotiate"];

/// Names of what looks like chance and is none of anybody's secrets.
const OPEN: &[&str] = &[
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "hash",
    "commit",
    "rev",
    "revision",
    "digest",
    "checksum",
    "uuid",
    "id",
    "version",
    "path",
    "url",
    "uri",
    "host",
    "dir",
    "file",
    "image",
    "tag",
    "ref",
    "fingerprint",
    "integrity",
];

/// Values that stand for none, and types.
const NONE: &[&str] = &[
    "null",
    "none",
    "nil",
    "true",
    "false",
    "undefined",
    "empty",
    "string",
    "str",
    "bool",
    "int",
    "bytes",
    "text",
    "self",
    "some",
    "option",
    "required",
    "optional",
    "redacted",
    "masked",
    "hidden",
    "secret",
    "password",
    "token",
    "changeme",
];

/// Signs that only code has in a value without quotes.
const CODE: &[char] = &['(', ')', '[', ']', '{', '}', '<', '>', '&', '|', '\\', '`'];

pub(super) fn find(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let before = found.len();
        addresses(line, &mut found);
        assignments(line, &mut found);
        schemes(line, &mut found);
        for finding in &mut found[before..] {
            finding.range = finding.range.start + start..finding.range.end + start;
        }
        start += line.len();
    }
    found
}

/// `scheme://user:password@host` (RFC 3986 section 3.2.1). A name alone is a secret where it is as long as one.
fn addresses(line: &str, found: &mut Vec<Finding>) {
    for (at, _) in line.match_indices("://") {
        let from = at + 3;
        let is_end = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '`' | '<' | '>' | ')');
        let authority = &line[from..from + line[from..].find(is_end).unwrap_or(line.len() - from)];
        let Some((user, _)) = authority.rsplit_once('@') else { continue };
        let password = user.find(':').map_or(0, |colon| colon + 1);
        let value = &user[password..];
        let is_secret = if password > 0 { !value.is_empty() } else { value.len() >= 16 };
        if is_secret && !is_place(value) {
            found.push(Finding { kind: Kind::Address, range: from + password..from + user.len() });
        }
    }
}

/// `Bearer …` wherever it stands.
fn schemes(line: &str, found: &mut Vec<Finding>) {
    for (at, word) in line.match_indices("earer ") {
        if !line[..at].ends_with(['B', 'b']) {
            continue;
        }
        let from = at + word.len();
        let value = until(&line[from..], |c| !(c.is_ascii_alphanumeric() || "-._~+/=".contains(c)));
        if value.len() >= 16 && value.bytes().any(|b| b.is_ascii_digit()) {
            found.push(Finding { kind: Kind::Header, range: from..from + value.len() });
        }
    }
}

/// Names and what they are given.
fn assignments(line: &str, found: &mut Vec<Finding>) {
    let mut at = 0;
    while let Some(start) = line[at..].find(|c: char| c.is_ascii_alphabetic() || c == '_').map(|s| at + s) {
        let name = until(&line[start..], |c| !(c.is_ascii_alphanumeric() || "_-.".contains(c)));
        at = start + name.len();
        let Some(given) = given(line, start, at) else { continue };
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let finding = if HEADERS.contains(&plain.as_str()) {
            header(line, &given, plain.ends_with("cookie"))
        } else if is_named(name, &plain) && given.is_secret(line, name) {
            Some(Finding { kind: Kind::Password, range: given.range })
        } else if is_variable(name) && given.is_random(line) {
            Some(Finding { kind: Kind::Random, range: given.range })
        } else {
            None
        };
        if let Some(finding) = finding {
            at = at.max(finding.range.end);
            found.push(finding);
        }
    }
}

fn is_named(name: &str, plain: &str) -> bool {
    let last = name.rsplit(['_', '-', '.']).next().unwrap_or_default().to_ascii_lowercase();
    // What npm keeps.
    let is_npm = name == "_auth";
    is_npm || ENDINGS.iter().any(|ending| plain.ends_with(ending)) || WORDS.contains(&plain) || last == "pass"
}

/// `ALL_CAPITALS`, whose last word does not say that it is for everybody.
fn is_variable(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or_default().to_ascii_lowercase();
    name.len() >= 3
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && !OPEN.contains(&last.as_str())
}

/// What a name is given.
struct Given {
    range: Range<usize>,
    is_quoted: bool,
    /// Nothing stands between the name, the sign and the value: `name=value`.
    is_tight: bool,
    /// What stands between: `=`, `:`, `,` after a name in quotes, or a space after an option.
    sign: char,
}

/// Reads `= value`, `: "value"`, `", "value"` after the name in `start..end`; after an option, ` value`.
fn given(line: &str, start: usize, end: usize) -> Option<Given> {
    let rest = &line[end..];
    let after = rest.trim_start_matches(['"', '\'', ']', ' ']);
    let (sign, value) = match after.chars().next() {
        Some('=') => ('=', after.trim_start_matches(['=', '>'])),
        Some(':') => typed(after).unwrap_or((':', after.trim_start_matches([':', '=']))),
        // `.header("Authorization", "…")`
        Some(',') if rest.starts_with(['"', '\'']) => (',', &after[1..]),
        _ if line[..start].ends_with("--") && rest.starts_with(' ') => (' ', rest),
        _ => return None,
    };
    let is_tight = rest.starts_with(['=', ':']) && !value.starts_with(' ');
    let value = value.trim_start_matches(' ');
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    let value = quote.map_or(value, |_| &value[1..]);
    let from = line.len() - value.len();
    let in_query = line[..start].ends_with(['?', '&']);
    let length = match quote {
        Some(quote) => closing(value, quote),
        None => {
            until(value, |c| c.is_whitespace() || matches!(c, ';' | ',' | '"' | '\'') || in_query && c == '&').len()
        }
    };
    (length > 0).then_some(Given { range: from..from + length, is_quoted: quote.is_some(), is_tight, sign })
}

/// `: String = "…"`: the type says nothing, what follows it does.
fn typed(after: &str) -> Option<(char, &str)> {
    let (of, value) = after.split_once(" = ")?;
    (!of.contains(['"', '\'', ','])).then_some(('=', value))
}

/// Up to the quote that closes; one behind a backslash does not.
fn closing(value: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in value.char_indices() {
        match c {
            '\n' => return at,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at,
            _ => {}
        }
    }
    value.len()
}

fn until(text: &str, is_end: impl Fn(char) -> bool) -> &str {
    &text[..text.find(is_end).unwrap_or(text.len())]
}

/// What a header says after its scheme, to the quote around it or to the end of the line.
fn header(line: &str, given: &Given, is_cookie: bool) -> Option<Finding> {
    let start = given.range.start;
    let rest = line[start..].trim_end_matches(['\n', '\r']);
    let rest = if given.is_quoted { &line[given.range.clone()] } else { until(rest, |c| matches!(c, '"' | '\'')) };
    let word = until(rest, char::is_whitespace);
    let has_scheme = SCHEMES.contains(&word.to_ascii_lowercase().as_str()) && rest.len() > word.len();
    let value = if has_scheme { rest[word.len()..].trim_start() } else { rest };
    let value = if is_cookie { value } else { until(value, char::is_whitespace) };
    let value = value.trim_end_matches([',', ';', ' ']);
    let from = start + (rest.len() - rest[if has_scheme { word.len() } else { 0 }..].trim_start().len());
    let is_secret = if has_scheme { value.len() >= 4 } else { value.len() >= 8 };
    let is_code = !given.is_quoted && value.contains(CODE);
    (is_secret && !is_place(value) && !is_code)
        .then_some(Finding { kind: Kind::Header, range: from..from + value.len() })
}

/// A place for something, or nothing at all.
pub(super) fn is_place(value: &str) -> bool {
    let value = value.trim();
    let same = value.chars().next().is_some_and(|first| value.chars().all(|c| c == first));
    value.starts_with(['<', '{', '%', '['])
        || value.starts_with("$(")
        || value.starts_with("$env:")
        || value.strip_prefix(['$', '@']).is_some_and(is_variable_name)
        || value.contains("${")
        || value.contains("{{")
        || value.contains('…')
        || value.contains("...")
        || same
        || NONE.contains(&value.to_ascii_lowercase().as_str())
}

/// `TOKEN`, `dbPassword`, `TOKEN2`: what may follow `$`. In `$ecretPa55` it is a letter like the others.
fn is_variable_name(name: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let has_digit = name.bytes().any(|b| b.is_ascii_digit());
    name.bytes().all(is_plain) && !(has_digit && name.bytes().any(|b| b.is_ascii_lowercase()))
}

impl Given {
    fn is_secret(&self, line: &str, name: &str) -> bool {
        let value = line[self.range.clone()].trim();
        if value.len() < 3 || self.sign == ',' || is_place(value) || is_same(name, value) {
            return false;
        }
        if self.is_quoted {
            return !is_sentence(value);
        }
        let has_digit = value.bytes().any(|b| b.is_ascii_digit());
        let may_have_signs = match self.sign {
            '=' => self.is_tight && is_variable(name) && !line[..self.range.start].ends_with("=="),
            ':' => has_digit && self.begins_line(line, name),
            _ => false,
        };
        let is_code = value.contains(CODE) && (!may_have_signs || is_call(value));
        let is_bare = !is_code && !value.contains("::") && !is_path_of_code(value);
        match self.sign {
            '=' if self.is_tight => is_bare,
            // Code has spaces around its signs: there a word alone is a name.
            '=' => is_bare && has_digit && self.ends_line(line),
            ' ' => is_bare && !value.starts_with('-'),
            _ => is_bare && (has_digit || !is_type(value)) && self.ends_line(line),
        }
    }

    /// Whether it looks like chance: long, of letters and digits, most of which differ, and of no words with signs between.
    fn is_random(&self, line: &str) -> bool {
        let value = &line[self.range.clone()];
        let (length, is_hex) = (value.len(), value.bytes().all(|b| b.is_ascii_hexdigit()));
        let is_plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=_-.".contains(&b));
        let has = |is: fn(&u8) -> bool| value.as_bytes().iter().any(is);
        let is_one_word = !value.contains(['-', '_', '.', '/']);
        let mixed = has(u8::is_ascii_digit)
            && has(u8::is_ascii_alphabetic)
            && (is_one_word || has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase));
        let least = if is_hex { (32, 3.0) } else { (20, 3.5) };
        let is_given = self.sign == '=' && (self.is_tight || self.is_quoted) || self.sign == ':';
        is_given
            && is_plain
            && mixed
            && !value.starts_with(['/', '.'])
            && length >= least.0
            && entropy(value) >= least.1
    }

    /// Whether nothing but a comment follows.
    fn ends_line(&self, line: &str) -> bool {
        let rest = line[self.range.end..].trim_start_matches([',', ';', '"', '\'']);
        let after = rest.trim().trim_matches([',', ';', '"', '\'']);
        after.is_empty() || rest.starts_with([' ', '\t']) && after.starts_with('#')
    }

    /// Whether nothing stands before the name but what lists, quotes and diffs begin lines with.
    fn begins_line(&self, line: &str, name: &str) -> bool {
        let before = line[..self.range.start].rfind(name).unwrap_or(0);
        line[..before].trim_matches([' ', '\t', '-', '+', '>', '"', '\'']).is_empty()
    }
}

/// `token: Token`, `password=password`, `token = self.token`
fn is_same(name: &str, value: &str) -> bool {
    let last = |text: &str| {
        let word = text.rsplit(['_', '-', '.']).next().unwrap_or_default();
        word.trim_end_matches([',', ';']).to_ascii_lowercase()
    };
    last(name) == last(value) && value.bytes().all(|b| b.is_ascii_alphabetic() || b"_-.,;".contains(&b))
}

/// `args.password`, `process.env.TOKEN`: names with dots between them.
fn is_path_of_code(value: &str) -> bool {
    value.contains('.')
        && value.split('.').all(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
        && value.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'.' | b'_'))
}

/// `read()`, `Option<Secret>`, `&str`, `env[`: a name with brackets behind it and nothing after them, or what borrows one.
fn is_call(value: &str) -> bool {
    let is_name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.:'".contains(&b));
    let borrowed = value.trim_start_matches(['&', '*']);
    let head = until(borrowed, |c| matches!(c, '(' | '[' | '{' | '<'));
    let ends = value.ends_with(['(', '[', '{', '<', ')', ']', '}', '>']);
    is_name(head) && ends || borrowed.len() < value.len() && is_name(borrowed)
}

/// One word with a capital: a type, in the languages that write types after a colon.
fn is_type(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_uppercase()) && value.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Words for a reader: several, with an end.
fn is_sentence(value: &str) -> bool {
    value.contains(' ') && value.ends_with(['.', '?', '!', ':', '…'])
        || value.contains(' ') && value.starts_with(|c: char| c.is_uppercase())
}

/// Bits per character (Shannon).
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    value.bytes().for_each(|b| counts[usize::from(b)] += 1);
    let all = value.len() as f64;
    counts.iter().filter(|n| **n > 0).map(|n| f64::from(*n) / all).map(|p| -p * p.log2()).sum()
}

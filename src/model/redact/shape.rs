//! Secrets that can be told by themselves: tokens with a prefix of their service, JSON Web Tokens, private keys.

use super::{Finding, Kind};

/// What a token goes on with after its beginning.
#[derive(Clone, Copy)]
enum Of {
    /// `A-Z 0-9`
    Upper,
    /// `A-Z a-z 0-9`
    Alnum,
    /// The same and `_ -`
    Url,
    /// The same and `. /`
    Path,
}

impl Of {
    fn takes(self, b: u8) -> bool {
        match self {
            Self::Upper => b.is_ascii_uppercase() || b.is_ascii_digit(),
            Self::Alnum => b.is_ascii_alphanumeric(),
            Self::Url => b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'),
            Self::Path => b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/'),
        }
    }
}

/// Beginnings, what follows them and how much of it at least. From the services' own pages on scanning for secrets.
#[rustfmt::skip]
const TOKENS: &[(&str, Of, usize, Kind)] = &[
    ("AKIA", Of::Upper, 16, Kind::AwsKey),
    ("ASIA", Of::Upper, 16, Kind::AwsKey),
    ("ABIA", Of::Upper, 16, Kind::AwsKey),
    ("ACCA", Of::Upper, 16, Kind::AwsKey),
    ("ghp_", Of::Alnum, 30, Kind::GithubToken),
    ("gho_", Of::Alnum, 30, Kind::GithubToken),
    ("ghu_", Of::Alnum, 30, Kind::GithubToken),
    ("ghs_", Of::Alnum, 30, Kind::GithubToken),
    ("ghr_", Of::Alnum, 30, Kind::GithubToken),
    ("github_pat_", Of::Url, 30, Kind::GithubToken),
    ("glpat-", Of::Path, 20, Kind::GitlabToken),
    ("gldt-", Of::Url, 20, Kind::GitlabToken),
    ("glrt-", Of::Path, 20, Kind::GitlabToken),
    ("glptt-", Of::Url, 20, Kind::GitlabToken),
    ("glcbt-", Of::Url, 20, Kind::GitlabToken),
    ("glsoat-", Of::Url, 20, Kind::GitlabToken),
    ("glagent-", Of::Url, 20, Kind::GitlabToken),
    ("glft-", Of::Url, 20, Kind::GitlabToken),
    ("gloas-", Of::Url, 20, Kind::GitlabToken),
    ("xoxb-", Of::Url, 10, Kind::SlackToken),
    ("xoxp-", Of::Url, 10, Kind::SlackToken),
    ("xoxa-", Of::Url, 10, Kind::SlackToken),
    ("xoxr-", Of::Url, 10, Kind::SlackToken),
    ("xoxs-", Of::Url, 10, Kind::SlackToken),
    ("xoxe-", Of::Url, 10, Kind::SlackToken),
    ("xoxc-", Of::Url, 10, Kind::SlackToken),
    ("xoxd-", Of::Url, 10, Kind::SlackToken),
    ("xapp-", Of::Url, 10, Kind::SlackToken),
    ("hooks.slack.com/services/", Of::Path, 20, Kind::SlackToken),
    ("lyc_", Of::Url, 40, Kind::LyceumToken),
    ("lyp_", Of::Url, 40, Kind::LyceumToken),
    ("discord.com/api/webhooks/", Of::Path, 20, Kind::ServiceToken),
    ("sk_live_", Of::Alnum, 16, Kind::ServiceToken),
    ("sk_test_", Of::Alnum, 16, Kind::ServiceToken),
    ("rk_live_", Of::Alnum, 16, Kind::ServiceToken),
    ("whsec_", Of::Url, 20, Kind::ServiceToken),
    ("sk-ant-", Of::Url, 20, Kind::ServiceToken),
    ("sk-proj-", Of::Url, 20, Kind::ServiceToken),
    ("sk-", Of::Alnum, 32, Kind::ServiceToken),
    ("AIza", Of::Url, 35, Kind::ServiceToken),
    ("ya29.", Of::Url, 20, Kind::ServiceToken),
    ("npm_", Of::Alnum, 36, Kind::ServiceToken),
    ("pypi-AgE", Of::Url, 20, Kind::ServiceToken),
    ("cio", Of::Alnum, 32, Kind::ServiceToken),
    ("dckr_pat_", Of::Url, 20, Kind::ServiceToken),
    ("dop_v1_", Of::Alnum, 40, Kind::ServiceToken),
    ("hf_", Of::Alnum, 30, Kind::ServiceToken),
    ("SG.", Of::Path, 40, Kind::ServiceToken),
    ("shpat_", Of::Alnum, 30, Kind::ServiceToken),
    ("hvs.", Of::Url, 24, Kind::ServiceToken),
    ("AGE-SECRET-KEY-1", Of::Upper, 40, Kind::PrivateKey),
];

pub(super) fn find(text: &str) -> Vec<Finding> {
    let mut found = private_keys(text);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let begins = at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        let finding = if begins { token(bytes, at).or_else(|| jwt(bytes, at)) } else { None };
        at = finding.as_ref().map_or(at + 1, |finding| finding.range.end);
        found.extend(finding);
    }
    found
}

fn token(bytes: &[u8], at: usize) -> Option<Finding> {
    let fits = |(start, of, least, kind): &(&str, Of, usize, Kind)| {
        let rest = bytes[at..].strip_prefix(start.as_bytes())?;
        let length = run(rest, *of);
        // A key of AWS has its length; another word in capitals may begin like one.
        let is_whole = !matches!(kind, Kind::AwsKey) || length == *least;
        let range = at..at + start.len() + length;
        (is_whole && length >= *least && !is_stand_in(&rest[..length])).then_some(Finding { kind: *kind, range })
    };
    TOKENS.iter().find_map(fits)
}

fn run(bytes: &[u8], of: Of) -> usize {
    bytes.iter().take_while(|b| of.takes(**b)).count()
}

/// `xxxxxxxx`, and words for a reader to put a token in: chance takes more letters, and a digit.
fn is_stand_in(body: &[u8]) -> bool {
    let mut seen = [false; 256];
    body.iter().for_each(|b| seen[usize::from(*b)] = true);
    seen.iter().filter(|is| **is).count() < 6 || !body.iter().any(u8::is_ascii_digit)
}

/// Three parts of base64url or more; the first begins with `{"` (RFC 7519 section 3.1, RFC 7516 section 3.1).
fn jwt(bytes: &[u8], at: usize) -> Option<Finding> {
    bytes[at..].strip_prefix(b"eyJ")?;
    let mut end = at + run(&bytes[at..], Of::Url);
    let mut parts = 1;
    while bytes.get(end) == Some(&b'.') {
        let length = run(&bytes[end + 1..], Of::Url);
        if length == 0 && parts < 2 {
            break;
        }
        parts += 1;
        end += 1 + length;
    }
    (parts >= 3 && end - at > 30).then_some(Finding { kind: Kind::Jwt, range: at..end })
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// Keys in PEM (RFC 7468), also in a diff, also when an end is missing.
fn private_keys(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("-----").map(|at| from + at) {
        let rest = &text[at..];
        let is_key = |head: &str| rest.strip_prefix(head).is_some_and(|label| label_of(label).contains("PRIVATE KEY"));
        let range = if is_key(BEGIN) {
            let end = rest.find(END).map_or(text.len(), |end| at + end);
            at..end + text[end..].find('\n').unwrap_or(text.len() - end)
        } else if is_key(END) {
            body_before(text, at)..at + rest.find('\n').unwrap_or(rest.len())
        } else {
            from = at + 5;
            continue;
        };
        from = range.end;
        found.push(Finding { kind: Kind::PrivateKey, range });
    }
    found
}

/// `RSA PRIVATE KEY` of what follows the word BEGIN.
fn label_of(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    line.split("-----").next().unwrap_or_default()
}

/// Where the lines of base64 before a key's last line begin.
fn body_before(text: &str, end: usize) -> usize {
    let mut start = text[..end].rfind('\n').map_or(0, |at| at + 1);
    while start > 0 {
        let line = text[..start - 1].rfind('\n').map_or(0, |at| at + 1);
        let body = text[line..start - 1].trim().trim_start_matches(['+', '-', '>', ' ']);
        let is_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
        if body.len() < 16 || !body.bytes().all(is_base64) {
            break;
        }
        start = line;
    }
    start
}

//! Secrets in a text that is about to be shown to others: where they stand, of which kind they are, and the text with
//! them masked. Pure, and the same for every front end.
//!
//! Ways of knowing one: by its own shape (`shape`: prefixes that services give their tokens, keys in PEM), by what stands
//! before it (`named`: `password=`, headers, addresses with a password), and by the program it is given to (`command`:
//! `curl -u`, `.netrc`). Nothing here is sure: what is found is
//! shown to a person, who may take a mask off, and what is not found is theirs to see in the preview.

use std::ops::Range;

mod command;
mod named;
mod shape;

/// What sort of secret it seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A key in PEM, or of age.
    PrivateKey,
    /// A JSON Web Token (RFC 7519).
    Jwt,
    /// Of Amazon Web Services.
    AwsKey,
    /// Of GitHub.
    GithubToken,
    /// Of GitLab.
    GitlabToken,
    /// Of Slack; an address that posts there, too.
    SlackToken,
    /// Of a community like this one.
    LyceumToken,
    /// Of another service whose tokens can be told by their beginning.
    ServiceToken,
    /// What stands in a header that lets somebody in.
    Header,
    /// The password in an address.
    Address,
    /// What a name such as `password` is given.
    Password,
    /// A variable's value that looks like chance.
    Random,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::PrivateKey,
        Self::Jwt,
        Self::AwsKey,
        Self::GithubToken,
        Self::GitlabToken,
        Self::SlackToken,
        Self::LyceumToken,
        Self::ServiceToken,
        Self::Header,
        Self::Address,
        Self::Password,
        Self::Random,
    ];

    /// Its word, in masks and in keys of the catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PrivateKey => "private-key",
            Self::Jwt => "jwt",
            Self::AwsKey => "aws-key",
            Self::GithubToken => "github-token",
            Self::GitlabToken => "gitlab-token",
            Self::SlackToken => "slack-token",
            Self::LyceumToken => "lyceum-token",
            Self::ServiceToken => "token",
            Self::Header => "header",
            Self::Address => "password-in-address",
            Self::Password => "password",
            Self::Random => "secret",
        }
    }

    /// What stands in its place: `[redacted: jwt]`.
    pub fn mask(self) -> String {
        format!("[redacted: {}]", self.as_str())
    }
}

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it seems to be.
    pub kind: Kind,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
}

/// The secrets in a text, in reading order; none overlaps another. Linear in the length of the text.
pub fn find(text: &str) -> Vec<Finding> {
    let mut found = shape::find(text);
    found.extend(named::find(text));
    found.extend(command::find(text));
    // Of two in one place the one that begins first and is longer says more; a token's own shape says most.
    found.sort_by_key(|f| (f.range.start, std::cmp::Reverse(f.range.end), f.kind));
    let mut kept: Vec<Finding> = Vec::new();
    for next in found {
        match kept.last_mut() {
            Some(last) if next.range.start < last.range.end => {
                last.kind = last.kind.min(next.kind);
                last.range.end = last.range.end.max(next.range.end);
            }
            _ => kept.push(next),
        }
    }
    kept
}

/// A text in pieces: what is as it was, and what a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Nothing was found in it.
    Plain(&'a str),
    /// A finding, by its place among them, and its text.
    Found(usize, &'a str),
}

/// Splits a text at its findings, which must be those of [`find`].
pub fn pieces<'a>(text: &'a str, findings: &[Finding]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (nth, finding) in findings.iter().enumerate() {
        if from < finding.range.start {
            pieces.push(Piece::Plain(&text[from..finding.range.start]));
        }
        pieces.push(Piece::Found(nth, &text[finding.range.clone()]));
        from = finding.range.end;
    }
    if from < text.len() {
        pieces.push(Piece::Plain(&text[from..]));
    }
    pieces
}

/// The text with its findings masked, but for those that `is_open`.
pub fn masked(text: &str, findings: &[Finding], is_open: impl Fn(usize) -> bool) -> String {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Found(nth, _) if !is_open(nth) => findings[nth].kind.mask(),
        Piece::Found(_, text) | Piece::Plain(text) => text.to_owned(),
    };
    pieces(text, findings).into_iter().map(piece).collect()
}

#[cfg(test)]
mod tests;

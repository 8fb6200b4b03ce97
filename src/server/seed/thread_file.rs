//! One file of `assets/demo/threads`: parts of a TOML header between `+++` lines and a Markdown body.

use serde::Deserialize;

use super::Error;
use crate::base::time::{SignedDuration, parse_span};
use crate::model::thread::Kind;

/// A thread and what was said in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ThreadFile {
    /// Path below `assets/demo`.
    pub(super) file: String,
    /// Slug of the space: the folder.
    pub(super) space: String,
    /// One line.
    pub(super) title: String,
    /// What it is.
    pub(super) kind: Kind,
    /// Tags.
    pub(super) tags: Vec<String>,
    /// Tier that the whole takes.
    pub(super) gate: Option<String>,
    /// Nobody may reply.
    pub(super) locked: bool,
    /// Kept on top.
    pub(super) pinned: bool,
    /// The opening post and the replies, oldest first.
    pub(super) parts: Vec<Part>,
}

/// One post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Who wrote it.
    pub(super) author: String,
    /// How old it is.
    pub(super) ago: SignedDuration,
    /// Members who voted it up.
    pub(super) votes: u32,
    /// Number of the post it replies to.
    pub(super) reply_to: Option<u32>,
    /// The accepted answer.
    pub(super) accepted: bool,
    /// Markdown.
    pub(super) body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    title: String,
    kind: Kind,
    author: String,
    ago: String,
    tags: Vec<String>,
    #[serde(default)]
    votes: u32,
    gate: Option<String>,
    #[serde(default)]
    locked: bool,
    #[serde(default)]
    pinned: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    author: String,
    ago: String,
    #[serde(default)]
    votes: u32,
    reply_to: Option<u32>,
    #[serde(default)]
    accepted: bool,
}

impl ThreadFile {
    /// Reads a file; `file` is `threads/SPACE/NAME.md`. A fault names the part, counted from 1.
    pub(super) fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let fault = |part: usize, what: &dyn std::fmt::Display| Error::file(file, format!("part {part}: {what}"));
        let space = file.split('/').nth(1).ok_or_else(|| Error::file(file, "is in no space"))?;
        let mut parts = split(text).into_iter();
        let (head, body) = parts.next().ok_or_else(|| fault(1, &"no header between +++ lines"))?;
        let opening: Opening = toml::from_str(head).map_err(|e| fault(1, &e))?;
        let mut thread = Self {
            file: file.to_owned(),
            space: space.to_owned(),
            title: opening.title,
            kind: opening.kind,
            tags: opening.tags,
            gate: opening.gate,
            locked: opening.locked,
            pinned: opening.pinned,
            parts: Vec::new(),
        };
        let first =
            Reply { author: opening.author, ago: opening.ago, votes: opening.votes, reply_to: None, accepted: false };
        thread.add(first, body).map_err(|what| fault(1, &what))?;
        for (i, (head, body)) in parts.enumerate() {
            let reply: Reply = toml::from_str(head).map_err(|e| fault(i + 2, &e))?;
            thread.add(reply, body).map_err(|what| fault(i + 2, &what))?;
        }
        Ok(thread)
    }

    fn add(&mut self, head: Reply, body: &str) -> Result<(), String> {
        let number = self.parts.len() + 1;
        let ago = parse_span(&head.ago).ok_or_else(|| format!("ago = {:?} is no age", head.ago))?;
        if self.parts.last().is_some_and(|before| before.ago <= ago) {
            return Err("is not younger than the part before".to_owned());
        }
        if body.trim().is_empty() {
            return Err("has no text".to_owned());
        }
        if head.reply_to.is_some_and(|to| to < 2 || to as usize >= number) {
            return Err("reply_to names no earlier reply".to_owned());
        }
        if head.accepted && (head.reply_to.is_some() || self.parts.iter().any(|part| part.accepted)) {
            return Err("accepted is for one top-level reply".to_owned());
        }
        if head.accepted && self.kind != Kind::Question {
            return Err("accepted is for questions".to_owned());
        }
        let Reply { author, votes, reply_to, accepted, .. } = head;
        self.parts.push(Part { author, ago, votes, reply_to, accepted, body: body.trim().to_owned() });
        Ok(())
    }
}

/// Headers and bodies. A line of `+++` opens or closes a header; none can stand in a body.
fn split(text: &str) -> Vec<(&str, &str)> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "+++" {
            pieces.push(&text[start..at]);
            start = at + line.len();
        }
        at += line.len();
    }
    pieces.push(&text[start..]);
    // What stands before the first header is nothing; then header and body take turns.
    pieces[1..].chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "+++\ntitle = \"T\"\nkind = \"question\"\nauthor = \"ada\"\nago = \"2d\"\ntags = []\n+++\n\nWhy?\n\n\
        +++\nauthor = \"wei\"\nago = \"1d\"\nvotes = 3\naccepted = true\n+++\nSo.\n\
        +++\nauthor = \"ada\"\nago = \"5h\"\nreply_to = 2\n+++\nThanks.\n";

    fn fault(text: &str) -> String {
        ThreadFile::parse("threads/help/x.md", text).unwrap_err().to_string()
    }

    #[test]
    fn parts_are_posts() {
        let thread = ThreadFile::parse("threads/help/x.md", GOOD).unwrap();
        assert_eq!((thread.space.as_str(), thread.kind, thread.parts.len()), ("help", Kind::Question, 3));
        assert_eq!(thread.parts[0].body, "Why?");
        assert!(thread.parts[1].accepted);
        assert_eq!(thread.parts[2].reply_to, Some(2));
    }

    #[test]
    fn a_fault_names_file_and_part() {
        assert_eq!(fault(""), "assets/demo/threads/help/x.md: part 1: no header between +++ lines");
        assert!(fault(&GOOD.replace("ago = \"5h\"", "ago = \"2d\"")).contains("x.md: part 3: is not younger"));
        assert!(fault(&GOOD.replace("votes = 3", "votse = 3")).contains("part 2: TOML parse error"));
        assert!(fault(&GOOD.replace("reply_to = 2", "reply_to = 3")).contains("part 3: reply_to"));
        assert!(fault(&GOOD.replace("So.", "")).contains("part 2: has no text"));
        assert!(fault(&GOOD.replace("question", "discussion")).contains("part 2: accepted is for questions"));
        assert!(fault(&GOOD.replace("\"1d\"", "\"1y\"")).contains("part 2: ago"));
    }
}

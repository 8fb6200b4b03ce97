//! The files of `assets/demo`, embedded and read.

use std::collections::HashSet;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::{Error, ThreadFile};
use crate::base::time::parse_span;
use crate::model::member::Role;
use crate::model::plan::Interval;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/demo");

/// All of it.
#[derive(Debug)]
pub(super) struct Content {
    /// The place, its spaces and plans.
    pub(super) place: Place,
    /// Its people.
    pub(super) people: Vec<Person>,
    /// What they wrote.
    pub(super) threads: Vec<ThreadFile>,
    /// What the community told them.
    pub(super) notices: Vec<Notice>,
}

/// `community.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    /// What it says about itself.
    pub(super) community: About,
    /// Its spaces, in order.
    #[serde(rename = "space")]
    pub(super) spaces: Vec<Space>,
    /// Its plans, in order.
    #[serde(rename = "plan")]
    pub(super) plans: Vec<Plan>,
}

/// What the place says about itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    pub(super) name: String,
    pub(super) positioning: String,
    pub(super) audience: String,
    /// Username of who runs it.
    pub(super) host: String,
    pub(super) policy_version: String,
    pub(super) answer_within_hours: u32,
    pub(super) rules: String,
    pub(super) policy: String,
}

/// A space.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Space {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) about: String,
    #[serde(default)]
    pub(super) write_role: Role,
    pub(super) read_tier: Option<String>,
}

/// A plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) tier: String,
    pub(super) interval: Interval,
    /// Minor units.
    pub(super) price: i64,
    pub(super) currency: String,
    pub(super) trial_days: u32,
    pub(super) gives: Vec<String>,
}

/// `members.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    #[serde(rename = "member")]
    members: Vec<Person>,
}

/// A member.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) bio: String,
    /// Age of the account.
    pub(super) joined: String,
    #[serde(default)]
    pub(super) facts: Vec<PersonFact>,
}

/// One fact of a member's ledger.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonFact {
    /// The fact's word.
    pub(super) fact: String,
    pub(super) plan: Option<String>,
    pub(super) tier: Option<String>,
    pub(super) ago: String,
    #[serde(default)]
    pub(super) reason: String,
}

/// `notices.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Notices {
    #[serde(rename = "notice")]
    notices: Vec<Notice>,
}

/// A notice in a member's inbox.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Notice {
    pub(super) member: String,
    pub(super) ago: String,
    pub(super) title: String,
}

/// Reads and checks all files.
pub(super) fn content() -> Result<Content, Error> {
    let place: Place = read("community.toml")?;
    let People { members: people } = read("members.toml")?;
    let Notices { notices } = read("notices.toml")?;
    let mut files: Vec<_> = FILES.find("threads/*/*.md").map_err(|e| Error::file("threads", e))?.collect();
    files.sort_by_key(|entry| entry.path());
    let mut threads = Vec::new();
    for file in files.iter().filter_map(|entry| entry.as_file()) {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let text = file.contents_utf8().ok_or_else(|| Error::file(&path, "is not UTF-8"))?;
        threads.push(ThreadFile::parse(&path, text)?);
    }
    let content = Content { place, people, threads, notices };
    content.check()?;
    Ok(content)
}

fn read<T: serde::de::DeserializeOwned>(path: &str) -> Result<T, Error> {
    let file = FILES.get_file(path).and_then(|file| file.contents_utf8());
    toml::from_str(file.ok_or_else(|| Error::file(path, "is missing"))?).map_err(|e| Error::file(path, e))
}

impl Content {
    /// Age at which a member joined; none for nobody.
    pub(super) fn joined(&self, username: &str) -> Option<crate::base::time::SignedDuration> {
        self.people.iter().find(|person| person.username == username).and_then(|person| parse_span(&person.joined))
    }

    /// Names that a file uses and another defines.
    fn check(&self) -> Result<(), Error> {
        for person in &self.people {
            if parse_span(&person.joined).is_none() {
                return Err(Error::file("members.toml", format!("{}: joined is no age", person.username)));
            }
        }
        let host = &self.place.community.host;
        if !self.people.iter().any(|person| person.username == *host && person.role == Role::Owner) {
            return Err(Error::file("community.toml", "host is no owner"));
        }
        let tiers: HashSet<&str> = self.place.plans.iter().map(|plan| plan.tier.as_str()).collect();
        for thread in &self.threads {
            if !self.place.spaces.iter().any(|space| space.slug == thread.space) {
                return Err(Error::file(&thread.file, "lies in no space"));
            }
            if thread.gate.as_ref().is_some_and(|gate| !tiers.contains(gate.as_str())) {
                return Err(Error::file(&thread.file, "part 1: gate names no tier"));
            }
            for (i, part) in thread.parts.iter().enumerate() {
                let fault = |what: &str| Error::file(&thread.file, format!("part {}: {what}", i + 1));
                let joined = self.joined(&part.author).ok_or_else(|| fault("author is no member"))?;
                if part.ago >= joined {
                    return Err(fault("is older than its author's account"));
                }
            }
        }
        Ok(())
    }
}

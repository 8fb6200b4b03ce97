//! `lyceum outbox`: what was written and has not arrived, and what becomes of it.

use clap::{Args, Subcommand};

use super::asking::Delivery;
use super::errand::Errand;
use super::json::{self, Draft, Outbox};
use super::output::Failure;
use super::writing::resend;
use crate::base::text::{Clean, ink::Run};
use crate::engine::problem::{Kind, UserError};
use crate::engine::request::{OutboxAct, Request};
use crate::model::draft;
use crate::model::outbox::{Entry, EntryId, State, Why};

/// What is to be done with it; nothing lists it.
#[derive(Clone, Debug, Args)]
pub struct Unsent {
    /// What to do; nothing lists it
    #[command(subcommand)]
    pub act: Option<Act>,
}

/// What can be done with it.
#[derive(Clone, Debug, Subcommand)]
pub enum Act {
    /// Print the text of an entry
    Show {
        /// Its number, as listed
        entry: i64,
    },
    /// Send an entry now, or all of them
    Retry {
        /// Its number, as listed
        entry: Option<i64>,
    },
    /// Make a text a draft again, to be written on in the screen
    Recall {
        /// Its number, as listed
        entry: i64,
    },
    /// Give an entry up for good
    Drop {
        /// Its number, as listed
        entry: i64,
    },
}

/// Lists what has not arrived, or does something with it.
///
/// # Errors
/// When there is no such entry, or it did not arrive this time either.
pub async fn run(unsent: &Unsent, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    errand.asking.look_around().await?;
    let entries = errand.asking.heard().outbox.clone().unwrap_or_default();
    match &unsent.act {
        None => list(errand),
        Some(Act::Show { entry }) => {
            let found = named(&entries, *entry)?;
            let text = draft::Draft::of(&found.change, &found.about);
            let text = text.ok_or_else(|| Failure::said(Kind::Invalid, "script.no_text_entry"))?;
            if errand.desk.json {
                return errand.document(&outbox(vec![json::of_unsent(found)], Vec::new(), errand));
            }
            for line in text.body.lines() {
                errand.desk.out.line(&[Run::plain(line)])?;
            }
            Ok(())
        }
        Some(Act::Retry { entry }) => {
            let meant: Vec<&Entry> = match entry {
                Some(entry) => vec![named(&entries, *entry)?],
                None => entries.iter().collect(),
            };
            for entry in meant {
                retry(entry, errand).await?;
            }
            said("sent.done", "", errand)
        }
        Some(Act::Recall { entry }) => {
            let found = named(&entries, *entry)?;
            act(OutboxAct::Recall(found.id), found, "script.recalled", errand).await
        }
        Some(Act::Drop { entry }) => {
            let found = named(&entries, *entry)?;
            act(OutboxAct::Cancel(found.id), found, "script.dropped", errand).await
        }
    }
}

fn named(entries: &[Entry], number: i64) -> Result<&Entry, Failure> {
    entries.iter().find(|entry| entry.id == EntryId(number)).ok_or_else(|| Failure::Said {
        kind: Kind::NotFound,
        key: "script.no_entry",
        values: vec![("n", number.to_string())],
    })
}

fn outbox(entries: Vec<json::Unsent>, drafts: Vec<Draft>, errand: &Errand<'_, '_>) -> Outbox {
    Outbox { schema: Outbox::SCHEMA, community: errand.sessions.origin().to_owned(), entries, drafts }
}

fn list(errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let heard = errand.asking.heard().clone();
    let entries = heard.outbox.unwrap_or_default();
    let drafts: Vec<Draft> = heard
        .drafts
        .iter()
        .map(|kept| Draft {
            place: kept.draft.place.key(),
            title: if kept.draft.title.is_empty() { kept.draft.about.clone() } else { kept.draft.title.clone() },
            body: kept.draft.body.clone(),
            at: kept.at,
        })
        .collect();
    if errand.desk.json {
        return errand.document(&outbox(entries.iter().map(json::of_unsent).collect(), drafts, errand));
    }
    if entries.is_empty() && drafts.is_empty() {
        return errand.desk.remark("outbox.empty", &[]);
    }
    let (inks, words) = (errand.look.inks, errand.desk.words);
    for entry in &entries {
        let told = json::of_unsent(entry);
        let state = match &entry.state {
            State::Stuck { why, detail } => {
                let because = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
                format!("{}{because}", words.get(&format!("stuck.{}", why.word())))
            }
            _ => words.get(&format!("script.state.{}", told.state)).to_owned(),
        };
        let what = words.get(&format!("outbox.{}", told.what)).to_owned();
        let facts = [what, errand.look.words(words).age(entry.made), state].join(" · ");
        let number = Run::new(inks.accent, format!("{}  ", told.entry));
        errand.desk.out.line(&[number, Run::new(inks.title, told.about), Run::new(inks.dim, format!("  {facts}"))])?;
    }
    for draft in drafts {
        let facts = [words.get("script.draft").to_owned(), draft.place, errand.look.words(words).age(draft.at)];
        let facts = Run::new(inks.dim, format!("  {}", facts.join(" · ")));
        errand.desk.out.line(&[Run::plain("-  "), Run::new(inks.title, draft.title), facts])?;
    }
    Ok(())
}

async fn retry(entry: &Entry, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    match resend(entry.id, errand).await? {
        Delivery::Arrived(_) => Ok(()),
        Delivery::Refused(error) => Err(errand.reason(Failure::User(error))),
        Delivery::SignedOut => Err(errand.reason(Failure::said(Kind::Auth, "script.signed_out"))),
        Delivery::Waits => Err(Failure::said(Kind::Network, "script.no_line")),
    }
}

/// Has something done that takes an entry out of the outbox; one that is on its way already stays there.
async fn act(act: OutboxAct, entry: &Entry, key: &'static str, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    errand.asking.hand_in(Request::Outbox(act));
    errand.asking.outbox_moves(super::mark::PATIENCE).await?;
    let is_there = errand.asking.heard().outbox.iter().flatten().any(|other| other.id == entry.id);
    if is_there {
        return Err(Failure::said(Kind::Conflict, "undo.too-late"));
    }
    said(key, &entry.id.0.to_string(), errand)
}

/// Says that it is done; a program is told what is left.
fn said(key: &str, n: &str, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    if errand.desk.json { list(errand) } else { errand.desk.remark(key, &[("n", n)]) }
}

/// Why something cannot go as it is, as a failure.
pub(super) fn stuck(why: Why, detail: &Clean) -> UserError {
    let (kind, text) = match why {
        Why::Invalid if !detail.is_empty() => (Kind::Invalid, "error.invalid"),
        Why::NotFound => (Kind::NotFound, "stuck.not-found"),
        Why::Forbidden => (Kind::Denied, "stuck.forbidden"),
        Why::Gated => (Kind::Denied, "stuck.gated"),
        Why::Conflict => (Kind::Conflict, "stuck.conflict"),
        Why::Invalid => (Kind::Invalid, "stuck.invalid"),
        Why::TooLarge => (Kind::Invalid, "stuck.too-large"),
        Why::Unsupported => (Kind::Unsupported, "stuck.unsupported"),
        Why::Failing => (Kind::Server, "stuck.failing"),
        Why::Unknown => (Kind::Server, "stuck.unknown"),
    };
    UserError { kind, text, hint: "", args: vec![("fields", detail.clone())], retry: false }
}

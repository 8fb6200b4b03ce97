//! `lyceum inbox`: what concerns the reader, and putting it away.

use clap::{Args, Subcommand};

use super::errand::Errand;
use super::json::{self, Inbox};
use super::mark;
use super::output::Failure;
use super::page::{Bounds, Pages};
use crate::base::ids::NotificationId;
use crate::base::text::ink::Run;
use crate::base::text::width::ellipsis;
use crate::engine::event::Answer;
use crate::engine::request::Query;
use crate::engine::wording::reason_key;
use crate::model::change::Change;
use crate::model::notification::Notification;

/// What is to be done with it; nothing lists it.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Items {
    /// What to do; nothing lists it
    #[command(subcommand)]
    pub act: Option<Act>,
    /// Also what was put away
    #[arg(long)]
    pub all: bool,
    /// Only what was not put away: the default, said aloud
    #[arg(long, conflicts_with = "all")]
    pub unread: bool,
    /// How many and from where
    #[command(flatten)]
    pub bounds: Bounds,
}

/// What can be done with an item.
#[derive(Clone, Debug, Subcommand)]
pub enum Act {
    /// Put items away
    Done {
        /// Their ids, as listed
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        /// Bring them back
        #[arg(long)]
        undo: bool,
    },
}

/// Prints the inbox, or puts items away.
///
/// # Errors
/// When nobody is signed in, or the community cannot be asked and nothing is kept.
pub async fn run(inbox: &Items, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    match &inbox.act {
        Some(Act::Done { ids, undo }) => put_away(ids, !undo, errand).await,
        None => list(inbox, errand).await,
    }
}

async fn put_away(ids: &[String], done: bool, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    for id in ids {
        let change = Change::Done { notification: NotificationId::new(id.clone()), done };
        mark::set(
            errand,
            change,
            &mark::Said { what: "done", to: mark::on(done), item: Some(id), ..Default::default() },
        )
        .await?;
    }
    Ok(())
}

async fn list(inbox: &Items, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let mut pages = Pages::new(&inbox.bounds)?;
    let mut items: Vec<Notification> = Vec::new();
    while let Some(cursor) = pages.wanted(items.len()) {
        let Answer::Inbox(page) = errand.read(Query::Inbox(inbox.all, cursor)).await? else {
            return Err(Errand::unexpected());
        };
        pages.take(page, &mut items);
    }
    if errand.desk.json {
        let document = Inbox {
            schema: Inbox::SCHEMA,
            community: errand.sessions.origin().to_owned(),
            stale: errand.stale.clone(),
            items: items.iter().map(json::of_item).collect(),
            next: pages.next(),
        };
        return errand.document(&document);
    }
    if items.is_empty() {
        errand.desk.remark("script.inbox_empty", &[])?;
    }
    for item in &items {
        print(item, errand)?;
    }
    pages.tell(errand.desk)?;
    errand.tell_age()
}

fn print(item: &Notification, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let (look, words) = (errand.look, errand.desk.words);
    let reason = reason_key(item.reason);
    let who = item.actor.as_ref().map(|actor| actor.username.to_string());
    let mut facts: Vec<String> =
        vec![who.into_iter().chain([words.get(reason).to_owned()]).collect::<Vec<_>>().join(" ")];
    facts.push(look.words(words).age(item.at));
    facts.extend(item.thread.as_ref().map(|thread| words.fill("script.in_thread", &[("thread", thread.as_str())])));
    facts.extend(item.number.map(|n| words.fill("script.in_post", &[("n", &n.to_string())])));
    facts.extend(item.done.then(|| words.get("inbox.done").to_owned()));
    let id = item.id.to_string();
    let indent = " ".repeat(id.len() + 2);
    let room = look.row.saturating_sub(indent.len()).max(20);
    let title = Run::new(look.inks.title, ellipsis(&item.title, room).into_owned());
    errand.desk.out.line(&[Run::new(look.inks.accent, id), Run::plain("  "), title])?;
    errand.desk.out.line(&[Run::plain(indent.clone()), Run::new(look.inks.dim, facts.join(" · "))])?;
    if !item.excerpt.is_empty() {
        errand.desk.out.line(&[Run::plain(indent), Run::plain(ellipsis(&item.excerpt, room).into_owned())])?;
    }
    Ok(())
}

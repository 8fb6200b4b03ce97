//! What works on the store of one account: its drafts, its outbox, what follows the community. Another account is
//! another room; leaving one ends what works in it.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use super::Parts;
use super::desk::Desk;
use super::drafts::Drafts;
use super::event::{Event, KeptDraft};
use super::line::Line;
use super::outbox::{Outbox, Told};
use super::sync::{self, Batch};
use crate::base::ids::Username;
use crate::model::search::saved::Saved;
use crate::store::{self, Whose};

/// The name under which the front end's layout is kept.
pub(super) const LAYOUT: &str = "layout";
/// The name under which saved searches are kept: they are no less the reader's own than the layout.
pub(super) const SEARCHES: &str = "layout-searches";

/// What works on the store of the account in use.
pub(super) struct Room {
    pub(super) desk: Desk,
    pub(super) drafts: Drafts,
    pub(super) outbox: Outbox,
    pub(super) batches: UnboundedSender<Batch>,
}

impl Room {
    /// Opens the store of the account in use, and tells what is kept of what a person did.
    pub(super) async fn open(
        parts: &Parts,
        line: &Line,
        events: &UnboundedSender<Event>,
        tell: &UnboundedSender<Told>,
    ) -> store::Result<Self> {
        // Whoever signed out is remembered by name only: what they wrote waits until they are back.
        let account =
            parts.sessions.account().filter(|account| account.vault.is_some() || parts.sessions.has_session());
        let me = account.map(|account| Username::new(account.username));
        let (desk, trouble) = Desk::open(parts.shelf.as_ref(), me, &*parts.random).await?;
        if let Some(error) = trouble {
            let _ = events.send(Event::Trouble(error));
        }
        tell_kept(&desk, events).await;
        let tools = following(parts, &desk, line, events);
        let outbox = Outbox::start(tools.clone(), tell.clone());
        let drafts = Drafts::start(desk.clone(), Arc::clone(&parts.clock), events.clone());
        let batches = sync::start(tools);
        Ok(Self { desk, drafts, outbox, batches })
    }
}

/// What working on a store beside the community takes.
pub(super) fn following(parts: &Parts, desk: &Desk, line: &Line, events: &UnboundedSender<Event>) -> sync::Parts {
    sync::Parts {
        desk: desk.clone(),
        community: Arc::clone(&parts.community),
        clock: Arc::clone(&parts.clock),
        random: Arc::clone(&parts.random),
        line: line.clone(),
        events: events.clone(),
    }
}

/// Tells the drafts that are kept, and how the window was laid out.
pub(super) async fn tell_kept(desk: &Desk, events: &UnboundedSender<Event>) {
    if let Ok(Some(searches)) = desk.store.document::<Vec<Saved>>(SEARCHES).await {
        let _ = events.send(Event::Searches(searches.value));
    }
    if let Ok(Some(layout)) = desk.store.document::<String>(LAYOUT).await {
        let _ = events.send(Event::Layout(layout.value));
    }
    if let Ok(drafts) = desk.store.drafts(&desk.window).await {
        let kept = |kept: store::KeptDraft| KeptDraft {
            is_others: kept.whose == Whose::Other,
            copy: kept.copy,
            draft: kept.draft,
            at: kept.at,
        };
        let drafts = drafts.into_iter().map(kept).collect();
        let _ = events.send(Event::Opened { of: desk.me.clone(), drafts });
    }
}

//! What a person is writing and what of it is kept: the screen's side of drafts. The disk is the engine's.

use super::pane;
use super::{state::State, trail::Trail};
use crate::base::ids::Username;
use crate::engine::{event::KeptDraft, request::Request};
use crate::model::draft::{Draft, Place};

impl State {
    /// The draft for a place, if something is kept for it.
    pub fn draft(&self, place: &Place) -> Option<&Draft> {
        self.drafts.iter().find(|d| d.place.is_same(place))
    }

    /// Keeps a draft in place of an older one for the same place, here and on the disk; an empty one is dropped.
    pub fn keep_draft(&mut self, draft: Draft) {
        if self.draft(&draft.place) == Some(&draft) || self.draft(&draft.place).is_none() && draft.is_empty() {
            return;
        }
        self.drafts.retain(|d| !d.place.is_same(&draft.place));
        if !draft.is_empty() {
            self.drafts.push(draft.clone());
        }
        self.send(Request::KeepDraft(Box::new(draft)));
    }

    /// Throws a draft away, here and on the disk.
    pub fn drop_draft(&mut self, place: &Place) {
        self.drafts.retain(|d| !d.place.is_same(place));
        self.send(Request::DropDraft(place.clone()));
    }

    /// Forgets here what was written; it is kept with its author's account.
    pub fn forget_texts(&mut self) {
        (self.drafts, self.others, self.aside) = (Vec::new(), Vec::new(), Vec::new());
        (self.outbox, self.arrived) = (Vec::new(), Vec::new());
        (self.sending, self.undo) = (Vec::new(), None);
        self.drafts_of = None;
    }

    /// Forgets here what a reader saw; only a form to sign in with stays open.
    pub fn forget_reader(&mut self) {
        self.overlays.retain(|over| matches!(over.context(), "form" | "line" | "landing" | "elsewhere"));
        (self.home.me, self.home.membership) = (None, None);
        (self.panes, self.trail) = (pane::Panes::default(), Trail::default());
        self.threads.clear();
        (self.searched, self.searches) = (None, Vec::new());
        self.home.spaces.clear();
    }

    /// Puts a text that was set aside in its place, and what is there aside; answers with it.
    pub fn take_up(&mut self, at: usize) -> Option<Draft> {
        let (draft, copy) = self.aside.get(at).cloned()?;
        self.aside.remove(at);
        if let Some(here) = self.draft(&draft.place).cloned() {
            self.aside.push((here, copy));
        }
        self.drafts.retain(|known| !known.place.is_same(&draft.place));
        self.drafts.push(draft.clone());
        self.send(Request::TakeUp(draft.place.clone(), copy));
        Some(draft)
    }

    /// Takes in the drafts of earlier sittings; what is written in this one is newer.
    pub(super) fn take_drafts(&mut self, of: Option<Username>, kept: Vec<KeptDraft>) {
        // What another reader read and wrote is theirs.
        if self.drafts_of != of {
            let is_another = self.drafts_of.is_some();
            self.forget_texts();
            if is_another {
                self.forget_reader();
            }
            self.drafts_of = of;
        }
        self.has_left = false;
        (self.others, self.aside) = (Vec::new(), Vec::new());
        for one in kept.into_iter().rev() {
            if one.is_others {
                self.others.push(one.draft);
            } else if one.copy > 0 {
                self.aside.push((one.draft, one.copy));
            } else if self.draft(&one.draft.place).is_none() {
                self.drafts.push(one.draft);
            }
        }
    }
}

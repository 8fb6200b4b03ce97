//! Who one is here, what one holds, and what concerns one.

use super::{
    Command,
    when::{May, always, signed_in},
};
use crate::engine::request::Request;
use crate::tui::{
    overlay::{
        member,
        sign_in::{self, Purpose},
        why,
    },
    pane::{Panes, inbox},
    state::{State, Trail},
};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "sign-in", when: always, run: |s, _| sign_in::open(s, Purpose::SignIn) },
    Command { name: "register", when: always, run: |s, _| sign_in::open(s, Purpose::Register) },
    Command { name: "sign-out", when: signed_in, run: |s, _| sign_out(s) },
    Command { name: "why", when: always, run: |s, _| why::open(s) },
    Command { name: "member", when: has_author, run: |s, _| show_author(s) },
    Command { name: "done", when: in_inbox, run: |s, _| inbox::put_away(s) },
    Command { name: "toggle-done", when: in_inbox, run: |s, _| inbox::toggle_done(s) },
    Command { name: "submit", when: in_form, run: |_, _| () },
    Command { name: "other-form", when: in_form, run: |_, _| () },
];

fn in_inbox(state: &State) -> May {
    if state.pane().name() == "inbox" { Ok(()) } else { Err("unavailable.not-inbox") }
}

fn in_form(state: &State) -> May {
    let open = state.overlays.last().is_some_and(|over| over.context() == "form");
    if open { Ok(()) } else { Err("unavailable.no-form") }
}

/// Who wrote the selected post, or opened the selected thread.
fn author(state: &State) -> Option<crate::base::ids::Username> {
    let of_thread = || super::when::thread(state).map(|thread| &thread.author);
    super::when::post(state).map(|post| &post.author).or_else(of_thread).map(|author| author.username.clone())
}

fn has_author(state: &State) -> May {
    author(state).map(|_| ()).ok_or("unavailable.no-thread")
}

fn show_author(state: &mut State) {
    if let Some(username) = author(state) {
        member::open(state, username);
    }
}

/// Leaving on purpose: what this reader saw goes too, except the drafts.
fn sign_out(state: &mut State) {
    state.home.has_entered = false;
    (state.home.me, state.home.membership) = (None, None);
    (state.panes, state.trail) = (Panes::default(), Trail::default());
    state.threads.clear();
    state.home.spaces.clear();
    state.send(Request::SignOut);
}

//! Who one is here, what one holds, and what concerns one.

use super::{
    Command,
    when::{May, always, not_signed_in, signed_in},
};
use crate::engine::request::Request;
use crate::tui::{
    effect::Effect,
    overlay::{
        accounts,
        confirm::Confirm,
        elsewhere, member, security,
        sign_in::{self, Purpose},
        why,
    },
    pane::inbox,
    roll::Act,
    state::State,
};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "sign-in", when: not_signed_in, run: |s, _| sign_in::open(s, Purpose::SignIn) },
    Command { name: "register", when: not_signed_in, run: |s, _| sign_in::open(s, Purpose::Register) },
    Command { name: "by-device", when: may_by_device, run: |s, _| elsewhere::by_device(s) },
    Command { name: "in-browser", when: may_in_browser, run: |s, _| elsewhere::in_browser(s) },
    Command { name: "with-token", when: not_signed_in, run: |s, _| sign_in::open(s, Purpose::Token) },
    Command { name: "sign-out", when: signed_in, run: |s, _| sign_out(s) },
    Command { name: "security", when: signed_in, run: |s, _| security::open(s) },
    Command { name: "end-session", when: in_security, run: |_, _| () },
    Command { name: "end-others", when: in_security, run: |_, _| () },
    Command { name: "new-token", when: in_security, run: |_, _| () },
    Command { name: "second-factor", when: in_security, run: |_, _| () },
    Command { name: "switch-off", when: in_secret, run: |_, _| () },
    Command { name: "switch-account", when: always, run: |s, _| accounts::open(s) },
    Command { name: "next-account", when: has_other, run: |s, _| next_account(s) },
    Command { name: "why", when: why::may, run: |s, _| why::open(s) },
    Command { name: "member", when: has_author, run: |s, _| show_author(s) },
    Command { name: "done", when: has_item, run: |s, _| inbox::put_away(s) },
    Command { name: "toggle-done", when: may_toggle_done, run: |s, _| inbox::toggle_done(s) },
    Command { name: "submit", when: in_form, run: |_, _| () },
    Command { name: "other-form", when: in_form, run: |_, _| () },
];

fn may_by_device(state: &State) -> May {
    not_signed_in(state)?;
    elsewhere::may_by_device(state)
}

fn may_in_browser(state: &State) -> May {
    not_signed_in(state)?;
    elsewhere::may_in_browser(state)
}

fn has_other(state: &State) -> May {
    if state.roll.is_several() { Ok(()) } else { Err("unavailable.no-other-account") }
}

fn next_account(state: &mut State) {
    if let Some(next) = state.roll.next() {
        state.effect(Effect::Seat(Act::Switch(next)));
    }
}

fn in_inbox(state: &State) -> May {
    let is_it = state.pane().name() == "inbox" && state.list_shown().is_none();
    if is_it { Ok(()) } else { Err("unavailable.not-inbox") }
}

fn has_item(state: &State) -> May {
    in_inbox(state)?;
    state.panes.inbox.list.current().map(|_| ()).ok_or("unavailable.nothing-selected")
}

/// An empty inbox can have something put away; one that shows what is put away, and is empty still, has not.
fn may_toggle_done(state: &State) -> May {
    in_inbox(state)?;
    let inbox = &state.panes.inbox;
    let is_bare = inbox.with_done && inbox.list.items.is_empty();
    if is_bare { Err("unavailable.nothing-away") } else { Ok(()) }
}

fn in_form(state: &State) -> May {
    is_on_top(state, &["form", "line", "secret"], "unavailable.no-form")
}

fn in_security(state: &State) -> May {
    is_on_top(state, &["security"], "unavailable.not-security")
}

fn in_secret(state: &State) -> May {
    is_on_top(state, &["secret"], "unavailable.not-security")
}

fn is_on_top(state: &State, contexts: &[&str], reason: &'static str) -> May {
    let open = state.overlays.last().is_some_and(|over| contexts.contains(&over.context()));
    if open { Ok(()) } else { Err(reason) }
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

/// Leaving on purpose: what this reader saw and wrote goes from the screen; what was written stays with the account.
fn sign_out(state: &mut State) {
    if state.outbox.is_empty() {
        return leave(state);
    }
    let question = state.words.count("confirm.sign-out", state.outbox.len() as u64);
    state.lay(Confirm::new(question, leave));
}

fn leave(state: &mut State) {
    state.forget_texts();
    state.forget_reader();
    (state.home.has_entered, state.has_left) = (false, true);
    state.send(Request::SignOut);
}

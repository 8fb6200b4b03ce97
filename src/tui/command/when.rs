//! When a command can be done: predicates that give the reason when it cannot.

use crate::model::{post::Post, thread::Thread};
use crate::tui::{pane::reader::sheet::is_answer, state::State};

/// Whether it can be done; else the key of the reason.
pub type May = Result<(), &'static str>;

/// At any time.
pub fn always(_: &State) -> May {
    Ok(())
}

/// Somebody is signed in.
pub fn signed_in(state: &State) -> May {
    if state.is_signed_in() { Ok(()) } else { Err("unavailable.signed-out") }
}

/// Nobody is signed in: who is would sign in over themselves.
pub fn not_signed_in(state: &State) -> May {
    if state.is_signed_in() { Err("unavailable.signed-in") } else { Ok(()) }
}

/// Nobody looks at the first page: whose session has ended goes on reading what is there.
pub fn not_a_visitor(state: &State) -> May {
    let is_visitor = state.home.signed_out && !state.home.has_entered;
    if is_visitor { Err("unavailable.signed-out") } else { Ok(()) }
}

/// The thread that is selected or open.
pub fn thread(state: &State) -> Option<&Thread> {
    state.threads.get(&state.pane().thread(state)?)
}

/// The selected post of the open thread.
pub fn post(state: &State) -> Option<&Post> {
    state.pane().reader(state)?.post()
}

/// A thread is selected or open.
pub fn has_thread(state: &State) -> May {
    thread(state).map(|_| ()).ok_or("unavailable.no-thread")
}

/// A thread is selected, and somebody is signed in to mark it.
pub fn may_mark(state: &State) -> May {
    has_thread(state)?;
    signed_in(state)
}

/// A thread is open and has the keys.
pub fn reading(state: &State) -> May {
    state.pane().reader(state).map(|_| ()).ok_or("unavailable.not-reading")
}

/// A post is selected.
pub fn has_post(state: &State) -> May {
    post(state).filter(|p| !p.deleted).map(|_| ()).ok_or("unavailable.not-reading")
}

/// One may reply to the thread.
pub fn may_reply(state: &State) -> May {
    signed_in(state)?;
    let thread = thread(state).ok_or("unavailable.no-thread")?;
    let is_staff = state.home.me.as_ref().is_some_and(|me| me.author.role.is_staff());
    match thread {
        t if t.gate.is_some() => Err("unavailable.gated"),
        t if t.locked && !is_staff => Err("unavailable.locked"),
        _ => Ok(()),
    }
}

/// One may vote on the selected post.
pub fn may_vote(state: &State) -> May {
    has_post(state)?;
    signed_in(state)?;
    if thread(state).is_some_and(|thread| thread.gate.is_some()) {
        return Err("unavailable.gated");
    }
    let own = post(state).zip(state.home.me.as_ref()).is_some_and(|(p, me)| p.author.username == me.author.username);
    if own { Err("unavailable.own-post") } else { Ok(()) }
}

/// The selected post is one's own.
pub fn may_edit(state: &State) -> May {
    has_post(state)?;
    if post(state).is_some_and(|p| p.may_edit) { Ok(()) } else { Err("unavailable.not-yours") }
}

/// The selected post is an answer, and the question is one's own or one keeps order.
pub fn may_accept(state: &State) -> May {
    has_post(state)?;
    signed_in(state)?;
    let (Some(thread), Some(post), Some(me)) = (thread(state), post(state), &state.home.me) else {
        return Err("unavailable.no-thread");
    };
    match () {
        () if !is_answer(thread, post) => Err("unavailable.no-answer"),
        () if thread.author.username == me.author.username || me.author.role.is_staff() => Ok(()),
        () => Err("unavailable.not-asker"),
    }
}

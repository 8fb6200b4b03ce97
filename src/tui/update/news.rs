//! What is new in the inbox, said at once: on the screen, and by the terminal when nobody looks.

use super::super::{effect::Effect, notice::Tone, state::State};
use crate::base::text::Clean;
use crate::model::notification::{Notification, Reason};

/// What the news are, and how many when there are several.
pub(super) fn told(state: &mut State, news: &[Notification]) {
    let Some(first) = news.first() else { return };
    let text = match news.len() {
        1 => sentence(state, first),
        several => state.words.count("news.several", several as u64),
    };
    let is_quiet = state.options.quiet.is_some_and(|hours| hours.hold(state.now, &state.options.zone));
    if !is_quiet {
        // The terminal is asked only when it does not have the reader's eyes.
        if state.has_focus != Some(true) {
            state.effect(Effect::Notify(Clean::line(&text)));
        }
        state.say(Tone::Plain, text);
    }
    state.dirty = true;
}

fn sentence(state: &State, news: &Notification) -> String {
    let key = match news.reason {
        Reason::Mention => "news.mention",
        Reason::Reply => "news.reply",
        Reason::Answer => "news.answer",
        Reason::Accepted => "news.accepted",
        Reason::Membership => "news.membership",
    };
    let who = news.actor.as_ref().map_or("", |actor| actor.name.as_str());
    state.words.fill(key, &[("who", who), ("title", &news.title)])
}

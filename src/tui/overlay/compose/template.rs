//! Choosing how a text begins.

use super::Compose;
use crate::base::text::Clean;
use crate::config::template::Template;
use crate::tui::{notice::Tone, overlay::picker::Picker, state::State};

/// Lays the templates over the composer; the one that is chosen goes into its text, at the cursor.
pub(super) fn choose(state: &mut State) {
    let templates = state.templates.clone();
    let title = |template: &Template| {
        let key = format!("template.{}", template.name);
        if state.words.has(&key) { state.word(&key) } else { Clean::line(&template.name).to_string() }
    };
    let rows = templates.iter().map(title).collect();
    let heading = state.word("template.title");
    state.lay(Picker::new(heading, rows, move |state, chosen| {
        let Some((text, at)) = templates.get(chosen).map(Template::parts) else { return };
        let has_room = Compose::with(state, |compose, state| compose.put(&text, at, state));
        if has_room == Some(false) {
            state.say(Tone::Bad, state.word("compose.no-room"));
        }
    }));
}

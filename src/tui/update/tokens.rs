//! Where the tokens are, told on the screen; and the one question that is asked about it.

use crate::base::time::Timestamp;
use crate::engine::event::Keeping;
use crate::engine::request::Request;
use crate::engine::tokens::{Farewell, Refusal};
use crate::tui::{notice::Tone, overlay::confirm::Confirm, state::State};

pub(super) fn told(state: &mut State, keeping: &Keeping) {
    match keeping {
        Keeping::Unreadable(why) => {
            let said = state.words.fill("tokens.unreadable", &[("why", &why.sentence(&state.words))]);
            state.say(Tone::Bad, said);
        }
        Keeping::Unkept(why) => {
            let said = state.words.fill("tokens.unkept", &[("why", &sentences(state, why))]);
            state.say(Tone::Bad, said);
        }
        Keeping::Ask(path) => {
            let question = state.words.fill("tokens.ask", &[("path", path)]);
            state.lay(Confirm::new(question, |state| {
                let _ = state.send(Request::AgreeToPlain);
            }));
        }
        Keeping::Kept(vault) => {
            let vault = state.word(&format!("vault.name.{vault}"));
            let said = state.words.fill("tokens.kept", &[("vault", &vault)]);
            state.say(Tone::Good, said);
        }
        Keeping::Left(farewell, left) => gone(state, *farewell, left),
    }
}

/// What is to be said when the community has not heard that somebody left.
pub fn untold(state: &State, farewell: Farewell) -> Option<String> {
    let say = |until: Timestamp| {
        let date = state.words.date("date.full", &until.to_zoned_datetime(state.options.zone.clone()));
        state.words.fill("tokens.untold_until", &[("date", &date)])
    };
    (!farewell.is_told).then(|| farewell.until.map_or_else(|| state.word("tokens.untold"), say))
}

fn gone(state: &mut State, farewell: Farewell, left: &[Refusal]) {
    if let Some(said) = untold(state, farewell) {
        state.say(Tone::Bad, said);
    }
    if !left.is_empty() {
        let said = state.words.fill("tokens.left", &[("why", &sentences(state, left))]);
        state.say(Tone::Bad, said);
    }
}

fn sentences(state: &State, why: &[Refusal]) -> String {
    let all: Vec<String> = why.iter().map(|refusal| refusal.sentence(&state.words)).collect();
    all.join(state.words.get("tokens.and"))
}

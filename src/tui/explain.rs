//! What went wrong, in words for whoever sits at the screen. Which key helps depends on where they are.

use super::{notice::Tone, state::State};
use crate::engine::problem::UserError;

impl State {
    /// Says what went wrong and what to do next.
    pub fn say_error(&mut self, error: &UserError) {
        let text = self.sentences(error);
        self.say(Tone::Bad, text);
    }

    /// What went wrong and what to do next, as running text.
    pub fn sentences(&self, error: &UserError) -> String {
        self.explain(error).join(self.words.get("frame.between-sentences"))
    }

    /// The same in an overlay of this context, whose keys are others.
    pub fn sentences_in(&self, context: &str, error: &UserError) -> String {
        self.explain_with(error, &[context, "overlay"]).join(self.words.get("frame.between-sentences"))
    }

    /// What went wrong, and what to do next.
    pub fn explain(&self, error: &UserError) -> [String; 2] {
        self.explain_with(error, &["global"])
    }

    /// Trying again is another key where keys are typed.
    fn explain_with(&self, error: &UserError, contexts: &[&str]) -> [String; 2] {
        let again =
            ["refresh", "try-again", "submit"].iter().find_map(|command| self.keymap.keys_of(contexts, command));
        let again = again.unwrap_or_default();
        let hint = if error.hint == "hint.refresh" && contexts != ["global"] { "hint.look_again" } else { error.hint };
        let args = error.args.iter().map(|(name, value)| (*name, value.as_str()));
        let args: Vec<(&str, &str)> = args.chain([("again", again.as_str())]).collect();
        [error.text, hint].map(|key| self.words.fill(key, &args))
    }
}

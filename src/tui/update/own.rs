//! Files of one's own have changed: what can be taken up at once is, and what is wrong with them is told.

use crate::config::{Settings, locale::Catalog, screen::Symbols as Wanted};
use crate::tui::{
    effect::Effect,
    notice::Tone,
    own::{Own, Reloaded},
    state::State,
    symbols::Symbols,
};

/// Takes them up and says what came of it.
pub(super) fn changed(state: &mut State, new: &Reloaded) {
    if new.own.texts == state.own.texts {
        if new.is_asked {
            state.say(Tone::Plain, state.word("own.same"));
        }
        return;
    }
    let needs_start = new.faults.is_empty() && rest(&new.own.settings) != rest(&state.own.settings);
    let faults = take_up(state, new);
    if !faults.is_empty() {
        let kept = state.word("own.kept");
        let (first, others) = (faults[0].clone(), faults[1..].to_vec());
        let first = [first, kept].join(state.words.get("frame.between-sentences"));
        return state.say_faults(&[vec![first], others].concat());
    }
    state.say(Tone::Good, state.word(if needs_start { "own.taken-partly" } else { "own.taken" }));
}

/// Takes them up; answers with what is wrong. Wrong settings leave everything as it was; a wrong keymap or theme leaves
/// the one that was there.
pub(in crate::tui) fn take_up(state: &mut State, new: &Reloaded) -> Vec<String> {
    if !new.faults.is_empty() {
        state.own.texts = new.own.texts.clone();
        return new.faults.iter().map(|fault| fault.sentence(&state.words)).collect();
    }
    let mut own = Own { depth: state.own.depth, light: state.own.light, ..new.own.clone() };
    let (old, screen) = (state.own.settings.screen.clone(), own.settings.screen.clone());
    if own.language != state.own.language {
        state.words = Catalog::new(own.language);
    }
    let mut layout = state.options.layout();
    layout.follow(&state.options.configured, &screen.layout());
    state.options.configured = screen.layout();
    state.options.lay_out(&layout);
    own.choose(&layout.theme, &layout.keymap);
    state.options.quiet = screen.quiet;
    if let (Some(mouse), true) = (screen.mouse, screen.mouse != old.mouse) {
        state.options.mouse = mouse;
        state.effect(Effect::Mouse(mouse));
    }
    let is_plain = state.options.spelling.ascii || screen.symbols == Wanted::Ascii;
    state.symbols = match is_plain {
        _ if state.options.linear => Symbols::LINEAR,
        true => Symbols::ASCII,
        false => Symbols::UNICODE,
    };
    let faults = state.adopt(own);
    faults.iter().map(|fault| fault.sentence(&state.words)).collect()
}

/// The background is light, or dark: the theme that goes by it follows.
pub(in crate::tui) fn background(state: &mut State, light: bool) {
    let is_news = state.own.light.replace(light) != Some(light);
    if is_news && state.own.theme.0 == "auto" {
        let own = state.own.clone();
        // What is wrong with the keymap was told when it was read.
        state.adopt(own);
    }
}

/// What is left of settings without those that are taken up at once, and without those of the server.
fn rest(settings: &Settings) -> Settings {
    let mut rest = settings.clone();
    let screen = crate::config::screen::Screen {
        alternate_screen: rest.screen.alternate_screen,
        reduced_motion: rest.screen.reduced_motion,
        notify: rest.screen.notify,
        ..Default::default()
    };
    (rest.screen, rest.server) = (screen, Default::default());
    rest.client.language = Default::default();
    rest
}

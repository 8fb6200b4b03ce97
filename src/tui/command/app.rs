//! The program itself: leaving, help, the palette, what was said.

use super::{
    Command,
    when::{always, signed_in},
};
use crate::config::screen::{Clock, Dates, Density, Layout};
use crate::engine::request::Request;
use crate::tui::{
    effect::Effect,
    notice::Tone,
    overlay::{help::Help, messages::Messages, palette::Palette, picker::Picker},
    own::Kind,
    state::State,
};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "palette", when: always, run: |s, _| Palette::open(s) },
    Command { name: "help", when: always, run: |s, _| Help::open(s) },
    Command { name: "messages", when: always, run: |s, _| s.lay(Messages::default()) },
    Command { name: "redraw", when: always, run: |s, _| s.effect(Effect::Redraw) },
    Command { name: "suspend", when: always, run: |s, _| suspend(s) },
    Command { name: "mouse", when: always, run: |s, _| mouse(s) },
    Command { name: "density", when: always, run: |s, _| density(s) },
    Command { name: "dates", when: always, run: |s, _| dates(s) },
    Command { name: "clock", when: always, run: |s, _| clock(s) },
    Command { name: "theme", when: always, run: |s, _| choose_theme(s) },
    Command { name: "keymap", when: always, run: |s, _| choose_keymap(s) },
    Command { name: "reload", when: always, run: |s, _| s.effect(Effect::Reload) },
    Command { name: "sync", when: signed_in, run: |s, _| sync(s) },
    Command { name: "quit", when: always, run: |s, _| quit(s) },
];

/// Line by line there is no screen to be given back and nothing to click.
fn is_linear(state: &mut State) -> bool {
    if state.options.linear {
        state.say(Tone::Plain, state.word("plain.no_screen"));
    }
    state.options.linear
}

fn suspend(state: &mut State) {
    if !is_linear(state) {
        state.effect(Effect::Suspend);
    }
}

fn mouse(state: &mut State) {
    if is_linear(state) {
        return;
    }
    state.options.mouse = !state.options.mouse;
    state.effect(Effect::Mouse(state.options.mouse));
}

/// Rows of two lines, or of one.
fn density(state: &mut State) {
    let density = match state.options.density {
        Density::Comfortable => Density::Compact,
        Density::Compact => Density::Comfortable,
    };
    state.lay_out(&Layout { density, ..state.options.layout() });
}

/// Ages, dates as the language has them, dates as ISO 8601 has them.
fn dates(state: &mut State) {
    let (dates, said) = match state.options.dates {
        Dates::Relative => (Dates::Local, "dates.local"),
        Dates::Local => (Dates::Iso, "dates.iso"),
        Dates::Iso => (Dates::Relative, "dates.relative"),
    };
    state.lay_out(&Layout { dates, ..state.options.layout() });
    state.say(Tone::Plain, state.word(said));
}

fn clock(state: &mut State) {
    let clock = match state.options.clock {
        Clock::TwentyFour => Clock::Twelve,
        Clock::Twelve => Clock::TwentyFour,
    };
    state.lay_out(&Layout { clock, ..state.options.layout() });
    let now = state.clock(state.now);
    state.say(Tone::Plain, state.words.fill("dates.clock", &[("time", &now)]));
}

/// Themes by name; each is shown while the bar is on it.
fn choose_theme(state: &mut State) {
    let names = names(state, Kind::Theme);
    let at = names.iter().position(|name| *name == state.options.theme).unwrap_or_default();
    let (title, rows) = (state.word("own.choose-theme"), names.clone());
    let show = move |state: &mut State, at: usize| {
        let theme = names.get(at).cloned().unwrap_or_default();
        state.lay_out(&Layout { theme, ..state.options.layout() });
    };
    let choose = show.clone();
    state.lay(Picker::new(title, rows, choose).with_look(at, show));
}

/// Keymaps by name.
fn choose_keymap(state: &mut State) {
    let names = names(state, Kind::Keymap);
    let (title, rows) = (state.word("own.choose-keymap"), names.clone());
    state.lay(Picker::new(title, rows, move |state, at| {
        let keymap = names.get(at).cloned().unwrap_or_default();
        state.lay_out(&Layout { keymap, ..state.options.layout() });
    }));
}

/// Those there are; one that fits the terminal first.
fn names(state: &State, kind: Kind) -> Vec<String> {
    let auto = (kind == Kind::Theme).then(|| "auto".to_owned());
    auto.into_iter().chain(kind.names(&state.own.texts)).collect()
}

/// Leaves once everything is on the disk and what is held was sent. Said twice it does not wait.
fn quit(state: &mut State) {
    if state.leaving {
        return state.effect(Effect::Quit);
    }
    state.pane().due(state);
    state.leaving = true;
    state.send(Request::Leave);
}

/// Fetches the whole community, or stops doing so.
fn sync(state: &mut State) {
    let is_running = state.progress.take().is_some();
    state.send(if is_running { Request::StopSync } else { Request::SyncAll });
}

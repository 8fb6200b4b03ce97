//! What can be taken along: the text of a post, a piece of code, a link, the address of a post.

use super::{
    Command,
    when::{May, has_thread, post, reading, thread},
};
use crate::base::text::Clean;
use crate::model::{markup, permalink, thread::Thread};
use crate::tui::{
    notice::Tone,
    overlay::{go_to::GoTo, link::Shown, picker::Picker},
    pane::reader::Reader,
    state::State,
};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "copy-link", when: may_copy_link, run: copy_link },
    Command { name: "copy-text", when: may_copy, run: |s, _| copy_text(s) },
    Command { name: "copy-code", when: has_code, run: copy_code },
    Command { name: "link", when: has_links, run: link },
    Command { name: "go-to", when: super::when::not_a_visitor, run: |s, _| GoTo::open(s) },
];

/// A link of the page, by its number there.
fn link_of(state: &State, number: u32) -> Option<String> {
    let links = &state.pane().reader(state)?.sheet()?.page.links;
    links.get(number.checked_sub(1)? as usize).cloned()
}

fn has_links(state: &State) -> May {
    reading(state)?;
    let sheet = state.pane().reader(state).and_then(Reader::sheet);
    if sheet.is_some_and(|sheet| !sheet.page.links.is_empty()) { Ok(()) } else { Err("unavailable.no-link") }
}

/// The link of the number typed before, the only one of the selected post, or the one that is chosen among its links.
fn link(state: &mut State, count: Option<u32>) {
    if let Some(number) = count {
        return follow(state, number);
    }
    let reader = state.pane().reader(state);
    let numbers = reader.and_then(|reader| Some(reader.sheet()?.links_in(reader.current))).unwrap_or_default();
    let numbers: Vec<u32> = numbers.into_iter().collect();
    match numbers[..] {
        [] => state.say(Tone::Plain, state.word("unavailable.no-link-here")),
        [number] => follow(state, number),
        _ => {
            let row = |number: &u32| format!("[{number}] {}", link_of(state, *number).unwrap_or_default());
            let rows = numbers.iter().map(row).collect();
            let title = state.word("reading.which-link");
            state.lay(Picker::new(title, rows, move |state, chosen| {
                if let Some(number) = numbers.get(chosen) {
                    follow(state, *number);
                }
            }));
        }
    }
}

/// Goes where a link of the page leads, when that is a post of this community; else shows where it leads.
pub fn follow(state: &mut State, number: u32) {
    let Some(link) = link_of(state, number) else {
        return state.say(Tone::Plain, state.word("unavailable.no-link"));
    };
    if let Some(place) = state.origin().and_then(|origin| permalink::read(origin, &link)) {
        return state.visit_thread(&place.thread, place.number);
    }
    match Shown::new(&link) {
        Some(link) => state.lay(link),
        None => state.say(Tone::Plain, state.word("unavailable.no-link")),
    }
}

/// The address of the selected post, or of the selected thread.
fn address(state: &State) -> Option<String> {
    let thread: &Thread = thread(state)?;
    // A text that is on its way has no place yet.
    let number = post(state).map_or(1, |post| post.number);
    Some(permalink::write(state.origin()?, &thread.id, number))
}

fn may_copy_link(state: &State) -> May {
    has_thread(state)?;
    address(state).map(|_| ()).ok_or("unavailable.no-address")
}

/// Copies the address of a post; with a number before it, the link of that number.
fn copy_link(state: &mut State, count: Option<u32>) {
    let text = match count {
        Some(number) => link_of(state, number),
        None => address(state),
    };
    match text {
        Some(text) => state.copy(Clean::line(&text)),
        None => state.say(Tone::Plain, state.word("unavailable.no-link")),
    }
}

/// A window that has something to copy lies on top, or a thread is selected or open.
fn may_copy(state: &State) -> May {
    let holds = |context: &str| matches!(context, "link" | "elsewhere" | "secret");
    if state.overlays.last().is_some_and(|over| holds(over.context())) { Ok(()) } else { has_thread(state) }
}

fn copy_text(state: &mut State) {
    let text = post(state).map(|p| p.body.clone()).or_else(|| thread(state).map(|t| t.title.clone()));
    if let Some(text) = text {
        state.copy(text);
    }
}

/// The pieces of code of the selected post, with their languages.
fn code(state: &State) -> Vec<(String, String)> {
    post(state).map(|post| markup::code_blocks(&markup::parse(&post.body).blocks)).unwrap_or_default()
}

fn has_code(state: &State) -> May {
    reading(state)?;
    // Asked at every picture: only what may be code is looked into.
    let may_hold =
        |body: &str| body.contains("```") || body.contains("~~~") || body.contains("    ") || body.contains('\t');
    let holds = post(state).is_some_and(|post| may_hold(&post.body)) && !code(state).is_empty();
    if holds { Ok(()) } else { Err("unavailable.no-code") }
}

/// Copies a piece of code: the one of the number typed before, the only one, or the one that is chosen.
fn copy_code(state: &mut State, count: Option<u32>) {
    let code = code(state);
    let number = count.or_else(|| (code.len() == 1).then_some(1));
    if let Some(number) = number {
        let found = (number as usize).checked_sub(1).and_then(|at| code.get(at));
        return match found {
            Some((_, text)) => state.copy(Clean::block(text)),
            None => state.say(Tone::Plain, state.words.count("reading.code-blocks", code.len() as u64)),
        };
    }
    let row = |(at, (language, text)): (usize, &(String, String))| {
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
        let lines = state.words.count("reading.lines", text.lines().count() as u64);
        let language = if language.is_empty() { String::new() } else { format!("{language} ") };
        Clean::line(&format!("{} {language}({lines})  {first}", at + 1)).to_string()
    };
    let rows = code.iter().enumerate().map(row).collect();
    let title = state.word("reading.which-code");
    state.lay(Picker::new(title, rows, move |state, chosen| {
        if let Some((_, text)) = code.get(chosen) {
            state.copy(Clean::block(text));
        }
    }));
}

//! What can be taken along: the text of a post, a piece of code, a link, the address of a post.

use super::{
    Command,
    when::{May, has_thread, post, reading, thread},
};
use crate::base::{ids::ThreadId, text::Clean};
use crate::model::{markup::Mark, permalink, thread::Thread};
use crate::tui::{
    notice::Tone,
    overlay::{Then, link::Shown, picker::Picker, typed::Typed},
    pane::reader::Reader,
    state::State,
    widget::thread_page::Numbered,
};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "copy-link", when: may_copy_link, run: copy_link },
    Command { name: "copy-text", when: may_copy, run: |s, _| copy_text(s) },
    Command { name: "copy-code", when: has_code, run: copy_code },
    Command { name: "link", when: has_links, run: link },
    Command { name: "go-to", when: super::when::not_a_visitor, run: |s, _| ask_where(s) },
];

/// What has a number on the page of the open thread.
fn numbered(state: &State, number: u32) -> Option<Numbered<'_>> {
    state.pane().reader(state)?.sheet()?.page.numbered(number as usize)
}

/// A link of the page, by its number there.
fn link_of(state: &State, number: u32) -> Option<String> {
    match numbered(state, number)?.mark {
        Mark::Link(url) => Some(url.clone()),
        _ => None,
    }
}

/// A post that is quoted on the page, by its number there: its thread and its own number.
fn quoted(state: &State, number: u32) -> Option<(ThreadId, u32)> {
    match numbered(state, number)?.mark {
        Mark::Post { number, thread } => {
            let here = || state.pane().reader(state).map(|reader| reader.id.clone());
            Some((thread.as_deref().map(ThreadId::new).or_else(here)?, *number))
        }
        _ => None,
    }
}

/// Where something of the page leads, in words.
fn lead(state: &State, number: u32) -> String {
    match quoted(state, number) {
        Some((_, post)) => state.words.fill("reading.post", &[("number", &post.to_string())]),
        None => link_of(state, number).unwrap_or_default(),
    }
}

fn has_links(state: &State) -> May {
    reading(state)?;
    let page = state.pane().reader(state).and_then(Reader::sheet).map(|sheet| &sheet.page);
    let has = page.is_some_and(|page| page.has(|mark| matches!(mark, Mark::Link(_) | Mark::Post { .. })));
    if has { Ok(()) } else { Err("unavailable.no-link") }
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
            let row = |number: &u32| format!("[{number}] {}", lead(state, *number));
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

/// Goes to a post that is quoted, and where a link of the page leads, when that is a post of this community; else shows
/// where it leads. What has that number and is no link is unfolded.
pub fn follow(state: &mut State, number: u32) {
    if state.pane().reader_mut(state).is_some_and(|reader| reader.unfold_numbered(number)) {
        return;
    }
    if let Some((thread, post)) = quoted(state, number) {
        return visit_quoted(state, &thread, post);
    }
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

/// Goes to a post that is quoted. What somebody wrote as its number may be none.
fn visit_quoted(state: &mut State, thread: &ThreadId, number: u32) {
    if state.pane().open_thread(state).as_ref() != Some(thread) {
        return state.visit_thread(thread, Some(number));
    }
    match state.threads.get(thread).map(|thread| thread.last) {
        Some(last) if !(1..=last).contains(&number) => {
            let said = state.words.fill("reading.no-such-number", &[("last", &last.to_string())]);
            state.say(Tone::Plain, said);
        }
        _ => {
            state.leave_spot();
            state.go_to_post(number);
        }
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
        Some(number) => match quoted(state, number) {
            Some((thread, post)) => state.origin().map(|origin| permalink::write(origin, &thread, post)),
            None => link_of(state, number),
        },
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

/// The numbers of the code in the selected post, as they are shown.
fn code(state: &State) -> Vec<u32> {
    let reader = state.pane().reader(state);
    let page = reader.and_then(|reader| Some((&reader.sheet()?.page, reader.current)));
    let Some((page, current)) = page else { return Vec::new() };
    let is_code = |number: &usize| page.numbered(*number).is_some_and(|found| *found.mark == Mark::Code);
    page.numbers_of(current).filter(is_code).map(|number| number as u32).collect()
}

fn code_of(state: &State, number: u32) -> Option<(&str, &str)> {
    let found = numbered(state, number)?;
    found.document.code(found.place)
}

fn has_code(state: &State) -> May {
    reading(state)?;
    let page = state.pane().reader(state).and_then(Reader::sheet).map(|sheet| &sheet.page);
    if page.is_some_and(|page| page.has(|mark| *mark == Mark::Code)) { Ok(()) } else { Err("unavailable.no-code") }
}

/// Copies a piece of code: the one of the number typed before, the only one of the selected post, or the one chosen.
fn copy_code(state: &mut State, count: Option<u32>) {
    let numbers = code(state);
    let number = count.or_else(|| (numbers.len() == 1).then(|| numbers[0]));
    if let Some(number) = number {
        return match code_of(state, number).map(|(_, text)| Clean::block(text)) {
            Some(text) => state.copy(text),
            None => state.say(Tone::Plain, state.word("unavailable.no-such-code")),
        };
    }
    if numbers.is_empty() {
        return state.say(Tone::Plain, state.word("unavailable.no-code-here"));
    }
    let row = |number: &u32| {
        let (language, text) = code_of(state, *number).unwrap_or_default();
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
        let lines = state.words.count("reading.lines", text.lines().count() as u64);
        let language = if language.is_empty() { String::new() } else { format!("{language} ") };
        Clean::line(&format!("[{number}] {language}({lines})  {first}")).to_string()
    };
    let rows = numbers.iter().map(row).collect();
    let title = state.word("reading.which-code");
    state.lay(Picker::new(title, rows, move |state, chosen| {
        let text = numbers.get(chosen).and_then(|number| code_of(state, *number));
        if let Some(text) = text.map(|(_, text)| Clean::block(text)) {
            state.copy(text);
        }
    }));
}

/// To a post by its address, or by its number in the open thread.
fn ask_where(state: &mut State) {
    let (title, hint) = (state.word("reading.go-to"), state.word("reading.go-to-hint"));
    state.lay(Typed::new(title, hint, |state, typed| go(state, typed.trim_start_matches('#')).map(|()| Then::Close)));
}

fn go(state: &mut State, typed: &str) -> Result<(), String> {
    let Ok(number) = typed.parse::<u32>() else {
        let place = state.origin().and_then(|origin| permalink::read(origin, typed));
        let place = place.ok_or_else(|| state.word("reading.no-such-address"))?;
        state.visit_thread(&place.thread, place.number);
        return Ok(());
    };
    let open = state.pane().reader(state).map(|reader| reader.id.clone());
    let thread = open.and_then(|id| state.threads.get(&id)).ok_or_else(|| state.word("unavailable.not-reading"))?;
    if !(1..=thread.last).contains(&number) {
        return Err(state.words.fill("reading.no-such-number", &[("last", &thread.last.to_string())]));
    }
    state.leave_spot();
    state.go_to_post(number);
    Ok(())
}

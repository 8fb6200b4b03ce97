//! An open thread as lines: what it is, and one post after another.

use crate::base::text::Clean;
use crate::model::{
    markup::{self, Mark},
    member::Role,
    post::Post,
};
use crate::tui::{
    pane::reader::Reader,
    state::State,
    widget::markdown::{self, Opened},
};

/// Columns of running text.
const COLUMNS: u16 = 80;

/// What the thread is, in a line or two.
pub(super) fn head(state: &State, reader: &Reader) -> Vec<String> {
    let Some(thread) = state.threads.get(&reader.id) else { return Vec::new() };
    let mut lines = vec![super::list::thread(state, thread)];
    if let Some(gate) = &thread.gate {
        lines.push(state.words.fill("page.gated", &[("tier", &gate.required.name)]));
    }
    lines
}

/// The selected post.
pub(super) fn current(state: &State, reader: &Reader) -> Vec<String> {
    match reader.posts.iter().find(|post| post.number == reader.current) {
        Some(post) => self::post(state, reader, post),
        // One's own text on its way stands behind all others.
        None => echo(state, reader),
    }
}

/// Everything, from the first post on.
pub(super) fn whole(state: &State, reader: &Reader) -> Vec<String> {
    let order = reader.sheet().map(|sheet| sheet.order.as_slice()).unwrap_or_default();
    let posts = order.iter().filter_map(|number| reader.posts.iter().find(|post| post.number == *number));
    head(state, reader).into_iter().chain(posts.flat_map(|post| self::post(state, reader, post))).collect()
}

/// `Post 3 of 9, by Grace Hopper, expert, 2 h, accepted, in reply to 1, score 4, unread`, then what it says.
fn post(state: &State, reader: &Reader, post: &Post) -> Vec<String> {
    let mut lines = vec![String::new(), byline(state, reader, post)];
    if post.deleted {
        lines.push(state.word("page.deleted"));
        return lines;
    }
    lines.extend(body(state, reader, post));
    let folded = folded(reader, post.number);
    lines.extend((folded > 0).then(|| state.words.count("plain.folded", folded)));
    lines
}

pub(super) fn byline(state: &State, reader: &Reader, post: &Post) -> String {
    let word = |key: &str| state.word(key);
    let thread = state.threads.get(&reader.id);
    let all = thread.map_or(reader.posts.len() as u32, |thread| thread.last);
    let mut facts = vec![state.words.fill("plain.post", &[("n", &post.number.to_string()), ("all", &all.to_string())])];
    facts.push(state.words.fill("plain.by", &[("name", &post.author.name)]));
    let role = post.author.role;
    facts.extend((role != Role::Member).then(|| word(&format!("role.{}", role.as_str()))));
    let is_own = state.home.me.as_ref().is_some_and(|me| me.author.username == post.author.username);
    facts.extend(is_own.then(|| word("plain.yours")));
    facts.push(state.age(post.created));
    facts.extend(post.accepted.then(|| word("plain.accepted")));
    facts.extend(post.parent.map(|parent| state.words.fill("plain.in_reply_to", &[("n", &parent.to_string())])));
    facts.push(state.words.fill("plain.score", &[("n", &post.score.to_string())]));
    match post.vote {
        1.. => facts.push(word("plain.voted_up")),
        0 => {}
        _ => facts.push(word("plain.voted_down")),
    }
    facts.extend(post.edited.map(|_| word("plain.edited")));
    facts.extend((post.number > reader.read_before && !is_own).then(|| word("page.unread")));
    facts.join(", ")
}

/// The text as lines, its links below by the numbers that `link` takes. All that is folded is told, what its writer hid
/// only once it was asked for.
fn body(state: &State, reader: &Reader, post: &Post) -> Vec<String> {
    let document = markup::parse(&post.body);
    let first = first_number(reader, post);
    let opened = reader.blocks.of(post).cloned().unwrap_or_else(Opened::folds);
    let laid = markdown::layout(&document, COLUMNS, first, &opened, state.looks());
    let mut lines: Vec<String> = laid.lines.iter().map(ToString::to_string).collect();
    let told = lines.concat();
    let links = document.marks.iter().enumerate().filter_map(|(at, mark)| match mark {
        Mark::Link(url) => Some((first + at, url)),
        _ => None,
    });
    let shown = links.filter(|(number, _)| told.contains(&format!("[{number}]")));
    let links: Vec<String> = shown.map(|(number, url)| format!("{number}. {}", Clean::line(url))).collect();
    if !links.is_empty() {
        lines.push(state.word("plain.links"));
    }
    lines.extend(links);
    lines
}

/// The number on the page of the first thing in a post that has one.
fn first_number(reader: &Reader, post: &Post) -> usize {
    let Some(sheet) = reader.sheet() else { return 1 };
    let number = sheet.links_in(post.number).first().map(|number| *number as usize);
    number.and_then(|number| number.checked_sub(sheet.page.numbered(number)?.place)).unwrap_or(1)
}

/// How many posts are folded away below one.
fn folded(reader: &Reader, number: u32) -> u64 {
    if !reader.folded.contains(&number) {
        return 0;
    }
    let mut below = vec![number];
    let mut at = 0;
    while at < below.len() {
        let replies = reader.posts.iter().filter(|post| post.parent == Some(below[at])).map(|post| post.number);
        below.extend(replies.collect::<Vec<_>>());
        at += 1;
    }
    (below.len() - 1) as u64
}

/// A text of one's own that is not there yet.
fn echo(state: &State, reader: &Reader) -> Vec<String> {
    let draft = |entry: &crate::model::outbox::Entry| crate::model::draft::Draft::of(&entry.change, &entry.about);
    let is_here = |change: &crate::model::change::Change| matches!(change, crate::model::change::Change::Reply { thread, .. } if *thread == reader.id);
    let entries = state.outbox.iter().filter(|entry| is_here(&entry.change));
    let mut lines = Vec::new();
    for entry in entries {
        let how = crate::tui::overlay::outbox::stands_in_thread(state, entry);
        lines.push(state.words.fill("plain.waits", &[("how", &how)]));
        lines.extend(
            draft(entry).into_iter().flat_map(|draft| draft.body.lines().map(str::to_owned).collect::<Vec<_>>()),
        );
    }
    lines
}

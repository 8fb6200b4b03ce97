//! Markdown (CommonMark 0.31 with tables, strikethrough, task lists and bare addresses as links) into a [`Document`].
//!
//! Entities such as `&#27;` are only decoded here, so every piece of text passes the filter once more.

use std::collections::HashMap;
use std::iter::Peekable;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TextMergeStream};

use super::{Align, Block, Document, Inline, Item};
use crate::base::text::{Clean, link::Link, width};

mod address;

/// Deeper blocks and runs are shown without their own layer: what renders them recurses, and no line has room.
const MOST_NESTING: usize = 16;
/// Columns of a table beyond this are left out.
const MOST_COLUMNS: usize = 64;
/// Characters of a fence's first word.
const MOST_LANGUAGE: usize = 24;

/// Parses cleaned Markdown. Never fails: what is not markup is text. HTML is shown as the text it is.
pub fn parse(markdown: &str) -> Document {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events = TextMergeStream::new(Parser::new_ext(markdown, options)).peekable();
    let mut reader = Reader { events, links: Vec::new(), places: HashMap::new(), task: None, soft: false, last: ' ' };
    let mut blocks = Vec::new();
    while reader.events.peek().is_some() {
        blocks.append(&mut reader.blocks(0));
    }
    Document { blocks, links: reader.links }
}

struct Reader<'a> {
    events: Peekable<TextMergeStream<'a, Parser<'a>>>,
    links: Vec<String>,
    /// Address to place in `links`.
    places: HashMap<String, usize>,
    /// The box of the item being read, until the item takes it.
    task: Option<bool>,
    /// A line ended in the source; whether that is a space depends on what comes next.
    soft: bool,
    /// The last character of running text.
    last: char,
}

impl<'a> Reader<'a> {
    /// Reads blocks up to and with the end of what holds them.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        // Containers that are too deep give their blocks to the one around them.
        let mut flattened = 0;
        while let Some(event) = self.events.peek() {
            match event {
                Event::End(_) if flattened == 0 => {
                    self.events.next();
                    break;
                }
                Event::End(_) => {
                    self.events.next();
                    flattened -= 1;
                }
                Event::Start(tag) if is_container(tag) && depth >= MOST_NESTING => {
                    self.events.next();
                    flattened += 1;
                }
                Event::Start(tag) if !is_inline(tag) => blocks.extend(self.block(depth)),
                Event::Rule => {
                    self.events.next();
                    blocks.push(Block::Rule);
                }
                Event::Html(_) => blocks.extend(self.html()),
                _ => blocks.push(Block::Paragraph(self.running(0))),
            }
        }
        blocks
    }

    /// Reads one block whose start comes next.
    fn block(&mut self, depth: usize) -> Option<Block> {
        let Some(Event::Start(tag)) = self.events.next() else { return None };
        Some(match tag {
            Tag::Heading { level, .. } => {
                let level = level as u8;
                Block::Heading(level, self.closed())
            }
            Tag::BlockQuote(_) => Block::Quote(self.blocks(depth + 1)),
            Tag::CodeBlock(kind) => self.code(&kind),
            Tag::List(start) => Block::List { start, items: self.items(depth + 1) },
            Tag::Table(align) => self.table(&align),
            Tag::HtmlBlock => {
                let html = self.html();
                self.events.next();
                return html;
            }
            _ => Block::Paragraph(self.closed()),
        })
    }

    fn items(&mut self, depth: usize) -> Vec<Item> {
        let mut items = Vec::new();
        while let Some(Event::Start(Tag::Item)) = self.events.next() {
            let outer = self.task.take();
            let blocks = self.blocks(depth);
            items.push(Item { task: self.task.take(), blocks });
            self.task = outer;
        }
        items
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>) -> Block {
        let language = match kind {
            CodeBlockKind::Fenced(info) => {
                let word = info.split([' ', ',', '{', '\t']).next().unwrap_or_default();
                clean(word).chars().take(MOST_LANGUAGE).collect()
            }
            CodeBlockKind::Indented => String::new(),
        };
        let mut text = String::new();
        while let Some(Event::Text(piece)) = self.events.next() {
            text.push_str(&piece);
        }
        Block::Code { language, text: clean(&text) }
    }

    /// The rest of an HTML block, line by line, without its comments; none when nothing is left.
    fn html(&mut self) -> Option<Block> {
        let mut text = String::new();
        while let Some(Event::Html(_) | Event::Text(_)) = self.events.peek() {
            let Some(Event::Html(html) | Event::Text(html)) = self.events.next() else { break };
            text.push_str(&html);
        }
        let text = without_comments(&text);
        if text.trim().is_empty() {
            return None;
        }
        let mut lines = Vec::new();
        for line in clean(text.trim_end_matches('\n')).split('\n') {
            if !lines.is_empty() {
                lines.push(Inline::Break);
            }
            lines.push(Inline::Text(line.to_owned()));
        }
        Some(Block::Paragraph(lines))
    }

    fn table(&mut self, align: &[Alignment]) -> Block {
        let align: Vec<Align> = align
            .iter()
            .take(MOST_COLUMNS)
            .map(|a| match a {
                Alignment::Center => Align::Center,
                Alignment::Right => Align::Right,
                Alignment::None | Alignment::Left => Align::Left,
            })
            .collect();
        let mut rows = Vec::new();
        // The head comes first, then rows; each is closed by its own end, the table by one more.
        while let Some(Event::Start(_)) = self.events.next() {
            let mut row = Vec::new();
            while let Some(Event::Start(_)) = self.events.next() {
                let cell = self.closed();
                if row.len() < MOST_COLUMNS {
                    row.push(cell);
                }
            }
            rows.push(row);
        }
        let head = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        Block::Table { align, head, rows }
    }

    /// Reads running text and the end that closes it.
    fn closed(&mut self) -> Vec<Inline> {
        let runs = self.running(0);
        self.events.next();
        runs
    }

    /// Reads running text up to something that is none.
    fn running(&mut self, depth: usize) -> Vec<Inline> {
        if depth == 0 {
            (self.soft, self.last) = (false, ' ');
        }
        let mut runs = Vec::new();
        let mut flattened = 0;
        while let Some(event) = self.events.peek() {
            match event {
                Event::Start(tag) if !is_inline(tag) => break,
                Event::End(_) if flattened == 0 => break,
                Event::Rule | Event::Html(_) => break,
                Event::End(_) => flattened -= 1,
                Event::Start(_) if depth >= MOST_NESTING => flattened += 1,
                Event::Start(_) => {
                    self.span(depth, &mut runs);
                    continue;
                }
                _ => {}
            }
            if let Some(event) = self.events.next() {
                self.run(event, &mut runs);
            }
        }
        runs
    }

    /// Adds one event that holds no others.
    fn run(&mut self, event: Event<'_>, runs: &mut Vec<Inline>) {
        match event {
            Event::InlineHtml(html) if html.starts_with("<!--") => {}
            Event::Text(text) | Event::InlineHtml(text) => {
                let text = clean(&text);
                self.join(&text, runs);
                for (piece, address) in address::pieces(&text) {
                    let run = Inline::Text(piece.to_owned());
                    runs.push(if address { Inline::Link(self.place(piece), vec![run]) } else { run });
                }
            }
            Event::Code(code) => {
                let code = clean(&code);
                self.join(&code, runs);
                runs.push(Inline::Code(code));
            }
            Event::SoftBreak => self.soft = true,
            Event::HardBreak => {
                (self.soft, self.last) = (false, ' ');
                runs.push(Inline::Break);
            }
            Event::TaskListMarker(done) => self.task = Some(done),
            _ => {}
        }
    }

    /// A line end in the source is a space, but none between two wide characters: Chinese is written without.
    fn join(&mut self, text: &str, runs: &mut Vec<Inline>) {
        let is_wide = |c: char| width::of_cluster(c.encode_utf8(&mut [0; 4])) > 1;
        if let Some(first) = text.chars().next() {
            if std::mem::take(&mut self.soft) && !(is_wide(self.last) && is_wide(first)) {
                runs.push(Inline::Text(" ".to_owned()));
            }
            self.last = text.chars().next_back().unwrap_or(' ');
        }
    }

    /// Reads one emphasised, linked or struck run with its end.
    fn span(&mut self, depth: usize, runs: &mut Vec<Inline>) {
        let Some(Event::Start(tag)) = self.events.next() else { return };
        if let Some(space) = self.leading_space(&tag) {
            runs.push(space);
        }
        let place = match &tag {
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => self.destination(&format!("mailto:{dest_url}")),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.destination(dest_url),
            _ => Err(String::new()),
        };
        let inner = self.running(depth + 1);
        self.events.next();
        match (tag, place) {
            (Tag::Emphasis, _) => runs.push(Inline::Emphasis(inner)),
            (Tag::Strong, _) => runs.push(Inline::Strong(inner)),
            (Tag::Strikethrough, _) => runs.push(Inline::Strike(inner)),
            (Tag::Link { .. } | Tag::Image { .. }, Ok(place)) => {
                let named = !plain_text(&inner).trim().is_empty();
                let text = if named { inner } else { vec![Inline::Text(self.links[place].clone())] };
                runs.push(Inline::Link(place, text));
            }
            (_, other) => {
                runs.extend(inner);
                // What is no link leads nowhere; where it wanted to lead can be read.
                if let Some(url) = other.err().filter(|url| !url.is_empty()) {
                    runs.push(Inline::Text(format!(" ({url})")));
                }
            }
        }
    }

    /// The space of a line end that stands before a run of its own, put outside it so that no line is underlined early.
    fn leading_space(&mut self, tag: &Tag<'_>) -> Option<Inline> {
        let waits = self.soft && matches!(tag, Tag::Link { .. } | Tag::Image { .. });
        if waits && width::of_cluster(self.last.encode_utf8(&mut [0; 4])) < 2 {
            self.soft = false;
            return Some(Inline::Text(" ".to_owned()));
        }
        None
    }

    /// The place of an address that may be a link, or its text.
    fn destination(&mut self, url: &str) -> Result<usize, String> {
        match Link::parse(url) {
            Some(_) => Ok(self.place(url)),
            None => Err(Clean::line(url).as_str().to_owned()),
        }
    }

    fn place(&mut self, url: &str) -> usize {
        if let Some(place) = self.places.get(url) {
            return *place;
        }
        self.links.push(url.to_owned());
        self.places.insert(url.to_owned(), self.links.len() - 1);
        self.links.len() - 1
    }
}

/// HTML without what its writer left for other programs: `<!-- more -->`. A comment that does not end is text.
fn without_comments(html: &str) -> String {
    let mut rest = html;
    let mut left = String::new();
    while let Some((before, after)) = rest.split_once("<!--")
        && let Some((_, after)) = after.split_once("-->")
    {
        left.push_str(before);
        rest = after;
    }
    left + rest
}

fn clean(text: &str) -> String {
    Clean::block(text).as_str().to_owned()
}

fn is_container(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::BlockQuote(_) | Tag::List(_) | Tag::Item)
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

/// The words of some runs, without their form.
pub fn plain_text(runs: &[Inline]) -> String {
    let mut text = String::new();
    for run in runs {
        match run {
            Inline::Text(piece) | Inline::Code(piece) => text.push_str(piece),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) | Inline::Link(_, inner) => {
                text.push_str(&plain_text(inner));
            }
            Inline::Break => text.push(' '),
        }
    }
    text
}

#[cfg(test)]
mod tests;

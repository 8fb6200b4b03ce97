//! Markdown (CommonMark 0.31 with GitHub's tables, strikethrough, task lists, footnotes and alerts, formulas, and bare
//! addresses as links) and what forums add to it into a [`Document`].
//!
//! Entities such as `&#27;` are only decoded here, so every piece of text passes the filter once more.

use std::collections::HashMap;
use std::iter::Peekable;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Options, Parser, Tag, TextMergeStream};

use super::{Alert, Align, Block, By, Document, Inline, Item, number};
use crate::base::text::Clean;

mod address;
mod forum;
mod frames;
mod html;
mod inline;
mod notes;
mod raw;
mod spans;

use frames::{Frame, Frames};
use notes::Notes;

/// What is read beyond CommonMark.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_MATH);

/// Deeper blocks and runs are shown without their own layer: what renders them recurses, and no line has room.
const MOST_NESTING: usize = 16;
/// Columns of a table beyond this are left out.
const MOST_COLUMNS: usize = 64;
/// Marks in the text may nest a little deeper, so that nothing hidden shows for want of a layer.
const MOST_FRAMES: usize = 24;
/// Characters of a fence's first word.
const MOST_LANGUAGE: usize = 24;

/// Parses cleaned Markdown. Never fails: what is not markup is text. HTML is shown as the text it is, but for what
/// unfolds, line ends and pictures.
pub fn parse(markdown: &str) -> Document {
    let markdown = forum::apart(markdown);
    let events = TextMergeStream::new(Parser::new_ext(&markdown, OPTIONS)).peekable();
    let (links, places, notes) = (Vec::new(), HashMap::new(), Notes::default());
    let mut reader = Reader { events, links, places, notes, task: None, soft: false, last: ' ' };
    let mut blocks = Vec::new();
    while reader.events.peek().is_some() {
        blocks.append(&mut reader.blocks(0));
    }
    blocks.extend(std::mem::take(&mut reader.notes).block());
    let marks = number::number(&mut blocks, reader.links);
    Document { blocks, marks }
}

struct Reader<'a> {
    events: Peekable<TextMergeStream<'a, Parser<'a>>>,
    /// Addresses as they come; [`number`] gives them their places.
    links: Vec<String>,
    /// Address to place in `links`.
    places: HashMap<String, usize>,
    notes: Notes,
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
        let mut frames = Frames::default();
        // Containers that are too deep give their blocks to the one around them.
        let mut flattened = 0;
        while let Some(event) = self.events.peek() {
            let depth = depth + frames.depth();
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
                Event::Start(Tag::Paragraph) => {
                    self.events.next();
                    self.paragraph(depth, &mut frames);
                }
                Event::Start(Tag::HtmlBlock) => {
                    self.events.next();
                    self.html(depth, &mut frames);
                    self.events.next();
                }
                Event::Start(tag) if !is_inline(tag) => {
                    if let Some(block) = self.block(depth) {
                        frames.add(block);
                    }
                }
                Event::Rule => {
                    self.events.next();
                    frames.add(Block::Rule);
                }
                Event::Html(_) => self.html(depth, &mut frames),
                _ => {
                    let text = self.running(0);
                    frames.add(Block::Paragraph(self.found(text)));
                }
            }
        }
        frames.finish()
    }

    /// Reads a paragraph, or what its text begins or ends when it is a mark and nothing else.
    fn paragraph(&mut self, depth: usize, frames: &mut Frames) {
        let runs = self.running(0);
        self.events.next();
        if let [Inline::Math(formula)] = runs.as_slice()
            && let Some(formula) = formula.strip_prefix("$$").and_then(|rest| rest.strip_suffix("$$"))
        {
            return frames.add(Block::Math(formula.trim_matches('\n').to_owned()));
        }
        let mark = match (runs.first(), runs.last()) {
            (Some(Inline::Text(first)), Some(Inline::Text(_))) if first.starts_with('[') => {
                forum::mark(&plain_text(&runs))
            }
            _ => None,
        };
        let frame = match mark {
            Some(forum::Mark::End(kind)) if frames.end(kind) => return,
            Some(forum::Mark::Quote(by)) => Frame::Quote(by),
            Some(forum::Mark::Details(title)) => Frame::Details { title, is_open: false },
            Some(forum::Mark::Spoiler) => Frame::Spoiler,
            Some(forum::Mark::End(_)) | None => return frames.add(Block::Paragraph(self.found(runs))),
        };
        if depth < MOST_FRAMES {
            frames.begin(frame);
        }
    }

    /// Reads one block whose start comes next; none when it is shown elsewhere.
    fn block(&mut self, depth: usize) -> Option<Block> {
        let Some(Event::Start(tag)) = self.events.next() else { return None };
        Some(match tag {
            Tag::Heading { level, .. } => {
                let level = level as u8;
                Block::Heading(level, self.closed())
            }
            Tag::BlockQuote(kind) => {
                let blocks = self.blocks(depth + 1);
                match kind {
                    Some(kind) => Block::Alert { kind: alert(kind), blocks },
                    None => quote(blocks),
                }
            }
            Tag::CodeBlock(kind) => self.code(&kind),
            Tag::List(start) => Block::List { start, items: self.items(depth + 1) },
            Tag::Table(align) => self.table(&align),
            Tag::FootnoteDefinition(name) => {
                let blocks = self.blocks(depth + 1);
                self.notes.define(&name, blocks);
                return None;
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
        Block::Code { place: 0, language, text: clean(&text) }
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
}

/// A quote, and whose it is when its first paragraph says no more than that: `@ada:` or `@ada wrote:`.
fn quote(mut blocks: Vec<Block>) -> Block {
    let by = match blocks.first() {
        Some(Block::Paragraph(text)) => match text.as_slice() {
            [Inline::Mention(name), Inline::Text(rest)] if matches!(rest.trim(), ":" | "：" | "wrote:" | "写道：") => {
                Some(By { name: name.clone(), post: None, thread: None, place: None })
            }
            _ => None,
        },
        _ => None,
    };
    if by.is_some() {
        blocks.remove(0);
    }
    Block::Quote { by, blocks }
}

fn alert(kind: BlockQuoteKind) -> Alert {
    match kind {
        BlockQuoteKind::Note => Alert::Note,
        BlockQuoteKind::Tip => Alert::Tip,
        BlockQuoteKind::Important => Alert::Important,
        BlockQuoteKind::Warning => Alert::Warning,
        BlockQuoteKind::Caution => Alert::Caution,
    }
}

fn clean(text: &str) -> String {
    Clean::block(text).as_str().to_owned()
}

fn is_container(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::BlockQuote(_) | Tag::List(_) | Tag::Item | Tag::FootnoteDefinition(_))
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
            Inline::Text(piece) | Inline::Code(piece) | Inline::Math(piece) => text.push_str(piece),
            Inline::Emphasis(inner)
            | Inline::Strong(inner)
            | Inline::Strike(inner)
            | Inline::Link(_, inner)
            | Inline::Spoiler(_, inner) => text.push_str(&plain_text(inner)),
            Inline::Picture(picture) => text.push_str(&picture.alt),
            Inline::Mention(name) => text.extend(["@", name]),
            Inline::Tag(name) => text.extend(["#", name]),
            Inline::Footnote(_) => {}
            Inline::Break => text.push(' '),
        }
    }
    text
}

#[cfg(test)]
mod tests;

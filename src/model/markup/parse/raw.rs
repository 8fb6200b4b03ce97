//! Blocks of HTML: what is known of it, and the lines of all else as they are.

use pulldown_cmark::Event;

use super::{MOST_FRAMES, Reader, clean, forum, html, plain_text};
use super::{
    frames::{Frame, Frames},
    spans::push_text,
};
use crate::model::markup::{Block, Inline};

impl Reader<'_> {
    /// Reads the rest of a block of HTML.
    pub(super) fn html(&mut self, depth: usize, frames: &mut Frames) {
        let mut text = String::new();
        while let Some(Event::Html(_) | Event::Text(_)) = self.events.peek() {
            let Some(Event::Html(html) | Event::Text(html)) = self.events.next() else { break };
            text.push_str(&html);
        }
        let outer = depth - frames.depth();
        let mut lines: Vec<Inline> = Vec::new();
        for piece in html::pieces(&text) {
            match piece {
                html::Piece::Text(text) => {
                    // One end of a line is enough where a tag says it too.
                    let text = if lines.last() == Some(&Inline::Break) {
                        text.strip_prefix('\n').unwrap_or(&text)
                    } else {
                        &text
                    };
                    as_lines(&clean(text), &mut lines);
                }
                html::Piece::Break => lines.push(Inline::Break),
                html::Piece::Picture(picture, url) => self.picture(picture, &url, &mut lines),
                html::Piece::Details(is_open) => {
                    add_lines(&mut lines, frames);
                    if outer + frames.depth() < MOST_FRAMES {
                        frames.begin(Frame::Details { title: String::new(), is_open });
                    }
                }
                html::Piece::Title(title) => {
                    add_lines(&mut lines, frames);
                    if let Err(title) = frames.title(title) {
                        frames.add(Block::Paragraph(vec![Inline::Text(title)]));
                    }
                }
                html::Piece::End => {
                    add_lines(&mut lines, frames);
                    if !frames.end(forum::Kind::Details) {
                        lines.push(Inline::Text("</details>".to_owned()));
                    }
                }
            }
        }
        add_lines(&mut lines, frames);
    }
}

/// Adds the lines of a text, each on its own.
fn as_lines(text: &str, lines: &mut Vec<Inline>) {
    for (nth, line) in text.split('\n').enumerate() {
        if nth > 0 && !lines.is_empty() {
            lines.push(Inline::Break);
        }
        push_text(lines, if lines.is_empty() { line.trim_start() } else { line });
    }
}

/// Adds what was gathered of HTML as a paragraph, when anything is in it.
fn add_lines(lines: &mut Vec<Inline>, frames: &mut Frames) {
    let mut text = std::mem::take(lines);
    while matches!(text.last(), Some(Inline::Break)) {
        text.pop();
    }
    if text.iter().any(|run| !matches!(run, Inline::Break)) && !is_blank(&text) {
        frames.add(Block::Paragraph(text));
    }
}

fn is_blank(text: &[Inline]) -> bool {
    !text.iter().any(|run| matches!(run, Inline::Picture(_))) && plain_text(text).trim().is_empty()
}

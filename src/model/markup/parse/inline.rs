//! Running text: what emphasises, links and breaks it.

use pulldown_cmark::{Event, LinkType, Tag};

use super::{MOST_NESTING, Reader, clean, html, is_inline, plain_text, spans};
use crate::base::text::{Clean, link::Link, width};
use crate::model::markup::{Inline, Picture};

use spans::push_text;

/// Characters shown of an address that is no link.
const MOST_ADDRESS: usize = 80;

impl Reader<'_> {
    /// Reads running text and the end that closes it.
    pub(super) fn closed(&mut self) -> Vec<Inline> {
        let runs = self.running(0);
        self.events.next();
        self.found(runs)
    }

    /// Runs with what Markdown does not know: spoilers, addresses, names.
    pub(super) fn found(&mut self, runs: Vec<Inline>) -> Vec<Inline> {
        spans::found(runs, &mut |url| self.place(url))
    }

    /// Reads running text up to something that is none.
    pub(super) fn running(&mut self, depth: usize) -> Vec<Inline> {
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
            Event::InlineHtml(html) => {
                for piece in html::pieces(&html) {
                    match piece {
                        html::Piece::Break => {
                            (self.soft, self.last) = (false, ' ');
                            runs.push(Inline::Break);
                        }
                        html::Piece::Picture(picture, url) => {
                            self.join("▣", runs);
                            self.picture(picture, &url, runs);
                        }
                        // What would unfold within a line is shown as it is.
                        html::Piece::Text(_) | html::Piece::Details(_) | html::Piece::Title(_) | html::Piece::End => {
                            let text = clean(&html);
                            self.join(&text, runs);
                            push_text(runs, &text);
                        }
                    }
                }
            }
            Event::Text(text) => {
                let text = clean(&text);
                self.join(&text, runs);
                push_text(runs, &text);
            }
            Event::InlineMath(text) => self.math("$", &text, runs),
            Event::DisplayMath(text) => self.math("$$", &text, runs),
            Event::FootnoteReference(name) => runs.push(Inline::Footnote(self.notes.number(&name))),
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

    fn math(&mut self, dollars: &str, text: &str, runs: &mut Vec<Inline>) {
        let text = clean(&format!("{dollars}{text}{dollars}"));
        self.join(&text, runs);
        runs.push(Inline::Math(text));
    }

    /// Adds a picture; where it is, if that may be opened.
    pub(super) fn picture(&mut self, picture: Picture, url: &str, runs: &mut Vec<Inline>) {
        // Forums name what was sent to them by addresses that only they can follow.
        let is_open = !url.is_empty() && !url.starts_with("upload://");
        let place = if is_open { self.destination(url) } else { Err(String::new()) };
        let (place, refused) = place.map_or_else(|refused| (None, refused), |place| (Some(place), String::new()));
        runs.push(Inline::Picture(Picture { place, ..picture }));
        push_refused(&refused, runs);
    }

    /// A line end in the source is a space, but none between two wide characters: Chinese is written without.
    fn join(&mut self, text: &str, runs: &mut Vec<Inline>) {
        let is_wide = |c: char| width::of_cluster(c.encode_utf8(&mut [0; 4])) > 1;
        if let Some(first) = text.chars().next() {
            if std::mem::take(&mut self.soft) && !(is_wide(self.last) && is_wide(first)) {
                push_text(runs, " ");
            }
            self.last = text.chars().next_back().unwrap_or(' ');
        }
    }

    /// Reads one emphasised, linked or struck run with its end.
    fn span(&mut self, depth: usize, runs: &mut Vec<Inline>) {
        let Some(Event::Start(tag)) = self.events.next() else { return };
        if self.has_leading_space(&tag) {
            push_text(runs, " ");
        }
        let place = match &tag {
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => self.destination(&format!("mailto:{dest_url}")),
            Tag::Link { dest_url, .. } => self.destination(dest_url),
            _ => Err(String::new()),
        };
        let inner = self.running(depth + 1);
        self.events.next();
        match (tag, place) {
            (Tag::Emphasis, _) => runs.push(Inline::Emphasis(inner)),
            (Tag::Strong, _) => runs.push(Inline::Strong(inner)),
            (Tag::Strikethrough, _) => runs.push(Inline::Strike(inner)),
            (Tag::Link { .. }, Ok(place)) => {
                let named = !plain_text(&inner).trim().is_empty();
                let text = if named { inner } else { vec![Inline::Text(self.links[place].clone())] };
                runs.push(Inline::Link(place, text));
            }
            (Tag::Image { dest_url, title, .. }, _) => {
                let (alt, size) = alt_and_size(&plain_text(&inner));
                let title = Clean::line(&title).as_str().to_owned();
                self.picture(Picture { place: None, alt, title, size }, &dest_url, runs);
            }
            (_, other) => {
                runs.extend(inner);
                // What is no link leads nowhere; where it wanted to lead can be read.
                push_refused(&other.err().unwrap_or_default(), runs);
            }
        }
    }

    /// Whether the space of a line end stands before a run of its own: outside it, so that no line is underlined early.
    fn has_leading_space(&mut self, tag: &Tag<'_>) -> bool {
        let waits = self.soft && matches!(tag, Tag::Link { .. } | Tag::Image { .. });
        if waits && width::of_cluster(self.last.encode_utf8(&mut [0; 4])) < 2 {
            self.soft = false;
            return true;
        }
        false
    }

    /// The place of an address that may be a link, or its text.
    fn destination(&mut self, url: &str) -> Result<usize, String> {
        if Link::parse(url).is_some() {
            return Ok(self.place(url));
        }
        let url = Clean::line(url);
        let shown: String = url.chars().take(MOST_ADDRESS).collect();
        Err(if shown.len() < url.len() { shown + "…" } else { shown })
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

/// Adds an address that is no link: as code, in which no part of it can be taken for one.
fn push_refused(url: &str, runs: &mut Vec<Inline>) {
    if !url.is_empty() {
        push_text(runs, " (");
        runs.push(Inline::Code(url.to_owned()));
        push_text(runs, ")");
    }
}

/// `What it shows|690x388, 50%`: forums write the size behind the words.
fn alt_and_size(alt: &str) -> (String, Option<(u32, u32)>) {
    let Some((words, size)) = alt.rsplit_once('|') else { return (alt.trim().to_owned(), None) };
    let pixels = size.split(',').next().unwrap_or_default().trim();
    let size = pixels.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    match size {
        Some(size) => (words.trim().to_owned(), Some(size)),
        None => (alt.trim().to_owned(), None),
    }
}

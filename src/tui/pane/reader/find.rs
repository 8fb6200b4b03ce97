//! Words that are looked for in the open thread: where they stand, and how that is shown.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use super::Reader;
use crate::tui::widget::text::width;

/// Where a word stands: the line, and how many bytes of that line stand before it.
pub(in crate::tui) type Place = (usize, usize);

/// What is looked for.
#[derive(Clone, Debug)]
pub(in crate::tui::pane) struct Wanted {
    /// In lower case.
    words: String,
    /// The place one is at.
    at: Option<Place>,
    /// What was folded away, and whether only news were shown, before it was looked for.
    folded: BTreeSet<u32>,
    only_new: bool,
}

impl Wanted {
    /// Marks where it stands on a line that was drawn; the place one is at besides.
    pub(super) fn mark(&self, frame: &mut Frame<'_>, row: Rect, (at, line): (usize, &Line<'_>), style: Style) {
        let text = text_of(line);
        for (start, found) in text.match_indices(&self.words) {
            let x = row.x.saturating_add(width(&text[..start]) as u16);
            let place = Rect { x, width: width(found) as u16, ..row }.intersection(row);
            let is_here = self.at == Some((at, start));
            let style = if is_here { style.add_modifier(Modifier::UNDERLINED | Modifier::BOLD) } else { style };
            frame.buffer_mut().set_style(place, style);
        }
    }
}

fn text_of(line: &Line<'_>) -> String {
    line.spans.iter().map(|span| span.content.as_ref()).collect::<String>().to_lowercase()
}

impl Reader {
    /// Looks for words, or for nothing any more. While something is looked for the whole thread is shown; afterwards it
    /// is as it was, but for what hid the post that was found.
    pub fn find(&mut self, words: Option<String>) {
        match (words, self.wanted.take()) {
            (Some(words), before) => {
                let (folded, only_new) = match before {
                    Some(before) => (before.folded, before.only_new),
                    None => (std::mem::take(&mut self.folded), std::mem::take(&mut self.only_new)),
                };
                if !folded.is_empty() || only_new {
                    self.outdate();
                }
                self.wanted = Some(Wanted { words: words.to_lowercase(), at: None, folded, only_new });
            }
            (None, Some(before)) => {
                (self.folded, self.only_new) = (before.folded, before.only_new && self.current > self.read_before);
                self.unfold_to(self.current);
                self.outdate();
            }
            (None, None) => {}
        }
    }

    /// Where what is looked for stands, in order.
    pub fn places(&self) -> Vec<Place> {
        let (Some(sheet), Some(wanted)) = (&self.sheet, &self.wanted) else { return Vec::new() };
        let mut places = Vec::new();
        for (at, line) in sheet.page.lines().enumerate() {
            places.extend(text_of(&line).match_indices(&wanted.words).map(|(start, _)| (at, start)));
        }
        places
    }

    /// Brings a place into the picture, selects the post it belongs to and marks it as the one one is at.
    pub fn show_place(&mut self, place: Option<Place>) {
        if let Some(wanted) = &mut self.wanted {
            wanted.at = place;
        }
        let Some((line, _)) = place else { return };
        if !(self.top..self.top + self.height).contains(&line) {
            self.top = line.saturating_sub(self.height / 3);
        }
        let sheet = self.sheet.as_ref();
        let post = sheet.and_then(|s| s.page.anchors_in(line..line + 1).first());
        self.current = post.map_or(self.current, |a| a.number);
        self.clamp();
    }
}

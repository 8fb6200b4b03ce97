//! Where a link leads, before anything is done with it. Lyceum opens no browser: over a remote line it would be on
//! the wrong machine, and a stranger's link should be looked at first.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Overlay, Then, frame};
use crate::base::text::{Clean, link::Link};
use crate::tui::{
    painter::Hyperlink,
    state::State,
    widget::text::{width, wrap},
};

/// A link to look at and copy.
pub struct Shown {
    url: Clean,
    host: String,
    is_disguised: bool,
}

impl Shown {
    /// Shows a link; none when it is not one that can be followed.
    pub fn new(url: &str) -> Option<Self> {
        let link = Link::parse(url)?;
        let (url, host) = (link.url().clone(), link.host().to_owned());
        Some(Self { url, host, is_disguised: link.is_disguised() })
    }
}

impl Shown {
    /// The address in lines.
    fn address(&self, area: Rect) -> Vec<String> {
        wrap(&self.url, usize::from(area.width.saturating_sub(4)).clamp(1, 72))
    }
}

/// Columns and lines of the box around so many lines.
fn size(lines: usize) -> (u16, u16) {
    (76, lines as u16 + 2)
}

impl Overlay for Shown {
    fn context(&self) -> &'static str {
        "link"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        match command {
            "copy-text" | "choose" => {
                state.copy(self.url.clone());
                Then::Close
            }
            "close" => Then::Close,
            _ => Then::Stay,
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let mut lines = vec![Line::styled(self.host.clone(), state.theme.title)];
        if self.is_disguised {
            lines.push(Line::styled(state.word("link.disguised"), state.theme.warn));
        }
        lines.push(Line::default());
        lines.extend(self.address(area).into_iter().map(|line| Line::styled(line, state.theme.link)));
        let inside = frame::boxed(frame, area, state, &state.word("link.title"), size(lines.len()));
        frame::lines(frame, inside, &lines, 0);
    }

    fn hyperlink(&self, area: Rect, _: &State) -> Option<Hyperlink> {
        // One that may pass for another is not made easy to follow.
        if self.is_disguised {
            return None;
        }
        let address = self.address(area);
        let inside = frame::inside(area, size(address.len() + 2));
        let place = |(nth, line): (usize, &String)| Rect {
            y: inside.y + 2 + nth as u16,
            width: (width(line) as u16).min(inside.width),
            height: 1,
            ..inside
        };
        let places = address.iter().enumerate().map(place).filter(|place| place.bottom() <= inside.bottom()).collect();
        Some(Hyperlink { url: self.url.clone(), places })
    }

    fn footer(&self) -> &'static [&'static str] {
        &["copy-text", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

//! Where a link leads, before anything is done with it. Lyceum opens no browser: over a remote line it would be on
//! the wrong machine, and a stranger's link should be looked at first.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Overlay, Then, frame};
use crate::base::text::{Clean, link::Link};
use crate::tui::{state::State, widget::text::wrap};

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
        let written = self.address(area);
        let address = written.len();
        lines.extend(written.into_iter().map(|line| Line::styled(line, state.theme.link)));
        let inside = frame::boxed(frame, area, state, &state.word("link.title"), size(lines.len()));
        frame::lines(frame, inside, &lines, 0);
        for (y, line) in (inside.top()..inside.bottom()).zip(&lines).skip(lines.len() - address) {
            let place = Rect { y, height: 1, width: (line.width() as u16).min(inside.width), ..inside };
            state.hits.link(place, &self.url);
        }
    }

    fn footer(&self) -> &'static [&'static str] {
        &["copy-text", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

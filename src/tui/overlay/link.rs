//! Where a link leads, before anything is done with it. Lyceum opens no browser: over a remote line it would be on
//! the wrong machine, and a stranger's link should be looked at first.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Overlay, Then, frame};
use crate::base::text::link::Link;
use crate::tui::{effect::Effect, notice::Tone, state::State, widget::text::wrap};

/// A link to look at and copy.
pub struct Shown {
    url: String,
    host: String,
    is_disguised: bool,
}

impl Shown {
    /// Shows a link; none when it is not one that can be followed.
    pub fn new(url: &str) -> Option<Self> {
        let link = Link::parse(url)?;
        let (url, host) = (link.url().to_owned(), link.host().to_owned());
        Some(Self { url, host, is_disguised: link.is_disguised() })
    }
}

impl Overlay for Shown {
    fn context(&self) -> &'static str {
        "link"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        match command {
            "copy-text" | "choose" => {
                state.effect(Effect::Copy(self.url.clone()));
                state.say(Tone::Good, state.word("done.copied"));
                Then::Close
            }
            "close" => Then::Close,
            _ => Then::Stay,
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let room = usize::from(area.width.saturating_sub(4)).clamp(1, 72);
        let mut lines = vec![Line::styled(self.host.clone(), state.theme.title)];
        if self.is_disguised {
            lines.push(Line::styled(state.word("link.disguised"), state.theme.warn));
        }
        lines.push(Line::default());
        lines.extend(wrap(&self.url, room).into_iter().map(|line| Line::styled(line, state.theme.link)));
        let size = (76, lines.len() as u16 + 2);
        let inside = frame::boxed(frame, area, state, &state.word("link.title"), size);
        frame::lines(frame, inside, &lines, 0);
    }

    fn footer(&self) -> &'static [&'static str] {
        &["copy-text", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

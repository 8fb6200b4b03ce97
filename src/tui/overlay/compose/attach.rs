//! Choosing what to attach: a file, what git has, what a command prints. Nothing is read before it was asked for, and
//! nothing of it gets into the text before it was looked at ([`super::attached`]).

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::attached::Attached;
use crate::base::text::Clean;
use crate::engine::{
    attach::{Found, Side, Source, Surroundings, Wish},
    event::Event,
    request::{Request, Ticket},
};
use crate::tui::{
    effect::Effect,
    key::Key,
    notice::Tone,
    overlay::{
        Overlay, Then,
        ask::{Ask, Rows},
        field::Field,
        frame,
    },
    state::State,
    widget::text::fit,
};

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    File,
    Output,
    Commit,
    Staged,
    Unstaged,
}

impl What {
    fn word(self) -> &'static str {
        match self {
            Self::File => "attach.file",
            Self::Output => "attach.output",
            Self::Commit => "attach.commit",
            Self::Staged => "attach.staged",
            Self::Unstaged => "attach.unstaged",
        }
    }

    /// What it is with what was typed; what needs no more than a choice has nothing typed.
    fn source(self, typed: &str) -> Source {
        match self {
            Self::File => Source::File(typed.to_owned()),
            Self::Output => Source::Output(typed.to_owned()),
            Self::Commit => Source::Commit("HEAD".to_owned()),
            Self::Staged => Source::Diff(Side::Staged),
            Self::Unstaged => Source::Diff(Side::Unstaged),
        }
    }

    fn is_typed(self) -> bool {
        matches!(self, Self::File | Self::Output)
    }
}

/// How far one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Choosing,
    Typing,
    Waiting,
}

/// The choice.
pub(super) struct Attach {
    stage: Stage,
    at: usize,
    there: Surroundings,
    field: Field,
    offered: Vec<Clean>,
    picked: Option<usize>,
    /// What is waited for: what there is, names of files, something to attach.
    look: Option<Ticket>,
    paths: Option<Ticket>,
    collect: Option<Ticket>,
}

impl Attach {
    /// Lays it over the composer, and asks what there is.
    pub(super) fn open(state: &mut State) {
        let look = Some(state.send(Request::Attach(Wish::Look)));
        state.lay(Self {
            stage: Stage::Choosing,
            at: 0,
            there: Surroundings::default(),
            field: Field::default(),
            offered: Vec::new(),
            picked: None,
            look,
            paths: None,
            collect: None,
        });
    }

    /// What can be chosen. What git has comes last: when it is known, nothing moves that was there.
    fn choices(&self) -> Vec<What> {
        let there = &self.there;
        let of_git =
            [(What::Commit, there.commit.is_some()), (What::Staged, there.staged), (What::Unstaged, there.unstaged)];
        let of_git = of_git.into_iter().filter(|(_, is)| *is).map(|(what, _)| what);
        [What::File, What::Output].into_iter().chain(of_git).collect()
    }

    fn what(&self) -> What {
        self.choices().get(self.at).copied().unwrap_or(What::File)
    }

    fn step(&mut self, down: bool) {
        match self.stage {
            Stage::Choosing if down => self.at = (self.at + 1).min(self.choices().len() - 1),
            Stage::Choosing => self.at = self.at.saturating_sub(1),
            Stage::Typing if self.offered.is_empty() => {}
            Stage::Typing => {
                let (last, at) = (self.offered.len() - 1, self.picked);
                self.picked = if down {
                    Some(at.map_or(0, |at| (at + 1).min(last)))
                } else {
                    at.and_then(|at| at.checked_sub(1))
                };
            }
            Stage::Waiting => {}
        }
    }

    fn choose(&mut self, state: &mut State) {
        match self.stage {
            Stage::Choosing if self.what().is_typed() => {
                self.stage = Stage::Typing;
                self.field.clear();
                self.typed(state);
            }
            Stage::Typing if self.picked.is_some() => {
                // A folder is gone into; a file is what was meant.
                if !self.complete(state) {
                    self.collect(state);
                }
            }
            Stage::Choosing | Stage::Typing => self.collect(state),
            Stage::Waiting => {}
        }
    }

    fn collect(&mut self, state: &mut State) {
        let source = self.what().source(self.field.text());
        self.forget_paths(state);
        self.collect = Some(state.send(Request::Attach(Wish::Collect(source))));
        self.stage = Stage::Waiting;
    }

    /// Puts the name that is picked, or the first, in place of what was typed; whether it can go on from there.
    fn complete(&mut self, state: &mut State) -> bool {
        let Some(name) = self.offered.get(self.picked.unwrap_or(0)).cloned() else { return false };
        self.field.clear();
        self.field.insert(&name);
        self.typed(state);
        name.ends_with('/')
    }

    /// What was typed is another: what it may go on as is looked for.
    fn typed(&mut self, state: &mut State) {
        self.forget_paths(state);
        if self.what() == What::File {
            self.paths = Some(state.send(Request::Attach(Wish::Paths(self.field.text().to_owned()))));
        }
    }

    fn forget_paths(&mut self, state: &mut State) {
        (self.offered, self.picked) = (Vec::new(), None);
        state.abandon(self.paths.take());
    }

    /// One step back; a command that runs is ended.
    fn back(&mut self, state: &mut State) -> Then {
        state.abandon(self.collect.take());
        self.forget_paths(state);
        if self.stage == Stage::Waiting && self.what() == What::Output && !state.options.linear {
            // Where it could get at the terminal it may have drawn on it.
            state.effect(Effect::Redraw);
        }
        match self.stage {
            Stage::Choosing => {
                state.abandon(self.look.take());
                return Then::Close;
            }
            Stage::Waiting if self.what().is_typed() => self.stage = Stage::Typing,
            Stage::Waiting | Stage::Typing => self.stage = Stage::Choosing,
        }
        Then::Stay
    }

    fn lines(&self, state: &State, columns: usize) -> (Vec<Line<'static>>, Option<(u16, u16)>) {
        let (theme, ellipsis) = (&state.theme, state.symbols.ellipsis);
        let row = |is_selected: bool, text: &str| {
            let bar = if is_selected { state.symbols.bar } else { " " };
            let text = fit(text, columns.saturating_sub(1), ellipsis);
            let style = if is_selected { theme.selection } else { theme.text };
            Line::from(vec![Span::styled(bar, theme.selection), Span::styled(text, style)])
        };
        if self.stage == Stage::Choosing {
            let rows = self.choices();
            let lines = rows.iter().enumerate().map(|(nth, what)| row(nth == self.at, &self.label(*what, state)));
            return (lines.collect(), Some((0, self.at as u16)));
        }
        let label = self.label(self.what(), state);
        let mut lines = vec![Line::styled(fit(&label, columns, ellipsis), theme.dim)];
        let mut cursor = None;
        if self.what().is_typed() {
            let (shown, before) = self.field.shown(columns.saturating_sub(2));
            let sign = if self.what() == What::Output { "$ " } else { "> " };
            lines.push(Line::from(vec![Span::styled(sign, theme.accent), Span::raw(shown)]));
            cursor = Some((2 + before as u16, 1));
        }
        if self.stage == Stage::Waiting {
            lines.push(Line::styled(fit(&state.word("attach.waiting"), columns, ellipsis), theme.dim));
            return (lines, Some((0, lines_below(cursor))));
        }
        lines.extend(self.offered.iter().enumerate().map(|(nth, name)| row(self.picked == Some(nth), name)));
        (lines, cursor)
    }

    /// How many lines stand above the rows; none when there are no rows.
    fn above_rows(&self) -> Option<usize> {
        match self.stage {
            Stage::Choosing => Some(0),
            Stage::Typing => Some(2),
            Stage::Waiting => None,
        }
    }

    /// Goes to the first choice that these words stand in.
    fn look_for(&mut self, words: &str, state: &mut State) {
        let words = words.trim().to_lowercase();
        let is_it = |what: &What| self.label(*what, state).to_lowercase().contains(&words);
        match self.choices().iter().position(is_it) {
            Some(at) => self.at = at,
            None => state.say(Tone::Plain, state.word("picker.none")),
        }
    }

    fn label(&self, what: What, state: &State) -> String {
        let commit = self.there.commit.as_ref().map_or("", Clean::as_str);
        state.words.fill(what.word(), &[("commit", commit)])
    }
}

/// The line below the field, or the first.
fn lines_below(cursor: Option<(u16, u16)>) -> u16 {
    cursor.map_or(1, |(_, line)| line + 1)
}

impl Overlay for Attach {
    fn context(&self) -> &'static str {
        "attach"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        match command {
            "close" => return self.back(state),
            "choose" => self.choose(state),
            "choice-down" => self.step(true),
            "choice-up" => self.step(false),
            "next-field" if self.stage == Stage::Typing => {
                self.complete(state);
            }
            _ => {}
        }
        Then::Stay
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if self.stage == Stage::Typing && self.field.key(key) {
            self.typed(state);
        }
        Then::Stay
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        if self.stage == Stage::Typing {
            self.field.insert(text);
            self.typed(state);
        }
        Then::Stay
    }

    fn click(&mut self, row: usize, state: &mut State) -> Then {
        let (is_there, is_selected) = match self.stage {
            Stage::Choosing => (row < self.choices().len(), self.at == row),
            Stage::Typing => (row < self.offered.len(), self.picked == Some(row)),
            Stage::Waiting => (false, false),
        };
        match self.stage {
            _ if is_selected => self.choose(state),
            Stage::Choosing if is_there => self.at = row,
            _ if is_there => self.picked = Some(row),
            _ => {}
        }
        Then::Stay
    }

    fn asks(&self, state: &State) -> Option<Ask> {
        match self.stage {
            Stage::Choosing => Some(Ask::new(state.word("attach.title"), String::new(), None)),
            Stage::Typing => {
                let label = self.label(self.what(), state);
                Some(Ask::new(label, self.field.text().to_owned(), Some("choose")))
            }
            Stage::Waiting => None,
        }
    }

    fn fill(&mut self, text: &str, state: &mut State) {
        match self.stage {
            Stage::Choosing => self.look_for(text, state),
            Stage::Typing => {
                self.field.clear();
                self.field.insert(text);
                self.typed(state);
            }
            Stage::Waiting => {}
        }
    }

    fn rows(&self, state: &State) -> Option<Rows> {
        let rows = || self.choices().into_iter().map(|what| self.label(what, state)).collect();
        (self.stage == Stage::Choosing).then(|| Rows { rows: rows(), selected: self.at })
    }

    fn told(&mut self, event: &Event, state: &mut State) -> Then {
        let Event::Attached { ticket, result } = event else { return Then::Stay };
        match result {
            Ok(Found::Surroundings(there)) if self.look == Some(*ticket) => self.there = there.clone(),
            Ok(Found::Paths(names)) if self.paths == Some(*ticket) => self.offered.clone_from(names),
            Ok(Found::Attachment(found)) if self.collect == Some(*ticket) => {
                self.back(state);
                state.lay(Attached::new((**found).clone()));
            }
            Err(error) if self.collect == Some(*ticket) => {
                self.back(state);
                state.say_error(error);
            }
            _ => {}
        }
        Then::Stay
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let columns = usize::from(area.width.saturating_sub(4)).min(72);
        let (lines, cursor) = self.lines(state, columns);
        let size = (76, lines.len() as u16 + 2);
        let inside = frame::boxed(frame, area, state, &state.word("attach.title"), size);
        frame::lines(frame, inside, &lines, 0);
        if let Some(above) = self.above_rows() {
            frame::rows_at(state, inside, (above..lines.len()).map(|line| (line, 1)), 0);
        }
        if let Some((x, y)) = cursor.filter(|(_, y)| *y < inside.height) {
            frame.set_cursor_position((inside.x + x, inside.y + y));
        }
    }

    fn footer(&self) -> &'static [&'static str] {
        match (self.stage, self.what()) {
            (Stage::Waiting, _) => &["close"],
            (Stage::Typing, What::File) => &["choose", "next-field", "close"],
            _ => &["choose", "close"],
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

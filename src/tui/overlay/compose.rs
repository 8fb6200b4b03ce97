//! Writing: a new thread, an answer, a comment, an own post again. What is typed is kept as a draft with every key and
//! cleaned once more before it is sent; nothing here sends by itself.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Overlay, Then, ask::Ask};
use crate::base::text::Clean;
use crate::model::draft::{Draft, Place};
use crate::model::thread::Kind;
use crate::tui::{
    effect::Effect,
    heard::Heard,
    key::Key,
    notice::Tone,
    state::State,
    widget::editor::{Edit, Editor, Lines},
};

mod attach;
mod attached;
mod completion;
mod preview;
mod similar;
mod template;
mod view;

use attach::Attach;
use completion::Completion;
use preview::Preview;
use similar::Similar;

/// Most tags of a thread.
const MOST_TAGS: usize = 5;

/// A part of what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Title,
    Tags,
    Body,
}

/// The composer.
pub struct Compose {
    place: Place,
    about: Clean,
    title: Editor,
    tags: Editor,
    body: Editor,
    field: Field,
    preview: Preview,
    completion: Completion,
    similar: Similar,
    /// What stood there when it was opened: by itself that is no draft.
    start: Draft,
    /// What was kept for its place before.
    kept: Option<Draft>,
}

impl Compose {
    /// Opens the composer for a draft. What is kept for its place from before comes back instead, and says so; one goes
    /// on at its end.
    pub fn open(state: &mut State, draft: Draft) {
        let kept = state.draft(&draft.place).cloned().filter(|kept| !kept.is_empty());
        if kept.is_some() {
            state.say(Tone::Plain, state.word("compose.restored"));
        } else if state.others.iter().any(|other| other.place.is_same(&draft.place)) {
            state.say(Tone::Plain, state.word("writing.beside"));
        }
        let mut shown = kept.clone().unwrap_or_else(|| draft.clone());
        // An edit goes on from the version that was read now; the text says what it wants to be.
        shown.place = draft.place;
        state.lay(Self::new(shown, kept));
    }

    /// Opens the composer with somebody's words quoted, below what is kept for that place.
    pub fn open_quoting(state: &mut State, draft: Draft, words: &str) {
        let kept = state.draft(&draft.place).cloned();
        let whole = kept.clone().unwrap_or_else(|| draft.clone());
        let before = whole.body.trim_end();
        let gap = if before.is_empty() { "" } else { "\n\n" };
        let quote: String = words.trim_end().lines().map(|line| format!("> {line}\n")).collect();
        let body = format!("{before}{gap}{quote}\n");
        state.lay(Self::new(Draft { body, place: draft.place, ..whole }, kept));
    }

    fn new(draft: Draft, kept: Option<Draft>) -> Self {
        let is_begun = kept.is_some() && !draft.title.is_empty();
        let titled = matches!(draft.place, Place::NewThread { .. }) && !is_begun;
        let field = if titled { Field::Title } else { Field::Body };
        let mut compose = Self {
            start: Draft::new(draft.place.clone(), ""),
            kept,
            title: Editor::new(Lines::One, &draft.title),
            tags: Editor::new(Lines::One, &draft.tags.join(" ")),
            body: Editor::new(Lines::Many, &draft.body),
            place: draft.place,
            about: Clean::line(&draft.about),
            field,
            preview: Preview::default(),
            completion: Completion::default(),
            similar: Similar::default(),
        };
        compose.start = compose.draft();
        compose.preview.show(&compose.start.body);
        compose
    }

    /// What is to be kept: what is written, but nothing more than before while that is what it began with.
    fn keep(&self, state: &mut State) -> Draft {
        let draft = self.draft();
        let nothing = || Draft::new(self.place.clone(), "");
        let kept = if draft == self.start { self.kept.clone().unwrap_or_else(nothing) } else { draft.clone() };
        state.keep_draft(kept);
        draft
    }

    /// Does something to the composer that lies below what is over it; none when there is none.
    fn with<R>(state: &mut State, act: impl FnOnce(&mut Self, &mut State) -> R) -> Option<R> {
        let at = state.overlays.iter_mut().position(|over| over.as_any().is::<Self>())?;
        let mut over = state.overlays.remove(at);
        let result = over.as_any().downcast_mut::<Self>().map(|compose| act(compose, state));
        state.overlays.insert(at, over);
        result
    }

    /// Puts a piece of text in at the cursor, apart from what is before it, and goes on at this byte of it. Whether it had
    /// room: what has none is not put in at all.
    fn put(&mut self, text: &str, at: usize, state: &mut State) -> bool {
        self.field = Field::Body;
        let gap = match self.body.is_at_paragraph() {
            true => "",
            false if self.body.before_cursor().trim().is_empty() => "\n",
            false => "\n\n",
        };
        let has_room = self.body.insert_whole(&format!("{gap}{text}"), gap.len() + at);
        if has_room {
            self.changed(state);
            self.completion.close();
        }
        has_room
    }

    /// How often the preview was laid out: typing in a long text must not do so.
    pub fn layouts(&self) -> usize {
        self.preview.count()
    }

    /// What is written so far, cleaned.
    pub fn draft(&self) -> Draft {
        Draft {
            place: self.place.clone(),
            about: self.about.to_string(),
            title: Clean::line(self.title.text().trim()).as_str().to_owned(),
            body: Clean::block(self.body.text().trim_end()).as_str().to_owned(),
            tags: completion::tags(&self.tags.text()),
        }
    }

    fn fields(&self) -> &'static [Field] {
        let titled = matches!(self.place, Place::NewThread { .. });
        if titled { &[Field::Title, Field::Tags, Field::Body] } else { &[Field::Body] }
    }

    fn editor(&mut self) -> &mut Editor {
        match self.field {
            Field::Title => &mut self.title,
            Field::Tags => &mut self.tags,
            Field::Body => &mut self.body,
        }
    }

    fn step(&mut self, by: usize) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.field).unwrap_or(0);
        self.field = fields[(at + by) % fields.len()];
        self.completion.close();
    }

    fn edit(&mut self, edit: Edit, state: &mut State) {
        if self.editor().edit(edit) {
            self.changed(state);
        } else if matches!(edit, Edit::Insert(_)) {
            state.say(Tone::Plain, state.word("compose.full"));
        } else {
            self.completion.close();
        }
    }

    /// The text is another: it is kept, and what it calls for is looked up.
    fn changed(&mut self, state: &mut State) {
        let draft = self.keep(state);
        self.preview.typed(&draft.body, state);
        let field = self.field;
        let before = self.editor().before_cursor();
        self.completion.look(field, &before, state);
        let asks = matches!(self.place, Place::NewThread { kind: Kind::Question, .. });
        if field == Field::Title && asks {
            self.similar.typed(&self.title.text(), state);
        }
    }

    fn complete(&mut self, state: &mut State) {
        if let Some((characters, with)) = self.completion.take() {
            self.editor().complete(characters, &with);
            self.changed(state);
            self.completion.close();
        }
    }

    /// Up and down: among completions, in the preview, else in the text and between the fields.
    fn vertical(&mut self, down: bool, state: &mut State) {
        if self.completion.is_open() {
            return self.completion.step(down);
        }
        if self.preview.hides_text(state) {
            return self.preview.scroll(if down { 1 } else { -1 }, state);
        }
        let (first, last) = self.editor().at_ends();
        match (down, self.field) {
            (true, Field::Title | Field::Tags) if last => self.step(1),
            (false, Field::Tags) if first => self.step(self.fields().len() - 1),
            _ => {
                use tui_textarea::CursorMove::{Down, Up};
                self.editor().edit(Edit::Move(if down { Down } else { Up }));
            }
        }
    }

    /// Sends when all is there; else says what is missing and goes to it.
    fn send(&mut self, state: &mut State) -> Then {
        let draft = self.draft();
        let titled = matches!(draft.place, Place::NewThread { .. });
        let bad = draft.tags.iter().find(|tag| !completion::is_tag(tag));
        let (missing, field) = if titled && draft.title.is_empty() {
            (state.word("compose.needs-title"), Field::Title)
        } else if let Some(tag) = bad {
            (state.words.fill("compose.bad-tag", &[("tag", tag)]), Field::Tags)
        } else if draft.tags.len() > MOST_TAGS {
            (state.word("compose.too-many-tags"), Field::Tags)
        } else if draft.body.trim().is_empty() {
            (state.word("compose.needs-body"), Field::Body)
        } else {
            state.send_draft(draft);
            self.similar.close(state);
            return Then::Close;
        };
        self.field = field;
        self.preview.make_way(state);
        state.say(Tone::Bad, missing);
        Then::Stay
    }

    /// Leaves; what was typed stays.
    fn leave(&mut self, state: &mut State) -> Then {
        if self.completion.is_open() {
            self.completion.close();
            return Then::Stay;
        }
        self.keep(state);
        self.similar.close(state);
        if state.draft(&self.place).is_some() {
            state.say(Tone::Plain, state.word("compose.kept"));
        }
        Then::Close
    }
}

impl Overlay for Compose {
    fn context(&self) -> &'static str {
        "compose"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        match command {
            "close" => return self.leave(state),
            "send" => return self.send(state),
            "preview" => {
                let body = self.draft().body;
                self.preview.toggle(&body, state);
            }
            "attach" => Attach::open(state),
            "template" => template::choose(state),
            "external-editor" => state.effect(Effect::Edit(Clean::block(&self.body.text()))),
            "choice-down" => self.vertical(true, state),
            "choice-up" => self.vertical(false, state),
            "next-field" if self.completion.is_open() => self.complete(state),
            "next-field" => self.step(1),
            "previous-field" => self.step(self.fields().len() - 1),
            "choose" if self.completion.is_chosen() => self.complete(state),
            "choose" if self.field == Field::Tags && self.completion.is_open() => self.complete(state),
            "choose" if self.field != Field::Body => self.step(1),
            "choose" => self.edit(Edit::Newline, state),
            _ => {}
        }
        Then::Stay
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        match Edit::of(key.code, key.ctrl, key.alt) {
            Some(Edit::PageDown) if self.preview.hides_text(state) => self.preview.scroll(isize::MAX, state),
            Some(Edit::PageUp) if self.preview.hides_text(state) => self.preview.scroll(isize::MIN, state),
            Some(edit) => {
                self.preview.make_way(state);
                self.edit(edit, state);
            }
            None => {}
        }
        Then::Stay
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        self.preview.make_way(state);
        let pasted = self.editor().paste(text);
        if !pasted.is_whole() {
            let [put, of] = [pasted.put, pasted.of].map(|bytes| bytes.div_ceil(1024).to_string());
            state.say(Tone::Bad, state.words.fill("compose.cut", &[("put", &put), ("of", &of)]));
        }
        self.changed(state);
        self.completion.close();
        Then::Stay
    }

    /// The text comes back for another look; it is not sent.
    fn edited(&mut self, text: &str, state: &mut State) {
        self.field = Field::Body;
        self.body.set(text.trim_end());
        self.changed(state);
        self.completion.close();
        state.say(Tone::Plain, state.word("compose.edited"));
    }

    fn asks(&self, state: &State) -> Option<Ask> {
        let (label, text) = match self.field {
            Field::Title => ("compose.title", self.title.text()),
            Field::Tags => ("compose.tags", self.tags.text()),
            Field::Body => ("plain.body", self.body.text()),
        };
        let is_body = self.field == Field::Body;
        let ask = Ask::new(state.word(label), text, (!is_body).then_some("next-field"));
        Some(Ask { has_lines: is_body, ..ask })
    }

    fn fill(&mut self, text: &str, state: &mut State) {
        self.editor().set(text.trim_end());
        self.changed(state);
        self.completion.close();
    }

    fn due(&mut self, state: &mut State) {
        if self.preview.is_due(state) {
            let body = self.draft().body;
            self.preview.show(&body);
        }
        self.similar.due(state);
    }

    fn answer(&mut self, heard: &Heard, state: &mut State) {
        self.similar.answer(heard, state);
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        view::draw(self, frame, area, state);
    }

    fn footer(&self) -> &'static [&'static str] {
        match self.place {
            Place::NewThread { .. } => {
                &["send", "close", "preview", "attach", "template", "external-editor", "next-field"]
            }
            _ => &["send", "close", "preview", "attach", "external-editor"],
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

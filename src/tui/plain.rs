//! The linear mode: the same states, commands and sentences as the screen, told line by line, for screen readers and for
//! terminals that can do nothing else. Lines in, lines out; nothing here touches a terminal, and nothing it gives out
//! holds a control byte.
//!
//! [`Plain::read`] makes of a typed line what the state understands; [`Plain::tell`] says what has changed since it was last
//! asked. What there is to do comes from the table of commands, so that one more needs nothing here.

use super::{msg::Input, roll::SeatId, state::State};
use crate::base::text::Clean;

mod list;
mod over;
mod picture;
mod said;
mod thread;
mod words;

use said::{Said, Typed};

/// What a typed line comes to.
#[derive(Clone, Debug)]
pub enum Act {
    /// The state in front is told something.
    Input(Input),
    /// To a post of the open thread.
    Post(u32),
    /// Everything is said again.
    Again,
    /// Something is said at once.
    Say(Vec<String>),
}

/// What stands before the next line that is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// In words.
    pub text: String,
    /// Whether what is typed must not be shown.
    pub is_secret: bool,
}

/// The linear mode of one screen.
#[derive(Default)]
pub struct Plain {
    said: Said,
    /// Which account was told last.
    seat: Option<SeatId>,
    /// The lines of a text of many lines, while they are typed. What takes them has every one of them already.
    body: Option<Vec<String>>,
    typed: Typed,
}

impl Plain {
    /// What a typed line comes to. Not cleaned: what a state keeps of it, it cleans.
    pub fn read(&mut self, state: &State, line: &str) -> Vec<Act> {
        let acts = self.acts(state, line);
        let fills = acts.iter().any(|act| matches!(act, Act::Input(Input::Fill(_))));
        self.typed = if fills { Typed::Text } else { Typed::Command };
        acts
    }

    fn acts(&mut self, state: &State, line: &str) -> Vec<Act> {
        if let Some(mut body) = self.body.take() {
            if line == "." {
                return fill(&body);
            }
            // A line that is only a full stop is written with two.
            body.push(if line == ".." { ".".to_owned() } else { line.to_owned() });
            return self.go_on(state, body);
        }
        match over::asks(state) {
            Some(ask) if ask.has_lines && !words::is_command(line) && !line.is_empty() => {
                let before = ask.value.lines().map(str::to_owned);
                let mut body: Vec<String> = before.collect();
                if !body.is_empty() {
                    body.push(String::new());
                }
                body.push(line.to_owned());
                self.go_on(state, body)
            }
            Some(ask) => over::read(state, &ask, line),
            None => words::read(state, line),
        }
    }

    /// More lines may follow; those that are there are kept at once, unless something else has come to lie above.
    fn go_on(&mut self, state: &State, body: Vec<String>) -> Vec<Act> {
        let takes = over::asks(state).is_some_and(|ask| ask.has_lines);
        let kept = if takes { fill(&body) } else { Vec::new() };
        self.body = Some(body);
        kept
    }

    /// Nothing more will be typed: what was begun is put where it can be kept.
    pub fn end(&mut self) -> Vec<Act> {
        self.body.take().map(|body| fill(&body)).unwrap_or_default()
    }

    /// What has changed since the last time, in lines.
    pub fn tell(&mut self, state: &State) -> Vec<String> {
        let front = state.roll.front;
        if self.seat.replace(front).is_some_and(|before| before != front) {
            self.said = Said::default();
        }
        let typed = std::mem::take(&mut self.typed);
        clean(self.said.tell(state, typed))
    }

    /// Everything is news again.
    pub fn forget(&mut self) {
        self.said.forget();
    }

    /// What stands before the next line.
    pub fn prompt(&self, state: &State) -> Prompt {
        if self.body.is_some() {
            return Prompt::default();
        }
        over::prompt(state)
    }
}

fn fill(body: &[String]) -> Vec<Act> {
    vec![Act::Input(Input::Fill(body.join("\n")))]
}

/// Lines that a terminal obeys nothing of, whoever wrote them.
fn clean(lines: Vec<String>) -> Vec<String> {
    let lines = lines.iter().flat_map(|text| text.split('\n'));
    lines.map(|line| Clean::record(line).to_string().trim_end().to_owned()).collect()
}

//! What the screen says: sentences of the catalogue, messages, ages and days.

use super::State;
use crate::base::{text::Clean, time::Timestamp};
use crate::config::screen::{Clock, Dates};
use crate::config::terminal::Clipboard;
use crate::engine::wording::Words;
use crate::tui::{effect::Effect, notice::Tone, widget::markdown::Looks};

impl State {
    /// What documents are drawn with.
    pub fn looks(&self) -> Looks<'_> {
        Looks { theme: &self.theme, symbols: &self.symbols, code: &self.code, words: &self.words }
    }

    /// The sentence of a key.
    pub fn word(&self, key: &str) -> String {
        self.words.get(key).to_owned()
    }

    /// Says something without taking the focus.
    pub fn say(&mut self, tone: Tone, text: String) {
        let until = self.notices.push(self.now, tone, Clean::block(&text));
        self.wake_at(until);
        self.dirty = true;
    }

    /// Puts text on the reader's clipboard, and says what is known of whether it arrived there.
    pub fn copy(&mut self, text: Clean) {
        if self.options.linear {
            // It is told, and copied from there.
            return self.effect(Effect::Copy(text));
        }
        let (tone, key) = match self.options.clipboard {
            // It says itself whether it did it.
            Clipboard::Tool(_) => return self.effect(Effect::Copy(text)),
            Clipboard::Terminal => (Tone::Good, "done.sent-to-terminal"),
            Clipboard::Tmux => (Tone::Good, "done.sent-to-tmux"),
            Clipboard::Screen => (Tone::Good, "done.sent-to-screen"),
            Clipboard::Nothing => (Tone::Bad, "unavailable.clipboard"),
        };
        if self.options.clipboard != Clipboard::Nothing {
            self.effect(Effect::Copy(text));
        }
        self.say(tone, self.word(key));
    }

    /// How long ago something was, in words.
    pub fn age(&self, then: Timestamp) -> String {
        self.wording().age(then)
    }

    /// That something is as it was then.
    pub fn as_of(&self, then: Timestamp) -> String {
        self.wording().as_of(then)
    }

    /// What it takes to say when something is.
    pub fn wording(&self) -> Words<'_> {
        let is_iso = self.options.dates == Dates::Iso;
        Words { catalog: &self.words, zone: &self.options.zone, now: self.now, is_iso }
    }

    /// When something was, as the reader wants to have it.
    pub fn when(&self, then: Timestamp) -> String {
        let zoned = |at: Timestamp| at.to_zoned_datetime(self.options.zone.clone());
        match self.options.dates {
            Dates::Relative => self.age(then),
            Dates::Iso => zoned(then).strftime("%Y-%m-%d %H:%M").to_string(),
            Dates::Local => {
                let (date, today) = (zoned(then).date(), zoned(self.now).date());
                match date {
                    _ if date == today => self.clock(then),
                    _ if date.year() == today.year() => format!("{} {}", self.day(then), self.clock(then)),
                    _ => self.words.date("date.full", &zoned(then)),
                }
            }
        }
    }

    /// A day, in words, in the reader's zone; as ISO 8601 has it, if the reader wants dates so.
    pub fn day(&self, at: Timestamp) -> String {
        let at = at.to_zoned_datetime(self.options.zone.clone());
        match self.options.dates {
            Dates::Iso => at.strftime("%Y-%m-%d").to_string(),
            Dates::Relative | Dates::Local => self.words.date("date.day", &at),
        }
    }

    /// A time of the reader's day.
    pub fn clock(&self, at: Timestamp) -> String {
        let at = at.to_zoned_datetime(self.options.zone.clone());
        let key = match self.options.clock {
            Clock::TwentyFour => "date.clock",
            Clock::Twelve if at.hour() < 12 => "date.am",
            Clock::Twelve => "date.pm",
        };
        self.words.date(key, &at)
    }
}

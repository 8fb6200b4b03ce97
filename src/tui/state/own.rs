//! Keys, styles and layout as one chose them.

use super::{Options, State};
use crate::config::screen::Layout;
use crate::tui::{
    layout,
    notice::Tone,
    own::{Fault, Own},
    pane::{PANES, reader::Reader},
};

impl Options {
    /// How the screen is laid out now.
    pub fn layout(&self) -> Layout {
        // An order that is nobody's own is not written down: it follows the program.
        let is_usual = self.tabs == layout::tabs(&self.configured.tabs);
        let names = || self.tabs.iter().filter_map(|at| PANES.get(*at)).map(|pane| pane.name().to_owned()).collect();
        Layout {
            split: self.split,
            density: self.density,
            dates: self.dates,
            clock: self.clock,
            tabs: if is_usual { self.configured.tabs.clone() } else { names() },
            theme: self.theme.clone(),
            keymap: self.keymap.clone(),
        }
    }

    /// Lays the screen out.
    pub fn lay_out(&mut self, wanted: &Layout) {
        self.split = wanted.split.clamp(20, 80);
        (self.density, self.dates, self.clock) = (wanted.density, wanted.dates, wanted.clock);
        self.tabs = layout::tabs(&wanted.tabs);
        (self.theme, self.keymap) = (wanted.theme.clone(), wanted.keymap.clone());
    }
}

impl State {
    /// Takes up the keymap and the theme that were chosen. One with a fault leaves that which was there, and is told.
    pub fn adopt(&mut self, own: Own) -> Vec<Fault> {
        let mut faults = Vec::new();
        match own.read_keymap() {
            Ok(keymap) => self.keymap = keymap,
            Err(wrong) => faults.extend(wrong),
        }
        match own.read_theme() {
            Ok(theme) => self.theme = theme,
            Err(wrong) => faults.extend(wrong),
        }
        faults.extend(own.wrong_tabs());
        self.own = own;
        self.looks_changed();
        faults
    }

    /// What is laid out has styles and dates in it: it is laid out anew.
    pub fn looks_changed(&mut self) {
        self.panes.readers_mut().for_each(Reader::outdate);
        self.dirty = true;
    }

    /// Changes how the screen is laid out. A theme or a keymap with a fault leaves that which was there, and is told.
    pub fn lay_out(&mut self, wanted: &Layout) {
        self.options.lay_out(wanted);
        let mut own = self.own.clone();
        if own.choose(&wanted.theme, &wanted.keymap) {
            let faults = self.adopt(own);
            let sentences: Vec<String> = faults.iter().map(|fault| fault.sentence(&self.words)).collect();
            self.say_faults(&sentences);
        }
        self.looks_changed();
    }

    /// The pane of the tab with this number, from 1.
    pub fn tab(&self, number: u32) -> Option<usize> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.options.tabs.get(at).copied()
    }

    /// Which tab the pane shown has, from 0.
    pub fn place_of_tab(&self) -> usize {
        self.options.tabs.iter().position(|at| *at == self.active).unwrap_or_default()
    }

    /// The keys of a command where these contexts hold. A pane has those of its tab's number.
    pub fn keys_of(&self, contexts: &[&str], command: &str) -> Option<String> {
        self.keymap.keys_of(contexts, command).or_else(|| {
            let rows = contexts.iter().flat_map(|context| self.keymap.rows(context));
            let mut rows = rows.filter(|row| row.command == "tab" && self.keymap.reaches(contexts, row));
            let row =
                rows.find(|row| row.number().and_then(|n| self.tab(n)).is_some_and(|at| PANES[at].name() == command));
            row.map(|row| crate::tui::keymap::written(&row.keys))
        })
    }

    /// Says what is wrong with files of one's own: the first shows, all are among the messages.
    pub fn say_faults(&mut self, sentences: &[String]) {
        let Some((first, others)) = sentences.split_first() else { return };
        for other in others.iter().rev() {
            self.say(Tone::Bad, other.clone());
        }
        let more = self.words.count("own.more", others.len() as u64);
        let said = if others.is_empty() { vec![first.as_str()] } else { vec![first.as_str(), more.as_str()] };
        self.say(Tone::Bad, said.join(self.words.get("frame.between-sentences")));
    }
}

//! The page itself: what is held, what it gives, the plans, and what happened; as lines of a width.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::base::text::width::{Stand, pad, width, wrapped};
use crate::engine::wording::Words;
use crate::model::{
    membership::{Membership, Standing},
    plan::Plan,
};
use crate::tui::{layout::SIDE_BY_SIDE, symbols::Symbols, theme::Theme};

/// The narrowest a plan's card may be, in columns.
const LEAST_CARD: usize = 30;
/// The widest a line of running text may be, in columns: longer ones are hard to read.
const MOST_TEXT: usize = 90;

/// What is drawn, and with what.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// The language, the zone and the instant.
    pub words: Words<'a>,
    /// The styles.
    pub theme: &'a Theme,
    /// The signs.
    pub symbols: &'a Symbols,
    /// The columns there are.
    pub columns: usize,
}

impl Page<'_> {
    /// What is held, the plans and the history.
    pub fn membership(&self, held: &Membership, plans: &[Plan], is_staff: bool) -> Vec<Line<'static>> {
        let mut lines = self.held(held, plans, is_staff);
        lines.push(Line::default());
        lines.extend(self.plans(plans));
        lines.push(Line::default());
        lines.push(self.heading("membership.history"));
        if held.history.is_empty() {
            lines.push(self.plain("membership.no_history", self.theme.dim));
        }
        let dates = held.history.iter().map(|entry| width(&self.words.date(entry.at)));
        let columns = dates.max().unwrap_or(0) + 2;
        for entry in held.history.iter().rev() {
            let date = pad(&self.words.date(entry.at), columns, Stand::Left);
            lines.push(Line::from(vec![
                Span::styled(date, self.theme.dim),
                Span::styled(self.words.fact(entry, plans), self.theme.text),
            ]));
        }
        lines
    }

    fn held(&self, held: &Membership, plans: &[Plan], is_staff: bool) -> Vec<Line<'static>> {
        let derived = &held.derived;
        let catalog = self.words.catalog;
        let plan = derived.plan.as_ref().and_then(|id| plans.iter().find(|p| p.id == *id));
        let name = match (plan, &derived.tier) {
            (Some(plan), _) => plan.name.to_string(),
            (None, Some(tier)) => tier.name.clone(),
            (None, None) => catalog.get("membership.nothing").to_owned(),
        };
        let open = derived.tier.is_some();
        let style = if open { self.theme.good } else { self.theme.warn };
        let mut first = vec![Span::styled(name, self.theme.title)];
        if derived.standing != Standing::None {
            first.push(Span::styled(format!(" {} ", self.symbols.middot), self.theme.dim));
            first.push(Span::styled(self.words.word(derived.standing), style));
        }
        let mut lines = vec![self.heading("membership.title"), Line::from(first)];
        lines.extend(self.text(&self.words.standing(derived), self.theme.text, ""));
        let period = self.words.period(derived).join(&format!(" {} ", self.symbols.middot));
        if !period.is_empty() {
            lines.extend(self.text(&period, self.theme.dim, ""));
        }
        if is_staff {
            lines.extend(self.text(catalog.get("membership.gives_role"), self.theme.staff, ""));
            if held.gives.is_empty() {
                return lines;
            }
        }
        lines.push(Line::default());
        lines.push(self.heading("membership.gives"));
        if held.gives.is_empty() {
            lines.extend(self.text(catalog.get("membership.gives_nothing"), self.theme.dim, ""));
        }
        for given in &held.gives {
            lines.extend(self.text(given, self.theme.text, &format!("{} ", self.symbols.middot)));
        }
        lines
    }

    /// The plans: cards side by side where there is room, else one under another.
    pub fn plans(&self, plans: &[Plan]) -> Vec<Line<'static>> {
        let mut lines = vec![self.heading("membership.plans")];
        if plans.is_empty() {
            lines.push(self.plain("membership.no_plans", self.theme.dim));
        }
        let in_a_row = if self.columns + 2 < usize::from(SIDE_BY_SIDE) {
            1
        } else {
            (self.columns / LEAST_CARD).clamp(1, plans.len().max(1))
        };
        let wide = if in_a_row == 1 { self.columns.min(MOST_TEXT) } else { (self.columns + 1) / in_a_row - 1 };
        for row in plans.chunks(in_a_row) {
            let insides: Vec<Vec<Line<'static>>> = row.iter().map(|plan| self.inside(plan, wide)).collect();
            let tall = insides.iter().map(Vec::len).max().unwrap_or(0);
            lines.push(beside(row.iter().map(|plan| self.edge(Some(plan), wide))));
            for at in 0..tall {
                let parts = insides.iter().map(|inside| self.between(inside.get(at), wide));
                lines.push(beside(parts));
            }
            lines.push(beside(row.iter().map(|_| self.edge(None, wide))));
        }
        lines
    }

    fn inside(&self, plan: &Plan, wide: usize) -> Vec<Line<'static>> {
        let room = wide.saturating_sub(4);
        let cell = Page { columns: room, ..*self };
        let mut lines = vec![Line::styled(self.words.price(plan), self.theme.accent)];
        if plan.trial_days > 0 {
            let trial = self.words.catalog.count("membership.trial", u64::from(plan.trial_days));
            lines.extend(cell.text(&trial, self.theme.dim, ""));
        }
        for given in &plan.gives {
            lines.extend(cell.text(given, self.theme.text, &format!("{} ", self.symbols.middot)));
        }
        lines
    }

    /// The upper edge of a card with the plan's name in it, or the lower one.
    fn edge(&self, plan: Option<&Plan>, wide: usize) -> Vec<Span<'static>> {
        let [top_left, top_right, bottom_left, bottom_right] = self.symbols.corners;
        let across = |columns: usize| Span::styled(self.symbols.horizontal.repeat(columns), self.theme.border);
        let Some(plan) = plan else {
            let ends = [bottom_left, bottom_right].map(|end| Span::styled(end, self.theme.border));
            let [left, right] = ends;
            return vec![left, across(wide.saturating_sub(2)), right];
        };
        let held = if plan.held {
            format!(" {} {} ", self.symbols.check, self.words.catalog.get("membership.held"))
        } else {
            String::new()
        };
        let room = wide.saturating_sub(5 + width(&held));
        let name = format!(" {} ", crate::base::text::width::ellipsis(&plan.name, room));
        let rest = wide.saturating_sub(2 + width(&name) + width(&held));
        vec![
            Span::styled(top_left, self.theme.border),
            Span::styled(name, self.theme.title),
            across(rest),
            Span::styled(held, self.theme.good),
            Span::styled(top_right, self.theme.border),
        ]
    }

    /// A line of a card between its sides; an empty one when the card has no more.
    fn between(&self, line: Option<&Line<'static>>, wide: usize) -> Vec<Span<'static>> {
        let side = || Span::styled(self.symbols.vertical, self.theme.border);
        let mut spans = vec![side(), Span::raw(" ")];
        let used = line.map_or(0, |line| line.spans.iter().map(|span| width(&span.content)).sum());
        for span in line.into_iter().flat_map(|line| &line.spans) {
            let style = line.map_or(span.style, |line| line.style.patch(span.style));
            spans.push(Span::styled(span.content.clone(), style));
        }
        spans.push(Span::raw(" ".repeat(wide.saturating_sub(3 + used))));
        spans.push(side());
        spans
    }

    /// Running text in lines, the first behind `lead` and the others as far in.
    pub fn text(&self, text: &str, style: Style, lead: &str) -> Vec<Line<'static>> {
        let room = self.columns.min(MOST_TEXT).saturating_sub(width(lead)).max(1);
        let indent = " ".repeat(width(lead));
        let lines = wrapped(text, room).enumerate();
        lines.map(|(at, line)| Line::styled(format!("{}{line}", if at == 0 { lead } else { &indent }), style)).collect()
    }

    fn heading(&self, key: &str) -> Line<'static> {
        self.plain(key, self.theme.accent)
    }

    fn plain(&self, key: &str, style: Style) -> Line<'static> {
        Line::styled(self.words.catalog.get(key).to_owned(), style)
    }
}

/// Pieces of lines beside one another, a column apart.
fn beside(parts: impl Iterator<Item = Vec<Span<'static>>>) -> Line<'static> {
    let mut spans = Vec::new();
    for part in parts {
        if !spans.is_empty() {
            spans.push(Span::raw(" "));
        }
        spans.extend(part);
    }
    Line::from(spans)
}

//! Where everything stands, as a function of the terminal's size. The state asks too: a page down is as many rows as
//! the picture has.

use ratatui::layout::Rect;

use super::pane::{self, PANES};

/// Below this the screen says that it is too small.
pub const LEAST: (u16, u16) = (40, 10);
/// From this width on, list and detail stand side by side.
pub const SIDE_BY_SIDE: u16 = 100;

/// How wide the list may be beside the detail, in percent.
pub const LEAST_SPLIT: u16 = 20;
/// The same at most.
pub const MOST_SPLIT: u16 = 80;

/// The frame's parts, from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Community, light, who.
    pub header: Rect,
    /// The panes' names.
    pub tabs: Rect,
    /// A line across.
    pub rule: Rect,
    /// The pane.
    pub body: Rect,
    /// Another line across.
    pub foot_rule: Rect,
    /// Keys, and what is unsent.
    pub footer: Rect,
}

/// Whether the size is below [`LEAST`].
pub fn is_too_small((columns, lines): (u16, u16)) -> bool {
    columns < LEAST.0 || lines < LEAST.1
}

/// The parts of a screen of that size.
pub fn parts((columns, lines): (u16, u16)) -> Parts {
    let row = |y: u16| Rect::new(0, y.min(lines), columns, u16::from(y < lines));
    Parts {
        header: row(0),
        tabs: row(1),
        rule: row(2),
        body: Rect::new(0, 3.min(lines), columns, lines.saturating_sub(5)),
        foot_rule: row(lines.saturating_sub(2)),
        footer: row(lines.saturating_sub(1)),
    }
}

/// A pane's list and detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halves {
    /// The list, if it can be seen.
    pub list: Option<Rect>,
    /// The detail, if it can be seen.
    pub detail: Option<Rect>,
    /// The column of the line between them, if both can.
    pub divider: Option<u16>,
}

/// Divides a pane's body: side by side with the list `percent` wide, or one of the two where it is narrow.
pub fn halves(body: Rect, percent: u16, detail_has_focus: bool) -> Halves {
    if body.width < SIDE_BY_SIDE {
        let (list, detail) = if detail_has_focus { (None, Some(body)) } else { (Some(body), None) };
        return Halves { list, detail, divider: None };
    }
    let left = (u32::from(body.width) * u32::from(percent.clamp(20, 80)) / 100) as u16;
    Halves {
        list: Some(Rect { width: left, ..body }),
        detail: Some(Rect { x: body.x + left + 2, width: body.width - left - 2, ..body }),
        divider: Some(body.x + left),
    }
}

/// The panes, each by its place in [`PANES`], in the order of their tabs: those that are named first, then the others.
pub fn tabs(names: &[String]) -> Vec<usize> {
    let mut tabs: Vec<usize> = Vec::with_capacity(PANES.len());
    for at in names.iter().filter_map(|name| pane::index(name)).chain(0..PANES.len()) {
        if !tabs.contains(&at) {
            tabs.push(at);
        }
    }
    tabs
}

/// A box of at most this size in the middle of `area`, a little above the centre.
pub fn centered(area: Rect, columns: u16, lines: u16) -> Rect {
    let (width, height) = (columns.min(area.width), lines.min(area.height));
    let x = area.x + (area.width - width) / 2;
    let y = area.y + (area.height - height) / 3;
    Rect { x, y, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_are_every_pane_once() {
        let names = |tabs: &[usize]| tabs.iter().map(|at| PANES[*at].name()).collect::<Vec<_>>();
        let own = tabs(&["inbox", "no-such", "threads", "inbox"].map(str::to_owned));
        assert_eq!(names(&own)[..3], ["inbox", "threads", "feed"]);
        let mut all = own.clone();
        all.sort_unstable();
        assert_eq!(all, tabs(&[]));
    }

    #[test]
    fn no_size_leaves_the_screen() {
        for columns in (0..6).chain([79, 80, 99, 100, 120, 500]) {
            for lines in (0..8).chain([24, 40, 300]) {
                let all = Rect::new(0, 0, columns, lines);
                let p = parts((columns, lines));
                let h = halves(p.body, 45, true);
                let some = [p.header, p.tabs, p.rule, p.body, p.foot_rule, p.footer];
                for part in some.into_iter().chain(h.list).chain(h.detail) {
                    assert_eq!(part.intersection(all), part, "{columns}×{lines}");
                }
            }
        }
    }
}

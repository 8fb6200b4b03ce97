//! From one picture to the next in few bytes: what the terminal shows is remembered, what moved up or down is moved by the
//! terminal itself, and only what differs is written. Pure: pictures in, bytes out; nothing here writes to a terminal.
//!
//! A toolkit that sends cell by cell re-sends a whole list when it moves by one line; over a slow line that is what is felt.
//! The sequences are those of a VT220 (ECMA-48 with ECH, and DEC's scrolling region), the colours of whatever the terminal
//! has.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};
use unicode_width::UnicodeWidthStr as _;

use crate::base::text::Clean;
use crate::config::terminal::Colors;

mod canvas;
mod pen;
mod shift;

use canvas::Canvas;
use pen::Pen;

/// Fewest blank cells that are erased and not written: the sequence and the way past them are as long.
const ERASE: u16 = 10;
/// Fewest that are erased up to the edge.
const ERASE_REST: u16 = 3;
/// Most cells that are written again because that is shorter than to step over them.
const STEP_OVER: u16 = 3;

/// Cells that are a link, for terminals that can open one (OSC 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hyperlink {
    /// The address. It may be followed ([`crate::base::text::link::Link`]).
    pub url: Clean,
    /// The cells, line by line.
    pub places: Vec<Rect>,
}

/// What a terminal is to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Its cells.
    pub cells: Buffer,
    /// Where the cursor stands; none hides it.
    pub cursor: Option<Position>,
    /// What can be opened.
    pub links: Vec<Hyperlink>,
}

impl Picture {
    /// The cells of a place, with where they stand.
    fn place(&self, place: Rect) -> impl Iterator<Item = (u16, u16, &Cell)> {
        place.positions().filter_map(|at| Some((at.x, at.y, self.cells.cell(at)?)))
    }
}

/// Knows what a terminal shows.
pub struct Painter {
    colors: Colors,
    canvas: Terminal<Canvas>,
    /// None: it may show anything.
    shown: Option<Picture>,
}

impl Painter {
    /// Of a terminal of which nothing is known yet.
    pub fn new(colors: Colors) -> Self {
        let viewport = Viewport::Fixed(Rect::default());
        let Ok(canvas) = Terminal::with_options(Canvas::default(), TerminalOptions { viewport });
        Self { colors, canvas, shown: None }
    }

    /// What the terminal shows by now, as far as it is known.
    pub fn shown(&self) -> Option<&Picture> {
        self.shown.as_ref()
    }

    /// The bytes after which a terminal of so many columns and lines shows what `view` draws; `links` is asked for its
    /// links afterwards.
    pub fn draw(
        &mut self,
        size: (u16, u16),
        links: impl FnOnce() -> Vec<Hyperlink>,
        view: impl FnOnce(&mut Frame<'_>),
    ) -> Vec<u8> {
        let area = Rect::new(0, 0, size.0, size.1);
        if self.canvas.get_frame().area() != area {
            let Ok(()) = self.canvas.resize(area);
        }
        let Ok(drawn) = self.canvas.draw(view);
        let cells = drawn.buffer.clone();
        let cursor = self.canvas.backend().cursor();
        self.paint(Picture { cells, cursor, links: links() })
    }

    /// Somebody else may have written: the next picture is painted whole.
    pub fn forget(&mut self) {
        self.shown = None;
    }

    /// The bytes after which the terminal shows `next`; none when it does already.
    pub fn paint(&mut self, next: Picture) -> Vec<u8> {
        let known = self.shown.take().filter(|shown| shown.cells.area == next.cells.area);
        let mut brush = Brush { out: String::new(), pen: Pen::new(self.colors), at: None, next: &next };
        let is_new = known.is_none();
        let mut shown = known.unwrap_or_else(|| {
            brush.out.push_str("\x1b[m\x1b[2J");
            Picture { cells: Buffer::empty(next.cells.area), ..Picture::default() }
        });
        brush.shift(&mut shown);
        if shown.links != next.links {
            brush.unlink(&mut shown);
        }
        brush.cells(&shown.cells);
        brush.links(&shown);
        brush.cursor(shown.cursor, is_new);
        let bytes = brush.out.into_bytes();
        self.shown = Some(next);
        bytes
    }
}

/// What is seen of a blank cell.
const SEEN: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED).union(Modifier::CROSSED_OUT);

/// Whether a cell shows nothing, not even a ground of its own.
fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && cell.bg == Color::Reset && !cell.modifier.intersects(SEEN)
}

/// Whether two cells look alike.
fn is_alike(one: &Cell, other: &Cell) -> bool {
    is_blank(one) && is_blank(other)
        || one.symbol() == other.symbol()
            && (one.fg, one.bg, one.underline_color, one.modifier)
                == (other.fg, other.bg, other.underline_color, other.modifier)
}

fn columns(cell: &Cell) -> u16 {
    u16::try_from(cell.symbol().width()).unwrap_or(1).max(1)
}

/// Writes one picture.
struct Brush<'a> {
    out: String,
    pen: Pen,
    /// Where the terminal's cursor stands, when that is sure.
    at: Option<(u16, u16)>,
    next: &'a Picture,
}

impl Brush<'_> {
    /// Moves what stands elsewhere in the picture before.
    fn shift(&mut self, shown: &mut Picture) {
        let Some(shift) = shift::find(&shown.cells, &self.next.cells) else { return };
        // The lines that come free take the ground of the pen.
        self.pen.plain(&mut self.out);
        let _ = write!(self.out, "\x1b[{};{}r\x1b[{}H", shift.top + 1, shift.bottom, shift.top + 1);
        let _ = write!(self.out, "\x1b[{}{}\x1b[r", shift.lines, if shift.is_up { 'M' } else { 'L' });
        shift.apply(&mut shown.cells);
        // That a cell is a link moves with it.
        for link in &mut shown.links {
            link.places.retain_mut(|place| shift.carry(place));
        }
        shown.links.retain(|link| !link.places.is_empty());
        self.at = None;
    }

    /// What was a link is one still when it is not written again.
    fn unlink(&mut self, shown: &mut Picture) {
        let next = self.next;
        let (stay, gone): (Vec<_>, Vec<_>) =
            std::mem::take(&mut shown.links).into_iter().partition(|link| next.links.contains(link));
        shown.links = stay;
        for link in gone {
            for at in link.places.iter().flat_map(|place| place.positions()) {
                if let Some(cell) = shown.cells.cell_mut(at) {
                    cell.set_symbol("\0");
                }
            }
        }
    }

    fn cells(&mut self, shown: &Buffer) {
        let area = self.next.cells.area;
        for y in area.top()..area.bottom() {
            self.row(shown, y);
        }
    }

    fn row(&mut self, shown: &Buffer, y: u16) {
        let (next, end) = (&self.next.cells, self.next.cells.area.right());
        let mut x = next.area.left();
        // Half of a sign that was two columns wide goes with the other half.
        let mut broken = None;
        while x < end {
            let (Some(cell), Some(old)) = (next.cell((x, y)), shown.cell((x, y))) else { break };
            let after = x + columns(cell);
            if is_alike(cell, old) && broken != Some(x) {
                x = after;
                continue;
            }
            let blank = blank_from(next, x, y);
            let is_erased = x + blank >= end && blank >= ERASE_REST || blank >= ERASE;
            let after = if is_erased { x + blank } else { after };
            let reaches = |x: u16| shown.cell((x, y)).is_some_and(|old| x + columns(old) > after);
            if (x..after).any(reaches) {
                broken = Some(after);
            }
            if is_erased {
                self.erase(x, y, blank);
            } else {
                self.step_to(shown, x, y);
                self.write(cell, x, y);
            }
            x = after;
        }
    }

    fn erase(&mut self, x: u16, y: u16, blank: u16) {
        self.go(x, y);
        self.pen.plain(&mut self.out);
        if x + blank >= self.next.cells.area.right() {
            self.out.push_str("\x1b[K");
        } else {
            let _ = write!(self.out, "\x1b[{blank}X");
        }
    }

    fn write(&mut self, cell: &Cell, x: u16, y: u16) {
        self.go(x, y);
        self.pen.take(cell, &mut self.out);
        self.out.push_str(cell.symbol());
        let after = x + columns(cell);
        // Terminals differ about how wide a cluster of several characters is.
        let is_sure = cell.symbol().chars().nth(1).is_none() && after < self.next.cells.area.right();
        self.at = is_sure.then_some((after, y));
    }

    /// Goes over a few cells that stay by writing them again, where that takes no other pen.
    fn step_to(&mut self, shown: &Buffer, x: u16, y: u16) {
        let Some((from, _)) = self.at.filter(|(from, line)| *line == y && *from < x && x - from <= STEP_OVER) else {
            return;
        };
        let between = (from..x).filter_map(|x| shown.cell((x, y)));
        let is_short = |cell: &Cell| cell.symbol().len() == 1 && cell.symbol() != "\0" && self.pen.writes(cell);
        let text: String = between.clone().filter(|cell| is_short(cell)).map(Cell::symbol).collect();
        if text.len() == usize::from(x - from) {
            self.out.push_str(&text);
            self.at = Some((x, y));
        }
    }

    /// Takes the cursor to a cell the short way.
    fn go(&mut self, x: u16, y: u16) {
        match self.at {
            Some(at) if at == (x, y) => return,
            Some((from, line)) if line == y && from < x && x - from == 1 => self.out.push_str("\x1b[C"),
            Some((from, line)) if line == y && from < x => drop(write!(self.out, "\x1b[{}C", x - from)),
            _ if x == 0 => drop(write!(self.out, "\x1b[{}H", y + 1)),
            _ => drop(write!(self.out, "\x1b[{};{}H", y + 1, x + 1)),
        }
        self.at = Some((x, y));
    }

    /// Writes the cells of links again, as links: those who see no difference lose nothing.
    fn links(&mut self, shown: &Picture) {
        let next = self.next;
        for link in &next.links {
            let is_written = link.places.iter().any(|place| {
                next.place(*place).any(|(x, y, cell)| shown.cells.cell((x, y)).is_none_or(|old| !is_alike(cell, old)))
            });
            if !is_written && shown.links.contains(link) {
                continue;
            }
            for place in &link.places {
                let _ = write!(self.out, "\x1b]8;;{}\x1b\\", link.url);
                let mut end = 0;
                for (x, y, cell) in next.place(*place) {
                    if x >= end || x == place.x {
                        self.write(cell, x, y);
                        end = x + columns(cell);
                    }
                }
                self.out.push_str("\x1b]8;;\x1b\\");
            }
        }
    }

    fn cursor(&mut self, before: Option<Position>, is_new: bool) {
        let now = self.next.cursor;
        if now.is_some() != before.is_some() || is_new {
            self.out.push_str(if now.is_some() { "\x1b[?25h" } else { "\x1b[?25l" });
        }
        self.pen.plain(&mut self.out);
        if let Some(now) = now.filter(|now| before != Some(*now) || !self.out.is_empty()) {
            self.go(now.x, now.y);
        }
    }
}

/// How many cells from here on are blank.
fn blank_from(cells: &Buffer, x: u16, y: u16) -> u16 {
    let blank = (x..cells.area.right()).take_while(|x| cells.cell((*x, y)).is_some_and(is_blank));
    u16::try_from(blank.count()).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests;

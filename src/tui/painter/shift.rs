//! Finds what moved up or down from one picture to the next, so that the terminal moves it and only the rest is written.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

/// Most comparisons of cells that finding is worth.
const MOST_WORK: usize = 4_000_000;
/// Fewest cells that need not be written for the sequences to pay.
const LEAST_GAIN: i64 = 60;

/// Lines that move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    /// The first line that is touched.
    pub top: u16,
    /// The line after the last.
    pub bottom: u16,
    /// By how many lines.
    pub lines: u16,
    /// Whether up.
    pub is_up: bool,
}

impl Shift {
    /// Does in a picture what the terminal does.
    pub(super) fn apply(&self, cells: &mut Buffer) {
        let (width, region) = (usize::from(cells.area.width), usize::from(self.top)..usize::from(self.bottom));
        let free = width * usize::from(self.lines);
        let lines = &mut cells.content[region.start * width..region.end * width];
        if self.is_up {
            lines.rotate_left(free);
        } else {
            lines.rotate_right(free);
        }
        let kept = lines.len() - free;
        let blank = if self.is_up { &mut lines[kept..] } else { &mut lines[..free] };
        blank.fill(Cell::EMPTY);
    }
}

impl Shift {
    /// Moves a place of one line as the terminal does; whether it is there still.
    pub(super) fn carry(&self, place: &mut Rect) -> bool {
        if !(self.top..self.bottom).contains(&place.y) {
            return true;
        }
        let to = if self.is_up { place.y.checked_sub(self.lines) } else { Some(place.y + self.lines) };
        place.y = to.unwrap_or(place.y);
        to.is_some_and(|to| (self.top..self.bottom).contains(&to))
    }
}

/// The move after which the fewest cells are left to write; none when none saves enough.
pub(super) fn find(shown: &Buffer, next: &Buffer) -> Option<Shift> {
    let Rect { width, height, .. } = next.area;
    let (width, height) = (usize::from(width), usize::from(height));
    let (old, new) = (looks(shown), looks(next));
    let line = |looks: &[u64], y: usize| -> Vec<u64> { looks[y * width..(y + 1) * width].to_vec() };
    let old: Vec<_> = (0..height).map(|y| line(&old, y)).collect();
    let new: Vec<_> = (0..height).map(|y| line(&new, y)).collect();
    let unlike = |one: &[u64], other: &[u64]| one.iter().zip(other).filter(|(a, b)| a != b).count() as i64;
    let stay: Vec<_> = (0..height).map(|y| unlike(&new[y], &old[y])).collect();
    if stay.iter().sum::<i64>() < LEAST_GAIN {
        return None;
    }
    let blank = vec![0; width];
    let from_blank: Vec<_> = (0..height).map(|y| stay[y] - unlike(&new[y], &blank)).collect();
    let most = (height.saturating_sub(1)).min(MOST_WORK / (width * height).max(1));
    let ways = (1..=most).flat_map(|lines| [(lines, true), (lines, false)]);
    let gains = ways.filter_map(|(lines, is_up)| {
        let moved: Vec<_> = (0..height - lines)
            .map(|y| {
                let (to, from) = if is_up { (y, y + lines) } else { (y + lines, y) };
                stay[to] - unlike(&new[to], &old[from])
            })
            .collect();
        // The lines that come free are behind those that move up, and before those that move down.
        let free = |at: usize| from_blank[at..at + lines].iter().sum::<i64>();
        let (gain, start, end) =
            best_run(&moved, |a| if is_up { 0 } else { free(a) }, |b| if is_up { free(b) } else { 0 })?;
        Some((gain, Shift { top: start as u16, bottom: (end + lines) as u16, lines: lines as u16, is_up }))
    });
    let (gain, best) = gains.max_by_key(|(gain, _)| *gain)?;
    (gain >= LEAST_GAIN).then_some(best)
}

/// What cells look like, as numbers; blank ones are 0.
fn looks(cells: &Buffer) -> Vec<u64> {
    let look = |cell: &Cell| {
        if super::is_blank(cell) {
            return 0;
        }
        let mut hasher = DefaultHasher::new();
        (cell.symbol(), cell.fg, cell.bg, cell.underline_color, cell.modifier).hash(&mut hasher);
        hasher.finish() | 1
    };
    cells.content.iter().map(look).collect()
}

/// The run that is worth most, with what its start and its end are worth: its worth, its start and its end.
fn best_run(
    values: &[i64],
    start_worth: impl Fn(usize) -> i64,
    end_worth: impl Fn(usize) -> i64,
) -> Option<(i64, usize, usize)> {
    let mut best: Option<(i64, usize, usize)> = None;
    let (mut sum, mut start) = (0, 0);
    for (at, value) in values.iter().enumerate() {
        let fresh = start_worth(at);
        if at == 0 || fresh >= sum {
            (sum, start) = (fresh, at);
        }
        sum += value;
        let worth = sum + end_worth(at + 1);
        if best.is_none_or(|(most, ..)| worth > most) {
            best = Some((worth, start, at + 1));
        }
    }
    best
}

//! Box drawing and block elements as shapes: fonts leave gaps between them, a picture should not.

use std::fmt::Write as _;

/// What to draw in a cell.
pub(crate) enum Shape {
    /// Strokes from the middle to the edges: up, right, down, left.
    Lines([bool; 4], Stroke),
    /// A filled part of the cell in eighths: left, top, width, height.
    Block([u32; 4]),
}

/// How strokes look.
pub(crate) enum Stroke {
    Light,
    Heavy,
    Round,
}

/// Symbols made of strokes, with the edges they reach: up, right, down, left.
const LINES: &[(&str, [u8; 4])] = &[
    ("─", [0, 1, 0, 1]),
    ("│", [1, 0, 1, 0]),
    ("┌", [0, 1, 1, 0]),
    ("┐", [0, 0, 1, 1]),
    ("└", [1, 1, 0, 0]),
    ("┘", [1, 0, 0, 1]),
    ("├", [1, 1, 1, 0]),
    ("┤", [1, 0, 1, 1]),
    ("┬", [0, 1, 1, 1]),
    ("┴", [1, 1, 0, 1]),
    ("┼", [1, 1, 1, 1]),
    ("╭", [0, 2, 2, 0]),
    ("╮", [0, 0, 2, 2]),
    ("╰", [2, 2, 0, 0]),
    ("╯", [2, 0, 0, 2]),
    ("━", [0, 3, 0, 3]),
    ("┃", [3, 0, 3, 0]),
];

/// Parts of a cell in eighths: left, top, width, height.
const BLOCKS: &[(&str, [u32; 4])] = &[
    ("█", [0, 0, 8, 8]),
    ("▌", [0, 0, 4, 8]),
    ("▐", [4, 0, 4, 8]),
    ("▎", [0, 0, 2, 8]),
    ("▏", [0, 0, 1, 8]),
    ("▀", [0, 0, 8, 4]),
    ("▁", [0, 7, 8, 1]),
    ("▂", [0, 6, 8, 2]),
    ("▃", [0, 5, 8, 3]),
    ("▄", [0, 4, 8, 4]),
    ("▅", [0, 3, 8, 5]),
    ("▆", [0, 2, 8, 6]),
    ("▇", [0, 1, 8, 7]),
];

/// The shape of a symbol, if it is one that is drawn.
pub(crate) fn of(symbol: &str) -> Option<Shape> {
    if let Some((_, edges)) = LINES.iter().find(|(s, _)| *s == symbol) {
        let stroke = match edges.iter().max() {
            Some(2) => Stroke::Round,
            Some(3) => Stroke::Heavy,
            _ => Stroke::Light,
        };
        return Some(Shape::Lines(edges.map(|edge| edge > 0), stroke));
    }
    BLOCKS.iter().find(|(s, _)| *s == symbol).map(|(_, part)| Shape::Block(*part))
}

impl Shape {
    /// Draws it into the cell whose upper left corner is `(x, y)`.
    pub(crate) fn draw(&self, out: &mut String, (x, y): (u32, u32), (width, height): (u32, u32), ink: &str) {
        match self {
            Self::Block([left, top, across, down]) => {
                let part = |n: u32, of: u32| f64::from(n * of) / 8.0;
                let _ = writeln!(
                    out,
                    "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{ink}\"/>",
                    f64::from(x) + part(*left, width),
                    f64::from(y) + part(*top, height),
                    part(*across, width),
                    part(*down, height),
                );
            }
            Self::Lines(edges, stroke) => {
                let (middle, half) = (f64::from(x) + f64::from(width) / 2.0, y + height / 2);
                let ends = [
                    format!("{middle} {y}"),
                    format!("{} {half}", x + width),
                    format!("{middle} {}", y + height),
                    format!("{x} {half}"),
                ];
                let ends: Vec<&String> = ends.iter().zip(edges).filter(|(_, there)| **there).map(|(e, _)| e).collect();
                let path = match (stroke, ends.as_slice()) {
                    (Stroke::Round, [from, to]) => format!("M{from}Q{middle} {half} {to}"),
                    (_, [from, to]) => format!("M{from}L{middle} {half}L{to}"),
                    _ => ends.iter().map(|end| format!("M{middle} {half}L{end}")).collect(),
                };
                let thick = if matches!(stroke, Stroke::Heavy) { 2.4 } else { 1.2 };
                let _ = writeln!(out, "<path d=\"{path}\" stroke=\"{ink}\" stroke-width=\"{thick}\" fill=\"none\"/>");
            }
        }
    }
}

//! Pictures of the screen for README and docs: a [`Buffer`] as an SVG that looks the same wherever it is opened.
//!
//! No font is embedded. Each run of text says at which column it starts and how wide it is, so that columns stand
//! straight in any monospaced font; lines and blocks are drawn as shapes, because fonts disagree on those.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

mod shapes;

/// Width and height of a cell in pixels.
const CELL: (u32, u32) = (9, 20);
/// From the top of a cell to the text's baseline.
const BASELINE: u32 = 15;
/// Around the screen.
const MARGIN: u32 = 14;
/// Above it: the card's title.
const BAR: u32 = 34;
const FONTS: &str = "ui-monospace,'SF Mono','Cascadia Mono','DejaVu Sans Mono','Noto Sans Mono CJK SC',Menlo,Consolas,'Microsoft YaHei',monospace";
const FOREGROUND: Rgb = [0xd5, 0xda, 0xe3];
const BACKGROUND: Rgb = [0x16, 0x1a, 0x21];

/// The sixteen named colours in the order of their numbers.
const NAMED: [Rgb; 16] = [
    [0x2b, 0x31, 0x3b],
    [0xe0, 0x6c, 0x75],
    [0x8f, 0xc3, 0x7a],
    [0xe0, 0xb8, 0x6b],
    [0x6c, 0xb0, 0xf0],
    [0xc5, 0x86, 0xd9],
    [0x5f, 0xc1, 0xc9],
    [0xb4, 0xbb, 0xc8],
    [0x7b, 0x85, 0x95],
    [0xf2, 0x8b, 0x93],
    [0xab, 0xd9, 0x98],
    [0xf0, 0xd0, 0x90],
    [0x93, 0xc8, 0xf8],
    [0xd9, 0xa7, 0xe8],
    [0x8a, 0xd8, 0xdf],
    [0xf2, 0xf5, 0xf9],
];

type Rgb = [u8; 3];

/// How a run of cells looks.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    ink: Rgb,
    ground: Rgb,
    modifier: Modifier,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let (ink, ground) = (rgb(cell.fg, FOREGROUND), rgb(cell.bg, BACKGROUND));
        let modifier = cell.modifier;
        if modifier.contains(Modifier::REVERSED) {
            return Self { ink: ground, ground: ink, modifier };
        }
        Self { ink, ground, modifier }
    }

    /// The attributes of a text run, apart from where it stands.
    fn attributes(self) -> String {
        let mut out = format!(" fill=\"{}\"", hex(self.ink));
        let words = [
            (Modifier::BOLD, " font-weight=\"bold\""),
            (Modifier::ITALIC, " font-style=\"italic\""),
            (Modifier::DIM, " opacity=\"0.65\""),
        ];
        for (modifier, attribute) in words {
            if self.modifier.contains(modifier) {
                out.push_str(attribute);
            }
        }
        let lines = [(Modifier::UNDERLINED, "underline"), (Modifier::CROSSED_OUT, "line-through")];
        let lines: Vec<&str> = lines.iter().filter(|(m, _)| self.modifier.contains(*m)).map(|(_, w)| *w).collect();
        if !lines.is_empty() {
            let _ = write!(out, " text-decoration=\"{}\"", lines.join(" "));
        }
        out
    }
}

/// Draws a screen as a card. `cursor` is marked where one stands.
pub(crate) fn svg(screen: &Buffer, cursor: Option<Position>, title: &str) -> String {
    let area = *screen.area();
    let (width, height) = (u32::from(area.width) * CELL.0 + 2 * MARGIN, u32::from(area.height) * CELL.1 + BAR + MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" xml:space=\"preserve\" font-family=\"{FONTS}\" font-size=\"15\">\n<title>{title}</title>\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{}\"/>\n<text x=\"{MARGIN}\" y=\"22\" fill=\"{}\" font-size=\"13\">{title}</text>\n",
        hex(BACKGROUND),
        hex(NAMED[8]),
        title = escaped(title),
    );
    for row in 0..area.height {
        paint_row(&mut out, screen, area, row);
    }
    if let Some(at) = cursor {
        let (x, y) = corner(at.x - area.x, at.y - area.y);
        let _ =
            writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"2\" height=\"{}\" fill=\"{}\"/>", CELL.1, hex(FOREGROUND));
    }
    out.push_str("</svg>\n");
    out
}

/// A row's grounds first, then its shapes and text over them.
fn paint_row(out: &mut String, screen: &Buffer, area: Rect, row: u16) {
    let cells = cells(screen, area, row);
    let mut at = 0;
    while at < cells.len() {
        let look = cells[at].2;
        let run = cells[at..].iter().take_while(|cell| cell.2.ground == look.ground).count();
        let (x, y) = corner(cells[at].0, row);
        let columns: u16 = cells[at..at + run].iter().map(|cell| cell.3).sum();
        if look.ground != BACKGROUND {
            let (width, fill) = (u32::from(columns) * CELL.0, hex(look.ground));
            let _ =
                writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{}\" fill=\"{fill}\"/>", CELL.1);
        }
        at += run;
    }
    for (x, symbol, look, _) in &cells {
        if let Some(shape) = shapes::of(symbol) {
            let (x, y) = corner(*x, row);
            shape.draw(out, (x, y), CELL, &hex(look.ink));
        }
    }
    for (x, text, look, columns) in text_runs(&cells) {
        let (x, y) = corner(x, row);
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"{}>{}</text>",
            y + BASELINE,
            u32::from(columns) * CELL.0,
            look.attributes(),
            escaped(&text),
        );
    }
}

type Placed<'a> = (u16, &'a str, Look, u16);

/// A row's cells with the column each starts at and how many it takes; the second halves of wide ones are left out.
fn cells(screen: &Buffer, area: Rect, row: u16) -> Vec<Placed<'_>> {
    let mut found = Vec::new();
    let mut column = 0;
    while column < area.width {
        let cell = &screen[(area.x + column, area.y + row)];
        let width = u16::try_from(cell.symbol().width()).unwrap_or(1).clamp(1, area.width - column);
        found.push((column, cell.symbol(), Look::of(cell), width));
        column += width;
    }
    found
}

/// Text that can be set in one piece: one look, no shapes, no blank at an end, no two in a row, wide and narrow apart.
fn text_runs(cells: &[Placed<'_>]) -> Vec<(u16, String, Look, u16)> {
    let mut runs: Vec<(u16, String, Look, u16)> = Vec::new();
    let mut open: Option<u16> = None;
    for (at, (column, symbol, look, width)) in cells.iter().enumerate() {
        let marked = look.modifier.intersects(Modifier::UNDERLINED | Modifier::CROSSED_OUT);
        let blank = symbol.trim().is_empty();
        let goes_on = cells.get(at + 1).is_some_and(|(_, next, its, wide)| {
            !next.trim().is_empty() && shapes::of(next).is_none() && its == look && wide == width
        });
        if shapes::of(symbol).is_some() || blank && !marked && (open.is_none() || !goes_on) {
            open = None;
            continue;
        }
        match runs.last_mut() {
            Some(run) if open == Some(*width) && run.2 == *look => {
                run.1.push_str(symbol);
                run.3 += width;
            }
            _ => runs.push((*column, (*symbol).to_owned(), *look, *width)),
        }
        open = Some(*width);
    }
    runs.retain(|run| !run.1.trim().is_empty() || run.2.modifier.intersects(Modifier::UNDERLINED));
    runs
}

fn corner(column: u16, row: u16) -> (u32, u32) {
    (MARGIN + u32::from(column) * CELL.0, BAR + u32::from(row) * CELL.1)
}

fn rgb(color: Color, reset: Rgb) -> Rgb {
    let number = match color {
        Color::Reset => return reset,
        Color::Rgb(r, g, b) => return [r, g, b],
        Color::Indexed(number) => number,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    indexed(number)
}

/// A colour of the 256: sixteen named, a cube of six steps a side, then greys.
fn indexed(number: u8) -> Rgb {
    let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match number {
        0..=15 => NAMED[usize::from(number)],
        16..=231 => [step((number - 16) / 36), step((number - 16) / 6 % 6), step((number - 16) % 6)],
        232.. => [8 + 10 * (number - 232); 3],
    }
}

fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    fn drawn(text: &str, style: Style) -> Vec<String> {
        let mut screen = Buffer::empty(Rect::new(0, 0, 12, 1));
        screen.set_string(0, 0, text, style);
        let svg = svg(&screen, None, "t");
        svg.lines().skip(4).filter(|line| *line != "</svg>").map(str::to_owned).collect()
    }

    #[test]
    fn wide_characters_take_two_columns_and_stand_apart() {
        let lines = drawn("a你好b", Style::new());
        let starts: Vec<String> = lines.iter().map(|l| l.split(" length").next().unwrap().to_owned()).collect();
        assert_eq!(
            starts,
            [
                "<text x=\"14\" y=\"49\" textLength=\"9\"",
                "<text x=\"23\" y=\"49\" textLength=\"36\"",
                "<text x=\"59\" y=\"49\" textLength=\"9\"",
            ]
        );
        assert!(lines[1].ends_with(">你好</text>"), "{}", lines[1]);
    }

    #[test]
    fn markup_in_a_post_stays_text() {
        let lines = drawn("<b>&\"", Style::new());
        assert!(lines[0].ends_with(">&lt;b&gt;&amp;&quot;</text>"), "{}", lines[0]);
    }

    #[test]
    fn looks_become_attributes() {
        let style = Style::new().bold().italic().underlined().fg(Color::Indexed(196)).bg(Color::Rgb(1, 2, 3));
        let lines = drawn("x", style);
        assert!(lines[0].starts_with("<rect x=\"14\" y=\"34\" width=\"9\""), "{}", lines[0]);
        assert!(lines[0].contains("#010203"), "{}", lines[0]);
        let look = " fill=\"#ff0000\" font-weight=\"bold\" font-style=\"italic\" text-decoration=\"underline\"";
        assert!(lines[1].contains(look), "{}", lines[1]);
        let turned = drawn("x", Style::new().reversed());
        assert!(turned[0].contains(&hex(FOREGROUND)) && turned[1].contains(&hex(BACKGROUND)), "{turned:?}");
    }

    #[test]
    fn blanks_part_runs_and_lines_are_shapes() {
        let lines = drawn("a b  c │─", Style::new());
        assert!(lines.iter().any(|l| l.ends_with(">a b</text>")), "{lines:?}");
        assert!(lines.iter().any(|l| l.ends_with(">c</text>")), "{lines:?}");
        assert_eq!(lines.iter().filter(|l| l.starts_with("<path")).count(), 2, "{lines:?}");
    }
}

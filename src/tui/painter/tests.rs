//! A terminal that is painted shows the picture, whatever it showed before, and is sent little.

use ratatui::style::{Color, Style};

use super::*;

/// Numbers that look like chance and are the same every time (Knuth's MMIX constants).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }

    fn style(&mut self) -> Style {
        let styles = [
            Style::new(),
            Style::new(),
            Style::new().fg(Color::Indexed(120)).bold(),
            Style::new().fg(Color::LightBlue).underlined(),
            Style::new().bg(Color::Rgb(1, 2, 3)),
            Style::new().reversed(),
            Style::new().italic().fg(Color::Red),
            Style::new().dim(),
        ];
        Style::reset().patch(styles[self.below(styles.len())])
    }
}

fn painted(cells: &Buffer) -> Picture {
    Picture { cells: cells.clone(), ..Picture::default() }
}

fn lines(text: &[String]) -> Buffer {
    let mut cells = Buffer::empty(Rect::new(0, 0, 80, 24));
    for (y, line) in text.iter().enumerate() {
        cells.set_string(0, y as u16, line, Style::new());
    }
    cells
}

fn color(color: Color) -> vt100::Color {
    match color {
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        Color::Indexed(n) => vt100::Color::Idx(n),
        Color::Red => vt100::Color::Idx(1),
        Color::LightBlue => vt100::Color::Idx(12),
        _ => vt100::Color::Default,
    }
}

/// Whether the terminal shows these cells.
fn shows(screen: &vt100::Screen, cells: &Buffer) -> Result<(), String> {
    for y in 0..cells.area.height {
        let mut x = 0;
        while x < cells.area.width {
            let (wanted, seen) = (cells.cell((x, y)).unwrap(), screen.cell(y, x).unwrap());
            let text = if seen.has_contents() { seen.contents() } else { " " };
            let looks = (seen.bgcolor(), seen.inverse(), seen.underline());
            let has = |modifier| wanted.modifier.contains(modifier);
            let expected = (color(wanted.bg), has(Modifier::REVERSED), has(Modifier::UNDERLINED));
            let weight = (seen.fgcolor(), seen.bold(), seen.italic(), seen.dim());
            let expected_weight = (color(wanted.fg), has(Modifier::BOLD), has(Modifier::ITALIC), has(Modifier::DIM));
            if text != wanted.symbol() || looks != expected || !is_blank(wanted) && weight != expected_weight {
                return Err(format!("{x},{y}: {text:?} {looks:?} {weight:?} in place of {wanted:?}"));
            }
            x += columns(wanted);
        }
    }
    Ok(())
}

/// Changes a picture as programs do: some text, a few lines up or down, an empty rectangle.
fn change(chance: &mut Chance, cells: &mut Buffer) {
    let Rect { width, height, .. } = cells.area;
    let (x, y) = (chance.below(width.into()) as u16, chance.below(height.into()) as u16);
    match chance.below(4) {
        0 | 1 => {
            let words = ["a", "feed of threads and more", "汉字", "   ", "─────", "👧", "e\u{301}", "x日y"];
            let word = words[chance.below(words.len())].repeat(1 + chance.below(4));
            let style = chance.style();
            cells.set_string(x, y, word, style);
        }
        2 => {
            let lines = 1 + chance.below(usize::from(height - y).min(4)) as u16;
            let shift = shift::Shift { top: y, bottom: height, lines, is_up: chance.below(2) == 0 };
            if y + lines <= height {
                shift.apply(cells);
            }
        }
        _ => {
            let area = Rect::new(x, y, 1 + chance.below(30) as u16, 1 + chance.below(3) as u16);
            let style = chance.style();
            for at in area.intersection(cells.area).positions() {
                cells[at].reset();
                cells[at].set_style(style);
            }
        }
    }
    mend(cells);
}

/// A sign of two columns has nothing behind it, as the toolkit sees to it.
fn mend(cells: &mut Buffer) {
    for y in 0..cells.area.height {
        let mut x = 0;
        while x < cells.area.width {
            let wide = columns(&cells[(x, y)]);
            if x + wide > cells.area.width {
                cells[(x, y)].set_symbol(" ");
            }
            for behind in x + 1..(x + wide).min(cells.area.width) {
                cells[(behind, y)].reset();
            }
            x += wide;
        }
    }
}

#[test]
fn the_terminal_shows_the_picture_whatever_it_showed_before() {
    let mut chance = Chance(7);
    for _ in 0..60 {
        let area = Rect::new(0, 0, 1 + chance.below(60) as u16, 1 + chance.below(20) as u16);
        let mut terminal = vt100::Parser::new(area.height.try_into().unwrap(), area.width.try_into().unwrap(), 0);
        let (mut painter, mut cells) = (Painter::new(Colors::True), Buffer::empty(area));
        terminal.process(b"\x1b[7mwhatever was here before\x1b[5;5Hand there");
        for step in 0..40 {
            for _ in 0..chance.below(6) {
                change(&mut chance, &mut cells);
            }
            let bytes = painter.paint(painted(&cells));
            terminal.process(&bytes);
            if let Err(fault) = shows(terminal.screen(), &cells) {
                panic!("{area:?}, step {step}: {fault}\n{:?}", String::from_utf8_lossy(&bytes));
            }
        }
    }
}

#[test]
fn the_same_picture_is_not_sent_again() {
    let mut painter = Painter::new(Colors::True);
    let picture = Picture { cursor: Some(Position::new(3, 2)), ..painted(&lines(&["a".into(), "b".into()])) };
    assert_eq!(painter.paint(picture.clone()), b"\x1b[m\x1b[2J\x1b[1Ha\x1b[2Hb\x1b[?25h\x1b[3;4H");
    assert!(painter.paint(picture.clone()).is_empty());
    assert_eq!(painter.paint(Picture { cursor: None, ..picture }), b"\x1b[?25l");
    painter.forget();
    assert!(!painter.paint(Picture::default()).is_empty());
}

#[test]
fn what_moved_is_moved_by_the_terminal() {
    let word = |n: usize| ["one", "line", "of", "a longer", "text", "like", "many others"][n * n % 7].repeat(1 + n % 5);
    let text: Vec<String> = (0..100).map(|n| format!("{n} {} {}", word(n), word(n + 3))).collect();
    let mut painter = Painter::new(Colors::True);
    let framed = |from: usize| {
        let mut shown = vec!["── a frame ──".to_owned()];
        shown.extend_from_slice(&text[from..from + 22]);
        shown.push("── keys ──".to_owned());
        painted(&lines(&shown))
    };
    painter.paint(framed(0));
    let up = String::from_utf8(painter.paint(framed(1))).unwrap();
    assert_eq!(up, format!("\x1b[2;23r\x1b[2H\x1b[1M\x1b[r\x1b[23H{}", text[22]));
    let down = String::from_utf8(painter.paint(framed(0))).unwrap();
    assert_eq!(down, format!("\x1b[2;23r\x1b[2H\x1b[1L\x1b[r\x1b[2H{}", text[0]));
}

#[test]
fn a_bar_that_moves_is_two_cells() {
    let text = |at: usize| {
        let rows = (0..20).map(|n| format!("{} a row of a list, number {n}", if n == at { "▌" } else { " " }));
        painted(&lines(&rows.collect::<Vec<_>>()))
    };
    let mut painter = Painter::new(Colors::True);
    painter.paint(text(3));
    assert_eq!(String::from_utf8(painter.paint(text(4))).unwrap(), "\x1b[4H \x1b[5H▌");
}

#[test]
fn a_link_is_one_while_it_is_one() {
    let url = Clean::line("https://guild.example/");
    let places = vec![Rect::new(2, 1, 4, 1)];
    let cells = lines(&["text".into(), "a link".into()]);
    let mut painter = Painter::new(Colors::True);
    painter.paint(painted(&cells));
    let linked = Picture { links: vec![Hyperlink { url, places }], ..painted(&cells) };
    let written = String::from_utf8(painter.paint(linked.clone())).unwrap();
    assert_eq!(written, "\x1b]8;;https://guild.example/\x1b\\\x1b[2;3Hlink\x1b]8;;\x1b\\");
    assert!(painter.paint(linked).is_empty());
    assert_eq!(painter.paint(painted(&cells)), b"\x1b[2;3Hlink");
}

#[test]
fn a_link_that_moves_with_its_line_is_not_written_again() {
    let url = Clean::line("https://guild.example/");
    let text = |first: usize| -> Vec<String> {
        (first..first + 12).map(|n| char::from(b'a' + n as u8).to_string().repeat(40)).collect()
    };
    let linked = |first: usize, y: u16| {
        let links = vec![Hyperlink { url: url.clone(), places: vec![Rect::new(5, y, 2, 1)] }];
        Picture { links, ..painted(&lines(&text(first))) }
    };
    let mut painter = Painter::new(Colors::True);
    painter.paint(linked(0, 6));
    let moved = String::from_utf8(painter.paint(linked(2, 4))).unwrap();
    assert!(moved.contains("\x1b[2M") && !moved.contains("guild.example"), "{moved:?}");
    // Pushed out, it is none any more.
    painter.paint(Picture { links: Vec::new(), ..linked(8, 0) });
    assert!(painter.shown().unwrap().links.is_empty());
}

//! Documents for what is printed line by line: laid out as on the screen, and handed over as text and inks. Draws
//! nothing and asks nothing of a terminal.

use ratatui::style::{Color as Drawn, Modifier, Style};

use super::{
    symbols::Symbols,
    theme::Theme,
    widget::{
        highlight::Highlighter,
        markdown::{self, Looks, Opened},
    },
};
use crate::base::text::ink::{Color, Ink, Run};
use crate::config::locale::Catalog;
use crate::model::markup::{self, Mark};

/// What documents are printed with.
pub struct Printer {
    /// Styles.
    pub theme: Theme,
    /// Signs.
    pub symbols: Symbols,
    code: Highlighter,
    words: Catalog,
}

impl Printer {
    /// With these styles, signs and sentences.
    pub fn new(theme: Theme, symbols: Symbols, words: Catalog) -> Self {
        Self { theme, symbols, code: Highlighter::new(), words }
    }

    /// A body as lines of at most `columns`, its links below it by their numbers: all that is folded is there, nothing
    /// that is hidden.
    pub fn body(&self, markdown: &str, columns: usize) -> Vec<Vec<Run>> {
        let document = markup::parse(markdown);
        let looks = Looks { theme: &self.theme, symbols: &self.symbols, code: &self.code, words: &self.words };
        let width = u16::try_from(columns).unwrap_or(u16::MAX);
        let lines = markdown::layout(&document, width, 1, &Opened::folds(), looks).lines;
        let told: String = lines.iter().map(ToString::to_string).collect();
        let run = |span: &ratatui::text::Span<'_>, line: Style| Run::new(ink(line.patch(span.style)), &*span.content);
        let mut lines: Vec<Vec<Run>> =
            lines.iter().map(|line| line.spans.iter().map(|span| run(span, line.style)).collect()).collect();
        let dim = ink(self.theme.dim);
        let links = document.marks.iter().enumerate().filter_map(|(at, mark)| match mark {
            Mark::Link(url) => Some((format!("[{}]", at + 1), url.clone())),
            Mark::Post { number, .. } => Some((format!("[{}]", at + 1), format!("#{number}"))),
            Mark::Code | Mark::Fold | Mark::Spoiler => None,
        });
        let shown = links.filter(|(number, _)| told.contains(number.as_str()));
        let links: Vec<_> = shown.map(|(number, url)| vec![Run::new(dim, format!("{number} {url}"))]).collect();
        if !links.is_empty() {
            lines.push(Vec::new());
        }
        lines.extend(links);
        lines
    }
}

/// A style of the screen as the ink it is printed in. A background says nothing between lines.
pub fn ink(style: Style) -> Ink {
    let has = |modifier| style.add_modifier.contains(modifier) && !style.sub_modifier.contains(modifier);
    Ink {
        color: style.fg.and_then(color),
        bold: has(Modifier::BOLD),
        dim: has(Modifier::DIM),
        italic: has(Modifier::ITALIC),
        underlined: has(Modifier::UNDERLINED),
        reversed: has(Modifier::REVERSED),
        crossed: has(Modifier::CROSSED_OUT),
    }
}

fn color(drawn: Drawn) -> Option<Color> {
    Some(match drawn {
        Drawn::Reset => return None,
        Drawn::Black => Color::Named(0),
        Drawn::Red => Color::Named(1),
        Drawn::Green => Color::Named(2),
        Drawn::Yellow => Color::Named(3),
        Drawn::Blue => Color::Named(4),
        Drawn::Magenta => Color::Named(5),
        Drawn::Cyan => Color::Named(6),
        Drawn::Gray => Color::Named(7),
        Drawn::DarkGray => Color::Named(8),
        Drawn::LightRed => Color::Named(9),
        Drawn::LightGreen => Color::Named(10),
        Drawn::LightYellow => Color::Named(11),
        Drawn::LightBlue => Color::Named(12),
        Drawn::LightMagenta => Color::Named(13),
        Drawn::LightCyan => Color::Named(14),
        Drawn::White => Color::Named(15),
        Drawn::Indexed(n) => Color::Palette(n),
        Drawn::Rgb(r, g, b) => Color::Rgb(r, g, b),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::locale::Language;
    use crate::tui::theme::Depth;

    fn words() -> Catalog {
        Catalog::new(Language::English)
    }

    fn text(lines: &[Vec<Run>]) -> Vec<String> {
        lines.iter().map(|line| line.iter().map(|run| run.text.as_str()).collect()).collect()
    }

    #[test]
    fn a_body_is_lines_with_its_links_below() {
        let printer = Printer::new(Theme::built_in("dark", Depth::Ansi), Symbols::ASCII, words());
        let lines = printer.body("# Title\n\nSome **bold** words and [a link](https://e.example/x).", 20);
        let told = text(&lines);
        assert_eq!(told[0], "# Title");
        assert!(told.iter().all(|line| line.starts_with('[') || line.len() <= 20), "{told:?}");
        assert_eq!(told.last().unwrap(), "[1] https://e.example/x");
        assert!(lines.iter().flatten().any(|run| run.text == "bold" && run.ink.bold));
    }

    #[test]
    fn what_is_folded_is_printed_and_what_is_hidden_is_not() {
        let printer = Printer::new(Theme::built_in("dark", Depth::Ansi), Symbols::ASCII, words());
        let body = "[details=a]\nfolded\n[/details]\n\n||[it](https://e.example/secret)|| [x](https://e.example/open)";
        let told = text(&printer.body(body, 60)).join("\n");
        assert!(told.contains("folded") && told.contains("e.example/open") && !told.contains("secret"), "{told}");
    }

    #[test]
    fn without_colours_no_ink_has_one() {
        let printer = Printer::new(Theme::built_in("dark", Depth::Mono), Symbols::UNICODE, words());
        let lines = printer.body("# T\n\n```rust\nfn x() {}\n```\n\n> [q](https://e.example)", 40);
        assert!(lines.iter().flatten().all(|run| run.ink.color.is_none()));
    }
}

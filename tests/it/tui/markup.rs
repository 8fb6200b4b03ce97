//! Formatted text: a corpus of documents (`tests/it/fixtures/markup`), each as it is drawn at three widths with and
//! without colour, in a picture beside it; and what a reader does within a post.

use std::fmt::Write as _;
use std::path::PathBuf;

use lyceum::base::text::{Clean, width::width};
use lyceum::config::locale::{Catalog, Language};
use lyceum::model::markup::{Mark, parse};
use lyceum::tui::symbols::Symbols;
use lyceum::tui::theme::{Depth, Theme};
use lyceum::tui::widget::highlight::Highlighter;
use lyceum::tui::widget::markdown::{Kind, Laid, Looks, Opened, layout, line_width};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

mod random;
mod reading;

/// The widths at which every document is drawn.
const WIDTHS: [u16; 3] = [40, 80, 120];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/markup")
}

/// The documents by name, cleaned as they are at the port.
fn documents() -> Vec<(String, Clean)> {
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|ext| ext == "md")).map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, Clean::block(&String::from_utf8_lossy(&std::fs::read(path).unwrap())))
    });
    let mut documents: Vec<_> = texts.collect();
    documents.sort_by(|a, b| a.0.cmp(&b.0));
    documents
}

/// What documents are drawn with.
struct Desk {
    theme: Theme,
    code: Highlighter,
    words: Catalog,
}

impl Desk {
    fn new(theme: &str, depth: Depth) -> Self {
        let theme = Theme::built_in(theme, depth);
        Self { theme, code: Highlighter::new(), words: Catalog::new(Language::English) }
    }

    fn looks(&self) -> Looks<'_> {
        Looks { theme: &self.theme, symbols: &Symbols::UNICODE, code: &self.code, words: &self.words }
    }

    fn lay(&self, text: &str, columns: u16, opened: &Opened) -> Laid {
        layout(&parse(text), columns, 1, opened, self.looks())
    }
}

/// The styles seen so far, each with a letter.
#[derive(Default)]
struct Legend(Vec<Style>);

impl Legend {
    fn letter(&mut self, style: Style) -> char {
        if style == Style::default() {
            return ' ';
        }
        let at = self.0.iter().position(|known| *known == style).unwrap_or_else(|| {
            self.0.push(style);
            self.0.len() - 1
        });
        ('a'..='z').chain('A'..='Z').nth(at).unwrap_or('?')
    }

    /// A letter for every column of a line.
    fn track(&mut self, line: &Line<'_>) -> String {
        let mut track = String::new();
        for span in &line.spans {
            let letter = if span.content.trim().is_empty() { ' ' } else { self.letter(line.style.patch(span.style)) };
            track.extend(std::iter::repeat_n(letter, width(&span.content)));
        }
        track.trim_end().to_owned()
    }

    fn lines(&self) -> String {
        let mut text = String::new();
        for (at, style) in self.0.iter().enumerate() {
            let letter = ('a'..='z').chain('A'..='Z').nth(at).unwrap_or('?');
            let mut words: Vec<String> = style.fg.iter().map(|color| format!("{color}").to_lowercase()).collect();
            words.extend(style.bg.map(|color| format!("on {color}").to_lowercase()));
            let names = [
                (Modifier::BOLD, "bold"),
                (Modifier::DIM, "dim"),
                (Modifier::ITALIC, "italic"),
                (Modifier::UNDERLINED, "underlined"),
                (Modifier::CROSSED_OUT, "struck"),
                (Modifier::REVERSED, "reversed"),
            ];
            words.extend(names.iter().filter(|(m, _)| style.add_modifier.contains(*m)).map(|(_, n)| (*n).to_owned()));
            let _ = writeln!(text, "  {letter} {}", words.join(" "));
        }
        text
    }
}

/// A document as a picture: lines as they are without colour; with colour each with the letters of its styles below.
fn picture(text: &str) -> String {
    let (mono, dark) = (Desk::new("mono", Depth::Mono), Desk::new("dark", Depth::True));
    let marks = parse(text).marks;
    let mut legend = Legend::default();
    let mut body = String::new();
    for columns in WIDTHS {
        section(
            &mut body,
            &format!("{columns} columns, no colour"),
            &mono.lay(text, columns, &Opened::default()),
            None,
        );
        let laid = dark.lay(text, columns, &Opened::default());
        section(&mut body, &format!("{columns} columns, colour"), &laid, Some(&mut legend));
    }
    if marks.iter().any(|mark| matches!(mark, Mark::Fold | Mark::Spoiler)) {
        section(&mut body, "80 columns, unfolded", &mono.lay(text, 80, &Opened::everything()), None);
    }
    let laid = dark.lay(text, 80, &Opened::default());
    let mut moved = Opened::default();
    for spot in &laid.spots {
        if let Kind::Code(beyond @ 1..) = spot.kind {
            moved.toggle_wrap(spot.place);
            moved.scroll(spot.place, 9, beyond);
        }
    }
    if moved != Opened::default() {
        section(&mut body, "80 columns, code moved by nine", &mono.lay(text, 80, &moved), None);
    }
    format!("{}{body}", legend.lines())
}

fn section(out: &mut String, name: &str, laid: &Laid, mut legend: Option<&mut Legend>) {
    let _ = writeln!(out, "\n== {name}");
    for line in &laid.lines {
        let _ = writeln!(out, "{}", line.to_string().trim_end());
        let track = legend.as_mut().map(|legend| legend.track(line)).filter(|track| !track.is_empty());
        if let Some(track) = track {
            let _ = writeln!(out, "{track}");
        }
    }
}

#[test]
fn every_document_is_drawn_as_its_picture_says() {
    let documents = documents();
    assert!(documents.len() >= 40, "{}", documents.len());
    for (name, text) in documents {
        insta::with_settings!({ snapshot_path => folder(), prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, picture(&text));
        });
    }
}

#[test]
fn no_line_of_a_document_is_wider_than_its_room() {
    let desk = Desk::new("dark", Depth::True);
    for (name, text) in documents() {
        for columns in (1..=20).chain([33, 60, 99, 300]) {
            for opened in [Opened::default(), Opened::everything()] {
                for line in desk.lay(&text, columns, &opened).lines {
                    assert!(line_width(&line) <= usize::from(columns), "{name} at {columns}: {line}");
                }
            }
        }
    }
}

/// What is folded is nowhere among the lines.
#[test]
fn nothing_hidden_is_drawn_before_it_is_asked_for() {
    let desk = Desk::new("dark", Depth::True);
    let hidden = ["SECRET"];
    let texts = [
        "||SECRET||",
        "[spoiler]SECRET[/spoiler]",
        "[spoiler]\nSECRET\n[/spoiler]",
        "[spoiler]SECRET\n\nand SECRET[/spoiler]",
        "**||SECRET||**",
        "| a |\n|---|\n| ||SECRET|| |\n| [spoiler]SECRET[/spoiler] |",
        "<details><summary>a</summary>\n\nSECRET\n\n```\nSECRET\n```\n</details>",
        "[details=a]\n> SECRET\n[/details]",
        "> [spoiler]SECRET[/spoiler]",
        "- a\n\n  [spoiler]\n  SECRET\n  [/spoiler]",
        "[spoiler]https://a.example/SECRET[/spoiler]",
        "[spoiler]![SECRET](https://a.example/SECRET.png)[/spoiler]",
        "a [spoiler]SECRET cut…",
        "a ||SECRET cut…",
    ];
    for text in texts {
        let lines = desk.lay(text, 80, &Opened::default()).lines;
        let drawn: String = lines.iter().map(|line| line.to_string() + "\n").collect();
        let is_table_bars = text.contains("| ||");
        assert!(is_table_bars || hidden.iter().all(|word| !drawn.contains(word)), "{text}\n{drawn}");
        let excerpt = lyceum::model::markup::excerpt(text, 200);
        assert!(is_table_bars || !excerpt.contains("SECRET"), "{text}: {excerpt}");
        let open: String = desk.lay(text, 80, &Opened::everything()).lines.iter().map(Line::to_string).collect();
        assert!(open.contains("SECRET"), "{text}\n{open}");
    }
}

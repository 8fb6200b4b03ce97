use super::*;
use crate::config::locale::{Catalog, Language};
use crate::config::own::Text;

/// What a theme is measured against, and the least contrast of text and of lines in it (WCAG 2.2, 1.4.3, 1.4.6 and
/// 1.4.11).
const MEASURED: [(&str, f64, f64); 4] =
    [("dark", 4.5, 3.0), ("light", 4.5, 3.0), ("high-contrast", 7.0, 4.5), ("high-contrast-light", 7.0, 4.5)];

/// Styles of lines, which are no text.
const LINES: [&str; 1] = ["border"];

fn texts(files: &[(&str, &str)]) -> Texts {
    let file = |(name, text): &(&str, &str)| {
        ((*name).to_owned(), Text { path: format!("{name}.toml").into(), text: (*text).to_owned() })
    };
    Texts { themes: files.iter().map(file).collect(), ..Texts::default() }
}

fn read(files: &[(&str, &str)], depth: Depth) -> Result<Theme, String> {
    let words = Catalog::new(Language::English);
    Theme::read(files[0].0, &Source::Flag("here"), &texts(files), depth)
        .map_err(|faults| faults.iter().map(|fault| fault.sentence(&words)).collect::<Vec<_>>().join("\n"))
}

/// A built-in theme before its colours are brought down.
fn sketch(name: &str) -> Sketch {
    let none = Texts::default();
    let (mut sketch, mut faults) = (Sketch::default(), Vec::new());
    for layer in &own::chain(Kind::Theme, name, &Source::Flag(""), &none).unwrap() {
        sketch.lay(layer, &mut faults);
    }
    assert_eq!(faults, [], "{name}");
    sketch
}

/// Relative luminance of a colour (WCAG 2.2).
fn luminance(color: Color) -> f64 {
    let Color::Rgb(r, g, b) = color else { panic!("{color} has no luminance of its own") };
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
}

fn contrast(one: Color, other: Color) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn contrast_is_measured_as_wcag_does() {
    let [black, white, grey] = ["#000000", "#ffffff", "#777777"].map(|color| color.parse().unwrap());
    assert!((contrast(black, white) - 21.0).abs() < 0.001);
    assert!((contrast(grey, white) - 4.48).abs() < 0.01);
}

#[test]
fn built_in_themes_are_whole() {
    for (name, _) in BUILT_IN {
        let sketch = sketch(name);
        let lacking: Vec<_> = Theme::NAMES.iter().filter(|n| !sketch.styles.contains_key(**n)).collect();
        assert!(lacking.is_empty(), "{name} lacks {lacking:?}");
    }
}

#[test]
fn every_style_can_be_read_on_the_background_that_the_theme_states() {
    for (name, of_text, of_lines) in MEASURED {
        let sketch = sketch(name);
        let (background, foreground) = (sketch.background.unwrap(), sketch.foreground.unwrap());
        for style in Theme::NAMES {
            let Style { fg, bg, add_modifier, .. } = sketch.styles[*style];
            let measured = contrast(fg.unwrap_or(foreground), bg.unwrap_or(background));
            let wanted = if LINES.contains(style) { of_lines } else { of_text };
            assert!(measured >= wanted, "{name}: {style} has {measured:.2}, which should be {wanted}");
            assert!(!add_modifier.contains(Modifier::DIM), "{name}: {style} is made dimmer than it was measured");
        }
    }
}

#[test]
fn what_is_painted_is_painted_everywhere() {
    for (name, _, _) in MEASURED {
        let theme = Theme::built_in(name, Depth::True);
        let paints = theme.canvas != Style::default();
        assert_eq!(paints, name.starts_with("high-contrast"), "{name}");
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 4, 1));
        buffer.set_string(0, 0, "ab", theme.bad);
        theme.paint(&mut buffer);
        let all = buffer.content.iter().all(|cell| cell.bg != Color::Reset && cell.fg != Color::Reset);
        assert_eq!((all, buffer[(0, 0)].fg), (paints, theme.bad.fg.unwrap()), "{name}");
    }
    let canvas = Theme::built_in("high-contrast", Depth::Ansi).canvas;
    assert_eq!((canvas.fg, canvas.bg), (Some(Color::White), Some(Color::Black)));
}

#[test]
fn sixteen_colours_are_those_of_the_terminal() {
    for (name, style) in sketch("ansi16").styles {
        for color in [style.fg, style.bg].into_iter().flatten() {
            assert!(!matches!(color, Color::Rgb(..) | Color::Indexed(_)), "{name}: {color}");
            let is_alone = style.fg.is_none() || style.bg.is_none();
            let is_lost = matches!(color, Color::Black | Color::White | Color::Gray | Color::Yellow | Color::Blue);
            assert!(!(is_alone && is_lost), "{name}: {color} cannot be seen on some backgrounds");
        }
    }
}

#[test]
fn colours_come_down_to_what_the_terminal_shows() {
    let blue = Color::Rgb(0x7f, 0xb4, 0xff);
    assert_eq!(reduce(blue, Depth::True), Some(blue));
    assert_eq!(reduce(blue, Depth::Indexed), Some(Color::Indexed(111)));
    assert_eq!(reduce(blue, Depth::Ansi), Some(Color::LightBlue));
    assert_eq!(reduce(blue, Depth::Mono), None);
    assert_eq!(reduce(Color::Rgb(130, 130, 131), Depth::Indexed), Some(Color::Indexed(244)));
    let qr = Theme::built_in("dark", Depth::Ansi).qr;
    assert_eq!((qr.fg, qr.bg), (Some(Color::White), Some(Color::Black)), "a code must be black on white to be read");
}

#[test]
fn one_inherits_from_another() {
    let own = ("dusk", "inherits = \"dark\"\n[style]\nbad = { fg = \"magenta\" }\n");
    let theme = read(&[own], Depth::True).unwrap();
    let dark = Theme::built_in("dark", Depth::True);
    assert_eq!((theme.bad.fg, theme.good, theme.canvas), (Some(Color::Magenta), dark.good, dark.canvas));
    let over = ("night", "inherits = \"dusk\"\npaint = true\nbackground = \"#000000\"");
    let theme = read(&[over, own], Depth::True).unwrap();
    assert_eq!((theme.bad.fg, theme.canvas.bg), (Some(Color::Magenta), Some(Color::Rgb(0, 0, 0))));
    let theme = read(&[("light", "inherits = \"light\"\n[style]\nbad = {}")], Depth::True).unwrap();
    assert_eq!((theme.bad, theme.good), (Style::default(), Theme::built_in("light", Depth::True).good));
    let circle = read(&[("a", "inherits = \"b\""), ("b", "inherits = \"a\"")], Depth::True).unwrap_err();
    assert_eq!(circle, "b.toml:1: “a” inherits from itself.");
}

#[test]
fn every_fault_is_told_with_its_line_and_what_was_meant() {
    let faults = read(
        &[(
            "mine",
            "inherit = \"dark\"\npaint = 1\n[style]\ntxt = {}\ntext = { fg = \"blurple\" }\nbad = { bolt = true }\ngood = 7\nwarn = { fg = \"bleu\", bold = 1 }\n",
        )],
        Depth::True,
    );
    assert_eq!(
        faults.unwrap_err(),
        "mine.toml:1: “inherit” cannot stand here; inherits, background, foreground, paint, style can. Did you mean \
         “inherits”?\n\
         mine.toml:2: “paint” takes true or false.\n\
         mine.toml:4: there is no style “txt”. Did you mean “text”?\n\
         mine.toml:5: style “text”: “blurple” is not a colour. Did you mean “blue”?\n\
         mine.toml:6: “bolt” cannot stand here; fg, bg, bold, dim, italic, underline, reverse, strike can. Did you mean \
         “bold”?\n\
         mine.toml:7: style “good” is a table such as { fg = \"#7fb4ff\", bold = true }.\n\
         mine.toml:8: “bold” takes true or false.\n\
         mine.toml:8: style “warn”: “bleu” is not a colour. Did you mean “blue”?"
    );
    let unknown = read(&[("mine", "inherits = \"darc\"")], Depth::True).unwrap_err();
    assert_eq!(
        unknown,
        "mine.toml:1: there is no theme “darc”. There are dark, light, high-contrast, high-contrast-light, ansi16, mono, \
         mine. Did you mean “dark”?"
    );
}

#[test]
fn without_colours_no_style_has_one() {
    let theme = Theme::built_in("high-contrast", Depth::Mono);
    assert_eq!((theme.bad.fg, theme.canvas), (None, Style::default()));
    assert!(theme.mark.add_modifier.contains(Modifier::REVERSED));
    let own = read(&[("mine", "[style]\nbad = { fg = \"red\", bold = true }")], Depth::Mono).unwrap();
    assert_eq!((own.bad.fg, own.bad.add_modifier), (None, Modifier::BOLD));
}

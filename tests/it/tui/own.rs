//! Files of one's own that change while the screen is open: taken up at once, or told with the line and what was meant,
//! and everything stays.

use std::sync::Arc;

use lyceum::base::text::width::width;
use lyceum::config::locale::Language;
use lyceum::config::own::Texts;
use lyceum::config::screen::Density;
use lyceum::tui::effect::Effect;
use lyceum::tui::msg::Input;
use lyceum::tui::own::{Own, Reloaded};
use lyceum::tui::pane::PANES;
use lyceum::tui::theme::{Depth, Theme};
use ratatui::style::{Color, Style};
use tempfile::TempDir;

use super::screen::{Line, Screen};

/// A screen, and a folder of settings that it is told of.
struct Desk {
    folder: TempDir,
    screen: Screen,
}

impl Desk {
    fn new() -> Self {
        let mut screen = Screen::new(120, 40);
        let (own, faults) = Own::read(Texts::default(), Depth::True, None);
        assert_eq!(faults, []);
        screen.state.adopt(own);
        Self { folder: tempfile::tempdir().unwrap(), screen }
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn look(&mut self, is_asked: bool) {
        let (own, faults) = Own::read(Texts::read(self.folder.path()), Depth::True, None);
        self.screen.tell(Input::Own(Arc::new(Reloaded { own, faults, is_asked })));
    }

    /// Writes a file and has the screen told; answers with what it says then.
    fn change(&mut self, file: &str, text: &str) -> String {
        self.write(file, text);
        self.look(false);
        self.said()
    }

    fn said(&self) -> String {
        let notice = self.screen.state.notices.all().next().map(|notice| notice.text.to_string());
        notice.unwrap_or_default().replace(&format!("{}/", self.folder.path().display()), "")
    }
}

/// What is read aloud stays free of lines and boxes.
#[test]
fn line_by_line_the_signs_stay_what_they_are() {
    let mut desk = Desk::new();
    desk.screen.state.options.linear = true;
    for symbols in ["ascii", "auto"] {
        let said = desk.change("config.toml", &format!("[screen]\nsymbols = \"{symbols}\"\ndensity = \"compact\"\n"));
        assert_eq!(said, "Your settings are taken up.");
        assert_eq!(desk.screen.state.symbols.corners, lyceum::tui::symbols::Symbols::LINEAR.corners, "{symbols}");
    }
}

const KEPT: &str = "Everything stays as it was until that is mended.";

#[test]
fn settings_keys_and_styles_are_taken_up_at_once() {
    let mut desk = Desk::new();
    let settings = "[screen]\ntheme = \"dusk\"\nkeymap = \"mine\"\ndensity = \"compact\"\ntabs = [\"inbox\"]\nmouse = false\n\
                    symbols = \"ascii\"\nquiet = \"22:00-07:00\"\n";
    desk.write("themes/dusk.toml", "inherits = \"dark\"\n[style]\nbad = { fg = \"magenta\" }\n");
    desk.write("keymaps/mine.toml", "inherits = \"vim\"\n[global]\n\"Q\" = \"quit\"\n");
    assert_eq!(desk.change("config.toml", settings), "Your settings are taken up.");
    let state = &desk.screen.state;
    assert_eq!(state.theme.bad.fg, Some(Color::Magenta));
    assert_eq!(state.keymap.keys_of(&["global"], "quit").as_deref(), Some("Q"));
    assert_eq!(PANES[state.options.tabs[0]].name(), "inbox");
    assert_eq!((state.options.density, state.options.mouse), (Density::Compact, false));
    assert_eq!((state.symbols.dot, state.options.quiet.is_some()), (lyceum::tui::symbols::Symbols::ASCII.dot, true));
    assert!(desk.screen.effects.iter().any(|effect| matches!(effect, Effect::Mouse(false))));
    // And a theme alone, without the settings.
    let theme = "inherits = \"dark\"\n[style]\nbad = { fg = \"cyan\" }\n";
    assert_eq!(desk.change("themes/dusk.toml", theme), "Your settings are taken up.");
    assert_eq!(desk.screen.state.theme.bad.fg, Some(Color::Cyan));
}

#[test]
fn a_fault_is_told_with_line_and_suggestion_and_everything_stays() {
    let mut desk = Desk::new();
    desk.change("config.toml", "[screen]\ndensity = \"compact\"\nkeymap = \"vim\"\n");
    let said = desk.change("config.toml", "[screen]\ndensty = \"comfortable\"\nthem = 1\n");
    assert_eq!(
        said,
        format!("config.toml:2: there is no setting “densty”. Did you mean “density”? {KEPT} 1 more in :messages.")
    );
    let state = &desk.screen.state;
    assert_eq!(state.options.density, Density::Compact, "what was set is lost");
    assert!(state.keymap.keys_of(&["global"], "quit").is_some_and(|keys| keys == "q"));
    assert!(desk.screen.picture().contains("“densty”"), "{}", desk.screen.picture());
    desk.screen.keys(":").text("messages").keys("enter");
    let messages = desk.screen.picture();
    assert!(messages.contains("“densty”") && messages.contains("“them”"), "{messages}");
    desk.screen.keys("esc");
    assert_eq!(desk.change("config.toml", "[screen]\ndensity = \"comfortable\"\n"), "Your settings are taken up.");
    assert_eq!(desk.screen.state.options.density, Density::Comfortable);
}

#[test]
fn a_broken_keymap_or_theme_leaves_the_one_that_was_there() {
    let mut desk = Desk::new();
    desk.write("config.toml", "[screen]\ntheme = \"dusk\"\nkeymap = \"mine\"\n");
    desk.write("themes/dusk.toml", "[style]\nbad = { fg = \"magenta\" }\n");
    desk.change("keymaps/mine.toml", "[global]\n\"Q\" = \"quit\"\n");
    let said = desk.change("keymaps/mine.toml", "[global]\n\"Q\" = \"qiut\"\n");
    let told = "keymaps/mine.toml:2: [global] “Q”: there is no command “qiut”. Did you mean “quit”?";
    assert_eq!(said, format!("{told} {KEPT}"));
    desk.screen.keys("2");
    let has =
        |desk: &Desk, key: &str| desk.screen.state.keymap.find(&["global"], &lyceum::tui::keymap::parse(key).unwrap());
    assert_eq!(has(&desk, "Q"), lyceum::tui::keymap::Found::Command("quit".into()));
    desk.change("themes/dusk.toml", "[style]\nbad = { fg = \"magneta\" }\n");
    let told = "themes/dusk.toml:2: style “bad”: “magneta” is not a colour. Did you mean “magenta”?";
    let all: Vec<String> = desk.screen.state.notices.all().map(|notice| notice.text.to_string()).collect();
    assert!(all.iter().any(|text| text.contains(told)), "{all:?}");
    assert_eq!(desk.screen.state.theme.bad.fg, Some(Color::Magenta));
    // A name that there is not, and a pane that there is not.
    desk.change("keymaps/mine.toml", "");
    desk.change("themes/dusk.toml", "");
    let said = desk.change("config.toml", "[screen]\ntheme = \"drak\"\ntabs = [\"inbx\"]\n");
    assert!(said.starts_with("config.toml:2: there is no theme “drak”."), "{said}");
    let all: Vec<String> = desk.screen.state.notices.all().map(|notice| notice.text.to_string()).collect();
    assert!(
        all.iter().any(|text| text.contains("config.toml:3: there is no pane “inbx”.") && text.ends_with("“inbox”?")),
        "{all:?}"
    );
}

#[test]
fn what_does_not_change_is_not_told_unless_somebody_asks() {
    let mut desk = Desk::new();
    desk.change("config.toml", "[screen]\nsplit = 50\n");
    let count = desk.screen.state.notices.all().count();
    desk.look(false);
    assert_eq!(desk.screen.state.notices.all().count(), count);
    desk.screen.keys(":").text("reload").keys("enter");
    assert!(desk.screen.effects.iter().any(|effect| matches!(effect, Effect::Reload)));
    desk.look(true);
    assert_eq!(desk.said(), "Nothing has changed in your settings, keymaps and themes.");
}

#[test]
fn what_takes_a_start_says_so() {
    let mut desk = Desk::new();
    let said = desk.change("config.toml", "[screen]\nsplit = 50\n[terminal]\nemoji = \"narrow\"\n");
    assert_eq!(said, "Your settings are taken up; some of them at the next start.");
    assert_eq!(desk.screen.state.options.split, 50);
    assert_eq!(desk.change("config.toml", "[terminal]\nemoji = \"narrow\"\n"), "Your settings are taken up.");
}

#[test]
fn what_was_changed_on_the_screen_stays_where_the_settings_say_nothing_new() {
    let mut desk = Desk::new();
    desk.screen.keys(">");
    desk.change("config.toml", "[screen]\ndensity = \"compact\"\n");
    let options = &desk.screen.state.options;
    assert_eq!((options.split, options.density), (50, Density::Compact));
    desk.change("config.toml", "[screen]\ndensity = \"compact\"\nsplit = 30\n");
    assert_eq!(desk.screen.state.options.split, 30);
}

#[test]
fn the_language_follows_and_so_does_an_open_thread() {
    let mut desk = Desk::new();
    desk.screen.keys("enter");
    desk.change("config.toml", "[client]\nlanguage = \"zh-CN\"\n[screen]\ntheme = \"high-contrast\"\n");
    assert_eq!(desk.screen.state.words.language(), Language::Chinese);
    let seen = desk.screen.draw(120, 40);
    let buffer = seen.backend().buffer();
    assert!(desk.screen.picture().contains("动态"), "{}", desk.screen.picture());
    assert!(desk.screen.state.theme.canvas != Style::default());
    for (at, cell) in buffer.content.iter().enumerate() {
        // What a wide character covers is not drawn.
        let is_covered = at > 0 && width(buffer.content[at - 1].symbol()) == 2;
        assert!(is_covered || cell.bg != Color::Reset && cell.fg != Color::Reset, "cell {at} is not painted: {cell:?}");
    }
}

#[test]
fn every_theme_draws_every_place() {
    for (name, _) in lyceum::tui::theme::BUILT_IN {
        for depth in [Depth::True, Depth::Indexed, Depth::Ansi, Depth::Mono] {
            let mut screen = Screen::with(80, 24, Language::English, Line::Answers);
            screen.state.theme = Theme::built_in(name, depth);
            screen.keys("j j j enter");
            let terminal = screen.draw(80, 24);
            let colors: std::collections::BTreeSet<String> = terminal
                .backend()
                .buffer()
                .content
                .iter()
                .flat_map(|cell| [cell.fg, cell.bg])
                .map(|color| match color {
                    Color::Rgb(..) => "all".to_owned(),
                    Color::Indexed(_) => "palette".to_owned(),
                    Color::Reset => "none".to_owned(),
                    _ => "named".to_owned(),
                })
                .collect();
            let allowed: &[&str] = match depth {
                Depth::True => &["all", "named", "none"],
                Depth::Indexed => &["palette", "named", "none"],
                Depth::Ansi => &["named", "none"],
                Depth::Mono => &["none"],
            };
            assert!(colors.iter().all(|color| allowed.contains(&color.as_str())), "{name}, {depth:?}: {colors:?}");
        }
    }
}

#[test]
fn a_theme_is_chosen_on_the_screen_and_shown_before_it_is() {
    let mut desk = Desk::new();
    desk.write("themes/dusk.toml", "inherits = \"dark\"\n[style]\nbad = { fg = \"magenta\" }\n");
    desk.change("config.toml", "[screen]\ndensity = \"compact\"\n");
    let bad = |desk: &Desk| desk.screen.state.theme.bad.fg;
    let before = bad(&desk);
    desk.screen.keys(":").text("theme").keys("enter").text("dusk");
    assert_eq!(bad(&desk), Some(Color::Magenta), "not shown while the bar is on it");
    desk.screen.keys("esc");
    assert_eq!((bad(&desk), desk.screen.state.options.theme.as_str()), (before, "auto"));
    desk.screen.keys(":").text("theme").keys("enter").text("dusk").keys("enter");
    assert_eq!((bad(&desk), desk.screen.state.options.theme.as_str()), (Some(Color::Magenta), "dusk"));
    // Other settings that are written down leave it; another theme there is what was decided last.
    desk.change("config.toml", "[screen]\ndensity = \"comfortable\"\n");
    assert_eq!(bad(&desk), Some(Color::Magenta));
    desk.change("config.toml", "[screen]\ntheme = \"light\"\n");
    assert_eq!(desk.screen.state.theme, Theme::built_in("light", Depth::True));
}

#[test]
fn a_keymap_is_chosen_on_the_screen_and_remembered_like_the_rest_of_the_layout() {
    let mut desk = Desk::new();
    desk.screen.keys(":").text("keymap").keys("enter").text("vim").keys("enter");
    let layout = desk.screen.state.options.layout();
    assert_eq!(layout.keymap, "vim");
    let vim = desk.screen.state.keymap.clone();
    let mut other = Screen::new(120, 40);
    let (own, _) = Own::read(Texts::default(), Depth::True, None);
    other.state.adopt(own);
    assert_ne!(format!("{:?}", other.state.keymap), format!("{vim:?}"));
    other.state.lay_out(&layout);
    assert_eq!(format!("{:?}", other.state.keymap), format!("{vim:?}"));
    // One that is gone is told, and the keys stay.
    other.state.lay_out(&lyceum::config::screen::Layout { keymap: "gone".to_owned(), ..layout });
    assert_eq!(format!("{:?}", other.state.keymap), format!("{vim:?}"));
    let said = other.state.notices.all().next().map(|notice| notice.text.to_string()).unwrap_or_default();
    assert!(said.contains("“gone”"), "{said}");
}

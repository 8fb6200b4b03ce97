//! What comes from one's own machine and was written by others all the same: a repository that was cloned, settings that
//! were copied.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use lyceum::base::ids::SpaceId;
use lyceum::base::text::Clean;
use lyceum::config::locale::Language;
use lyceum::config::own::{Text, Texts};
use lyceum::config::template;
use lyceum::engine::attach::Ground;
use lyceum::engine::event::Event;
use lyceum::model::draft::{Draft, Place};
use lyceum::model::search::saved::{Pane, Saved};
use lyceum::model::thread::Kind as Sort;
use lyceum::tui::msg::Input;
use lyceum::tui::overlay::compose::Compose;
use lyceum::tui::own::{Own, Reloaded};
use lyceum::tui::theme::Depth;

use super::{A_BLOCK, Line, Payloads, SIZE, Screen, Stage, TALL, close_all, paste, say, size};
use crate::corpus::Case;

pub(super) fn play(stage: &mut Stage, screen: &mut Screen, payloads: &Payloads<'_>) {
    searches(stage, screen, payloads);
    templates(stage, screen, payloads);
    attached(stage, screen, payloads);
    settings(stage, screen, payloads);
}

/// Saved searches, half of them of the settings: as filters of their pane, in their list, in the palette.
fn searches(stage: &mut Stage, screen: &mut Screen, payloads: &Payloads<'_>) {
    let saved = |case: &&Case| Saved { name: Clean::line(&case.text), query: case.text.clone(), pane: Pane::Feed };
    let (some, others) = payloads.all.split_at(payloads.all.len() / 2);
    screen.state.options.searches = some.iter().map(saved).collect();
    screen.tell(Input::Engine(Box::new(Event::Searches(others.iter().map(saved).collect()))));
    // What they find is found elsewhere.
    screen.line = Line::Silent;
    for _ in 0..payloads.all.len() + 4 {
        say(stage, screen, "filter");
    }
    screen.line = Line::Answers;
    screen.answer();
    size(screen, TALL);
    say(stage, screen, "searches");
    close_all(screen);
    for start in ["", "#", "@", "/", ">"] {
        screen.tell(Input::Command("palette", None));
        screen.text(start);
        stage.paint(screen, &[]);
        close_all(screen);
    }
    size(screen, SIZE);
    for block in &payloads.blocks {
        screen.tell(Input::Command("searches", None));
        screen.keys("end");
        say(stage, screen, "rename");
        paste(stage, screen, block);
        close_all(screen);
        // Of words that can be looked for.
        screen.tell(Input::Command("search", None));
        screen.text("needle");
        stage.press(screen, "ctrl-s", &[]);
        paste(stage, screen, block);
        close_all(screen);
    }
    screen.state.options.searches.clear();
    screen.tell(Input::Engine(Box::new(Event::Searches(Vec::new()))));
}

/// A name that a file can have: as much of the payload as that takes.
fn file_name(text: &str) -> String {
    let name = text.replace(['/', '\0'], "_");
    name[..name.floor_char_boundary(200)].to_owned()
}

fn composer(screen: &mut Screen) {
    let place = Place::NewThread { space: SpaceId::new("help"), kind: Sort::Question };
    Compose::open(&mut screen.state, Draft::new(place, "Help"));
    screen.keys("tab tab");
}

/// Closes the composer and forgets what was written.
fn put_away(screen: &mut Screen) {
    close_all(screen);
    screen.state.drafts.clear();
}

/// Templates by their names, and what of them goes into the text.
fn templates(stage: &mut Stage, screen: &mut Screen, payloads: &Payloads<'_>) {
    let folder = tempfile::tempdir().unwrap();
    for (at, case) in payloads.all.iter().enumerate() {
        let name = format!("x{at:02}{}.md", file_name(&case.text));
        std::fs::write(folder.path().join(name), &payloads.blocks[at / A_BLOCK]).unwrap();
    }
    let (own, faults) = template::read(folder.path());
    assert_eq!((own.len(), faults.len()), (payloads.all.len(), 0));
    screen.state.templates = template::all(Language::English, own).into();
    for at in 0..payloads.blocks.len() {
        size(screen, TALL);
        composer(screen);
        say(stage, screen, "template");
        size(screen, SIZE);
        screen.text(&format!("x{:02}", at * A_BLOCK));
        stage.press(screen, "enter", &[]);
        assert_eq!(screen.state.overlays.len(), 1, "one was taken: {}", screen.picture());
        put_away(screen);
    }
}

/// Files, a commit, what a command printed: their names when they are chosen, themselves before the yes and after it.
fn attached(stage: &mut Stage, screen: &mut Screen, payloads: &Payloads<'_>) {
    let [names, folder] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let ground = |folder: &Path| Some(Ground { folder: folder.to_owned(), shell: "sh".into() });
    let write = |folder: &Path, name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    screen.ground = ground(names.path());
    for (at, case) in payloads.all.iter().enumerate() {
        write(names.path(), &format!("f{}{at:02}{}", at / A_BLOCK, file_name(&case.text)), "x");
    }
    // Those of a block are offered together; what is not text is refused by its name.
    for block in 0..payloads.blocks.len() {
        composer(screen);
        screen.tell(Input::Command("attach", None));
        screen.keys("enter").text(&format!("f{block}"));
        stage.press(screen, "down", &[]);
        stage.press(screen, "enter", &[]);
        put_away(screen);
    }
    screen.ground = ground(folder.path());
    git(folder.path(), &["init", "-q"]);
    for block in &payloads.blocks {
        write(folder.path(), "out", &block.replace('\0', "0"));
        write(folder.path(), "message", &format!("{}\n", block.replace('\0', "0")));
        git(folder.path(), &["add", "-A"]);
        git(folder.path(), &["commit", "-q", "--cleanup=verbatim", "-F", "message"]);
        composer(screen);
        // The last commit stands in the list, then before the yes.
        say(stage, screen, "attach");
        taken(stage, screen, "down down enter");
        screen.tell(Input::Command("attach", None));
        screen.keys("enter").text("out");
        taken(stage, screen, "enter");
        screen.tell(Input::Command("attach", None));
        screen.keys("down enter").text("cat out; exit 3");
        taken(stage, screen, "enter");
        // What there is not is named as it was typed.
        screen.tell(Input::Command("attach", None));
        screen.keys("enter").tell(Input::Paste(block.clone()));
        stage.press(screen, "enter", &[]);
        put_away(screen);
    }
    screen.ground = None;
}

/// Looks at what is to be attached, and takes it.
fn taken(stage: &mut Stage, screen: &mut Screen, keys: &str) {
    stage.press(screen, keys, &[]);
    assert_eq!(screen.state.overlays.last().unwrap().context(), "attached", "{}", screen.picture());
    stage.press(screen, "tab pagedown", &[]);
    stage.press(screen, "enter", &[]);
    assert_eq!(screen.state.overlays.len(), 1, "{}", screen.picture());
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", folder.join("none"))
        .env("GIT_CONFIG_SYSTEM", folder.join("none"))
        .output()
        .unwrap();
    assert!(done.status.success(), "git {arguments:?}: {done:?}");
}

/// Settings, a keymap and a theme with faults that are named.
fn settings(stage: &mut Stage, screen: &mut Screen, payloads: &Payloads<'_>) {
    size(screen, TALL);
    for case in payloads.all {
        let quoted = toml::Value::String(case.text.clone()).to_string();
        let file = |name: &str, text: String| Text { path: format!("/c/{}/{name}", case.text).into(), text };
        let mut texts =
            Texts { settings: file("config.toml", format!("[screen]\n{quoted} = 1\n")), ..Texts::default() };
        let keymap = format!("[global]\n{quoted} = \"quit\"\n\"Q\" = {quoted}\n[{quoted}]\n");
        let theme = format!("[style]\nbad = {{ fg = {quoted} }}\n{quoted} = {{ bold = true }}\n");
        texts.keymaps.insert("mine".to_owned(), file("keymaps/mine.toml", keymap));
        texts.themes.insert("dusk".to_owned(), file("themes/dusk.toml", theme));
        texts.themes.insert("raw".to_owned(), file("themes/raw.toml", case.text.clone()));
        let (own, faults) = Own::read(texts, Depth::True, None);
        screen.tell(Input::Own(Arc::new(Reloaded { own, faults, is_asked: true })));
    }
    say(stage, screen, "messages");
    stage.press(screen, "G", &[]);
    close_all(screen);
    size(screen, SIZE);
}

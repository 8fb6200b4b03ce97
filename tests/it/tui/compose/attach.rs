//! What is attached is looked at first: what stands in the preview is what goes into the text, and nothing else.

use std::path::Path;
use std::process::Command;

use lyceum::config::locale::Language;
use lyceum::engine::attach::{Ground, Source, Wish};
use lyceum::engine::request::Request;
use lyceum::tui::effect::Effect;
use lyceum::tui::msg::Input;

use super::{Line, Screen, kept, question, reply, writing};

/// A folder with a file, and a secret in another.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("main.rs", "fn main() {\n    println!(\"日本\");\n}\n");
    write(".env", "# local\nDB_PASSWORD=hunter2\nPORT=8080\nAPI_TOKEN=s3cret\n");
    write("photo.png", "\u{89}PNG\0\0");
    std::fs::create_dir(folder.path().join("src")).unwrap();
    write("src/lib.rs", "pub mod a;\n");
    folder
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", folder.join("none"))
        .env("GIT_CONFIG_SYSTEM", folder.join("none"))
        .env("GIT_AUTHOR_DATE", "2026-03-02T09:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-03-02T09:00:00Z")
        .output()
        .unwrap();
    assert!(done.status.success(), "git {arguments:?}: {done:?}");
}

fn repository() -> tempfile::TempDir {
    let folder = folder();
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "main.rs"]);
    git(folder.path(), &["commit", "-qm", "Say it in Japanese"]);
    std::fs::write(folder.path().join("main.rs"), "fn main() {\n    println!(\"日本語\");\n}\n").unwrap();
    folder
}

fn on(folder: &Path, columns: u16, lines: u16, language: Language) -> Screen {
    let mut screen = writing(|_| question(), columns, lines, language);
    screen.ground = Some(Ground { folder: folder.to_owned(), shell: "sh".into() });
    screen.text("A title").keys("tab tab").text("Look:");
    screen
}

fn at_80(folder: &Path) -> Screen {
    on(folder, 80, 24, Language::English)
}

#[test]
fn a_file_goes_in_as_a_block_of_its_language() {
    let folder = folder();
    let mut screen = at_80(folder.path());
    screen.keys("ctrl-o enter").text("ma").keys("tab enter");
    let picture = screen.picture();
    assert!(
        picture.contains("main.rs · 3 lines") && picture.contains("Nothing in it looks like a secret"),
        "{picture}"
    );
    assert_eq!(kept(&screen).body, "Look:", "nothing is in the text before it was looked at");
    screen.keys("enter");
    assert_eq!(kept(&screen).body, "Look:\n\n`main.rs`\n\n```rust\nfn main() {\n    println!(\"日本\");\n}\n```");
    screen.text("so");
    assert!(kept(&screen).body.ends_with("```\nso"), "one goes on behind it: {:?}", kept(&screen).body);
    screen.keys("ctrl-z ctrl-z ctrl-z");
    assert_eq!(kept(&screen).body, "Look:", "one step takes it back");
}

#[test]
fn a_path_is_completed_folder_by_folder() {
    let folder = folder();
    let mut screen = at_80(folder.path());
    screen.keys("ctrl-o enter");
    assert!(screen.picture().contains("main.rs") && screen.picture().contains("src/"), "{}", screen.picture());
    assert!(!screen.picture().contains(".env"));
    // Enter on a folder goes into it, on a file takes it.
    screen.text("s").keys("down enter");
    assert!(screen.picture().contains("> src/") && screen.picture().contains("src/lib.rs"), "{}", screen.picture());
    screen.keys("down enter");
    assert!(screen.picture().contains("src/lib.rs · 1 line"), "{}", screen.picture());
    screen.keys("esc esc esc");
    assert_eq!((screen.state.overlays.len(), kept(&screen).body.as_str()), (1, "Look:"));
}

#[test]
fn what_cannot_be_posted_is_refused_and_the_path_stays() {
    let folder = folder();
    let mut screen = at_80(folder.path());
    screen.keys("ctrl-o enter").text("photo.png").keys("enter");
    assert!(screen.picture().contains("photo.png is not text in UTF-8."), "{}", screen.picture());
    assert!(screen.picture().contains("> photo.png"), "{}", screen.picture());
    screen.keys("ctrl-u").text("none").keys("enter");
    assert!(screen.picture().contains("There is no file none."), "{}", screen.picture());
    std::fs::write(folder.path().join("big"), "x".repeat(60_000)).unwrap();
    screen.keys("ctrl-u").text("big").keys("enter");
    assert!(screen.picture().contains("big has 59 KiB; at most 48 KiB can be attached."), "{}", screen.picture());
}

#[test]
fn secrets_are_masked_and_unmasked_one_by_one() {
    let folder = folder();
    for (columns, lines) in [(120, 40), (80, 24)] {
        for language in Language::ALL {
            let mut screen = on(folder.path(), columns, lines, language);
            screen.keys("ctrl-o");
            insta::assert_snapshot!(format!("attach-{}-{columns}", language.tag()), screen.picture());
            screen.keys("enter").text(".env").keys("enter tab space");
            insta::assert_snapshot!(format!("attached-{}-{columns}", language.tag()), screen.picture());
        }
    }
    let mut screen = at_80(folder.path());
    screen.keys("ctrl-o enter").text(".env").keys("enter");
    let picture = screen.picture();
    assert!(!picture.contains("hunter2") && !picture.contains("s3cret"), "{picture}");
    assert!(picture.contains("2 secrets are masked."), "{picture}");
    screen.keys("tab space");
    let picture = screen.picture();
    assert!(!picture.contains("hunter2") && picture.contains("API_TOKEN=s3cret"), "{picture}");
    assert!(picture.contains("1 secret is masked. 1 goes out as it is."), "{picture}");
    screen.keys("space");
    assert!(!screen.picture().contains("s3cret"));
    screen.keys("shift-tab space enter");
    let body = &kept(&screen).body;
    assert!(body.contains("DB_PASSWORD=hunter2\nPORT=8080\nAPI_TOKEN=[redacted: password]"), "{body}");
    let sent: Vec<String> = screen.state.drafts.iter().map(|draft| format!("{draft:?}")).collect();
    assert!(!sent.concat().contains("s3cret"));
}

#[test]
fn what_git_has_is_offered_in_a_repository_alone() {
    let (plain, repository) = (folder(), repository());
    let mut screen = at_80(plain.path());
    screen.keys("ctrl-o");
    assert!(!screen.picture().contains("commit"), "{}", screen.picture());
    let mut screen = at_80(repository.path());
    screen.keys("ctrl-o");
    let picture = screen.picture();
    assert!(picture.contains("Say it in Japanese") && picture.contains("not staged"), "{picture}");
    assert!(!picture.contains("The staged changes"), "there are none: {picture}");
    screen.keys("down down down enter");
    assert!(screen.picture().contains("git diff · "), "{}", screen.picture());
    screen.keys("enter");
    let body = &kept(&screen).body;
    assert!(body.contains("`git diff`\n\n```diff\n") && body.contains("+    println!(\"日本語\");"), "{body}");
    screen.keys("ctrl-o down down enter enter");
    let body = &kept(&screen).body;
    assert!(body.contains("Say it in Japanese") && !body.contains("ada@example.org"), "{body}");
}

fn redraws(screen: &Screen) -> bool {
    screen.effects.iter().any(|effect| matches!(effect, Effect::Redraw))
}

#[test]
fn a_command_runs_when_it_was_typed_and_brings_its_end() {
    let folder = folder();
    let mut screen = at_80(folder.path());
    screen.keys("ctrl-o down enter").text("echo out; echo err >&2; exit 3").keys("enter");
    assert!(screen.picture().contains("[exit status 3]"), "{}", screen.picture());
    assert!(redraws(&screen), "it may have drawn on the screen");
    screen.keys("enter");
    let body = &kept(&screen).body;
    let block = "```console\n$ echo out; echo err >&2; exit 3\nout\nerr\n[exit status 3]\n```";
    assert!(body.ends_with(block), "{body}");
}

#[test]
fn nobody_waits_for_a_command_that_was_closed() {
    let folder = folder();
    let mut screen = at_80(folder.path());
    screen.keys("ctrl-o down enter").text("sleep 60");
    screen.line = Line::Silent;
    screen.keys("enter");
    let wish = |request: &Request| matches!(request, Request::Attach(Wish::Collect(Source::Output(line))) if line == "sleep 60");
    assert!(screen.open.iter().any(|(_, request)| wish(request)));
    assert!(screen.picture().contains("Closing this stops it."), "{}", screen.picture());
    screen.keys("x y");
    assert!(!redraws(&screen));
    screen.keys("esc");
    assert!(redraws(&screen), "it may have drawn on the screen");
    assert!(!screen.open.iter().any(|(_, request)| wish(request)), "it is abandoned");
    assert!(screen.picture().contains("$ sleep 60"), "what was typed stays: {}", screen.picture());
}

#[test]
fn what_has_no_room_stays_in_the_preview() {
    let folder = folder();
    std::fs::write(folder.path().join("long.log"), "line\n".repeat(3_000)).unwrap();
    let mut screen = at_80(folder.path());
    screen.tell(Input::Paste("x\n".repeat(2_000)));
    screen.keys("ctrl-o enter").text("long.log").keys("enter enter");
    assert_eq!(screen.state.overlays.len(), 2 + 1);
    assert!(screen.picture().contains("There is no room for it"), "{}", screen.picture());
    assert!(!kept(&screen).body.contains("long.log"));
}

#[test]
fn an_attachment_can_be_any_size_on_any_screen() {
    let folder = folder();
    let wide = "日本語 password=hunter2 ".repeat(40);
    std::fs::write(folder.path().join("wide.txt"), format!("{wide}\n{wide}\n\n")).unwrap();
    for (columns, lines) in [(1, 1), (40, 10), (41, 11), (300, 80)] {
        let mut screen = on(folder.path(), columns, lines, Language::Chinese);
        screen.keys("ctrl-o");
        screen.picture();
        screen.keys("enter").text("wide.txt").picture();
        screen.keys("enter");
        for keys in ["pagedown", "tab", "tab space", "pageup", "up", "down", "shift-tab", "shift-tab"] {
            screen.keys(keys).picture();
        }
        screen.keys("enter").picture();
    }
}

#[test]
fn a_reply_can_have_one_too() {
    let folder = folder();
    let mut screen = writing(reply, 80, 24, Language::English);
    screen.ground = Some(Ground { folder: folder.path().to_owned(), shell: "sh".into() });
    screen.keys("ctrl-o enter").text("main.rs").keys("enter enter");
    assert!(kept(&screen).body.starts_with("`main.rs`\n\n```rust\n"));
}

//! Something of this machine is attached line by line: told whole first, as it will stand there.

use lyceum::config::locale::Language;
use lyceum::engine::attach::Ground;

use super::Lines;

/// Somebody who answers, in a folder with a long file.
fn writing(folder: &tempfile::TempDir) -> Lines {
    let long: String = (1..=1200).map(|n| format!("line {n}\n")).collect();
    std::fs::write(folder.path().join("long.txt"), long).unwrap();
    let (mut lines, _) = Lines::new(Language::English);
    lines.screen.ground = Some(Ground { folder: folder.path().to_owned(), shell: "sh".into() });
    lines.types("1");
    lines.types("reply");
    lines
}

#[test]
fn a_file_is_told_whole_before_it_goes_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = writing(&folder);
    lines.says(":attach", &["1. ", "2. "]);
    lines.types("1");
    let told = lines.types("long.txt");
    let rows: Vec<&str> = told.lines().map(|line| line.trim_start_matches("> ").trim()).collect();
    for n in 1..=1200 {
        assert!(rows.contains(&format!("line {n}").as_str()), "line {n} is not told");
    }
    assert!(told.contains("Press enter"), "{told}");
    assert!(lines.screen.state.drafts.is_empty(), "nothing is in the text before it was told");
    lines.types("");
    let body = &lines.screen.state.drafts.last().unwrap().body;
    assert!(body.starts_with("`long.txt`") && body.contains("\nline 1200\n"), "{body}");
}

#[test]
fn what_a_command_prints_is_chosen_by_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = writing(&folder);
    lines.types(":attach");
    lines.says("nothing of the kind", &["Nothing"]);
    lines.types("2");
    lines.says("echo made here", &["made here"]);
    lines.types("close");
    assert!(lines.prompt().contains("echo made here"), "it can be typed again: {}", lines.prompt());
}

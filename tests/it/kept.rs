//! Files in `docs/` that are made by the program itself: a test makes each again and fails when it has drifted.
//! `UPDATE_DOCS=1 cargo test` writes them instead.

use std::path::Path;

/// Holds `made` against the file at `path` (from the package's root), or writes it when `UPDATE_DOCS=1`.
///
/// # Panics
/// When they differ: with the first line that does, and with what to run.
pub(crate) fn keep(path: &str, made: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    if kept == made {
        return;
    }
    if std::env::var_os("UPDATE_DOCS").is_some_and(|v| v == "1") {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, made).unwrap();
        return;
    }
    panic!("{}", drift(path, &kept, made));
}

/// What to tell when a kept file is not what is made now.
fn drift(path: &str, kept: &str, made: &str) -> String {
    let at = kept.lines().zip(made.lines()).take_while(|(kept, made)| kept == made).count();
    let line = |text: &str| text.lines().nth(at).unwrap_or("(no such line)").to_owned();
    format!(
        "{path} has drifted at line {}\n  kept: {}\n  made: {}\nUPDATE_DOCS=1 cargo test writes it again; read it before you commit it",
        at + 1,
        line(kept),
        line(made),
    )
}

#[test]
fn a_drifted_file_is_told_by_its_first_differing_line() {
    let told = drift("docs/x.md", "one\ntwo\n", "one\n2\nthree\n");
    assert!(told.starts_with("docs/x.md has drifted at line 2\n  kept: two\n  made: 2\n"), "{told}");
    assert!(drift("docs/x.md", "", "one\n").contains("line 1\n  kept: (no such line)\n  made: one\n"));
}

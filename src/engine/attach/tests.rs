use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::process::{Limits, run};
use super::*;

fn ground(folder: &Path) -> Ground {
    Ground { folder: folder.to_owned(), shell: "sh".into() }
}

fn collected(folder: &Path, source: &Source) -> Result<Attachment, Fault> {
    collect(source, &ground(folder), &Stop::default())
}

fn file(folder: &Path, path: &str) -> Result<Attachment, Fault> {
    collected(folder, &Source::File(path.into()))
}

fn output(folder: &Path, line: &str) -> Attachment {
    collected(folder, &Source::Output(line.into())).unwrap()
}

fn git(folder: &Path, arguments: &[&str]) {
    let none = folder.join("none");
    let quiet = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@private.example"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", &none)
        .env("GIT_CONFIG_SYSTEM", &none)
        .output()
        .unwrap();
    assert!(quiet.status.success(), "git {arguments:?}: {quiet:?}");
}

/// A repository with one commit, one staged change and one that is not; nobody's settings count.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| git(folder.path(), arguments);
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    git(&["init", "-q"]);
    write("a.txt", "one\n");
    write("b.txt", "one\n");
    git(&["add", "."]);
    git(&["commit", "-qm", "Add two files\n\nBecause of `them`."]);
    write("a.txt", "two\n");
    git(&["add", "a.txt"]);
    write("b.txt", "API_TOKEN=hunter2\n");
    write("c.txt", "nobody knows it\n");
    folder
}

#[test]
fn a_file_becomes_a_block_of_its_language() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("main.rs", b"fn main() {}\n\n");
    let found = file(folder.path(), " ./main.rs ").unwrap();
    assert_eq!(found.block(|_| false), "`main.rs`\n\n```rust\nfn main() {}\n```\n");
    for (name, language) in
        [("a.PY", "python"), ("Dockerfile", "dockerfile"), ("x.zig", "zig"), ("README", ""), (".env", "bash")]
    {
        write(name, b"x");
        assert_eq!(file(folder.path(), name).unwrap().language, language, "{name}");
    }
    // Nothing in it closes the fence.
    write("a.md", b"```rust\n````\n");
    let block = file(folder.path(), "a.md").unwrap().block(|_| false);
    assert!(block.contains("\n`````markdown\n```rust\n````\n`````\n"), "{block}");
    // Where it lies is told only below the working folder.
    let whole = folder.path().join("main.rs").display().to_string();
    assert_eq!(file(folder.path(), &whole).unwrap().name.as_str(), "main.rs");
}

#[test]
fn what_is_no_text_that_can_be_posted_is_refused_with_a_word_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let fault = |path: &str| file(folder.path(), path).unwrap_err();
    let name = Clean::line;
    write("photo.jpg", b"\xff\xd8\xff\xe0");
    write("nul", b"a\0b");
    write("empty", b" \n");
    write("big.log", &b"x\n".repeat(40_000));
    assert_eq!(fault("photo.jpg"), Fault::Binary(name("photo.jpg")));
    assert_eq!(fault("nul"), Fault::Binary(name("nul")));
    assert_eq!(fault("big.log"), Fault::TooLarge(name("big.log"), 80_000));
    assert_eq!(fault("none.rs"), Fault::Absent(name("none.rs")));
    assert_eq!(fault("nul/x"), Fault::Absent(name("nul/x")));
    assert_eq!(fault("."), Fault::NotAFile(name(".")));
    assert_eq!(fault("/dev/null"), Fault::NotAFile(name("/dev/null")));
    assert_eq!(fault("empty"), Fault::Nothing);
    assert_eq!(fault(" "), Fault::Nothing);
}

#[test]
fn paths_are_completed_and_hidden_ones_only_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["src/main.rs", "src/model/a.rs", "src/.hidden", "setup.sh", "s\u{202e}x"] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "x").unwrap();
    }
    let offered =
        |typed: &str| -> Vec<String> { paths(&ground(folder.path()), typed).iter().map(ToString::to_string).collect() };
    assert_eq!(offered("s"), ["setup.sh", "src/"]);
    assert_eq!(offered("src/"), ["src/main.rs", "src/model/"]);
    assert_eq!(offered("src/."), ["src/.hidden"]);
    assert_eq!(offered("none/x"), Vec::<String>::new());
}

#[test]
fn a_repository_tells_what_there_is() {
    let folder = repository();
    let seen = look(&ground(folder.path()), &Stop::default());
    assert!(seen.commit.as_ref().is_some_and(|commit| commit.ends_with(" Add two files")), "{seen:?}");
    assert!(seen.staged && seen.unstaged);
    let elsewhere = tempfile::tempdir().unwrap();
    assert_eq!(look(&ground(elsewhere.path()), &Stop::default()), Surroundings::default());
    assert_eq!(collected(elsewhere.path(), &Source::Diff(Side::Both)), Err(Fault::NoRepository));
}

#[test]
fn a_commit_says_what_and_not_who() {
    let folder = repository();
    let found = collected(folder.path(), &Source::Commit("HEAD".into())).unwrap();
    assert!(found.name.starts_with("git show ") && found.language == "diff");
    for part in ["    Add two files", "    Because of `them`.", "+one", "a.txt | 1 +"] {
        assert!(found.text.contains(part), "{part}: {}", found.text);
    }
    assert!(!found.text.contains("Ada") && !found.text.contains("private.example"), "{}", found.text);
    for name in ["none", "--output=x", "-p"] {
        let fault = collected(folder.path(), &Source::Commit(name.into()));
        assert!(matches!(fault, Err(Fault::Failed(..))), "{name}: {fault:?}");
    }
    assert!(!folder.path().join("x").exists());
}

#[test]
fn a_diff_is_of_one_side_or_of_both_and_masked() {
    let folder = repository();
    let diff = |side| collected(folder.path(), &Source::Diff(side)).unwrap();
    let (staged, unstaged, both) = (diff(Side::Staged), diff(Side::Unstaged), diff(Side::Both));
    assert!(staged.text.contains("+two") && !staged.text.contains("b.txt"));
    assert!(unstaged.text.contains("b.txt") && !unstaged.text.contains("+two"));
    assert!(both.text.contains("+two") && both.text.contains("b.txt") && !both.text.contains("nobody"));
    let block = unstaged.block(|_| false);
    assert!(block.contains("+API_TOKEN=[redacted: password]") && !block.contains("hunter2"), "{block}");
    assert!(unstaged.block(|nth| nth == 0).contains("hunter2"));
}

#[test]
fn what_git_warns_of_is_no_part_of_a_diff() {
    let folder = repository();
    git(folder.path(), &["config", "core.autocrlf", "true"]);
    let found = collected(folder.path(), &Source::Diff(Side::Both)).unwrap();
    assert!(found.text.starts_with("diff --git a/a.txt"), "{}", found.text);
    assert!(!found.text.contains("warning:"), "{}", found.text);
    assert!(look(&ground(folder.path()), &Stop::default()).staged);
    let fault = collected(folder.path(), &Source::Commit("none".into())).unwrap_err();
    assert!(matches!(&fault, Fault::Failed(_, why) if why.starts_with("fatal: ")), "{fault:?}");
}

#[test]
fn before_the_first_commit_a_diff_is_all_that_git_knows() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q"]);
    std::fs::write(folder.path().join("a.txt"), "one\n").unwrap();
    git(folder.path(), &["add", "a.txt"]);
    std::fs::write(folder.path().join("a.txt"), "two\n").unwrap();
    let diff = |side| collected(folder.path(), &Source::Diff(side)).unwrap().text;
    assert!(diff(Side::Both).contains("\n+two") && !diff(Side::Both).contains("one"), "{}", diff(Side::Both));
    assert!(diff(Side::Staged).contains("\n+one"));
}

/// A repository is somebody else's as soon as it was cloned: what it names is not run.
#[test]
fn no_program_of_the_repository_is_run() {
    let folder = repository();
    let trap = folder.path().join("trap");
    let set = |name: &str, value: &str| {
        let set = Command::new("git").args(["config", name, value]).current_dir(folder.path()).status().unwrap();
        assert!(set.success());
    };
    let touch = format!("touch {}; cat", trap.display());
    for name in ["diff.external", "core.fsmonitor", "core.pager", "diff.x.textconv", "diff.x.command"] {
        set(name, &touch);
    }
    std::fs::write(folder.path().join(".git/info/attributes"), "*.txt diff=x\n").unwrap();
    look(&ground(folder.path()), &Stop::default());
    for side in [Side::Staged, Side::Unstaged, Side::Both] {
        collected(folder.path(), &Source::Diff(side)).unwrap();
    }
    collected(folder.path(), &Source::Commit("HEAD".into())).unwrap();
    assert!(!trap.exists(), "the repository had something run");
}

#[test]
fn a_command_is_shown_with_both_its_outputs_and_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let found = output(folder.path(), "echo one; echo two >&2; echo three; exit 3");
    assert_eq!(found.text.as_str(), "$ echo one; echo two >&2; echo three; exit 3\none\ntwo\nthree\n[exit status 3]");
    assert_eq!((found.status, found.language.as_str()), (Some(3), "console"));
    let found = output(folder.path(), "printf '\\033[1;31mred\\033[0m \\033]0;title\\007'; cat; kill -9 $$");
    assert!(found.text.contains("\nred ␛]0;title␇"), "{}", found.text);
    assert!(found.text.ends_with("[ended by a signal]") && found.status.is_none());
    assert_eq!(collected(folder.path(), &Source::Output("  ".into())), Err(Fault::Nothing));
    let hidden = output(folder.path(), "curl -H 'Authorization: Bearer abc123' x || echo password=hunter2");
    assert!(!hidden.block(|_| false).contains("abc123") && !hidden.block(|_| false).contains("hunter2"));
}

#[test]
fn of_much_output_the_start_and_the_end_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let found = output(folder.path(), "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; false");
    assert!(found.text.len() < MOST_OUTPUT + 200 && found.left_out > 100_000, "{}", found.text.len());
    assert!(found.text.contains("\nline 0\n") && found.text.contains("\nline 19999\n[exit status 1]"));
    let gap = format!("\n[{} bytes left out]\nline ", found.left_out);
    assert!(found.text.contains(&gap), "lines are whole on both sides");
}

#[test]
fn one_that_does_not_end_is_ended() {
    let command = || {
        let mut command = Command::new("sh");
        command.arg("-c").arg("echo begun; sleep 60");
        command
    };
    let limits = Limits { patience: Duration::from_millis(100), head: 1024, tail: 0 };
    let began = Instant::now();
    let ran = run(command(), limits, &Stop::default()).unwrap();
    assert!(ran.is_late && ran.status.is_none() && ran.text == "begun\n", "{ran:?}");
    let stop = Stop::default();
    stop.stop();
    let stopped = run(command(), Limits { patience: Duration::from_secs(60), ..limits }, &stop);
    assert_eq!(stopped.unwrap_err().kind(), std::io::ErrorKind::Interrupted);
    assert!(began.elapsed() < Duration::from_secs(50), "waited for it to end by itself");
}

/// So it has no terminal, which it could draw on.
#[cfg(target_os = "linux")]
#[test]
fn a_command_leads_a_session_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let found = output(folder.path(), "cat /proc/$$/stat; : $$");
    let stat = found.text.lines().nth(1).unwrap();
    let (pid, rest) = stat.split_once(" (").unwrap();
    // Behind the name: the state, the parent, the group, the session.
    let fields: Vec<&str> = rest.rsplit_once(") ").unwrap().1.split(' ').collect();
    assert_eq!(fields[2..4], [pid, pid], "{stat}");
}

#[test]
fn what_stays_behind_holds_up_nobody() {
    let mut command = Command::new("sh");
    command.arg("-c").arg("sleep 60 & echo $!");
    let limits = Limits { patience: Duration::from_secs(50), head: 1024, tail: 0 };
    let began = Instant::now();
    let ran = run(command, limits, &Stop::default()).unwrap();
    // It must not outlive the test either.
    let ended = Command::new("kill").arg(ran.text.trim()).status().unwrap();
    assert!(ended.success() && ran.status == Some(0), "{ran:?}");
    assert!(began.elapsed() < Duration::from_secs(50));
}

#[test]
fn a_command_gets_no_secret_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command.arg("-c").arg("echo \"<${LYCEUM_TOKEN:-}>\"; cat").env("LYCEUM_TOKEN", "lyc_x").current_dir(folder.path());
    let limits = Limits { patience: Duration::from_secs(50), head: 1024, tail: 0 };
    assert_eq!(run(command, limits, &Stop::default()).unwrap().text, "<>\n");
}

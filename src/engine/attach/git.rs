//! What git knows of the working folder, by the program itself: it alone reads every repository as its owner set it up.
//!
//! It is only ever asked for what it prints, without the programs that a repository may name for diffs, and without the
//! lock that it takes to be faster the next time.

use std::process::Command;
use std::time::Duration;

use super::process::{Limits, Ran, run_apart};
use super::{Attachment, Fault, Ground, MOST_OUTPUT, Side, Stop, Surroundings};
use crate::base::text::Clean;

/// For a commit or a diff.
const PATIENCE: Duration = Duration::from_secs(10);
/// For a look at what there is.
const GLANCE: Duration = Duration::from_secs(3);

/// How diffs are printed: by git itself, plain, with the usual names.
const DIFF: &[&str] = &["--no-ext-diff", "--no-textconv", "--no-color", "--src-prefix=a/", "--dst-prefix=b/"];

/// What there is to attach. A folder that git does not know, or is too slow to tell about, has nothing.
pub fn look(ground: &Ground, stop: &Stop) -> Surroundings {
    let says = |arguments: &[&str]| git(ground, arguments, GLANCE, stop);
    let Ok(commit) = says(&["log", "-1", "--format=%h %s"]).or_else(unborn) else { return Surroundings::default() };
    let Ok(status) = says(&["status", "--porcelain", "--untracked-files=no", "--ignore-submodules=all"]) else {
        return Surroundings::default();
    };
    let has = |column: usize| status.lines().any(|line| line.as_bytes().get(column).is_some_and(|sign| *sign != b' '));
    let commit = Clean::line(commit.trim());
    Surroundings { commit: (!commit.is_empty()).then_some(commit), staged: has(0), unstaged: has(1) }
}

/// A repository without a commit has changes all the same.
fn unborn(fault: Fault) -> Result<String, Fault> {
    if let Fault::Failed(..) = fault { Ok(String::new()) } else { Err(fault) }
}

pub(super) fn commit(ground: &Ground, name: &str, stop: &Stop) -> Result<Attachment, Fault> {
    let format = "--format=commit %H%n%n%w(0,4,4)%B";
    let mut arguments = vec!["show", "--stat", "--patch", format];
    arguments.extend(DIFF);
    arguments.extend(["--end-of-options", name, "--"]);
    let short = git(ground, &["rev-parse", "--short", "--verify", "--end-of-options", name], PATIENCE, stop)?;
    attachment(ground, &format!("git show {}", short.trim()), &arguments, stop)
}

pub(super) fn diff(ground: &Ground, side: Side, stop: &Stop) -> Result<Attachment, Fault> {
    let which: &[&str] = match side {
        Side::Staged => &["--cached"],
        Side::Unstaged => &[],
        Side::Both => &[&base(ground, stop)?],
    };
    let mut arguments = vec!["diff"];
    arguments.extend(DIFF);
    arguments.extend(which);
    arguments.push("--");
    let name = which.iter().fold("git diff".to_owned(), |name, word| format!("{name} {word}"));
    attachment(ground, &name, &arguments, stop)
}

/// What both sides together are compared with: the last commit, or nothing where there is none yet.
fn base(ground: &Ground, stop: &Stop) -> Result<String, Fault> {
    match git(ground, &["rev-parse", "--quiet", "--verify", "HEAD"], PATIENCE, stop) {
        Ok(_) => Ok("HEAD".to_owned()),
        // Its name depends on how the repository hashes.
        Err(Fault::Failed(..)) => {
            let tree = git(ground, &["hash-object", "-t", "tree", "--stdin"], PATIENCE, stop)?;
            Ok(tree.trim().to_owned())
        }
        Err(fault) => Err(fault),
    }
}

fn attachment(ground: &Ground, name: &str, arguments: &[&str], stop: &Stop) -> Result<Attachment, Fault> {
    let ran = ask(ground, arguments, PATIENCE, stop)?;
    let found = Attachment::new(name, "diff", &ran.text);
    Ok(Attachment { left_out: ran.left_out, ..found })
}

fn git(ground: &Ground, arguments: &[&str], patience: Duration, stop: &Stop) -> Result<String, Fault> {
    ask(ground, arguments, patience, stop).map(|ran| ran.text)
}

fn ask(ground: &Ground, arguments: &[&str], patience: Duration, stop: &Stop) -> Result<Ran, Fault> {
    let mut command = Command::new("git");
    // A program that watches the tree would be one more that a repository names.
    command.args(["--no-pager", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false"]).args(arguments);
    command.current_dir(&ground.folder).env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    let limits = Limits { patience, head: MOST_OUTPUT, tail: 0 };
    let ran = run_apart(command, limits, stop).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Fault::NoGit,
        std::io::ErrorKind::Interrupted => Fault::Stopped,
        _ => Fault::Failed(Clean::line("git"), Clean::line(&error.to_string())),
    })?;
    match ran.status {
        Some(0) => Ok(ran),
        _ if ran.is_late => Err(Fault::Slow(Clean::line("git"))),
        _ if ran.errors.to_ascii_lowercase().contains("not a git repository") => Err(Fault::NoRepository),
        _ => Err(Fault::Failed(Clean::line("git"), Clean::line(reason(&ran.errors)))),
    }
}

/// Why git failed: what it warned of before is no reason.
fn reason(errors: &str) -> &str {
    let is_reason = |line: &&str| line.starts_with("fatal: ") || line.starts_with("error: ");
    errors.lines().find(is_reason).or_else(|| errors.lines().next()).unwrap_or_default()
}

//! Asking with something of this machine: shown with its secrets masked, sent after a yes and not without one. What runs
//! for it does not outlive the command.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::host::Server;
use super::scripting::signed_in;
use super::*;
use crate::pty::terminal::Terminal;

const TOKEN: &str = "hunter2-hunter2";

/// Somebody who is signed in, and a repository with a commit, a change with a secret in it, and a log.
struct Desk {
    home: Home,
    folder: tempfile::TempDir,
    space: String,
    _server: Server,
}

impl Desk {
    fn new() -> Self {
        let home = Home::new();
        let server = signed_in(&home, "octavia");
        let spaces = home.asks(&["spaces"]);
        let open = spaces["spaces"].as_array().unwrap().iter().find(|space| space["may_write"] == true).unwrap();
        let space = open["id"].as_str().unwrap().to_owned();
        let folder = tempfile::tempdir().unwrap();
        let desk = Self { home, folder, space, _server: server };
        desk.git(&["init", "-q"]);
        desk.write("main.rs", "fn main() {}\n");
        desk.git(&["add", "main.rs"]);
        desk.git(&["commit", "-qm", "Begin somewhere"]);
        desk.write("main.rs", &format!("fn main() {{}}\n// API_TOKEN={TOKEN}\n"));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let none = self.path("none");
        let done = Command::new("git")
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@private.example"])
            .args(arguments)
            .current_dir(self.folder.path())
            .envs([("GIT_CONFIG_GLOBAL", &none), ("GIT_CONFIG_SYSTEM", &none)])
            .output()
            .unwrap();
        assert!(done.status.success(), "git {arguments:?}: {done:?}");
    }

    fn ask<'a>(&'a self, title: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        [&["ask", "--space", &self.space, "--title", title], more].concat()
    }

    /// Asks without a terminal.
    fn piped(&self, title: &str, more: &[&str], text: &str) -> Ran {
        let mut command = self.home.command(&self.ask(title, more));
        command.current_dir(self.folder.path()).env("PATH", "/usr/bin:/bin").stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Whoever has refused reads no more.
        let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
        Ran::new(child.wait_with_output().unwrap())
    }

    /// Asks at a terminal.
    fn typed(&self, title: &str, more: &[&str]) -> Terminal {
        let (folder, line) = (self.folder.path(), self.ask(title, more));
        Terminal::lyceum_in(folder, &line, self.home.path(), &[("LYCEUM_VAULT", "file"), ("SHELL", "/bin/sh")])
    }

    /// The bodies of the threads with this title.
    fn sent(&self, title: &str) -> Vec<String> {
        let threads = self.home.asks(&["feed", "--limit", "100"])["threads"].clone();
        let of_title = threads.as_array().unwrap().iter().filter(|thread| thread["title"] == title);
        let body = |thread: &Value| {
            let whole = self.home.asks(&["thread", thread["id"].as_str().unwrap()]);
            whole["posts"][0]["body"].as_str().unwrap().to_owned()
        };
        of_title.map(body).collect()
    }
}

/// Waits for the question; what was shown till then.
fn asked(terminal: &Terminal) -> String {
    terminal.wait_for_bytes("the question", |bytes| bytes.contains("(y/n)"))
}

#[test]
fn a_diff_is_shown_with_its_secrets_masked_and_sent_after_a_yes_alone() {
    let desk = Desk::new();
    for (answer, code) in [("n\n", 7), ("\n", 7), ("\u{4}", 7)] {
        let mut terminal = desk.typed("Not this one", &["--diff"]);
        let shown = asked(&terminal);
        assert!(shown.contains("+// API_TOKEN=[redacted") && shown.contains("1 secret is masked."), "{shown}");
        terminal.type_keys(answer);
        assert_eq!(terminal.exit_code(), code, "{answer:?}");
        let said = terminal.wait_for_bytes("what became of it", |bytes| bytes.contains("Nothing was sent."));
        assert!(!said.contains(TOKEN), "{said}");
    }
    assert_eq!(desk.sent("Not this one"), Vec::<String>::new());
    let mut terminal = desk.typed("This one", &["--diff"]);
    asked(&terminal);
    terminal.type_keys("y\n");
    assert_eq!(terminal.exit_code(), 0);
    let sent = desk.sent("This one");
    assert!(sent.len() == 1 && sent[0].contains("+// API_TOKEN=[redacted") && !sent[0].contains(TOKEN), "{sent:?}");
    assert!(!terminal.bytes().contains(TOKEN));
}

#[test]
fn a_commit_says_what_and_a_failing_command_how_it_ended() {
    let desk = Desk::new();
    desk.write("log", &format!("one\npassword={TOKEN}\n"));
    let mut terminal = desk.typed("All of it", &["--commit", "--output", "cat log; exit 3", "--attach", "log"]);
    // Each is shown and asked for by itself: the file, the commit, the output.
    for (nth, shows) in [(1, "`log`"), (2, "Begin somewhere"), (3, "[exit status 3]")] {
        let shown = terminal.wait_for_bytes(shows, |bytes| bytes.matches("(y/n)").count() == nth);
        assert!(shown.contains(shows) && !shown.contains(TOKEN), "{shown}");
        terminal.type_keys("y\n");
    }
    assert_eq!(terminal.exit_code(), 0);
    let sent = desk.sent("All of it");
    assert_eq!(sent.len(), 1);
    for part in ["```\none\npassword=[redacted", "    Begin somewhere", "$ cat log; exit 3\none\n", "[exit status 3]"] {
        assert!(sent[0].contains(part), "{part}: {}", sent[0]);
    }
    assert!(!sent[0].contains(TOKEN) && !sent[0].contains("private.example"), "{}", sent[0]);
    // A yes to the first is none to the second.
    let mut terminal = desk.typed("Half of it", &["--diff", "--attach", "log"]);
    for (nth, answer) in [(1, "y\n"), (2, "n\n")] {
        terminal.wait_for_bytes("a question", |bytes| bytes.matches("(y/n)").count() == nth);
        terminal.type_keys(answer);
    }
    assert_eq!(terminal.exit_code(), 7);
    assert_eq!(desk.sent("Half of it"), Vec::<String>::new());
}

#[test]
fn without_a_terminal_nothing_goes_unseen_unless_that_was_said() {
    let desk = Desk::new();
    for more in [&["--diff"][..], &["--diff", "-"], &["--commit=HEAD", "-"], &["--output", "echo x", "-"]] {
        let ran = desk.piped("Unseen", more, "Look at this.").ends_with(7);
        assert!(ran.out.is_empty() && ran.err.contains("--yes"), "{more:?}: {ran:#?}");
    }
    assert_eq!(desk.sent("Unseen"), Vec::<String>::new());
    let ran = desk.piped("Unseen", &["--diff", "--yes", "-"], "Look at **this**.").ends_with(0);
    assert!(!ran.err.contains("API_TOKEN") && !ran.out.contains("API_TOKEN"), "{ran:#?}");
    let sent = desk.sent("Unseen");
    assert!(sent.len() == 1 && sent[0].starts_with("Look at **this**.\n\n`git diff HEAD`\n\n```diff\n"), "{sent:?}");
    assert!(sent[0].contains("API_TOKEN=[redacted") && !sent[0].contains(TOKEN), "{sent:?}");
}

/// With nothing on standard input, or none at all, what is attached says it all.
#[test]
fn an_attachment_alone_is_a_text() {
    let desk = Desk::new();
    desk.write("log", "one\n");
    desk.piped("Alone", &["--attach", "log", "--yes"], "").ends_with(0);
    desk.piped("Alone", &["--attach", "log", "--yes", "-"], " \n").ends_with(0);
    let mut command = desk.home.command(&desk.ask("Alone", &["--attach", "log", "--yes"]));
    command.current_dir(desk.folder.path()).stdin(Stdio::null());
    Ran::new(command.output().unwrap()).ends_with(0);
    assert_eq!(desk.sent("Alone"), ["`log`\n\n```\none\n```"; 3]);
}

#[test]
fn what_there_is_not_is_said_and_nothing_sent() {
    let desk = Desk::new();
    for (more, says, code) in
        [(["--commit=nonesuch", "--yes"], "git", 7), (["--attach=nonesuch", "--yes"], "nonesuch", 6)]
    {
        let ran = desk.piped("None", &more, "Text.").ends_with(code);
        assert!(ran.err.contains(says), "{ran:#?}");
    }
    assert_eq!(desk.sent("None"), Vec::<String>::new());
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = desk.home.command(&desk.ask("None", &["--diff", "--yes"]));
    command.current_dir(elsewhere.path()).env("PATH", "/usr/bin:/bin");
    let ran = Ran::new(command.output().unwrap()).ends_with(6);
    assert!(ran.err.contains("repository"), "{ran:#?}");
}

/// A question of its own, an escape: what it would write past us it cannot write.
#[cfg(target_os = "linux")]
#[test]
fn a_command_cannot_write_to_the_terminal() {
    let desk = Desk::new();
    let mut terminal = desk.typed("Never", &["--output", "printf 'pass%s:' word > /dev/tty; echo over"]);
    let shown = asked(&terminal);
    assert!(shown.contains("over") && !shown.contains("password:"), "{shown}");
    terminal.type_keys("n\n");
    assert_eq!(terminal.exit_code(), 7);
}

/// Who holds the other end of a pipe; the answer comes when nobody does any more.
fn pipe(path: &Path) -> std::sync::mpsc::Receiver<String> {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    let (tell, told) = std::sync::mpsc::channel();
    let path = path.to_owned();
    std::thread::spawn(move || {
        let mut file = std::fs::File::open(path).unwrap();
        let mut begun = [0; 6];
        file.read_exact(&mut begun).unwrap();
        tell.send(String::from_utf8_lossy(&begun).into_owned()).unwrap();
        let mut rest = String::new();
        file.read_to_string(&mut rest).unwrap();
        let _ = tell.send(rest);
    });
    told
}

/// The command and what it started hold a pipe open; it is closed by their end alone.
#[test]
fn ctrl_c_ends_a_command_with_its_children() {
    const LONG: std::time::Duration = std::time::Duration::from_secs(60);
    for (key, signal, code) in [(Some("\u{3}"), None, 130), (None, Some(rustix::process::Signal::TERM), 143)] {
        let desk = Desk::new();
        let told = pipe(&desk.path("pipe"));
        let line = "exec 3>pipe; echo begun >&3; sleep 600 & sleep 600; echo over >&3";
        let mut terminal = desk.typed("Never", &["--output", line]);
        assert_eq!(told.recv_timeout(LONG).unwrap(), "begun\n");
        key.into_iter().for_each(|key| terminal.type_keys(key));
        signal.into_iter().for_each(|signal| terminal.signal(signal));
        assert_eq!(terminal.exit_code(), code);
        assert_eq!(told.recv_timeout(LONG).as_deref(), Ok(""), "somebody still runs");
        assert_eq!(desk.sent("Never"), Vec::<String>::new());
    }
}

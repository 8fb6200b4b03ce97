//! The linear mode on a real server, as a pipe drives it and at a terminal: what is typed is done in order, and nothing but
//! lines comes out.

use super::host::{PASSWORD, Server};
use super::*;
use crate::pty::terminal::Terminal;

/// Types these lines; what was said. The end of the lines leaves.
fn typed(home: &Home, arguments: &[&str], lines: &[&str]) -> Ran {
    let mut child = home.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
    let mut keys = child.stdin.take().unwrap();
    // Whoever has left reads no more.
    let _ = keys.write_all((lines.join("\n") + "\n").as_bytes());
    drop(keys);
    let ran = Ran::new(child.wait_with_output().unwrap());
    let is_clean = ran.out.chars().all(|c| c == '\n' || !c.is_control());
    assert!(is_clean, "{}", ran.out);
    ran
}

fn signed_up(home: &Home, name: &str) -> Server {
    let server = Server::start(home, &["--demo-content"]);
    let data = home.path().join("server");
    home.told(&["admin", "password", name, "--data", data.to_str().unwrap()], PASSWORD).ends_with(0);
    server
}

#[test]
fn signing_in_reading_replying_voting_and_searching_go_by_lines() {
    let home = Home::new();
    let server = signed_up(&home, "octavia");
    let plain = ["--plain", "--community", &server.url];
    let ran = typed(&home, &plain, &["sign-in", "octavia", PASSWORD, "where", "quit"]).ends_with(0);
    assert!(ran.out.contains("not signed in") && ran.out.contains("octavia"), "{}", ran.out);
    assert!(!ran.out.contains(PASSWORD), "{}", ran.out);
    let lines =
        ["feed", "1", "reply", "By a pipe,", "in two lines.", ".", ":send", "all", "back", "search", "pipe", ":close"];
    let more = ["membership", "inbox", "questions", "list", "bookmark", "help", "quit"];
    let ran = typed(&home, &plain, &[&lines[..], &more].concat()).ends_with(0);
    for said in ["Feed, latest", "Post 1 of", "What you hold", "Inbox", "Bookmarked", "What works here"] {
        assert!(ran.out.contains(said), "{said}:\n{}", ran.out);
    }
}

#[test]
fn what_nobody_can_be_asked_for_ends_by_itself() {
    let home = Home::new();
    let server = signed_up(&home, "octavia");
    let ran = typed(&home, &["--plain", "--community", &server.url], &["xyzzy"]).ends_with(0);
    assert!(ran.out.contains("no word or key “xyzzy”") && ran.out.ends_with("Leaving.\n"), "{}", ran.out);
}

/// At a terminal; whoever sits there is told by lines, and types them.
struct Seat(Terminal);

impl Seat {
    fn new(home: &Home, arguments: &[&str]) -> Self {
        let arguments = [&["--plain"], arguments].concat();
        Self(Terminal::lyceum(&arguments, home.path(), &[("LYCEUM_VAULT", "file")]))
    }

    /// Types a line; waits until this is said after it.
    fn says(&mut self, line: &str, said: &str) {
        let before = self.0.bytes().len();
        self.0.type_keys(format!("{line}\n"));
        self.hears(before, said);
    }

    fn hears(&self, before: usize, said: &str) {
        self.0.wait_for_bytes(said, |bytes| bytes.get(before..).is_some_and(|news| news.contains(said)));
    }

    fn ends(mut self) -> String {
        assert_eq!(self.0.exit_code(), 0);
        self.0.is_given_back();
        let bytes = self.0.bytes();
        assert!(bytes.contains("Leaving.") && !bytes.contains('\u{1b}'), "{bytes}");
        bytes
    }
}

#[test]
fn a_password_typed_at_a_terminal_is_not_shown() {
    let home = Home::new();
    let server = signed_up(&home, "octavia");
    let mut seat = Seat::new(&home, &["--community", &server.url]);
    seat.0.wait_for_bytes("a prompt", |bytes| bytes.contains('>'));
    seat.says("sign-in", "Username:");
    seat.says("octavia", "not shown");
    seat.says(PASSWORD, "octavia");
    seat.says("where", "octavia");
    seat.0.type_keys("quit\n");
    let bytes = seat.ends();
    assert!(!bytes.contains(PASSWORD), "{bytes}");
    // What is no secret is shown while it is typed.
    assert!(bytes.contains("sign-in\r\n"), "{bytes}");
}

/// The community of the demo is made anew at no start; nor is what its reader began to write.
#[cfg(feature = "server")]
#[test]
fn a_draft_of_the_demo_is_there_the_next_time() {
    let home = Home::new();
    let demo = ["--plain", "demo"];
    let ran = typed(&home, &demo, &["feed", "1", "reply", "For tomorrow.", ".", ":close", "quit"]).ends_with(0);
    assert!(ran.out.contains("Draft kept"), "{}", ran.out);
    // The flag stands behind the command as well.
    let ran = typed(&home, &["demo", "--plain"], &["drafts", ":close", "quit"]).ends_with(0);
    assert!(!ran.out.contains("There are no drafts"), "{}", ran.out);
}

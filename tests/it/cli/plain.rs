//! The linear mode on a real server, as a pipe drives it and at a terminal: what is typed is done in order, and nothing but
//! lines comes out.

use super::host::{PASSWORD, Server};
use super::scripting::answered;
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
    seat.says("reload", "Nothing has changed in your settings");
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

/// Somebody at a terminal who has begun to answer this thread of the list, the first lines of which are read.
fn writing(home: &Home, url: &str, thread: usize) -> Seat {
    let mut seat = Seat::new(home, &["--community", url]);
    seat.0.wait_for_bytes("the list", |bytes| bytes.contains("Feed, latest:"));
    seat.says(&thread.to_string(), "Post ");
    seat.says("reply", "full stop");
    for line in ["One line.", "Another one."] {
        seat.0.type_keys(format!("{line}\n"));
        seat.0.wait_for_bytes("the next prompt", |bytes| bytes.ends_with(&format!("{line}\r\n ")));
    }
    seat
}

#[test]
fn a_signal_and_the_end_of_what_is_typed_lose_no_line_and_give_the_terminal_back() {
    use rustix::process::Signal;
    let home = Home::new();
    let server = signed_up(&home, "octavia");
    let plain = ["--plain", "--community", &server.url];
    typed(&home, &plain, &["sign-in", "octavia", PASSWORD, "quit"]).ends_with(0);
    type End<'a> = (&'a str, u32, &'a dyn Fn(&mut Seat));
    let ends: [End<'_>; 4] = [
        ("SIGTERM", 128 + 15, &|seat| seat.0.signal(Signal::TERM)),
        ("SIGHUP", 128 + 1, &|seat| seat.0.signal(Signal::HUP)),
        ("ctrl-c", 0, &|seat| seat.0.type_keys("\u{3}")),
        ("ctrl-d", 0, &|seat| seat.0.type_keys("\u{4}")),
    ];
    for (nth, (what, code, end)) in ends.iter().enumerate() {
        let mut seat = writing(&home, &server.url, nth + 1);
        end(&mut seat);
        assert_eq!(seat.0.exit_code(), *code, "{what}: {}", seat.0.bytes());
        seat.0.is_given_back();
        let kept = typed(&home, &plain, &["drafts", ":close", "quit"]).ends_with(0).out;
        assert_eq!(kept.matches("One line. Another one.").count(), nth + 1, "{what}: {kept}");
    }
}

#[test]
fn a_signal_at_a_password_gives_the_terminal_back() {
    use rustix::process::Signal;
    let home = Home::new();
    let server = signed_up(&home, "octavia");
    let mut seat = Seat::new(&home, &["--community", &server.url]);
    seat.0.wait_for_bytes("a prompt", |bytes| bytes.contains('>'));
    seat.says("sign-in", "Username:");
    seat.says("octavia", "not shown");
    seat.0.signal(Signal::TERM);
    assert_eq!(seat.0.exit_code(), 128 + 15);
    seat.0.is_given_back();
}

#[test]
fn everything_done_at_a_terminal_reaches_the_server_and_news_are_told() {
    let home = Home::new();
    let (_server, other, id) = answered(&home);
    let mut seat = Seat::new(&home, &["--account", "octavia"]);
    seat.0.wait_for_bytes("the list", |bytes| bytes.contains("Feed, latest:"));
    seat.says("all", "1. Which one?");
    // A thread opens at what is new in it.
    seat.says("1", "Post 2 of 2");
    seat.says("1", "Post 1 of 2");
    seat.says("2", "Post 2 of 2");
    seat.says("accept", "accepted");
    seat.says("vote", "you voted for it");
    seat.says("bookmark", "Bookmarked");
    // Whoever asks follows already.
    seat.says("follow", "You no longer follow this thread");
    seat.says("follow", "You follow this thread");
    // Nobody types while somebody else writes.
    let before = seat.0.bytes().len();
    home.writes(&["--account", &other, "reply", &id], "One more.");
    seat.hears(before, "1 new post");
    seat.says("last", "One more.");
    seat.says("reply", "full stop");
    seat.0.type_keys("By a terminal.\n.\n");
    seat.says(":send", "By a terminal.");
    // The end of what is typed leaves, as `quit` does.
    seat.0.type_keys("\u{4}");
    seat.ends();
    let thread = home.asks(&["--account", "octavia", "thread", &id]);
    assert_eq!((&thread["posts"][1]["accepted"], &thread["posts"][1]["vote"]), (&true.into(), &1.into()), "{thread}");
    let marks = &thread["thread"]["marks"];
    assert_eq!((&marks["bookmark"], &marks["follow"]), (&true.into(), &true.into()), "{thread}");
    assert_eq!(thread["posts"][3]["body"], "By a terminal.", "{thread}");
}

#[test]
fn a_text_that_was_just_sent_by_a_pipe_is_taken_back_by_the_next_line() {
    let home = Home::new();
    let server = signed_up(&home, "octavia");
    let plain = ["--plain", "--community", &server.url];
    let lines = ["sign-in", "octavia", PASSWORD, "feed", "1", "reply", "Not for anybody.", ".", ":send", "u", ":close"];
    let ran = typed(&home, &plain, &[&lines[..], &["drafts", ":close", "quit"]].concat()).ends_with(0);
    assert!(ran.out.contains("Goes out in") && !ran.out.contains("nothing to take back"), "{}", ran.out);
    let found = home.run(&["--community", &server.url, "--json", "search", "\"Not for anybody\""]).ends_with(0);
    assert!(found.out.contains("\"hits\":[]"), "{}", found.out);
}

//! The linear mode as a pipe drives it, on a real server: what is typed is done in order, and nothing but lines comes out.

use super::host::{PASSWORD, Server};
use super::*;

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

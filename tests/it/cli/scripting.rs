//! Reading and writing without the screen, as a script does it: real server, real binary, documents held against their
//! schemas.

use serde_json::Value;

use super::host::{PASSWORD, Server};
use super::schema::held;
use super::*;

/// A server with the invented community, and somebody who is signed in there.
pub(super) fn signed_in(home: &Home, name: &str) -> Server {
    let server = Server::start(home, &["--demo-content"]);
    let data = home.path().join("server");
    home.told(&["admin", "password", name, "--data", data.to_str().unwrap()], PASSWORD).ends_with(0);
    home.told(&["login", name, "--community", &server.url], PASSWORD).ends_with(0);
    server
}

impl Home {
    /// The document that a command prints.
    #[track_caller]
    pub(super) fn asks(&self, arguments: &[&str]) -> Value {
        held(&self.run(&[&["--json"], arguments].concat()).ends_with(0).out)
    }

    /// The same, with a text on standard input.
    #[track_caller]
    pub(super) fn writes(&self, arguments: &[&str], text: &str) -> Value {
        held(&self.told(&[&["--json"], arguments].concat(), text).ends_with(0).out)
    }

    /// The failure that a command ends with.
    #[track_caller]
    pub(super) fn fails(&self, arguments: &[&str], code: i32) -> Value {
        let ran = self.run(&[&["--json"], arguments].concat()).ends_with(code);
        assert!(ran.out.is_empty(), "{ran:#?}");
        held(&ran.err)["error"].clone()
    }
}

fn ids(threads: &Value) -> Vec<String> {
    threads.as_array().unwrap().iter().map(|thread| thread["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn everything_can_be_read() {
    let home = Home::new();
    let _server = signed_in(&home, "octavia");
    let feed = home.asks(&["feed", "--limit", "100"]);
    let all = ids(&feed["threads"]);
    assert!(all.len() > 5 && feed["stale"].is_null() && feed["next"].is_null(), "{feed}");
    // A cursor goes on right behind what was printed, also within a page.
    let first = home.asks(&["feed", "--limit", "3"]);
    let rest = home.asks(&["feed", "--limit", "100", "--cursor", first["next"].as_str().unwrap()]);
    assert_eq!([ids(&first["threads"]), ids(&rest["threads"])].concat(), all);
    let questions = home.asks(&["feed", "--kind", "question", "--state", "unanswered", "--sort", "oldest"]);
    for thread in questions["threads"].as_array().unwrap() {
        assert_eq!((&thread["kind"], &thread["answers"]), (&"question".into(), &0.into()));
    }
    let spaces = home.asks(&["spaces"]);
    let space = spaces["spaces"][0]["id"].as_str().unwrap();
    assert!(home.asks(&["feed", "--space", space])["threads"].as_array().unwrap().iter().all(|t| t["space"] == space));
    let longest = feed["threads"].as_array().unwrap().iter().max_by_key(|thread| thread["last"].as_u64()).unwrap();
    let id = longest["id"].as_str().unwrap();
    let thread = home.asks(&["thread", id]);
    let posts = thread["posts"].as_array().unwrap();
    assert_eq!(posts.len() as u64, longest["last"].as_u64().unwrap());
    let some = home.asks(&["thread", id, "--after", "1", "--limit", "1"]);
    assert_eq!((&some["posts"][0]["number"], &some["next"]), (&2.into(), &2.into()));
    let title = longest["title"].as_str().unwrap();
    let hits = home.asks(&["search", title.split(' ').find(|word| word.len() > 4).unwrap()]);
    assert!(hits["hits"].as_array().unwrap().iter().any(|hit| hit["thread"]["id"] == id), "{hits}");
    home.asks(&["inbox", "--all"]);
    home.asks(&["membership"]);
    assert_eq!(home.asks(&["membership", "why", id])["thread"], id);
    assert_eq!(home.fails(&["thread", "no-such-thread"], 6)["kind"], "not-found");
    let address = format!("{}/t/{id}/2", thread["community"].as_str().unwrap());
    assert_eq!(home.asks(&["thread", &address, "--limit", "1"])["posts"], some["posts"], "a post by its address");
    let elsewhere = home.fails(&["thread", "https://other.example/t/1/2"], 7);
    assert!(elsewhere["text"].as_str().unwrap().contains("--community"), "{elsewhere}");
    assert_eq!(home.fails(&["feed", "--cursor", "mine"], 7)["kind"], "invalid");
    assert_eq!(home.fails(&["search", "is:never"], 7)["code"], 7);
}

#[test]
fn what_people_read_is_laid_out_and_clean() {
    let home = Home::new();
    let _server = signed_in(&home, "octavia");
    let feed = home.asks(&["feed"]);
    let id = feed["threads"][0]["id"].as_str().unwrap().to_owned();
    let hostile = "# One\n\nred \u{1b}[31m and `code` [link](https://e.example/x)\n\n- a point";
    home.told(&["reply", &id], hostile).ends_with(0);
    for arguments in [&["feed"][..], &["thread", &id], &["thread", &id, "--raw"], &["spaces"], &["membership"]] {
        let ran = home.run(arguments).ends_with(0);
        assert!(!ran.out.contains('\u{1b}') && !ran.out.is_empty(), "{ran:#?}");
    }
    let shown = home.run(&["thread", &id]).out;
    assert!(shown.contains("• a point") && shown.contains("[1] https://e.example/x"), "{shown}");
    let raw = home.run(&["thread", &id, "--raw"]).out;
    assert!(raw.contains("- a point") && raw.contains("red ␛[31m and `code`"), "{raw}");
    let chinese = Ran::new(home.command(&["thread", &id]).env("LANG", "zh_CN.UTF-8").output().unwrap());
    assert!(chinese.out.contains("分"), "{}", chinese.out);
}

#[test]
fn a_text_is_sent_once_however_often_the_script_runs() {
    let home = Home::new();
    let _server = signed_in(&home, "octavia");
    let spaces = home.asks(&["spaces"]);
    let open = spaces["spaces"].as_array().unwrap().iter().find(|space| space["may_write"] == true).unwrap();
    let ask = [
        "ask",
        "--space",
        open["id"].as_str().unwrap(),
        "--title",
        "Why is it so?",
        "--tag",
        "#Rust",
        "--key",
        "run-1",
    ];
    let first = home.writes(&ask, "It is **so**.");
    let again = home.writes(&ask, "It is **so**.");
    let id = first["thread"].as_str().unwrap();
    assert_eq!(first, again);
    let thread = home.asks(&["thread", id]);
    assert_eq!(
        (&thread["thread"]["kind"], &thread["thread"]["tags"]),
        (&"question".into(), &serde_json::json!(["rust"]))
    );
    assert_eq!(thread["posts"][0]["body"], "It is **so**.");
    // From a file, and a comment under it.
    home.write("text.md", "An answer.\n");
    let file = home.path().join("text.md");
    let answer = home.asks(&["answer", id, file.to_str().unwrap()]);
    assert_eq!(answer["number"], 2);
    assert_eq!(home.writes(&["comment", id, "2", "-"], "A comment.")["number"], 3);
    assert_eq!(home.writes(&["reply", id, "--to", "3"], "A reply.")["number"], 4);
    home.writes(&["edit", id, "2"], "A better answer.");
    let posts = home.asks(&["thread", id])["posts"].clone();
    let parents: Vec<&Value> = posts.as_array().unwrap().iter().map(|post| &post["parent"]).collect();
    assert_eq!(parents, [&Value::Null, &Value::Null, &2.into(), &3.into()]);
    assert_eq!(posts[1]["body"], "A better answer.");
    let outbox = home.asks(&["outbox"]);
    assert!(outbox["entries"].as_array().unwrap().is_empty(), "{outbox}");
}

#[test]
fn marks_are_set_and_taken_back() {
    let home = Home::new();
    let _server = signed_in(&home, "octavia");
    let feed = home.asks(&["feed", "--limit", "100"]);
    let thread = feed["threads"].as_array().unwrap().iter().find(|t| t["author"]["username"] != "octavia").unwrap();
    let id = thread["id"].as_str().unwrap();
    home.asks(&["vote", id, "1"]);
    assert_eq!(home.asks(&["thread", id])["posts"][0]["vote"], 1);
    home.asks(&["vote", id, "1", "none"]);
    assert_eq!(home.asks(&["thread", id])["posts"][0]["vote"], 0);
    for (command, mark) in [("bookmark", "bookmark"), ("follow", "follow"), ("mute", "mute")] {
        home.asks(&[command, id]);
        assert_eq!(home.asks(&["thread", id])["thread"]["marks"][mark], true);
        home.asks(&[command, id, "--off"]);
        assert_eq!(home.asks(&["thread", id])["thread"]["marks"][mark], false);
    }
    assert_eq!(home.asks(&["mark-read", id])["number"], thread["last"]);
    assert_eq!(home.asks(&["thread", id])["thread"]["unread"], 0);
    home.asks(&["mark-read", id, "--upto", "0"]);
    assert_eq!(home.asks(&["thread", id])["thread"]["marks"]["read"], 0);
    // One's own question and somebody's answer cannot be had here; what may not be says so.
    let refused = home.fails(&["accept", id, "1"], 7);
    assert_eq!(refused["kept"], Value::Null);
    assert_eq!(home.fails(&["vote", id, "999"], 6)["kind"], "not-found");
    let inbox = home.asks(&["inbox"]);
    if let Some(item) = inbox["items"][0]["id"].as_str() {
        assert_eq!(home.asks(&["inbox", "done", item])["item"], item);
        let left = home.asks(&["inbox"]);
        assert!(left["items"].as_array().unwrap().iter().all(|other| other["id"] != item));
        home.asks(&["inbox", "done", item, "--undo"]);
    }
}

/// A question of octavia's with an answer by somebody else, both signed in here: the server, the other one, the thread.
pub(super) fn answered(home: &Home) -> (Server, String, String) {
    let server = signed_in(home, "octavia");
    let data = home.path().join("server");
    let others = home.asks(&["feed", "--limit", "100"])["threads"].clone();
    let mut other = others.as_array().unwrap().iter().map(|t| t["author"]["username"].as_str().unwrap());
    let other = other.rfind(|name| *name != "octavia").unwrap().to_owned();
    home.told(&["admin", "password", &other, "--data", data.to_str().unwrap()], PASSWORD).ends_with(0);
    home.told(&["login", &other, "--community", &server.url], PASSWORD).ends_with(0);
    let spaces = home.asks(&["spaces", "--account", "octavia"]);
    let open = spaces["spaces"].as_array().unwrap().iter().find(|space| space["may_write"] == true).unwrap();
    let ask = ["--account", "octavia", "ask", "--space", open["id"].as_str().unwrap(), "--title", "Which one?"];
    let asked = home.writes(&ask, "This or that?");
    let id = asked["thread"].as_str().unwrap();
    home.writes(&["--account", &other, "answer", id], "That.");
    (server, other, id.to_owned())
}

/// Votes and acceptance from the command line, by whom they are for.
#[test]
fn an_answer_is_voted_for_and_accepted() {
    let home = Home::new();
    let (_server, other, id) = answered(&home);
    let id = id.as_str();
    let answer = |field: &str| home.asks(&["--account", "octavia", "thread", id])["posts"][1][field].clone();
    for (way, vote, score) in [("up", 1, 1), ("down", -1, -1), ("none", 0, 0)] {
        let marked = home.asks(&["--account", "octavia", "vote", id, "2", way]);
        assert_eq!((&marked["what"], &marked["to"]), (&"vote".into(), &way.into()));
        assert_eq!((answer("vote"), answer("score")), (vote.into(), score.into()), "{way}");
    }
    // Whose question it is not may not.
    assert_eq!(answer("accepted"), false);
    let marked = home.asks(&["--account", "octavia", "accept", id, "2"]);
    assert_eq!((&marked["what"], &marked["to"]), (&"accept".into(), &"on".into()));
    assert_eq!(answer("accepted"), true);
    let thread = home.asks(&["--account", &other, "thread", id]);
    assert_eq!(thread["thread"]["accepted"], thread["posts"][1]["id"], "the other sees it too");
    home.asks(&["--account", "octavia", "accept", id, "--none"]);
    assert_eq!(answer("accepted"), false);
}

/// What is said of accounts and of this machine: every document fits its schema.
#[test]
fn documents_about_oneself_fit_their_schemas() {
    let home = Home::new();
    let server = Server::start(&home, &["--demo-content"]);
    let data = home.path().join("server");
    let data = data.to_str().unwrap();
    let password = home.writes(&["admin", "password", "octavia", "--data", data], PASSWORD);
    assert_eq!((&password["username"], &password["role"]), (&"octavia".into(), &Value::Null));
    let signed_in = home.writes(&["login", "octavia", "--community", &server.url], PASSWORD);
    assert_eq!((&signed_in["username"], &signed_in["vault"]), (&"octavia".into(), &"file".into()));
    assert_eq!(home.asks(&["whoami"])["role"], "owner");
    assert_eq!(home.asks(&["accounts"])["accounts"][0]["in_use"], true);
    let sessions = home.asks(&["sessions"])["sessions"].clone();
    assert_eq!((sessions.as_array().unwrap().len(), &sessions[0]["current"]), (1, &true.into()));
    assert_eq!(home.asks(&["sessions", "end", "--others"])["ended"], "others");
    let made = home.asks(&["tokens", "new", "ci"]);
    let tokens = home.asks(&["tokens"])["tokens"].clone();
    assert_eq!((&tokens[0]["id"], &tokens[0]["used"]), (&made["id"], &Value::Null));
    assert!(tokens.to_string().find(made["token"].as_str().unwrap()).is_none(), "{tokens}");
    assert_eq!(home.asks(&["tokens", "end", made["id"].as_str().unwrap()])["ended"], made["id"]);
    let status = home.asks(&["auth", "status"])["accounts"].clone();
    assert_eq!((&status[0]["state"], &status[0]["kind"]), (&"works".into(), &"session".into()));
    assert_eq!(home.asks(&["second-factor"])["enabled"], false);
    assert_eq!(home.asks(&["admin", "role", "octavia", "owner"])["role"], "owner");
    assert_eq!(home.asks(&["admin", "end-second-factor", "octavia", "--data", data])["ended"], false);
    assert!(!home.asks(&["doctor"])["findings"].as_array().unwrap().is_empty());
    assert_eq!(home.asks(&["config", "init"])["exists"], true);
    assert!(home.asks(&["config", "init", "--force"])["old"].is_string());
    assert!(home.asks(&["config", "path"])["old"].is_null());
    assert!(home.asks(&["config", "check"])["mistakes"].as_array().unwrap().is_empty());
    assert_eq!(home.asks(&["logout"])["told"], true);
}

#[test]
fn without_a_line_reading_goes_on_and_writing_loses_nothing() {
    let home = Home::new();
    let mut server = signed_in(&home, "octavia");
    let feed = home.asks(&["feed"]);
    let id = feed["threads"][0]["id"].as_str().unwrap().to_owned();
    let posts = home.asks(&["thread", &id])["posts"].clone();
    home.asks(&["membership"]);
    server.stop();
    let offline = home.asks(&["feed"]);
    assert_eq!(ids(&offline["threads"]), ids(&feed["threads"]));
    assert!(offline["stale"]["since"].is_string() && offline["stale"]["why"].is_string(), "{offline}");
    assert_eq!(home.asks(&["thread", &id])["posts"], posts);
    let ran = home.run(&["thread", &id]).ends_with(0);
    assert!(ran.err.starts_with("Kept here, as of"), "{}", ran.err);
    assert!(home.asks(&["membership"])["standing"].is_string());
    let reply = ["--json", "reply", &id, "-"];
    let failed = home.told(&reply, "Not lost.").ends_with(3);
    let entry = held(&failed.err)["error"]["kept"]["entry"].as_i64().unwrap();
    // The script runs again: it is the same entry.
    let again = home.told(&reply, "Not lost.").ends_with(3);
    assert_eq!(held(&again.err)["error"]["kept"]["entry"], entry);
    let outbox = home.asks(&["outbox"]);
    assert_eq!((outbox["entries"].as_array().unwrap().len(), &outbox["entries"][0]["body"]), (1, &"Not lost.".into()));
    assert_eq!(home.run(&["outbox", "show", &entry.to_string()]).ends_with(0).out, "Not lost.\n");
    home.run(&["outbox", "retry"]).ends_with(3);
    assert_eq!(home.fails(&["bookmark", &id], 3)["kind"], "network");
    // Each run tries to send what waits; while one does, nothing can be taken back.
    let mut tries = (0..50).map(|_| home.run(&["outbox", "recall", &entry.to_string()]));
    assert!(tries.any(|ran| ran.code == Some(0)), "it is never taken back");
    let outbox = home.asks(&["outbox"]);
    assert_eq!(outbox["drafts"][0]["body"], "Not lost.", "{outbox}");
    assert_eq!(home.fails(&["search", "zzzznothing"], 3)["kind"], "network");
}

#[test]
fn a_token_from_outside_has_no_outbox_and_loses_nothing_either() {
    let home = Home::new();
    let mut server = signed_in(&home, "octavia");
    let token = home.run(&["tokens", "new", "ci", "--may", "write"]).ends_with(0).out;
    let id = home.asks(&["feed"])["threads"][0]["id"].as_str().unwrap().to_owned();
    home.run(&["logout"]).ends_with(0);
    let with_token = |arguments: &[&str], text: &str| {
        let mut command = home.command(arguments);
        command.env("LYCEUM_TOKEN", token.trim()).env("LYCEUM_COMMUNITY", &server.url);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let _ = write!(child.stdin.take().unwrap(), "{text}");
        Ran::new(child.wait_with_output().unwrap())
    };
    let sent = with_token(&["--json", "reply", &id], "By a token.").ends_with(0);
    assert!(held(&sent.out)["number"].is_u64());
    // Nothing is read from the pipe when nobody is signed in.
    assert_eq!(held(&home.told(&["--json", "reply", &id], "Nobody's.").ends_with(4).err)["error"]["kind"], "auth");
    let url = server.url.clone();
    server.stop();
    let mut command = home.command(&["--json", "reply", &id]);
    command.env("LYCEUM_TOKEN", token.trim()).env("LYCEUM_COMMUNITY", url);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    write!(child.stdin.take().unwrap(), "Kept in a file.").unwrap();
    let failed = Ran::new(child.wait_with_output().unwrap()).ends_with(3);
    let file = held(&failed.err)["error"]["kept"]["file"].as_str().unwrap().to_owned();
    assert_eq!(std::fs::read_to_string(file).unwrap(), "Kept in a file.\n");
    assert!(!failed.err.contains(token.trim()));
}

#[test]
fn what_cannot_be_sent_is_said_before_it_is_tried() {
    let home = Home::new();
    let _server = signed_in(&home, "octavia");
    let ask = ["ask", "--space", "help", "--title", "T", "-"];
    for (text, says) in [("", "compose.needs-body"), (" \n", "compose.needs-body")] {
        let ran = home.told(&ask, text).ends_with(7);
        assert!(!ran.err.contains(says) && ran.err.starts_with("lyceum: "), "{}", ran.err);
    }
    assert!(home.told(&ask, &"x".repeat(70_000)).ends_with(7).err.contains("64 KiB"));
    home.run(&["ask", "--space", "help", "--title", "T", "no-such-file.md"]).ends_with(7);
    home.run(&["ask", "--space", "help", "--title", "T", "--key", "two words", "x"]).ends_with(2);
    assert!(home.run(&["ask", "--token", "x"]).ends_with(2).err.contains("Usage"));
}

#[test]
fn an_export_goes_on_where_it_stopped() {
    let home = Home::new();
    let _server = signed_in(&home, "octavia");
    let space = home.asks(&["spaces"])["spaces"][0]["id"].as_str().unwrap().to_owned();
    let dir = home.path().join("out");
    let export = ["export", "space", &space, "--dir", dir.to_str().unwrap()];
    let first = home.asks(&export);
    let files: Vec<&str> = first["files"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(!files.is_empty() && first["unchanged"] == 0, "{first}");
    for file in &files {
        let thread = held(&std::fs::read_to_string(dir.join(format!("{file}.json"))).unwrap());
        let text = std::fs::read_to_string(dir.join(format!("{file}.md"))).unwrap();
        assert!(text.starts_with(&format!("# {}\n", thread["thread"]["title"].as_str().unwrap())), "{text}");
    }
    held(&std::fs::read_to_string(dir.join("export.json")).unwrap());
    // Broken off after some: the others are fetched, these are not.
    std::fs::remove_file(dir.join(format!("{}.json", files[0]))).unwrap();
    let second = home.asks(&export);
    assert_eq!(second["unchanged"], files.len() - 1);
    assert_eq!(home.asks(&[&export[..], &["--again"]].concat())["unchanged"], 0);
    let ran = home.run(&["export", "mine"]).ends_with(0);
    assert!(ran.err.lines().all(|line| line.contains('/')), "progress goes to standard error: {}", ran.err);
    for line in home.run(&["--json", "export", "mine"]).ends_with(0).out.lines() {
        let thread = held(line);
        let posts = thread["posts"].as_array().unwrap();
        assert!(!posts.is_empty() && posts.iter().all(|post| post["author"]["username"] == "octavia"), "{thread}");
    }
}

/// One's own posts of a thread are not the thread, and the thread is not one's own posts.
#[test]
fn an_export_knows_whose_posts_a_file_holds() {
    let home = Home::new();
    let _server = signed_in(&home, "octavia");
    let long = |thread: &&Value| thread["last"].as_u64() > Some(1) && thread["author"]["username"] != "octavia";
    let feed = home.asks(&["feed", "--limit", "100"]);
    let id = feed["threads"].as_array().unwrap().iter().find(long).unwrap()["id"].as_str().unwrap().to_owned();
    home.writes(&["reply", &id], "Mine.");
    let dir = home.path().join("out");
    let to = ["--dir", dir.to_str().unwrap()];
    let exports = |what: &[&str]| home.asks(&[&["export"], what, &to].concat());
    let mine = exports(&["mine"]);
    let of_thread = |file: &&Value| file.as_str().unwrap().starts_with(&id);
    let file =
        mine["files"].as_array().unwrap().iter().find(of_thread).expect("a thread of others with a post of mine");
    let held_now = || held(&std::fs::read_to_string(dir.join(format!("{}.json", file.as_str().unwrap()))).unwrap());
    assert_eq!(held_now()["only"], "octavia");
    assert_eq!(exports(&["mine"])["unchanged"], mine["files"].as_array().unwrap().len());
    assert_eq!(exports(&["thread", &id])["unchanged"], 0);
    assert!(held_now()["only"].is_null() && held_now()["posts"].as_array().unwrap().len() > 1);
    assert_eq!(exports(&["thread", &id])["unchanged"], 1);
    exports(&["mine"]);
    assert_eq!((&held_now()["only"], held_now()["posts"].as_array().unwrap().len()), (&"octavia".into(), 1));
}

#[test]
fn shells_and_man_are_told_what_the_parser_knows() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = home.run(&["completions", shell]).ends_with(0).out;
        assert!(script.contains("mark-read") && script.contains("membership"), "{shell}");
    }
    let page = home.run(&["man"]).ends_with(0).out;
    assert!(page.contains(".TH") && page.contains("LYCEUM"), "{page}");
    let dir = home.path().join("man");
    home.run(&["man", "--dir", dir.to_str().unwrap()]).ends_with(0);
    for name in ["lyceum.1", "lyceum-ask.1", "lyceum-inbox-done.1"] {
        assert!(std::fs::read_to_string(dir.join(name)).unwrap().contains(".TH"), "{name}");
    }
}

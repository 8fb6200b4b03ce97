//! Several accounts on one machine: which one a command uses, and a screen beside broken ones.

use super::host::{PASSWORD, Server};
use super::*;
use crate::pty::terminal::Terminal;

/// A server with the invented community, to which these members have signed in, the last one last.
fn signed_in(home: &Home, names: &[&str]) -> Server {
    let server = Server::start(home, &["--demo-content"]);
    let data = home.path().join("server");
    for name in names {
        home.told(&["admin", "password", name, "--data", data.to_str().unwrap()], PASSWORD).ends_with(0);
        home.told(&["login", name, "--community", &server.url], PASSWORD).ends_with(0);
    }
    server
}

fn listed(home: &Home) -> Vec<String> {
    let text = std::fs::read_to_string(home.path().join("data/accounts.toml")).unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix("username = "))
        .map(|name| name.trim_matches('"').to_owned())
        .collect()
}

fn who(ran: Ran) -> String {
    held(&ran.ends_with(0).out)["username"].as_str().unwrap().to_owned()
}

#[test]
fn one_of_several_accounts_is_chosen_by_its_name() {
    let home = Home::new();
    let server = signed_in(&home, &["octavia", "ada"]);
    assert_eq!(who(home.run(&["--json", "whoami"])), "ada");
    assert_eq!(who(home.run(&["--json", "whoami", "--account", "octavia"])), "octavia");
    assert_eq!(who(home.run(&["--json", "whoami", "--account", "octavia", "--community", &server.url])), "octavia");
    let by_variable = home.command(&["--json", "whoami"]).env("LYCEUM_ACCOUNT", "octavia").output().unwrap();
    assert_eq!(who(Ran::new(by_variable)), "octavia");
    let list = home.run(&["accounts"]).ends_with(0).out;
    let lines: Vec<&str> = list.lines().collect();
    assert!(lines[0].starts_with("* ada ") && lines[1].starts_with("  octavia "), "{list}");
    let list = home.run(&["accounts", "--json", "--account", "octavia"]).ends_with(0).out;
    let list = held(&list)["accounts"].clone();
    let expected = |name: &str, in_use: bool| serde_json::json!({ "community": server.url, "username": name, "vault": "file", "in_use": in_use });
    assert_eq!(list, serde_json::json!([expected("ada", false), expected("octavia", true)]));
    // Signing one out leaves the other.
    home.run(&["logout", "--account", "octavia"]).ends_with(0);
    assert!(home.run(&["accounts"]).out.contains("signed out"));
    home.run(&["whoami", "--account", "octavia"]).ends_with(4);
    assert_eq!(who(home.run(&["--json", "whoami", "--account", "ada"])), "ada");
    // A name that is about to sign in need not be known.
    let ran = home.told(&["login", "--account", "nobody-here"], PASSWORD).ends_with(4);
    assert!(ran.err.contains("wrong"), "{}", ran.err);
}

#[test]
fn a_name_that_nobody_has_here_gets_a_suggestion() {
    let home = Home::new();
    assert!(home.run(&["accounts"]).ends_with(0).err.contains("lyceum login"));
    let none = held(&home.run(&["accounts", "--json"]).ends_with(0).out);
    assert_eq!(none["accounts"], serde_json::json!([]));
    home.write("data/accounts.toml", "[[account]]\norigin = \"https://guild.example\"\nusername = \"octavia\"\n");
    let ran = home.run(&["whoami", "--account", "octavai"]).ends_with(6);
    assert!(ran.err.contains("Did you mean “octavia”?"), "{}", ran.err);
    let ran = home.run(&["logout", "--account", "linus", "--community", "https://guild.example"]).ends_with(6);
    assert!(ran.err.contains("no account “linus” at https://guild.example here. `lyceum accounts`"), "{}", ran.err);
    let told = home.command(&["whoami", "--account", "octavai"]).env("LANG", "zh_CN.UTF-8").output().unwrap();
    assert!(Ran::new(told).err.contains("是不是想写“octavia”"));
    home.run(&["accounts", "--account", "octavai"]).ends_with(6);
}

/// One community never answers, one has no address, one account's store is damaged: the one in front is as complete as
/// alone, and the screen goes on.
#[test]
fn broken_neighbours_stop_nobody() {
    let home = Home::new();
    let server = signed_in(&home, &["octavia", "ada"]);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", silent.local_addr().unwrap());
    let list = home.path().join("data/accounts.toml");
    let mut text = std::fs::read_to_string(&list).unwrap();
    for (origin, name) in [(silent.as_str(), "grace"), ("htp:/nowhere", "linus")] {
        text += &format!("\n[[account]]\norigin = \"{origin}\"\nusername = \"{name}\"\nvault = \"file\"\n");
    }
    std::fs::write(&list, text).unwrap();
    let shelf = server.url.replace(['/', ':'], "_");
    let store = home.path().join("state/communities").join(shelf).join("octavia.db");
    std::fs::create_dir_all(store.parent().unwrap()).unwrap();
    let nonsense = b"this is no database, and somebody may want it back ".repeat(100);
    std::fs::write(&store, &nonsense).unwrap();

    let mut terminal = Terminal::lyceum(&[], home.path(), &[("LYCEUM_VAULT", "file")]);
    terminal.wait_for("the feed of ada", |screen| {
        screen.contains("Rust Guild 1/4")
            && screen.contains("ada ")
            && screen.contains("live")
            && screen.contains("answers")
    });
    terminal.type_keys("\x14");
    terminal.wait_for("how all stand", |screen| {
        let wanted = ["octavia", "cannot be", "grace", "connecting", "linus", "failed"];
        wanted.iter().all(|text| screen.contains(text))
    });
    // One whose store is damaged works all the same.
    terminal.type_keys("j\r");
    terminal.wait_for("the feed of octavia", |screen| screen.contains("Rust Guild 2/4") && screen.contains("answers"));
    assert_eq!(std::fs::read(&store).unwrap(), nonsense, "it is left as it is");
    // Taken away, with what is kept of it.
    terminal.type_keys("\x14x");
    terminal.wait_for("a question", |screen| screen.contains("Take octavia at"));
    terminal.type_keys("y");
    terminal.wait_for("another question", |screen| screen.contains("Delete what is kept"));
    terminal.type_keys("y");
    terminal.wait_for("three are left", |screen| screen.contains("Rust Guild 1/3") && screen.contains("no longer on"));
    terminal.type_keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
    assert_eq!(listed(&home), ["ada", "grace", "linus"]);
    assert!(!store.exists(), "what was kept is still there");
    assert_eq!(std::fs::read_dir(home.path().join("data/vault")).unwrap().count(), 1, "tokens were left in the vault");
}

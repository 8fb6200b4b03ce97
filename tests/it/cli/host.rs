//! A server as a host starts it, and members who sign in to it.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout};

use super::*;

#[cfg(target_os = "linux")]
mod keyrings;
mod vaults;

pub(super) const PASSWORD: &str = "a long enough pass phrase";

/// A running `lyceum serve`. Ended with the test, also when that fails.
pub(super) struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    pub(super) url: String,
}

impl Server {
    pub(super) fn start(home: &Home, arguments: &[&str]) -> Self {
        let data = home.path().join("server");
        let mut all = vec!["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
        all.extend(arguments);
        let mut child = home.command(&all).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut url = String::new();
        out.read_line(&mut url).unwrap();
        Self { child, out, url: url.trim_end().to_owned() }
    }

    /// Ends it at once: from now on nobody answers there.
    pub(super) fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn owner(home: &Home, name: &str) {
    let data = home.path().join("server");
    let data = data.to_str().unwrap();
    home.run(&["admin", "owner", name, "--data", data]).ends_with(0);
    home.told(&["admin", "password", name, "--data", data], PASSWORD).ends_with(0);
}

#[test]
fn a_server_says_where_it_is_and_stops_when_told() {
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::INT] {
        let home = Home::new();
        let mut server = Server::start(&home, &[]);
        assert!(server.url.starts_with("http://127.0.0.1:") && !server.url.ends_with(":0"), "{}", server.url);
        let found = home.run(&["--json", "doctor", "--community", &server.url]).ends_with(0);
        assert!(found.out.contains(&format!("{}: Lyceum", server.url)), "{}", found.out);
        server.signal(signal);
        assert_eq!(server.child.wait().unwrap().code(), Some(0));
        let mut rest = String::new();
        server.out.read_line(&mut rest).unwrap();
        assert_eq!(rest, "", "only the address goes to standard output");
    }
}

#[test]
fn a_port_in_use_is_an_error_and_not_a_server() {
    let home = Home::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = home.path().join("server");
    let ran = home.run(&["serve", "--listen", &address, "--data", data.to_str().unwrap()]).ends_with(7);
    assert!(ran.out.is_empty() && ran.err.contains(&address), "{ran:#?}");
}

#[test]
fn from_login_to_logout() {
    let home = Home::new();
    let server = Server::start(&home, &[]);
    let url = &server.url;
    owner(&home, "octavia");
    let nobody = home.run(&["whoami", "--community", url]).ends_with(4);
    assert!(nobody.err.contains("Nobody is signed in."), "{nobody:#?}");
    let wrong = home.told(&["login", "octavia", "--community", url], "not the pass phrase").ends_with(4);
    assert!(wrong.out.is_empty(), "{wrong:#?}");
    let ran = home.told(&["login", "octavia", "--community", url], PASSWORD).ends_with(0);
    assert!(ran.out.contains("kept in a file") && ran.err.contains("kept unencrypted in"), "{ran:#?}");
    for folder in ["data", "state"] {
        let mode = std::fs::metadata(home.path().join(folder)).unwrap();
        let mode = std::os::unix::fs::MetadataExt::mode(&mode) & 0o777;
        assert_eq!(mode, 0o700, "{folder} is open to others");
    }
    assert!(!format!("{ran:?}").contains(PASSWORD));
    // From here on the community need not be named.
    let ran = home.run(&["--json", "whoami"]).ends_with(0);
    let me = held(&ran.out);
    assert_eq!((&me["username"], &me["role"]), (&"octavia".into(), &"owner".into()));
    assert_eq!((&me["community"], &me["vault"]), (&url.as_str().into(), &"file".into()));
    let vault = home.path().join("data/vault");
    let file = std::fs::read_dir(&vault).unwrap().next().unwrap().unwrap().path();
    let mode = |mode| std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    mode(0o644);
    let ran = home.run(&["whoami"]).ends_with(4);
    assert!(ran.err.contains(&format!("chmod 600 {}", file.display())), "{}", ran.err);
    mode(0o600);
    home.run(&["logout"]).ends_with(0);
    assert!(home.run(&["tokens"]).ends_with(4).err.contains("Nobody is signed in."));
    home.run(&["logout"]).ends_with(4);
    // One that was ended elsewhere has ended.
    home.told(&["login", "octavia"], PASSWORD).ends_with(0);
    home.told(&["admin", "password", "octavia", "--data", home.path().join("server").to_str().unwrap()], PASSWORD)
        .ends_with(0);
    assert!(home.run(&["sessions"]).ends_with(4).err.contains("Your session has ended."));
    let left = std::fs::read_dir(&vault).unwrap().count();
    assert_eq!(left, 0, "tokens were left in the vault");
}

#[test]
fn an_owner_gives_roles() {
    let home = Home::new();
    let server = Server::start(&home, &["--demo-content"]);
    let data = home.path().join("server");
    for (name, code) in [("octavia", 0), ("ada", 0), ("nobody-here", 6)] {
        home.told(&["admin", "password", name, "--data", data.to_str().unwrap()], PASSWORD).ends_with(code);
    }
    home.told(&["login", "ada", "--community", &server.url], PASSWORD).ends_with(0);
    home.run(&["admin", "role", "noor", "expert"]).ends_with(5);
    home.told(&["login", "octavia"], PASSWORD).ends_with(0);
    let ran = home.run(&["admin", "role", "noor", "expert"]).ends_with(0);
    assert_eq!(ran.out, "noor is now expert.\n");
    home.run(&["admin", "role", "nobody-here", "expert"]).ends_with(6);
    home.run(&["admin", "role", "noor", "emperor"]).ends_with(2);
}

#[test]
fn a_second_factor_that_was_lost_is_taken_away_at_the_machine() {
    let home = Home::new();
    owner(&home, "octavia");
    let data = home.path().join("server");
    let end = |name: &str| home.run(&["admin", "end-second-factor", name, "--data", data.to_str().unwrap()]);
    assert_eq!(end("octavia").ends_with(0).out, "octavia had no second factor. Nothing was changed.\n");
    end("nobody-here").ends_with(6);
}

/// The input has ended: whoever asked for the password would fail by that.
#[test]
fn a_token_hears_that_it_may_not_before_a_password_is_asked_for() {
    let home = Home::new();
    let server = Server::start(&home, &[]);
    owner(&home, "octavia");
    home.told(&["login", "octavia", "--community", &server.url], PASSWORD).ends_with(0);
    let token = home.run(&["tokens", "new", "script", "--may", "write"]).ends_with(0).out;
    for act in ["on", "off", "codes"] {
        let asked = |home: &Home, token: Option<&str>| {
            let mut command = home.command(&["second-factor", act, "--community", &server.url]);
            Ran::new(command.envs(token.map(|token| ("LYCEUM_TOKEN", token))).output().unwrap())
        };
        let refused = asked(&home, Some(token.trim_end())).ends_with(5);
        assert!(refused.err.contains("A personal access token may not do that."), "{act}: {refused:#?}");
        let session = asked(&home, None).ends_with(1);
        assert!(session.err.contains("Nothing to read"), "{act}: {session:#?}");
    }
}

#[test]
fn a_token_from_the_environment_is_used_and_not_kept() {
    let home = Home::new();
    let server = Server::start(&home, &[]);
    for words in [&["whoami"][..], &["sessions"], &["tokens"], &["second-factor"], &["admin", "role", "ada", "expert"]]
    {
        let arguments = [words, &["--community", &server.url]].concat();
        let ran = home.command(&arguments).env("LYCEUM_TOKEN", "made-up").output().unwrap();
        let ran = Ran::new(ran).ends_with(4);
        assert!(!format!("{ran:?}").contains("made-up") && ran.err.contains("The token in LYCEUM_TOKEN"), "{ran:#?}");
        // Nobody has no session that could have ended.
        let nobody = home.run(&arguments).ends_with(4);
        assert!(nobody.err.contains("Nobody is signed in."), "{nobody:#?}");
    }
    assert!(!home.path().join("data").exists(), "something was kept");
}

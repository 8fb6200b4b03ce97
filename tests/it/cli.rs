//! The program as somebody types it: the real binary, folders of its own, exit codes.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

#[cfg(all(unix, feature = "server"))]
mod accounts;
#[cfg(all(unix, feature = "server"))]
mod attaching;
mod config;
#[cfg(all(unix, feature = "server"))]
mod host;
mod network;
#[cfg(all(unix, feature = "server"))]
mod plain;
#[cfg(all(unix, feature = "server"))]
mod schema;
#[cfg(all(unix, feature = "server"))]
mod scripting;

#[cfg(all(unix, feature = "server"))]
use schema::held;

/// Without schemas, for they come with the server: a document as it is.
#[cfg(not(all(unix, feature = "server")))]
fn held(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

/// What the doctor found under a name.
fn found<'a>(document: &'a serde_json::Value, name: &str) -> &'a str {
    let all = document["findings"].as_array().unwrap();
    let found = all.iter().find(|finding| finding["name"] == name).unwrap_or_else(|| panic!("no {name}: {document}"));
    found["value"].as_str().unwrap()
}

/// A home of its own and the binary that lives in it.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lyceum"));
        command.env_clear().env("LYCEUM_HOME", self.path()).env("LANG", "en_US.UTF-8").env("LYCEUM_VAULT", "file");
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::new(self.command(arguments).output().unwrap())
    }

    /// Runs with a line on standard input.
    fn told(&self, arguments: &[&str], line: &str) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
        Ran::new(child.wait_with_output().unwrap())
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// What came of a run.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn new(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}

#[test]
fn what_nobody_knows_is_refused_with_the_code_for_usage() {
    let home = Home::new();
    for arguments in [&["--no-such-flag"][..], &["no-such-command"], &["login", "ada", "--password", "hush"]] {
        let ran = home.run(arguments).ends_with(2);
        assert!(ran.out.is_empty() && ran.err.contains("Usage"), "{ran:#?}");
    }
    assert!(home.run(&["--version"]).ends_with(0).out.starts_with("lyceum "));
}

#[test]
fn a_fault_in_the_settings_is_named_with_its_line() {
    let home = Home::new();
    home.write("config/config.toml", "[screen]\nthem = \"dark\"\n");
    let ran = home.run(&["whoami"]).ends_with(2);
    assert!(ran.err.contains("config.toml:2: there is no setting “them”. Did you mean “theme”?"), "{}", ran.err);
    let ran = home.run(&["doctor"]).ends_with(0);
    assert!(ran.out.contains("Did you mean “theme”?"), "{}", ran.out);
    let ran = home.command(&["whoami"]).env("LANG", "zh_CN.UTF-8").output().unwrap();
    assert!(Ran::new(ran).ends_with(2).err.contains("没有“them”这个设置"));
}

#[test]
fn a_wrong_flag_is_told_in_the_readers_language() {
    let home = Home::new();
    let told = |arguments: &[&str]| {
        let ran = home.command(arguments).env("LANG", "zh_CN.UTF-8").output().unwrap();
        Ran::new(ran)
    };
    let ran = told(&["serve", "--listen", "localhost"]).ends_with(2);
    assert_eq!(ran.err, "lyceum: --listen：这里要写地址和端口，例如 127.0.0.1:7878。\n");
    let ran = told(&["whoami", "--community", "http://guild.example"]).ends_with(7);
    assert!(ran.err.contains("请改用 https"), "{}", ran.err);
}

#[test]
fn help_and_faults_speak_the_language_of_the_reader() {
    let home = Home::new();
    let chinese = |arguments: &[&str], name: &str, value: &str| {
        Ran::new(home.command(arguments).env(name, value).output().unwrap())
    };
    for (name, value) in [("LANG", "zh_CN.UTF-8"), ("LYCEUM_LANGUAGE", "zh-CN")] {
        let help = chinese(&["login", "--help"], name, value).ends_with(0);
        assert!(help.out.contains("用法: lyceum login [选项] [名称]") && !help.out.contains("Usage"), "{help:#?}");
        let wrong = chinese(&["whoam"], name, value).ends_with(2);
        assert!(wrong.err.starts_with("lyceum: 没有“whoam”这个命令。是不是想写“whoami”？\n用法: "), "{wrong:#?}");
    }
    home.write("config/config.toml", "[client]\nlanguage = \"zh-CN\"\n");
    assert!(home.run(&["-h"]).ends_with(0).out.contains("退出登录"));
    let wrong = home.run(&["--json", "whoam"]).ends_with(2);
    let error: serde_json::Value = serde_json::from_str(&wrong.err).unwrap();
    assert_eq!(error["error"]["code"], 2);
}

#[test]
fn where_to_is_asked_before_anything_else() {
    let home = Home::new();
    assert!(home.run(&["whoami"]).ends_with(7).err.contains("--community"));
    let plain = home.run(&["whoami", "--community", "http://guild.example"]).ends_with(7);
    assert!(plain.err.contains("plain http is for this machine only"), "{}", plain.err);
    assert!(home.run(&[]).ends_with(7).err.contains("needs a terminal"));
}

#[test]
fn a_community_that_is_not_there_has_a_code_of_its_own() {
    let home = Home::new();
    // A port that was free a moment ago: nobody answers there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let ran = home.told(&["--json", "login", "ada", "--community", &url], "a password of mine").ends_with(3);
    let error: serde_json::Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!(error["error"]["code"], 3);
    assert!(!ran.err.contains("a password of mine"));
}

#[test]
fn the_doctor_says_what_it_found_and_no_secret() {
    let home = Home::new();
    let mut command = home.command(&["--json", "doctor"]);
    let output = command
        .env("TERM", "tmux-256color")
        .env("TMUX", "/tmp/tmux-0/default,1,0")
        .env("SSH_TTY", "/dev/pts/0")
        .env("LYCEUM_TOKEN", "very-secret-token")
        .output()
        .unwrap();
    let ran = Ran::new(output).ends_with(0);
    assert!(!ran.out.contains("very-secret-token") && ran.err.is_empty(), "{ran:#?}");
    let document = held(&ran.out);
    let of = |name: &str| found(&document, name);
    assert_eq!((of("colors"), of("term")), ("256 (TERM)", "tmux-256color"));
    assert_eq!((of("ssh"), of("multiplexer")), ("yes (SSH_TTY)", "tmux (TMUX)"));
    assert_eq!(of("clipboard"), "OSC 52, which tmux takes with set-clipboard on (over SSH)");
    let kept = home.command(&["doctor"]).env("LYCEUM_CLIPBOARD", "off").env("TERM", "xterm").output().unwrap();
    let text = Ran::new(kept).ends_with(0).out;
    let line = |name: &str| text.lines().find(|line| line.starts_with(name)).map(|line| line[name.len()..].trim());
    assert_eq!(
        (line("clipboard "), line("notifications ")),
        (Some("none (set in config)"), Some("bell (not known to show more)"))
    );
    assert_eq!((of("vault file"), of("community")), ("works", "none"));
}

#[cfg(not(feature = "server"))]
#[test]
fn a_client_only_build_says_that_it_has_no_server() {
    let home = Home::new();
    for arguments in [&["serve"][..], &["demo"], &["admin", "owner", "ada"], &["admin", "password", "ada"]] {
        assert!(home.run(arguments).ends_with(10).err.contains("client only"));
    }
    assert!(!home.run(&["--help"]).ends_with(0).out.contains("serve"));
}

#[test]
fn a_password_that_never_comes_is_said_in_the_readers_language() {
    let home = Home::new();
    let nowhere = ["login", "ada", "--community", "http://127.0.0.1:9"];
    let ran = home.command(&nowhere).env("LANG", "zh_CN.UTF-8").stdin(std::process::Stdio::null()).output().unwrap();
    let ran = Ran::new(ran);
    assert!(ran.err.contains("没有读到内容"), "{}", ran.err);
}

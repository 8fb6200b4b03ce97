//! Where the tokens of somebody who signs in are put, read and forgotten, on the real program without a keyring.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::*;
use crate::pty::terminal::Terminal;

/// How every token of a server begins.
pub(super) const TOKEN: &str = "lyc_";

/// A server with one account, apart from the homes of those who sign in.
pub(super) struct Guild {
    pub(super) url: String,
    _server: Server,
    _home: Home,
}

impl Guild {
    pub(super) fn open() -> Self {
        let home = Home::new();
        let server = Server::start(&home, &[]);
        owner(&home, "octavia");
        Self { url: server.url.clone(), _server: server, _home: home }
    }
}

/// Every file below that holds a token in plain text.
pub(super) fn plain(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                let bytes = std::fs::read(&path).unwrap();
                let holds = bytes.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes());
                found.extend(holds.then_some(path));
            }
        }
    }
    found
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Somebody whose keyring is not there.
pub(super) struct Seat {
    pub(super) home: Home,
    environment: Vec<(&'static str, String)>,
}

impl Seat {
    pub(super) fn new(vault: &str) -> Self {
        let home = Home::new();
        let nowhere = format!("unix:path={}", home.path().join("no-bus").display());
        let environment = vec![("LYCEUM_VAULT", vault.to_owned()), ("DBUS_SESSION_BUS_ADDRESS", nowhere)];
        Self { home, environment }
    }

    pub(super) fn set(&mut self, name: &'static str, value: &str) {
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.to_owned()));
    }

    /// A file with this passphrase.
    fn passphrase(&mut self, text: &str) -> PathBuf {
        let file = self.home.path().join("passphrase");
        self.home.write("passphrase", text);
        chmod(&file, 0o600);
        self.set("LYCEUM_PASSPHRASE_FILE", file.to_str().unwrap());
        file
    }

    pub(super) fn run(&self, arguments: &[&str], line: &str) -> Ran {
        let mut command = self.home.command(arguments);
        command.envs(self.environment.iter().map(|(name, value)| (name, value))).stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may end without reading.
        let _ = writeln!(child.stdin.take().unwrap(), "{line}");
        Ran::new(child.wait_with_output().unwrap())
    }

    /// Runs where a crash would leave as large a core file as the machine allows.
    fn with_cores(&self, arguments: &[&str]) -> Ran {
        let lyceum = self.home.command(arguments);
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -S -c \"$(ulimit -H -c)\"; exec \"$@\"", "sh"]).arg(lyceum.get_program());
        command.args(arguments).env_clear().stdin(Stdio::null());
        command.envs(lyceum.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.envs(self.environment.iter().map(|(name, value)| (name, value))).env("PATH", "/usr/bin:/bin");
        Ran::new(command.output().unwrap())
    }

    pub(super) fn sign_in(&self, url: &str) -> Ran {
        self.run(&["login", "octavia", "--community", url], PASSWORD)
    }

    fn vault(&self) -> PathBuf {
        self.home.path().join("data/vault")
    }

    fn kept(&self) -> Vec<PathBuf> {
        let Ok(folder) = std::fs::read_dir(self.vault()) else { return Vec::new() };
        folder.map(|entry| entry.unwrap().path()).filter(|path| !path.ends_with("key.json")).collect()
    }

    fn terminal(&self, arguments: &[&str]) -> Terminal {
        let environment: Vec<(&str, &str)> =
            self.environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Terminal::lyceum(arguments, self.home.path(), &environment)
    }
}

#[test]
fn without_consent_nothing_is_written_in_plain_text() {
    let guild = Guild::open();
    let seat = Seat::new("auto");
    let ran = seat.sign_in(&guild.url).ends_with(1);
    assert!(ran.out.is_empty() && ran.err.contains("so it was ended again"), "{ran:#?}");
    for said in ["the system's keyring is not available", "needs a passphrase", "you have not agreed to"] {
        assert!(ran.err.contains(said), "{said}: {ran:#?}");
    }
    let path = seat.vault();
    assert!(ran.err.contains(path.to_str().unwrap()), "the path is not named: {ran:#?}");
    assert_eq!(plain(seat.home.path()), Vec::<PathBuf>::new());
    // With the flag it is, without being asked; that this finds it shows that it would have been found above.
    let arguments = ["login", "octavia", "--community", &guild.url, "--insecure-storage"];
    let ran = seat.run(&arguments, PASSWORD).ends_with(0);
    assert_eq!(plain(seat.home.path()), seat.kept());
    assert!(ran.err.contains(&format!("unencrypted in {}", seat.kept()[0].display())), "{ran:#?}");
    // The yes is remembered.
    seat.run(&["whoami"], "").ends_with(0);
}

#[test]
fn the_doctor_says_for_whom_plain_files_work() {
    let guild = Guild::open();
    let seat = Seat::new("auto");
    let doctor = || seat.run(&["doctor"], "").ends_with(0).out;
    assert!(doctor().contains("not used: nobody agreed to unencrypted files"), "{}", doctor());
    seat.run(&["login", "octavia", "--community", &guild.url, "--insecure-storage"], PASSWORD).ends_with(0);
    let found = doctor();
    assert!(found.contains("works for the accounts below that are kept there; for others not used"), "{found}");
}

#[test]
fn a_session_that_nothing_keeps_is_not_left_open_and_a_token_of_ones_own_is() {
    let guild = Guild::open();
    Seat::new("auto").sign_in(&guild.url).ends_with(1);
    let seat = Seat::new("file");
    seat.sign_in(&guild.url).ends_with(0);
    let open = seat.run(&["--json", "sessions"], "").ends_with(0).out;
    let open = held(&open);
    assert_eq!(open["sessions"].as_array().unwrap().len(), 1, "{open}");
    let token = seat.run(&["tokens", "new", "nightly"], "").ends_with(0).out;
    let login = ["login", "--token-stdin", "--community", &guild.url];
    let ran = Seat::new("memory").run(&login, token.trim()).ends_with(1);
    assert!(ran.err.contains("It works on") && !ran.err.contains(token.trim()), "{ran:#?}");
    let open = seat.run(&["--json", "tokens"], "").ends_with(0).out;
    assert!(open.contains("nightly"), "{open}");
}

#[test]
fn what_a_program_needs_to_end_a_token_comes_with_it() {
    let guild = Guild::open();
    let seat = Seat::new("file");
    seat.sign_in(&guild.url).ends_with(0);
    let made = seat.run(&["--json", "tokens", "new", "weekly", "--may", "write"], "").ends_with(0).out;
    let made = held(&made);
    assert_eq!(made["scopes"], serde_json::json!(["read", "write"]));
    assert!(made["until"].is_string() && made["token"].is_string(), "{made}");
    seat.run(&["tokens", "end", made["id"].as_str().unwrap()], "").ends_with(0);
}

#[test]
fn a_token_in_a_file_is_its_owners_alone_or_is_not_used() {
    let guild = Guild::open();
    let seat = Seat::new("file");
    seat.sign_in(&guild.url).ends_with(0);
    let file = seat.home.path().join("token");
    std::fs::write(&file, seat.run(&["tokens", "new", "nightly"], "").ends_with(0).out).unwrap();
    let login = ["login", "--community", &guild.url, "--token-file", file.to_str().unwrap()];
    for (mode, code) in [(0o644, 7), (0o620, 7), (0o600, 0)] {
        chmod(&file, mode);
        let ran = Seat::new("file").run(&login, "").ends_with(code);
        assert_eq!(ran.err.contains(&format!("chmod 600 {}", file.display())), code != 0, "{ran:#?}");
    }
}

#[test]
fn on_a_terminal_the_person_decides() {
    let guild = Guild::open();
    let login = ["login", "octavia", "--community", guild.url.as_str()];
    let ask = |answers: &[(&str, &str)], code: u32| {
        let seat = Seat::new("auto");
        let mut terminal = seat.terminal(&login);
        let mut seen = 0;
        for (question, answer) in answers {
            let said = terminal.wait_for_bytes(question, |bytes| bytes[seen..].contains(question));
            seen = said.len();
            terminal.type_keys(format!("{answer}\r"));
        }
        assert_eq!(terminal.exit_code(), code);
        (terminal.wait_for_bytes("what came of it", |bytes| bytes.contains("igned in")), seat)
    };
    let first = [("Password of", PASSWORD), ("choose a passphrase", "")];
    let (said, seat) = ask(&[first[0], first[1], ("y/N", "n")], 1);
    assert!(said.contains("Not signed in") && plain(seat.home.path()).is_empty(), "{said}");
    let (_, seat) = ask(&[first[0], first[1], ("y/N", "")], 1);
    assert!(plain(seat.home.path()).is_empty(), "enter alone was taken for a yes");
    let (said, seat) = ask(&[first[0], first[1], ("y/N", "y")], 0);
    let path = seat.kept().remove(0);
    assert_eq!(plain(seat.home.path()), std::slice::from_ref(&path));
    let asked = said.split_whitespace().collect::<String>();
    assert!(asked.contains(&format!("unencryptedin{}", path.display())), "another path was named: {said}");
    let (said, seat) = ask(&[first[0], ("choose a passphrase", "open sesame"), ("again", "open sesame")], 0);
    assert!(said.contains("kept encrypted in") && !said.contains("open sesame"), "{said}");
    assert!(plain(seat.home.path()).is_empty());
    // In the next run the passphrase opens it, and nothing else does.
    for (answer, code) in [("open sesame", 0), ("open", 4)] {
        let mut terminal = seat.terminal(&["whoami"]);
        let tries = if code == 0 { 1 } else { 3 };
        for n in 1..=tries {
            terminal.wait_for_bytes("the question", |bytes| bytes.matches("Passphrase of").count() == n);
            terminal.type_keys(format!("{answer}\r"));
        }
        assert_eq!(terminal.exit_code(), code);
    }
}

#[test]
fn an_encrypted_file_opens_with_its_passphrase_and_nothing_else() {
    let guild = Guild::open();
    let mut seat = Seat::new("auto");
    let file = seat.passphrase("open sesame\n");
    let ran = seat.sign_in(&guild.url).ends_with(0);
    assert!(ran.out.contains("kept encrypted in"), "{ran:#?}");
    assert_eq!(plain(seat.home.path()), Vec::<PathBuf>::new());
    let modes: BTreeSet<u32> = std::fs::read_dir(seat.vault())
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    assert_eq!(modes, BTreeSet::from([0o600]));
    seat.run(&["whoami"], "").ends_with(0);
    let status = seat.run(&["--json", "auth", "status"], "").ends_with(0);
    let status = held(&status.out);
    let account = &status["accounts"][0];
    assert_eq!((&account["vault"], &account["state"]), (&"encrypted".into(), &"works".into()));
    assert!(account["until"].is_string() && account["access_until"].is_string(), "{account}");
    assert!(!status.to_string().contains(TOKEN) && !status.to_string().contains("sesame"));
    chmod(&file, 0o644);
    let ran = seat.run(&["whoami"], "").ends_with(4);
    assert!(ran.err.contains(&format!("chmod 600 {}", file.display())), "{ran:#?}");
    seat.passphrase("another\n");
    let ran = seat.run(&["whoami"], "").ends_with(4);
    assert!(ran.err.contains("the passphrase of an encrypted file is wrong"), "{ran:#?}");
    // Without anybody to ask it is locked, and that is said instead of "not signed in".
    seat.environment.retain(|(name, _)| *name != "LYCEUM_PASSPHRASE_FILE");
    let ran = seat.run(&["whoami"], "").ends_with(4);
    assert!(ran.err.contains("You are signed in") && ran.err.contains("an encrypted file is locked"), "{ran:#?}");
    let ran = seat.run(&["auth", "status"], "").ends_with(4);
    assert!(ran.out.contains("cannot be read: an encrypted file is locked"), "{ran:#?}");
    // Who signs out needs no passphrase; the community cannot be told without the tokens.
    let ran = seat.run(&["logout"], "").ends_with(0);
    assert!(ran.err.contains("could not be told"), "{ran:#?}");
    assert!(seat.kept().is_empty());
}

#[test]
fn signing_out_reaches_every_place() {
    let guild = Guild::open();
    let mut seat = Seat::new("file");
    seat.sign_in(&guild.url).ends_with(0);
    let left = seat.kept().remove(0);
    let text = std::fs::read(&left).unwrap();
    seat.set("LYCEUM_VAULT", "encrypted");
    seat.passphrase("open sesame");
    seat.sign_in(&guild.url).ends_with(0);
    assert!(!left.exists(), "the tokens of before were left in plain text");
    // As if an older Lyceum had left them.
    std::fs::write(&left, text).unwrap();
    chmod(&left, 0o600);
    seat.run(&["logout"], "").ends_with(0);
    assert_eq!(seat.kept(), Vec::<PathBuf>::new());
    assert_eq!(plain(seat.home.path()), Vec::<PathBuf>::new());
    // What could not be forgotten is told, and the end is no good one.
    seat.set("LYCEUM_VAULT", "file");
    seat.sign_in(&guild.url).ends_with(0);
    let file = seat.kept().remove(0);
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir_all(file.join("in the way")).unwrap();
    let ran = seat.run(&["logout"], "").ends_with(1);
    assert!(ran.err.contains("may still be kept") && ran.err.contains(file.to_str().unwrap()), "{ran:#?}");
}

#[test]
fn leaving_without_a_line_says_until_when_the_session_may_live() {
    let guild = Guild::open();
    let seat = Seat::new("file");
    seat.sign_in(&guild.url).ends_with(0);
    drop(guild);
    let ran = seat.run(&["logout"], "").ends_with(0);
    assert!(ran.err.contains("may live there until 20"), "{ran:#?}");
    assert!(ran.err.contains("Windows that are open with this account stay signed in"), "{ran:#?}");
    assert!(seat.kept().is_empty());
}

#[test]
fn a_token_by_command_is_used_and_kept_nowhere() {
    let guild = Guild::open();
    let signed_in = Seat::new("file");
    signed_in.sign_in(&guild.url).ends_with(0);
    let content: serde_json::Value = serde_json::from_slice(&std::fs::read(&signed_in.kept()[0]).unwrap()).unwrap();
    let token = content["secret"].as_str().unwrap().lines().next().unwrap().to_owned();
    let mut seat = Seat::new("auto");
    let (script, seen) = (seat.home.path().join("give.sh"), seat.home.path().join("seen"));
    // What it sees of us: the limit for core files, and what was hidden from it.
    let text = format!(
        "ulimit -S -c > {seen}\necho ${{LYCEUM_PASSPHRASE_FILE:-hidden}} >> {seen}\necho hush >&2\nprintf '{token}\\nmore\\n'\n",
        seen = seen.display()
    );
    std::fs::write(&script, text).unwrap();
    let settings = format!("[client.token_command]\n\"{}\" = \"sh '{}'\"\n", guild.url, script.display());
    seat.home.write("config/config.toml", &settings);
    seat.passphrase("unused");
    let ran = seat.with_cores(&["--json", "whoami", "--community", &guild.url]).ends_with(0);
    assert!(ran.out.contains("octavia") && !format!("{ran:?}").contains("hush"), "{ran:#?}");
    assert_eq!(std::fs::read_to_string(&seen).unwrap(), "0\nhidden\n");
    assert!(!seat.home.path().join("data").exists(), "something was kept");
    let ran = seat.run(&["auth", "status", "--community", &guild.url], "").ends_with(0);
    assert!(ran.out.contains("your token_command (sh)") && !ran.out.contains(TOKEN), "{ran:#?}");
    let ran = seat.run(&["login", "octavia", "--community", &guild.url], PASSWORD).ends_with(1);
    assert!(ran.err.contains("gives a token and takes none"), "{ran:#?}");
    // It is for one community: another gets nothing of it.
    let other = Guild::open();
    std::fs::remove_file(&seen).unwrap();
    let ran = seat.run(&["whoami", "--community", &other.url], "").ends_with(4);
    assert!(ran.err.contains("Nobody is signed in") && !seen.exists(), "{ran:#?}");
    seat.home.write("config/config.toml", &settings.replace("sh '", "false '"));
    let ran = seat.run(&["whoami", "--community", &guild.url], "").ends_with(4);
    assert!(ran.err.contains("your token_command refused"), "{ran:#?}");
}

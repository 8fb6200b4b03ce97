//! Keyrings that are broken in every way one knows of, and one that works, under the real program: the right word each
//! time, never a wait without end, never plain text.
//!
//! What needs a D-Bus and gnome-keyring is ignored where these may be missing; `.ci/run keyring` installs and runs them.

use std::time::{Duration, Instant};

use super::vaults::{Guild, TOKEN, plain};
use super::*;

/// The longest that anything may take beyond what the same takes without a keyring.
const LONGEST: Duration = Duration::from_millis(3500);

/// After so long a run is ended, and the test with it.
const HANGS: Duration = Duration::from_secs(30);

/// A bus without any service: none is installed, as far as it knows.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>SERVICES
<policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/>DENIED</policy></busconfig>
"#;

/// How the machine is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Broken {
    NoBus,
    NoProvider,
    Locked,
    Silent,
    NoKeyring,
    Refused,
    FullDisk,
    LooseFile,
    ForeignFile,
}

/// A seat on a machine of this kind.
struct Machine {
    broken: Broken,
    home: Home,
    _socket: Option<std::os::unix::net::UnixListener>,
}

impl Machine {
    fn new(broken: Broken) -> Self {
        let home = Home::new();
        let socket = home.path().join("dead-bus");
        // It accepts, by way of its queue, and never answers.
        let socket = (broken == Broken::Silent).then(|| std::os::unix::net::UnixListener::bind(socket).unwrap());
        home.write("bus.conf", &BUS.replace("DENIED", "").replace("SERVICES", ""));
        let denied = r#"<deny send_destination="org.freedesktop.secrets"/>"#;
        home.write(
            "denied.conf",
            &BUS.replace("DENIED", denied).replace("SERVICES", "<standard_session_servicedirs/>"),
        );
        Self { broken, home, _socket: socket }
    }

    /// What comes before the program: a bus, a keyring, a small disk.
    fn around(&self, script: &str) -> Vec<String> {
        let start = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; ";
        let config = |name: &str| format!("--config-file={}", self.home.path().join(name).display());
        let bus = |options: &[String], before: &str| {
            let all = ["dbus-run-session".to_owned()].into_iter().chain(options.iter().cloned());
            let script = format!("{before}{script}");
            all.chain(["--", "sh", "-c", &script, "sh"].map(str::to_owned)).collect::<Vec<_>>()
        };
        match self.broken {
            Broken::NoProvider => bus(&[config("bus.conf")], ""),
            Broken::Refused => bus(&[config("denied.conf")], ""),
            Broken::Locked | Broken::NoKeyring => bus(&[], start),
            Broken::FullDisk => {
                let small = "mount -t tmpfs -o size=64k none \"$LYCEUM_HOME\"; ";
                ["unshare", "-rm", "sh", "-c", &format!("{small}{script}"), "sh"].map(str::to_owned).to_vec()
            }
            _ => ["sh", "-c", script, "sh"].map(str::to_owned).to_vec(),
        }
    }

    fn command(&self, words: &[String], arguments: &[&str]) -> Command {
        let mut command = Command::new(&words[0]);
        let home = self.home.path();
        let address = match self.broken {
            Broken::Silent => "dead-bus",
            _ => "no-bus",
        };
        let vault = match self.broken {
            Broken::FullDisk | Broken::LooseFile | Broken::ForeignFile => "file",
            _ => "auto",
        };
        command.args(&words[1..]).arg(env!("CARGO_BIN_EXE_lyceum")).args(arguments).env_clear();
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin").env("LANG", "en_US.UTF-8");
        command.env("HOME", home).env("XDG_RUNTIME_DIR", home).env("LYCEUM_HOME", home.join("lyceum"));
        command.env("LYCEUM_VAULT", vault);
        command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", home.join(address).display()));
        command
    }

    /// Runs the program in a script of its own, `"$@"` being the program; ended when it hangs.
    fn script(&self, script: &str, arguments: &[&str], line: &str) -> (Ran, Duration) {
        std::fs::create_dir_all(self.home.path().join("lyceum")).unwrap();
        let began = Instant::now();
        let mut command = self.command(&self.around(script), arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = writeln!(child.stdin.take().unwrap(), "{line}");
        let id = rustix::process::Pid::from_child(&child);
        let (over, waits) = std::sync::mpsc::channel::<()>();
        let watch = std::thread::spawn(move || {
            if waits.recv_timeout(HANGS).is_err() {
                let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
            }
        });
        let ran = Ran::new(child.wait_with_output().unwrap());
        drop(over);
        let _ = watch.join();
        (ran, began.elapsed())
    }

    /// Somebody who was signed in before whatever broke, as far as the list of accounts tells.
    fn was_signed_in(&self, url: &str) {
        let account = format!("[[account]]\norigin = \"{url}\"\nusername = \"octavia\"\nvault = \"keyring\"\n");
        self.home.write("lyceum/data/accounts.toml", &account);
    }

    fn kept(&self) -> std::path::PathBuf {
        let folder = self.home.path().join("lyceum/data/vault");
        std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
    }
}

/// What was said, as far as it matters.
struct Cell {
    code: i32,
    says: &'static str,
}

const fn cell(code: i32, says: &'static str) -> Cell {
    Cell { code, says }
}

/// What must come of signing in, reading, signing out.
fn wanted(broken: Broken) -> [Cell; 3] {
    let absent = "the system's keyring is not available here";
    match broken {
        Broken::NoBus | Broken::NoProvider => [cell(1, absent), cell(4, absent), cell(1, absent)],
        Broken::Locked => [cell(1, "keyring is locked"), cell(4, "keyring is locked"), cell(1, "keyring is locked")],
        Broken::Silent => {
            [cell(1, "did not answer in time"), cell(4, "did not answer in time"), cell(1, "did not answer in time")]
        }
        Broken::NoKeyring => [
            cell(1, "keyring refused (it has no keyring"),
            cell(4, "should hold your session and does not"),
            cell(0, "could not be told"),
        ],
        Broken::Refused => [cell(1, "keyring refused"), cell(4, "keyring refused"), cell(1, "keyring refused")],
        Broken::FullDisk => [cell(1, "file refused"), cell(0, "octavia"), cell(0, "Signed out")],
        Broken::LooseFile => [cell(1, "chmod 700 "), cell(4, "chmod 600 "), cell(0, "could not be told")],
        Broken::ForeignFile => {
            [cell(1, "belongs to another user"), cell(4, "belongs to another user"), cell(0, "could not be told")]
        }
    }
}

const ACTS: [&str; 3] = ["sign in", "read", "sign out"];

/// Puts a new machine into the state that this act meets, and does it.
fn act(guild: &Guild, broken: Broken, act: usize) -> (Machine, Ran, Duration) {
    let machine = Machine::new(broken);
    let login = ["login", "octavia", "--community", &guild.url];
    let arguments: &[&str] = [&login[..], &["whoami"], &["logout"]][act];
    let vault = machine.home.path().join("lyceum/data/vault");
    match broken {
        // A keyring with the tokens in it, that is locked by the next session.
        Broken::Locked => {
            let unlock = "printf 'ci-pass\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; ";
            let bus = ["dbus-run-session", "--", "sh", "-c", &format!("{unlock}\"$@\""), "sh"].map(str::to_owned);
            let mut command = machine.command(&bus, &login);
            let mut child =
                command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            // The keyring's daemon reads its own line before.
            writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
            let ran = Ran::new(child.wait_with_output().unwrap()).ends_with(0);
            assert!(ran.out.contains("system's keyring"), "{ran:#?}");
        }
        Broken::LooseFile | Broken::ForeignFile => {
            machine.script("exec \"$@\"", &login, PASSWORD).0.ends_with(0);
            let broken_place = if act == 0 { vault } else { machine.kept() };
            if broken == Broken::LooseFile {
                let mode = std::os::unix::fs::PermissionsExt::from_mode(if act == 0 { 0o755 } else { 0o640 });
                std::fs::set_permissions(&broken_place, mode).unwrap();
            } else {
                std::os::unix::fs::chown(&broken_place, Some(4242), None).unwrap();
            }
        }
        Broken::FullDisk if act > 0 => {
            let fill = "dd if=/dev/zero of=\"$LYCEUM_HOME/fill\" 2>/dev/null; exec \"$@\"";
            let script = format!("\"$1\" login octavia --community {} >&2 || exit 99; {fill}", guild.url);
            let (ran, took) = machine.script(&script, arguments, PASSWORD);
            return (machine, ran, took);
        }
        Broken::FullDisk => {
            let script = "mkdir -p \"$LYCEUM_HOME/data\" \"$LYCEUM_HOME/state\"; \
                          dd if=/dev/zero of=\"$LYCEUM_HOME/fill\" 2>/dev/null; exec \"$@\"";
            let (ran, took) = machine.script(script, arguments, PASSWORD);
            return (machine, ran, took);
        }
        _ if act > 0 => machine.was_signed_in(&guild.url),
        _ => {}
    }
    let (ran, took) = machine.script("exec \"$@\"", arguments, PASSWORD);
    (machine, ran, took)
}

fn try_all(kinds: &[Broken]) {
    let guild = Guild::open();
    let usual = [0, 1, 2].map(|n| act(&guild, Broken::NoBus, n).2);
    for broken in kinds {
        for (n, wanted) in wanted(*broken).into_iter().enumerate() {
            let (machine, ran, took) = act(&guild, *broken, n);
            println!("{broken:?}, {}: {} ms (usual {} ms)", ACTS[n], took.as_millis(), usual[n].as_millis());
            let said = format!("{}{}", ran.out, ran.err);
            assert!(said.contains(wanted.says), "{broken:?}, {}: {} in {ran:#?}", ACTS[n], wanted.says);
            assert_eq!(ran.code, Some(wanted.code), "{broken:?}, {}: {ran:#?}", ACTS[n]);
            assert!(!said.contains(TOKEN), "a token was shown: {ran:#?}");
            assert!(took < LONGEST + usual[n], "{broken:?}, {}: took {took:?}", ACTS[n]);
            // Who chose plain files has them where they chose; nobody else has any.
            let by_choice = matches!(broken, Broken::FullDisk | Broken::LooseFile | Broken::ForeignFile);
            let found = plain_of(&machine);
            assert!(by_choice || found.is_empty(), "{broken:?}, {}: plain text in {found:?}", ACTS[n]);
        }
    }
}

fn plain_of(machine: &Machine) -> Vec<std::path::PathBuf> {
    plain(machine.home.path())
}

#[test]
fn what_needs_no_bus_has_its_own_word() {
    try_all(&[Broken::NoBus, Broken::Silent, Broken::LooseFile]);
    if rustix::process::geteuid().is_root() {
        try_all(&[Broken::ForeignFile]);
    }
}

#[test]
#[ignore = "takes D-Bus, gnome-keyring and user namespaces: .ci/run keyring"]
fn what_needs_a_bus_has_its_own_word() {
    try_all(&[Broken::NoProvider, Broken::Locked, Broken::NoKeyring, Broken::Refused, Broken::FullDisk]);
}

#[test]
#[ignore = "takes D-Bus, gnome-keyring and secret-tool: .ci/run keyring"]
fn a_real_keyring_keeps_the_tokens_and_forgets_them() {
    let guild = Guild::open();
    let machine = Machine::new(Broken::NoBus);
    let url = &guild.url;
    let script = format!(
        "printf 'ci-pass\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
         find() {{ secret-tool search --all service 'lyceum {url}' 2>&1; }}
         \"$1\" login octavia --community {url} || exit 10
         find | grep -c 'secret = {TOKEN}'
         find | grep -c 'username = octavia'
         \"$1\" whoami || exit 11
         \"$1\" --json auth status || exit 12
         \"$1\" doctor | grep '^vault keyring'
         \"$1\" logout || exit 13
         echo \"left: $(find | grep -c secret)\"
         \"$1\" whoami; echo \"whoami: $?\""
    );
    let words = ["dbus-run-session", "--", "sh", "-c", &script, "sh"].map(str::to_owned);
    let mut command = machine.command(&words, &[]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    let ran = Ran::new(child.wait_with_output().unwrap()).ends_with(0);
    println!("{}", ran.out);
    assert!(ran.out.contains(&format!("kept in the system's keyring (lyceum {url})")), "{ran:#?}");
    assert!(ran.out.contains("\n1\n1\n"), "secret-tool does not find it: {ran:#?}");
    assert!(ran.out.contains("\"state\":\"works\"") && ran.out.contains("\"vault\":\"keyring\""), "{ran:#?}");
    assert!(ran.out.contains("vault keyring    works"), "{ran:#?}");
    assert!(ran.out.contains("left: 0") && ran.out.contains("whoami: 4"), "{ran:#?}");
    assert_eq!(plain_of(&machine), Vec::<std::path::PathBuf>::new());
}

//! Every hostile payload into every place where other people's text comes out: the screen with its overlays, menus,
//! notices, clipboard, notifications and title; commands, their JSON and failures; panics; the log. What comes out of a
//! real terminal is judged byte by byte. That the judge sees what is not filtered is `judge::unfiltered_text_is_caught`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Arc;

use lyceum::base::paths::Paths;
use lyceum::base::random::SystemRandom;
use lyceum::base::secret::Secret;
use lyceum::base::time::SystemClock;
use lyceum::boot::{logs, panics};
use lyceum::cli::asking::Asking;
use lyceum::cli::doctor::{self, Findings, Kept};
use lyceum::cli::output::{Desk, Failure};
use lyceum::cli::paper::Paper;
use lyceum::cli::{prompt, whoami};
use lyceum::community::memory::{Memory, NOW};
use lyceum::community::{Ends, Error, Kind, Session};
use lyceum::config::client::Log;
use lyceum::config::locale::{Catalog, Language};
use lyceum::config::screen::Notify;
use lyceum::config::terminal::Terminal as Surroundings;
use lyceum::engine::account::Sessions;
use lyceum::engine::problem::{self, explain};
use lyceum::engine::{Engine, Parts};
use lyceum::model::member::Role;
use lyceum::vault;

use super::terminal::Terminal;
use crate::corpus::{Case, cases};
use crate::judge::{Allow, Verdict, judge};
use crate::tui::hostile::{PARTS, windows::wanted};

mod errands;
mod linear;

/// Bytes of a payload that are said. How long a text may be is the filter's own test.
const LONGEST: usize = 512;

/// No string that must not come out did. All came out together: what is part of a real text may have come from there.
#[track_caller]
fn holds_nothing_of(verdict: &Verdict, cases: &[Case]) {
    let is_real = |bad: &str| cases.iter().any(|case| case.is_benign() && case.text.contains(bad));
    for case in cases {
        let left: Vec<&str> = verdict.printed_of(&case.must_not_contain);
        let left: Vec<&str> = left.into_iter().filter(|bad| !is_real(bad)).collect();
        assert!(left.is_empty(), "{}: {left:?}", case.id);
    }
}

/// What a child of `tui::hostile` sent to a terminal, and which windows it drew; judged.
#[track_caller]
fn drawn_by(child: &str, part: usize, cases: &[Case]) -> (Verdict, [usize; 2], BTreeSet<String>) {
    let folder = tempfile::tempdir().unwrap();
    let told = folder.path().join("told");
    let environment = [("LYCEUM_TEST_TOLD", told.to_str().unwrap()), ("LYCEUM_TEST_PART", &part.to_string())];
    let mut terminal = Terminal::unseen(child, &environment);
    terminal.resize(100, 30);
    let bytes = terminal.whole("that was all");
    assert_eq!(terminal.exit_code(), 0);
    let verdict = judge(&bytes, Allow { clipboard: true, notices: true, ..Allow::default() });
    verdict.is_clean(child);
    holds_nothing_of(&verdict, cases);
    let told = std::fs::read_to_string(told).unwrap();
    let (numbers, windows) = told.split_once('\n').unwrap();
    let [drawn, shown, looked] = numbers.split(' ').map(|n| n.parse::<usize>().unwrap()).collect::<Vec<_>>()[..] else {
        panic!("{told}");
    };
    println!(
        "{child}: {} payloads, {drawn} pictures, {} bytes, {} copies, {} notifications, {} links; {shown} of {looked} \
         looked for were seen; 0 leaks",
        cases.len(),
        bytes.len(),
        verdict.copied.len(),
        verdict.announced.len(),
        verdict.links.len(),
    );
    (verdict, [shown, looked], windows.split(' ').map(str::to_owned).collect())
}

/// What takes long, by several children at a time.
fn in_parts<T: Send>(play: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..PARTS)
            .map(|part| {
                let play = &play;
                scope.spawn(move || play(part))
            })
            .collect();
        parts.into_iter().map(|part| part.join().unwrap()).collect()
    })
}

/// All that such children wrote by lines.
fn written_by(child: &str) -> Vec<u8> {
    let parts = in_parts(|part| {
        let environment = [("LYCEUM_TEST_LOG", "-"), ("LYCEUM_TEST_PART", &part.to_string())];
        let mut terminal = Terminal::unseen(child, &environment);
        let bytes = terminal.whole("that was all");
        assert_eq!(terminal.exit_code(), 0);
        bytes
    });
    parts.concat()
}

#[test]
fn nothing_hostile_leaves_a_window() {
    let cases = cases();
    let parts = in_parts(|part| drawn_by("tui::hostile::windows::child", part, &cases));
    let windows: BTreeSet<String> = parts.iter().flat_map(|(_, _, windows)| windows.clone()).collect();
    let links: usize = parts.iter().map(|(verdict, ..)| verdict.links.len()).sum();
    let missing: Vec<String> = wanted().difference(&windows).cloned().collect();
    assert!(missing.is_empty(), "never drawn: {missing:?}");
    // Links were links for the terminal too.
    assert!(links > 100, "{links}");
}

#[test]
fn nothing_hostile_leaves_the_screen() {
    let cases = cases();
    let (verdict, [shown, looked], _) = drawn_by("tui::hostile::child", 0, &cases);
    assert!(shown * 10 > looked * 9, "{shown} of {looked} can be seen");
    let copied = |text: &str| verdict.copied.iter().any(|copy| copy == text);
    for case in cases.iter().filter(|case| case.is_benign()) {
        assert!(copied(&case.text), "{} was copied as it is", case.id);
        assert!(case.text.contains('\n') || verdict.announced.iter().any(|a| a.contains(&case.text)), "{}", case.id);
    }
    assert!(verdict.announced.len() > 1_000 && verdict.titles.contains(&"Lyceum (7)".to_owned()));
}

#[test]
fn nothing_hostile_leaves_a_command() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("lyceum.log");
    let environment = [("LYCEUM_TEST_LOG", log.to_str().unwrap())];
    let mut terminal = Terminal::unseen("pty::sinks::child", &environment);
    let bytes = terminal.whole("that was all");
    assert_eq!(terminal.exit_code(), 0);
    let cases = cases();
    let lines = Allow { lines: true, ..Allow::default() };
    let verdict = judge(&bytes, lines);
    verdict.is_clean("commands");
    // What is escaped in JSON is there for a program, in letters; what is printed elsewhere is not there at all.
    holds_nothing_of(&verdict, &cases);
    let text = String::from_utf8(bytes.clone()).unwrap();
    for case in cases.iter().filter(|case| case.is_benign() && !case.text.contains('\n')) {
        assert!(text.contains(&case.text), "{} came through", case.id);
    }
    let records = std::fs::read(&log).unwrap();
    let logged = judge(&records, lines);
    logged.is_clean("the log");
    holds_nothing_of(&logged, &cases);
    let count = records.iter().filter(|byte| **byte == b'\n').count();
    // Three for each payload, and a panic.
    assert_eq!(count, 4 * cases.len(), "nobody wrote a record of their own");
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    println!("commands: {} payloads, {lines} lines, {count} records of the log; 0 leaks", cases.len());
}

/// Commands that read and write, in words with inks, and as JSON.
#[test]
fn nothing_hostile_leaves_an_errand() {
    let bytes = written_by("pty::sinks::errands::child");
    let cases = cases();
    let verdict = judge(&bytes, Allow { lines: true, ..Allow::default() });
    verdict.is_clean("errands");
    holds_nothing_of(&verdict, &cases);
    let text = String::from_utf8(bytes.clone()).unwrap();
    for case in cases.iter().filter(|case| case.is_benign() && !case.text.contains('\n')) {
        assert!(text.contains(&case.text), "{} came through", case.id);
    }
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    assert!(!verdict.styles.is_empty() && lines > 10 * cases.len(), "{lines}");
    println!("errands: {} payloads, {lines} lines, {} inks; 0 leaks", cases.len(), verdict.styles.len());
}

/// The linear mode: what is said, and what it asks with.
#[test]
fn nothing_hostile_leaves_the_linear_mode() {
    let bytes = written_by("pty::sinks::linear::child");
    let cases = cases();
    let verdict = judge(&bytes, Allow { lines: true, ..Allow::default() });
    verdict.is_clean("the linear mode");
    holds_nothing_of(&verdict, &cases);
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    assert!(verdict.styles.is_empty() && lines > 10 * cases.len(), "{lines}");
    println!("linear: {} payloads, {lines} lines; 0 leaks", cases.len());
}

/// Not a test: the child. Every payload through everything a command can say.
#[test]
fn child() {
    let Some(log) = std::env::var_os("LYCEUM_TEST_LOG") else { return };
    let file = std::fs::File::create(log).unwrap();
    let log = logs::subscriber(std::sync::Mutex::new(file), Log::Debug);
    panics::tell_clean();
    let nothing = std::fs::File::open("/dev/null").unwrap();
    rustix::stdio::dup2_stdin(&nothing).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let words = Catalog::new(Language::English);
    tracing::subscriber::with_default(log, || {
        for case in cases() {
            let text = &case.text[..case.text.floor_char_boundary(LONGEST)];
            for json in [false, true] {
                // Failures go where results go here: both are the terminal.
                let (mut out, mut err) = (std::io::stdout(), std::io::stdout());
                let (out, err) = (Paper::new(&mut out, json), Paper::new(&mut err, json));
                let mut desk = Desk { words: &words, json, out, err };
                say(text, &mut desk, &runtime);
            }
            record(text);
        }
    });
    std::io::stdout().write_all(b"that was all").unwrap();
    std::io::stdout().flush().unwrap();
    std::process::exit(0);
}

/// What commands say: answers, failures, findings. The texts are given as they are, past everything that cleans them.
fn say(text: &str, desk: &mut Desk<'_>, runtime: &tokio::runtime::Runtime) {
    let values = [("username", text), ("name", text), ("role", text), ("community", text)];
    desk.say("cli.whoami", &values, &serde_json::json!({ "name": text, "community": text })).unwrap();
    desk.remark("cli.no_better_vault", &[("why", text)]).unwrap();
    let fields = [(text.into(), text.into())];
    let fields = fields.iter().map(|(a, b): &(String, String)| (clean(a), clean(b))).collect();
    desk.fail(&Failure::User(explain(&Error::with(Kind::Invalid(fields), text))));
    desk.fail(&Failure::User(explain(&Error::new(Kind::Server(Some(clean(text)))))));
    let values = vec![("why", text.to_owned())];
    desk.fail(&Failure::Said { kind: problem::Kind::Invalid, key: "cli.screen.io", values });
    desk.fail(&Failure::Io(std::io::Error::other(text.to_owned())));
    runtime.block_on(async {
        who(text, desk).await;
    });
    doctor::run(&findings(text), desk).unwrap();
    // With nothing to read the answer is no.
    assert!(!prompt::yes(text).unwrap());
}

fn clean(text: &str) -> lyceum::base::text::Clean {
    lyceum::base::text::Clean::line(text)
}

/// `lyceum whoami`, where the member and the community are called so.
async fn who(text: &str, desk: &mut Desk<'_>) {
    let memory = Memory::builder(NOW).member(text, text, Role::Member, 100).seen_by(text);
    let vault = Arc::new(vault::memory::Memory::default());
    let sessions = Arc::new(Sessions::open("http://test.invalid", vault, None));
    sessions.keep(text, &Session { access: Secret::from("token"), refresh: Secret::from(""), ends: Ends::default() });
    let (handle, events) = Engine::start(Parts {
        shelf: None,
        community: Arc::new(memory.clone()),
        sign_in: Arc::new(memory.clone()),
        security: Arc::new(memory),
        sessions: Arc::clone(&sessions),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    });
    whoami::run(&mut Asking::new(handle, events), &sessions, desk).await.unwrap();
}

fn findings(text: &str) -> Findings {
    let mut terminal = Surroundings::read(&|_| None);
    (terminal.term, terminal.program, terminal.locale) = (text.to_owned(), Some(text.to_owned()), text.to_owned());
    Findings {
        terminal,
        notify: Notify::Auto,
        interactive: true,
        // A folder may be called anything.
        paths: Paths::under(std::path::Path::new(&text.replace('\0', ""))),
        settings: Err(text.to_owned()),
        vaults: vec![("keyring", text.to_owned())],
        vault_cache: Some(Err(text.to_owned())),
        accounts: vec![Kept {
            origin: text.to_owned(),
            username: text.to_owned(),
            vault: Some((text.to_owned(), text.to_owned())),
            holds: Some(text.to_owned()),
            trouble: Some(text.to_owned()),
        }],
        community: Some((text.to_owned(), Ok(text.to_owned()), 1)),
        proxy: Some(text.to_owned()),
        ca_file: Some((text.replace('\0', "").into(), Err(text.to_owned()))),
    }
}

/// Fields of the log, and a panic about the text.
fn record(text: &str) {
    tracing::error!(target: "lyceum::test", detail = text, "{text}");
    tracing::warn!(target: "lyceum::test", detail = ?text, "as it is");
    tracing::info!(target: "lyceum::test", error = %std::io::Error::other(text.to_owned()), "a failure");
    let panicked = std::panic::catch_unwind(|| panic!("about {text}"));
    assert!(panicked.is_err());
}

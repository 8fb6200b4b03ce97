//! What runs on the other side of the pseudo-terminal.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::tz::TimeZone;
use lyceum::base::random::SystemRandom;
use lyceum::base::secret::Secret;
use lyceum::base::time::{Clock, SystemClock, Timestamp};
use lyceum::community::memory::{Call, Draft, Hold, Memory, NOW, sample};
use lyceum::community::{Ends, Session};
use lyceum::config::lay_all;
use lyceum::config::locale::{Catalog, Language};
use lyceum::config::own::{Text, Texts};
use lyceum::config::screen::Notify;
use lyceum::config::terminal::Terminal;
use lyceum::engine::account::{Account, Sessions};
use lyceum::engine::event::Event;
use lyceum::engine::problem::{UserError, engine_gone};
use lyceum::engine::seat::{Accounts, Seat, Who};
use lyceum::engine::tokens::Farewell;
use lyceum::engine::{Engine, Handle, Parts, Shelf};
use lyceum::model::{member::Role, thread::Kind};
use lyceum::tui::painter::Painter;
use lyceum::tui::run::{Start, run};
use lyceum::tui::terminal::{Modes, TermGuard};
use lyceum::vault;
use tokio::signal::unix::{SignalKind, signal};

/// Says which scene the child plays; unset in a plain run of the tests.
pub(super) const SCENE: &str = "LYCEUM_TEST_SCENE";

pub(super) const ORIGIN: &str = "http://test.invalid";

/// Names a file in which the child says who it is.
pub(super) const PID: &str = "LYCEUM_TEST_PID";

/// Names a file in which the child says, line by line, what its engine tells the screen.
pub(super) const TOLD: &str = "LYCEUM_TEST_TOLD";

/// Where else than on the screen it panics: `worker`, `blocking`, `thread`.
pub(super) const PANICS: &str = "LYCEUM_TEST_PANICS";

/// The inherited terminal is non-blocking, as another program may have left it.
pub(super) const NON_BLOCKING: &str = "LYCEUM_TEST_NON_BLOCKING";

/// Tells the time until it is told to panic.
struct Trap(Arc<AtomicBool>);

impl Clock for Trap {
    fn now(&self) -> Timestamp {
        assert!(!self.0.load(Ordering::SeqCst), "planted on the screen");
        SystemClock.now()
    }
}

/// Not a test: the child. SIGUSR1 plants a panic on the screen, SIGUSR2 one elsewhere, SIGALRM ends the engine.
#[test]
fn screen() {
    if std::env::var_os(SCENE).is_none() {
        return;
    }
    if let Some(file) = std::env::var_os(PID) {
        std::fs::write(file, std::process::id().to_string()).unwrap();
    }
    if std::env::var_os(NON_BLOCKING).is_some() {
        let flags = rustix::fs::fcntl_getfl(rustix::stdio::stdin()).unwrap();
        rustix::fs::fcntl_setfl(rustix::stdio::stdin(), flags | rustix::fs::OFlags::NONBLOCK).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let in_frame = std::env::var_os(SCENE).is_some_and(|scene| scene == "frame");
    let result = runtime.block_on(async { if in_frame { half_a_frame().await } else { play().await } });
    if let Err(error) = result {
        // Straight to the terminal, past the test harness.
        let _ = std::io::Write::write_all(&mut std::io::stdout(), format!("\r\n{error}\r\n").as_bytes());
        std::process::exit(1);
    }
    std::process::exit(0);
}

/// A community in which every text was written by somebody who wants the terminal.
fn hostile() -> Memory {
    let cases = crate::corpus::cases().into_iter().filter(|case| case.text.len() < 600);
    let texts = cases.map(|case| case.text.replace('\n', " "));
    let items: String = texts.map(|text| format!("- x {text}\n")).collect();
    let body = format!("{items}\n\nthe last of it");
    let title = "hostile title \u{1b}]0;owned\u{7}\u{202e}\u{9b}2J";
    Memory::builder(NOW)
        .member("ada", "a\u{1b}[2Jda", Role::Member, 100)
        .space("help", "h\u{9b}2Jelp", "", None, Role::Member)
        .thread(Draft::new("help", Kind::Discussion, title, ("ada", 5), &body).tags(&["t\u{1b}]52;c;eA==\u{7}ag"]))
        .seen_by("ada")
}

/// The call that never ends in this scene.
fn stalled(memory: &Memory) -> Option<Hold> {
    let call = match std::env::var("LYCEUM_TEST_STALL").ok()?.as_str() {
        "about" => Call::About,
        "me" => Call::Me,
        "spaces" => Call::Spaces,
        "feed" => Call::Feed,
        "threads" => Call::Threads,
        "thread" => Call::Thread,
        "posts" => Call::Posts,
        "membership" => Call::Membership,
        "plans" => Call::Plans,
        "inbox" => Call::Notifications,
        "changes" => Call::Changes,
        _ => Call::Apply,
    };
    Some(memory.faults().hold(call))
}

/// The guard without the screen: a whole frame, then at SIGUSR1 one that panics in the middle.
async fn half_a_frame() -> Result<(), lyceum::tui::run::Error> {
    let kind = Terminal::read(&|name| std::env::var(name).ok());
    let modes = Modes { alternate_screen: true, mouse: true, keyboard: false, frames: true, scheme: false };
    let guard = TermGuard::take(&kind, modes, Notify::Off, Arc::new(|| ())).map_err(lyceum::tui::run::Error::from)?;
    let mut painter = Painter::new(kind.colors);
    let mut on_screen = signal(SignalKind::user_defined1())?;
    let mut show = |text: &str, then: fn()| {
        let frame = painter.draw((80, 24), Vec::new, |frame| {
            frame.render_widget(text, frame.area());
            then();
        });
        guard.show(&frame)
    };
    show("a whole frame", || ())?;
    on_screen.recv().await;
    show("half a frame", || panic!("planted in a frame"))?;
    Ok(())
}

/// Says what the engine tells, for a test that must not look at the screen.
fn note(event: &Event) {
    let Some(file) = std::env::var_os(TOLD) else { return };
    let line = match event {
        Event::Applied { result, .. } => format!("applied {}\n", result.is_ok()),
        Event::Answer { .. } => "answer\n".to_owned(),
        _ => return,
    };
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
    std::io::Write::write_all(&mut file, line.as_bytes()).unwrap();
}

fn panic_elsewhere() {
    let panics = || panic!("planted elsewhere");
    match std::env::var(PANICS).as_deref() {
        Ok("blocking") => drop(tokio::task::spawn_blocking(panics)),
        Ok("thread") => drop(std::thread::spawn(panics)),
        _ => panics(),
    }
}

/// An engine on a community, with somebody signed in.
pub(super) fn seat(memory: Memory) -> (Handle, tokio::sync::mpsc::UnboundedReceiver<Event>) {
    let vault = Arc::new(vault::memory::Memory::default());
    let shelf = std::env::var_os("LYCEUM_TEST_SHELF").map(|folder| Shelf::in_folder(folder.into()));
    let sessions = Sessions::open(ORIGIN, vault, None);
    sessions.keep("ada", &Session { access: Secret::from("token"), refresh: Secret::from(""), ends: Ends::default() });
    Engine::start(Parts {
        shelf,
        community: Arc::new(memory.clone()),
        sign_in: Arc::new(memory.clone()),
        security: Arc::new(memory),
        sessions: Arc::new(sessions),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    })
}

async fn play() -> Result<(), lyceum::tui::run::Error> {
    let sprung = Arc::new(AtomicBool::new(false));
    let memory = if std::env::var_os(SCENE).is_some_and(|scene| scene == "hostile") { hostile() } else { sample() };
    let _held = stalled(&memory);
    let (handle, mut told) = seat(memory);
    let (forward, events) = tokio::sync::mpsc::unbounded_channel();
    let trap = Arc::clone(&sprung);
    let mut on_screen = signal(SignalKind::user_defined1())?;
    let mut elsewhere = signal(SignalKind::user_defined2())?;
    let mut engine_ends = signal(SignalKind::alarm())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                Some(event) = told.recv() => {
                    note(&event);
                    drop(forward.send(event));
                }
                _ = on_screen.recv() => trap.store(true, Ordering::SeqCst),
                _ = elsewhere.recv() => panic_elsewhere(),
                _ = engine_ends.recv() => return,
            }
        }
    });
    // As the program reads them: an empty variable is none.
    let variables = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let settings = std::env::var("LYCEUM_TEST_SETTINGS").unwrap_or_default();
    let (settings, faults) = lay_all(&Text { path: "config.toml".into(), text: settings }, &|_| None, &[]);
    run(Start {
        who: Who { origin: ORIGIN.to_owned(), username: Some("ada".to_owned()) },
        seat: Seat { handle, events },
        accounts: Arc::new(Others),
        address: |_| Err(engine_gone()),
        words: Catalog::new(Language::English),
        terminal: settings.surroundings(&variables),
        screen: settings.screen,
        texts: Texts::default(),
        faults,
        templates: Vec::new(),
        scratch: std::env::var_os("LYCEUM_TEST_SHELF").map_or_else(|| PathBuf::from("/nonexistent"), PathBuf::from),
        zone: TimeZone::UTC,
        clock: Arc::new(Trap(sprung)),
    })
    .await
}

/// One account besides, in the scene for it: its engine ends as soon as it is started.
pub(super) struct Others;

#[async_trait::async_trait]
impl Accounts for Others {
    fn list(&self) -> Result<Vec<Account>, UserError> {
        let account = |name: &str| Account {
            origin: ORIGIN.to_owned(),
            username: name.to_owned(),
            vault: Some("memory".to_owned()),
            name: None,
        };
        let is_several = std::env::var_os(SCENE).is_some_and(|scene| scene == "neighbour");
        Ok(if is_several { vec![account("ada"), account("bob")] } else { Vec::new() })
    }

    fn open(&self, _: &Who) -> Result<Seat, UserError> {
        let (_, events) = tokio::sync::mpsc::unbounded_channel();
        Ok(Seat { handle: Handle::recorder().0, events })
    }

    fn used(&self, _: &Who) {}

    async fn forget(&self, _: &Who, _: bool) -> Result<Farewell, UserError> {
        Ok(Farewell::TOLD)
    }
}

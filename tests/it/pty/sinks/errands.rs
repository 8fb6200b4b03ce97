//! Every payload through the commands that read and write in the community, as they print for people and for programs.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use lyceum::base::random::SystemRandom;
use lyceum::base::secret::Secret;
use lyceum::base::text::Clean;
use lyceum::base::text::ink::{Color, Ink};
use lyceum::base::time::{SystemClock, TimeZone};
use lyceum::cli::asking::Asking;
use lyceum::cli::errand::Errand;
use lyceum::cli::look::{Inks, Look};
use lyceum::cli::output::Desk;
use lyceum::cli::paper::Paper;
use lyceum::cli::vaults::Standing;
use lyceum::cli::{Arguments, Command, accounts, auth, sessions, tokens};
use lyceum::community::memory::{Call, Memory, NOW};
use lyceum::community::{Ends, Error, Kind, Session};
use lyceum::config::locale::{Catalog, Language};
use lyceum::engine::account::{Account, Sessions};
use lyceum::engine::{Engine, Parts};
use lyceum::model::member::Role;
use lyceum::model::session::{NewAccessToken, Scope};
use lyceum::tui::print::Printer;
use lyceum::tui::symbols::Symbols;
use lyceum::tui::theme::{Depth, Theme};
use lyceum::vault;

use crate::corpus::{Case, blocks};
use crate::tui::hostile::{AT_A_TIME, PARTS, community};

/// Not a test: the child.
#[test]
fn child() {
    if std::env::var_os("LYCEUM_TEST_LOG").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let all = blocks();
    let all: Vec<&Case> = all.iter().collect();
    let part: usize = std::env::var("LYCEUM_TEST_PART").map_or(0, |part| part.parse().unwrap());
    for (nth, some) in all.chunks(AT_A_TIME).enumerate().filter(|(nth, _)| nth % PARTS == part) {
        let first = nth * AT_A_TIME;
        for json in [false, true] {
            runtime.block_on(async {
                fields(some, first, json).await;
                markup(some, first, json).await;
            });
        }
    }
    std::io::stdout().write_all(b"that was all").unwrap();
    std::io::stdout().flush().unwrap();
    std::process::exit(0);
}

/// How it looks: made once, as grammars take their time.
fn look() -> &'static Look {
    static LOOK: OnceLock<Look> = OnceLock::new();
    LOOK.get_or_init(made_look)
}

fn made_look() -> Look {
    let ink = Ink { color: Some(Color::Rgb(1, 2, 3)), bold: true, ..Ink::default() };
    let theme = Theme::built_in("dark", Depth::True);
    let printer = Printer::new(theme, Symbols::UNICODE, Catalog::new(Language::English));
    Look {
        columns: 100,
        row: 80,
        inks: Inks { title: ink, dim: ink, accent: ink, good: ink, warn: ink, mark: ink },
        body: Box::new(move |markdown, columns| printer.body(markdown, columns)),
        zone: TimeZone::UTC,
        now: NOW,
    }
}

/// Somebody at a command line.
struct Person {
    memory: Memory,
    sessions: Arc<Sessions>,
    asking: Asking,
    folder: tempfile::TempDir,
    json: bool,
}

impl Person {
    fn new(memory: Memory, json: bool) -> Self {
        let vault = Arc::new(vault::memory::Memory::default());
        let sessions = Arc::new(Sessions::open("http://test.invalid", vault, None));
        let session = Session { access: Secret::from("token"), refresh: Secret::from(""), ends: Ends::default() };
        sessions.keep("ada", &session);
        let (handle, events) = Engine::start(Parts {
            shelf: None,
            community: Arc::new(memory.clone()),
            sign_in: Arc::new(memory.clone()),
            security: Arc::new(memory.clone()),
            sessions: Arc::clone(&sessions),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        });
        let folder = tempfile::tempdir().unwrap();
        Self { memory, sessions, asking: Asking::new(handle, events), folder, json }
    }

    /// Has a desk, where results and failures go to the terminal alike.
    async fn at_desk(&mut self, run: impl AsyncFnOnce(&mut Self, &mut Desk<'_>)) {
        let words = Catalog::new(Language::English);
        let (mut out, mut err) = (std::io::stdout(), std::io::stdout());
        let (mut out, err) = (Paper::new(&mut out, self.json), Paper::new(&mut err, self.json));
        out.ink(true);
        let mut desk = Desk { words: &words, json: self.json, out, err };
        run(self, &mut desk).await;
    }

    /// Types a command; says whether it was done.
    async fn types(&mut self, line: &[&str]) -> bool {
        let mut is_done = false;
        self.at_desk(async |person, desk| {
            let line = std::iter::once(&"lyceum").chain(line).map(Into::into);
            let arguments = match Arguments::read(line, desk.words) {
                Ok(arguments) => arguments,
                Err(instead) => {
                    desk.answer(instead);
                    return;
                }
            };
            let Some(Command::Errand(errand)) = arguments.command else { panic!("{arguments:?}") };
            let standing = Standing::of(&person.sessions);
            let (asking, sessions) = (&mut person.asking, &*person.sessions);
            let (look, unsent) = (look(), person.folder.path().to_owned());
            let mut at_work = Errand { asking, sessions, standing, desk, look, unsent: &unsent, stale: None };
            let done = errand.run(&mut at_work).await;
            is_done = done.is_ok();
            if let Err(failure) = done {
                desk.fail(&failure);
            }
        })
        .await;
        is_done
    }

    async fn reads(&mut self, line: &[&str]) {
        assert!(self.types(line).await, "{line:?}");
    }
}

/// Every field, in every list; what is refused in the server's words; what is not sent.
async fn fields(all: &[&Case], first: usize, json: bool) {
    let mut person = Person::new(community::community(all, first), json);
    for line in [&["feed", "--limit", "100"][..], &["spaces"], &["inbox", "--all", "--limit", "100"]] {
        person.reads(line).await;
    }
    person.reads(&["search", "needle", "--limit", "100"]).await;
    for case in all {
        let text = case.text.replace('\0', "");
        // Of what is typed nothing comes back as it was either.
        for line in [["thread", &text], ["feed", &text]].iter().filter(|_| !json) {
            person.types(line).await;
        }
        refused(&case.text, json).await;
        person.memory.faults().fail(Call::Feed, Error::with(Kind::Invalid(Vec::new()), &case.text));
        person.types(&["feed"]).await;
    }
    person.at_desk(async |person, desk| own(all, person, desk).await).await;
}

/// A text that is refused in the server's words, and stays in the outbox.
async fn refused(text: &str, json: bool) {
    let memory = Memory::builder(NOW).member("ada", "ada", Role::Member, 1);
    let mut person = Person::new(memory.space("s0", "s0", "", None, Role::Member).seen_by("ada"), json);
    let (file, words) = (person.folder.path().join("text"), Clean::line(text));
    std::fs::write(&file, text).unwrap();
    let fields = vec![(words.clone(), words)];
    person.memory.faults().fail(Call::Apply, Error::with(Kind::Invalid(fields), text));
    let text = text.replace('\0', "");
    let title = format!("x{text}");
    let ask = ["ask", "--space", "s0", "--title", &title, "--tag", &text, file.to_str().unwrap()];
    assert!(!person.types(&ask).await, "{text:?}");
    person.reads(&["outbox"]).await;
    person.types(&["outbox", "show", "1"]).await;
}

/// Accounts, tokens, and how one is signed in.
async fn own(all: &[&Case], person: &mut Person, desk: &mut Desk<'_>) {
    for case in all {
        let new = NewAccessToken { name: case.text.clone(), scopes: vec![Scope::Read], days: 9 };
        // A name that the community does not take is not there either.
        let _ = lyceum::community::Security::make_access_token(&person.memory, &new).await;
    }
    tokens::run(&tokens::Tokens { act: None }, &mut person.asking, desk).await.unwrap();
    sessions::run(&sessions::Sessions { act: None }, &mut person.asking, desk).await.unwrap();
    let account = |case: &&Case| Account {
        origin: case.text.clone(),
        username: case.text.clone(),
        vault: Some("file".to_owned()),
        name: Some(case.text.clone()),
    };
    accounts::run(&all.iter().map(account).collect::<Vec<_>>(), Some(0), desk).unwrap();
    let status = |case: &&Case| auth::Status {
        community: case.text.clone(),
        username: Some(case.text.clone()),
        vault: Some("file".to_owned()),
        place: case.text.clone(),
        trouble: None,
        sort: auth::Sort::Personal,
        scopes: None,
        access_until: None,
        until: None,
    };
    auth::status(&all.iter().map(status).collect::<Vec<_>>(), desk).unwrap();
}

/// Every form of markup, laid out and raw, and why it is closed; all of it as an export.
async fn markup(all: &[&Case], first: usize, json: bool) {
    let mut person = Person::new(community::of_markup(all, first, 1), json);
    let threads = person.memory.clone();
    let (open, closed) = crate::tui::hostile::windows::all_threads(&threads).await;
    // As documents all of them are in the export.
    for id in open.iter().filter(|_| !json) {
        person.reads(&["thread", id.as_str()]).await;
    }
    for id in &closed {
        person.reads(&["membership", "why", id.as_str()]).await;
        person.reads(&["thread", id.as_str(), "--raw"]).await;
    }
    person.reads(&["membership"]).await;
    person.reads(&["export", "space", "help"]).await;
    if json {
        return;
    }
    let folder = person.folder.path().join("export");
    person.reads(&["export", "space", "help", "--dir", folder.to_str().unwrap()]).await;
}

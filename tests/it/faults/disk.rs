//! A disk that cannot be used: a clear sentence, the rest goes on, nothing is destroyed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lyceum::base::random::SystemRandom;
use lyceum::base::secret::Secret;
use lyceum::base::time::SystemClock;
use lyceum::community::memory::{Memory, sample};
use lyceum::community::{Ends, Session};
use lyceum::config::locale::{Catalog, Language};
use lyceum::engine::account::Sessions;
use lyceum::engine::event::{Answer, Event};
use lyceum::engine::problem::UserError;
use lyceum::engine::request::{Query, Request, Ticket};
use lyceum::engine::{Engine, Handle, Parts, Shelf};
use lyceum::model::change::Change;
use lyceum::model::draft::{Draft, Place};
use lyceum::model::feed::View;
use lyceum::store::Store;
use lyceum::vault;
use tokio::sync::mpsc::UnboundedReceiver;

/// Nothing takes this long when all is well.
const DEADLINE: Duration = Duration::from_secs(60);

struct Bench {
    handle: Handle,
    events: UnboundedReceiver<Event>,
}

impl Bench {
    fn start(folder: &Path, memory: &Memory) -> Self {
        let vault = Arc::new(vault::memory::Memory::default());
        let sessions = Arc::new(Sessions::open("http://test.invalid", vault, None));
        sessions.keep("ada", &Session { access: Secret::from("a"), refresh: Secret::from("r"), ends: Ends::default() });
        let (handle, events) = Engine::start(Parts {
            community: Arc::new(memory.clone()),
            sign_in: Arc::new(memory.clone()),
            security: Arc::new(memory.clone()),
            sessions,
            shelf: Some(Shelf::in_folder(folder.to_owned())),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        });
        Self { handle, events }
    }

    async fn until<T>(&mut self, mut pick: impl FnMut(Event) -> Option<T>) -> T {
        let found = async {
            loop {
                if let Some(picked) = pick(self.events.recv().await.expect("the engine goes on")) {
                    return picked;
                }
            }
        };
        tokio::time::timeout(DEADLINE, found).await.expect("it comes")
    }

    async fn trouble(&mut self) -> String {
        let error = self.until(|event| if let Event::Trouble(error) = event { Some(error) } else { None }).await;
        sentences(&error)
    }

    /// The rest goes on: the feed is read and a reply arrives.
    async fn goes_on(&mut self) {
        self.handle.send(Ticket(1), Request::Ask(Query::Feed(View::Latest, None)));
        let answer = self.until(|event| match event {
            Event::Answer { ticket: Ticket(1), result } => Some(result),
            _ => None,
        });
        let Ok(Answer::Threads(page)) = answer.await else { panic!("no feed") };
        let thread = page.items.iter().find(|thread| thread.gate.is_none() && !thread.locked).unwrap().id.clone();
        self.handle.send(Ticket(2), Request::Apply(Change::Reply { thread, parent: None, body: "still here".into() }));
        let done = self.until(|event| match event {
            Event::Applied { ticket: Ticket(2), result } => Some(result),
            _ => None,
        });
        assert!(done.await.is_ok());
    }
}

/// What a person reads of it.
fn sentences(error: &UserError) -> String {
    let words = Catalog::new(Language::English);
    let values: Vec<(&str, &str)> = error.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    [error.text, error.hint].map(|key| words.fill(key, &values)).join(" ")
}

#[tokio::test]
async fn a_damaged_store_is_told_and_left_as_it_is() {
    let (folder, memory) = (tempfile::tempdir().unwrap(), sample());
    let file = folder.path().join("ada.db");
    let nonsense = b"this is no database, and somebody may want it back ".repeat(100);
    fs::write(&file, &nonsense).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let mut bench = Bench::start(folder.path(), &memory);
    let told = bench.trouble().await;
    assert!(
        told.contains("cannot be read") && told.contains("ada.db") && told.contains("Nothing was deleted"),
        "{told}"
    );
    bench.goes_on().await;
    assert_eq!(fs::read(&file).unwrap(), nonsense);
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_told_and_left_as_it_is() {
    let (folder, memory) = (tempfile::tempdir().unwrap(), sample());
    let file = folder.path().join("ada.db");
    Store::open(&file).await.unwrap().close().await;
    // `user_version`: four bytes at 60 of the head (sqlite.org/fileformat.html, section 1.3).
    let mut bytes = fs::read(&file).unwrap();
    bytes[60..64].copy_from_slice(&9999_u32.to_be_bytes());
    fs::write(&file, &bytes).unwrap();
    let mut bench = Bench::start(folder.path(), &memory);
    let told = bench.trouble().await;
    assert!(told.contains("newer Lyceum"), "{told}");
    bench.goes_on().await;
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[tokio::test]
async fn where_no_folder_can_be_made_everything_works_for_as_long_as_the_window() {
    let (folder, memory) = (tempfile::tempdir().unwrap(), sample());
    // A file where a folder is wanted stops even those who may write everywhere.
    let in_the_way = folder.path().join("state");
    fs::write(&in_the_way, "x").unwrap();
    let mut bench = Bench::start(&in_the_way, &memory);
    let told = bench.trouble().await;
    assert!(told.contains("as long as this window"), "{told}");
    bench.goes_on().await;
    assert_eq!(fs::read(&in_the_way).unwrap(), b"x");
}

#[tokio::test]
async fn two_windows_on_one_account_keep_their_drafts_apart() {
    let (folder, memory) = (tempfile::tempdir().unwrap(), sample());
    let mut first = Bench::start(folder.path(), &memory);
    let mut second = Bench::start(folder.path(), &memory);
    first.goes_on().await;
    second.goes_on().await;
    let place = Place::Reply { thread: lyceum::base::ids::ThreadId::new("t1"), parent: None };
    for (window, body) in [(&first, "from the first"), (&second, "from the second")] {
        let draft = Draft { body: body.into(), ..Draft::new(place.clone(), "about") };
        window.handle.send(Ticket(5), Request::KeepDraft(Box::new(draft)));
        window.handle.send(Ticket(6), Request::Leave);
    }
    for window in [&mut first, &mut second] {
        window.until(|event| matches!(event, Event::MayLeave).then_some(())).await;
    }
    // Both are open still: a third one sees that it must not go on with either.
    let mut third = Bench::start(folder.path(), &memory);
    let drafts = third.until(|event| if let Event::Opened { drafts, .. } = event { Some(drafts) } else { None }).await;
    let mut seen: Vec<(String, bool)> = drafts.into_iter().map(|kept| (kept.draft.body, kept.is_others)).collect();
    seen.sort();
    assert_eq!(seen, [("from the first".to_owned(), true), ("from the second".to_owned(), true)]);
}

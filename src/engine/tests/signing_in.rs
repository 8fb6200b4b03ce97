//! Sessions: begun, ended here, ended by the server; and where they are kept.

use super::*;
use crate::base::secret::ExposeSecret;
use crate::engine::account::{Account, Accounts};
use crate::engine::event::Keeping;
use crate::engine::problem;
use crate::vault::{Entry, Kept, Vault};

const PASSWORD: &str = "correct horse battery";

fn sign_in(password: &str) -> Request {
    Request::SignIn { username: "ada".to_owned(), password: Secret::from(password), code: None }
}

async fn signed_in(bench: &mut Bench, wanted: u64) -> Result<&'static str, problem::UserError> {
    bench
        .until(|event| match event {
            Event::SignedIn { ticket, result } if ticket == Ticket(wanted) => Some(result),
            _ => None,
        })
        .await
}

async fn signed_out(bench: &mut Bench) {
    bench.until(|event| matches!(event, Event::SignedOut).then_some(())).await;
}

#[test]
fn from_signing_in_to_signing_out() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_out(sample().signed_out());
        bench.handle.send(Ticket(1), sign_in("wrong"));
        assert_eq!(signed_in(&mut bench, 1).await.unwrap_err().text, "error.wrong_password");
        bench.handle.send(Ticket(2), sign_in(PASSWORD));
        assert_eq!(signed_in(&mut bench, 2).await, Ok("memory"));
        bench.until_line(&Connection::Live).await;
        assert!(bench.sessions.load().is_some());
        bench.handle.send(Ticket(3), Request::SignOut);
        signed_out(&mut bench).await;
        assert!(bench.sessions.load().is_none());
        assert_eq!(bench.memory.faults().count(Call::SignOut), 1);
        let told = bench.within_an_hour().await;
        assert!(!told.iter().any(|event| matches!(event, Event::SignedOut)), "told twice");
        bench.ask(4, Query::About);
        let about = bench.until(|event| match event {
            Event::Answer { ticket: Ticket(4), result } => Some(result),
            _ => None,
        });
        assert!(about.await.is_ok(), "the first page is for anybody");
    });
}

#[test]
fn signing_out_works_without_a_server() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let _hold = bench.memory.faults().hold(Call::SignOut);
        bench.handle.send(Ticket(1), Request::SignOut);
        signed_out(&mut bench).await;
        assert!(bench.sessions.load().is_none());
    });
}

#[test]
fn an_account_is_opened_and_signed_in_to() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_out(sample().signed_out());
        let accepted_policy_version = bench.memory.about().await.unwrap().policy_version;
        let register = Request::Register {
            username: "newcomer".to_owned(),
            display_name: "New Comer".to_owned(),
            password: Secret::from("a long enough one"),
            accepted_policy_version,
        };
        bench.handle.send(Ticket(1), register);
        assert_eq!(signed_in(&mut bench, 1).await, Ok("memory"));
        assert_eq!(bench.sessions.account().unwrap().username, "newcomer");
    });
}

#[test]
fn a_session_that_the_server_ended_is_told_once() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        for call in [Call::Me, Call::Spaces] {
            bench.memory.faults().fail(call, Error::new(Kind::SignedOut));
        }
        bench.ask(1, Query::Me);
        bench.ask(2, Query::Spaces);
        let told = bench.within_an_hour().await;
        let times = told.iter().filter(|event| matches!(event, Event::SignedOut)).count();
        assert_eq!(times, 1, "{told:?}");
    });
}

#[test]
fn one_that_ended_while_nobody_asked_is_told_too() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        bench.memory.faults().fail(Call::Changes, Error::new(Kind::SignedOut));
        bench.memory.break_live(&offline());
        signed_out(&mut bench).await;
    });
}

/// A vault that calls itself a file, for what is remembered of it.
struct Durable(vault::memory::Memory);

impl Vault for Durable {
    fn name(&self) -> &'static str {
        "file"
    }

    fn read(&self, entry: &Entry) -> Result<Option<Secret>, vault::Error> {
        self.0.read(entry)
    }

    fn write(&self, entry: &Entry, secret: &Secret) -> Result<Kept, vault::Error> {
        self.0.write(entry, secret)?;
        Ok(Kept { vault: "file", instead_of: vec![vault::Error::Locked("keyring")] })
    }

    fn delete(&self, entry: &Entry) -> Result<(), vault::Error> {
        self.0.delete(entry)
    }
}

#[test]
fn who_signed_in_where_is_remembered_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/accounts.toml");
    let vault: Arc<dyn Vault> = Arc::new(Durable(vault::memory::Memory::default()));
    let open = |origin: &str| Sessions::open(origin, Arc::clone(&vault), Some(file.clone()));
    let first = open("https://a.example");
    assert_eq!(first.keep("ada", &session()).vault, "file");
    let told = first.reasons();
    assert_eq!(
        told.iter().map(|refusal| (refusal.key, refusal.vault)).collect::<Vec<_>>(),
        [("vault.locked", "keyring")]
    );
    open("https://b.example").keep("bob", &session());
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("\"a\"") && !text.contains("\"r\""), "{text}");
    let origins: Vec<_> = Accounts::read(&file).unwrap().list.into_iter().map(|account| account.origin).collect();
    assert_eq!(origins, ["https://b.example", "https://a.example"]);
    // Another run, another window: it finds the tokens, and those that were renewed meanwhile.
    let later = open("https://a.example");
    let renewed = renewed();
    first.save(&session(), &renewed);
    assert_eq!(later.load().unwrap().refresh.expose_secret(), "r2");
    assert!(open("https://c.example").load().is_none());
    later.clear(&renewed);
    assert!(later.load().is_none() && open("https://a.example").load().is_none());
    let left = Account { origin: "https://a.example".into(), username: "ada".into(), vault: None, name: None };
    assert_eq!(Accounts::read(&file).unwrap().at("https://a.example"), Some(&left));
}

#[test]
fn a_token_for_scripts_is_kept_nowhere() {
    let vault = Arc::new(vault::memory::Memory::default());
    let sessions = Sessions::with_token("https://a.example", vault.clone(), Secret::from("t"));
    assert_eq!(sessions.load().unwrap().access.expose_secret(), "t");
    sessions.save(&Session::of_token(Secret::from("t")), &session());
    assert_eq!(sessions.current().unwrap().access.expose_secret(), "t");
    let entry = Entry { origin: "https://a.example".into(), account: String::new() };
    assert!(vault.read(&entry).unwrap().is_none());
}

#[test]
fn what_was_asked_as_one_reader_is_not_told_to_the_next() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let hold = bench.memory.faults().hold(Call::Me);
        bench.ask(1, Query::Me);
        bench.memory.faults().arrived(Call::Me, 1).await;
        bench.handle.send(Ticket(2), sign_in(PASSWORD));
        assert_eq!(signed_in(&mut bench, 2).await, Ok("memory"));
        hold.release();
        let told = bench.until(|event| match event {
            Event::Answer { ticket: Ticket(1), result } => Some(result.is_err()),
            _ => None,
        });
        assert!(told.await);
    });
}

#[test]
fn what_the_last_session_still_hears_does_not_end_this_one() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let hold = bench.memory.faults().hold(Call::Me);
        bench.memory.faults().fail(Call::Me, Error::new(Kind::SignedOut));
        bench.ask(1, Query::Me);
        bench.memory.faults().arrived(Call::Me, 1).await;
        bench.handle.send(Ticket(2), sign_in(PASSWORD));
        assert_eq!(signed_in(&mut bench, 2).await, Ok("memory"));
        hold.release();
        let told = bench.within_an_hour().await;
        assert!(told.iter().any(|event| matches!(event, Event::Answer { ticket: Ticket(1), .. })), "{told:?}");
        assert!(!told.iter().any(|event| matches!(event, Event::SignedOut)), "{told:?}");
    });
}

#[test]
fn who_leaves_takes_their_writes_along() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let thread = bench.thread().await;
        let hold = bench.memory.faults().hold(Call::Apply);
        bench.apply(1, reply(&thread, "in time"));
        bench.memory.faults().arrived(Call::Apply, 1).await;
        bench.handle.send(Ticket(2), Request::SignOut);
        // The write is let finish first.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(bench.memory.faults().count(Call::SignOut), 0);
        hold.release();
        let told = bench.until_signed_out().await;
        assert!(told.iter().any(|event| matches!(event, Event::Applied { result: Ok(_), .. })), "{told:?}");
    });
}

#[test]
fn a_write_that_does_not_end_stays_unsent_when_its_author_leaves() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let thread = bench.thread().await;
        let hold = bench.memory.faults().hold(Call::Apply);
        for ticket in 1..=2 {
            bench.apply(ticket, reply(&thread, "too late"));
        }
        bench.memory.faults().arrived(Call::Apply, 1).await;
        bench.handle.send(Ticket(3), Request::SignOut);
        bench.until_signed_out().await;
        hold.release();
        assert!(bench.within_an_hour().await.iter().all(|event| !matches!(event, Event::Applied { .. })));
        assert_eq!(bench.memory.faults().count(Call::Apply), 1);
        // They are their author's still, and go out when the same one comes back.
        bench.handle.send(Ticket(4), sign_in(PASSWORD));
        for wanted in 1..=2 {
            let done = bench.until(|event| {
                matches!(event, Event::Applied { ticket, result: Ok(_) } if ticket == Ticket(wanted)).then_some(())
            });
            done.await;
        }
    });
}

#[test]
fn tokens_that_come_late_sign_nobody_in_again() {
    let sessions = sessions();
    sessions.keep("ada", &session());
    sessions.forget();
    sessions.save(&session(), &renewed());
    assert!(sessions.load().is_none() && sessions.current().is_none());
}

#[test]
fn tokens_that_come_late_do_not_become_anothers() {
    let sessions = sessions();
    sessions.keep("ada", &session());
    let before = sessions.sitting();
    sessions.keep("grace", &renewed());
    assert_ne!(sessions.sitting(), before);
    sessions.save(&session(), &session());
    sessions.clear(&session());
    assert_eq!(sessions.current().unwrap().refresh.expose_secret(), "r2");
    sessions.clear(&renewed());
    assert!(sessions.current().is_none());
}

#[test]
fn a_renewal_does_not_change_which_community_was_used_last() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.toml");
    let vault: Arc<dyn Vault> = Arc::new(Durable(vault::memory::Memory::default()));
    let open = |origin: &str| Sessions::open(origin, Arc::clone(&vault), Some(file.clone()));
    let first = open("https://a.example");
    first.keep("ada", &session());
    open("https://b.example").keep("bob", &session());
    first.save(&session(), &renewed());
    assert_eq!(Accounts::read(&file).unwrap().list[0].origin, "https://b.example");
    first.keep("ada", &session());
    assert_eq!(Accounts::read(&file).unwrap().list[0].origin, "https://a.example");
}

#[test]
fn what_one_reader_left_unsent_is_not_sent_for_the_next() {
    let folder = tempfile::tempdir().unwrap();
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), sample());
        bench.until_line(&Connection::Live).await;
        let thread = bench.thread().await;
        for _ in 0..5 {
            bench.memory.faults().fail(Call::Apply, offline());
        }
        bench.apply(1, reply(&thread, "by ada"));
        bench.until(|event| matches!(event, Event::Outbox(entries) if entries.len() == 1).then_some(())).await;
        let password = Secret::from(PASSWORD);
        bench.handle.send(Ticket(2), Request::SignIn { username: "grace".to_owned(), password, code: None });
        assert!(signed_in(&mut bench, 2).await.is_ok());
        bench.within_an_hour().await;
        let posts = bench.memory.seen_by("ada").posts(&thread, Window::Start).await.unwrap();
        assert!(posts.items.iter().all(|post| &*post.body != "by ada"), "sent by another");
        let password = Secret::from(PASSWORD);
        bench.handle.send(Ticket(3), Request::SignIn { username: "ada".to_owned(), password, code: None });
        assert!(signed_in(&mut bench, 3).await.is_ok());
        bench.within_an_hour().await;
        let posts = bench.memory.seen_by("ada").posts(&thread, Window::Start).await.unwrap();
        let own = posts.items.iter().find(|post| &*post.body == "by ada").unwrap();
        assert_eq!(own.author.username.as_str(), "ada");
    });
}

/// A vault whose secrets would be in plain text, and memory: what is left where there is no keyring.
fn without_keyring(folder: &std::path::Path) -> Arc<dyn Vault> {
    struct Nobody;
    impl vault::Person for Nobody {
        fn passphrase(&self, _: vault::Why, _: &std::path::Path) -> Result<Option<Secret>, vault::Error> {
            Ok(None)
        }

        fn agrees_to_plain(&self, _: &std::path::Path) -> bool {
            false
        }
    }
    let file = vault::file::File::unless_refused(folder.join("vault"), Arc::new(Nobody));
    let memory = vault::memory::Memory::default();
    Arc::new(vault::chain::Chain::new(vec![Arc::new(file), Arc::new(memory)], None))
}

#[test]
fn plain_text_is_asked_about_and_kept_after_a_yes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.toml");
    let sessions = Arc::new(Sessions::open("https://a.example", without_keyring(folder.path()), Some(file.clone())));
    on_a_still_clock(async {
        let mut bench = Bench::with(sample().signed_out(), Arc::clone(&sessions));
        bench.handle.send(Ticket(1), sign_in(PASSWORD));
        assert_eq!(signed_in(&mut bench, 1).await, Ok("memory"));
        let keeping = |event| if let Event::Tokens(keeping) = event { Some(keeping) } else { None };
        let Keeping::Ask(path) = bench.until(keeping).await else { panic!("nothing was asked") };
        assert!(!folder.path().join("vault").exists(), "written without a yes");
        assert_eq!(Accounts::read(&file).unwrap().list[0].vault, None);
        bench.handle.send(Ticket(2), Request::AgreeToPlain);
        assert_eq!(bench.until(keeping).await, Keeping::Kept("file"));
        assert!(std::path::Path::new(&path).exists(), "another path than the one that was named");
        assert_eq!(Accounts::read(&file).unwrap().list[0].vault.as_deref(), Some("file"));
    });
}

#[test]
fn a_vault_that_is_locked_is_told_at_the_start() {
    /// Locked for ever.
    struct Locked;
    impl Vault for Locked {
        fn name(&self) -> &'static str {
            "keyring"
        }

        fn read(&self, _: &Entry) -> Result<Option<Secret>, vault::Error> {
            Err(vault::Error::Locked("keyring"))
        }

        fn write(&self, _: &Entry, _: &Secret) -> Result<Kept, vault::Error> {
            Err(vault::Error::Locked("keyring"))
        }

        fn delete(&self, _: &Entry) -> Result<(), vault::Error> {
            Err(vault::Error::Locked("keyring"))
        }
    }
    let account = Account {
        origin: "https://a.example".into(),
        username: "ada".into(),
        vault: Some("keyring".into()),
        name: None,
    };
    let sessions = Arc::new(Sessions::of_account(account, Arc::new(Locked)));
    on_a_still_clock(async {
        let mut bench = Bench::with(sample().signed_out(), Arc::clone(&sessions));
        let keeping = |event| if let Event::Tokens(keeping) = event { Some(keeping) } else { None };
        let Keeping::Unreadable(why) = bench.until(keeping).await else { panic!("something else was told") };
        assert_eq!((why.word(), why.vault), ("locked", "keyring"));
        bench.handle.send(Ticket(1), Request::SignOut);
        let Keeping::Left(farewell, left) = bench.until(keeping).await else { panic!("something else was told") };
        assert!(!farewell.is_told && left.len() == 1, "{left:?}");
    });
}

#[test]
fn a_renewal_that_no_vault_takes_does_not_change_where_the_next_run_looks() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.toml");
    let account =
        Account { origin: "https://a.example".into(), username: "ada".into(), vault: Some("file".into()), name: None };
    Accounts { list: vec![account] }.write(&file).unwrap();
    let vault = without_keyring(folder.path());
    let sessions = Sessions::open("https://a.example", Arc::clone(&vault), Some(file.clone()));
    vault.agree();
    sessions.keep("ada", &session());
    let list = Accounts::read(&file).unwrap();
    std::fs::remove_dir_all(folder.path().join("vault")).unwrap();
    std::fs::write(folder.path().join("vault"), "in the way").unwrap();
    sessions.save(&session(), &renewed());
    assert!(sessions.load().is_some(), "lost in this run");
    assert_eq!(Accounts::read(&file).unwrap(), list);
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).unwrap()) & 0o777;
    assert_eq!(mode, 0o600);
}

#[test]
fn several_accounts_of_one_community_keep_their_own_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.toml");
    let vault: Arc<dyn Vault> = Arc::new(Durable(vault::memory::Memory::default()));
    let of = |name: Option<&str>| Sessions::open_as("https://a.example", name, Arc::clone(&vault), Some(file.clone()));
    let tokens = |name: &str| Session { access: Secret::from(name), refresh: Secret::from("r"), ends: Ends::default() };
    let access = |name| of(Some(name)).load().map(|session| session.access.expose_secret().to_owned());
    for name in ["ada", "bob"] {
        of(None).keep(name, &tokens(name));
    }
    assert_eq!((access("ada").as_deref(), access("bob").as_deref()), (Some("ada"), Some("bob")));
    // Nobody in particular is nobody, whoever else is signed in.
    assert!(of(None).is_nobody() && of(Some("eve")).load().is_none());
    of(Some("bob")).forget();
    assert_eq!((access("ada").as_deref(), access("bob")), (Some("ada"), None));
    Accounts::change(&file, |list| list.used("https://a.example", "ada")).unwrap();
    Accounts::change(&file, |list| list.used("https://a.example", "eve")).unwrap();
    let names = |list: Accounts| list.list.into_iter().map(|account| account.username).collect::<Vec<_>>();
    assert_eq!(names(Accounts::read(&file).unwrap()), ["ada", "bob"]);
    Accounts::change(&file, |list| list.remove("https://a.example", "ada")).unwrap();
    assert_eq!(names(Accounts::read(&file).unwrap()), ["bob"]);
}

#[test]
fn windows_that_write_the_list_at_the_same_time_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.toml");
    let vault: Arc<dyn Vault> = Arc::new(Durable(vault::memory::Memory::default()));
    std::thread::scope(|scope| {
        for at in 0..16 {
            let (file, vault) = (file.clone(), Arc::clone(&vault));
            scope.spawn(move || {
                let sessions = Sessions::open_as("https://a.example", None, vault, Some(file));
                sessions.keep(&format!("ada-{at}"), &session());
            });
        }
    });
    assert_eq!(Accounts::read(&file).unwrap().list.len(), 16);
}

#[test]
fn a_list_of_an_earlier_version_is_read_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.toml");
    let old = "[[account]]\norigin = \"https://a.example\"\nusername = \"ada\"\nvault = \"file\"\n\n\
               [[account]]\norigin = \"https://b.example\"\nusername = \"bob\"\n";
    std::fs::write(&file, old).unwrap();
    assert_eq!(Accounts::read(&file).unwrap().list.len(), 2);
    Accounts::change(&file, |list| list.used("https://a.example", "ada")).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), old, "what says the same is not written anew");
}

#[test]
fn what_the_community_is_called_is_remembered_for_all_its_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.toml");
    let account =
        |name: &str| Account { origin: "https://a.example".into(), username: name.into(), vault: None, name: None };
    Accounts { list: vec![account("ada"), account("eve")] }.write(&file).unwrap();
    let vault: Arc<dyn Vault> = Arc::new(vault::memory::Memory::default());
    let sessions = Arc::new(Sessions::open("https://a.example", vault, Some(file.clone())));
    on_a_still_clock(async {
        let mut bench = Bench::with(sample(), Arc::clone(&sessions));
        bench.ask(1, Query::About);
        // The clock stands still until it is on the disk.
        bench.within_an_hour().await;
    });
    let names = |list: Accounts| list.list.into_iter().map(|account| account.name).collect::<Vec<_>>();
    let known = Some("Rust Guild".to_owned());
    assert_eq!(names(Accounts::read(&file).unwrap()), [known.clone(), known.clone()]);
    // Whoever signs out keeps it, and whoever comes new gets it.
    sessions.keep("zoe", &session());
    sessions.forget();
    assert_eq!(names(Accounts::read(&file).unwrap()), [known.clone(), known.clone(), known]);
}

//! What lies over a pane. Every window there is stands in [`WINDOWS`], and every one of them is drawn with every payload that
//! can get into it.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use lyceum::base::ids::{IdempotencyKey, SpaceId, ThreadId};
use lyceum::base::text::Clean;
use lyceum::community::memory::Memory;
use lyceum::community::{Community as _, Error, Kind};
use lyceum::config::locale::Language;
use lyceum::engine::event::Event;
use lyceum::engine::problem::explain;
use lyceum::engine::request::Deed;
use lyceum::engine::security::secure;
use lyceum::model::change::Change;
use lyceum::model::draft::{Draft, Place};
use lyceum::model::feed::View;
use lyceum::model::markup::{self, Mark};
use lyceum::model::outbox::{Entry, EntryId, State as Stands, Why};
use lyceum::model::session::{NewAccessToken, Scope};
use lyceum::model::thread::{Kind as Sort, Thread};
use lyceum::tui::msg::Input;
use lyceum::tui::overlay::{self, compose::Compose};
use lyceum::tui::roll::SeatId;

use super::super::screen::{Line, Screen};
use super::community::{FOLDS, MARKUP, about_itself, of_markup, written};
use super::{AT_A_TIME, PARTS, SIZE, Stage};
use crate::corpus::{Case, cases};

mod own;

/// Bytes of a payload that are drawn.
const LONGEST: usize = 200;
/// Payloads that are one text.
const A_BLOCK: usize = 6;
/// Columns and lines of a picture in which a long page is seen whole.
const TALL: (u16, u16) = (100, 200);

/// How a window is known.
enum Known {
    /// By its type.
    Is(fn(&mut dyn Any) -> bool),
    /// By its keys, where its type is nobody's but the composer's.
    By(&'static str),
    /// It is none: a part of others, or nothing that is seen.
    Part,
}

/// Every file in `tui/overlay`.
const WINDOWS: &[(&str, Known)] = &[
    ("accounts", Known::Is(|over| over.is::<overlay::accounts::Switcher>())),
    ("ask", Known::Part),
    ("beside", Known::Part),
    ("compose", Known::Is(|over| over.is::<Compose>())),
    ("compose/attach", Known::By("attach")),
    ("compose/attached", Known::By("attached")),
    ("compose/completion", Known::Part),
    ("compose/preview", Known::Part),
    ("compose/similar", Known::Part),
    ("compose/template", Known::Part),
    ("compose/view", Known::Part),
    ("confirm", Known::Is(|over| over.is::<overlay::confirm::Confirm>())),
    ("elsewhere", Known::Is(|over| over.is::<overlay::elsewhere::Elsewhere>())),
    ("field", Known::Part),
    ("find", Known::Is(|over| over.is::<overlay::find::Find>())),
    ("form", Known::Part),
    ("frame", Known::Part),
    ("help", Known::Is(|over| over.is::<overlay::help::Help>())),
    ("landing", Known::Is(|over| over.is::<overlay::landing::Landing>())),
    ("link", Known::Is(|over| over.is::<overlay::link::Shown>())),
    ("member", Known::Is(|over| over.is::<overlay::member::Page>())),
    ("messages", Known::Is(|over| over.is::<overlay::messages::Messages>())),
    ("outbox", Known::Is(|over| over.is::<overlay::outbox::Outbox>())),
    ("palette", Known::Is(|over| over.is::<overlay::palette::Palette>())),
    ("palette/entry", Known::Part),
    ("peek", Known::Is(|over| over.is::<overlay::peek::Peek>())),
    ("picker", Known::Is(|over| over.is::<overlay::picker::Picker>())),
    ("search", Known::Is(|over| over.is::<overlay::search::Search>())),
    ("searches", Known::Is(|over| over.is::<overlay::searches::Searches>())),
    ("secret", Known::Is(|over| over.is::<overlay::secret::SecretForm>())),
    ("security", Known::Is(|over| over.is::<overlay::security::Security>())),
    ("sign_in", Known::Is(|over| over.is::<overlay::sign_in::SignIn>())),
    ("typed", Known::Is(|over| over.is::<overlay::typed::Typed>())),
    ("why", Known::Is(|over| over.is::<overlay::why::Why>())),
];

/// Which of them lies on top.
pub(super) fn on_top(screen: &mut Screen) -> Option<&'static str> {
    let over = screen.state.overlays.last_mut()?;
    let context = over.context();
    let is = |known: &Known, over: &mut dyn Any| match known {
        Known::Is(is) => is(over),
        Known::By(name) => *name == context,
        Known::Part => false,
    };
    let any = over.as_any();
    WINDOWS.iter().find(|(_, known)| is(known, any)).map(|(name, _)| *name)
}

/// A window that is new must be put into the table, and so before the payloads.
#[test]
fn every_window_is_in_the_table() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui/overlay");
    let mut there = BTreeSet::new();
    for (below, of) in
        [("", folder.clone()), ("compose/", folder.join("compose")), ("palette/", folder.join("palette"))]
    {
        let files = std::fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        there.extend(files.map(|path| format!("{below}{}", path.file_stem().unwrap().to_str().unwrap())));
    }
    let known: BTreeSet<String> = WINDOWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(known, there);
}

/// The windows that are drawn, by name.
pub(crate) fn wanted() -> BTreeSet<String> {
    let drawn = WINDOWS.iter().filter(|(_, known)| !matches!(known, Known::Part));
    drawn.map(|(name, _)| (*name).to_owned()).collect()
}

/// Payloads as they are put into windows.
struct Payloads<'a> {
    /// The number of the first.
    first: usize,
    /// One by one, for what shows a line.
    all: &'a [&'a Case],
    /// Some below each other, for what shows a text.
    blocks: Vec<String>,
}

/// Not a test: the child.
#[test]
fn child() {
    let Some(told) = std::env::var_os("LYCEUM_TEST_TOLD") else { return };
    let mut all = cases();
    // How long a text may be is the filter's own test.
    all.iter_mut().for_each(|case| case.text.truncate(case.text.floor_char_boundary(LONGEST)));
    let all: Vec<&Case> = all.iter().collect();
    let mut stage = Stage::new();
    let part: usize = std::env::var("LYCEUM_TEST_PART").map_or(0, |part| part.parse().unwrap());
    for (nth, some) in all.chunks(AT_A_TIME).enumerate().filter(|(nth, _)| nth % PARTS == part) {
        let joined = |block: &[&Case]| block.iter().map(|case| case.text.as_str()).collect::<Vec<_>>().join("\n");
        let blocks = some.chunks(A_BLOCK).map(joined).collect();
        let payloads = Payloads { first: nth * AT_A_TIME, all: some, blocks };
        let mut screen = Screen::on(of_markup(some, payloads.first, A_BLOCK), SIZE, Language::English, Line::Answers);
        threads(&mut stage, &mut screen, &payloads);
        fields(&mut stage, &mut screen, &payloads);
        writing(&mut stage, &mut screen, &payloads);
        on_its_way(&mut stage, &mut screen, &payloads);
        accounts(&mut stage, &mut screen, &payloads);
        security(&mut stage, &mut screen, &payloads);
        own::play(&mut stage, &mut screen, &payloads);
        way_in(&mut stage, &payloads);
    }
    stage.ends(&told);
}

fn say(stage: &mut Stage, screen: &mut Screen, command: &'static str) {
    screen.tell(Input::Command(command, None));
    stage.paint(screen, &[]);
}

fn size(screen: &mut Screen, (columns, lines): (u16, u16)) {
    screen.tell(Input::Resize(columns, lines));
}

/// Closes what lies over the pane.
fn close_all(screen: &mut Screen) {
    for _ in 0..8 {
        let Some(over) = screen.state.overlays.last() else { return };
        let is_question = over.context() == "confirm";
        screen.tell(Input::Command(if is_question { "no" } else { "close" }, None));
    }
    assert!(screen.state.overlays.is_empty(), "{}", screen.picture());
}

fn paste(stage: &mut Stage, screen: &mut Screen, text: &str) {
    screen.tell(Input::Paste(text.to_owned()));
    stage.paint(screen, &[]);
}

/// The threads of a community: those that are open to their reader, and those that are not.
pub(crate) async fn all_threads(memory: &Memory) -> (Vec<ThreadId>, Vec<ThreadId>) {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = memory.feed(View::Latest, cursor.as_ref()).await.unwrap();
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let (open, closed): (Vec<_>, Vec<_>) = all.into_iter().partition(|thread| thread.kind == Sort::Question);
    let ids = |threads: Vec<Thread>| threads.into_iter().map(|thread| thread.id).collect();
    (ids(open), ids(closed))
}

/// Markup of every form, unfolded; where its links lead; what is looked at from there; what is closed to the reader.
fn threads(stage: &mut Stage, screen: &mut Screen, payloads: &Payloads<'_>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (open, closed) = runtime.block_on(all_threads(&screen.memory));
    assert_eq!((open.len(), closed.len()), (payloads.all.len(), payloads.all.len()));
    // Newest first.
    for (at, id) in open.iter().rev().enumerate().step_by(A_BLOCK) {
        screen.state.visit_thread(id, Some(1));
        screen.wait(1);
        stage.paint(screen, &[]);
        let marks = |forms| {
            markup::parse(&Clean::block(&written(forms, payloads.first + at, &payloads.blocks[at / A_BLOCK]))).marks
        };
        let links = marks(MARKUP).len();
        for (nth, mark) in marks(FOLDS).iter().enumerate() {
            if matches!(mark, Mark::Fold | Mark::Spoiler) {
                screen.tell(Input::Command("unfold", Some((links + nth) as u32 + 1)));
            }
        }
        close_all(screen);
        say(stage, screen, "last");
        screen.tell(Input::Command("link", Some(1 + (at % links) as u32)));
        stage.paint(screen, &[]);
        close_all(screen);
        say(stage, screen, "peek");
        close_all(screen);
        for command in ["copy-text", "copy-code"] {
            screen.tell(Input::Command(command, None));
        }
        say(stage, screen, "member");
        close_all(screen);
    }
    for id in closed.iter().step_by(A_BLOCK) {
        screen.state.visit_thread(id, None);
        screen.wait(1);
        say(stage, screen, "why");
        close_all(screen);
    }
    // Plans, rules and the policy, in a picture of all of it.
    size(screen, TALL);
    say(stage, screen, "membership");
    size(screen, SIZE);
    say(stage, screen, "feed");
}

/// What is pasted into a line, and what is said about it.
fn fields(stage: &mut Stage, screen: &mut Screen, payloads: &Payloads<'_>) {
    for case in payloads.all {
        screen.tell(Input::Command("go-to", None));
        screen.tell(Input::Paste(case.text.clone()));
        stage.press(screen, "enter", &[]);
        close_all(screen);
    }
    let id = screen.state.threads.keys().next().unwrap().clone();
    for command in ["spaces", "tags", "help", "search", "palette", "find"] {
        screen.state.visit_thread(&id, Some(1));
        screen.wait(1);
        say(stage, screen, command);
        for block in &payloads.blocks {
            paste(stage, screen, block);
            screen.keys("ctrl-u");
        }
        close_all(screen);
    }
    screen.tell(Input::Command("feed", None));
}

/// The composer: what is pasted, its preview, what it completes, what is similar, what is quoted.
fn writing(stage: &mut Stage, screen: &mut Screen, payloads: &Payloads<'_>) {
    let place = || Place::NewThread { space: SpaceId::new("help"), kind: Sort::Question };
    for at in (0..payloads.all.len()).step_by(3) {
        Compose::open(&mut screen.state, Draft::new(place(), payloads.all[at].text.as_str()));
        screen.text(&format!("needle{:03}", (payloads.first + at) / 3)).wait(500);
        stage.paint(screen, &[]);
        close_all(screen);
        screen.state.drafts.clear();
    }
    for block in &payloads.blocks {
        Compose::open(&mut screen.state, Draft::new(place(), block.as_str()));
        for next in ["tab", "tab", "ctrl-p"] {
            paste(stage, screen, block);
            stage.press(screen, next, &[]);
        }
        screen.keys("ctrl-p").text(" :rocke");
        stage.paint(screen, &[]);
        screen.keys("tab").text(" :");
        paste(stage, screen, block);
        for back in [Input::Edited(Some(block.clone())), Input::TooLong(Clean::line(block))] {
            screen.tell(back);
            stage.paint(screen, &[]);
        }
        close_all(screen);
        Compose::open_quoting(&mut screen.state, Draft::new(place(), block.as_str()), block);
        stage.paint(screen, &[]);
        close_all(screen);
        say(stage, screen, "drafts");
        close_all(screen);
        screen.state.drafts.clear();
    }
}

/// What is on its way and what is stuck, in the server's words; what was said in passing.
fn on_its_way(stage: &mut Stage, screen: &mut Screen, payloads: &Payloads<'_>) {
    let made = screen.state.now;
    let entry = |(at, case): (usize, &&Case)| {
        let (text, space) = (case.text.clone(), SpaceId::new("help"));
        let (title, body, tags) = (text.clone(), text.clone(), vec![text.clone()]);
        let change = Change::NewThread { space, kind: Sort::Question, title, body, tags };
        let state = Stands::Stuck { why: Why::Invalid, detail: Clean::line(&text) };
        let (id, key) = (EntryId(at as i64), IdempotencyKey::new("k"));
        Entry { id, key, change, about: text, after: 0, made, state, tries: 1 }
    };
    for some in payloads.all.chunks(A_BLOCK) {
        let entries = some.iter().enumerate().map(entry).collect();
        screen.tell(Input::Engine(Box::new(Event::Outbox(entries))));
        say(stage, screen, "outbox");
        for _ in some {
            say(stage, screen, "give-up");
            screen.keys("esc down");
        }
        close_all(screen);
    }
    screen.tell(Input::Engine(Box::new(Event::Outbox(Vec::new()))));
    size(screen, TALL);
    for case in payloads.all {
        let words = Clean::line(&case.text);
        screen.state.say_error(&explain(&Error::with(Kind::Server(Some(words)), &case.text)));
    }
    say(stage, screen, "messages");
    close_all(screen);
    size(screen, SIZE);
}

/// Other accounts, in communities that call themselves so.
fn accounts(stage: &mut Stage, screen: &mut Screen, payloads: &Payloads<'_>) {
    let roll = Arc::make_mut(&mut screen.state.roll);
    for (at, case) in payloads.all.iter().enumerate() {
        let mut row = roll.rows[0].clone();
        row.id = SeatId(at as u32 + 2);
        row.name = Some(Clean::line(&case.text));
        (row.who.username, row.who.origin) = (Some(case.text.clone()), format!("https://{}", case.text));
        row.failure = Some(explain(&Error::new(Kind::Server(Some(Clean::line(&case.text))))));
        roll.rows.push(row);
    }
    size(screen, TALL);
    say(stage, screen, "switch-account");
    size(screen, SIZE);
    for _ in payloads.all {
        screen.keys("j");
        say(stage, screen, "remove-account");
        screen.keys("esc");
    }
    for block in &payloads.blocks {
        say(stage, screen, "add-community");
        paste(stage, screen, block);
        stage.press(screen, "enter", &[]);
        screen.keys("esc");
    }
    close_all(screen);
    Arc::make_mut(&mut screen.state.roll).rows.truncate(1);
}

/// Sessions and tokens that are called so, and what is typed into the form for one.
fn security(stage: &mut Stage, screen: &mut Screen, payloads: &Payloads<'_>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for case in payloads.all {
        let new = NewAccessToken { name: case.text.clone(), scopes: vec![Scope::Read], days: 9 };
        // A name that the community does not take is not there either.
        let _ = runtime.block_on(secure(&screen.memory, Deed::MakeToken(new)));
    }
    size(screen, TALL);
    say(stage, screen, "security");
    size(screen, SIZE);
    say(stage, screen, "end-session");
    screen.keys("esc");
    for block in &payloads.blocks {
        screen.tell(Input::Command("new-token", None));
        paste(stage, screen, block);
        screen.keys("esc");
    }
    close_all(screen);
}

/// Before anybody is signed in: the community about itself, its policy, and where it sends people.
fn way_in(stage: &mut Stage, payloads: &Payloads<'_>) {
    for block in &payloads.blocks {
        let memory = about_itself(block).signed_out();
        let mut screen = Screen::on(memory, (100, 60), Language::English, Line::Answers);
        stage.paint(&mut screen, &[]);
        for command in ["register", "sign-in", "with-token"] {
            screen.tell(Input::Command(command, None));
            paste(stage, &mut screen, block);
            stage.press(&mut screen, "enter", &[]);
            screen.keys("esc");
        }
        screen.tell(Input::Command("by-device", None));
        let ticket = screen.waiting.unwrap();
        for text in block.split('\n') {
            let (word, page) = (Clean::line(text), Clean::line(&format!("https://e.example/{text}")));
            let (code, lasts) = (word.clone(), Duration::from_secs(60));
            let device = Event::Device { ticket, code, page, page_with_code: word, lasts };
            screen.tell(Input::Engine(Box::new(device)));
            say(stage, &mut screen, "copy-link");
        }
        let failed = Error::with(Kind::Invalid(vec![(Clean::line(block), Clean::line(block))]), block);
        screen.tell(Input::Engine(Box::new(Event::SignedIn { ticket, result: Err(explain(&failed)) })));
        stage.paint(&mut screen, &[]);
    }
}

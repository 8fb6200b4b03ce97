//! Every payload through the linear mode: its own loop, with a list of commands on standard input.

use std::io::Write as _;
use std::sync::Arc;

use lyceum::base::time::{SystemClock, TimeZone};
use lyceum::community::memory::Memory;
use lyceum::config::Settings;
use lyceum::config::locale::{Catalog, Language};
use lyceum::config::own::Texts;
use lyceum::engine::problem::engine_gone;
use lyceum::engine::seat::{Seat, Who};
use lyceum::model::search::saved::{Pane, Saved};
use lyceum::tui::run::{Start, linear};

use crate::corpus::{Case, blocks};
use crate::pty::child::{ORIGIN, Others, seat};
use crate::tui::hostile::{AT_A_TIME, PARTS, community};

/// Not a test: the child.
#[test]
fn child() {
    if std::env::var_os("LYCEUM_TEST_LOG").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let all = blocks();
    let all: Vec<&Case> = all.iter().collect();
    let part: usize = std::env::var("LYCEUM_TEST_PART").map_or(0, |part| part.parse().unwrap());
    for (nth, some) in all.chunks(AT_A_TIME).enumerate().filter(|(nth, _)| nth % PARTS == part) {
        let first = nth * AT_A_TIME;
        let rows = |word: &str| format!("{word}\nmore\nmore\nmore\nall\n");
        let threads: String = (1..=some.len()).map(|row| format!("{row}\nall\nback\n")).collect();
        let tail = "search\nneedle\n:close\nspaces\n:close\ntags\n:close\nswitch-account\n:close\nmessages\n:close\n";
        let fields =
            [&rows("feed"), &threads, &rows("inbox"), "searches\n:close\n", "filter\n".repeat(6).as_str(), tail]
                .concat();
        // What is typed is not said back as it was.
        let into = |case: &&Case| {
            let line = case.text.replace(['\n', '\r', '\0'], " ");
            format!("palette\n{line}\n:close\n{line}\nlink 1\n:close\ngo-to\n{line}\n:close\n")
        };
        let typed: String = some.iter().map(into).collect();
        runtime.block_on(sit(community::community(some, first), some, &(fields + &typed)));
        let all_of_it = "more\n".repeat(8) + "all\n";
        let markup: String = (1..=2 * some.len()).map(|row| format!("{row}\nall\nwhy\n:close\nback\n")).collect();
        let markup = [all_of_it.as_str(), &markup, "membership\n"].concat();
        runtime.block_on(sit(community::of_markup(some, first, 1), some, &markup));
    }
    std::io::stdout().write_all(b"that was all").unwrap();
    std::io::stdout().flush().unwrap();
    std::process::exit(0);
}

/// Sits down before a community, and types these lines.
async fn sit(memory: Memory, all: &[&Case], lines: &str) {
    let mut typed = tempfile::tempfile().unwrap();
    typed.write_all(lines.as_bytes()).unwrap();
    std::io::Seek::rewind(&mut typed).unwrap();
    rustix::stdio::dup2_stdin(&typed).unwrap();
    let (handle, events) = seat(memory);
    let mut screen = Settings::default().screen;
    let saved = |case: &&Case| Saved {
        name: lyceum::base::text::Clean::line(&case.text),
        query: case.text.clone(),
        pane: Pane::Feed,
    };
    screen.search = all.iter().map(saved).collect();
    let start = Start {
        who: Who { origin: ORIGIN.to_owned(), username: Some("ada".to_owned()) },
        seat: Seat { handle, events },
        accounts: Arc::new(Others),
        address: |_| Err(engine_gone()),
        words: Catalog::new(Language::English),
        terminal: Settings::default().surroundings(&|name| std::env::var(name).ok()),
        screen,
        texts: Texts::default(),
        faults: Vec::new(),
        templates: Vec::new(),
        scratch: "/nonexistent".into(),
        zone: TimeZone::UTC,
        clock: Arc::new(SystemClock),
    };
    linear::run(start, false).await.unwrap();
}

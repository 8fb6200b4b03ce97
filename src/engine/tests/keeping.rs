//! What was read is there without a line, and follows the community when there is one.

use super::*;
use crate::base::text::Clean;
use crate::engine::event::Progress;
use crate::model::change::Applied;
use crate::model::search::saved::{Pane, Saved};
use crate::model::thread::Thread;

/// What is told under a ticket: kept, then answered.
async fn told(bench: &mut Bench, wanted: u64) -> (Option<Answer>, bool) {
    let mut kept = None;
    let is_answered = bench
        .until(|event| match event {
            Event::Kept { ticket, answer, .. } if ticket == Ticket(wanted) => {
                kept = Some(*answer);
                None
            }
            Event::Answer { ticket, result } if ticket == Ticket(wanted) => Some(result.is_ok()),
            _ => None,
        })
        .await;
    (kept, is_answered)
}

fn threads(answer: Option<Answer>) -> Vec<Thread> {
    match answer {
        Some(Answer::Threads(page)) => page.items,
        other => panic!("{other:?}"),
    }
}

fn feed() -> Query {
    Query::Feed(View::Latest, None)
}

/// A line that is cut: every call fails.
fn cut(bench: &Bench) {
    let faults = bench.memory.faults();
    for call in [Call::Feed, Call::Thread, Call::Posts, Call::Spaces, Call::Search, Call::Changes, Call::Notifications]
    {
        for _ in 0..200 {
            faults.fail(call, offline());
        }
    }
}

#[test]
fn a_second_start_without_a_line_shows_what_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let memory = sample();
    let mut before = Vec::new();
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        bench.ask(1, feed());
        assert_eq!(told(&mut bench, 1).await, (None, true));
        bench.ask(2, feed());
        before = threads(told(&mut bench, 2).await.0);
        let thread = bench.thread().await;
        bench.ask(3, Query::Posts(thread, Window::Start));
        assert!(told(&mut bench, 3).await.1);
        bench.ask(4, Query::Spaces);
        assert!(told(&mut bench, 4).await.1);
    });
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        cut(&bench);
        bench.ask(1, feed());
        let (kept, is_answered) = told(&mut bench, 1).await;
        assert_eq!(threads(kept), before);
        assert!(!is_answered);
        let thread = bench.thread().await;
        bench.ask(2, Query::Posts(thread, Window::Start));
        let Some(Answer::Posts(page)) = told(&mut bench, 2).await.0 else { panic!("no posts") };
        assert!(!page.items.is_empty());
        let word = page.items[0].body.split_whitespace().find(|word| word.len() > 4).unwrap().to_owned();
        bench.ask(3, Query::Search(word, None));
        assert!(matches!(told(&mut bench, 3).await.0, Some(Answer::Hits(hits)) if !hits.items.is_empty()));
    });
}

#[test]
fn saved_searches_and_names_are_there_at_the_next_start_without_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let memory = sample();
    let saved = Saved { name: Clean::line("musl"), query: "tag:musl".to_owned(), pane: Pane::Questions };
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        bench.ask(1, feed());
        assert!(told(&mut bench, 1).await.1);
        bench.handle.send(Ticket(2), Request::KeepSearches(vec![saved.clone()]));
        bench.within_an_hour().await;
    });
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        cut(&bench);
        let kept = bench.until(|event| if let Event::Searches(kept) = event { Some(kept) } else { None }).await;
        assert_eq!(kept, [saved]);
        bench.ask(1, Query::Known);
        let answer = bench.until(|event| match event {
            Event::Answer { ticket: Ticket(1), result } => Some(result),
            _ => None,
        });
        let Ok(Answer::Known(known)) = answer.await else { panic!("not known") };
        assert!(!known.threads.is_empty() && !known.members.is_empty());
    });
}

#[test]
fn what_is_kept_is_told_before_the_network_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let memory = sample();
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        bench.ask(1, feed());
        told(&mut bench, 1).await;
        let _hold = bench.memory.faults().hold(Call::Feed);
        bench.ask(2, feed());
        let kept = bench.until(|event| matches!(event, Event::Kept { ticket: Ticket(2), .. }).then_some(()));
        kept.await;
    });
}

#[test]
fn a_mark_that_is_on_its_way_is_laid_over_every_answer() {
    let folder = tempfile::tempdir().unwrap();
    let memory = sample();
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        let thread = bench.thread().await;
        for _ in 0..50 {
            bench.memory.faults().fail(Call::Apply, offline());
        }
        bench.ask(1, Query::Thread(thread.clone()));
        told(&mut bench, 1).await;
        bench.apply(2, Change::Bookmark { thread: thread.clone(), on: true });
        bench.until(|event| matches!(event, Event::Outbox(entries) if !entries.is_empty()).then_some(())).await;
        bench.ask(3, Query::Thread(thread));
        let mut seen = Vec::new();
        bench
            .until(|event| {
                let (answer, is_last) = match event {
                    Event::Kept { ticket: Ticket(3), answer, .. } => (*answer, false),
                    Event::Answer { ticket: Ticket(3), result } => (result.unwrap(), true),
                    _ => return None,
                };
                let Answer::Thread(thread) = answer else { panic!() };
                seen.push(thread.marks.bookmark);
                is_last.then_some(())
            })
            .await;
        assert_eq!(seen, [true, true]);
    });
}

#[test]
fn what_changed_while_nobody_looked_is_fetched_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let memory = sample();
    let mut thread = None;
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        bench.until_line(&Connection::Live).await;
        bench.within_an_hour().await;
        let id = bench.thread().await;
        for (ticket, query) in [(1, Query::Thread(id.clone())), (2, Query::Posts(id.clone(), Window::Start))] {
            bench.ask(ticket, query);
            told(&mut bench, ticket).await;
        }
        thread = Some(id);
    });
    let thread = thread.unwrap();
    let Applied { number, .. } = memory.done_by("grace", &reply(&thread, "meanwhile")).unwrap();
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        bench.until(|event| matches!(event, Event::Changed(notices) if !notices.is_empty()).then_some(())).await;
        cut(&bench);
        bench.handle.send(Ticket(1), Request::Look(Query::Posts(thread.clone(), Window::Start), 30));
        let answer = bench.until(|event| match event {
            Event::Answer { ticket: Ticket(1), result } => Some(result),
            _ => None,
        });
        let Ok(Answer::Posts(page)) = answer.await else { panic!("no posts") };
        assert_eq!(page.items.last().map(|post| Some(post.number)), Some(number));
    });
}

#[test]
fn news_of_the_inbox_are_told_once() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let thread = bench.thread().await;
        bench.memory.done_by("grace", &reply(&thread, "what do you say, @ada?")).unwrap();
        let told = bench.within_an_hour().await;
        let news: Vec<_> = told.iter().filter(|event| matches!(event, Event::News(_))).collect();
        assert_eq!(news.len(), 1, "{told:?}");
    });
}

#[test]
fn everything_can_be_fetched_and_is_then_read_without_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let memory = sample();
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        bench.handle.send(Ticket(1), Request::SyncAll);
        let over = bench.until(|event| match event {
            Event::Progress(progress @ Progress { is_over: true, .. }) => Some(progress),
            _ => None,
        });
        let Progress { threads, of, posts, .. } = over.await;
        assert!(threads == of && posts > threads, "{threads} of {of}, {posts} posts");
        cut(&bench);
        let all = bench.memory.seen_by("ada").feed(View::Latest, None).await.unwrap();
        for thread in all.items.iter().filter(|thread| thread.gate.is_none()) {
            bench.handle.send(Ticket(2), Request::Look(Query::Posts(thread.id.clone(), Window::Start), 1000));
            let answer = bench.until(|event| match event {
                Event::Answer { ticket: Ticket(2), result } => Some(result),
                _ => None,
            });
            let Ok(Answer::Posts(page)) = answer.await else { panic!("{}", thread.title) };
            assert_eq!(page.items.last().map(|post| post.number), Some(thread.last), "{}", thread.title);
        }
    });
}

#[test]
fn a_thread_that_may_be_opened_next_is_there_already() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.ask(1, feed());
        told(&mut bench, 1).await;
        let thread = bench.thread().await;
        bench.handle.send(Ticket(2), Request::Prefetch(thread.clone()));
        bench.memory.faults().arrived(Call::Posts, 1).await;
        bench.within_an_hour().await;
        bench.ask(3, Query::Posts(thread, Window::Start));
        assert!(matches!(told(&mut bench, 3).await.0, Some(Answer::Posts(_))));
    });
}

#[test]
fn with_a_lower_tier_what_was_read_is_kept_no_longer() {
    use crate::model::ledger::FactKind;
    let folder = tempfile::tempdir().unwrap();
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), sample());
        let thread = bench.thread().await;
        for (ticket, query) in [
            (1, Query::Membership),
            (2, Query::Thread(thread.clone())),
            (3, Query::Posts(thread.clone(), Window::Start)),
        ] {
            bench.ask(ticket, query);
            assert!(told(&mut bench, ticket).await.1);
        }
        bench.ask(4, Query::Posts(thread.clone(), Window::Start));
        assert!(told(&mut bench, 4).await.0.is_some());
        bench.memory.ledger("ada", FactKind::Revoked { reason: "test".into() });
        bench.ask(5, Query::Membership);
        assert!(told(&mut bench, 5).await.1);
        bench.ask(6, Query::Posts(thread, Window::Start));
        assert!(told(&mut bench, 6).await.0.is_none(), "it may be closed now");
    });
}

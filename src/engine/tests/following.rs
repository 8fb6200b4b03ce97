//! The live connection: news, breaks, polling, rest.

use super::*;
use crate::community::Capabilities;
use crate::model::change::{Notice, Topic};

fn post_in(thread: &ThreadId) -> impl Fn(Event) -> Option<Notice> {
    move |event| match event {
        Event::Changed(notices) => {
            notices.into_iter().find(|notice| notice.topic == Topic::Post && notice.thread.as_ref() == Some(thread))
        }
        _ => None,
    }
}

#[test]
fn news_that_comes_together_is_told_once() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let thread = bench.thread().await;
        let [first, second] = ["one", "two"].map(|body| bench.memory.done_by("grace", &reply(&thread, body)).unwrap());
        for value in [1, -1, 0, 1, -1] {
            bench.memory.done_by("wei", &Change::Vote { post: first.post.clone().unwrap(), value }).unwrap();
        }
        let told = bench.within_an_hour().await.into_iter().flat_map(|event| match event {
            Event::Changed(notices) => notices,
            _ => Vec::new(),
        });
        let told = told.filter(|notice| notice.topic != Topic::Inbox).map(|notice| (notice.topic, notice.number));
        let expected = [(Topic::Post, first.number), (Topic::Post, second.number), (Topic::Vote, first.number)];
        assert_eq!(told.collect::<Vec<_>>(), expected, "each post once");
    });
}

#[test]
fn a_break_loses_no_news() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let thread = bench.thread().await;
        let hold = bench.memory.faults().hold(Call::Changes);
        bench.memory.break_live(&offline());
        bench.until(|event| matches!(event, Event::Connection(Connection::Reconnecting(_))).then_some(())).await;
        bench.memory.done_by("grace", &reply(&thread, "meanwhile")).unwrap();
        hold.release();
        let told = bench.within_an_hour().await;
        assert!(told.iter().any(|event| matches!(event, Event::Connection(Connection::Live))), "{told:?}");
        assert!(told.into_iter().any(|event| post_in(&thread)(event).is_some()));
    });
}

#[test]
fn a_community_that_is_not_live_is_asked() {
    on_a_still_clock(async {
        let can = Capabilities { live: false, ..sample().capabilities() };
        let mut bench = Bench::signed_in(sample().with_capabilities(can));
        bench.until_line(&Connection::Polling).await;
        let thread = bench.thread().await;
        bench.memory.done_by("grace", &reply(&thread, "news")).unwrap();
        let began = tokio::time::Instant::now();
        bench.until(post_in(&thread)).await;
        assert!(began.elapsed() <= Duration::from_secs(60), "{:?}", began.elapsed());
        assert_eq!(bench.memory.faults().count(Call::Live), 0);
    });
}

#[test]
fn where_long_answers_are_cut_off_it_is_asked() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        for _ in 0..3 {
            bench.memory.faults().fail(Call::Live, Error::new(Kind::Malformed));
        }
        bench.until_line(&Connection::Polling).await;
        bench.until_line(&Connection::Live).await;
        assert_eq!(bench.memory.faults().count(Call::Live), 4);
    });
}

#[test]
fn a_server_that_is_away_is_asked_less_and_less_but_within_a_minute() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let faults = bench.memory.faults().clone();
        for _ in 0..40 {
            faults.fail(Call::Changes, offline());
        }
        bench.until(|event| matches!(event, Event::Connection(Connection::Offline(_))).then_some(())).await;
        let mut last = tokio::time::Instant::now();
        let mut longest = Duration::ZERO;
        for times in faults.count(Call::Changes) + 1..=40 {
            faults.arrived(Call::Changes, times).await;
            longest = longest.max(last.elapsed());
            last = tokio::time::Instant::now();
        }
        assert!(longest <= Duration::from_secs(60) && longest > Duration::from_secs(20), "{longest:?}");
        bench.until_line(&Connection::Live).await;
    });
}

#[test]
fn an_answer_ends_the_wait() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let faults = bench.memory.faults().clone();
        for _ in 0..12 {
            faults.fail(Call::Changes, offline());
        }
        faults.arrived(Call::Changes, 12).await;
        let began = tokio::time::Instant::now();
        bench.ask(1, Query::Spaces);
        bench.until_line(&Connection::Live).await;
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    });
}

#[test]
fn rest_costs_nothing() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        // Only how it all stands is told at the start.
        bench.within_an_hour().await;
        assert!(bench.within_an_hour().await.is_empty());
        let faults = bench.memory.faults();
        assert_eq!((faults.count(Call::Changes), faults.count(Call::Live)), (1, 1));
    });
}

#[test]
fn a_server_that_takes_long_to_say_nothing_counts_as_away() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_out(sample());
        let hold = bench.memory.faults().hold(Call::Changes);
        for _ in 0..2 {
            bench.memory.faults().fail(Call::Changes, Error::new(Kind::Timeout));
        }
        bench.handle.send(
            Ticket(1),
            Request::SignIn { username: "ada".into(), password: Secret::from("correct horse battery"), code: None },
        );
        bench.memory.faults().arrived(Call::Changes, 1).await;
        tokio::time::sleep(Duration::from_secs(20)).await;
        let again = bench.memory.faults().hold(Call::Changes);
        hold.release();
        bench.memory.faults().arrived(Call::Changes, 2).await;
        tokio::time::sleep(Duration::from_secs(20)).await;
        again.release();
        bench.until(|event| matches!(event, Event::Connection(Connection::Offline(_))).then_some(())).await;
    });
}

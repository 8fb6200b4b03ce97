//! Questions and writes: repeats, order, abandonment.

use super::*;
use crate::base::time::SignedDuration;
use crate::engine::problem;

fn feed() -> Query {
    Query::Feed(View::Latest, None)
}

async fn answer(bench: &mut Bench, wanted: u64) -> Result<Answer, problem::UserError> {
    bench
        .until(|event| match event {
            Event::Answer { ticket, result } if ticket == Ticket(wanted) => Some(result),
            _ => None,
        })
        .await
}

async fn applied(bench: &mut Bench, wanted: u64) -> Result<Option<u32>, problem::UserError> {
    bench
        .until(|event| match event {
            Event::Applied { ticket, result } if ticket == Ticket(wanted) => Some(result.map(|done| done.number)),
            _ => None,
        })
        .await
}

async fn bodies(bench: &Bench, thread: &ThreadId) -> Vec<String> {
    let posts = bench.memory.seen_by("ada").posts(thread, Window::Start).await.unwrap();
    posts.items.iter().map(|post| post.body.to_string()).collect()
}

#[test]
fn a_question_is_asked_three_times_at_most() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_out(sample());
        let faults = bench.memory.faults().clone();
        faults.fail(Call::Feed, offline());
        faults.fail(Call::Feed, Error::new(Kind::Server(None)));
        bench.ask(1, feed());
        assert!(matches!(answer(&mut bench, 1).await, Ok(Answer::Threads(page)) if !page.items.is_empty()));
        assert_eq!(faults.count(Call::Feed), 3);
        for _ in 0..3 {
            faults.fail(Call::Feed, offline());
        }
        bench.ask(2, feed());
        assert_eq!(answer(&mut bench, 2).await.unwrap_err().kind, problem::Kind::Network);
        assert_eq!(faults.count(Call::Feed), 6);
    });
}

#[test]
fn what_will_not_pass_is_told_at_once() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_out(sample());
        let faults = bench.memory.faults().clone();
        faults.fail(Call::Feed, Error::new(Kind::TooFast(SignedDuration::from_secs(90))));
        bench.ask(1, feed());
        assert_eq!(answer(&mut bench, 1).await.unwrap_err().text, "error.too_fast");
        bench.ask(2, Query::Thread(ThreadId::new("none")));
        assert_eq!(answer(&mut bench, 2).await.unwrap_err().kind, problem::Kind::NotFound);
        assert_eq!((faults.count(Call::Feed), faults.count(Call::Thread)), (1, 1));
    });
}

#[test]
fn a_server_that_asks_for_patience_gets_it() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_out(sample());
        bench.memory.faults().fail(Call::Feed, Error::new(Kind::TooFast(SignedDuration::from_secs(4))));
        let began = tokio::time::Instant::now();
        bench.ask(1, feed());
        assert!(answer(&mut bench, 1).await.is_ok());
        assert!(began.elapsed() >= Duration::from_secs(4), "{:?}", began.elapsed());
    });
}

#[test]
fn a_write_whose_answer_got_lost_has_one_effect() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let thread = bench.thread().await;
        bench.memory.faults().lose_answer(Call::Apply, Error::new(Kind::Timeout));
        bench.memory.faults().lose_answer(Call::Apply, offline());
        bench.apply(1, reply(&thread, "only once"));
        assert!(applied(&mut bench, 1).await.unwrap().is_some());
        assert_eq!(bodies(&bench, &thread).await.iter().filter(|body| *body == "only once").count(), 1);
        assert_eq!(bench.memory.faults().count(Call::Apply), 3);
    });
}

#[test]
fn writes_to_a_thread_keep_their_order() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let thread = bench.thread().await;
        let hold = bench.memory.faults().hold(Call::Apply);
        for ticket in 0..4 {
            bench.apply(ticket, reply(&thread, &format!("no {ticket}")));
        }
        bench.memory.faults().arrived(Call::Apply, 1).await;
        hold.release();
        for ticket in 0..4 {
            applied(&mut bench, ticket).await.unwrap();
        }
        let written: Vec<_> =
            bodies(&bench, &thread).await.into_iter().filter(|body| body.starts_with("no ")).collect();
        assert_eq!(written, ["no 0", "no 1", "no 2", "no 3"]);
    });
}

#[test]
fn an_abandoned_question_is_never_answered() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_out(sample());
        let hold = bench.memory.faults().hold(Call::Feed);
        bench.ask(1, feed());
        bench.memory.faults().arrived(Call::Feed, 1).await;
        bench.handle.send(Ticket(2), Request::Abandon(Ticket(1)));
        bench.ask(3, Query::Spaces);
        assert!(answer(&mut bench, 3).await.is_ok());
        hold.release();
        let told = bench.within_an_hour().await;
        assert!(!told.iter().any(|event| matches!(event, Event::Answer { .. })), "{told:?}");
    });
}

#[test]
fn dropping_the_last_handle_ends_everything() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let _hold = bench.memory.faults().hold(Call::Feed);
        bench.ask(1, feed());
        bench.memory.faults().arrived(Call::Feed, 1).await;
        let Bench { handle, mut events, .. } = bench;
        let other = handle.clone();
        drop(handle);
        while let Ok(told) = timeout(EVER, events.recv()).await {
            assert!(told.is_some(), "it ended while somebody held it");
        }
        drop(other);
        assert!(timeout(EVER, events.recv()).await.expect("it goes on").is_none());
    });
}

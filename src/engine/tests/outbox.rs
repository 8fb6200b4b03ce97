//! The outbox: what is sent arrives once and in order, through failures, ends and other windows.

use super::*;
use crate::base::ids::PostId;
use crate::community::Capabilities;
use crate::engine::event::KeptDraft;
use crate::engine::request::OutboxAct;
use crate::model::draft::{Draft, Place};
use crate::model::outbox::{Entry, State, Why};

fn draft(thread: &ThreadId, body: &str) -> Box<Draft> {
    let place = Place::Reply { thread: thread.clone(), parent: None };
    Box::new(Draft { body: body.to_owned(), ..Draft::new(place, "about") })
}

impl Bench {
    fn post(&self, ticket: u64, thread: &ThreadId, body: &str) {
        self.handle.send(Ticket(ticket), Request::Post { draft: draft(thread, body), after: 1 });
    }

    /// The outbox once it is as wanted.
    async fn until_outbox(&mut self, wanted: impl Fn(&[Entry]) -> bool) -> Vec<Entry> {
        self.until(|event| match event {
            Event::Outbox(entries) if wanted(&entries) => Some(entries),
            _ => None,
        })
        .await
    }

    async fn until_applied(&mut self, wanted: u64) -> Result<Option<u32>, crate::engine::problem::UserError> {
        self.until(|event| match event {
            Event::Applied { ticket, result } if ticket == Ticket(wanted) => Some(result.map(|done| done.number)),
            _ => None,
        })
        .await
    }

    async fn bodies(&self, thread: &ThreadId) -> Vec<String> {
        let posts = self.memory.seen_by("ada").posts(thread, Window::Start).await.unwrap();
        posts.items.iter().map(|post| post.body.to_string()).collect()
    }

    async fn times(&self, thread: &ThreadId, body: &str) -> usize {
        self.bodies(thread).await.iter().filter(|found| *found == body).count()
    }
}

/// A community where keys mean nothing.
fn without_keys() -> Memory {
    let can = Capabilities { keys_kept: SignedDuration::ZERO, ..sample().capabilities() };
    sample().with_capabilities(can)
}

fn is_held(entries: &[Entry]) -> bool {
    matches!(entries, [Entry { state: State::Held { .. }, .. }])
}

#[test]
fn a_text_can_be_taken_back_for_ten_seconds() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let thread = bench.thread().await;
        bench.post(1, &thread, "too hasty");
        let id = bench.until_outbox(is_held).await[0].id;
        tokio::time::sleep(Duration::from_secs(9)).await;
        bench.handle.send(Ticket(2), Request::Outbox(OutboxAct::Recall(id)));
        let back = bench.until(|event| match event {
            Event::Recalled { draft, .. } => Some(draft),
            _ => None,
        });
        assert_eq!(back.await.unwrap().body, "too hasty");
        bench.within_an_hour().await;
        assert_eq!(bench.memory.faults().count(Call::Apply), 0);
        bench.post(3, &thread, "well considered");
        assert!(bench.until_applied(3).await.is_ok());
        assert_eq!(bench.times(&thread, "well considered").await, 1);
    });
}

#[test]
fn what_cannot_be_sent_goes_when_the_line_is_back() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let thread = bench.thread().await;
        for _ in 0..20 {
            bench.memory.faults().fail(Call::Apply, offline());
        }
        bench.apply(1, reply(&thread, "later"));
        bench.until_outbox(|entries| matches!(entries, [Entry { state: State::Retry { .. }, tries: 3.., .. }])).await;
        assert_eq!(bench.times(&thread, "later").await, 0);
        assert!(bench.until_applied(1).await.is_ok());
        assert_eq!(bench.times(&thread, "later").await, 1);
    });
}

#[test]
fn an_answer_that_got_lost_doubles_nothing() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let thread = bench.thread().await;
        for kind in [Kind::Offline, Kind::Timeout, Kind::Malformed, Kind::Server(None)] {
            bench.memory.faults().lose_answer(Call::Apply, Error::new(kind));
        }
        bench.apply(1, reply(&thread, "only once"));
        assert!(bench.until_applied(1).await.is_ok());
        assert_eq!(bench.times(&thread, "only once").await, 1);
        assert_eq!(bench.memory.faults().count(Call::Apply), 5);
    });
}

#[test]
fn without_keys_it_is_looked_for_before_it_is_sent_again() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(without_keys());
        let thread = bench.thread().await;
        bench.memory.faults().lose_answer(Call::Apply, Error::new(Kind::Timeout));
        bench.memory.faults().fail(Call::Arrived, offline());
        bench.apply(1, reply(&thread, "only once"));
        assert_eq!(bench.until_applied(1).await, Ok(Some(2)));
        assert_eq!(bench.times(&thread, "only once").await, 1);
        assert_eq!((bench.memory.faults().count(Call::Apply), bench.memory.faults().count(Call::Arrived)), (1, 2));
    });
}

#[test]
fn without_keys_the_person_is_asked_when_nobody_can_know() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(without_keys());
        let thread = bench.thread().await;
        bench.memory.faults().fail(Call::Apply, Error::new(Kind::Timeout));
        bench.apply(1, reply(&thread, "there or not"));
        let stuck =
            |entries: &[Entry]| matches!(entries, [Entry { state: State::Stuck { why: Why::Unknown, .. }, .. }]);
        let id = bench.until_outbox(stuck).await[0].id;
        bench.within_an_hour().await;
        assert_eq!(bench.memory.faults().count(Call::Apply), 1, "never blindly");
        bench.handle.send(Ticket(2), Request::Outbox(OutboxAct::Retry(id)));
        bench.until_outbox(<[Entry]>::is_empty).await;
        assert_eq!(bench.times(&thread, "there or not").await, 1);
    });
}

#[test]
fn what_is_refused_waits_for_the_person_and_holds_up_what_follows() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let thread = bench.thread().await;
        bench.memory.faults().fail(Call::Apply, Error::with(Kind::Conflict, "locked"));
        bench.apply(1, reply(&thread, "first"));
        bench.apply(2, reply(&thread, "second"));
        assert_eq!(bench.until_applied(1).await.unwrap_err().text, "error.conflict");
        let [first, _] = &bench.until_outbox(|entries| entries.len() == 2).await[..] else { panic!() };
        assert!(matches!(first.state, State::Stuck { why: Why::Conflict, .. }), "{first:?}");
        bench.handle.send(Ticket(3), Request::Outbox(OutboxAct::Retry(first.id)));
        assert!(bench.until_applied(2).await.is_ok());
        assert_eq!(bench.bodies(&thread).await[1..], ["first", "second"]);
    });
}

#[test]
fn a_setting_that_is_refused_is_told_and_gone() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.memory.faults().fail(Call::Apply, Error::new(Kind::Forbidden));
        bench.apply(1, Change::Vote { post: PostId::new("p1"), value: 1 });
        assert!(bench.until_applied(1).await.is_err());
        bench.until_outbox(<[Entry]>::is_empty).await;
    });
}

#[test]
fn of_two_settings_of_the_same_only_the_later_is_sent() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let thread = bench.thread().await;
        let hold = bench.memory.faults().hold(Call::Apply);
        let read = |upto| Change::Read { thread: thread.clone(), upto };
        bench.apply(1, read(1));
        bench.memory.faults().arrived(Call::Apply, 1).await;
        for upto in 2..=4 {
            bench.apply(u64::from(upto), read(upto));
        }
        bench.until_outbox(|entries| entries.len() == 2 && entries[1].change == read(4)).await;
        hold.release();
        bench.until_outbox(<[Entry]>::is_empty).await;
        assert_eq!(bench.memory.faults().count(Call::Apply), 2);
    });
}

#[test]
fn a_server_that_wants_to_be_left_alone_is() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let thread = bench.thread().await;
        bench.memory.faults().fail(Call::Apply, Error::new(Kind::TooFast(SignedDuration::from_secs(90))));
        bench.apply(1, reply(&thread, "patience"));
        let began = tokio::time::Instant::now();
        bench.until(|event| matches!(event, Event::Limited(_)).then_some(())).await;
        // Answers to other questions are no reason to hurry.
        bench.ask(2, Query::Spaces);
        assert!(bench.until_applied(1).await.is_ok());
        assert!(began.elapsed() >= Duration::from_secs(90), "{:?}", began.elapsed());
    });
}

#[test]
fn what_was_on_its_way_when_the_program_ended_goes_out_once_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let memory = sample();
    for (lost, body) in [(true, "arrived unheard"), (false, "never sent")] {
        on_a_still_clock(async {
            let mut bench = Bench::at(folder.path(), memory.clone());
            let thread = bench.thread().await;
            let fail = if lost { Faults::lose_answer } else { Faults::fail };
            fail(bench.memory.faults(), Call::Apply, Error::new(Kind::Timeout));
            bench.apply(1, reply(&thread, body));
            bench.until_outbox(|entries| matches!(entries, [Entry { state: State::Retry { .. }, .. }])).await;
        });
        on_a_still_clock(async {
            let mut bench = Bench::at(folder.path(), memory.clone());
            bench.until_outbox(<[Entry]>::is_empty).await;
            let thread = bench.thread().await;
            assert_eq!(bench.times(&thread, body).await, 1);
        });
    }
}

#[test]
fn drafts_outlive_the_program_and_end_when_they_are_sent() {
    let folder = tempfile::tempdir().unwrap();
    let memory = sample();
    let kept = |event| match event {
        Event::Opened { drafts, .. } => Some(drafts),
        _ => None,
    };
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        let thread = bench.thread().await;
        assert!(bench.until(kept).await.is_empty());
        for body in ["h", "he", "hel"] {
            bench.handle.send(Ticket(1), Request::KeepDraft(draft(&thread, body)));
        }
        // Half a second is what may be lost at most.
        tokio::time::sleep(Duration::from_millis(500)).await;
    });
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        let drafts: Vec<KeptDraft> = bench.until(kept).await;
        assert_eq!(drafts.iter().map(|kept| kept.draft.body.as_str()).collect::<Vec<_>>(), ["hel"]);
        let thread = bench.thread().await;
        bench.post(1, &thread, "hello");
        bench.until_outbox(is_held).await;
    });
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), memory.clone());
        assert!(bench.until(kept).await.is_empty());
        bench.until_outbox(<[Entry]>::is_empty).await;
        let thread = bench.thread().await;
        assert_eq!(bench.times(&thread, "hello").await, 1);
    });
}

#[test]
fn leaving_sends_what_is_held_and_waits_for_it() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let thread = bench.thread().await;
        bench.post(1, &thread, "good night");
        bench.until_outbox(is_held).await;
        let began = tokio::time::Instant::now();
        bench.handle.send(Ticket(2), Request::Leave);
        bench.until(|event| matches!(event, Event::MayLeave).then_some(())).await;
        assert_eq!(bench.times(&thread, "good night").await, 1);
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        // A line that does not answer keeps nobody for long.
        let _hold = bench.memory.faults().hold(Call::Apply);
        bench.post(3, &thread, "still there");
        bench.handle.send(Ticket(4), Request::Leave);
        bench.until(|event| matches!(event, Event::MayLeave).then_some(())).await;
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    });
}

#[test]
fn an_expired_session_holds_texts_back_until_somebody_signs_in_again() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        let thread = bench.thread().await;
        bench.memory.faults().fail(Call::Apply, Error::new(Kind::SignedOut));
        bench.apply(1, reply(&thread, "before the door closed"));
        bench.until(|event| matches!(event, Event::SignedOut).then_some(())).await;
        bench.within_an_hour().await;
        assert_eq!(bench.memory.faults().count(Call::Apply), 1);
        let password = Secret::from("correct horse battery");
        bench.handle.send(Ticket(2), Request::SignIn { username: "ada".to_owned(), password, code: None });
        assert!(bench.until_applied(1).await.is_ok());
        assert_eq!(bench.times(&thread, "before the door closed").await, 1);
    });
}

#[test]
fn a_text_for_a_thread_that_was_closed_meanwhile_is_kept() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let thread = bench.thread().await;
        bench.post(1, &thread, "too late");
        bench.until_outbox(is_held).await;
        bench.memory.lock(&thread, true);
        assert_eq!(bench.until_applied(1).await.unwrap_err().text, "error.conflict");
        let stuck =
            |entries: &[Entry]| matches!(entries, [Entry { state: State::Stuck { why: Why::Conflict, .. }, .. }]);
        let id = bench.until_outbox(stuck).await[0].id;
        bench.handle.send(Ticket(2), Request::Outbox(OutboxAct::Recall(id)));
        let back = bench.until(|event| match event {
            Event::Recalled { draft, .. } => Some(draft),
            _ => None,
        });
        assert_eq!(back.await.unwrap().body, "too late");
    });
}

#[test]
fn what_is_on_its_way_is_not_sent_beside_itself() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(without_keys());
        let thread = bench.thread().await;
        let hold = bench.memory.faults().hold(Call::Apply);
        bench.apply(1, reply(&thread, "only once"));
        let sending = |entries: &[Entry]| matches!(entries, [Entry { state: State::Sending, .. }]);
        let id = bench.until_outbox(sending).await[0].id;
        for act in [OutboxAct::Retry(id), OutboxAct::Recall(id), OutboxAct::Cancel(id)] {
            bench.handle.send(Ticket(2), Request::Outbox(act));
        }
        bench.until(|event| matches!(event, Event::Recalled { draft: None, .. }).then_some(())).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        hold.release();
        assert!(bench.until_applied(1).await.is_ok());
        assert_eq!((bench.memory.faults().count(Call::Apply), bench.times(&thread, "only once").await), (1, 1));
    });
}

#[test]
fn whoever_signs_in_again_finds_their_drafts() {
    let folder = tempfile::tempdir().unwrap();
    on_a_still_clock(async {
        let mut bench = Bench::at(folder.path(), sample());
        let thread = bench.thread().await;
        bench.handle.send(Ticket(1), Request::KeepDraft(draft(&thread, "half a thought")));
        bench.handle.send(Ticket(2), Request::SignOut);
        bench.until(|event| matches!(event, Event::SignedOut).then_some(())).await;
        let password = Secret::from("correct horse battery");
        bench.handle.send(Ticket(3), Request::SignIn { username: "ada".to_owned(), password, code: None });
        let opened = bench.until(|event| match event {
            Event::Opened { of, drafts } => Some((of, drafts)),
            _ => None,
        });
        let (of, drafts) = opened.await;
        assert_eq!(of.unwrap().as_str(), "ada");
        assert_eq!(drafts.iter().map(|kept| kept.draft.body.as_str()).collect::<Vec<_>>(), ["half a thought"]);
    });
}

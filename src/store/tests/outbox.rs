use super::*;
use crate::base::ids::IdempotencyKey;
use crate::model::change::Change;
use crate::model::draft::{Draft, Place};
use crate::model::outbox::{Entry, EntryId, State, Why};

fn reply(thread: u32, body: &str) -> Change {
    Change::Reply { thread: thread_id(thread), parent: None, body: body.into() }
}

fn read(thread: u32, upto: u32) -> Change {
    Change::Read { thread: thread_id(thread), upto }
}

pub(super) fn new(key: &str, change: Change) -> NewEntry {
    NewEntry {
        key: IdempotencyKey::new(key),
        change,
        about: "Title".into(),
        after: 2,
        made: minute(0),
        state: State::Queued,
        draft: None,
    }
}

async fn put(store: &Store, window: &Window, change: Change) -> EntryId {
    store.enqueue(window, &new("k", change)).await.unwrap().id
}

async fn claimed(store: &Store, window: &Window) -> Option<EntryId> {
    store.claim(window, minute(0)).await.unwrap().map(|entry| entry.id)
}

async fn left(store: &Store) -> Vec<EntryId> {
    store.outbox().await.unwrap().into_iter().map(|entry| entry.id).collect()
}

#[tokio::test]
async fn an_entry_comes_back_as_it_was_made_and_its_draft_goes_with_it() {
    let (_folder, store) = on_disk().await;
    let window = store.enter("a".into()).await.unwrap();
    let place = Place::Reply { thread: thread_id(1), parent: None };
    let draft = Draft { body: "text".into(), ..Draft::new(place.clone(), "about") };
    store.keep_draft(&window, &draft, minute(0)).await.unwrap();
    let entry = NewEntry { draft: Some(place), state: State::Held { until: minute(1) }, ..new("k", draft.change()) };
    let made = store.enqueue(&window, &entry).await.unwrap();
    let NewEntry { key, change, about, after, made: at, state, draft: _ } = entry;
    assert_eq!(made, Entry { id: made.id, key, change, about, after, made: at, state, tries: 0 });
    assert_eq!(store.drafts(&window).await.unwrap(), []);
    let path = store.path().unwrap().to_owned();
    store.close().await;
    let store = Store::open(&path).await.unwrap();
    assert_eq!(store.outbox().await.unwrap(), [made]);
}

#[tokio::test]
async fn only_the_first_of_a_lane_goes_whatever_window_it_is_of() {
    let (_folder, store) = on_disk().await;
    let other = Store::open(store.path().unwrap()).await.unwrap();
    let (a, b) = (store.enter("a".into()).await.unwrap(), other.enter("b".into()).await.unwrap());
    let first = put(&store, &a, reply(1, "one")).await;
    let second = put(&other, &b, reply(1, "two")).await;
    let elsewhere = put(&other, &b, reply(2, "three")).await;
    assert_eq!(claimed(&other, &b).await, Some(elsewhere), "the other lane is free");
    assert_eq!(claimed(&other, &b).await, None, "an earlier one is not through yet");
    assert_eq!(claimed(&store, &a).await, Some(first));
    assert_eq!(claimed(&store, &a).await, None, "it is on its way");
    assert_eq!(claimed(&other, &b).await, None, "on its way is not there yet");
    store.confirm(first).await.unwrap();
    assert_eq!(claimed(&other, &b).await, Some(second));
    assert_eq!(store.own_outbox(&a).await.unwrap(), []);
    assert_eq!(store.own_outbox(&b).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_claim_counts_and_says_so_to_everybody() {
    let store = memory().await;
    let window = store.enter("a".into()).await.unwrap();
    let id = put(&store, &window, reply(1, "one")).await;
    let claimed = store.claim(&window, minute(0)).await.unwrap().unwrap();
    assert_eq!((claimed.id, &claimed.state, claimed.tries), (id, &State::Sending, 1));
    assert_eq!(store.outbox().await.unwrap(), [claimed]);
    store.set_state(id, &State::Retry { at: minute(5) }).await.unwrap();
    assert_eq!(store.claim(&window, minute(4)).await.unwrap(), None);
    assert_eq!(store.claim(&window, minute(5)).await.unwrap().unwrap().tries, 2);
}

#[tokio::test]
async fn one_that_may_have_arrived_is_handed_out_as_it_is() {
    let store = memory().await;
    let window = store.enter("a".into()).await.unwrap();
    let id = put(&store, &window, reply(1, "one")).await;
    claimed(&store, &window).await;
    store.set_state(id, &State::Unsure { at: minute(0) }).await.unwrap();
    for _ in 0..2 {
        let entry = store.claim(&window, minute(0)).await.unwrap().unwrap();
        assert_eq!((entry.state, entry.tries), (State::Unsure { at: minute(0) }, 1));
    }
}

#[tokio::test]
async fn a_time_that_a_jumped_clock_wrote_does_not_hold_anything_up() {
    let store = memory().await;
    let window = store.enter("a".into()).await.unwrap();
    let id = put(&store, &window, reply(1, "one")).await;
    store.set_state(id, &State::Retry { at: minute(60) }).await.unwrap();
    assert_eq!(claimed(&store, &window).await, None);
    store.set_state(id, &State::Retry { at: minute(61) }).await.unwrap();
    assert_eq!(claimed(&store, &window).await, Some(id));
}

#[tokio::test]
async fn the_next_time_is_that_of_the_first_in_a_lane() {
    let store = memory().await;
    let window = store.enter("a".into()).await.unwrap();
    assert_eq!(store.next_due(&window).await.unwrap(), None);
    let held = |minutes| State::Held { until: minute(minutes) };
    let first = store.enqueue(&window, &NewEntry { state: held(9), ..new("k", reply(1, "a")) }).await.unwrap();
    store.enqueue(&window, &NewEntry { state: held(3), ..new("k", reply(1, "b")) }).await.unwrap();
    assert_eq!(store.next_due(&window).await.unwrap(), Some(minute(9)), "the second waits for the first");
    store.enqueue(&window, &NewEntry { state: held(7), ..new("k", reply(2, "c")) }).await.unwrap();
    assert_eq!(store.next_due(&window).await.unwrap(), Some(minute(7)));
    store.set_state(first.id, &State::Queued).await.unwrap();
    assert_eq!(store.next_due(&window).await.unwrap(), Some(Timestamp::MIN));
    let stuck = State::Stuck { why: Why::Gated, detail: Clean::default() };
    store.set_state(first.id, &stuck).await.unwrap();
    assert_eq!(store.next_due(&window).await.unwrap(), Some(minute(7)), "a stuck one waits for the person");
}

#[tokio::test]
async fn of_two_that_set_the_same_only_the_later_stays_unless_the_first_was_sent() {
    let (_folder, store) = on_disk().await;
    let (a, b) = (store.enter("a".into()).await.unwrap(), store.enter("b".into()).await.unwrap());
    put(&store, &a, read(1, 1)).await;
    let other = put(&store, &a, read(2, 1)).await;
    let second = put(&store, &b, read(1, 2)).await;
    assert_eq!(left(&store).await, [other, second]);
    assert_eq!(claimed(&store, &b).await, Some(second));
    let third = put(&store, &a, read(1, 3)).await;
    assert_eq!(left(&store).await, [other, second, third], "one on its way cannot be taken back");
    store.set_state(second, &State::Retry { at: minute(1) }).await.unwrap();
    let fourth = put(&store, &a, read(1, 4)).await;
    assert_eq!(left(&store).await, [other, second, fourth], "what was sent may have arrived");
    let (one, two) = (put(&store, &a, reply(1, "x")).await, put(&store, &a, reply(1, "x")).await);
    assert_eq!(left(&store).await, [other, second, fourth, one, two], "texts set nothing");
}

#[tokio::test]
async fn a_text_taken_back_is_a_draft_again_and_covers_none() {
    let (_folder, store) = on_disk().await;
    let window = store.enter("a".into()).await.unwrap();
    let id = put(&store, &window, reply(1, "sent")).await;
    let place = Place::Reply { thread: thread_id(1), parent: None };
    let writing = Draft { body: "next".into(), ..Draft::new(place, "about") };
    store.keep_draft(&window, &writing, minute(1)).await.unwrap();
    let back = store.recall(&window, id, minute(2)).await.unwrap().unwrap();
    assert_eq!((back.body.as_str(), back.about.as_str()), ("sent", "Title"));
    assert_eq!(left(&store).await, []);
    let drafts = store.drafts(&window).await.unwrap();
    let shown: Vec<_> = drafts.iter().map(|kept| (kept.draft.body.as_str(), kept.copy)).collect();
    assert_eq!(shown, [("sent", 0), ("next", 1)]);
}

#[tokio::test]
async fn what_is_on_its_way_cannot_be_taken_back() {
    let store = memory().await;
    let window = store.enter("a".into()).await.unwrap();
    let id = put(&store, &window, reply(1, "sent")).await;
    claimed(&store, &window).await;
    for state in [State::Sending, State::Unsure { at: minute(0) }] {
        store.set_state(id, &state).await.unwrap();
        assert_eq!(store.recall(&window, id, minute(2)).await.unwrap(), None);
        assert_eq!(store.cancel(id).await.unwrap(), None);
        assert_eq!(left(&store).await, [id], "{state:?}");
    }
    store.set_state(id, &State::Stuck { why: Why::Invalid, detail: Clean::line("no") }).await.unwrap();
    assert_eq!(store.cancel(id).await.unwrap().map(|entry| entry.id), Some(id));
    assert_eq!(store.cancel(id).await.unwrap(), None, "it is gone");
    assert_eq!(store.recall(&window, id, minute(2)).await.unwrap(), None);
    assert_eq!(store.drafts(&window).await.unwrap(), [], "dropped for good");
}

#[tokio::test]
async fn the_entries_of_a_window_that_is_gone_go_with_the_one_that_takes_over() {
    let (_folder, store) = on_disk().await;
    let mine = store.enter("a".into()).await.unwrap();
    let other = Store::open(store.path().unwrap()).await.unwrap();
    let theirs = other.enter("b".into()).await.unwrap();
    let sending = put(&other, &theirs, reply(1, "one")).await;
    let queued = put(&other, &theirs, reply(2, "two")).await;
    assert_eq!(claimed(&other, &theirs).await, Some(sending));
    store.adopt(&mine).await.unwrap();
    assert_eq!(claimed(&store, &mine).await, None, "the other window is alive");
    drop(theirs);
    store.adopt(&mine).await.unwrap();
    assert_eq!(store.own_outbox(&mine).await.unwrap().len(), 2);
    assert_eq!(store.outbox().await.unwrap()[0].state, State::Sending, "whether it arrived is for the caller to judge");
    assert_eq!(claimed(&store, &mine).await, Some(queued));
}

#[tokio::test]
async fn an_id_is_never_used_twice() {
    let store = memory().await;
    let window = store.enter("a".into()).await.unwrap();
    let first = put(&store, &window, reply(1, "one")).await;
    store.confirm(first).await.unwrap();
    assert!(put(&store, &window, reply(1, "two")).await > first);
}

use super::*;
use crate::model::feed::{Sort, State, ThreadQuery, View};
use crate::model::page::Cursor;

fn span(skip: usize, take: usize) -> Span {
    Span { skip, take, until: None }
}

fn all() -> Span {
    span(0, 100)
}

#[tokio::test]
async fn a_thread_comes_back_as_it_was_kept_and_as_it_was_kept_last() {
    let store = memory().await;
    let mut one = gated(thread(1));
    one.marks = Marks { read: 1, follow: true, mute: false, bookmark: true };
    one.accepted = Some(PostId::new("7"));
    store.keep_threads(&[one.clone(), thread(2)], minute(5)).await.unwrap();
    assert_eq!(store.thread(&thread_id(1)).await.unwrap(), Some(Kept { value: one.clone(), at: minute(5) }));
    one.title = Clean::line("Other");
    store.keep_threads(&[one.clone()], minute(6)).await.unwrap();
    assert_eq!(store.thread(&thread_id(1)).await.unwrap(), Some(Kept { value: one, at: minute(6) }));
    assert_eq!(store.thread(&thread_id(3)).await.unwrap(), None);
}

#[tokio::test]
async fn the_feed_is_newest_activity_first_and_9_is_older_than_10() {
    let store = memory().await;
    let mut threads: Vec<Thread> = (8..=11).map(thread).collect();
    for thread in &mut threads {
        thread.active = minute(0);
    }
    threads[0].active = minute(1);
    threads[1].marks.follow = true;
    threads[3].marks.read = 1;
    store.keep_threads(&threads, minute(0)).await.unwrap();
    assert_eq!(ids(&store.feed(View::Latest, all()).await.unwrap()), ["8", "11", "10", "9"]);
    assert_eq!(ids(&store.feed(View::Latest, span(1, 2)).await.unwrap()), ["11", "10"]);
    assert_eq!(ids(&store.feed(View::Following, all()).await.unwrap()), ["9"]);
    assert_eq!(ids(&store.feed(View::Unread, all()).await.unwrap()), ["11"]);
    threads[3].marks.read = 2;
    store.keep_threads(&threads, minute(1)).await.unwrap();
    assert_eq!(store.feed(View::Unread, all()).await.unwrap(), []);
}

#[tokio::test]
async fn a_bound_ends_a_list_in_its_own_order() {
    let store = memory().await;
    let mut threads: Vec<Thread> = (1..=5).map(thread).collect();
    threads[0].pinned = true;
    threads[1].score = 9;
    store.keep_threads(&threads, minute(0)).await.unwrap();
    let until = |id| Span { until: Some(thread_id(id)), ..all() };
    assert_eq!(ids(&store.feed(View::Latest, until(4)).await.unwrap()), ["5", "4"]);
    let by = |sort| ThreadQuery { sort, ..ThreadQuery::default() };
    let cases: [(Sort, u32, &[&str]); 4] = [
        (Sort::Active, 4, &["1", "5", "4"]),
        (Sort::Newest, 3, &["5", "4", "3"]),
        (Sort::Oldest, 3, &["1", "2", "3"]),
        (Sort::Votes, 4, &["2", "5", "4"]),
    ];
    for (sort, end, wanted) in cases {
        let found = store.threads(&by(sort), None, until(end)).await.unwrap();
        assert_eq!(ids(&found), wanted, "{sort:?}");
    }
    assert_eq!(store.feed(View::Latest, until(99)).await.unwrap().len(), 5, "one that is not kept bounds nothing");
}

#[tokio::test]
async fn filters_and_states_mean_what_they_mean_online() {
    let store = memory().await;
    let mut threads: Vec<Thread> = (1..=6).map(thread).collect();
    for question in &mut threads[0..3] {
        question.kind = Kind::Question;
    }
    threads[1].answers = 1;
    threads[2].answers = 1;
    threads[2].accepted = Some(PostId::new("x"));
    threads[3].space = SpaceId::new("news");
    threads[4].tags = vec![Clean::line("async"), Clean::line("rust")];
    threads[4].marks.bookmark = true;
    threads[5].author = author("eve");
    store.keep_threads(&threads, minute(0)).await.unwrap();
    let any = ThreadQuery { sort: Sort::Oldest, ..ThreadQuery::default() };
    let me = Username::new("eve");
    let state = |state| ThreadQuery { state: Some(state), ..any.clone() };
    let cases: [(ThreadQuery, &[&str]); 9] = [
        (ThreadQuery { space: Some(SpaceId::new("news")), ..any.clone() }, &["4"]),
        (ThreadQuery { kind: Some(Kind::Question), ..any.clone() }, &["1", "2", "3"]),
        (ThreadQuery { tag: Some("async".into()), ..any.clone() }, &["5"]),
        (state(State::Unanswered), &["1"]),
        (state(State::Open), &["1", "2"]),
        (ThreadQuery { kind: Some(Kind::Article), ..state(State::Open) }, &[]),
        (state(State::Solved), &["3"]),
        (state(State::Mine), &["6"]),
        (state(State::Bookmarked), &["5"]),
    ];
    for (query, wanted) in cases {
        let found = store.threads(&query, Some(&me), all()).await.unwrap();
        assert_eq!(ids(&found), wanted, "{query:?}");
    }
    assert_eq!(store.threads(&state(State::Mine), None, all()).await.unwrap(), []);
}

#[tokio::test]
async fn lists_that_only_the_server_can_order_stand_in_its_order() {
    let store = memory().await;
    store.keep_threads(&[thread(1), thread(2), thread(3)], minute(0)).await.unwrap();
    assert_eq!(store.feed(View::ForYou, all()).await.unwrap(), []);
    let ids_of = |ids: &[u32]| ids.iter().map(|id| thread_id(*id)).collect::<Vec<_>>();
    let list = List { ids: ids_of(&[2, 9, 3, 1]), next: Some(Cursor("c".into())) };
    store.keep_list("for-you", &list, minute(3)).await.unwrap();
    store.keep_list("needs-me", &list, minute(3)).await.unwrap();
    assert_eq!(store.list("for-you").await.unwrap(), Some(Kept { value: list, at: minute(3) }));
    assert_eq!(ids(&store.feed(View::ForYou, all()).await.unwrap()), ["2", "3", "1"]);
    assert_eq!(ids(&store.feed(View::ForYou, span(1, 1)).await.unwrap()), ["3"]);
    let until = Span { until: Some(thread_id(9)), ..all() };
    assert_eq!(ids(&store.feed(View::ForYou, until).await.unwrap()), ["2"], "the end need not be kept");
    let needs = ThreadQuery { state: Some(State::NeedsMe), tag: Some("rust".into()), ..ThreadQuery::default() };
    assert_eq!(ids(&store.threads(&needs, None, all()).await.unwrap()), ["2", "3", "1"]);
    let none = ThreadQuery { tag: Some("other".into()), ..needs };
    assert_eq!(store.threads(&none, None, all()).await.unwrap(), []);
}

#[tokio::test]
async fn a_thread_that_is_forgotten_takes_its_posts_along() {
    let store = memory().await;
    store.keep_threads(&[thread(1), thread(2)], minute(0)).await.unwrap();
    for id in [1, 2] {
        store.keep_posts(&thread_id(id), &[post(id, 1, "needle")], minute(0)).await.unwrap();
    }
    store.forget_thread(&thread_id(1)).await.unwrap();
    assert_eq!(store.thread(&thread_id(1)).await.unwrap(), None);
    assert!(!store.has_post(&thread_id(1), 1).await.unwrap());
    assert!(store.has_post(&thread_id(2), 1).await.unwrap());
    let indexed: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM post_index WHERE post_index MATCH 'needle'")
        .fetch_one(&store.readers)
        .await
        .unwrap();
    assert_eq!(indexed, 1);
}

#[tokio::test]
async fn a_mark_of_later_days_does_not_make_old_threads_unreadable() {
    let text = serde_json::to_string(&thread(1)).unwrap().replace(r#""follow":false,"#, "");
    assert!(!text.contains("follow"));
    assert_eq!(serde_json::from_str::<Thread>(&text).unwrap(), thread(1));
}

use super::*;
use crate::model::draft::{Draft, Place};
use crate::model::feed::View;

fn stale(thread: u32, numbers: &[u32], mark: u64) -> Stale {
    Stale { thread: thread_id(thread), numbers: numbers.to_vec(), mark }
}

#[tokio::test]
async fn what_is_noted_is_stale_until_it_is_refreshed() {
    let store = memory().await;
    assert_eq!(store.position().await.unwrap(), None);
    let (one, two) = (thread_id(1), thread_id(2));
    store.note(&[(two.clone(), None), (one.clone(), Some(3))], 10).await.unwrap();
    store.note(&[(one.clone(), Some(2)), (one.clone(), Some(3))], 12).await.unwrap();
    store.note(&[(thread_id(3), None)], u64::MAX).await.unwrap();
    assert_eq!(store.position().await.unwrap(), Some(u64::MAX));
    let found = store.stale(9).await.unwrap();
    assert_eq!(found, [stale(1, &[2, 3], 2), stale(2, &[], 1), stale(3, &[], 3)]);
    assert_eq!(store.stale(1).await.unwrap(), found[..1]);
    store.refreshed(&found[0]).await.unwrap();
    assert_eq!(store.stale(9).await.unwrap(), found[1..]);
}

#[tokio::test]
async fn what_is_noted_while_it_is_refreshed_stays() {
    let store = memory().await;
    let one = thread_id(1);
    store.note(&[(one.clone(), Some(2)), (one.clone(), Some(3))], 1).await.unwrap();
    let before = store.stale(9).await.unwrap();
    store.note(&[(one.clone(), Some(3)), (thread_id(2), None)], 2).await.unwrap();
    store.refreshed(&before[0]).await.unwrap();
    assert_eq!(store.stale(9).await.unwrap(), [stale(1, &[3], 2), stale(2, &[], 2)]);
    for left in store.stale(9).await.unwrap() {
        store.refreshed(&left).await.unwrap();
    }
    // Answered twice: what is noted from now on is not meant.
    store.note(&[(one, Some(2))], 3).await.unwrap();
    store.refreshed(&before[0]).await.unwrap();
    assert_eq!(store.stale(9).await.unwrap(), [stale(1, &[2], 3)]);
}

#[tokio::test]
async fn a_community_that_went_back_is_forgotten_and_what_was_written_is_not() {
    let store = memory().await;
    let window = store.enter("w".into()).await.unwrap();
    store.keep_threads(&[thread(1)], minute(0)).await.unwrap();
    store.keep_posts(&thread_id(1), &[post(1, 1, "needle")], minute(0)).await.unwrap();
    store.keep_list("for-you", &List { ids: vec![thread_id(1)], next: None }, minute(0)).await.unwrap();
    store.keep_inbox(&inbox_page(), false, true, minute(0)).await.unwrap();
    store.note(&[(thread_id(1), Some(1))], 9).await.unwrap();
    for name in ["about", "layout", "layout/feed"] {
        store.keep_document(name, &1, minute(0)).await.unwrap();
    }
    let mut draft = Draft::new(Place::Reply { thread: thread_id(1), parent: None }, "about");
    draft.body = "text".into();
    store.keep_draft(&window, &draft, minute(0)).await.unwrap();
    let new = outbox::new("k", draft.change());
    store.enqueue(&window, &new).await.unwrap();

    store.forget_community().await.unwrap();

    let counts = store.counts().await.unwrap();
    assert_eq!((counts.threads, counts.posts), (0, 0));
    assert_eq!(store.position().await.unwrap(), None);
    assert_eq!(store.stale(9).await.unwrap(), []);
    assert_eq!(store.list("for-you").await.unwrap(), None);
    assert_eq!(store.inbox(true, 0, 9).await.unwrap(), []);
    let mut there = Vec::new();
    for name in ["about", "layout", "layout/feed"] {
        there.push(store.document::<i32>(name).await.unwrap().is_some());
    }
    assert_eq!(there, [false, true, true]);
    assert_eq!(store.outbox().await.unwrap().len(), 1);
    assert_eq!(store.drafts(&window).await.unwrap().len(), 1);
    // And it fills again, search included.
    store.keep_threads(&[thread(1)], minute(0)).await.unwrap();
    store.keep_posts(&thread_id(1), &[post(1, 1, "haystack")], minute(0)).await.unwrap();
    let query = |line| crate::model::search::Query::parse(line).unwrap();
    assert_eq!(store.search(&query("needle"), 0, 9).await.unwrap(), []);
    assert_eq!(store.search(&query("haystack"), 0, 9).await.unwrap().len(), 1);
    assert_eq!(store.feed(View::Latest, Span { take: 9, ..Span::default() }).await.unwrap().len(), 1);
}

fn inbox_page() -> crate::model::page::Page<crate::model::notification::Notification> {
    let text = r#"{"id":"1","reason":"reply","actor":null,"thread":null,"title":"t","number":null,"excerpt":"",
                   "at":"2026-01-01T00:00:00Z","done":false}"#;
    crate::model::page::Page { items: vec![serde_json::from_str(text).unwrap()], next: None }
}

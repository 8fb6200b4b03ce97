use super::*;
use crate::model::page::{Cursor, Window};

async fn with(numbers: &[u32]) -> Store {
    let store = memory().await;
    let posts: Vec<Post> = numbers.iter().map(|number| post(1, *number, "text")).collect();
    store.keep_posts(&thread_id(1), &posts, minute(0)).await.unwrap();
    store
}

/// Numbers of a run, and where it goes on.
async fn run(store: &Store, window: Window, most: u32) -> Option<(Vec<u32>, Option<String>)> {
    let page = store.posts(&thread_id(1), window, most).await.unwrap()?.value;
    Some((page.items.iter().map(|post| post.number).collect(), page.next.map(|Cursor(next)| next)))
}

#[tokio::test]
async fn a_post_comes_back_as_it_was_kept_last() {
    let store = memory().await;
    let mut one = post(1, 1, "## Text\n\n与中文");
    one.edited = Some(minute(3));
    store.keep_posts(&thread_id(1), &[post(1, 1, "old"), one.clone()], minute(0)).await.unwrap();
    assert_eq!(store.post(&one.id).await.unwrap(), Some(one.clone()));
    let page = store.posts(&thread_id(1), Window::Start, 9).await.unwrap().unwrap();
    assert_eq!((page.value.items, page.at), (vec![one], minute(0)));
    assert_eq!(store.post(&PostId::new("other")).await.unwrap(), None);
}

#[tokio::test]
async fn a_run_stops_before_a_gap_and_says_when_there_is_more() {
    let store = with(&[1, 2, 3, 4, 6, 7]).await;
    assert_eq!(run(&store, Window::Start, 10).await, Some((vec![1, 2, 3, 4], None)));
    assert_eq!(run(&store, Window::Start, 3).await, Some((vec![1, 2, 3], Some("3".into()))));
    assert_eq!(run(&store, Window::Start, 4).await, Some((vec![1, 2, 3, 4], None)), "what comes next is a gap");
    assert_eq!(run(&store, Window::After(2), 10).await, Some((vec![3, 4], None)));
    assert_eq!(run(&store, Window::After(4), 10).await, None, "the first that is wanted is missing");
    assert_eq!(run(&store, Window::After(5), 10).await, Some((vec![6, 7], None)));
    assert_eq!(run(&store, Window::After(7), 10).await, None);
    assert_eq!(store.posts(&thread_id(2), Window::Start, 10).await.unwrap(), None);
}

#[tokio::test]
async fn a_window_around_a_post_begins_a_little_before_it() {
    let mut numbers: Vec<u32> = (1..=30).collect();
    numbers.retain(|number| *number != 20);
    let store = with(&numbers).await;
    assert_eq!(run(&store, Window::Around(10), 6).await, Some(((8..=13).collect(), Some("13".into()))));
    assert_eq!(run(&store, Window::Around(1), 6).await, Some(((1..=6).collect(), Some("6".into()))));
    assert_eq!(run(&store, Window::Around(22), 6).await, Some(((21..=26).collect(), Some("26".into()))));
    assert_eq!(run(&store, Window::Around(20), 6).await, None);
    assert_eq!(run(&store, Window::Around(99), 6).await, None, "nobody knows how long the thread is");
    store.keep_threads(&[Thread { last: 30, ..thread(1) }], minute(0)).await.unwrap();
    assert_eq!(run(&store, Window::Around(99), 6).await, Some(((28..=30).collect(), None)));
}

#[tokio::test]
async fn a_page_is_as_old_as_its_oldest_post() {
    let store = with(&[1, 2]).await;
    store.keep_posts(&thread_id(1), &[post(1, 2, "new"), post(1, 3, "new")], minute(9)).await.unwrap();
    let at = async |window| store.posts(&thread_id(1), window, 9).await.unwrap().unwrap().at;
    assert_eq!(at(Window::Start).await, minute(0));
    assert_eq!(at(Window::After(1)).await, minute(9));
}

#[tokio::test]
async fn the_last_post_without_a_gap_before_it_is_known() {
    for (numbers, last) in [(&[1, 2, 3, 5][..], 3), (&[2, 3], 0), (&[], 0), (&[1], 1), (&[3, 1, 2], 3)] {
        let store = with(numbers).await;
        assert_eq!(store.last_kept(&thread_id(1)).await.unwrap(), last, "{numbers:?}");
    }
    let store = with(&[1, 3]).await;
    assert!(store.has_post(&thread_id(1), 3).await.unwrap());
    assert!(!store.has_post(&thread_id(1), 2).await.unwrap());
}

#[tokio::test]
async fn more_posts_than_one_statement_takes_are_kept_at_once() {
    let numbers: Vec<u32> = (1..=1000).collect();
    let store = with(&numbers).await;
    assert_eq!(store.last_kept(&thread_id(1)).await.unwrap(), 1000);
}

#[tokio::test]
async fn a_thread_that_closes_keeps_its_beginning_only() {
    let store = with(&[1, 2, 3]).await;
    let preview = Post { partial: true, ..post(1, 1, "beginning") };
    store.keep_threads(&[gated(thread(1))], minute(1)).await.unwrap();
    assert_eq!(store.last_kept(&thread_id(1)).await.unwrap(), 0);
    store.keep_posts(&thread_id(1), &[preview], minute(1)).await.unwrap();
    store.keep_threads(&[gated(thread(1))], minute(2)).await.unwrap();
    assert_eq!(run(&store, Window::Start, 9).await, Some((vec![1], None)));
}

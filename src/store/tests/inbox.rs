use super::*;
use crate::base::ids::NotificationId;
use crate::model::notification::{Notification, Reason};
use crate::model::page::{Cursor, Page};

fn item(id: u32, at: i64) -> Notification {
    Notification {
        id: NotificationId::new(id.to_string()),
        reason: Reason::Reply,
        actor: None,
        thread: Some(thread_id(1)),
        title: Clean::line("Title"),
        number: Some(2),
        excerpt: Clean::line("words"),
        at: minute(at),
        done: false,
    }
}

fn page(items: &[Notification], more: bool) -> Page<Notification> {
    Page { items: items.to_vec(), next: more.then(|| Cursor("c".into())) }
}

/// Keeps the first page of the open items; ids of the news in it.
async fn keep(store: &Store, items: &[Notification], more: bool) -> Vec<String> {
    let news = store.keep_inbox(&page(items, more), false, true, minute(0)).await.unwrap();
    news.iter().map(|item| item.id.to_string()).collect()
}

async fn listed(store: &Store, also_done: bool) -> Vec<(String, bool)> {
    let kept = store.inbox(also_done, 0, 10).await.unwrap();
    kept.iter().map(|kept| (kept.value.id.to_string(), kept.value.done)).collect()
}

#[tokio::test]
async fn news_is_what_was_not_there_before_or_has_more_in_it() {
    let store = memory().await;
    assert_eq!(keep(&store, &[item(2, 2), item(1, 1)], false).await, ["2", "1"]);
    assert_eq!(keep(&store, &[item(2, 2), item(1, 1)], false).await, Vec::<String>::new());
    assert_eq!(keep(&store, &[item(1, 5), item(2, 2)], false).await, ["1"], "there was more in it");
    let put_away = Notification { done: true, ..item(2, 2) };
    let news = store.keep_inbox(&page(&[put_away], false), true, true, minute(0)).await.unwrap();
    assert_eq!(news, [], "what is put away is no news");
    assert_eq!(
        keep(&store, &[item(1, 5), item(2, 2)], false).await,
        Vec::<String>::new(),
        "it was put back by its reader"
    );
    assert_eq!(keep(&store, &[item(2, 9), item(1, 5)], false).await, ["2"], "something happened in it");
}

#[tokio::test]
async fn what_is_missing_where_it_would_stand_was_put_away() {
    let store = memory().await;
    keep(&store, &[item(4, 4), item(3, 3), item(2, 2), item(1, 1)], false).await;
    keep(&store, &[item(4, 4), item(2, 2)], true).await;
    let open = |id: &str| (id.to_owned(), false);
    assert_eq!(listed(&store, false).await, [open("4"), open("2"), open("1")], "1 may be on the next page");
    assert_eq!(listed(&store, true).await, [open("4"), ("3".into(), true), open("2"), open("1")]);
    store.keep_inbox(&page(&[item(1, 1)], false), false, false, minute(0)).await.unwrap();
    assert_eq!(listed(&store, false).await.len(), 3, "a later page says nothing of the first");
    store.keep_inbox(&page(&[item(4, 4)], false), true, true, minute(0)).await.unwrap();
    assert_eq!(listed(&store, false).await.len(), 3, "nor does the list of all");
    keep(&store, &[], false).await;
    assert_eq!(listed(&store, false).await, []);
}

#[tokio::test]
async fn it_is_newest_first_in_parts() {
    let store = memory().await;
    keep(&store, &[item(9, 1), item(10, 1), item(3, 3)], false).await;
    let ids: Vec<String> = listed(&store, false).await.into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["3", "10", "9"]);
    let part = store.inbox(false, 1, 1).await.unwrap();
    assert_eq!(part, [Kept { value: item(10, 1), at: minute(0) }]);
}

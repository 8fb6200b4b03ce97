use super::*;
use crate::community::{Community as _, memory};
use crate::model::page::Cursor;

/// A page of hits in threads that are known already, which is what a search for one's own posts begins with, ends nothing.
#[tokio::test]
async fn a_search_ends_where_nothing_follows_or_nothing_new_is_given() {
    let hits = memory::sample().search("from:ada a", None).await.unwrap().items;
    assert!(!hits.is_empty());
    let page = |next: Option<&str>| Page { items: hits.clone(), next: next.map(|at| Cursor(at.into())) };
    let mut given = HashSet::new();
    assert!(!is_last(&page(Some("1")), &mut given), "more follows");
    assert!(is_last(&page(Some("1")), &mut given), "the same hits again: a circle");
    let again = page(None).items.into_iter().map(|hit| Hit { number: hit.number + 100, ..hit }).collect();
    assert!(!is_last(&Page { items: again, next: Some(Cursor("2".into())) }, &mut given), "other posts, known threads");
    assert!(is_last(&page(None), &mut HashSet::new()), "nothing follows");
}

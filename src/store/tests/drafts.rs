use super::*;
use crate::model::draft::{Draft, Place};

fn place(thread: u32) -> Place {
    Place::Reply { thread: thread_id(thread), parent: None }
}

fn draft(thread: u32, body: &str) -> Draft {
    Draft { body: body.into(), ..Draft::new(place(thread), "about") }
}

/// Bodies, whose they are and which copy, newest first.
async fn listed(store: &Store, window: &Window) -> Vec<(String, Whose, u32)> {
    let drafts = store.drafts(window).await.unwrap();
    drafts.into_iter().map(|kept| (kept.draft.body, kept.whose, kept.copy)).collect()
}

fn one(body: &str, whose: Whose, copy: u32) -> (String, Whose, u32) {
    (body.to_owned(), whose, copy)
}

/// The same file, opened again as another program would.
async fn again(store: &Store) -> Store {
    Store::open(store.path().unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_draft_is_kept_as_it_was_written_last_and_an_empty_one_is_none() {
    let store = memory().await;
    let window = store.enter("w".into()).await.unwrap();
    store.keep_draft(&window, &draft(1, "a"), minute(1)).await.unwrap();
    store.keep_draft(&window, &draft(1, "ab"), minute(2)).await.unwrap();
    store.keep_draft(&window, &draft(2, "c"), minute(3)).await.unwrap();
    let kept = store.drafts(&window).await.unwrap();
    let wanted = KeptDraft { draft: draft(1, "ab"), at: minute(2), whose: Whose::Mine, copy: 0 };
    assert_eq!(kept[1], wanted);
    assert_eq!(listed(&store, &window).await, [one("c", Whose::Mine, 0), one("ab", Whose::Mine, 0)]);
    store.keep_draft(&window, &draft(1, "  \n"), minute(4)).await.unwrap();
    store.drop_draft(&window, &place(2)).await.unwrap();
    assert_eq!(listed(&store, &window).await, []);
}

#[tokio::test]
async fn two_windows_never_overwrite_one_another() {
    let (_folder, store) = on_disk().await;
    let other = again(&store).await;
    let (mine, theirs) = (store.enter("a".into()).await.unwrap(), other.enter("b".into()).await.unwrap());
    store.keep_draft(&mine, &draft(1, "mine"), minute(2)).await.unwrap();
    other.keep_draft(&theirs, &draft(1, "theirs"), minute(1)).await.unwrap();
    assert_eq!(listed(&store, &mine).await, [one("mine", Whose::Mine, 0), one("theirs", Whose::Other, 0)]);
    store.adopt(&mine).await.unwrap();
    store.drop_draft(&mine, &place(1)).await.unwrap();
    assert_eq!(listed(&other, &theirs).await, [one("theirs", Whose::Mine, 0)], "the living keep what they have");
}

#[tokio::test]
async fn the_texts_of_a_window_that_is_gone_are_taken_over_and_none_is_lost() {
    let (_folder, store) = on_disk().await;
    let mine = store.enter("a".into()).await.unwrap();
    store.keep_draft(&mine, &draft(1, "mine"), minute(1)).await.unwrap();
    for (id, at) in [("b", 5), ("c", 7)] {
        let other = again(&store).await;
        let theirs = other.enter(id.into()).await.unwrap();
        for thread in [1, 2] {
            other.keep_draft(&theirs, &draft(thread, &format!("{id}{thread}")), minute(at)).await.unwrap();
        }
    }
    let nobody = |body| one(body, Whose::Nobody, 0);
    let mut before = listed(&store, &mine).await;
    before.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(before, [nobody("b1"), nobody("b2"), nobody("c1"), nobody("c2"), one("mine", Whose::Mine, 0)]);
    store.adopt(&mine).await.unwrap();
    let mut after = listed(&store, &mine).await;
    after.sort_by(|a, b| a.0.cmp(&b.0));
    let own = |body, copy| one(body, Whose::Mine, copy);
    // What is being written stays in its place; where nothing was, the newest takes it.
    assert_eq!(after, [own("b1", 2), own("b2", 1), own("c1", 1), own("c2", 0), own("mine", 0)]);
    // Writing on touches none of the others.
    store.keep_draft(&mine, &draft(1, "mine, on"), minute(9)).await.unwrap();
    assert_eq!(listed(&store, &mine).await.len(), 5);
}

#[tokio::test]
async fn a_further_text_can_be_taken_up_and_dropped() {
    let (_folder, store) = on_disk().await;
    let mine = store.enter("a".into()).await.unwrap();
    store.keep_draft(&mine, &draft(1, "first"), minute(1)).await.unwrap();
    {
        let other = again(&store).await;
        let theirs = other.enter("b".into()).await.unwrap();
        other.keep_draft(&theirs, &draft(1, "second"), minute(2)).await.unwrap();
    }
    store.adopt(&mine).await.unwrap();
    store.take_up(&mine, &place(1), 1).await.unwrap();
    assert_eq!(listed(&store, &mine).await, [one("second", Whose::Mine, 0), one("first", Whose::Mine, 1)]);
    store.drop_draft(&mine, &place(1)).await.unwrap();
    store.take_up(&mine, &place(1), 7).await.unwrap();
    store.take_up(&mine, &place(1), 1).await.unwrap();
    assert_eq!(listed(&store, &mine).await, [one("first", Whose::Mine, 0)]);
}

#[tokio::test]
async fn a_window_that_went_leaves_no_file_behind() {
    let (_folder, store) = on_disk().await;
    let windows = file::beside(store.path().unwrap(), ".windows");
    let files = || std::fs::read_dir(&windows).unwrap().count();
    let mine = store.enter("a".into()).await.unwrap();
    drop(store.enter("b".into()).await.unwrap());
    assert_eq!(files(), 1);
    // Left by one that was killed.
    std::fs::write(windows.join("c"), "").unwrap();
    std::fs::write(windows.join(".d"), "").unwrap();
    store.adopt(&mine).await.unwrap();
    assert_eq!(files(), 1);
    assert!(!store.is_gone("a"), "the living one was swept away");
}

#[tokio::test]
async fn no_two_windows_have_one_name_and_a_name_is_no_path() {
    let (_folder, store) = on_disk().await;
    let mine = store.enter("a".into()).await.unwrap();
    assert!(matches!(store.enter("a".into()).await, Err(Error::Busy { .. })));
    drop(mine);
    store.enter("a".into()).await.unwrap();
    for bad in ["", "../a", ".a", "a/b"] {
        assert!(matches!(store.enter(bad.into()).await, Err(Error::Failed { .. })), "{bad}");
    }
}

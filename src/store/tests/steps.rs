//! How SQLite goes about what is asked of it: by an index, so that what is asked for decides what it costs.

use super::*;
use crate::model::search::Query;
use crate::store::{drafts, inbox, outbox, posts, search, standing};

#[tokio::test]
async fn what_is_asked_often_is_found_by_an_index_and_in_its_order() {
    let store = memory().await;
    let window = store.enter("a".into()).await.unwrap();
    let sql = |sql: sqlx::QueryBuilder<Sqlite>| sql.sql().as_str().to_owned();
    let by = |line| sql(search::asked(&Query::parse(line).unwrap()));
    let cases = [
        (posts::RUN.to_owned(), "sqlite_autoindex_posts_1 (thread=? AND number>? AND number<?)"),
        (posts::BACK.to_owned(), "sqlite_autoindex_posts_1 (thread=? AND number<?)"),
        (posts::BEFORE.to_owned(), "sqlite_autoindex_posts_1 (thread=? AND number=?)"),
        (inbox::ALL.to_owned(), "USING INDEX inbox_all"),
        (inbox::OPEN.to_owned(), "USING INDEX inbox_open"),
        (inbox::OPEN_SINCE.to_owned(), "USING COVERING INDEX inbox_open (happened>?)"),
        (standing::STALE.to_owned(), "USING INDEX stale_threads_first"),
        (drafts::NEWEST.to_owned(), "USING INDEX drafts_newest"),
        (sql(outbox::all(None)), "SCAN o\n"),
        (sql(outbox::all(Some(&window))), "USING INDEX outbox_of_window (window=?)"),
        (sql(outbox::due(&window, minute(0))), "USING INDEX outbox_of_window (window=?)"),
        (sql(outbox::due(&window, minute(0))), "USING COVERING INDEX outbox_by_lane (lane=? AND id<?)"),
        (sql(outbox::next(&window)), "USING COVERING INDEX outbox_by_lane (lane=? AND id<?)"),
        (by("from:ada"), "USING INDEX posts_of_author (author=?)"),
        (by("tag:a in:help kind:question is:open"), "thread_tags"),
    ];
    for (sql, wanted) in cases {
        let steps = steps(&store, &sql).await;
        assert!(steps.contains(wanted) && !steps.contains("TEMP B-TREE"), "{sql}\n{steps}");
    }
    for line in ["word", "word from:ada", "word in:help is:open", "word tag:a"] {
        let steps = steps(&store, by(line)).await;
        assert!(steps.starts_with("SCAN post_index"), "the full-text index is asked row by row: {line}\n{steps}");
    }
}

#[tokio::test]
async fn what_a_person_wrote_waits_for_the_disk_and_the_rest_does_not() {
    let (_folder, store) = on_disk().await;
    for (pool, synchronous) in [(&store.safe, 2), (&store.cache, 1)] {
        let is = async |pragma: &'static str| -> i64 { sqlx::query_scalar(pragma).fetch_one(pool).await.unwrap() };
        assert_eq!(is("PRAGMA synchronous").await, synchronous);
        assert_eq!(is("PRAGMA foreign_keys").await, 1);
        assert_eq!(is("PRAGMA busy_timeout").await, 5000);
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await.unwrap();
        assert_eq!(mode, "wal");
    }
}

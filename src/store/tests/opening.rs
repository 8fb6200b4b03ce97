use super::*;

/// A store on disk, written to and closed.
async fn closed() -> (tempfile::TempDir, std::path::PathBuf) {
    let (folder, store) = on_disk().await;
    store.keep_threads(&[thread(1)], minute(0)).await.unwrap();
    let path = store.path().unwrap().to_owned();
    store.close().await;
    (folder, path)
}

async fn change(path: &Path, sql: &'static str) {
    let mut db = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
}

/// Opening fails, and the file has the same bytes as before.
async fn refused(path: &Path) -> Error {
    let before = std::fs::read(path).unwrap();
    let error = Store::open(path).await.unwrap_err();
    assert!(std::fs::read(path).unwrap() == before, "the file was written to: {error}");
    assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    error
}

#[tokio::test]
async fn what_was_kept_is_there_after_closing_and_opening() {
    let (_folder, path) = closed().await;
    let store = Store::open(&path).await.unwrap();
    assert_eq!(store.thread(&thread_id(1)).await.unwrap().unwrap().value, thread(1));
    assert_eq!(store.path(), Some(path.as_path()));
    assert_eq!(memory().await.path(), None);
}

#[tokio::test]
async fn a_newer_file_is_left_alone() {
    let (_folder, path) = closed().await;
    change(&path, "CREATE TABLE news (x); PRAGMA user_version = 99").await;
    let error = refused(&path).await;
    assert!(matches!(error, Error::Newer { found: 99, known: 1, .. }), "{error}");
}

#[tokio::test]
async fn a_damaged_file_is_left_alone() {
    let (_folder, path) = closed().await;
    let whole = std::fs::read(&path).unwrap();
    let mut no_header = whole.clone();
    no_header[..100].fill(b'x');
    let mut no_tables = whole.clone();
    no_tables[100..4096].fill(0xff);
    for damaged in [no_header, no_tables, whole[..whole.len() - 4096].to_vec(), b"not a database".to_vec()] {
        std::fs::write(&path, damaged).unwrap();
        let error = refused(&path).await;
        assert!(matches!(error, Error::Damaged { .. }), "{error}");
    }
}

#[tokio::test]
async fn another_programs_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    std::fs::write(&path, "").unwrap();
    change(&path, "CREATE TABLE bookmarks (x)").await;
    let error = refused(&path).await;
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_was_interrupted_is_put_in_order() {
    let (folder, path) = closed().await;
    change(&path, "PRAGMA journal_mode = DELETE").await;
    let mut db = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&path)).await.unwrap();
    // So much that a part of it is in the file already.
    let much = "PRAGMA cache_size = 1; BEGIN IMMEDIATE; DELETE FROM threads; WITH RECURSIVE n (i) AS \
                (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) \
                INSERT INTO documents SELECT i, hex(zeroblob(2000)), 0 FROM n";
    sqlx::raw_sql(much).execute(&mut db).await.unwrap();
    // The power goes now: this is what is on the disk.
    let left = folder.path().join("left.db");
    for ending in ["", "-journal"] {
        std::fs::copy(file::beside(&path, ending), file::beside(&left, ending)).unwrap();
    }
    let store = Store::open(&left).await.unwrap();
    assert_eq!(store.counts().await.unwrap().threads, 1);
}

#[tokio::test]
async fn many_may_open_a_new_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let opening = (0..8).map(|nth| {
        let path = path.clone();
        tokio::spawn(async move {
            let store = Store::open(&path).await.unwrap();
            store.keep_threads(&[super::thread(nth)], minute(0)).await.unwrap();
        })
    });
    for opened in opening.collect::<Vec<_>>() {
        opened.await.unwrap();
    }
    assert_eq!(Store::open(&path).await.unwrap().counts().await.unwrap().threads, 8);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;

    let (folder, store) = on_disk().await;
    let _window = store.enter("a".into()).await.unwrap();
    store.keep_threads(&[thread(1)], minute(0)).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut folders = vec![folder.path().join("deep")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
                files += 1;
            }
        }
    }
    assert_eq!(files, 5, "the file, its two journals, the lock for opening, and that of the window");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_others_could_read_is_closed_to_them() {
    use std::os::unix::fs::PermissionsExt;

    let (_folder, path) = closed().await;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    Store::open(&path).await.unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_cannot_be_written_to_is_said_to_be_so() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o500)).unwrap();
    let opened = Store::open(&folder.path().join("store.db")).await;
    // Root may write anywhere.
    if rustix::process::geteuid().is_root() {
        opened.unwrap();
    } else {
        assert!(matches!(opened, Err(Error::ReadOnly { .. })), "{opened:?}");
    }
}

#[tokio::test]
async fn a_disk_that_became_read_only_is_said_to_be_so() {
    let (_folder, store) = on_disk().await;
    for writer in [&store.safe, &store.cache] {
        sqlx::query("PRAGMA query_only = ON").execute(writer).await.unwrap();
    }
    let error = store.keep_threads(&[thread(1)], minute(0)).await.unwrap_err();
    assert!(matches!(error, Error::ReadOnly { .. }), "{error}");
    let refused = std::io::Error::from(std::io::ErrorKind::ReadOnlyFilesystem);
    assert!(matches!(Error::io(Path::new("x"), &refused), Error::ReadOnly { .. }));
}

#[tokio::test]
async fn a_full_disk_is_said_to_be_full_and_what_was_there_is_whole() {
    let (_folder, store) = on_disk().await;
    store.keep_threads(&[thread(1)], minute(0)).await.unwrap();
    store.keep_posts(&thread_id(1), &[post(1, 1, "needle")], minute(0)).await.unwrap();
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&store.cache).await.unwrap();
    let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {}", pages + 2));
    sqlx::query(limit).execute(&store.cache).await.unwrap();
    let many: Vec<Post> = (1..500).map(|number| post(1, number, &"word ".repeat(200))).collect();
    let error = store.keep_posts(&thread_id(1), &many, minute(1)).await.unwrap_err();
    assert!(matches!(error, Error::Full { .. }), "{error}");
    assert_eq!(store.last_kept(&thread_id(1)).await.unwrap(), 1, "a part of it was kept");
    assert_eq!(store.post(&PostId::new("1-1")).await.unwrap(), Some(post(1, 1, "needle")));
    let query = crate::model::search::Query::parse("needle").unwrap();
    assert_eq!(store.search(&query, 0, 9).await.unwrap().len(), 1);
    let check: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&store.readers).await.unwrap();
    assert_eq!(check, "ok");
    // What a person writes is small, and still finds its place.
    let window = store.enter("a".into()).await.unwrap();
    store
        .enqueue(&window, &outbox::new("k", crate::model::change::Change::Follow { thread: thread_id(1), on: true }))
        .await
        .unwrap();
}

#[tokio::test]
async fn when_there_is_room_again_everything_goes_on() {
    let (_folder, store) = on_disk().await;
    let long = "x".repeat(1_000_000);
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&store.cache).await.unwrap();
    let limit = async |pages: i64| {
        let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        sqlx::query(limit).execute(&store.cache).await.unwrap();
    };
    for _ in 0..2 {
        limit(pages + 2).await;
        // Here SQLite undoes the whole transaction by itself.
        let error = store.keep_document("long", &long, minute(0)).await.unwrap_err();
        assert!(matches!(error, Error::Full { .. }), "{error}");
    }
    limit(100_000).await;
    store.keep_document("long", &long, minute(0)).await.unwrap();
    assert_eq!(store.document("long").await.unwrap(), Some(Kept { value: long, at: minute(0) }));
}

#[tokio::test]
async fn a_file_that_somebody_keeps_to_himself_is_said_to_be_busy() {
    let (_folder, store) = on_disk().await;
    let other = Store::open(store.path().unwrap()).await.unwrap();
    let held = other.begin(&other.cache).await.unwrap();
    sqlx::query("PRAGMA busy_timeout = 0").execute(&store.cache).await.unwrap();
    let error = store.keep_threads(&[thread(1)], minute(0)).await.unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error}");
    held.rollback().await.unwrap();
    store.keep_threads(&[thread(1)], minute(0)).await.unwrap();
}

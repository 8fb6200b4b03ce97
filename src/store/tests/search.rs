use super::*;
use crate::model::search::{Hit, Query};

async fn find(store: &Store, line: &str) -> Vec<Hit> {
    store.search(&Query::parse(line).unwrap(), 0, 10).await.unwrap()
}

/// `thread/number` of what is found.
async fn found(store: &Store, line: &str) -> Vec<String> {
    find(store, line).await.iter().map(|hit| format!("{}/{}", hit.thread.id, hit.number)).collect()
}

async fn library() -> Store {
    let store = memory().await;
    let mut threads: Vec<Thread> = (1..=4).map(thread).collect();
    threads[0].title = Clean::line("Spawning tasks");
    threads[1].title = Clean::line("线程池怎么用");
    threads[1].kind = Kind::Question;
    threads[1].tags = vec![Clean::line("async"), Clean::line("rust")];
    threads[2].kind = Kind::Question;
    threads[2].accepted = Some(PostId::new("3-2"));
    threads[2].answers = 1;
    threads[2].space = SpaceId::new("news");
    store.keep_threads(&threads, minute(0)).await.unwrap();
    let texts: [(u32, &[&str]); 4] = [
        (1, &["Use `tokio::spawn` here", "or spawn_blocking, tokio is not spawn"]),
        (2, &["把任务放进运行时", "可以避免死锁"]),
        (3, &["A deadlock", "asynchronous code, naïve"]),
        (4, &["nothing", "to see"]),
    ];
    for (thread, texts) in texts {
        let mut posts: Vec<Post> = (1..).zip(texts).map(|(number, text)| post(thread, number, text)).collect();
        posts[1].author = author("eve");
        store.keep_posts(&thread_id(thread), &posts, minute(0)).await.unwrap();
    }
    store
}

#[tokio::test]
async fn words_are_found_as_online() {
    let store = library().await;
    let cases: [(&str, &[&str]); 16] = [
        ("tokio::spawn", &["1/1"]),
        ("blocking", &["1/2"]),
        ("SPAWNING", &["1/1"]),
        ("async", &["2/1", "3/2"]),
        ("\"async\"", &["2/1"]),
        ("naive", &["3/2"]),
        ("死锁", &["2/2"]),
        ("锁", &["2/2"]),
        ("线程池", &["2/1"]),
        ("程线", &[]),
        ("tokio spawn", &["1/1"]),
        ("\"not spawn\"", &["1/2"]),
        ("\") OR whole : (x\" NEAR*", &[]),
        ("nothing else", &[]),
        ("rust", &["4/1", "3/1", "2/1", "1/1"]),
        ("deadlock 死锁", &[]),
    ];
    for (line, wanted) in cases {
        let mut found = found(&store, line).await;
        let mut wanted = wanted.to_vec();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{line}");
    }
}

#[tokio::test]
async fn operators_narrow_as_online() {
    let store = library().await;
    let cases: [(&str, &[&str]); 14] = [
        ("tag:async", &["2/1"]),
        ("tag:async tag:rust", &["2/1"]),
        ("tag:async tag:other", &[]),
        ("from:eve", &["4/2", "3/2", "2/2", "1/2"]),
        ("from:@Eve spawn", &["1/2"]),
        ("from:ada 死锁", &[]),
        ("in:news", &["3/1"]),
        ("in:news deadlock", &["3/1"]),
        ("in:help deadlock", &[]),
        ("kind:question", &["3/1", "2/1"]),
        ("is:solved", &["3/1"]),
        ("is:open", &["2/1"]),
        ("is:unanswered", &["2/1"]),
        ("kind:discussion is:open", &[]),
    ];
    for (line, wanted) in cases {
        assert_eq!(found(&store, line).await, wanted, "{line}");
    }
}

#[tokio::test]
async fn a_title_counts_more_than_a_text_and_a_thread_is_one_line() {
    let store = memory().await;
    let titled = Thread { title: Clean::line("needle in a haystack of long titles"), ..thread(1) };
    store.keep_threads(&[titled, thread(2)], minute(0)).await.unwrap();
    store.keep_posts(&thread_id(1), &[post(1, 1, "a"), post(1, 2, "the needle")], minute(0)).await.unwrap();
    store.keep_posts(&thread_id(2), &[post(2, 1, "needle needle")], minute(0)).await.unwrap();
    assert_eq!(found(&store, "needle").await, ["1/1", "2/1"]);
    let query = Query::parse("needle").unwrap();
    let second = store.search(&query, 1, 10).await.unwrap();
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].thread.id, thread_id(2));
}

#[tokio::test]
async fn a_match_is_shown_in_its_words() {
    let store = library().await;
    let hits = find(&store, "tokio::spawn").await;
    let shown: Vec<(bool, &str)> = hits[0].snippet.iter().map(|(marked, text)| (*marked, text.as_str())).collect();
    assert_eq!(shown, [(false, "Use `"), (true, "tokio::spawn"), (false, "` here")]);
    assert_eq!(hits[0].at, post(1, 1, "").created);
}

#[tokio::test]
async fn what_is_gone_or_changed_is_not_found_any_more() {
    let store = library().await;
    let edited = post(1, 1, "Use something else");
    let deleted = Post { deleted: true, ..post(2, 2, "") };
    store.keep_posts(&thread_id(1), &[edited], minute(1)).await.unwrap();
    store.keep_posts(&thread_id(2), &[deleted], minute(1)).await.unwrap();
    assert_eq!(found(&store, "tokio::spawn").await, Vec::<String>::new());
    assert_eq!(found(&store, "something").await, ["1/1"]);
    assert_eq!(found(&store, "死锁").await, Vec::<String>::new());
    assert_eq!(found(&store, "from:eve in:help").await, ["4/2", "1/2"]);
}

#[tokio::test]
async fn a_thread_is_found_by_its_new_title_and_by_one_that_came_after_its_posts() {
    let store = library().await;
    let renamed = Thread { title: Clean::line("Renamed"), tags: vec![Clean::line("fresh")], ..thread(1) };
    store.keep_posts(&thread_id(9), &[post(9, 1, "early")], minute(0)).await.unwrap();
    assert_eq!(found(&store, "early").await, Vec::<String>::new(), "there is no line to show yet");
    store.keep_threads(&[renamed, Thread { title: Clean::line("Late"), ..thread(9) }], minute(1)).await.unwrap();
    assert_eq!(found(&store, "spawning").await, Vec::<String>::new());
    assert_eq!(found(&store, "renamed").await, ["1/1"]);
    assert_eq!(found(&store, "tag:fresh").await, ["1/1"]);
    assert_eq!(found(&store, "late").await, ["9/1"]);
    assert_eq!(found(&store, "early late").await, ["9/1"]);
}

#[tokio::test]
async fn a_thread_that_closes_is_found_by_its_beginning_only() {
    let store = library().await;
    assert_eq!(found(&store, "deadlock").await, ["3/1"]);
    store.keep_threads(&[gated(thread(3))], minute(1)).await.unwrap();
    for line in ["deadlock", "asynchronous", "from:eve in:help asynchronous"] {
        assert_eq!(found(&store, line).await, Vec::<String>::new(), "{line}");
    }
    // An answer that was on its way.
    store.keep_posts(&thread_id(3), &[post(3, 2, "asynchronous secret")], minute(1)).await.unwrap();
    assert_eq!(found(&store, "secret").await, Vec::<String>::new());
    let preview = Post { partial: true, ..post(3, 1, "a beginning") };
    store.keep_posts(&thread_id(3), &[preview], minute(1)).await.unwrap();
    assert_eq!(found(&store, "beginning").await, ["3/1"]);
}

#[tokio::test]
async fn threads_and_members_are_known_by_name() {
    let store = library().await;
    let known = store.known(10).await.unwrap();
    assert_eq!(known.threads.len(), 4);
    assert!(known.threads.windows(2).all(|two| two[0].active >= two[1].active));
    let names: Vec<&str> = known.members.iter().map(|author| author.username.as_str()).collect();
    assert!(names.contains(&"eve") && names.is_sorted(), "{names:?}");
    let mut once = names.clone();
    once.dedup();
    assert_eq!(once, names);
    assert_eq!(store.known(1).await.unwrap().threads.len(), 1);
}

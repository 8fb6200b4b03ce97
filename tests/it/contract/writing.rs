//! What doing promises, and who hears of it.

use futures_util::StreamExt;
use lyceum::base::ids::{NotificationId, SpaceId, ThreadId};
use lyceum::community::{Kind as Fault, Live};
use lyceum::model::change::{Change, Notice, Topic};
use lyceum::model::notification::Reason;
use lyceum::model::page::Window;
use lyceum::model::post::Post;
use lyceum::model::thread::{Kind, Marks};

use super::fixture::{Fixture, key};

async fn posts(on: &dyn Fixture, who: &str, thread: &ThreadId) -> Vec<Post> {
    on.seen_by(who).posts(thread, Window::Start).await.unwrap().items
}

async fn fault<T>(call: impl Future<Output = lyceum::community::Result<T>>) -> Fault {
    call.await.err().expect("refused").kind
}

fn reply(thread: &ThreadId, body: &str) -> Change {
    Change::Reply { thread: thread.clone(), parent: None, body: body.into() }
}

async fn question(on: &dyn Fixture) -> ThreadId {
    on.opens("ada", "general", Kind::Question, "How?", "Like this?").await
}

pub(super) async fn what_was_opened_can_be_read(on: &dyn Fixture) {
    let id =
        on.opens_tagged("ada", "general", Kind::Question, "How?", ("Like **this**?\n\n1. a", &["axum", "c++"])).await;
    let thread = on.seen_by("bram").thread(&id).await.unwrap();
    let tags: Vec<_> = thread.tags.iter().map(ToString::to_string).collect();
    assert_eq!((&*thread.title, thread.kind, thread.author.username.as_str()), ("How?", Kind::Question, "ada"));
    assert_eq!((tags, thread.last, thread.answers, thread.score), (vec!["axum".into(), "c++".into()], 1, 0, 0));
    assert_eq!((thread.unread(), thread.space.as_str(), thread.created), (1, "general", thread.active));
    let opening = &posts(on, "bram", &id).await[0];
    assert_eq!((&*opening.body, opening.number, opening.may_edit), ("Like **this**?\n\n1. a", 1, false));
    assert!(posts(on, "ada", &id).await[0].may_edit);
    // One's own thread is no news to oneself.
    let own = on.seen_by("ada").thread(&id).await.unwrap();
    assert_eq!((own.unread(), own.marks.follow), (0, true));
}

pub(super) async fn a_reply_goes_to_a_thread_or_to_a_post(on: &dyn Fixture) {
    let thread = question(on).await;
    let answer = on.replies("bram", &thread, None, "An answer").await;
    assert_eq!((answer.thread.as_ref(), answer.number), (Some(&thread), Some(2)));
    let comment = on.replies("ada", &thread, Some(2), "A comment").await;
    let seen: Vec<_> = posts(on, "ada", &thread).await.into_iter().map(|p| (p.id, p.number, p.parent)).collect();
    assert_eq!(seen[1..], [(answer.post.unwrap(), 2, None), (comment.post.unwrap(), 3, Some(2))]);
    let now = on.seen_by("ada").thread(&thread).await.unwrap();
    assert_eq!((now.last, now.answers), (3, 1));
}

pub(super) async fn the_same_key_again_has_no_second_effect(on: &dyn Fixture) {
    let thread = question(on).await;
    let (bram, once) = (on.seen_by("bram"), key("once"));
    let first = bram.apply(&reply(&thread, "An answer"), &once).await.unwrap();
    on.wait();
    assert_eq!(bram.apply(&reply(&thread, "An answer"), &once).await.unwrap(), first);
    assert_eq!(posts(on, "ada", &thread).await.len(), 2);
    let (post, once) = (posts(on, "bram", &thread).await[1].clone(), key("once"));
    let edit = Change::Edit { post: post.id, body: "A better one".into(), version: post.version };
    let first = bram.apply(&edit, &once).await.unwrap();
    assert_eq!(bram.apply(&edit, &once).await, Ok(first), "the version it named is its own older one");
    // Somebody else's key is another key.
    on.seen_by("grace").apply(&reply(&thread, "Mine"), &once).await.unwrap();
    assert_eq!(posts(on, "ada", &thread).await.len(), 3);
}

pub(super) async fn the_same_key_for_another_change_is_invalid(on: &dyn Fixture) {
    let thread = question(on).await;
    let (bram, once) = (on.seen_by("bram"), key("once"));
    bram.apply(&reply(&thread, "An answer"), &once).await.unwrap();
    assert!(matches!(fault(bram.apply(&reply(&thread, "Another"), &once)).await, Fault::Invalid(_)));
    assert_eq!(posts(on, "ada", &thread).await.len(), 2);
}

pub(super) async fn an_edit_must_name_the_version_that_stands(on: &dyn Fixture) {
    let thread = question(on).await;
    let before = posts(on, "ada", &thread).await.remove(0);
    let edit =
        |body: &str| Change::Edit { post: before.id.clone(), body: body.into(), version: before.version.clone() };
    let applied = on.does("ada", edit("Like that?")).await.unwrap();
    assert_eq!((applied.thread, applied.number), (Some(thread.clone()), Some(1)));
    let after = posts(on, "bram", &thread).await.remove(0);
    assert_eq!((&*after.body, after.edited.is_some()), ("Like that?", true));
    assert_ne!(after.version, before.version);
    assert_eq!(fault(on.does("ada", edit("Or so?"))).await, Fault::Conflict);
    assert_eq!(&*posts(on, "bram", &thread).await[0].body, "Like that?");
}

pub(super) async fn who_may_not_is_told_so(on: &dyn Fixture) {
    let thread = question(on).await;
    let answer = on.replies("bram", &thread, None, "An answer").await.post.unwrap();
    let version = posts(on, "bram", &thread).await[1].version.clone();
    let edit = Change::Edit { post: answer.clone(), body: "Hacked".into(), version };
    assert_eq!(fault(on.does("ada", edit)).await, Fault::Forbidden);
    let accept = Change::Accept { thread: thread.clone(), post: Some(answer) };
    assert_eq!(fault(on.does("bram", accept)).await, Fault::Forbidden);
    let space = SpaceId::new("news");
    let news = Change::NewThread { space, kind: Kind::Discussion, title: "t".into(), body: "b".into(), tags: vec![] };
    assert_eq!(fault(on.does("ada", news)).await, Fault::Forbidden);
    assert_eq!(fault(on.seen_by_nobody().apply(&reply(&thread, "x"), &key("x"))).await, Fault::SignedOut);
    assert_eq!(posts(on, "ada", &thread).await.len(), 2);
}

pub(super) async fn a_locked_thread_takes_replies_of_staff_only(on: &dyn Fixture) {
    let thread = question(on).await;
    on.lock(&thread).await;
    assert_eq!(fault(on.does("bram", reply(&thread, "Too late"))).await, Fault::Conflict);
    assert_eq!(fault(on.does("ada", reply(&thread, "But I asked"))).await, Fault::Conflict, "not its author either");
    on.replies("juno", &thread, None, "Closed, because it was answered.").await;
    on.replies("octavia", &thread, Some(2), "See the handbook.").await;
    let now = on.seen_by("bram").thread(&thread).await.unwrap();
    assert_eq!((now.locked, now.last), (true, 3), "it stays locked");
}

pub(super) async fn what_is_wrong_is_named_by_its_field(on: &dyn Fixture) {
    let thread = question(on).await;
    let open = |title: &str, body: &str, tags: &[&str]| Change::NewThread {
        space: SpaceId::new("general"),
        kind: Kind::Discussion,
        title: title.into(),
        body: body.into(),
        tags: tags.iter().map(ToString::to_string).collect(),
    };
    let nowhere = Change::Reply { thread: thread.clone(), parent: Some(77), body: "x".into() };
    let wrong = [
        (open("", "b", &[]), "title"),
        (open("two\nlines", "b", &[]), "title"),
        (open(&"t".repeat(201), "b", &[]), "title"),
        (open("t", "", &[]), "body"),
        (open("t", "b", &["Not A Tag"]), "tags"),
        (open("t", "b", &["a", "b", "c", "d", "e", "f"]), "tags"),
        (reply(&thread, "  \n "), "body"),
        (nowhere, "parent"),
    ];
    for (change, field) in wrong {
        let Fault::Invalid(fields) = fault(on.does("ada", change.clone())).await else { panic!("{change:?}") };
        assert!(fields.iter().any(|(name, _)| name.starts_with(field)), "{change:?}: {fields:?}");
    }
    let feed = on.seen_by("ada").feed(lyceum::model::feed::View::Latest, None).await.unwrap();
    assert_eq!(feed.items.len(), 1, "nothing was written");
}

pub(super) async fn votes_add_up_and_are_taken_back(on: &dyn Fixture) {
    let thread = question(on).await;
    let post = on.replies("bram", &thread, None, "An answer").await.post.unwrap();
    let vote = async |who: &str, value| {
        on.does(who, Change::Vote { post: post.clone(), value }).await.unwrap();
        let post = posts(on, who, &thread).await.remove(1);
        (post.score, post.vote)
    };
    assert_eq!(vote("ada", 1).await, (1, 1));
    assert_eq!(vote("ada", 1).await, (1, 1));
    assert_eq!(vote("grace", 1).await, (2, 1));
    assert_eq!(vote("ada", -1).await, (0, -1));
    assert_eq!(vote("ada", 0).await, (1, 0));
    assert!(matches!(fault(on.does("ada", Change::Vote { post, value: 2 })).await, Fault::Invalid(_)));
}

pub(super) async fn an_answer_is_accepted_and_taken_back(on: &dyn Fixture) {
    let thread = question(on).await;
    let answer = on.replies("bram", &thread, None, "An answer").await.post.unwrap();
    let comment = on.replies("grace", &thread, Some(2), "A comment").await.post.unwrap();
    let accept = |post| Change::Accept { thread: thread.clone(), post };
    assert!(matches!(fault(on.does("ada", accept(Some(comment)))).await, Fault::Invalid(_)));
    on.does("ada", accept(Some(answer.clone()))).await.unwrap();
    let seen = on.seen_by("bram").thread(&thread).await.unwrap();
    assert_eq!((seen.accepted, posts(on, "bram", &thread).await[1].accepted), (Some(answer), true));
    assert_eq!(seen.accepted_number, Some(2));
    // Staff may take it back for the asker.
    on.does("juno", accept(None)).await.unwrap();
    let seen = on.seen_by("bram").thread(&thread).await.unwrap();
    assert_eq!((seen.accepted, seen.accepted_number), (None, None));
}

pub(super) async fn marks_are_ones_own(on: &dyn Fixture) {
    let thread = question(on).await;
    on.replies("bram", &thread, None, "An answer").await;
    let marks = async |who: &str| on.seen_by(who).thread(&thread).await.unwrap().marks;
    for change in [
        Change::Read { thread: thread.clone(), upto: 99 },
        Change::Follow { thread: thread.clone(), on: true },
        Change::Bookmark { thread: thread.clone(), on: true },
    ] {
        on.does("grace", change).await.unwrap();
    }
    assert_eq!(
        marks("grace").await,
        Marks { read: 2, follow: true, mute: false, bookmark: true },
        "nobody has read what is not there"
    );
    assert_eq!(marks("juno").await, Marks::default());
    on.does("grace", Change::Read { thread: thread.clone(), upto: 1 }).await.unwrap();
    on.does("grace", Change::Follow { thread: thread.clone(), on: false }).await.unwrap();
    assert_eq!(marks("grace").await, Marks { read: 1, bookmark: true, ..Marks::default() });
}

pub(super) async fn who_follows_does_not_mute_and_who_mutes_does_not_follow(on: &dyn Fixture) {
    let thread = question(on).await;
    let mark = async |change: Change| {
        on.does("ada", change).await.unwrap();
        let marks = on.seen_by("ada").thread(&thread).await.unwrap().marks;
        (marks.follow, marks.mute)
    };
    let follow = |on| Change::Follow { thread: thread.clone(), on };
    let mute = |on| Change::Mute { thread: thread.clone(), on };
    assert_eq!(mark(mute(true)).await, (false, true), "who opened it followed it");
    assert_eq!(mark(follow(false)).await, (false, true));
    assert_eq!(mark(reply(&thread, "What a muted thread says is written as before.")).await, (false, true));
    assert_eq!(mark(follow(true)).await, (true, false));
    assert_eq!(mark(mute(false)).await, (true, false));
    assert_eq!(mark(mute(true)).await, (false, true));
    assert_eq!(mark(mute(false)).await, (false, false));
    assert_eq!(on.seen_by("bram").thread(&thread).await.unwrap().marks, Marks::default());
}

pub(super) async fn a_muted_thread_tells_nothing_to_the_inbox(on: &dyn Fixture) {
    let thread = question(on).await;
    let mute = |on| Change::Mute { thread: thread.clone(), on };
    for who in ["ada", "bram"] {
        on.does(who, mute(true)).await.unwrap();
    }
    on.does("juno", Change::Follow { thread: thread.clone(), on: true }).await.unwrap();
    let answer = on.replies("bram", &thread, None, "An answer, @ada.").await.post;
    on.replies("grace", &thread, Some(2), "A reply, @bram.").await;
    on.does("ada", Change::Accept { thread: thread.clone(), post: answer }).await.unwrap();
    let inbox = async |who: &str| on.seen_by(who).notifications(true, None).await.unwrap().items;
    for who in ["ada", "bram"] {
        assert_eq!((inbox(who).await, on.seen_by(who).me().await.unwrap().inbox), (vec![], 0), "{who}");
    }
    assert_eq!(inbox("juno").await.len(), 1, "who follows is told as ever");
    let elsewhere = on.opens("grace", "general", Kind::Discussion, "Elsewhere", "Hello @ada").await;
    assert_eq!(inbox("ada").await[0].thread, Some(elsewhere), "other threads tell");
    on.does("bram", mute(false)).await.unwrap();
    on.replies("grace", &thread, Some(2), "Another.").await;
    assert_eq!(inbox("bram").await.iter().map(|n| n.number).collect::<Vec<_>>(), [Some(4)], "what was missed is gone");
}

pub(super) async fn the_inbox_tells_who_is_concerned_and_folds(on: &dyn Fixture) {
    let thread = question(on).await;
    let answer = on.replies("bram", &thread, None, "Ask @grace, she knows.").await.post;
    on.replies("bram", &thread, None, "Or read the book.").await;
    let inbox = async |who: &str| on.seen_by(who).notifications(false, None).await.unwrap().items;
    let ada = inbox("ada").await;
    assert_eq!(ada.len(), 1, "two posts, one line: {ada:?}");
    assert_eq!((ada[0].reason, ada[0].number, ada[0].thread.as_ref()), (Reason::Answer, Some(2), Some(&thread)));
    assert_eq!((&*ada[0].title, ada[0].actor.as_ref().unwrap().username.as_str()), ("How?", "bram"));
    assert_eq!(inbox("grace").await[0].reason, Reason::Mention);
    assert!(inbox("bram").await.is_empty(), "one's own deeds are no news");
    on.does("ada", Change::Accept { thread: thread.clone(), post: answer }).await.unwrap();
    assert_eq!(inbox("bram").await[0].reason, Reason::Accepted);
    on.replies("ada", &thread, Some(2), "Thank you.").await;
    let bram = inbox("bram").await;
    assert_eq!(bram.iter().map(|n| n.reason).collect::<Vec<_>>(), [Reason::Reply, Reason::Accepted], "newest first");
    assert_eq!(on.seen_by("bram").me().await.unwrap().inbox, 2);
}

pub(super) async fn an_item_is_put_away_and_back(on: &dyn Fixture) {
    let thread = question(on).await;
    on.replies("bram", &thread, None, "An answer").await;
    let ada = on.seen_by("ada");
    let open = async || ada.notifications(false, None).await.unwrap().items;
    let id = open().await[0].id.clone();
    let done = |notification: &NotificationId, done| Change::Done { notification: notification.clone(), done };
    assert_eq!(fault(on.does("bram", done(&id, true))).await, Fault::NotFound, "another's");
    on.does("ada", done(&id, true)).await.unwrap();
    assert!(open().await.is_empty());
    let all = ada.notifications(true, None).await.unwrap().items;
    assert_eq!((all.len(), all[0].done), (1, true));
    on.does("ada", done(&id, false)).await.unwrap();
    assert_eq!(open().await.len(), 1);
    on.does("ada", done(&id, true)).await.unwrap();
    on.replies("grace", &thread, None, "Another").await;
    let back = open().await;
    assert_eq!((back.len(), back[0].number), (1, Some(3)), "it comes back for what is new");
}

fn told(notices: &[Notice]) -> Vec<Topic> {
    notices.iter().map(|notice| notice.topic).collect()
}

pub(super) async fn changes_are_told_in_order_from_where_one_was(on: &dyn Fixture) {
    let (none, start) = on.seen_by("ada").changes(None).await.unwrap();
    assert!(none.is_empty());
    let thread = question(on).await;
    on.replies("bram", &thread, None, "An answer").await;
    on.does("grace", Change::Bookmark { thread: thread.clone(), on: true }).await.unwrap();
    let after = async |who: &str, seq| on.seen_by(who).changes(Some(seq)).await.unwrap();
    let (ada, now) = after("ada", start).await;
    assert_eq!(told(&ada), [Topic::Thread, Topic::Post, Topic::Inbox]);
    assert!(ada.iter().all(|n| n.seq > start && n.seq <= now && n.thread.as_ref() == Some(&thread)), "{ada:?}");
    assert!(ada.is_sorted_by_key(|notice| notice.seq));
    // What concerns one alone is told to nobody else.
    assert_eq!(told(&after("grace", start).await.0), [Topic::Thread, Topic::Post, Topic::Marks]);
    let (rest, _) = after("ada", ada[0].seq).await;
    assert_eq!(told(&rest), [Topic::Post, Topic::Inbox]);
    assert_eq!(after("ada", now).await, (Vec::new(), now));
}

pub(super) async fn a_change_of_one_post_names_it(on: &dyn Fixture) {
    let octavia = on.seen_by("octavia");
    let (_, mut seen) = octavia.changes(None).await.unwrap();
    let mut news = async || {
        let (notices, now) = octavia.changes(Some(seen)).await.unwrap();
        seen = now;
        notices.iter().map(|notice| (notice.topic, notice.number)).collect::<Vec<_>>()
    };
    let thread = question(on).await;
    assert_eq!(news().await, [(Topic::Thread, None)]);
    let second = on.replies("bram", &thread, None, "An answer").await.post;
    let third = on.replies("grace", &thread, None, "Another").await.post;
    assert_eq!(news().await, [(Topic::Post, Some(2)), (Topic::Post, Some(3))]);
    on.does("ada", Change::Vote { post: third.clone().unwrap(), value: 1 }).await.unwrap();
    assert_eq!(news().await, [(Topic::Vote, Some(3))]);
    let Post { id: post, version, .. } = posts(on, "bram", &thread).await.remove(1);
    on.does("bram", Change::Edit { post, body: "A better one".into(), version }).await.unwrap();
    assert_eq!(news().await, [(Topic::Edit, Some(2))]);
    let accept = async |post| on.does("ada", Change::Accept { thread: thread.clone(), post }).await.unwrap();
    accept(second).await;
    assert_eq!(news().await, [(Topic::Vote, Some(2))]);
    accept(third.clone()).await;
    assert_eq!(news().await, [(Topic::Vote, Some(2)), (Topic::Vote, Some(3))], "accepted no longer, and accepted");
    accept(third).await;
    assert_eq!(news().await, [], "nothing has changed");
    accept(None).await;
    assert_eq!(news().await, [(Topic::Vote, Some(3))]);
    on.delete(&thread, 2).await;
    assert_eq!(news().await, [(Topic::Edit, Some(2))]);
    on.does("octavia", Change::Bookmark { thread: thread.clone(), on: true }).await.unwrap();
    assert_eq!(news().await, [(Topic::Marks, None)]);
}

pub(super) async fn who_is_ahead_of_the_community_is_told_where_it_is(on: &dyn Fixture) {
    let ada = on.seen_by("ada");
    let thread = question(on).await;
    for ahead in [1, 1000, u64::MAX] {
        let (_, last) = ada.changes(None).await.unwrap();
        let after = last.saturating_add(ahead);
        assert_eq!(ada.changes(Some(after)).await.unwrap(), (Vec::new(), last), "{after}");
        let mut live = ada.live(Some(after)).await.unwrap();
        assert_eq!(live.next().await.unwrap().unwrap(), Live::Open);
        let number = on.replies("bram", &thread, None, "News").await.number;
        let Live::Notice(news) = live.next().await.unwrap().unwrap() else { panic!("opened twice") };
        assert_eq!((news.seq, news.topic, news.number), (last + 1, Topic::Post, number), "{after}");
    }
}

pub(super) async fn news_comes_live_after_what_was_missed(on: &dyn Fixture) {
    let ada = on.seen_by("ada");
    let (_, start) = ada.changes(None).await.unwrap();
    let thread = question(on).await;
    let mut live = ada.live(Some(start)).await.unwrap();
    assert_eq!(live.next().await.unwrap().unwrap(), Live::Open);
    let mut next = async || match live.next().await.unwrap().unwrap() {
        Live::Notice(notice) => notice,
        Live::Open => panic!("opened twice"),
    };
    let missed = next().await;
    assert_eq!((missed.topic, missed.thread.as_ref(), missed.number), (Topic::Thread, Some(&thread), None));
    on.replies("bram", &thread, None, "An answer").await;
    let (first, second) = (next().await, next().await);
    assert_eq!((first.topic, first.number, second.topic), (Topic::Post, Some(2), Topic::Inbox));
    assert!(missed.seq < first.seq && first.seq < second.seq);
}

//! What asking promises.

use lyceum::base::ids::{PostId, SpaceId, ThreadId, Username};
use lyceum::community::Kind as Fault;
use lyceum::model::change::Change;
use lyceum::model::feed::{Sort, State, ThreadQuery, View};
use lyceum::model::member::Role;
use lyceum::model::membership::Standing;
use lyceum::model::page::{Cursor, Page, Window};
use lyceum::model::permission::Because;
use lyceum::model::post::Post;
use lyceum::model::thread::{Kind, Thread};

use super::fixture::Fixture;

fn titles(page: &Page<Thread>) -> Vec<String> {
    page.items.iter().map(|thread| thread.title.to_string()).collect()
}

fn numbers(page: &Page<Post>) -> Vec<u32> {
    page.items.iter().map(|post| post.number).collect()
}

async fn fault<T>(call: impl Future<Output = lyceum::community::Result<T>>) -> Fault {
    call.await.err().expect("refused").kind
}

pub(super) async fn anybody_may_ask_what_the_place_is(on: &dyn Fixture) {
    let about = on.seen_by_nobody().about().await.unwrap();
    assert_eq!(about, on.seen_by("ada").about().await.unwrap());
    assert!(!about.name.is_empty() && !about.policy_version.is_empty(), "{about:?}");
}

pub(super) async fn one_is_who_signed_in(on: &dyn Fixture) {
    let me = on.seen_by("juno").me().await.unwrap();
    assert_eq!((me.author.username.as_str(), me.author.role, me.inbox), ("juno", Role::Moderator, 0));
    let nobody = on.seen_by_nobody();
    assert_eq!(fault(nobody.me()).await, Fault::SignedOut);
    assert_eq!(fault(nobody.feed(View::Latest, None)).await, Fault::SignedOut);
    assert_eq!(fault(nobody.membership()).await, Fault::SignedOut);
}

pub(super) async fn spaces_come_in_order_with_what_they_take(on: &dyn Fixture) {
    on.opens("grace", "workshop", Kind::Article, "Deep", "Deep water.").await;
    let seen = async |who: &str| {
        let spaces = on.seen_by(who).spaces().await.unwrap();
        spaces.into_iter().map(|s| (s.id.to_string(), s.may_read, s.may_write, s.threads, s.unread)).collect::<Vec<_>>()
    };
    let row = |id: &str, read, write, threads, unread| (id.to_owned(), read, write, threads, unread);
    let (general, news) = (row("general", true, true, 0, 0), row("news", true, false, 0, 0));
    assert_eq!(seen("ada").await, [general.clone(), news.clone(), row("workshop", false, false, 1, 1)]);
    assert_eq!(seen("grace").await, [general.clone(), news, row("workshop", true, true, 1, 0)]);
    assert_eq!(seen("juno").await, [general, row("news", true, true, 0, 0), row("workshop", true, true, 1, 1)]);
}

pub(super) async fn the_feed_has_the_newest_activity_first(on: &dyn Fixture) {
    let first = on.opens("ada", "general", Kind::Discussion, "first", "x").await;
    on.opens("ada", "general", Kind::Discussion, "second", "x").await;
    on.opens("juno", "news", Kind::Announcement, "third", "x").await;
    let feed = on.seen_by("bram").feed(View::Latest, None).await.unwrap();
    assert_eq!((titles(&feed), feed.next), (vec!["third".into(), "second".into(), "first".into()], None));
    on.replies("bram", &first, None, "a reply").await;
    let feed = on.seen_by("bram").feed(View::Latest, None).await.unwrap();
    assert_eq!(titles(&feed), ["first", "third", "second"]);
    assert!(feed.items[0].active > feed.items[0].created);
}

/// More threads than fit on a page, oldest first.
async fn many(on: &dyn Fixture, count: usize) -> Vec<String> {
    let mut titles = Vec::new();
    for number in 0..count {
        let title = format!("thread {number:03}");
        on.opens("ada", "general", Kind::Discussion, &title, "x").await;
        titles.push(title);
    }
    titles
}

pub(super) async fn a_list_goes_on_where_it_stopped(on: &dyn Fixture) {
    let mut expected = many(on, 35).await;
    expected.reverse();
    let bram = on.seen_by("bram");
    let first = bram.feed(View::Latest, None).await.unwrap();
    // What is added meanwhile pushes nothing over the edge of a page.
    on.opens("ada", "general", Kind::Discussion, "late", "x").await;
    let second = bram.feed(View::Latest, first.next.as_ref()).await.unwrap();
    assert_eq!([titles(&first), titles(&second)].concat(), expected);
    assert!(first.next.is_some() && second.next.is_none());
}

pub(super) async fn a_cursor_of_another_list_is_invalid(on: &dyn Fixture) {
    many(on, 31).await;
    let ada = on.seen_by("ada");
    let cursor = ada.feed(View::Latest, None).await.unwrap().next.unwrap();
    let nonsense = Cursor("nonsense".into());
    for cursor in [&cursor, &nonsense] {
        let kinds = [
            fault(ada.feed(View::Unread, Some(cursor))).await,
            fault(ada.threads(&ThreadQuery::default(), Some(cursor))).await,
            fault(ada.notifications(false, Some(cursor))).await,
            fault(ada.search("thread", Some(cursor))).await,
        ];
        assert!(kinds.iter().all(|kind| matches!(kind, Fault::Invalid(_))), "{kinds:?}");
    }
}

pub(super) async fn views_of_the_feed_show_what_they_say(on: &dyn Fixture) {
    let one = on.opens_tagged("grace", "general", Kind::Discussion, "one", ("x", &["tokio"])).await;
    on.opens_tagged("grace", "general", Kind::Discussion, "two", ("x", &["tokio"])).await;
    on.opens("juno", "general", Kind::Discussion, "three", "x").await;
    on.does("ada", Change::Follow { thread: one.clone(), on: true }).await.unwrap();
    on.does("ada", Change::Read { thread: one, upto: 1 }).await.unwrap();
    let ada = on.seen_by("ada");
    let view = async |view| titles(&ada.feed(view, None).await.unwrap());
    assert_eq!(view(View::Following).await, ["one"]);
    assert_eq!(view(View::Unread).await, ["three", "two"]);
    assert_eq!(view(View::ForYou).await, ["two"]);
}

pub(super) async fn a_muted_thread_does_not_count_as_unread(on: &dyn Fixture) {
    let liked = on.opens_tagged("grace", "general", Kind::Discussion, "liked", ("x", &["tokio"])).await;
    on.opens_tagged("grace", "general", Kind::Discussion, "other", ("x", &["tokio"])).await;
    on.does("ada", Change::Bookmark { thread: liked.clone(), on: true }).await.unwrap();
    let ada = on.seen_by("ada");
    let seen = async || {
        let unread = titles(&ada.feed(View::Unread, None).await.unwrap());
        assert_eq!(titles(&ada.feed(View::ForYou, None).await.unwrap()), unread, "all of it is of interest");
        (unread, ada.spaces().await.unwrap()[0].unread)
    };
    let both = (vec!["other".to_owned(), "liked".to_owned()], 2);
    assert_eq!(seen().await, both);
    let mute = async |on_or_off| on.does("ada", Change::Mute { thread: liked.clone(), on: on_or_off }).await.unwrap();
    mute(true).await;
    assert_eq!(seen().await, (vec!["other".to_owned()], 1));
    let latest = ada.feed(View::Latest, None).await.unwrap();
    assert_eq!(titles(&latest), ["other", "liked"], "it is still there");
    assert_eq!((latest.items[1].unread(), latest.items[1].has_news()), (1, false));
    assert_eq!(on.seen_by("bram").spaces().await.unwrap()[0].unread, 2, "to others nothing has changed");
    mute(false).await;
    assert_eq!(seen().await, both);
}

pub(super) async fn threads_are_narrowed_and_ordered(on: &dyn Fixture) {
    let asked = on.opens_tagged("ada", "general", Kind::Question, "asked", ("x", &["sql"])).await;
    let solved = on.opens_tagged("ada", "general", Kind::Question, "solved", ("x", &["tokio", "sql"])).await;
    let liked = on.opens("bram", "general", Kind::Discussion, "liked", "x").await;
    let answer = on.replies("bram", &solved, None, "so").await.post;
    on.does("ada", Change::Accept { thread: solved.clone(), post: answer }).await.unwrap();
    on.does("bram", Change::Bookmark { thread: asked.clone(), on: true }).await.unwrap();
    let opening = on.seen_by("ada").posts(&liked, Window::Start).await.unwrap().items[0].id.clone();
    on.does("ada", Change::Vote { post: opening, value: 1 }).await.unwrap();
    let bram = on.seen_by("bram");
    let list = async |query: ThreadQuery| titles(&bram.threads(&query, None).await.unwrap());
    let any = ThreadQuery::default;
    assert_eq!(list(any()).await, ["solved", "liked", "asked"]);
    assert_eq!(list(ThreadQuery { sort: Sort::Newest, ..any() }).await, ["liked", "solved", "asked"]);
    assert_eq!(list(ThreadQuery { sort: Sort::Oldest, ..any() }).await, ["asked", "solved", "liked"]);
    assert_eq!(list(ThreadQuery { sort: Sort::Votes, ..any() }).await[0], "liked");
    assert_eq!(list(ThreadQuery { kind: Some(Kind::Discussion), ..any() }).await, ["liked"]);
    assert_eq!(list(ThreadQuery { tag: Some("tokio".into()), ..any() }).await, ["solved"]);
    assert_eq!(list(ThreadQuery { space: Some(SpaceId::new("news")), ..any() }).await, Vec::<String>::new());
    let state = async |state| list(ThreadQuery { state: Some(state), ..any() }).await;
    assert_eq!(state(State::Unanswered).await, ["asked"]);
    assert_eq!(state(State::Open).await, ["asked"]);
    assert_eq!(state(State::Solved).await, ["solved"]);
    assert_eq!(state(State::Mine).await, ["liked"]);
    assert_eq!(state(State::Bookmarked).await, ["asked"]);
    // Bram has had an answer accepted under `sql`.
    assert_eq!(state(State::NeedsMe).await, ["asked"]);
}

pub(super) async fn what_is_not_there_is_not_found(on: &dyn Fixture) {
    let ada = on.seen_by("ada");
    for id in ["999999999", "nonsense", "../me", "%2e%2e", ""] {
        let id = ThreadId::new(id);
        assert_eq!(fault(ada.thread(&id)).await, Fault::NotFound, "{id}");
        assert_eq!(fault(ada.posts(&id, Window::Start)).await, Fault::NotFound, "{id}");
        assert_eq!(fault(ada.access(&id)).await, Fault::NotFound, "{id}");
        assert_eq!(
            fault(on.does("ada", Change::Follow { thread: id.clone(), on: true })).await,
            Fault::NotFound,
            "{id}"
        );
        assert_eq!(fault(on.does("ada", Change::Mute { thread: id.clone(), on: true })).await, Fault::NotFound, "{id}");
        assert_eq!(
            fault(on.does("ada", Change::Vote { post: PostId::new(id.as_str()), value: 1 })).await,
            Fault::NotFound
        );
    }
    let nowhere = ThreadQuery { space: Some(SpaceId::new("nowhere")), ..ThreadQuery::default() };
    assert_eq!(fault(ada.threads(&nowhere, None)).await, Fault::NotFound);
}

pub(super) async fn posts_come_by_number_in_windows(on: &dyn Fixture) {
    let thread = on.opens("ada", "general", Kind::Discussion, "long", "one").await;
    for number in 2..=75 {
        on.replies("bram", &thread, None, &format!("number {number}")).await;
    }
    let ada = on.seen_by("ada");
    let window = async |window| ada.posts(&thread, window).await.unwrap();
    let start = window(Window::Start).await;
    assert_eq!(numbers(&start), (1..=30).collect::<Vec<_>>());
    assert_eq!((&*start.items[0].body, &*start.items[4].body, start.next.is_some()), ("one", "number 5", true));
    let end = window(Window::After(60)).await;
    assert_eq!((numbers(&end), end.next), ((61..=75).collect(), None));
    let around = numbers(&window(Window::Around(50)).await);
    assert!(around[0] < 50 && around.contains(&50) && around.is_sorted(), "{around:?}");
    assert!(numbers(&window(Window::Around(1)).await).starts_with(&[1]));
    assert!(numbers(&window(Window::Around(u32::MAX)).await).contains(&75));
    assert!(numbers(&window(Window::After(75)).await).is_empty());
}

pub(super) async fn a_deleted_post_leaves_its_place(on: &dyn Fixture) {
    let thread = on.opens("ada", "general", Kind::Question, "q", "x").await;
    on.replies("bram", &thread, None, "regretted").await;
    on.replies("bram", &thread, Some(2), "a comment on it").await;
    on.delete(&thread, 2).await;
    let posts = on.seen_by("ada").posts(&thread, Window::Start).await.unwrap().items;
    let seen: Vec<_> = posts.iter().map(|p| (p.number, p.deleted, p.body.to_string())).collect();
    assert_eq!(seen, [(1, false, "x".into()), (2, true, String::new()), (3, false, "a comment on it".into())]);
    let thread = on.seen_by("ada").thread(&thread).await.unwrap();
    assert_eq!((thread.last, thread.answers), (3, 0));
}

const HIDDEN: &str = "The zanzibar rule is at the end.";

async fn gated(on: &dyn Fixture) -> ThreadId {
    let body = format!("What everybody may read first.\n\n<!-- more -->\n\n{HIDDEN} {}", "More of it. ".repeat(20));
    let thread = on.opens("grace", "workshop", Kind::Article, "Gated", &body).await;
    on.replies("grace", &thread, None, "And the zanzibar addendum.").await;
    thread
}

pub(super) async fn a_gated_thread_shows_its_beginning_only(on: &dyn Fixture) {
    let id = gated(on).await;
    let ada = on.seen_by("ada");
    let thread = ada.thread(&id).await.unwrap();
    let gate = thread.gate.clone().unwrap();
    let plans: Vec<_> = gate.plans.iter().map(ToString::to_string).collect();
    assert_eq!((gate.required.slug.as_str(), plans), ("pro", vec!["pro-month".into(), "pro-year".into()]));
    let page = ada.posts(&id, Window::After(1)).await.unwrap();
    assert_eq!((numbers(&page), page.next.clone()), (vec![1], None));
    assert!(page.items[0].partial && page.items[0].body.contains("everybody"), "{page:?}");
    let all = format!("{thread:?} {page:?} {:?}", ada.feed(View::Latest, None).await.unwrap());
    assert!(!all.contains("zanzibar"), "{all}");
    let reply = Change::Reply { thread: id.clone(), parent: None, body: "x".into() };
    assert_eq!(fault(on.does("ada", reply)).await, Fault::Gated(Some(Box::new(gate))));
    let whole = on.seen_by("grace").posts(&id, Window::Start).await.unwrap();
    assert!(whole.items.len() == 2 && whole.items[0].body.contains("zanzibar"), "{whole:?}");
}

pub(super) async fn access_tells_why_and_what_would_open_it(on: &dyn Fixture) {
    let (closed, open) = (gated(on).await, on.opens("ada", "general", Kind::Discussion, "open", "x").await);
    let access = async |who: &str, id| on.seen_by(who).access(id).await.unwrap();
    let ada = access("ada", &closed).await;
    assert_eq!((ada.decision.allowed, ada.decision.because), (false, Because::NoMembership));
    assert_eq!(ada.decision.required.unwrap().slug, "pro");
    assert_eq!(ada.plans.iter().map(|plan| plan.as_str()).collect::<Vec<_>>(), ["pro-month", "pro-year"]);
    let grace = access("grace", &closed).await.decision;
    assert_eq!((grace.allowed, grace.because, grace.holds.standing), (true, Because::Held, Standing::Active));
    assert_eq!(access("juno", &closed).await.decision.because, Because::Staff);
    assert_eq!(access("ada", &open).await.decision.because, Because::Open);
}

pub(super) async fn search_finds_threads_once_with_what_matched(on: &dyn Fixture) {
    let thread = on.opens("ada", "general", Kind::Discussion, "Cache lines", "Is it sixty-four?").await;
    on.replies("bram", &thread, None, "The prefetcher takes two lines.").await;
    on.replies("bram", &thread, None, "The prefetcher again; 性能 matters.").await;
    let ada = on.seen_by("ada");
    let hits = ada.search("prefetcher", None).await.unwrap().items;
    assert_eq!(hits.len(), 1, "{hits:?}");
    assert_eq!((&hits[0].thread.id, hits[0].number > 1), (&thread, true));
    let marked: String =
        hits[0].snippet.iter().filter(|(marked, _)| *marked).map(|(_, text)| text.to_string()).collect();
    assert_eq!(marked.to_lowercase(), "prefetcher");
    assert_eq!(ada.search("性能", None).await.unwrap().items.len(), 1);
    assert_eq!(ada.search("cache", None).await.unwrap().items.len(), 1);
    assert!(ada.search("absent", None).await.unwrap().items.is_empty());
    for wordless in ["", "   ", "\"\"", "*", "!?"] {
        assert!(matches!(fault(ada.search(wordless, None)).await, Fault::Invalid(_)), "{wordless}");
    }
}

pub(super) async fn search_does_not_look_behind_a_gate(on: &dyn Fixture) {
    gated(on).await;
    let hits = async |who: &str, words| on.seen_by(who).search(words, None).await.unwrap().items;
    assert!(hits("ada", "zanzibar").await.is_empty());
    assert_eq!(hits("grace", "zanzibar").await.len(), 1);
    let public = hits("ada", "everybody").await;
    assert!(public.len() == 1 && !format!("{public:?}").contains("zanzibar"), "{public:?}");
}

pub(super) async fn plans_come_by_tier_and_say_what_is_held(on: &dyn Fixture) {
    let plans = async |who: &str| {
        let plans = on.seen_by(who).plans().await.unwrap();
        plans
            .into_iter()
            .map(|plan| (plan.id.to_string(), plan.tier.rank, plan.price.minor, plan.held))
            .collect::<Vec<_>>()
    };
    let row = |id: &str, rank, minor, held| (id.to_owned(), rank, minor, held);
    let last = row("pro-year", 2, 12000, false);
    assert_eq!(plans("ada").await, [row("plus-month", 1, 600, false), row("pro-month", 2, 1200, false), last.clone()]);
    assert_eq!(plans("grace").await, [row("plus-month", 1, 600, false), row("pro-month", 2, 1200, true), last]);
}

pub(super) async fn a_membership_follows_from_the_ledger(on: &dyn Fixture) {
    let held = on.seen_by("grace").membership().await.unwrap();
    assert_eq!((held.derived.standing, held.derived.tier.unwrap().slug), (Standing::Active, "pro".into()));
    assert_eq!(held.derived.renews, Some("2026-04-01T11:00:00Z".parse().unwrap()));
    assert_eq!(held.history.iter().map(|entry| entry.fact.as_str()).collect::<Vec<_>>(), ["paid"]);
    assert_eq!(held.gives.len(), 2);
    let none = on.seen_by("ada").membership().await.unwrap();
    assert_eq!((none.derived.standing, none.history.len()), (Standing::None, 0));
}

pub(super) async fn a_member_has_a_page(on: &dyn Fixture) {
    let thread = on.opens("ada", "general", Kind::Question, "q", "x").await;
    let answer = on.replies("grace", &thread, None, "so").await.post;
    on.does("ada", Change::Accept { thread, post: answer }).await.unwrap();
    let ada = on.seen_by("ada");
    let grace = ada.member(&Username::new("grace")).await.unwrap();
    assert_eq!((grace.author.name.to_string(), grace.posts, grace.accepted), ("Grace".into(), 1, 1));
    assert_eq!(fault(ada.member(&Username::new("eve"))).await, Fault::NotFound);
}

//! Every call of the port and of the way in, and a valid answer to each.

use lyceum::base::ids::{IdempotencyKey, NotificationId, PostId, SpaceId, ThreadId, Username};
use lyceum::base::secret::Secret;
use lyceum::community::native::Native;
use lyceum::community::{Community, Ends, NewAccount, Result, Session, SignIn};
use lyceum::model::change::Change;
use lyceum::model::feed::{ThreadQuery, View};
use lyceum::model::member::Role;
use lyceum::model::page::Window;
use lyceum::model::thread::Kind;
use serde_json::{Value, json};

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    About,
    Me,
    Spaces,
    Feed,
    Threads,
    Thread,
    Posts,
    Access,
    Search,
    Notifications,
    Plans,
    Membership,
    Member,
    Changes,
    NewThread,
    Reply,
    Edit,
    Vote,
    Accept,
    Unaccept,
    Read,
    Follow,
    Mute,
    Bookmark,
    Done,
    GiveRole,
    Password,
    Register,
    SignOut,
}

impl Ask {
    pub(super) const ALL: [Self; 29] = [
        Self::About,
        Self::Me,
        Self::Spaces,
        Self::Feed,
        Self::Threads,
        Self::Thread,
        Self::Posts,
        Self::Access,
        Self::Search,
        Self::Notifications,
        Self::Plans,
        Self::Membership,
        Self::Member,
        Self::Changes,
        Self::NewThread,
        Self::Reply,
        Self::Edit,
        Self::Vote,
        Self::Accept,
        Self::Unaccept,
        Self::Read,
        Self::Follow,
        Self::Mute,
        Self::Bookmark,
        Self::Done,
        Self::GiveRole,
        Self::Password,
        Self::Register,
        Self::SignOut,
    ];

    /// A valid answer; none where nothing of it is read.
    pub(super) fn valid(self) -> Option<Value> {
        Some(match self {
            Self::About => about(),
            Self::Me => {
                json!({"username": "ada", "name": "Ada", "role": "member", "bio": "b", "email": "a@b.example", "inbox": 3})
            }
            Self::Spaces => json!({"items": [{"id": "general", "name": "General", "about": "a", "read_tier": tier(),
                "write_role": "member", "may_read": true, "may_write": true, "threads": 4, "unread": 1}]}),
            Self::Feed | Self::Threads => json!({"items": [thread()], "next": "c1"}),
            Self::Thread => thread(),
            Self::Posts => json!({"items": [post()], "next": "c1", "entitlement": gate()}),
            Self::Access => {
                json!({"allowed": false, "because": "ended", "required": tier(), "holds": held(), "plans": ["p"]})
            }
            Self::Search => {
                json!({"items": [{"thread": thread(), "number": 2, "snippet": "a", "at": AT}], "next": null})
            }
            Self::Notifications => json!({"items": [{"id": "1", "reason": "mention", "actor": author(), "thread": "7",
                "title": "T", "number": 2, "excerpt": "e", "at": AT, "done": false}], "next": null}),
            Self::Plans => json!({"items": [plan()]}),
            Self::Membership => {
                json!({"held": held(), "gives": ["g"], "history": [{"at": AT, "fact": "paid", "plan": "p"}]})
            }
            Self::Member => {
                json!({"username": "ada", "name": "Ada", "role": "member", "bio": "b", "joined": AT, "posts": 1,
                "accepted": 0})
            }
            Self::Changes => {
                json!({"items": [{"seq": 42, "topic": "post", "thread": "7", "post": 3}], "last": 42, "more": false})
            }
            Self::NewThread | Self::Reply | Self::Edit => json!({"thread": "7", "post": "9", "number": 2}),
            Self::Password => {
                json!({"access_token": "a", "refresh_token": "r", "token_type": "Bearer", "expires_in": 900})
            }
            _ => return None,
        })
    }

    /// Makes the call. What is answered is told as text, so that all are alike.
    pub(super) async fn of(self, client: &Native) -> Result<String> {
        let thread = ThreadId::new("7");
        match self {
            Self::About => told(client.about().await),
            Self::Me => told(client.me().await),
            Self::Spaces => told(client.spaces().await),
            Self::Feed => told(client.feed(View::Latest, None).await),
            Self::Threads => told(client.threads(&ThreadQuery::default(), None).await),
            Self::Thread => told(client.thread(&thread).await),
            Self::Posts => told(client.posts(&thread, Window::Start).await),
            Self::Access => told(client.access(&thread).await),
            Self::Search => told(client.search("x", None).await),
            Self::Notifications => told(client.notifications(false, None).await),
            Self::Plans => told(client.plans().await),
            Self::Membership => told(client.membership().await),
            Self::Member => told(client.member(&Username::new("ada")).await),
            Self::Changes => told(client.changes(Some(41)).await),
            Self::GiveRole => told(client.give_role(&Username::new("ada"), Role::Moderator).await),
            Self::Password => told(client.password("ada", &Secret::from("hunter2hunter2"), None).await),
            Self::Register => told(client.register(&account()).await),
            Self::SignOut => {
                let session = Session { access: Secret::from("a"), refresh: Secret::from("r"), ends: Ends::default() };
                told(client.sign_out(&session).await)
            }
            _ => told(client.apply(&self.change(thread), &IdempotencyKey::new("k")).await),
        }
    }

    fn change(self, thread: ThreadId) -> Change {
        let (post, body) = (PostId::new("9"), "x".to_owned());
        match self {
            Self::NewThread => Change::NewThread {
                space: SpaceId::new("general"),
                kind: Kind::Question,
                title: "T".into(),
                body,
                tags: Vec::new(),
            },
            Self::Reply => Change::Reply { thread, parent: None, body },
            Self::Edit => Change::Edit { post, body, version: "v".into() },
            Self::Vote => Change::Vote { post, value: 1 },
            Self::Accept => Change::Accept { thread, post: Some(post) },
            Self::Unaccept => Change::Accept { thread, post: None },
            Self::Read => Change::Read { thread, upto: 3 },
            Self::Mute => Change::Mute { thread, on: true },
            Self::Bookmark => Change::Bookmark { thread, on: true },
            Self::Done => Change::Done { notification: NotificationId::new("1"), done: true },
            _ => Change::Follow { thread, on: true },
        }
    }
}

const AT: &str = "2026-03-01T12:00:00Z";

fn told<T: std::fmt::Debug>(answer: Result<T>) -> Result<String> {
    answer.map(|answer| format!("{answer:?}"))
}

fn account() -> NewAccount {
    NewAccount {
        username: "noor".into(),
        display_name: "Noor".into(),
        password: Secret::from("a long enough password"),
        accepted_policy_version: "1".into(),
    }
}

fn tier() -> Value {
    json!({"slug": "pro", "name": "Pro", "rank": 2})
}

fn gate() -> Value {
    json!({"required": tier(), "plans": ["p"]})
}

fn author() -> Value {
    json!({"username": "ada", "name": "Ada", "role": "member"})
}

fn plan() -> Value {
    json!({"id": "p", "name": "P", "tier": tier(), "interval": "month", "price": {"minor": 600, "currency": "EUR"},
        "trial_days": 7, "gives": ["g"], "held": true})
}

fn held() -> Value {
    json!({"standing": "active", "tier": tier(), "plan": "p", "since": AT, "until": AT, "renews": AT})
}

fn about() -> Value {
    json!({"name": "Guild", "positioning": "p", "audience": "a", "rules": "r", "policy": "p", "policy_version": "1",
        "answer_within_hours": 24, "plans": [plan()], "password_sign_in": true, "open_registration": true,
        "server_version": "0.1.0"})
}

fn thread() -> Value {
    json!({"id": "7", "space": "general", "kind": "question", "title": "T", "author": author(), "tags": ["t"],
        "created": AT, "active": AT, "last": 3, "answers": 1, "score": 2, "accepted": "9", "locked": false,
        "pinned": false, "excerpt": "e", "entitlement": gate(),
        "marks": {"read": 1, "follow": true, "mute": false, "bookmark": false}})
}

fn post() -> Value {
    json!({"id": "9", "thread": "7", "number": 2, "parent": 1, "author": author(), "created": AT, "edited": AT,
        "body": "b", "score": 1, "vote": 1, "accepted": true, "deleted": false, "partial": false, "may_edit": true,
        "version": "v"})
}

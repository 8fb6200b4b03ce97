//! F4: our own REST API and live events, as a [`Community`]. Paths and shapes are those of `api`; what comes over the
//! wire becomes the model in `map`, where every text is cleaned. How a server is reached is `community::http`'s.
//!
//! What must never be here: a retry. There is one exception, the renewal of an access token that ran out.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::{Capabilities, Community, Error, Kind, LiveStream, Result, SessionStore};
use crate::api::{self, path};
use crate::base::ids::{IdempotencyKey, ThreadId, Username};
use crate::base::time::SignedDuration;
use crate::model::{
    change::{Applied, Change, Notice},
    community::Community as About,
    feed::{ThreadQuery, View},
    member::{Me, Member, Role},
    membership::Membership,
    notification::Notification,
    page::{Cursor, Page, Window},
    permission::Access,
    plan::Plan,
    post::Post,
    search::Hit,
    space::Space,
    thread::Thread,
};

mod client;
#[doc(hidden)]
pub mod decode;
mod events;
mod failure;
mod map;
mod renew;
mod security;
mod sign_in;
mod write;

pub use super::http::{AddressError, Origin, Timeouts};

use super::http::{Call, Network};
use client::Client;

/// The server keeps keys for 30 days; a day less, because no two clocks agree.
const KEYS_KEPT: SignedDuration = SignedDuration::from_hours(29 * 24);

/// Pages of changes that are fetched in one go; whoever missed more asks again.
const MOST_PAGES_OF_CHANGES: usize = 20;

/// [`api::change::Changes`] with its items unread, so that one of a newer server's topics does not spoil the page.
#[derive(Deserialize)]
struct Changes {
    items: Vec<serde_json::Value>,
    last: u64,
    more: bool,
}

/// A Lyceum server, as one reader sees it. Clones share connections and tokens.
#[derive(Clone)]
pub struct Native {
    client: Arc<Client>,
    client_name: String,
}

impl Native {
    /// A client of the server at `origin`, with the tokens that `sessions` keeps, if these are of that origin. Connects to
    /// nothing yet.
    ///
    /// # Errors
    /// When the machine's TLS cannot be set up.
    pub fn new(origin: Origin, sessions: Arc<dyn SessionStore>, network: impl Into<Network>) -> Result<Self> {
        let client = Arc::new(Client::new(origin, sessions, &network.into())?);
        Ok(Self { client, client_name: "lyceum".to_owned() })
    }

    /// What this program is called where a person looks through their sessions: `lyceum on laptop`.
    #[must_use]
    pub fn named(self, client_name: String) -> Self {
        Self { client_name, ..self }
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str, query: &impl Serialize) -> Result<T> {
        self.client.ask(&Call::new(Method::GET, path.to_owned()).query(query)).await
    }

    async fn get_one<T: serde::de::DeserializeOwned>(&self, path: &str, id: &str) -> Result<T> {
        self.client.ask(&to(Method::GET, path, id)?).await
    }
}

/// A call to one thing. An id that would climb out of its place in the path is nobody's.
fn to(method: Method, path: &str, id: &str) -> Result<Call> {
    if id.is_empty() || id == "." || id == ".." {
        return Err(Error::new(Kind::NotFound));
    }
    Ok(Call::new(method, path::fill(path, id)))
}

fn cursor(cursor: Option<&Cursor>) -> Option<String> {
    cursor.map(|cursor| cursor.0.clone())
}

#[async_trait]
impl Community for Native {
    fn capabilities(&self) -> Capabilities {
        Capabilities { questions: true, downvotes: true, memberships: true, live: true, keys_kept: KEYS_KEPT }
    }

    async fn about(&self) -> Result<About> {
        let about = self.client.ask_anybody(&Call::new(Method::GET, path::COMMUNITY.to_owned())).await?;
        Ok(map::about(about))
    }

    async fn me(&self) -> Result<Me> {
        self.get(path::ME, &()).await.map(map::me)
    }

    async fn spaces(&self) -> Result<Vec<Space>> {
        let spaces: api::community::Spaces = self.get(path::SPACES, &()).await?;
        Ok(spaces.items.into_iter().map(map::space).collect())
    }

    async fn feed(&self, view: View, at: Option<&Cursor>) -> Result<Page<Thread>> {
        let query = api::thread::FeedQuery { view: Some(view), cursor: cursor(at), limit: None };
        self.get(path::FEED, &query).await.map(map::threads)
    }

    async fn threads(&self, query: &ThreadQuery, at: Option<&Cursor>) -> Result<Page<Thread>> {
        let query = api::thread::ThreadsQuery {
            space: query.space.as_ref().map(ToString::to_string),
            kind: query.kind,
            tag: query.tag.clone(),
            state: query.state,
            sort: Some(query.sort),
            cursor: cursor(at),
            limit: None,
        };
        self.get(path::THREADS, &query).await.map(map::threads)
    }

    async fn thread(&self, id: &ThreadId) -> Result<Thread> {
        self.get_one(path::THREAD, id.as_str()).await.map(map::thread)
    }

    async fn posts(&self, id: &ThreadId, window: Window) -> Result<Page<Post>> {
        let (after, around) = match window {
            Window::Start => (None, None),
            Window::After(number) => (Some(number), None),
            Window::Around(number) => (None, Some(number)),
        };
        let query = api::post::PostsQuery { after, around, cursor: None, limit: None };
        let call = to(Method::GET, path::POSTS, id.as_str())?.query(&query);
        self.client.ask(&call).await.map(map::posts)
    }

    async fn access(&self, id: &ThreadId) -> Result<Access> {
        self.get(path::ACCESS, &api::membership::AccessQuery { thread: id.to_string() }).await.map(map::access)
    }

    async fn search(&self, query: &str, at: Option<&Cursor>) -> Result<Page<Hit>> {
        let query = api::search::SearchQuery { q: query.to_owned(), cursor: cursor(at), limit: None };
        self.get(path::SEARCH, &query).await.map(map::hits)
    }

    async fn notifications(&self, done: bool, at: Option<&Cursor>) -> Result<Page<Notification>> {
        let query = api::notification::NotificationsQuery { done: Some(done), cursor: cursor(at), limit: None };
        self.get(path::NOTIFICATIONS, &query).await.map(map::notifications)
    }

    async fn plans(&self) -> Result<Vec<Plan>> {
        let plans: api::community::Plans = self.get(path::PLANS, &()).await?;
        Ok(plans.items.into_iter().map(map::plan).collect())
    }

    async fn membership(&self) -> Result<Membership> {
        self.get(path::MEMBERSHIP, &()).await.map(map::membership)
    }

    async fn member(&self, username: &Username) -> Result<Member> {
        self.get_one(path::MEMBER, username.as_str()).await.map(map::member)
    }

    async fn apply(&self, change: &Change, key: &IdempotencyKey) -> Result<Applied> {
        let call = write::call(change)?.header("idempotency-key", key.as_str())?;
        let answer = self.client.send(&call).await?;
        write::applied(change, &answer)
    }

    async fn give_role(&self, username: &Username, role: Role) -> Result<()> {
        let call = to(Method::PUT, path::MEMBER_ROLE, username.as_str())?;
        self.client.send(&call.json(&api::member::SetRole { role })?).await.map(drop)
    }

    async fn changes(&self, after: Option<u64>) -> Result<(Vec<Notice>, u64)> {
        let mut notices = Vec::new();
        let mut query = api::change::ChangesQuery { after, limit: after.map(|_| api::MAX_LIMIT) };
        for _ in 0..MOST_PAGES_OF_CHANGES {
            let page: Changes = self.get(path::CHANGES, &query).await?;
            notices.extend(page.items.into_iter().filter_map(events::notice));
            query.after = Some(page.last);
            if !page.more || after.is_none() {
                break;
            }
        }
        Ok((notices, query.after.unwrap_or_default()))
    }

    async fn live(&self, after: Option<u64>) -> Result<LiveStream> {
        events::open(&self.client, after).await
    }
}

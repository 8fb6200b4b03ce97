//! Lists of threads, in the orders that the server gives them.

use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool};

use super::row::{all_kept, json, kept, micros, rows};
use super::{Db, Kept, Result, Store};
use crate::base::ids::{ThreadId, Username};
use crate::base::time::Timestamp;
use crate::model::feed::{Sort, State, ThreadQuery, View};
use crate::model::page::Cursor;
use crate::model::thread::{Kind, Thread};

/// Name of the list that [`View::ForYou`] shows.
const FOR_YOU: &str = "for-you";
/// Name of the list that [`State::NeedsMe`] shows.
const NEEDS_ME: &str = "needs-me";

/// Which part of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// How many to pass over.
    pub skip: usize,
    /// How many at most.
    pub take: usize,
    /// The last that may be shown: nothing that comes after this thread in the list's order. One that is not kept
    /// bounds nothing.
    pub until: Option<ThreadId>,
}

/// A list as the server gave it, as far as it was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct List {
    /// Its threads, in its order.
    pub ids: Vec<ThreadId>,
    /// Where it goes on; none at the end.
    pub next: Option<Cursor>,
}

impl Store {
    /// A view of the feed from what is kept. [`View::ForYou`] is the kept list `for-you`, whose order only the server
    /// knows.
    ///
    /// # Errors
    /// As every call.
    pub async fn feed(&self, view: View, span: Span) -> Result<Vec<Kept<Thread>>> {
        self.told(feed(&self.readers, view, &span).await)
    }

    /// The threads that `query` describes, from what is kept. `me` is who [`State::Mine`] is about; nobody's is empty.
    /// [`State::NeedsMe`] is the kept list `needs-me`, in its order, narrowed by the rest of the query.
    ///
    /// # Errors
    /// As every call.
    pub async fn threads(&self, query: &ThreadQuery, me: Option<&Username>, span: Span) -> Result<Vec<Kept<Thread>>> {
        self.told(threads(&self.readers, query, me, &span).await)
    }

    /// Keeps a list under a name, in place of the one before.
    ///
    /// # Errors
    /// As every call.
    pub async fn keep_list(&self, name: &str, list: &List, at: Timestamp) -> Result<()> {
        let body = self.told(json(list))?;
        let mut write = self.begin(&self.cache).await?;
        let done = put(&mut write, name, &body, at).await;
        self.end(write, done).await
    }

    /// The list of this name.
    ///
    /// # Errors
    /// As every call.
    pub async fn list(&self, name: &str) -> Result<Option<Kept<List>>> {
        self.told(find(&self.readers, name).await)
    }
}

async fn find(db: &SqlitePool, name: &str) -> sqlx::Result<Option<Kept<List>>> {
    let row = sqlx::query("SELECT body, at FROM lists WHERE name = $1").bind(name).fetch_optional(db).await?;
    row.as_ref().map_or(Ok(None), kept)
}

async fn put(db: &mut Db, name: &str, body: &str, at: Timestamp) -> sqlx::Result<()> {
    let sql = "INSERT INTO lists (name, body, at) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO UPDATE SET body = excluded.body, at = excluded.at";
    sqlx::query(sql).bind(name).bind(body).bind(micros(at)).execute(db).await.map(drop)
}

/// The columns an order goes by, and its direction.
#[derive(Clone, Copy)]
enum Order {
    Active,
    Pinned,
    Newest,
    Oldest,
    Votes,
}

impl Order {
    /// What the rows that come no later than a bound have in common, without the bound; and the order itself.
    fn by(self) -> (&'static str, &'static str) {
        match self {
            Self::Active => ("(t.active, t.ordinal) >=", "t.active DESC, t.ordinal DESC"),
            Self::Pinned => ("(t.pinned, t.active, t.ordinal) >=", "t.pinned DESC, t.active DESC, t.ordinal DESC"),
            Self::Newest => ("(t.created, t.ordinal) >=", "t.created DESC, t.ordinal DESC"),
            Self::Oldest => ("(t.created, t.ordinal) <=", "t.created, t.ordinal"),
            Self::Votes => ("(t.score, t.ordinal) >=", "t.score DESC, t.ordinal DESC"),
        }
    }
}

impl From<Sort> for Order {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Active => Self::Pinned,
            Sort::Newest => Self::Newest,
            Sort::Oldest => Self::Oldest,
            Sort::Votes => Self::Votes,
        }
    }
}

async fn feed(db: &SqlitePool, view: View, span: &Span) -> sqlx::Result<Vec<Kept<Thread>>> {
    let mut sql = select();
    match view {
        View::Latest => {}
        View::Following => drop(sql.push(" AND t.follow = 1")),
        View::Unread => drop(sql.push(" AND t.unread = 1")),
        View::ForYou => return listed(db, FOR_YOU, &ThreadQuery::default(), span).await,
    }
    part(db, sql, Order::Active, span).await
}

async fn threads(
    db: &SqlitePool,
    query: &ThreadQuery,
    me: Option<&Username>,
    span: &Span,
) -> sqlx::Result<Vec<Kept<Thread>>> {
    if query.state == Some(State::NeedsMe) {
        return listed(db, NEEDS_ME, query, span).await;
    }
    let mut sql = select();
    narrow(&mut sql, query);
    // The words stand in the statement itself, so that the partial indexes can serve it.
    match query.state {
        None | Some(State::NeedsMe) => {}
        Some(State::Unanswered) => drop(sql.push(" AND t.kind = 'question' AND t.solved = 0 AND t.answers = 0")),
        Some(State::Open) => drop(sql.push(" AND t.kind = 'question' AND t.solved = 0")),
        Some(State::Solved) => drop(sql.push(" AND t.kind = 'question' AND t.solved = 1")),
        Some(State::Bookmarked) => drop(sql.push(" AND t.bookmark = 1")),
        Some(State::Mine) => {
            let Some(me) = me else { return Ok(Vec::new()) };
            sql.push(" AND t.author = ").push_bind(me.as_str().to_owned());
        }
    }
    part(db, sql, query.sort.into(), span).await
}

fn select() -> QueryBuilder<Sqlite> {
    QueryBuilder::new("SELECT t.body, t.at FROM threads t WHERE 1")
}

fn narrow(sql: &mut QueryBuilder<Sqlite>, query: &ThreadQuery) {
    if let Some(space) = &query.space {
        sql.push(" AND t.space = ").push_bind(space.as_str().to_owned());
    }
    if let Some(kind) = query.kind {
        // A question's state names the kind itself.
        let is_said =
            kind == Kind::Question && matches!(query.state, Some(State::Unanswered | State::Open | State::Solved));
        if !is_said {
            sql.push(" AND t.kind = ").push_bind(kind.as_str());
        }
    }
    if let Some(tag) = &query.tag {
        sql.push(" AND t.row IN (SELECT thread FROM thread_tags WHERE tag = ").push_bind(tag.clone()).push(")");
    }
}

async fn part(
    db: &SqlitePool,
    mut sql: QueryBuilder<Sqlite>,
    order: Order,
    span: &Span,
) -> sqlx::Result<Vec<Kept<Thread>>> {
    let (no_later, by) = order.by();
    if let Some(bound) = bound(db, span).await? {
        sql.push(" AND ").push(no_later).push(" (");
        let mut values = sql.separated(", ");
        match order {
            Order::Active => drop(values.push_bind(bound.active)),
            Order::Pinned => drop(values.push_bind(bound.pinned).push_bind(bound.active)),
            Order::Newest | Order::Oldest => drop(values.push_bind(bound.created)),
            Order::Votes => drop(values.push_bind(bound.score)),
        }
        values.push_bind(bound.ordinal);
        sql.push(")");
    }
    sql.push(" ORDER BY ").push(by);
    sql.push(" LIMIT ").push_bind(rows(span.take)).push(" OFFSET ").push_bind(rows(span.skip));
    all_kept(&sql.build().fetch_all(db).await?)
}

/// Where the thread that ends a list stands in every order.
struct Bound {
    pinned: i64,
    active: i64,
    created: i64,
    score: i64,
    ordinal: String,
}

async fn bound(db: &SqlitePool, span: &Span) -> sqlx::Result<Option<Bound>> {
    let Some(until) = &span.until else { return Ok(None) };
    let sql = "SELECT pinned, active, created, score, ordinal FROM threads WHERE id = $1";
    let row = sqlx::query(sql).bind(until.as_str()).fetch_optional(db).await?;
    let read = |row: &sqlx::sqlite::SqliteRow| {
        Ok(Bound {
            pinned: row.try_get("pinned")?,
            active: row.try_get("active")?,
            created: row.try_get("created")?,
            score: row.try_get("score")?,
            ordinal: row.try_get("ordinal")?,
        })
    };
    row.as_ref().map(read).transpose()
}

/// The threads of a kept list that are kept themselves and fit the query, in the list's order.
async fn listed(db: &SqlitePool, name: &str, query: &ThreadQuery, span: &Span) -> sqlx::Result<Vec<Kept<Thread>>> {
    let Some(list) = find(db, name).await? else { return Ok(Vec::new()) };
    let mut ids = list.value.ids;
    if let Some(end) = span.until.as_ref().and_then(|until| ids.iter().position(|id| id == until)) {
        ids.truncate(end + 1);
    }
    let mut sql = QueryBuilder::new("SELECT t.body, t.at FROM json_each(");
    sql.push_bind(json(&ids)?).push(") listed CROSS JOIN threads t ON t.id = listed.value WHERE 1");
    narrow(&mut sql, query);
    sql.push(" ORDER BY listed.key LIMIT ").push_bind(rows(span.take)).push(" OFFSET ").push_bind(rows(span.skip));
    all_kept(&sql.build().fetch_all(db).await?)
}

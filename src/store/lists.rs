//! Lists of threads, in the orders that the server gives them.

use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Sqlite, SqlitePool};

mod order;

use order::Order;

use super::row::{all_kept, json, kept, micros, rows};
use super::{Db, Kept, Result, Store};
use crate::base::ids::{ThreadId, Username};
use crate::base::time::Timestamp;
use crate::model::feed::{State, ThreadQuery, View};
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

async fn feed(db: &SqlitePool, view: View, span: &Span) -> sqlx::Result<Vec<Kept<Thread>>> {
    if view == View::ForYou {
        return listed(db, FOR_YOU, &ThreadQuery::default(), span).await;
    }
    part(db, viewed(view), Order::Active, span).await
}

async fn threads(
    db: &SqlitePool,
    query: &ThreadQuery,
    me: Option<&Username>,
    span: &Span,
) -> sqlx::Result<Vec<Kept<Thread>>> {
    match query.state {
        Some(State::NeedsMe) => listed(db, NEEDS_ME, query, span).await,
        Some(State::Mine) if me.is_none() => Ok(Vec::new()),
        _ => part(db, described(query, me), query.sort.into(), span).await,
    }
}

async fn part(
    db: &SqlitePool,
    mut sql: QueryBuilder<Sqlite>,
    order: Order,
    span: &Span,
) -> sqlx::Result<Vec<Kept<Thread>>> {
    let bound = order::bound(db, span).await?;
    order::part(&mut sql, order, bound, span);
    all_kept(&sql.build().fetch_all(db).await?)
}

fn select() -> QueryBuilder<Sqlite> {
    QueryBuilder::new("SELECT t.body, t.at FROM threads t WHERE 1")
}

/// The threads of a view; its words stand in the statement itself, so that the partial indexes can serve it.
fn viewed(view: View) -> QueryBuilder<Sqlite> {
    let mut sql = select();
    match view {
        View::Latest | View::ForYou => {}
        View::Following => drop(sql.push(" AND t.follow = 1")),
        View::Unread => drop(sql.push(" AND t.unread = 1")),
    }
    sql
}

/// The threads that a query describes; as with [`viewed`], the words of a state stand in the statement.
fn described(query: &ThreadQuery, me: Option<&Username>) -> QueryBuilder<Sqlite> {
    let mut sql = select();
    narrow(&mut sql, query);
    match query.state {
        None | Some(State::NeedsMe) => {}
        Some(State::Unanswered) => drop(sql.push(" AND t.open = 1 AND t.answers = 0")),
        Some(State::Open) => drop(sql.push(" AND t.open = 1")),
        Some(State::Solved) => drop(sql.push(" AND t.solved = 1")),
        Some(State::Bookmarked) => drop(sql.push(" AND t.bookmark = 1")),
        Some(State::Mine) => drop(sql.push(" AND t.author = ").push_bind(me.map(|me| me.as_str().to_owned()))),
    }
    sql
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::SpaceId;
    use crate::model::feed::Sort;
    use crate::store::tests::steps;

    #[tokio::test]
    async fn a_page_costs_the_same_with_few_threads_and_with_many() {
        let store = Store::in_memory().await.unwrap();
        let me = Username::new("ada");
        let any = ThreadQuery::default();
        let sorted = |sort| ThreadQuery { sort, ..ThreadQuery::default() };
        let question = |state, sort| ThreadQuery { kind: Some(Kind::Question), state, sort, ..ThreadQuery::default() };
        let state = |state| ThreadQuery { state: Some(state), ..ThreadQuery::default() };
        let views = [(View::Latest, "active"), (View::Following, "following"), (View::Unread, "unread")];
        let queries = [
            (any.clone(), "pinned"),
            (sorted(Sort::Newest), "created"),
            (sorted(Sort::Oldest), "created"),
            (sorted(Sort::Votes), "score"),
            (ThreadQuery { space: Some(SpaceId::new("help")), ..any }, "of_space"),
            (question(None, Sort::Active), "of_kind"),
            (question(Some(State::Open), Sort::Active), "open"),
            (question(Some(State::Open), Sort::Newest), "open_created"),
            (question(Some(State::Open), Sort::Oldest), "open_created"),
            (question(Some(State::Unanswered), Sort::Active), "open"),
            (question(Some(State::Solved), Sort::Active), "solved"),
            (state(State::Bookmarked), "bookmarked"),
            (state(State::Mine), "of_author"),
        ];
        let viewed = views.map(|(view, index)| (viewed(view), Order::Active, index));
        let described = queries.map(|(query, index)| (described(&query, Some(&me)), query.sort.into(), index));
        for (sql, order, index) in viewed.into_iter().chain(described) {
            for bound in [None, Some(order::Bound::default())] {
                let mut sql = QueryBuilder::<Sqlite>::new(sql.sql().as_str());
                order::part(&mut sql, order, bound, &Span::default());
                let steps = steps(&store, sql.sql().as_str()).await;
                let by_index = steps.split_whitespace().any(|word| word == format!("threads_{index}"));
                let one_by_one = !steps.contains("TEMP B-TREE");
                assert!(by_index && one_by_one, "{index}\n{}\n{steps}", sql.sql().as_str());
            }
        }
    }
}

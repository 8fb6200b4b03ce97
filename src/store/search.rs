//! Search in what is kept, in the language of the search online.

use std::cmp::Ordering;
use std::collections::HashMap;

use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, SqlitePool, sqlite::SqliteRow};

use super::row::{count, json};
use super::{Result, Store};
use crate::model::member::Author;
use crate::model::post::Post;
use crate::model::search::known::Known;
use crate::model::search::snippet::{pieces, snippet};
use crate::model::search::{Hit, Is, Query, fts};
use crate::model::thread::Thread;

/// Matches that are ranked. Bounds the work of a word that stands everywhere.
const MOST_RANKED: i64 = 5000;

/// A post that matched.
struct Match {
    thread: String,
    number: i64,
    /// Lower is better.
    score: f64,
    created: i64,
}

impl Store {
    /// Threads that match, best first, one line each.
    ///
    /// # Errors
    /// As every call.
    pub async fn search(&self, query: &Query, skip: usize, take: usize) -> Result<Vec<Hit>> {
        self.told(search(&self.readers, query, skip, take).await)
    }
}

/// Who wrote one of the posts that are kept, each once.
const MEMBERS: &str = "SELECT p.body ->> '$.author' FROM posts p WHERE p.row IN \
                       (SELECT MAX(row) FROM posts WHERE digest IS NOT NULL GROUP BY author LIMIT $1)";

impl Store {
    /// Threads and members that are kept, at most so many of each.
    ///
    /// # Errors
    /// As every call.
    pub async fn known(&self, most: u32) -> Result<Known> {
        self.told(known(&self.readers, most).await)
    }
}

async fn known(db: &SqlitePool, most: u32) -> sqlx::Result<Known> {
    let mut db = db.acquire().await?;
    let sql = "SELECT body FROM threads ORDER BY active DESC, ordinal DESC LIMIT $1";
    let threads: Vec<String> = sqlx::query_scalar(sql).bind(most).fetch_all(&mut *db).await?;
    let members: Vec<String> = sqlx::query_scalar(MEMBERS).bind(most).fetch_all(&mut *db).await?;
    let threads: Vec<Thread> = threads.iter().filter_map(|body| serde_json::from_str(body).ok()).collect();
    let wrote = members.iter().filter_map(|author| serde_json::from_str::<Author>(author).ok());
    let mut members: Vec<Author> = wrote.chain(threads.iter().map(|thread| thread.author.clone())).collect();
    members.sort_by(|a, b| a.username.as_str().cmp(b.username.as_str()));
    members.dedup_by(|a, b| a.username == b.username);
    Ok(Known { threads, members })
}

async fn search(db: &SqlitePool, query: &Query, skip: usize, take: usize) -> sqlx::Result<Vec<Hit>> {
    let mut db = db.acquire().await?;
    let found = best(matches(&mut db, query).await?);
    let part: Vec<(&str, i64)> = found.iter().skip(skip).take(take).map(|one| (&*one.thread, one.number)).collect();
    hits(&mut db, query, &part).await
}

async fn matches(db: &mut SqliteConnection, query: &Query) -> sqlx::Result<Vec<Match>> {
    let read = |row: &SqliteRow| {
        Ok(Match {
            thread: row.try_get("thread")?,
            number: row.try_get("number")?,
            score: row.try_get("score")?,
            created: row.try_get("created")?,
        })
    };
    asked(query).build().fetch_all(db).await?.iter().map(read).collect()
}

/// Asks for what matches, bounded.
pub(super) fn asked(query: &Query) -> QueryBuilder<Sqlite> {
    let order;
    let mut sql;
    if !query.phrases.is_empty() {
        // A title counts most, then tags. The index comes first: for one row at a time it is slow beyond all measure.
        sql = QueryBuilder::new(
            "SELECT p.thread, p.number, p.created, bm25(post_index, 10.0, 5.0, 1.0) AS score FROM post_index \
             CROSS JOIN posts p ON p.row = post_index.rowid CROSS JOIN threads t ON t.id = p.thread WHERE post_index MATCH ",
        );
        sql.push_bind(fts::expression(&["title", "tags", "body"], &query.phrases));
        order = "post_index.rowid";
    } else if query.from.is_some() {
        sql = QueryBuilder::new(
            "SELECT p.thread, p.number, p.created, 0.0 AS score FROM posts p CROSS JOIN threads t ON t.id = p.thread \
             WHERE p.digest IS NOT NULL",
        );
        order = "p.created";
    } else {
        sql = QueryBuilder::new("SELECT t.id AS thread, 1 AS number, t.created, 0.0 AS score FROM threads t WHERE 1");
        order = "t.created";
    }
    narrow(&mut sql, query);
    sql.push(" ORDER BY ").push(order).push(" DESC LIMIT ").push_bind(MOST_RANKED);
    sql
}

/// Adds what is asked of posts and threads; wants `t`, and `p` where posts are looked for.
fn narrow(sql: &mut QueryBuilder<Sqlite>, query: &Query) {
    if !query.phrases.is_empty() || query.from.is_some() {
        // What came late of a thread that has closed since is not found.
        sql.push(" AND (t.gated = 0 OR p.partial = 1)");
    }
    for tag in &query.tags {
        // Asked of each thread that matches else: a tag may be on most of them.
        sql.push(" AND EXISTS (SELECT 1 FROM thread_tags WHERE thread = t.row AND tag = ")
            .push_bind(tag.clone())
            .push(")");
    }
    if let Some(from) = &query.from {
        sql.push(" AND p.author = ").push_bind(from.as_str().to_owned());
    }
    if let Some(space) = &query.space {
        sql.push(" AND t.space = ").push_bind(space.as_str().to_owned());
    }
    if let Some(kind) = query.kind {
        sql.push(" AND t.kind = ").push_bind(kind.as_str());
    }
    match query.is {
        None => {}
        Some(Is::Unanswered) => drop(sql.push(" AND t.kind = 'question' AND t.answers = 0")),
        Some(Is::Open) => drop(sql.push(" AND t.open = 1")),
        Some(Is::Solved) => drop(sql.push(" AND t.solved = 1")),
    }
}

/// The best match of every thread, best first.
fn best(all: Vec<Match>) -> Vec<Match> {
    let mut threads: HashMap<String, Match> = HashMap::new();
    for one in all {
        match threads.get_mut(&one.thread) {
            Some(best) if order(&one, best) == Ordering::Less => *best = one,
            Some(_) => {}
            None => drop(threads.insert(one.thread.clone(), one)),
        }
    }
    let mut best: Vec<Match> = threads.into_values().collect();
    best.sort_by(order);
    best
}

fn order(a: &Match, b: &Match) -> Ordering {
    let later = (b.created, &b.thread, b.number).cmp(&(a.created, &a.thread, a.number));
    a.score.total_cmp(&b.score).then(later)
}

/// What is shown of these posts, by thread and number, in their order.
async fn hits(db: &mut SqliteConnection, query: &Query, part: &[(&str, i64)]) -> sqlx::Result<Vec<Hit>> {
    let sql = "SELECT one.value ->> 1 AS number, t.body AS thread, p.body AS post FROM json_each($1) one \
               CROSS JOIN threads t ON t.id = one.value ->> 0 \
               LEFT JOIN posts p ON p.thread = t.id AND p.number = one.value ->> 1 ORDER BY one.key";
    let rows = sqlx::query(sql).bind(json(&part)?).fetch_all(db).await?;
    let mut hits = Vec::with_capacity(rows.len());
    for row in rows {
        let (thread, post): (&str, Option<&str>) = (row.try_get("thread")?, row.try_get("post")?);
        let Ok(thread) = serde_json::from_str::<Thread>(thread) else { continue };
        let post = post.and_then(|post| serde_json::from_str::<Post>(post).ok());
        hits.push(hit(query, thread, count(row.try_get("number")?), post.as_ref()));
    }
    Ok(hits)
}

/// A thread whose opening post is not kept shows its first words.
fn hit(query: &Query, thread: Thread, number: u32, post: Option<&Post>) -> Hit {
    let post = post.filter(|post| thread.gate.is_none() || post.partial);
    let (text, at) = match post {
        Some(post) => (post.body.as_str(), post.created),
        None => (thread.excerpt.as_str(), thread.created),
    };
    Hit { snippet: pieces(&snippet(text, &query.phrases)), number, at, thread }
}

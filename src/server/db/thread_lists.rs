//! Lists of threads, in a stable order: a list goes on after the row where it stopped, not after a number of rows.

use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row};

use super::sql::Sql;
use super::threads::{ThreadRow, select, with_tags};
use crate::model::feed::{Sort, State, View};
use crate::model::thread::Kind;

/// Where a list stopped: the values its order goes by, the id last.
pub type Position = Vec<i64>;

/// Which threads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// In this space.
    pub space: Option<String>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// With this tag.
    pub tag: Option<String>,
    /// In this state.
    pub state: Option<State>,
}

/// The orders a list can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Newest activity first.
    Active,
    /// Pinned first, then newest activity.
    Pinned,
    /// Newest first. Ids are ordered by time.
    Newest,
    /// Oldest first.
    Oldest,
    /// Most votes first.
    Votes,
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

impl Order {
    fn by(self) -> (&'static str, &'static str) {
        match self {
            Self::Active => ("(t.active_at, t.id) <", "t.active_at DESC, t.id DESC"),
            Self::Pinned => ("(t.pinned, t.active_at, t.id) <", "t.pinned DESC, t.active_at DESC, t.id DESC"),
            Self::Newest => ("t.id <", "t.id DESC"),
            Self::Oldest => ("t.id >", "t.id ASC"),
            Self::Votes => ("(t.score, t.id) <", "t.score DESC, t.id DESC"),
        }
    }

    /// Where a list that ends with `thread` goes on.
    pub fn position(self, thread: &ThreadRow) -> Position {
        let active = thread.active.as_millisecond();
        match self {
            Self::Active => vec![active, thread.id],
            Self::Pinned => vec![i64::from(thread.pinned), active, thread.id],
            Self::Newest | Self::Oldest => vec![thread.id],
            Self::Votes => vec![thread.score, thread.id],
        }
    }

    /// Whether a position (from a cursor) is one of this order.
    pub fn fits(self, position: &Position) -> bool {
        let length = match self {
            Self::Pinned => 3,
            Self::Active | Self::Votes => 2,
            Self::Newest | Self::Oldest => 1,
        };
        position.len() == length
    }
}

/// Part of a list.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// For whom.
    pub reader: i64,
    /// In which order.
    pub order: Order,
    /// After what.
    pub after: Option<&'a Position>,
    /// How many at most.
    pub limit: u32,
}

impl Part<'_> {
    async fn rows(&self, db: &mut AnyConnection, mut sql: Sql) -> Result<Vec<ThreadRow>, sqlx::Error> {
        let (after, order) = self.order.by();
        if let Some(position) = self.after {
            sql.push(" AND ").push(after).push(" ").list(position.iter().copied());
        }
        sql.push(" ORDER BY ").push(order).push(" LIMIT ").bind(i64::from(self.limit));
        let rows = sql.rows(db).await?;
        with_tags(db, &rows).await
    }
}

/// Threads that `filter` describes.
pub async fn filtered(db: &mut AnyConnection, filter: &Filter, part: &Part<'_>) -> Result<Vec<ThreadRow>, sqlx::Error> {
    let mut sql = select(part.reader);
    if let Some(space) = &filter.space {
        sql.push(" AND t.space = ").bind(space.as_str());
    }
    if let Some(kind) = filter.kind {
        sql.push(" AND t.kind = ").bind(kind.as_str());
    }
    if let Some(tag) = &filter.tag {
        sql.push(" AND t.id IN (SELECT thread_id FROM thread_tags WHERE tag = ").bind(tag.as_str()).push(")");
    }
    if let Some(state) = filter.state {
        let answered = if state == State::NeedsMe { answered_tags(db, part.reader).await? } else { Vec::new() };
        in_state(&mut sql, state, part.reader, &answered);
    }
    part.rows(db, sql).await
}

fn in_state(sql: &mut Sql, state: State, reader: i64, answered: &[String]) {
    // The words stand in the statement itself, so that the partial index on open questions can serve it.
    const OPEN: &str = " AND t.kind = 'question' AND t.accepted_post IS NULL";
    match state {
        State::Unanswered => sql.push(OPEN).push(" AND t.answers = 0"),
        State::Open => sql.push(OPEN),
        State::Solved => sql.push(" AND t.kind = 'question' AND t.accepted_post IS NOT NULL"),
        State::Mine => sql.push(" AND t.author_id = ").bind(reader),
        State::Bookmarked => sql.push(" AND m.bookmark = 1"),
        State::NeedsMe => {
            sql.push(OPEN).push(" AND t.author_id <> ").bind(reader);
            sql.push(" AND t.id IN (SELECT thread_id FROM thread_tags WHERE tag IN ").list(answered.iter().cloned());
            sql.push(")")
        }
    };
}

/// Tags of questions in which an answer of this member was accepted or voted up, by their latest thousand answers.
async fn answered_tags(db: &mut AnyConnection, member: i64) -> Result<Vec<String>, sqlx::Error> {
    let sql = "SELECT DISTINCT g.tag AS tag FROM (SELECT id, thread_id, score FROM posts \
               WHERE author_id = $1 AND number > 1 AND parent IS NULL AND deleted_at IS NULL \
               ORDER BY id DESC LIMIT 1000) AS p \
               JOIN threads t ON t.id = p.thread_id JOIN thread_tags g ON g.thread_id = t.id \
               WHERE t.kind = 'question' AND t.deleted_at IS NULL AND (t.accepted_post = p.id OR p.score > 0) \
               ORDER BY g.tag LIMIT 200";
    let rows = sqlx::query(sql).bind(member).fetch_all(db).await?;
    rows.iter().map(|row| row.try_get("tag")).collect()
}

/// Threads of a view of the feed, newest activity first.
pub async fn feed(db: &mut AnyConnection, view: View, part: &Part<'_>) -> Result<Vec<ThreadRow>, sqlx::Error> {
    const UNREAD: &str = " AND t.last_number > COALESCE(m.read_upto, 0) AND COALESCE(m.mute, 0) = 0";
    let mut sql = select(part.reader);
    match view {
        View::Latest => {}
        View::Following => drop(sql.push(" AND m.follow = 1")),
        View::Unread => drop(sql.push(UNREAD)),
        View::ForYou => {
            let (tags, authors) = interests(db, part.reader).await?;
            if authors.is_empty() {
                return Ok(Vec::new());
            }
            sql.push(UNREAD).push(" AND t.author_id <> ").bind(part.reader);
            sql.push(" AND (t.author_id IN ").list(authors);
            sql.push(" OR EXISTS (SELECT 1 FROM thread_tags g WHERE g.thread_id = t.id AND g.tag IN ");
            sql.list(tags).push("))");
        }
    }
    part.rows(db, sql).await
}

/// Tags and authors of what this member voted up, keeps or follows, from what they marked last.
async fn interests(db: &mut AnyConnection, member: i64) -> Result<(Vec<String>, Vec<i64>), sqlx::Error> {
    let liked = "SELECT thread_id, author_id FROM (\
                 SELECT p.thread_id AS thread_id, p.author_id AS author_id, v.at AS at FROM votes v \
                 JOIN posts p ON p.id = v.post_id WHERE v.member_id = $1 AND v.value = 1 \
                 UNION ALL SELECT k.thread_id, t.author_id, k.updated_at FROM marks k \
                 JOIN threads t ON t.id = k.thread_id WHERE k.member_id = $2 AND (k.follow = 1 OR k.bookmark = 1)\
                 ) AS liked WHERE author_id <> $3 ORDER BY at DESC LIMIT 200";
    let rows = sqlx::query(liked).bind(member).bind(member).bind(member).fetch_all(&mut *db).await?;
    let mut threads: Vec<i64> = rows.iter().map(|row| row.try_get("thread_id")).collect::<Result<_, _>>()?;
    let mut authors: Vec<i64> = rows.iter().map(|row| row.try_get("author_id")).collect::<Result<_, _>>()?;
    for list in [&mut threads, &mut authors] {
        list.sort_unstable();
        list.dedup();
    }
    let mut sql = Sql::new("SELECT DISTINCT tag FROM thread_tags WHERE thread_id IN ");
    sql.list(threads).push(" ORDER BY tag LIMIT 200");
    let rows = sql.rows(db).await?;
    let tags = rows.iter().map(|row| row.try_get("tag")).collect::<Result<_, _>>()?;
    Ok((tags, authors))
}

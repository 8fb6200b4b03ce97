//! The orders of lists, where a list ends in each, and the part of a statement that says so.

use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool, sqlite::SqliteRow};

use super::super::row::rows;
use super::Span;
use crate::model::feed::Sort;

/// What a list goes by.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    /// Newest activity first.
    Active,
    /// Pinned first, then newest activity.
    Pinned,
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
    /// Most votes first.
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

/// Ends a statement that reads threads as `t`: no later than the bound, in this order, this part of it.
pub(super) fn part(sql: &mut QueryBuilder<Sqlite>, order: Order, bound: Option<Bound>, span: &Span) {
    let (no_later, by) = order.by();
    if let Some(bound) = bound {
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
}

/// Where the thread that ends a list stands in every order.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound {
    pinned: i64,
    active: i64,
    created: i64,
    score: i64,
    ordinal: String,
}

/// The end of a list, if one was asked for and is kept.
pub(super) async fn bound(db: &SqlitePool, span: &Span) -> sqlx::Result<Option<Bound>> {
    let Some(until) = &span.until else { return Ok(None) };
    let sql = "SELECT pinned, active, created, score, ordinal FROM threads WHERE id = $1";
    let row = sqlx::query(sql).bind(until.as_str()).fetch_optional(db).await?;
    let read = |row: &SqliteRow| {
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

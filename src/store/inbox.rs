//! The inbox as it was last seen, so that what is new in it can be told.

use sqlx::{Row, SqlitePool};

use super::row::{all_kept, json, micros, ordinal, rows};
use super::{Db, Kept, Result, Store};
use crate::base::time::Timestamp;
use crate::model::notification::Notification;
use crate::model::page::Page;

pub(super) const ALL: &str = "SELECT body, at FROM inbox ORDER BY happened DESC, ordinal DESC LIMIT $1 OFFSET $2";
pub(super) const OPEN: &str =
    "SELECT body, at FROM inbox WHERE done = 0 ORDER BY happened DESC, ordinal DESC LIMIT $1 OFFSET $2";
pub(super) const OPEN_SINCE: &str = "SELECT id FROM inbox WHERE done = 0 AND happened >= $1";

impl Store {
    /// Keeps a page of the inbox; `also_done` and `first` say which one it is. What the first page of the open ones no
    /// longer shows where it would stand was put away elsewhere. Returns the news in it: what is open and was not kept
    /// before, or was kept as older, or as put away.
    ///
    /// # Errors
    /// As every call; then nothing of it was kept.
    pub async fn keep_inbox(
        &self,
        page: &Page<Notification>,
        also_done: bool,
        first: bool,
        at: Timestamp,
    ) -> Result<Vec<Notification>> {
        let mut write = self.begin(&self.cache).await?;
        let done = keep(&mut write, page, first && !also_done, at).await;
        self.end(write, done).await
    }

    /// Lines of the inbox, newest first; with `also_done`, also those put away.
    ///
    /// # Errors
    /// As every call.
    pub async fn inbox(&self, also_done: bool, skip: usize, take: usize) -> Result<Vec<Kept<Notification>>> {
        self.told(list(&self.readers, also_done, skip, take).await)
    }
}

async fn keep(db: &mut Db, page: &Page<Notification>, is_top: bool, at: Timestamp) -> sqlx::Result<Vec<Notification>> {
    let mut news = Vec::new();
    for item in &page.items {
        let sql = "SELECT happened, done FROM inbox WHERE id = $1";
        let before: Option<(i64, bool)> = sqlx::query_as(sql).bind(item.id.as_str()).fetch_optional(&mut *db).await?;
        if !item.done && before.is_none_or(|(happened, _)| happened < micros(item.at)) {
            news.push(item.clone());
        }
        put(db, item, at).await?;
    }
    if is_top {
        put_away(db, page, at).await?;
    }
    Ok(news)
}

async fn put(db: &mut Db, item: &Notification, at: Timestamp) -> sqlx::Result<()> {
    let sql = "INSERT INTO inbox (id, ordinal, happened, done, body, at) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (id) DO UPDATE SET happened = excluded.happened, done = excluded.done, \
               body = excluded.body, at = excluded.at";
    let query = sqlx::query(sql).bind(item.id.as_str()).bind(ordinal(item.id.as_str())).bind(micros(item.at));
    query.bind(item.done).bind(json(item)?).bind(micros(at)).execute(db).await.map(drop)
}

/// Marks as put away what is open here and would stand on this page if it still were.
async fn put_away(db: &mut Db, page: &Page<Notification>, at: Timestamp) -> sqlx::Result<()> {
    let oldest = page.items.iter().map(|item| micros(item.at)).min();
    let from = match (&page.next, oldest) {
        (None, _) => i64::MIN,
        (Some(_), Some(oldest)) => oldest,
        (Some(_), None) => return Ok(()),
    };
    let rows = sqlx::query(OPEN_SINCE).bind(from).fetch_all(&mut *db);
    for row in rows.await? {
        let id: String = row.try_get("id")?;
        if page.items.iter().any(|item| item.id.as_str() == id) {
            continue;
        }
        let sql = "UPDATE inbox SET done = 1, body = json_set(body, '$.done', json('true')), at = $1 WHERE id = $2";
        sqlx::query(sql).bind(micros(at)).bind(id).execute(&mut *db).await?;
    }
    Ok(())
}

async fn list(db: &SqlitePool, also_done: bool, skip: usize, take: usize) -> sqlx::Result<Vec<Kept<Notification>>> {
    let sql = if also_done { ALL } else { OPEN };
    all_kept(&sqlx::query(sql).bind(rows(take)).bind(rows(skip)).fetch_all(db).await?)
}

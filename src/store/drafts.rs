//! Drafts: what is being written. Nothing here ends one but its window, or its going into the outbox.

use std::collections::HashMap;

use sqlx::{Row, SqlitePool};

use super::row::{count, json, micros, time, written};
use super::{Db, Result, Store, Window};
use crate::base::time::Timestamp;
use crate::model::draft::{Draft, Place};

/// Whose a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// This window's.
    Mine,
    /// A window's that is gone.
    Nobody,
    /// Another window's, which is still there.
    Other,
}

/// A draft as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDraft {
    /// The text.
    pub draft: Draft,
    /// When it was last written in.
    pub at: Timestamp,
    /// Whose it is.
    pub whose: Whose,
    /// 0 for the text that its window writes for the place; others came from elsewhere. See [`Store::take_up`].
    pub copy: u32,
}

pub(super) const NEWEST: &str = "SELECT window, copy, body, at FROM drafts ORDER BY at DESC";

impl Store {
    /// Keeps what this window writes for a place. An empty text is none.
    ///
    /// # Errors
    /// As every call.
    pub async fn keep_draft(&self, window: &Window, draft: &Draft, at: Timestamp) -> Result<()> {
        if draft.is_empty() {
            return self.drop_draft(window, &draft.place).await;
        }
        let mut write = self.begin(&self.safe).await?;
        let done = put(&mut write, window, draft, at).await;
        self.end(write, done).await
    }

    /// Drops what this window writes for a place.
    ///
    /// # Errors
    /// As every call.
    pub async fn drop_draft(&self, window: &Window, place: &Place) -> Result<()> {
        let mut write = self.begin(&self.safe).await?;
        let done = remove(&mut write, window, place).await;
        self.end(write, done).await
    }

    /// All drafts of this account, newest first.
    ///
    /// # Errors
    /// As every call.
    pub async fn drafts(&self, window: &Window) -> Result<Vec<KeptDraft>> {
        let mut drafts = Vec::new();
        let mut gone: HashMap<String, bool> = HashMap::new();
        for (owner, kept) in self.told(list(&self.readers).await)? {
            let whose = match owner == window.id() {
                true => Whose::Mine,
                false if *gone.entry(owner).or_insert_with_key(|owner| self.is_gone(owner)) => Whose::Nobody,
                false => Whose::Other,
            };
            drafts.push(KeptDraft { whose, ..kept });
        }
        Ok(drafts)
    }

    /// Makes a further text for a place the one that is written there; the one that was takes its number.
    ///
    /// # Errors
    /// As every call.
    pub async fn take_up(&self, window: &Window, place: &Place, copy: u32) -> Result<()> {
        let mut write = self.begin(&self.safe).await?;
        let done = take_up(&mut write, window, place, copy).await;
        self.end(write, done).await
    }

    /// Takes over what windows that are gone have left: their drafts and their part of the outbox, every entry in the
    /// state it was in. Where this window writes for the same place, both texts stay, and its own is the one being
    /// written.
    ///
    /// # Errors
    /// As every call; then nothing was taken over.
    pub async fn adopt(&self, window: &Window) -> Result<()> {
        let sql = "SELECT window FROM drafts UNION SELECT window FROM outbox";
        let owners: Vec<String> = self.told(sqlx::query_scalar(sql).fetch_all(&self.readers).await)?;
        let gone: Vec<String> = owners.into_iter().filter(|id| id != window.id() && self.is_gone(id)).collect();
        if !gone.is_empty() {
            let mut write = self.begin(&self.safe).await?;
            let done = adopt(&mut write, window, &gone).await;
            self.end(write, done).await?;
        }
        self.sweep();
        Ok(())
    }
}

/// Writes the text of a window for a place.
pub(super) async fn put(db: &mut Db, window: &Window, draft: &Draft, at: Timestamp) -> sqlx::Result<()> {
    let sql = "INSERT INTO drafts (window, place, copy, body, at) VALUES ($1, $2, 0, $3, $4) \
               ON CONFLICT (window, place, copy) DO UPDATE SET body = excluded.body, at = excluded.at";
    let query = sqlx::query(sql).bind(window.id()).bind(draft.place.key()).bind(json(draft)?);
    query.bind(micros(at)).execute(db).await.map(drop)
}

/// Drops the text of a window for a place.
pub(super) async fn remove(db: &mut Db, window: &Window, place: &Place) -> sqlx::Result<()> {
    let sql = "DELETE FROM drafts WHERE window = $1 AND place = $2 AND copy = 0";
    sqlx::query(sql).bind(window.id()).bind(place.key()).execute(db).await.map(drop)
}

/// Makes room for another text of a window for a place: the one there takes the next free number.
pub(super) async fn set_aside(db: &mut Db, window: &Window, place: &Place) -> sqlx::Result<()> {
    let free = free_copy(db, window, &place.key()).await?;
    renumber(db, window, &place.key(), (0, free)).await
}

/// The first number above all that a window has for a place; 0 when it has none.
async fn free_copy(db: &mut Db, window: &Window, place: &str) -> sqlx::Result<i64> {
    let sql = "SELECT COALESCE(MAX(copy) + 1, 0) FROM drafts WHERE window = $1 AND place = $2";
    sqlx::query_scalar(sql).bind(window.id()).bind(place).fetch_one(db).await
}

async fn renumber(db: &mut Db, window: &Window, place: &str, (from, to): (i64, i64)) -> sqlx::Result<()> {
    let sql = "UPDATE drafts SET copy = $1 WHERE window = $2 AND place = $3 AND copy = $4";
    sqlx::query(sql).bind(to).bind(window.id()).bind(place).bind(from).execute(db).await.map(drop)
}

async fn take_up(db: &mut Db, window: &Window, place: &Place, copy: u32) -> sqlx::Result<()> {
    let (place, copy) = (place.key(), i64::from(copy));
    let sql = "SELECT EXISTS (SELECT 1 FROM drafts WHERE window = $1 AND place = $2 AND copy = $3)";
    let is_there: bool = sqlx::query_scalar(sql).bind(window.id()).bind(&place).bind(copy).fetch_one(&mut *db).await?;
    if !is_there || copy == 0 {
        return Ok(());
    }
    let free = free_copy(db, window, &place).await?;
    for step in [(copy, free), (0, copy), (free, 0)] {
        renumber(db, window, &place, step).await?;
    }
    Ok(())
}

async fn list(db: &SqlitePool) -> sqlx::Result<Vec<(String, KeptDraft)>> {
    let mut found = Vec::new();
    for row in sqlx::query(NEWEST).fetch_all(db).await? {
        let draft = written(row.try_get("body")?)?;
        let (at, copy) = (time(row.try_get("at")?)?, count(row.try_get("copy")?));
        found.push((row.try_get("window")?, KeptDraft { draft, at, whose: Whose::Other, copy }));
    }
    Ok(found)
}

async fn adopt(db: &mut Db, window: &Window, gone: &[String]) -> sqlx::Result<()> {
    let gone = json(&gone)?;
    // Newest first: where this window has no text for the place, the newest becomes the one being written.
    let sql =
        "SELECT window, place, copy FROM drafts WHERE window IN (SELECT value FROM json_each($1)) ORDER BY at DESC";
    for row in sqlx::query(sql).bind(&gone).fetch_all(&mut *db).await? {
        let place: String = row.try_get("place")?;
        let free = free_copy(db, window, &place).await?;
        let sql = "UPDATE drafts SET window = $1, copy = $2 WHERE window = $3 AND place = $4 AND copy = $5";
        let query = sqlx::query(sql).bind(window.id()).bind(free).bind(row.try_get::<String, _>("window")?);
        query.bind(place).bind(row.try_get::<i64, _>("copy")?).execute(&mut *db).await?;
    }
    let sql = "UPDATE outbox SET window = $1 WHERE window IN (SELECT value FROM json_each($2))";
    sqlx::query(sql).bind(window.id()).bind(gone).execute(db).await.map(drop)
}

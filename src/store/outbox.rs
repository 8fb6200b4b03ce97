//! The outbox: changes on their way. The rules of their order are [`crate::model::outbox`]'s; here they hold for all
//! windows at once.

use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool, sqlite::SqliteRow};

use super::row::{count, json, micros, time, written};
use super::{Db, Result, Store, Window, drafts};
use crate::base::ids::IdempotencyKey;
use crate::base::time::{SignedDuration, Timestamp};
use crate::model::change::Change;
use crate::model::draft::{Draft, Place};
use crate::model::outbox::{Entry, EntryId, State};

/// A time further ahead than this was written by a clock that has jumped since: it counts as come.
const FURTHEST: SignedDuration = SignedDuration::from_hours(1);

/// A change to be sent. The fields are those of an [`Entry`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Goes with every attempt.
    pub key: IdempotencyKey,
    /// What is asked for.
    pub change: Change,
    /// What it is about, in a line for lists.
    pub about: String,
    /// Number of the last post of its thread now.
    pub after: u32,
    /// Now.
    pub made: Timestamp,
    /// How it begins.
    pub state: State,
    /// The place whose draft it was.
    pub draft: Option<Place>,
}

impl Store {
    /// Takes a change in, and this window's draft for its place out: both or neither. What sets the same and was never
    /// sent is pointless now and goes, whatever window it is of.
    ///
    /// # Errors
    /// As every call; then the draft is still there.
    pub async fn enqueue(&self, window: &Window, new: &NewEntry) -> Result<Entry> {
        let mut write = self.begin(&self.safe).await?;
        let done = enqueue(&mut write, window, new).await;
        self.end(write, done).await
    }

    /// All changes on their way, oldest first.
    ///
    /// # Errors
    /// As every call.
    pub async fn outbox(&self) -> Result<Vec<Entry>> {
        self.told(list(&self.readers, None).await)
    }

    /// Those of this window, oldest first.
    ///
    /// # Errors
    /// As every call.
    pub async fn own_outbox(&self, window: &Window) -> Result<Vec<Entry>> {
        self.told(list(&self.readers, Some(window)).await)
    }

    /// The oldest entry of this window that is due and has none before it in its lane, of whatever window. It is
    /// [`State::Sending`] from now on, with one try more; one that is [`State::Unsure`] comes as it is, and again until
    /// its state is set.
    ///
    /// # Errors
    /// As every call.
    pub async fn claim(&self, window: &Window, now: Timestamp) -> Result<Option<Entry>> {
        // Asking costs no turn to write.
        let mut reader = self.told(self.readers.acquire().await)?;
        let found = self.told(ready(&mut reader, window, now).await)?;
        drop(reader);
        if found.is_none() {
            return Ok(None);
        }
        let mut write = self.begin(&self.safe).await?;
        let done = claim(&mut write, window, now).await;
        self.end(write, done).await
    }

    /// When [`Store::claim`] has something next, if nothing else happens.
    ///
    /// # Errors
    /// As every call.
    pub async fn next_due(&self, window: &Window) -> Result<Option<Timestamp>> {
        self.told(next_due(&self.readers, window).await)
    }

    /// How an entry stands now. One that is gone stays gone.
    ///
    /// # Errors
    /// As every call.
    pub async fn set_state(&self, id: EntryId, state: &State) -> Result<()> {
        let mut write = self.begin(&self.safe).await?;
        let done = set_state(&mut write, id, state).await;
        self.end(write, done).await
    }

    /// An entry at rest goes next. One that is on its way, or gone, stays as it is.
    ///
    /// # Errors
    /// As every call.
    pub async fn requeue(&self, id: EntryId) -> Result<()> {
        let mut write = self.begin(&self.safe).await?;
        let done = requeue(&mut write, id).await;
        self.end(write, done).await
    }

    /// It arrived: it is no entry any more.
    ///
    /// # Errors
    /// As every call.
    pub async fn confirm(&self, id: EntryId) -> Result<()> {
        let mut write = self.begin(&self.safe).await?;
        let done = remove(&mut write, id).await;
        self.end(write, done).await
    }

    /// Takes an entry at rest back: it goes, and a text is this window's draft for its place again. A draft that is
    /// there is set aside, not lost. None when the entry is on its way, or gone, or no text.
    ///
    /// # Errors
    /// As every call; then the entry is still there.
    pub async fn recall(&self, window: &Window, id: EntryId, at: Timestamp) -> Result<Option<Draft>> {
        let mut write = self.begin(&self.safe).await?;
        let done = recall(&mut write, window, id, at).await;
        self.end(write, done).await
    }

    /// Drops an entry at rest for good, and returns it. None when it is on its way or gone.
    ///
    /// # Errors
    /// As every call.
    pub async fn cancel(&self, id: EntryId) -> Result<Option<Entry>> {
        let mut write = self.begin(&self.safe).await?;
        let done = take(&mut write, id).await;
        self.end(write, done).await
    }
}

/// All entries; what follows narrows and orders them.
const SELECT: &str = "SELECT id, key, change, about, after, made, state, tries FROM outbox o";

/// Nothing that came before is still there in its lane.
const FIRST: &str = " AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.lane = o.lane AND e.id < o.id)";

fn read(row: &SqliteRow) -> sqlx::Result<Entry> {
    Ok(Entry {
        id: EntryId(row.try_get("id")?),
        key: IdempotencyKey::new(row.try_get::<String, _>("key")?),
        change: written(row.try_get("change")?)?,
        about: row.try_get("about")?,
        after: count(row.try_get("after")?),
        made: time(row.try_get("made")?)?,
        state: written(row.try_get("state")?)?,
        tries: count(row.try_get("tries")?),
    })
}

async fn enqueue(db: &mut Db, window: &Window, new: &NewEntry) -> sqlx::Result<Entry> {
    let sets = new.change.sets();
    if let Some(sets) = &sets {
        let sql = "DELETE FROM outbox WHERE sets = $1 AND rest = 1 AND tries = 0";
        sqlx::query(sql).bind(sets).execute(&mut *db).await?;
    }
    if let Some(place) = &new.draft {
        drafts::remove(db, window, place).await?;
    }
    let sql = "INSERT INTO outbox (window, key, lane, sets, change, about, after, made, state, tries, rest, due) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11) \
               RETURNING id, key, change, about, after, made, state, tries";
    let query = sqlx::query(sql).bind(window.id()).bind(new.key.as_str()).bind(new.change.lane()).bind(sets);
    let query = query.bind(json(&new.change)?).bind(&new.about).bind(new.after).bind(micros(new.made));
    let query = query.bind(json(&new.state)?).bind(new.state.is_at_rest()).bind(new.state.due().map(micros));
    read(&query.fetch_one(db).await?)
}

async fn list(db: &SqlitePool, window: Option<&Window>) -> sqlx::Result<Vec<Entry>> {
    all(window).build().fetch_all(db).await?.iter().map(read).collect()
}

/// Asks for all entries, or for those of one window.
pub(super) fn all(window: Option<&Window>) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new(SELECT);
    if let Some(window) = window {
        sql.push(" WHERE window = ").push_bind(window.id().to_owned());
    }
    sql.push(" ORDER BY id");
    sql
}

async fn ready(db: &mut Db, window: &Window, now: Timestamp) -> sqlx::Result<Option<Entry>> {
    due(window, now).build().fetch_optional(db).await?.as_ref().map(read).transpose()
}

/// Asks for the entry that [`Store::claim`] is to take.
pub(super) fn due(window: &Window, now: Timestamp) -> QueryBuilder<Sqlite> {
    let furthest = now.saturating_add(FURTHEST).map_or(i64::MAX, micros);
    let mut sql = QueryBuilder::new(SELECT);
    sql.push(" WHERE window = ").push_bind(window.id().to_owned());
    sql.push(" AND (due <= ").push_bind(micros(now)).push(" OR due > ").push_bind(furthest).push(")");
    sql.push(FIRST).push(" ORDER BY id LIMIT 1");
    sql
}

async fn claim(db: &mut Db, window: &Window, now: Timestamp) -> sqlx::Result<Option<Entry>> {
    let Some(mut entry) = ready(db, window, now).await? else { return Ok(None) };
    if !matches!(entry.state, State::Unsure { .. }) {
        entry.state = State::Sending;
        entry.tries = entry.tries.saturating_add(1);
        set_state(db, entry.id, &entry.state).await?;
        let sql = "UPDATE outbox SET tries = $1 WHERE id = $2";
        sqlx::query(sql).bind(entry.tries).bind(entry.id.0).execute(db).await?;
    }
    Ok(Some(entry))
}

async fn next_due(db: &SqlitePool, window: &Window) -> sqlx::Result<Option<Timestamp>> {
    let due: Option<i64> = next(window).build_query_scalar().fetch_one(db).await?;
    due.map(time).transpose()
}

/// Asks when something is due.
pub(super) fn next(window: &Window) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new("SELECT MIN(due) FROM outbox o WHERE window = ");
    sql.push_bind(window.id().to_owned()).push(FIRST);
    sql
}

async fn set_state(db: &mut Db, id: EntryId, state: &State) -> sqlx::Result<()> {
    let sql = "UPDATE outbox SET state = $1, rest = $2, due = $3 WHERE id = $4";
    let query = sqlx::query(sql).bind(json(state)?).bind(state.is_at_rest()).bind(state.due().map(micros));
    query.bind(id.0).execute(db).await.map(drop)
}

async fn requeue(db: &mut Db, id: EntryId) -> sqlx::Result<()> {
    let state = State::Queued;
    let sql = "UPDATE outbox SET state = $1, due = $2 WHERE id = $3 AND rest = 1";
    let query = sqlx::query(sql).bind(json(&state)?).bind(state.due().map(micros)).bind(id.0);
    query.execute(db).await.map(drop)
}

async fn remove(db: &mut Db, id: EntryId) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM outbox WHERE id = $1").bind(id.0).execute(db).await.map(drop)
}

/// Takes out an entry at rest.
async fn take(db: &mut Db, id: EntryId) -> sqlx::Result<Option<Entry>> {
    let sql = "DELETE FROM outbox WHERE id = $1 AND rest = 1 \
               RETURNING id, key, change, about, after, made, state, tries";
    sqlx::query(sql).bind(id.0).fetch_optional(db).await?.as_ref().map(read).transpose()
}

async fn recall(db: &mut Db, window: &Window, id: EntryId, at: Timestamp) -> sqlx::Result<Option<Draft>> {
    let Some(entry) = take(db, id).await? else { return Ok(None) };
    let Some(draft) = Draft::of(&entry.change, &entry.about) else { return Ok(None) };
    drafts::set_aside(db, window, &draft.place).await?;
    drafts::put(db, window, &draft, at).await?;
    Ok(Some(draft))
}

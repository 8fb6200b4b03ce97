//! The inbox. What happens in one thread folds into one line, which comes back when there is more.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::sql::{Sql, count, time};
use crate::api::member::Author;
use crate::base::time::Timestamp;
use crate::model::ledger::{Fact, FactKind};
use crate::model::member::Role;
use crate::model::notification::Reason;

/// A line of the inbox with what is needed to show it.
#[derive(Clone, Debug)]
pub struct NoticeRow {
    /// Its row.
    pub id: i64,
    /// Why.
    pub reason: Reason,
    /// Who caused it.
    pub actor: Option<Author>,
    /// In which thread: row, space, gate, title, public beginning.
    pub thread: Option<NoticeThread>,
    /// The notice itself, when there is no thread.
    pub title: String,
    /// Which post.
    pub number: Option<u32>,
    /// The beginning of that post, for those who may read it whole.
    pub body: String,
    /// When.
    pub at: Timestamp,
    /// Put away.
    pub done: bool,
}

/// The thread of a line.
#[derive(Clone, Debug)]
pub struct NoticeThread {
    /// Its row.
    pub id: i64,
    /// Slug of its space.
    pub space: String,
    /// Tier of its gate.
    pub gate: Option<String>,
    /// Its title.
    pub title: String,
    /// Its public beginning.
    pub preview: String,
}

/// The word of a reason in the table.
pub fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::Mention => "mention",
        Reason::Reply => "reply",
        Reason::Answer => "answer",
        Reason::Accepted => "accepted",
        Reason::Membership => "membership",
    }
}

fn reason_of(word: &str) -> Reason {
    const ALL: [Reason; 4] = [Reason::Mention, Reason::Answer, Reason::Accepted, Reason::Membership];
    ALL.into_iter().find(|reason| reason_word(*reason) == word).unwrap_or(Reason::Reply)
}

/// Lines of a member's inbox, newest first, after a position of (time, id). Those of threads that are gone are left out.
pub async fn list(
    db: &mut AnyConnection,
    member: i64,
    also_done: bool,
    after: Option<(i64, i64)>,
    limit: u32,
) -> Result<Vec<NoticeRow>, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT n.id AS id, n.reason AS reason, n.title AS title, n.number AS number, n.at AS at, n.done AS done, \
         n.thread_id AS thread_id, a.username AS username, a.name AS name, a.role AS role, t.space AS space, \
         t.gate AS gate, t.title AS thread_title, t.preview AS preview, SUBSTR(p.body, 1, 1000) AS body \
         FROM notifications n LEFT JOIN members a ON a.id = n.actor_id LEFT JOIN threads t ON t.id = n.thread_id \
         LEFT JOIN posts p ON p.thread_id = n.thread_id AND p.number = n.number \
         WHERE (n.thread_id IS NULL OR t.deleted_at IS NULL) AND n.member_id = ",
    );
    sql.bind(member);
    if !also_done {
        sql.push(" AND n.done = 0");
    }
    if let Some((at, id)) = after {
        sql.push(" AND (n.at, n.id) < ").list([at, id]);
    }
    sql.push(" ORDER BY n.at DESC, n.id DESC LIMIT ").bind(i64::from(limit));
    sql.rows(db).await?.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<NoticeRow, sqlx::Error> {
    let actor: Option<String> = row.try_get("username")?;
    let thread: Option<i64> = row.try_get("thread_id")?;
    let thread = match thread {
        None => None,
        Some(id) => Some(NoticeThread {
            id,
            space: row.try_get("space")?,
            gate: row.try_get("gate")?,
            title: row.try_get("thread_title")?,
            preview: row.try_get("preview")?,
        }),
    };
    Ok(NoticeRow {
        id: row.try_get("id")?,
        reason: reason_of(&row.try_get::<String, _>("reason")?),
        actor: actor.map(|_| super::threads::author(row)).transpose()?,
        thread,
        title: row.try_get("title")?,
        number: row.try_get::<Option<i64>, _>("number")?.map(count),
        body: row.try_get::<Option<String>, _>("body")?.unwrap_or_default(),
        at: time(row.try_get("at")?)?,
        done: row.try_get::<i64, _>("done")? != 0,
    })
}

/// News for one member's inbox.
#[derive(Clone, Copy, Debug)]
pub struct News {
    /// Whose inbox.
    pub member: i64,
    /// Why.
    pub reason: Reason,
    /// Who caused it.
    pub actor: i64,
    /// In which thread.
    pub thread: i64,
    /// Which post.
    pub number: u32,
}

/// Adds news to the line of its thread, or begins one. An open line goes on pointing at what came first, except that a
/// mention outranks a reply; a line that was put away comes back and points at what is new. `id` is for a new line.
pub async fn fold(db: &mut AnyConnection, id: i64, news: &News, at: Timestamp) -> Result<(), sqlx::Error> {
    let accepted = news.reason == Reason::Accepted;
    let mut find = Sql::new("SELECT id, reason, done FROM notifications WHERE member_id = ");
    find.bind(news.member).push(" AND thread_id = ").bind(news.thread).push(" AND reason ");
    find.push(if accepted { "= 'accepted'" } else { "<> 'accepted'" }).push(" ORDER BY id LIMIT 1");
    let Some(row) = find.rows(db).await?.pop() else {
        let sql = "INSERT INTO notifications (id, member_id, reason, actor_id, thread_id, number, title, at, done) \
                   VALUES ($1, $2, $3, $4, $5, $6, '', $7, 0)";
        let query = sqlx::query(sql).bind(id).bind(news.member).bind(reason_word(news.reason)).bind(news.actor);
        let query = query.bind(news.thread).bind(i64::from(news.number)).bind(at.as_millisecond());
        return query.execute(db).await.map(drop);
    };
    let id: i64 = row.try_get("id")?;
    let before = reason_of(&row.try_get::<String, _>("reason")?);
    let open = row.try_get::<i64, _>("done")? == 0;
    let outranked = news.reason == Reason::Mention && before != Reason::Mention;
    let mut sql = Sql::new("UPDATE notifications SET done = 0, at = ");
    sql.bind(at.as_millisecond());
    if !open || outranked || accepted {
        sql.push(", actor_id = ").bind(news.actor).push(", reason = ").bind(reason_word(news.reason));
        sql.push(", number = ").bind(i64::from(news.number));
    }
    sql.push(" WHERE id = ").bind(id);
    sql.rows(db).await.map(drop)
}

/// Adds a notice of the community itself: `title` is what it says.
pub async fn notice(
    db: &mut AnyConnection,
    (id, member): (i64, i64),
    title: &str,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO notifications (id, member_id, reason, actor_id, thread_id, number, title, at, done) \
               VALUES ($1, $2, 'membership', NULL, NULL, NULL, $3, $4, 0)";
    sqlx::query(sql).bind(id).bind(member).bind(title).bind(at.as_millisecond()).execute(db).await.map(drop)
}

/// Puts an own line away, or back. None when it is nobody's or another's; else whether anything changed.
pub async fn set_done(
    db: &mut AnyConnection,
    (id, member): (i64, i64),
    done: bool,
) -> Result<Option<bool>, sqlx::Error> {
    let sql = "SELECT done FROM notifications WHERE id = $1 AND member_id = $2";
    let before: Option<i64> = sqlx::query_scalar(sql).bind(id).bind(member).fetch_optional(&mut *db).await?;
    let Some(before) = before else { return Ok(None) };
    let sql = "UPDATE notifications SET done = $1 WHERE id = $2";
    sqlx::query(sql).bind(i64::from(done)).bind(id).execute(db).await?;
    Ok(Some((before != 0) != done))
}

/// Somebody who may be told something, with what decides whether they may know it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Row of the member.
    pub id: i64,
    /// Unique name.
    pub username: String,
    /// Role now.
    pub role: Role,
    /// Facts about what they hold.
    pub facts: Vec<Fact>,
}

/// Members by row or name, with their ledgers, in two queries.
pub async fn candidates(db: &mut AnyConnection, ids: &[i64], names: &[String]) -> Result<Vec<Candidate>, sqlx::Error> {
    let mut sql = Sql::new("SELECT id, username, role FROM members WHERE id IN ");
    sql.list(ids.iter().copied()).push(" OR username IN ").list(names.iter().cloned()).push(" ORDER BY id");
    let mut found = Vec::new();
    for row in sql.rows(db).await? {
        let role: String = row.try_get("role")?;
        let role = Role::parse(&role).unwrap_or_default();
        found.push(Candidate { id: row.try_get("id")?, username: row.try_get("username")?, role, facts: Vec::new() });
    }
    if found.is_empty() {
        return Ok(found);
    }
    let mut sql = Sql::new("SELECT member_id, at, fact FROM ledger WHERE member_id IN ");
    sql.list(found.iter().map(|one| one.id)).push(" ORDER BY member_id, at, id");
    let mut facts: HashMap<i64, Vec<Fact>> = HashMap::new();
    for row in sql.rows(db).await? {
        let kind: FactKind = serde_json::from_str(&row.try_get::<String, _>("fact")?)
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        let at = time(row.try_get("at")?)?;
        facts.entry(row.try_get("member_id")?).or_default().push(Fact { at, kind });
    }
    for one in &mut found {
        one.facts = facts.remove(&one.id).unwrap_or_default();
    }
    Ok(found)
}

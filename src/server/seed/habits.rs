//! What members left behind while reading: how far they read, what they follow and keep, what waits in their inbox.

use super::files::Content;
use super::talk::Written;
use super::{Error, Ids, ThreadFile, back};
use crate::base::time::{Timestamp, parse_span};
use crate::model::thread::Kind;
use crate::server::acts::Act;
use crate::server::db::marks::{self, Mark};
use crate::server::db::notifications;

/// Members whom a demonstration shows from inside, and how many lines wait in the inbox of each.
const PERSONAS: [(&str, usize); 5] = [("ada", 5), ("noor", 4), ("hopper", 8), ("juno", 6), ("octavia", 3)];

/// Of a hundred threads, how many a persona has read to the end.
const READ_WHOLE: u64 = 55;
/// How many it has begun.
const READ_PART: u64 = 70;

/// Habits of the personas.
pub(super) struct Habits;

impl Habits {
    /// Personas who followed a thread from its beginning.
    pub(super) fn followers(content: &Content, thread: &ThreadFile) -> Vec<&'static str> {
        let was_there = |name: &str| content.joined(name).is_some_and(|joined| joined > thread.parts[0].ago);
        let likes = |name: &str| chance(&[name, &thread.file, "follow"]) % 100 < if name == "noor" { 60 } else { 20 };
        PERSONAS.iter().map(|(name, _)| *name).filter(|name| was_there(name) && likes(name)).collect()
    }
}

/// Puts the marks, then tidies the inboxes.
pub(super) async fn write(
    act: &mut Act<'_>,
    content: &Content,
    ids: &Ids,
    threads: &[Written],
    now: Timestamp,
) -> Result<(), Error> {
    for (thread, written) in content.threads.iter().zip(threads) {
        act.at = back(now, thread.parts.last().map(|part| part.ago).unwrap_or_default());
        for (name, id) in ids {
            mark(act, thread, written.thread, (name, *id)).await?;
        }
    }
    act.at = now;
    for notice in &content.notices {
        let at = back(now, parse_span(&notice.ago).unwrap_or_default());
        let member = ids.get(&notice.member).ok_or_else(|| Error::file("notices.toml", "member is nobody"))?;
        notifications::notice(act.write, (act.ids.at(at), *member), &notice.title, at).await?;
    }
    for (name, id) in ids {
        // Others have a tidy inbox; theirs is not shown.
        let waiting = PERSONAS.iter().find(|(persona, _)| persona == name).map_or(2, |(_, waiting)| *waiting);
        tidy(act, *id, waiting).await?;
    }
    Ok(())
}

async fn mark(act: &mut Act<'_>, thread: &ThreadFile, row: i64, (name, id): (&str, i64)) -> Result<(), Error> {
    let all = u32::try_from(thread.parts.len()).unwrap_or(u32::MAX);
    let own = thread.parts.iter().rposition(|part| part.author == name).map_or(0, |at| at + 1);
    let own = u32::try_from(own).unwrap_or(u32::MAX);
    let persona = PERSONAS.iter().any(|(persona, _)| *persona == name);
    let read = match chance(&[name, &thread.file, "read"]) % 100 {
        _ if !persona => own,
        lot if lot < READ_WHOLE => all,
        lot if lot < READ_PART => own.max(all.div_ceil(2)),
        _ => own,
    };
    if read > 0 {
        marks::set(act.write, (row, id), Mark::Read(read), act.at).await?;
    }
    let worth = matches!(thread.kind, Kind::Article | Kind::Question);
    if persona && worth && chance(&[name, &thread.file, "keep"]) % 100 < 9 {
        marks::set(act.write, (row, id), Mark::Bookmark(true), act.at).await?;
    }
    Ok(())
}

/// Puts all lines away but the newest, and makes what they point at unread.
async fn tidy(act: &mut Act<'_>, member: i64, waiting: usize) -> Result<(), Error> {
    let lines = notifications::list(act.write, member, false, None, 1000).await?;
    for (i, line) in lines.iter().enumerate() {
        if i >= waiting {
            notifications::set_done(act.write, (line.id, member), true).await?;
        } else if let (Some(thread), Some(number)) = (&line.thread, line.number) {
            marks::set(act.write, (thread.id, member), Mark::Read(number.saturating_sub(1)), line.at).await?;
        }
    }
    Ok(())
}

/// A number that these words always give (FNV-1a): habits differ between members and never between runs.
pub(super) fn chance(words: &[&str]) -> u64 {
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    for byte in words.iter().flat_map(|word| word.bytes().chain([0xFF])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    // The low bits of FNV alone are poor for short words.
    hash ^ (hash >> 29)
}

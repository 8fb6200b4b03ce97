//! What was written, voted and accepted, replayed in the order in which it happened.

use super::files::Content;
use super::habits::{Habits, chance};
use super::{Error, Ids, ThreadFile, back};
use crate::base::time::{SignedDuration, Timestamp};
use crate::server::acts::{self, Act};
use crate::server::db::threads::{self, NewThread};
use crate::server::db::{marks, notifications, posts};
use crate::server::viewer::decide;

/// A thread as it was written: its row, and the rows of its posts by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    pub(super) thread: i64,
    pub(super) posts: Vec<i64>,
}

/// Something that happened: in which file, to which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Write,
    Follow(i64),
    Accept,
    Vote(i64),
}

/// Replays all threads. Rows of threads in the order of the files.
pub(super) async fn write(
    act: &mut Act<'_>,
    content: &Content,
    ids: &Ids,
    now: Timestamp,
) -> Result<Vec<Written>, Error> {
    let members: Vec<i64> = ids.values().copied().collect();
    let readers = notifications::candidates(act.write, &members, &[]).await?;
    let mut steps = Vec::new();
    for (file, thread) in content.threads.iter().enumerate() {
        for (part, post) in thread.parts.iter().enumerate() {
            let at = back(now, post.ago);
            steps.push((at, file, part, Step::Write));
            if post.accepted {
                steps.push((later(at, now, "accepted", thread), file, part, Step::Accept));
            }
            let mut voters: Vec<_> = readers.iter().filter(|one| one.username != post.author).collect();
            voters.sort_by_key(|one| chance(&[&thread.file, &part.to_string(), &one.username]));
            let able = voters.into_iter().filter(|one| {
                let place = (thread.space.as_str(), thread.gate.as_deref());
                let joined = content.joined(&one.username).is_some_and(|joined| joined > post.ago);
                joined && decide(act.house, place, one.role, &one.facts, at).allowed
            });
            for one in able.take(post.votes as usize) {
                steps.push((later(at, now, &one.username, thread), file, part, Step::Vote(one.id)));
            }
        }
        for follower in Habits::followers(content, thread) {
            if let Some(id) = ids.get(follower) {
                steps.push((back(now, thread.parts[0].ago), file, 0, Step::Follow(*id)));
            }
        }
    }
    steps.sort_unstable();
    let mut written = vec![Written::default(); content.threads.len()];
    for (at, file, part, step) in steps {
        act.at = at;
        one(act, (&content.threads[file], part), ids, step, &mut written[file]).await?;
    }
    act.at = now;
    for (thread, written) in content.threads.iter().zip(&written).filter(|(t, _)| t.locked || t.pinned) {
        if let Some(mut row) = threads::by_id(act.write, written.thread, 0).await? {
            (row.locked, row.pinned) = (thread.locked, thread.pinned);
            act.at = row.active;
            acts::threads::change(act, &row).await?;
        }
    }
    Ok(written)
}

/// A moment between `at` and `now`, soon after `at`; always the same for the same name.
fn later(at: Timestamp, now: Timestamp, name: &str, thread: &ThreadFile) -> Timestamp {
    let room = now.duration_since(at).as_secs().min(2 * 86_400);
    let part = i64::try_from(chance(&[name, &thread.file, "later"]) % 1000).unwrap_or(500);
    at.saturating_add(SignedDuration::from_secs(room * part / 1000)).unwrap_or(now)
}

async fn one(
    act: &mut Act<'_>,
    (thread, part): (&ThreadFile, usize),
    ids: &Ids,
    step: Step,
    written: &mut Written,
) -> Result<(), Error> {
    let post = &thread.parts[part];
    let author = |name: &str| ids.get(name).copied().ok_or_else(|| Error::file(&thread.file, "author is no member"));
    match step {
        Step::Write if part == 0 => {
            let new = NewThread {
                space: &thread.space,
                kind: thread.kind,
                title: &thread.title,
                body: &post.body,
                tags: &thread.tags,
                gate: thread.gate.as_deref(),
            };
            let done = acts::threads::open(act, author(&post.author)?, &new).await?;
            *written = Written { thread: done.thread, posts: vec![done.post] };
        }
        Step::Write => {
            let Some(row) = threads::by_id(act.write, written.thread, 0).await? else { return Ok(()) };
            let parent = match post.reply_to {
                Some(number) => posts::by_number(act.write, (written.thread, 0), number).await?,
                None => None,
            };
            let done = acts::posts::reply(act, author(&post.author)?, &row, parent.as_ref(), &post.body).await?;
            written.posts.push(done.post);
        }
        Step::Follow(member) => {
            marks::set(act.write, (written.thread, member), marks::Mark::Follow(true), act.at).await?;
        }
        Step::Accept | Step::Vote(_) => {
            let Some(&id) = written.posts.get(part) else { return Ok(()) };
            let member = if let Step::Vote(member) = step { member } else { author(&thread.parts[0].author)? };
            let Some(row) = posts::by_id(act.write, id, member).await? else { return Ok(()) };
            if matches!(step, Step::Vote(_)) {
                acts::judge::vote(act, member, &row, 1).await?;
            } else if let Some(thread) = threads::by_id(act.write, written.thread, member).await? {
                acts::judge::accept(act, member, &thread, Some(&row)).await?;
            }
        }
    }
    Ok(())
}

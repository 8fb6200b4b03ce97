//! Votes and accepted answers.

use super::Act;
use crate::model::change::Topic;
use crate::model::notification::Reason;
use crate::server::db::posts::{self, PostRow};
use crate::server::db::threads::{self, ThreadRow};

/// Votes: 1, -1, or 0 to take it back. `post` carries this member's vote so far. A repeat changes nothing.
pub async fn vote(act: &mut Act<'_>, member: i64, post: &PostRow, value: i8) -> Result<(), sqlx::Error> {
    if value == post.vote {
        return Ok(());
    }
    posts::vote(act.write, post, member, value, act.at).await?;
    act.write.tell_of_post(Topic::Vote, (post.thread, post.number), act.at).await
}

/// Accepts an answer, or takes that back. Who wrote the answer is told, unless they did it themselves. Both the post that
/// is accepted no longer and the one that is now have changed.
pub async fn accept(
    act: &mut Act<'_>,
    member: i64,
    thread: &ThreadRow,
    answer: Option<&PostRow>,
) -> Result<(), sqlx::Error> {
    let accepted = answer.map(|post| post.id);
    if accepted == thread.accepted {
        return Ok(());
    }
    let before = match thread.accepted {
        Some(id) => posts::by_id(act.write, id, member).await?,
        None => None,
    };
    threads::set_accepted(act.write, thread.id, accepted).await?;
    for post in before.iter().chain(answer) {
        act.write.tell_of_post(Topic::Vote, (thread.id, post.number), act.at).await?;
    }
    if let Some(answer) = answer.filter(|answer| answer.author_id != member) {
        let place = (thread.space.as_str(), thread.gate.as_deref());
        let told = super::notify::Told { reason: Reason::Accepted, actor: member, number: answer.number };
        super::notify::tell(act, thread.id, place, &[(answer.author_id, told)]).await?;
    }
    Ok(())
}

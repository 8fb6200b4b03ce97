//! Writing, editing and taking away posts.

use super::{Act, Done};
use crate::model::change::Topic;
use crate::server::db::posts::{self, PostRow};
use crate::server::db::threads::{self, ThreadRow};
use crate::server::db::{marks, search_sqlite as index, sql::count};

/// Replies to a thread, or to a post of it.
pub async fn reply(
    act: &mut Act<'_>,
    author: i64,
    thread: &ThreadRow,
    parent: Option<&PostRow>,
    body: &str,
) -> Result<Done, sqlx::Error> {
    let (post, at) = (act.id(), act.at);
    let number = threads::next_number(act.write, thread.id, parent.is_none(), at).await?;
    let parent_number = parent.map(|parent| parent.number);
    let new = posts::NewPost { id: post, thread: thread.id, number, parent: parent_number, author, body };
    posts::insert(act.write, &new, at).await?;
    index::put(act.write, post, &index::Entry { whole: body, ..index::Entry::default() }).await?;
    let number = count(number);
    marks::wrote(act.write, (thread.id, author), number, at).await?;
    act.write.tell_of_post(Topic::Post, (thread.id, number), at).await?;
    let news = super::notify::Post {
        thread: thread.id,
        number,
        author,
        body,
        space: &thread.space,
        gate: thread.gate.as_deref(),
    };
    super::notify::post(act, &news, Some((thread, parent))).await?;
    Ok(Done { thread: thread.id, post, number })
}

/// Replaces the text of a post.
pub async fn edit(act: &mut Act<'_>, thread: &ThreadRow, post: &PostRow, body: &str) -> Result<(), sqlx::Error> {
    posts::edit(act.write, post, body, act.at).await?;
    if post.number == 1 {
        super::threads::index_opening(act, thread, (post.id, body)).await?;
    } else {
        index::put(act.write, post.id, &index::Entry { whole: body, ..index::Entry::default() }).await?;
    }
    act.write.tell_of_post(Topic::Edit, (thread.id, post.number), act.at).await
}

/// Takes a reply away. Its place stays; an accepted answer is accepted no longer.
pub async fn delete(act: &mut Act<'_>, thread: &ThreadRow, post: &PostRow) -> Result<(), sqlx::Error> {
    posts::delete(act.write, post, act.at).await?;
    index::remove(act.write, post.id).await?;
    if post.parent.is_none() {
        threads::drop_answer(act.write, thread.id).await?;
    }
    if thread.accepted == Some(post.id) {
        threads::set_accepted(act.write, thread.id, None).await?;
    }
    act.write.tell_of_post(Topic::Edit, (thread.id, post.number), act.at).await
}

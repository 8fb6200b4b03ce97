//! Opening, changing and taking away threads.

use super::{Act, Done};
use crate::model::change::Topic;
use crate::server::db::threads::{self, NewThread, ThreadRow};
use crate::server::db::{marks, posts, search_sqlite as index};
use crate::server::preview::preview;

/// Whether anything but the beginning of a thread takes a tier.
pub fn is_gated(act: &Act<'_>, space: &str, gate: Option<&str>) -> bool {
    gate.is_some() || act.house.spaces.get(space).is_some_and(|rule| rule.read.is_some())
}

/// Opens a thread. Its author follows it and has read it.
pub async fn open(act: &mut Act<'_>, author: i64, new: &NewThread<'_>) -> Result<Done, sqlx::Error> {
    let (thread, post, at) = (act.id(), act.id(), act.at);
    let public = preview(new.body, is_gated(act, new.space, new.gate));
    threads::insert(act.write, (thread, author), new, &public, at).await?;
    let opening = posts::NewPost { id: post, thread, number: 1, parent: None, author, body: new.body };
    posts::insert(act.write, &opening, at).await?;
    let entry = index::Entry { title: new.title, tags: new.tags, public: &public, whole: new.body };
    index::put(act.write, post, &entry).await?;
    marks::set(act.write, (thread, author), marks::Mark::Read(1), at).await?;
    marks::set(act.write, (thread, author), marks::Mark::Follow(true), at).await?;
    act.write.tell(Topic::Thread, Some(thread), None, at).await?;
    let news = super::notify::Post { thread, number: 1, author, body: new.body, space: new.space, gate: new.gate };
    super::notify::post(act, &news, None).await?;
    Ok(Done { thread, post, number: 1 })
}

/// Writes title, tags, lock and pin as `thread` now has them.
pub async fn change(act: &mut Act<'_>, thread: &ThreadRow) -> Result<(), sqlx::Error> {
    threads::update(act.write, thread, act.at).await?;
    threads::set_tags(act.write, thread.id, &thread.tags).await?;
    if let Some(opening) = posts::by_number(act.write, (thread.id, 0), 1).await? {
        index_opening(act, thread, (opening.id, &opening.body)).await?;
    }
    act.write.tell(Topic::Thread, Some(thread.id), None, act.at).await
}

/// Cuts the public beginning again and puts the opening post into the index.
pub(super) async fn index_opening(
    act: &mut Act<'_>,
    thread: &ThreadRow,
    (post, body): (i64, &str),
) -> Result<(), sqlx::Error> {
    let public = preview(body, is_gated(act, &thread.space, thread.gate.as_deref()));
    threads::set_preview(act.write, thread.id, &public).await?;
    let entry = index::Entry { title: &thread.title, tags: &thread.tags, public: &public, whole: body };
    index::put(act.write, post, &entry).await
}

/// Takes a thread away.
pub async fn delete(act: &mut Act<'_>, thread: i64) -> Result<(), sqlx::Error> {
    threads::delete(act.write, thread, act.at).await?;
    index::remove_thread(act.write, thread).await?;
    act.write.tell(Topic::Thread, Some(thread), None, act.at).await
}

//! From a token to the member who shows it.

use sqlx::{Any, Executor};

use crate::base::time::{SignedDuration, Timestamp};
use crate::server::auth::token::{self, Kind};
use crate::server::db::{personal_tokens, sessions};
use crate::server::error::Answer;
use crate::server::extract::{By, Reader};
use crate::server::state::App;

/// How exactly it is known when a personal access token was last used.
const NOTED: SignedDuration = SignedDuration::from_hours(1);

/// The member who shows a token, if it is good now. What can be no token is refused without a look at the database.
pub async fn of_token(app: &App, shown: &str) -> Answer<Option<Reader>> {
    let Some(kind) = token::kind(shown) else { return Ok(None) };
    let (hash, now) = (token::hex_digest(shown.as_bytes()), app.clock.now());
    let reader = match kind {
        Kind::Session => sessions::reader(app.db.read(), &hash, now).await?,
        Kind::Personal => personal_tokens::reader(app.db.read(), &hash, now).await?,
    };
    if let Some(Reader { by: By::PersonalToken { id, used, .. }, .. }) = &reader
        && used.is_none_or(|used| now.duration_since(used) >= NOTED)
        && let Err(error) = note_use(app, *id, now).await
    {
        // A disk that is full must not keep anybody from reading.
        tracing::warn!(%error, "the use of a token was not noted");
    }
    Ok(reader)
}

async fn note_use(app: &App, id: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    let mut write = app.db.write().await?;
    personal_tokens::used(&mut write, id, now).await?;
    write.commit().await
}

/// Whether a reader could still come in with what they showed at the door.
pub async fn stands(
    on: impl Executor<'_, Database = Any>,
    reader: &Reader,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let found = match reader.by {
        By::Session(_) => sessions::reader(on, &reader.token_hash, now).await?,
        By::PersonalToken { .. } => personal_tokens::reader(on, &reader.token_hash, now).await?,
    };
    Ok(found.is_some())
}

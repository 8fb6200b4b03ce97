//! Sessions: opened for whoever was let in, carried on with a refresh token, ended for good.

use crate::api::account::Tokens;
use crate::base::time::Timestamp;
use crate::server::auth::proof::Proof;
use crate::server::auth::token::{self, Kind};
use crate::server::db::sessions::{self, NewSession, Pair, Refresh};
use crate::server::db::{Write, personal_tokens};
use crate::server::error::{Answer, Failure, code};
use crate::server::state::App;

/// Opens a session for a member who may come in. Fails with 401 `wrong_password` when their proof does not hold any more.
pub async fn open(app: &App, proof: &Proof, client_name: &str) -> Answer<Tokens> {
    let member = proof.member;
    let mut write = app.db.write().await?;
    proof.check(&mut write).await?;
    let (tokens, session) = open_in(app, &mut write, member, client_name).await?;
    write.commit().await?;
    tracing::info!(member, session, "somebody signed in");
    Ok(tokens)
}

/// The same within a write that does more, for a member who has proved themselves to it or to the decision that it
/// carries out; with the session's row. The caller commits.
pub async fn open_in(app: &App, write: &mut Write, member: i64, client_name: &str) -> Answer<(Tokens, i64)> {
    let now = app.clock.now();
    let (tokens, pair) = pair(app, now);
    sessions::drop_ended(write, now).await?;
    let new = NewSession { id: app.db.ids().next(), member, client_name };
    sessions::open(write, &new, &pair, now).await?;
    Ok((tokens, new.id))
}

/// Gives a new pair for a refresh token, which is used up by that.
///
/// A used one that comes again ends the session: somebody has a copy (RFC 9700 section 4.14.2). The one exception is an
/// answer that was lost on its way: for a few seconds, and while its pair is unused, the old token may come again.
pub async fn refresh(app: &App, shown: &str) -> Answer<Tokens> {
    let now = app.clock.now();
    let refused = || Failure::new(code::INVALID_GRANT);
    // A personal access token is none that could be renewed.
    if token::kind(shown) != Some(Kind::Session) {
        return Err(refused());
    }
    let hash = token::hex_digest(shown.as_bytes());
    let good = |token: &Refresh| !token.revoked && token.until > now.as_millisecond();
    // Asked of the readers first: what was made up or has ended takes nobody's turn to write. The write decides.
    sessions::refresh(app.db.read(), &hash).await?.filter(good).ok_or_else(refused)?;
    let mut write = app.db.write().await?;
    let stored = sessions::refresh(&mut *write, &hash).await?.filter(good).ok_or_else(refused)?;
    let (tokens, pair) = pair(app, now);
    if let Some(used_at) = stored.used_at {
        let grace = i64::from(app.settings.sessions.reuse_grace_seconds) * 1000;
        let next = stored.replaced_by.as_deref().filter(|_| now.as_millisecond() - used_at <= grace);
        let unused = match next {
            Some(next) => sessions::refresh(&mut *write, next).await?.filter(|next| next.used_at.is_none()),
            None => None,
        };
        let (Some(next), Some(_)) = (next, unused) else {
            sessions::revoke(&mut write, stored.session, now).await?;
            // Whoever listens with the copy hears no more.
            write.wake(stored.member);
            write.commit().await?;
            tracing::warn!(session = stored.session, "a used refresh token came again; the session was ended");
            return Err(refused());
        };
        sessions::supersede(&mut write, next, &pair.refresh_hash, now).await?;
    }
    sessions::rotate(&mut write, stored.session, &hash, &pair, now).await?;
    write.commit().await?;
    Ok(tokens)
}

/// Ends the session that a token belongs to, or the personal access token itself. A token of nobody's is no error
/// (RFC 7009 section 2.2).
pub async fn revoke(app: &App, shown: &str) -> Answer<()> {
    let Some(kind) = token::kind(shown) else { return Ok(()) };
    let (hash, now) = (token::hex_digest(shown.as_bytes()), app.clock.now());
    // As above.
    let known = match kind {
        Kind::Personal => personal_tokens::reader(app.db.read(), &hash, now).await?.is_some(),
        Kind::Session => sessions::of_token(app.db.read(), &hash).await?.is_some(),
    };
    if !known {
        return Ok(());
    }
    let mut write = app.db.write().await?;
    let member = match kind {
        Kind::Personal => personal_tokens::end_by_hash(&mut write, &hash).await?,
        Kind::Session => match sessions::of_token(&mut *write, &hash).await? {
            Some((session, member)) => {
                sessions::revoke(&mut write, session, now).await?;
                Some(member)
            }
            None => None,
        },
    };
    if let Some(member) = member {
        write.wake(member);
        write.commit().await?;
    }
    Ok(())
}

fn pair(app: &App, now: Timestamp) -> (Tokens, Pair) {
    let lengths = app.settings.sessions;
    let (access, refresh) = (token::make(&*app.random), token::make(&*app.random));
    let pair = Pair {
        access_hash: token::hex_digest(access.as_bytes()),
        access_until: now.as_millisecond() + i64::from(lengths.access_seconds) * 1000,
        refresh_hash: token::hex_digest(refresh.as_bytes()),
        refresh_until: now.as_millisecond() + i64::from(lengths.refresh_seconds) * 1000,
    };
    let tokens = Tokens {
        access_token: access,
        refresh_token: refresh,
        token_type: "Bearer".to_owned(),
        expires_in: u64::from(lengths.access_seconds),
        refresh_expires_in: Some(u64::from(lengths.refresh_seconds)),
    };
    (tokens, pair)
}

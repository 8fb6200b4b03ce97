//! One's own password.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;

use crate::api::account::ChangePassword;
use crate::api::path;
use crate::server::answer::Address;
use crate::server::auth::{password, sign_in};
use crate::server::db::{members, sessions};
use crate::server::error::{Answer, Failure};
use crate::server::extract::{Json, Reader};
use crate::server::state::AppState;

/// Changes one's password, with the one there is and, where there is a second factor, a code (ASVS 6.2.3, 7.5.1). All other
/// sessions end. Personal access tokens stay, since they were not made from the password: end them one by one.
#[utoipa::path(put, path = path::PASSWORD, tag = "keys", security(("session" = [])), request_body = ChangePassword,
    responses((status = 204)))]
pub async fn change(
    State(app): State<AppState>,
    reader: Reader,
    Extension(Address(address)): Extension<Address>,
    Json(asked): Json<ChangePassword>,
) -> Answer<StatusCode> {
    let session = reader.session()?;
    // Before anything is counted or a code is used up.
    if let Some(weakness) = password::fault(&asked.new, &reader.username) {
        return Err(Failure::invalid("new", weakness.as_str()));
    }
    let otp = asked.otp.as_deref();
    let proof = sign_in::who_is(&app, address, &reader.username, asked.current.into(), otp).await?;
    let hash = app.passwords.hash(asked.new.into()).await?;
    let (member, now) = (proof.member, app.clock.now());
    let mut write = app.db.write().await?;
    proof.check(&mut write).await?;
    members::set_password(&mut write, member, &hash, now).await?;
    sessions::revoke_others(&mut write, member, session, now).await?;
    write.wake(member);
    write.commit().await?;
    tracing::info!(member, "a password was changed");
    Ok(StatusCode::NO_CONTENT)
}

//! Oneself.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sqlx::AnyConnection;

use super::profile;
use crate::api::member::{EditMe, Me};
use crate::api::path;
use crate::server::db::members::{self, Member};
use crate::server::error::{Answer, Failure};
use crate::server::etag;
use crate::server::extract::{IfMatch, Json, Reader};
use crate::server::state::AppState;

/// Oneself.
#[utoipa::path(get, path = path::ME, tag = "members", security(("bearer" = [])), responses((status = 200, body = Me)))]
pub async fn me(State(app): State<AppState>, reader: Reader) -> Answer<Json<Me>> {
    let mut tx = app.db.snapshot().await?;
    let (_, me) = load(&mut tx, &reader).await?;
    Ok(Json(me))
}

/// Changes what one says about oneself. `If-Match` names the entity tag of the last `GET`. The address takes a session: 403
/// `scope` for a personal access token that would change it.
#[utoipa::path(patch, path = path::ME, tag = "members", security(("bearer" = [])), request_body = EditMe,
    params(("If-Match" = String, Header)), responses((status = 200, body = Me)))]
pub async fn edit(
    State(app): State<AppState>,
    reader: Reader,
    versions: IfMatch,
    Json(edit): Json<EditMe>,
) -> Answer<Response> {
    let mut write = app.db.write().await?;
    let (mut member, mut me) = load(&mut write, &reader).await?;
    versions.check(&version(&me)?)?;
    if let Some(name) = edit.name.filter(|name| *name != member.name) {
        member.name = profile::name("name", &name)?;
        if members::is_alike(&mut *write, &member.name, Some(member.id)).await? {
            return Err(profile::alike("name"));
        }
    }
    if let Some(bio) = edit.bio {
        member.bio = profile::bio(&bio)?;
    }
    if let Some(email) = edit.email {
        let email = profile::email(&email)?;
        if email != member.email {
            // Where letters about the account go belongs to what opens it.
            reader.session()?;
        }
        member.email = email;
    }
    members::save_profile(&mut write, &member, app.clock.now()).await?;
    write.commit().await?;
    (me.name, me.bio, me.email) = (member.name, member.bio, member.email);
    let tag = format!("\"{}\"", version(&me)?);
    Ok(([(header::ETAG, tag)], Json(me)).into_response())
}

async fn load(on: &mut AnyConnection, reader: &Reader) -> Answer<(Member, Me)> {
    let member = members::by_id(&mut *on, reader.id).await?.ok_or_else(Failure::not_found)?;
    let me = Me {
        username: member.username.clone(),
        name: member.name.clone(),
        role: member.role,
        bio: member.bio.clone(),
        email: member.email.clone(),
        inbox: members::inbox(on, reader.id).await?,
    };
    Ok((member, me))
}

/// The version that a `GET` of the same would show.
fn version(me: &Me) -> Answer<String> {
    serde_json::to_vec(me).map(|bytes| etag::version(&bytes)).map_err(Failure::internal)
}

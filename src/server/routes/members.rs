//! Other members, and the roles that owners give them.

use axum::extract::State;

use crate::api::member::{Member, SetRole};
use crate::api::path;
use crate::model::{change::Topic, member::Role};
use crate::server::db::audit::{self, Deed};
use crate::server::db::members::{self, Figures};
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Json, MaybeReader, Name, Reader};
use crate::server::state::AppState;

/// A member.
#[utoipa::path(get, path = path::MEMBER, tag = "members", params(("username" = String, Path)),
    responses((status = 200, body = Member)))]
pub async fn member(State(app): State<AppState>, _: MaybeReader, Name(username): Name) -> Answer<Json<Member>> {
    let mut tx = app.db.snapshot().await?;
    let member = members::by_name(&mut *tx, &username).await?.ok_or_else(Failure::not_found)?;
    let figures = members::figures(&mut *tx, member.id).await?;
    Ok(Json(wire(member, figures)))
}

/// Gives a role. Owners only; the last owner stays one.
#[utoipa::path(put, path = path::MEMBER_ROLE, tag = "members", security(("session" = [])), request_body = SetRole,
    params(("username" = String, Path)), responses((status = 200, body = Member)))]
pub async fn set_role(
    State(app): State<AppState>,
    reader: Reader,
    Name(username): Name,
    Json(SetRole { role }): Json<SetRole>,
) -> Answer<Json<Member>> {
    reader.at_least(Role::Owner)?;
    let now = app.clock.now();
    let mut write = app.db.write().await?;
    // Looked at again inside the turn to write: two owners who take each other's role must not both succeed.
    let actor = members::by_id(&mut *write, reader.id).await?;
    if actor.is_none_or(|actor| actor.role != Role::Owner) {
        return Err(Failure::forbidden("this takes the role owner"));
    }
    let mut member = members::by_name(&mut *write, &username).await?.ok_or_else(Failure::not_found)?;
    if member.role == Role::Owner && role != Role::Owner && members::owners(&mut *write).await? < 2 {
        return Err(Failure::new(code::CONFLICT).detail("the last owner cannot step down"));
    }
    if member.role != role {
        members::set_role(&mut write, member.id, role, now).await?;
        let detail = format!("{} -> {}", member.role.as_str(), role.as_str());
        let deed = Deed { actor: Some(reader.id), deed: "role", subject: &username, detail: &detail };
        audit::add(&mut write, app.db.ids().next(), now, &deed).await?;
        write.tell(Topic::Membership, None, Some(member.id), now).await?;
        member.role = role;
    }
    let figures = members::figures(&mut *write, member.id).await?;
    write.commit().await?;
    Ok(Json(wire(member, figures)))
}

fn wire(member: members::Member, figures: Figures) -> Member {
    Member {
        username: member.username,
        name: member.name,
        role: member.role,
        bio: member.bio,
        joined: member.joined,
        posts: figures.posts,
        accepted: figures.accepted,
    }
}

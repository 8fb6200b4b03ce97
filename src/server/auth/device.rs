//! The device authorization grant (RFC 8628): a device without a browser shows a code, a person confirms it on a page,
//! and the device fetches its tokens.

use std::net::IpAddr;

use crate::api::account::Tokens;
use crate::api::{device, path};
use crate::base::time::{SignedDuration, Timestamp};
use crate::server::auth::proof::Proof;
use crate::server::auth::{session, token, user_code};
use crate::server::db::device_codes::{self, Decision, DeviceCode, New};
use crate::server::db::sessions;
use crate::server::error::{Answer, Failure, code};
use crate::server::limits::Who;
use crate::server::origin;
use crate::server::state::App;

/// What each question that comes too early adds to the pace, in seconds (RFC 8628 section 3.5).
const SLOWER: i64 = 5;

/// How much too early is not too early, in milliseconds: an answer and the next question do not travel equally fast.
const LEEWAY: i64 = 500;

/// For how long a code that ended is still known for one, in seconds: who asks late hears `expired_token`.
const REMEMBERED: i64 = 600;

/// Codes that are tried before one is free. Ten thousand of 25,600,000,000 are taken at most.
const TRIES: usize = 8;

/// Gives out a pair of codes. 429 when an address asks too often, 503 when too many devices wait.
pub async fn begin(app: &App, address: IpAddr, client_name: &str) -> Answer<device::DeviceCode> {
    let (settings, now) = (&app.settings.sign_in, app.clock.now());
    app.buckets.take(Who::DeviceCodes(address), app.settings.limits.device_codes, now)?;
    let (lasts, pace) = (settings.device_seconds, settings.device_interval_seconds);
    let device_code = token::make(&*app.random);
    let mut write = app.db.write().await?;
    device_codes::drop_ended(&mut write, before(now, REMEMBERED)).await?;
    if device_codes::count(&mut write).await? >= i64::from(settings.device_codes) {
        device_codes::drop_ended(&mut write, now).await?;
    }
    if device_codes::count(&mut write).await? >= i64::from(settings.device_codes) {
        return Err(Failure::new(code::BUSY).detail("too many devices wait to be let in").retry_after(60));
    }
    let user_code = free_code(app, &mut write).await?;
    let new = New {
        id: app.db.ids().next(),
        device_hash: &token::hex_digest(device_code.as_bytes()),
        user_code: &user_code,
        client_name,
        address: &address.to_string(),
        until: now.as_millisecond() + i64::from(lasts) * 1000,
        pace: i64::from(pace),
    };
    device_codes::add(&mut write, &new, now).await?;
    write.commit().await?;
    let page = format!("{}{}", origin::of(&app.settings), path::ACTIVATE);
    let user_code = user_code::shown(&user_code);
    Ok(device::DeviceCode {
        device_code,
        verification_uri_complete: format!("{page}?code={user_code}"),
        verification_uri: page,
        user_code,
        expires_in: u64::from(lasts),
        interval: u64::from(pace),
    })
}

async fn free_code(app: &App, write: &mut sqlx::AnyConnection) -> Answer<String> {
    for _ in 0..TRIES {
        let made = user_code::make(&*app.random);
        if device_codes::by_user_code(&mut *write, &made).await?.is_none() {
            return Ok(made);
        }
    }
    Err(Failure::internal("no user code was free"))
}

fn before(now: Timestamp, seconds: i64) -> Timestamp {
    now.saturating_sub(SignedDuration::from_secs(seconds)).unwrap_or(now)
}

/// The tokens of a device that was let in; otherwise one of RFC 8628 section 3.5's words.
///
/// A code is good once. One that comes again ends the session it opened: either somebody has a copy, or the answer was
/// lost and nobody has its tokens.
pub async fn tokens(app: &App, shown: &str) -> Answer<Tokens> {
    let hash = token::hex_digest(shown.as_bytes());
    let nobodys = || Failure::new(code::INVALID_GRANT);
    // Asked of the readers first: guessing takes nobody's turn to write.
    device_codes::by_hash(app.db.read(), &hash).await?.ok_or_else(nobodys)?;
    let now = app.clock.now();
    let mut write = app.db.write().await?;
    let device = device_codes::by_hash(&mut *write, &hash).await?.ok_or_else(nobodys)?;
    if let Some(session) = device.session {
        sessions::revoke(&mut write, session, now).await?;
        if let Some(Decision::Approved(member)) = device.decision {
            write.wake(member);
        }
        write.commit().await?;
        tracing::warn!(session, "a used device code came again; the session was ended");
        return Err(nobodys());
    }
    if device.until <= now.as_millisecond() {
        return Err(Failure::new(code::EXPIRED_TOKEN));
    }
    match device.decision {
        Some(Decision::Refused) => Err(Failure::new(code::ACCESS_DENIED)),
        Some(Decision::Approved(member)) => {
            let (tokens, session) = session::open_in(app, &mut write, member, &device.client_name).await?;
            device_codes::spend(&mut write, device.id, session).await?;
            write.commit().await?;
            tracing::info!(member, session, "a device fetched its tokens");
            Ok(tokens)
        }
        None => {
            let early = device.asked.is_some_and(|at| now.as_millisecond() - at < device.pace * 1000 - LEEWAY);
            let pace = if early { device.pace + SLOWER } else { device.pace };
            device_codes::asked(&mut write, device.id, pace, now).await?;
            write.commit().await?;
            Err(Failure::new(if early { code::SLOW_DOWN } else { code::AUTHORIZATION_PENDING }))
        }
    }
}

/// The device that waits with the code that somebody typed. Wrong codes are counted by address: 429 after too many.
pub async fn find(app: &App, address: IpAddr, typed: &str) -> Answer<Option<DeviceCode>> {
    let (who, rate, now) = (Who::UserCodes(address), app.settings.limits.user_codes, app.clock.now());
    app.buckets.take(who.clone(), rate, now)?;
    let Some(code) = user_code::read(typed) else { return Ok(None) };
    let found = device_codes::by_user_code(app.db.read(), &code).await?.filter(|device| waits(device, now));
    if found.is_some() {
        app.buckets.give_back(&who, rate);
    }
    Ok(found)
}

/// The device of a row, while it waits.
pub async fn waiting(app: &App, id: i64) -> Answer<Option<DeviceCode>> {
    let now = app.clock.now();
    Ok(device_codes::by_id(app.db.read(), id).await?.filter(|device| waits(device, now)))
}

fn waits(device: &DeviceCode, now: Timestamp) -> bool {
    device.decision.is_none() && device.until > now.as_millisecond()
}

/// Lets a device in as who proved to be a member, or refuses it; false when it does not wait any more. Fails with
/// `page_ended` when the proof does not hold any more.
pub async fn decide(app: &App, id: i64, proof: &Proof, approved: bool) -> Answer<bool> {
    let member = proof.member;
    let mut write = app.db.write().await?;
    if !proof.holds(&mut write).await? {
        return Err(Failure::new(code::PAGE_ENDED));
    }
    let decided = device_codes::decide(&mut write, id, member, approved, app.clock.now()).await?;
    write.commit().await?;
    if decided {
        tracing::info!(member, approved, "a device was decided on");
    }
    Ok(decided)
}

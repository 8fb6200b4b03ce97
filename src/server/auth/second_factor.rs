//! The second factor of an account: whether a code is right, how often one may be wrong, and switching it on and off.
//!
//! Whoever lets somebody in by their password asks [`check`] next. Only those who have the password come this far, so
//! the counts here keep a thief of passwords from guessing: after [`FREE`] wrong codes in a row the account waits, longer
//! each time, before it looks at six digits again. That would also keep its owner out, for at most [`LONGEST`] seconds
//! after the last guess; so a recovery code, which cannot be guessed, is looked at in any case.

use std::net::IpAddr;

use crate::api::second_factor::{BegunSecondFactor, SecondFactor};
use crate::base::secret::{ExposeSecret, Secret};
use crate::base::time::Timestamp;
use crate::server::auth::proof::Proof;
use crate::server::auth::recovery::{self, Shown};
use crate::server::auth::totp;
use crate::server::db::second_factors::{self, Factor};
use crate::server::db::{Write, community, sessions};
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::Reader;
use crate::server::limits::Who;
use crate::server::state::App;

/// Wrong codes in a row that cost no wait.
pub const FREE: u32 = 5;

/// The first wait, in seconds; each one after it is twice as long.
const FIRST: i64 = 30;

/// The longest wait, in seconds. Three codes of a million are good at a time, so at 96 tries a day somebody who knows the
/// password gets in within a year with a chance of one in ten, and fills the log until then.
pub const LONGEST: i64 = 900;

/// Seconds after which wrong codes are forgotten.
const FORGOTTEN: i64 = 86_400;

/// Fails unless `shown` is right for this member, who has proved their password already; then the proof is of both.
/// Without a second factor anything is right. A code is used up by being right.
///
/// Fails with 401 `second_factor_required` when nothing was shown, 401 `wrong_code`, or 429 with how long to wait.
pub async fn check(app: &App, proof: Proof, address: IpAddr, shown: Option<&str>) -> Answer<Proof> {
    let member = proof.member;
    let Some(factor) = second_factors::confirmed(app.db.read(), member).await? else { return Ok(proof) };
    match shown.map_or(Shown::Nothing, Shown::read) {
        Shown::Nothing => Err(Failure::new(code::SECOND_FACTOR_REQUIRED)),
        Shown::Digits(digits) => {
            count(app, address)?;
            let mut write = app.db.write().await?;
            // Looked at again inside the turn to write, so that two who show the same code are not both let in.
            let Some(factor) = second_factors::confirmed(&mut *write, member).await? else { return Ok(proof) };
            let step = judge(app, &mut write, member, &factor, &digits).await;
            if let Ok(step) = step {
                second_factors::took(&mut write, member, step).await?;
            }
            write.commit().await?;
            step.map(|_| proof.with(Some(&factor.secret)))
        }
        Shown::Recovery(shown) => {
            count(app, address)?;
            recover(app, member, shown).await?;
            Ok(proof.with(Some(&factor.secret)))
        }
        Shown::Neither => {
            count(app, address)?;
            Err(Failure::new(code::WRONG_CODE))
        }
    }
}

fn count(app: &App, address: IpAddr) -> Answer<()> {
    app.buckets.take(Who::Code(address), app.settings.limits.sign_in_address, app.clock.now()).map(drop)
}

/// The step of a right code. A wrong one is counted; the caller commits either way.
async fn judge(app: &App, write: &mut Write, member: i64, factor: &Factor, digits: &str) -> Answer<i64> {
    let now = app.clock.now();
    let wrong = if seconds_since(factor, now) < FORGOTTEN { factor.wrong } else { 0 };
    let left = wait(wrong) - seconds_since(factor, now);
    if left > 0 {
        return Err(Failure::new(code::TOO_MANY_REQUESTS).retry_after(left.unsigned_abs()));
    }
    if let Some(step) = totp::accept(&factor.secret, digits, now, factor.last_step) {
        return Ok(step);
    }
    second_factors::missed(write, member, wrong.saturating_add(1), now).await?;
    tracing::warn!(member, wrong = wrong + 1, "a code was wrong");
    Err(Failure::new(code::WRONG_CODE))
}

fn seconds_since(factor: &Factor, now: Timestamp) -> i64 {
    // A clock that was set back must not make the wait longer than it is.
    (now.as_millisecond() - factor.wrong_at).max(0) / 1000
}

/// Seconds to wait after this many wrong codes in a row.
fn wait(wrong: u32) -> i64 {
    match wrong.checked_sub(FREE) {
        None => 0,
        Some(more) => FIRST.checked_shl(more.min(16)).map_or(LONGEST, |wait| wait.min(LONGEST)),
    }
}

async fn recover(app: &App, member: i64, shown: Secret) -> Answer<()> {
    let stored = second_factors::codes(app.db.read(), member).await?;
    let wrong = || {
        tracing::warn!(member, "a recovery code was wrong");
        Failure::new(code::WRONG_CODE)
    };
    let hash = app.passwords.find(shown, stored).await?.ok_or_else(wrong)?;
    let mut write = app.db.write().await?;
    if !second_factors::use_code(&mut write, &hash).await? {
        return Err(wrong());
    }
    second_factors::forgive(&mut write, member).await?;
    write.commit().await?;
    tracing::info!(member, "a recovery code was used");
    Ok(())
}

/// How it stands.
pub async fn show(app: &App, member: i64) -> Answer<SecondFactor> {
    let mut db = app.db.snapshot().await?;
    let enabled = second_factors::confirmed(&mut *db, member).await?.is_some();
    let recovery_codes_left = second_factors::codes_left(&mut *db, member).await?;
    Ok(SecondFactor { enabled, recovery_codes_left })
}

/// Begins one, in place of another that was begun. Fails with 409 when one is on.
pub async fn begin(app: &App, reader: &Reader, proof: &Proof) -> Answer<BegunSecondFactor> {
    let secret = totp::make(&*app.random);
    let mut write = app.db.write().await?;
    if second_factors::confirmed(&mut *write, reader.id).await?.is_some() {
        return Err(Failure::new(code::CONFLICT).detail("the second factor is on already"));
    }
    proof.check(&mut write).await?;
    second_factors::begin(&mut write, reader.id, &secret, app.clock.now()).await?;
    let community = community::get(&mut *write).await?.name;
    write.commit().await?;
    let uri = totp::uri(&community, &reader.username, &secret);
    Ok(BegunSecondFactor { secret: secret.expose_secret().to_owned(), uri: uri.expose_secret().to_owned() })
}

/// Switches on what was begun, when the code is right, and ends the member's other sessions: they were opened without.
/// Gives the recovery codes. Fails with 409 when nothing was begun.
pub async fn confirm(app: &App, reader: &Reader, address: IpAddr, shown: &str) -> Answer<Vec<String>> {
    let session = reader.session()?;
    count(app, address)?;
    let Shown::Digits(digits) = Shown::read(shown) else { return Err(Failure::new(code::WRONG_CODE)) };
    let nothing = || Failure::new(code::CONFLICT).detail("no second factor was begun");
    let now = app.clock.now();
    let begun = second_factors::begun(app.db.read(), reader.id).await?.ok_or_else(nothing)?;
    // The hashes take a while, so they are not made in the turn to write, nor for a code that is wrong.
    let right = totp::accept(&begun.secret, &digits, now, begun.last_step).is_some();
    let (codes, hashes) = if right { new_codes(app).await? } else { (Vec::new(), Vec::new()) };
    let mut write = app.db.write().await?;
    let begun = second_factors::begun(&mut *write, reader.id).await?.ok_or_else(nothing)?;
    let step = judge(app, &mut write, reader.id, &begun, &digits).await;
    match step {
        Ok(step) if right => {
            second_factors::confirm(&mut write, reader.id, step, now).await?;
            second_factors::put_codes(&mut write, reader.id, &hashes).await?;
            sessions::revoke_others(&mut write, reader.id, session, now).await?;
            write.wake(reader.id);
        }
        // It was begun anew meanwhile, by another window.
        Ok(_) => return Err(nothing()),
        Err(_) => {}
    }
    write.commit().await?;
    step?;
    tracing::info!(member = reader.id, "a second factor was switched on");
    Ok(codes)
}

/// Makes new recovery codes in place of those there are, for who has proved password and code.
pub async fn renew_codes(app: &App, proof: &Proof) -> Answer<Vec<String>> {
    let member = proof.member;
    let (codes, hashes) = new_codes(app).await?;
    let mut write = app.db.write().await?;
    if second_factors::confirmed(&mut *write, member).await?.is_none() {
        return Err(Failure::new(code::CONFLICT).detail("the second factor is off"));
    }
    proof.check(&mut write).await?;
    second_factors::put_codes(&mut write, member, &hashes).await?;
    write.commit().await?;
    Ok(codes)
}

async fn new_codes(app: &App) -> Answer<(Vec<String>, Vec<String>)> {
    let codes = recovery::make(&*app.random);
    let bare = codes.iter().map(|code| Secret::from(code.replace('-', ""))).collect();
    let hashes = app.passwords.hash_all(bare).await?;
    Ok((codes, hashes))
}

/// Switches it off, with its recovery codes, for who has proved password and code.
pub async fn end(app: &App, proof: &Proof) -> Answer<()> {
    let member = proof.member;
    let mut write = app.db.write().await?;
    proof.check(&mut write).await?;
    second_factors::end(&mut write, member).await?;
    write.commit().await?;
    tracing::info!(member, "a second factor was switched off");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits: Vec<i64> = [0, 4, 5, 6, 7, 8, 9, 10, 11, 100, u32::MAX].into_iter().map(wait).collect();
        assert_eq!(waits, [0, 0, 30, 60, 120, 240, 480, 900, 900, 900, 900]);
    }
}

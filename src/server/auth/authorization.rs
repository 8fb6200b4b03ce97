//! Authorization codes with PKCE (RFC 6749 section 4.1, RFC 7636) for programs on the member's own machine.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::api::account::Tokens;
use crate::base::time::SignedDuration;
use crate::server::auth::proof::Proof;
use crate::server::auth::{loopback, session, sign_in, token};
use crate::server::db::browser_codes::{self, New};
use crate::server::db::{dialect, sessions};
use crate::server::error::{Answer, Failure, code};
use crate::server::origin;
use crate::server::state::App;

/// For how long a decision is remembered at least, in seconds: longer than a page on which it could be made again.
const REMEMBERED: i64 = 3600;

/// Longest `state` and `client_id`, in bytes.
const LONGEST: usize = 500;

/// The query of the page, as it came (RFC 6749 section 4.1.1). What is not known is passed over (section 3.1).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    state: Option<String>,
    code_challenge: String,
    code_challenge_method: String,
    client_name: Option<String>,
}

/// A program that asks to be let in, with everything that has to be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The page that asks about it; one decision each.
    pub page: String,
    /// Which client it is.
    pub client_id: String,
    /// What it calls itself.
    pub client_name: String,
    /// Where the code goes: a loopback address.
    pub redirect_uri: String,
    /// What goes back with it.
    pub state: Option<String>,
    /// SHA-256 of the verifier, base64url.
    pub challenge: String,
}

/// Why a program is not asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is to be sent to that address; the person is told. A word of `web.refusal`.
    OnPage(&'static str),
    /// The program is told, at this address (RFC 6749 section 4.1.2.1).
    ToProgram(String),
}

/// Reads what a program asks for; `page` is new.
pub fn read(app: &App, asked: Query, page: String) -> Result<Program, Refusal> {
    if loopback::origin(&asked.redirect_uri).is_none() {
        return Err(Refusal::OnPage("redirect"));
    }
    let printable = |text: &str| text.len() <= LONGEST && text.bytes().all(|b| (0x20..0x7f).contains(&b));
    if !printable(&asked.client_id) || !asked.state.as_deref().is_none_or(printable) {
        return Err(Refusal::OnPage("malformed"));
    }
    let Ok(client_name) = sign_in::client_name(asked.client_name) else { return Err(Refusal::OnPage("malformed")) };
    let program = Program {
        page,
        client_id: asked.client_id,
        client_name,
        redirect_uri: asked.redirect_uri,
        state: asked.state,
        challenge: asked.code_challenge,
    };
    let tell =
        |error: &str, why| Refusal::ToProgram(back(app, &program, &[("error", error), ("error_description", why)]));
    if asked.response_type != "code" {
        return Err(tell("unsupported_response_type", "response_type must be code"));
    }
    // `plain`, which is also what is meant when nothing is said, protects nothing (RFC 9700 section 2.1.1).
    if asked.code_challenge_method != "S256" {
        return Err(tell("invalid_request", "code_challenge_method must be S256"));
    }
    if program.challenge.len() != 43 || BASE64_URL_SAFE_NO_PAD.decode(&program.challenge).is_err() {
        return Err(tell("invalid_request", "code_challenge must be a SHA-256 in base64url"));
    }
    Ok(program)
}

/// Where the browser goes next: to the program, with an answer, its `state` and who answers (RFC 9207).
fn back(app: &App, program: &Program, answer: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(format!("{}?", program.redirect_uri));
    query.extend_pairs(answer);
    if let Some(state) = &program.state {
        query.append_pair("state", state);
    }
    query.append_pair("iss", &origin::of(&app.settings));
    query.finish()
}

/// Lets a program in as who proved to be a member, or refuses it; the address to go to. None when that page was decided on
/// before. Fails with `page_ended` when the proof does not hold any more.
pub async fn decide(app: &App, program: &Program, proof: &Proof, approved: bool) -> Answer<Option<String>> {
    let (member, now) = (proof.member, app.clock.now());
    let made = approved.then(|| token::make(&*app.random));
    let hash = made.as_ref().map(|made| token::hex_digest(made.as_bytes()));
    let new = New {
        page: &program.page,
        hash: hash.as_deref(),
        member,
        client_id: &program.client_id,
        client_name: &program.client_name,
        redirect_uri: &program.redirect_uri,
        challenge: &program.challenge,
        until: now.as_millisecond() + i64::from(app.settings.sign_in.code_seconds) * 1000,
    };
    let mut write = app.db.write().await?;
    if !proof.holds(&mut write).await? {
        return Err(Failure::new(code::PAGE_ENDED));
    }
    let old = now.saturating_sub(SignedDuration::from_secs(REMEMBERED)).unwrap_or(now);
    browser_codes::drop_before(&mut write, old).await?;
    match browser_codes::add(&mut write, &new, now).await {
        Err(error) if dialect::is_duplicate(&error) => return Ok(None),
        other => other?,
    }
    write.commit().await?;
    tracing::info!(member, approved, "a program was decided on");
    let answer = made.as_deref().map_or(("error", "access_denied"), |made| ("code", made));
    Ok(Some(back(app, program, &[answer])))
}

/// What a program shows for its tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.5).
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The code.
    pub code: &'a str,
    /// Where it was sent.
    pub redirect_uri: &'a str,
    /// What the challenge is the SHA-256 of.
    pub verifier: &'a str,
    /// Which client it is; empty when it does not say.
    pub client_id: &'a str,
}

/// Tokens for a code, which is used up by that, and also by being shown with something wrong.
///
/// A used one that comes again ends the session it opened: somebody has a copy (RFC 6749 section 4.1.2).
pub async fn tokens(app: &App, shown: &Shown<'_>) -> Answer<Tokens> {
    let refused = || Failure::new(code::INVALID_GRANT);
    let (hash, now) = (token::hex_digest(shown.code.as_bytes()), app.clock.now());
    // Asked of the readers first: guessing takes nobody's turn to write.
    browser_codes::by_hash(app.db.read(), &hash).await?.ok_or_else(refused)?;
    let mut write = app.db.write().await?;
    let kept = browser_codes::by_hash(&mut *write, &hash).await?.ok_or_else(refused)?;
    if let Some(session) = kept.session {
        sessions::revoke(&mut write, session, now).await?;
        write.wake(kept.member);
        write.commit().await?;
        tracing::warn!(session, "a used authorization code came again; the session was ended");
        return Err(refused());
    }
    let right = kept.until > now.as_millisecond()
        && kept.redirect_uri == shown.redirect_uri
        && kept.client_id == shown.client_id
        && verifies(shown.verifier, &kept.challenge);
    if !right {
        browser_codes::end(&mut write, &hash).await?;
        write.commit().await?;
        tracing::warn!("an authorization code was refused");
        return Err(refused());
    }
    let (tokens, session) = session::open_in(app, &mut write, kept.member, &kept.client_name).await?;
    browser_codes::spend(&mut write, &hash, session).await?;
    write.commit().await?;
    tracing::info!(member = kept.member, session, "a program fetched its tokens");
    Ok(tokens)
}

fn verifies(verifier: &str, challenge: &str) -> bool {
    let length = (43..=128).contains(&verifier.len());
    let made = BASE64_URL_SAFE_NO_PAD.encode(token::digest(verifier.as_bytes()));
    length && verify_slices_are_equal(made.as_bytes(), challenge.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_fits_its_challenge_only() {
        // RFC 7636 appendix B.
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(verifies(verifier, challenge));
        assert!(!verifies(challenge, challenge), "a plain challenge is none");
        assert!(!verifies(&verifier[1..], challenge) && !verifies("", challenge));
    }
}

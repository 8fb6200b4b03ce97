//! Whom a name, a password and a code let in: the one question that the password grant, the pages and what opens the
//! account ask.

use std::net::IpAddr;

use crate::base::secret::Secret;
use crate::server::auth::proof::{self, Proof};
use crate::server::auth::second_factor;
use crate::server::error::{Answer, Failure};
use crate::server::state::App;

/// Longest name of a client, in characters.
const CLIENT_NAME: usize = 64;

/// The member who may come in, while their proof holds. Tries are counted by name and address; a wrong name and a wrong password are
/// the same 401 `wrong_password`, after the same work. Then the second factor is asked for, where there is one: 401
/// `second_factor_required` or `wrong_code`.
pub async fn who_is(app: &App, address: IpAddr, username: &str, password: Secret, otp: Option<&str>) -> Answer<Proof> {
    let proof = proof::password(app, address, username, password).await?;
    second_factor::check(app, proof, address, otp).await
}

/// What a client calls itself, if it says so: at most 64 characters on one line.
pub fn client_name(asked: Option<String>) -> Answer<String> {
    let name = asked.unwrap_or_default();
    if name.chars().count() > CLIENT_NAME
        || name.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
    {
        return Err(Failure::invalid("client_name", "at most 64 characters on one line"));
    }
    Ok(name)
}

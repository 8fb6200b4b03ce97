//! Whom to write to about a vulnerability (RFC 9116).

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::api::path;
use crate::base::time::SignedDuration;
use crate::server::error::{Answer, Failure};
use crate::server::state::AppState;

/// For how long the word of today holds: a server that is gone vouches for nobody.
const HOLDS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// `security.txt`. 404 when the host named nobody.
#[utoipa::path(get, path = path::SECURITY_TXT, tag = "server",
    responses((status = 200, body = String, content_type = "text/plain"),
        (status = 404, description = "The host named nobody")))]
pub async fn contact(State(app): State<AppState>) -> Answer<Response> {
    let contact = app.settings.security_contact.as_deref().ok_or_else(Failure::not_found)?;
    let until = app.clock.now().checked_add(HOLDS).map_err(Failure::internal)?;
    let mut text = format!("Contact: {}\nExpires: {}\n", address(contact), until.strftime("%Y-%m-%dT%H:%M:%SZ"));
    if let Some(public) = app.settings.public_url.as_deref().filter(|url| url.starts_with("https://")) {
        text.push_str(&format!("Canonical: {}{}\n", public.trim_end_matches('/'), path::SECURITY_TXT));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

/// The address as a URI (RFC 9116 section 2.5.3): what has no scheme is for letters.
fn address(contact: &str) -> String {
    let contact = contact.trim();
    let named = ["https://", "mailto:", "tel:"].iter().any(|scheme| contact.starts_with(scheme));
    if named { contact.to_owned() } else { format!("mailto:{contact}") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_of_letters_becomes_a_uri() {
        assert_eq!(super::address("security@guild.example"), "mailto:security@guild.example");
        assert_eq!(super::address(" https://guild.example/report"), "https://guild.example/report");
    }
}

//! The browser that asks: its language, and the cookie that tells it from others. The cookie gives no right to anything;
//! tickets do, and each belongs to the browser it was made for.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::html::Html;
use super::language;
use super::page::Page;
use super::ticket::{Step, Ticket};
use crate::config::locale::{Catalog, Language};
use crate::config::server::Settings;
use crate::server::answer::Address;
use crate::server::auth::token;
use crate::server::db::community;
use crate::server::error::{Answer, Failure, code};
use crate::server::origin;
use crate::server::state::{App, AppState};

/// Behind TLS the browser itself holds that no other host set it (RFC 6265bis section 4.1.3).
const SECURE: &str = "__Host-lyceum";
const PLAIN: &str = "lyceum-page";

const BYTES: usize = 32;

/// The browser that asks.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// What its person reads.
    pub language: Language,
    /// Where it is.
    pub address: IpAddr,
    cookie: String,
    from_here: bool,
    secure: bool,
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Failure> {
        let Some(Address(address)) = parts.extensions.get().copied() else {
            return Err(Failure::internal("a page without the layer that counts addresses"));
        };
        let secure = origin::is_https(&app.settings);
        let fresh = || {
            let mut bytes = [0; BYTES];
            app.random.fill(&mut bytes);
            BASE64_URL_SAFE_NO_PAD.encode(bytes)
        };
        Ok(Self {
            language: language::wanted(&parts.headers),
            address,
            cookie: cookie(&parts.headers, if secure { SECURE } else { PLAIN }).unwrap_or_else(fresh),
            from_here: is_from_here(&parts.headers, &parts.uri, &app.settings),
            secure,
        })
    }
}

impl Visitor {
    /// The sentences in their language.
    pub fn words<'a>(&self, app: &'a App) -> &'a Catalog {
        app.web.words(self.language)
    }

    /// A ticket for this browser.
    pub fn ticket(&self, app: &App, step: Step) -> String {
        let until = app.clock.now().as_millisecond() + i64::from(app.settings.sign_in.page_seconds) * 1000;
        app.web.seal(&Ticket { step, browser: self.binding(), until })
    }

    /// The step that a form of this browser may take. Fails with `page_ended` when it was sent from elsewhere, belongs to
    /// another browser, or is too old.
    pub fn open(&self, app: &App, sealed: &str) -> Answer<Step> {
        let now = app.clock.now().as_millisecond();
        let ticket = app.web.unseal(sealed).filter(|ticket| ticket.browser == self.binding() && ticket.until > now);
        match ticket.filter(|_| self.from_here) {
            Some(ticket) => Ok(ticket.step),
            None => {
                tracing::warn!(address = %self.address, from_here = self.from_here, "a form was refused");
                Err(Failure::new(code::PAGE_ENDED))
            }
        }
    }

    /// A page for this browser.
    pub async fn page(&self, app: &App, body: &Html) -> Answer<Page> {
        let place = community::get(app.db.read()).await?.name;
        let (name, secure) = if self.secure { (SECURE, "; Secure") } else { (PLAIN, "") };
        let lasts = app.settings.sign_in.page_seconds;
        let cookie = format!("{name}={}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Strict{secure}", self.cookie);
        Ok(Page::new(&app.web, self.language, &place, body).cookie(&cookie))
    }

    /// What a ticket knows of the cookie: not the cookie itself, which stays out of pages.
    fn binding(&self) -> String {
        token::hex_digest(self.cookie.as_bytes())
    }
}

/// The value of our cookie, if it is one that we would make.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let ours = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value);
    ours.map(str::to_owned).find(|value| BASE64_URL_SAFE_NO_PAD.decode(value).is_ok_and(|bytes| bytes.len() == BYTES))
}

/// Whether a form was sent from a page of ours, as far as the browser says (Fetch Metadata; RFC 6454 section 7). `null`
/// is what browsers say of pages without a referrer, as ours are. Text browsers say nothing, and have no scripts either.
fn is_from_here(headers: &HeaderMap, uri: &Uri, settings: &Settings) -> bool {
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if said("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let Some(from) = said("origin").filter(|from| *from != "null") else { return true };
    let asked = uri.authority().map(|authority| authority.as_str()).or_else(|| said("host"));
    let host = from.split_once("://").map(|(_, host)| host);
    from == origin::of(settings) || (host.is_some() && host == asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_form_comes_from_here_or_not_at_all() {
        let settings = Settings { public_url: Some("https://guild.example/".to_owned()), ..Settings::default() };
        let sent = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs
                .iter()
                .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)));
            is_from_here(&headers.collect(), &Uri::from_static("/activate"), &settings)
        };
        for own in [
            &[][..],
            &[("origin", "https://guild.example")],
            &[("origin", "http://127.0.0.1:7878"), ("host", "127.0.0.1:7878")],
            &[("origin", "null"), ("sec-fetch-site", "same-origin")],
        ] {
            assert!(sent(own), "{own:?}");
        }
        for other in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "https://guild.example.evil.example")],
            &[("origin", "http://guild.example")],
            &[("origin", "http://127.0.0.1:7879"), ("host", "127.0.0.1:7878")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site"), ("origin", "https://guild.example")],
            &[("origin", "null"), ("sec-fetch-site", "cross-site")],
            &[("origin", "")],
        ] {
            assert!(!sent(other), "{other:?}");
        }
    }

    #[test]
    fn a_cookie_is_one_that_we_made() {
        let good = BASE64_URL_SAFE_NO_PAD.encode([7; BYTES]);
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(value).unwrap());
            cookie(&headers, PLAIN)
        };
        assert_eq!(read(&format!("a=b; {PLAIN}={good}")), Some(good.clone()));
        assert_eq!(read(&format!("x{PLAIN}={good}")), None);
        assert_eq!(read(&format!("{PLAIN}=short")), None);
    }
}

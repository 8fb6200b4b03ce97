//! A page as it is sent: its frame, and the headers that keep it from being framed, kept, scripted or told of elsewhere.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::html::{Html, Part, fill};
use super::{STYLE, Web};
use crate::config::locale::Language;

const LAYOUT: &str = include_str!("../../../assets/web/layout.html");

/// In the extensions of an answer that is a page already, whatever its status.
#[derive(Clone, Copy, Debug)]
pub struct IsPage;

/// A page, or a way on to somewhere else.
#[derive(Debug)]
pub struct Page {
    status: StatusCode,
    html: Html,
    headers: HeaderMap,
}

impl Page {
    /// A page in its frame. `place` is the name of the community; Lyceum itself when it is not known.
    pub fn new(web: &Web, language: Language, place: &str, body: &Html) -> Self {
        let style = Html::own(STYLE);
        let place = if place.is_empty() { web.words(language).get("web.brand") } else { place };
        let parts: [(&str, Part<'_>); 4] = [
            ("language", language.tag().into()),
            ("style", (&style).into()),
            ("place", place.into()),
            ("body", body.into()),
        ];
        let html = fill(LAYOUT, web.words(language), &parts);
        Self { status: StatusCode::OK, html, headers: headers(web, language, "") }
    }

    /// With another status.
    #[must_use]
    pub fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Sets a cookie.
    #[must_use]
    pub fn cookie(mut self, cookie: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(cookie) {
            self.headers.append(header::SET_COOKIE, value);
        }
        self
    }

    /// Its form may be answered with a redirect to this origin (browsers hold `form-action` against redirects too).
    #[must_use]
    pub fn leads_to(mut self, web: &Web, origin: &str) -> Self {
        // A policy cannot name an IPv6 address (CSP 3, host-source), so for those it names the scheme.
        let source = if origin.contains('[') { "http:" } else { origin };
        self.headers.insert(header::CONTENT_SECURITY_POLICY, policy(web, source));
        self
    }

    /// On to another address, by GET.
    pub fn see_other(web: &Web, language: Language, address: &str) -> Self {
        let mut headers = headers(web, language, "");
        if let Ok(value) = HeaderValue::from_str(address) {
            headers.insert(header::LOCATION, value);
        }
        Self { status: StatusCode::SEE_OTHER, html: Html::default(), headers }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.html.as_str().to_owned()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response.extensions_mut().insert(IsPage);
        response
    }
}

/// Nothing is loaded from anywhere; the one stylesheet is known by its hash.
fn policy(web: &Web, target: &str) -> HeaderValue {
    let form = format!("'self' {target}");
    let policy = format!(
        "default-src 'none'; style-src {}; form-action {}; base-uri 'none'; frame-ancestors 'none'",
        web.style_source,
        form.trim_end()
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

fn headers(web: &Web, language: Language, target: &str) -> HeaderMap {
    const SAME: HeaderValue = HeaderValue::from_static("same-origin");
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy(web, target));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), SAME);
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), SAME);
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    headers
}

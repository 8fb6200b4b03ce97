//! A browser for tests: it keeps one cookie, reads forms and fills them in. It has no scripts, as the pages need none.

use axum::http::Method;
use serde_json::{Value, json};

use super::harness::{PASSWORD, Reply, TestServer};

pub(crate) struct Browser<'a> {
    server: &'a TestServer,
    cookie: Option<String>,
    headers: Vec<(&'static str, String)>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(server: &'a TestServer) -> Self {
        Self { server, cookie: None, headers: Vec::new() }
    }

    /// The same browser once more.
    pub(crate) fn copy(&self) -> Self {
        Self { server: self.server, cookie: self.cookie.clone(), headers: self.headers.clone() }
    }

    /// Sends a header with everything from now on.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some(form)).await
    }

    async fn send(&mut self, method: Method, path: &str, form: Option<String>) -> Reply {
        let mut call = self.server.call(method, path);
        if let Some(cookie) = &self.cookie {
            call = call.header("cookie", cookie);
        }
        for (name, value) in &self.headers {
            call = call.header(name, value);
        }
        if let Some(form) = form {
            call = call.body("application/x-www-form-urlencoded", form.into_bytes());
        }
        let reply = call.send().await;
        let set = reply.header("set-cookie");
        if let Some((pair, _)) = set.split_once(';') {
            self.cookie = Some(pair.to_owned());
        }
        reply
    }

    /// From a page that asks for name and password to the one after it.
    pub(crate) async fn sign_in(&mut self, page: &Reply, username: &str) -> Reply {
        let fields = [("ticket", &*ticket(page)), ("username", username), ("password", PASSWORD), ("otp", "")];
        self.post(&action(page), &fields).await
    }

    /// Presses one of the two buttons of the last page.
    pub(crate) async fn press(&mut self, page: &Reply, button: &str) -> Reply {
        self.post(&action(page), &[("ticket", &*ticket(page)), (button, "x")]).await
    }
}

/// The page of an answer, which must be one.
pub(crate) fn page(reply: &Reply) -> String {
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8", "{reply:?}");
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'; "), "{reply:?}");
    let text = String::from_utf8(reply.bytes.clone()).unwrap();
    assert!(!text.contains("web.") && text.ends_with("</html>\n"), "{text}");
    text
}

/// What stands in an attribute of the first element that has it with that beginning.
fn attribute(reply: &Reply, before: &str) -> String {
    let text = page(reply);
    let (_, after) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    after.split_once('"').unwrap().0.to_owned()
}

pub(crate) fn ticket(reply: &Reply) -> String {
    attribute(reply, "name=\"ticket\" value=\"")
}

fn action(reply: &Reply) -> String {
    attribute(reply, "<form method=\"post\" action=\"")
}

/// Codes for a device of this name.
pub(crate) async fn device(server: &TestServer, name: &str) -> Value {
    let reply = server.post("/v1/oauth/device_authorization").json(&json!({ "client_name": name })).send().await;
    assert_eq!(reply.status, 200, "{:?}", reply.json());
    reply.json()
}

/// Asks for a device's tokens.
pub(crate) async fn poll(server: &TestServer, codes: &Value) -> Reply {
    let body = json!({
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": codes["device_code"],
    });
    server.post("/v1/oauth/token").json(&body).send().await
}

/// Status, and OAuth's word for it.
pub(crate) fn word(reply: &Reply) -> (u16, String) {
    let (status, code) = reply.problem();
    let word = reply.json()["error"].as_str().unwrap_or_default().to_owned();
    assert!(!code.is_empty(), "{reply:?}");
    (status, word)
}

/// The path and query of the page for a device.
pub(crate) fn page_of(codes: &Value) -> String {
    codes["verification_uri_complete"]
        .as_str()
        .unwrap()
        .split_once("/activate")
        .map(|(_, q)| format!("/activate{q}"))
        .unwrap()
}

/// The page on which `username` decides about a device.
pub(crate) async fn signed_in(browser: &mut Browser<'_>, codes: &Value, username: &str) -> Reply {
    let first = browser.get(&page_of(codes)).await;
    let reply = browser.sign_in(&first, username).await;
    assert_eq!(reply.status, 200, "{}", page(&reply));
    reply
}

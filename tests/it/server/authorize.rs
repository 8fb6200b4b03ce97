//! Signing in by a browser on the same machine: authorization code with PKCE over a loopback redirect.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::browser::{Browser, page, word};
use super::harness::{Reply, TestServer};

// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "http://127.0.0.1:41234/callback";

/// The address of the page, with some of its parameters changed; an empty one is left out.
fn address(changes: &[(&str, &str)]) -> String {
    let mut query = vec![
        ("response_type", "code"),
        ("client_id", "lyceum"),
        ("redirect_uri", REDIRECT),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "s t&a=te"),
        ("client_name", "lyceum on laptop"),
    ];
    for (name, value) in changes {
        query.retain(|(known, _)| known != name);
        if !value.is_empty() {
            query.push((name, value));
        }
    }
    format!("/authorize?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish())
}

/// Where an answer sends the browser, and with what.
fn sent(reply: &Reply) -> (String, HashMap<String, String>) {
    assert_eq!(reply.status, 303, "{reply:?}");
    let location = reply.header("location");
    let (to, query) = location.split_once('?').unwrap();
    (to.to_owned(), form_urlencoded::parse(query.as_bytes()).into_owned().collect())
}

async fn confirm(browser: &mut Browser<'_>, address: &str) -> Reply {
    let first = browser.get(address).await;
    let reply = browser.sign_in(&first, "ada").await;
    assert_eq!(reply.status, 200, "{}", page(&reply));
    reply
}

/// A code for a program that was let in.
async fn code(server: &TestServer) -> String {
    let mut browser = Browser::new(server);
    let shown = confirm(&mut browser, &address(&[])).await;
    sent(&browser.press(&shown, "approve").await).1["code"].clone()
}

fn exchange(code: &str) -> Value {
    json!({
        "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER,
        "client_id": "lyceum",
    })
}

async fn ask(server: &TestServer, body: &Value) -> Reply {
    server.post("/v1/oauth/token").json(body).send().await
}

async fn works(server: &TestServer, tokens: &Value) -> bool {
    server.get("/v1/me").token(tokens["access_token"].as_str().unwrap()).send().await.status == 200
}

#[tokio::test]
async fn a_program_on_this_machine_is_let_in() {
    let server = TestServer::with(|settings| settings.public_url = Some("https://guild.example/".into())).await;
    server.join("ada").await;
    let mut browser = Browser::new(&server);
    let shown = confirm(&mut browser, &address(&[])).await;
    let text = page(&shown);
    for part in ["lyceum on laptop", REDIRECT, "<dd>ada</dd>"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let reply = browser.press(&shown, "approve").await;
    assert_eq!(
        (reply.header("cache-control").as_str(), reply.header("referrer-policy").as_str()),
        ("no-store", "no-referrer")
    );
    let (to, answer) = sent(&reply);
    assert_eq!(to, REDIRECT);
    assert_eq!((answer["state"].as_str(), answer["iss"].as_str()), ("s t&a=te", "https://guild.example"));
    assert_eq!(answer.len(), 3);
    let stored: String =
        sqlx::query_scalar("SELECT hash FROM browser_codes").fetch_one(server.app.db.read()).await.unwrap();
    assert!(stored.len() == 64 && !stored.contains("lyc_"), "{stored}");
    let tokens = ask(&server, &exchange(&answer["code"])).await;
    assert_eq!(tokens.status, 200, "{:?}", tokens.json());
    assert!(works(&server, &tokens.json()).await);
    assert_eq!(server.number("SELECT COUNT(*) FROM sessions WHERE client_name = 'lyceum on laptop'").await, 1);
}

#[tokio::test]
async fn a_code_is_good_once_and_a_second_use_ends_the_session() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let other = server.tokens("ada").await;
    let body = exchange(&code(&server).await);
    let tokens = ask(&server, &body).await.json();
    assert!(works(&server, &tokens).await);
    server.advance(7200);
    let tokens = {
        let refresh = json!({ "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"] });
        ask(&server, &refresh).await.json()
    };
    code(&server).await;
    assert!(works(&server, &tokens).await);
    assert_eq!(word(&ask(&server, &body).await), (400, "invalid_grant".into()));
    assert!(!works(&server, &tokens).await, "also hours later, and after a renewal");
    let refresh = json!({ "grant_type": "refresh_token", "refresh_token": other["refresh_token"] });
    assert_eq!(ask(&server, &refresh).await.status, 200, "other sessions stay");
}

#[tokio::test]
async fn a_code_that_is_shown_with_something_wrong_is_used_up() {
    let server = TestServer::new().await;
    server.join("ada").await;
    for (field, wrong) in [
        ("code_verifier", "aBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        ("code_verifier", CHALLENGE),
        ("code_verifier", ""),
        ("redirect_uri", "http://127.0.0.1:41235/callback"),
        ("redirect_uri", "http://127.0.0.1:41234/"),
        ("client_id", "other"),
    ] {
        let right = exchange(&code(&server).await);
        let mut body = right.clone();
        body[field] = json!(wrong);
        assert_eq!(word(&ask(&server, &body).await), (400, "invalid_grant".into()), "{field} {wrong}");
        assert_eq!(word(&ask(&server, &right).await), (400, "invalid_grant".into()), "{field}: it was shown once");
    }
    for missing in ["code", "redirect_uri", "code_verifier"] {
        let mut body = exchange(&code(&server).await);
        body.as_object_mut().unwrap().remove(missing);
        assert_eq!(word(&ask(&server, &body).await), (400, "invalid_request".into()), "{missing}");
    }
    assert_eq!(server.number("SELECT COUNT(*) FROM sessions").await, 0);
    let body = exchange(&code(&server).await);
    server.advance(60);
    assert_eq!(word(&ask(&server, &body).await), (400, "invalid_grant".into()), "a minute is too long");
    let body = exchange(&code(&server).await);
    server.advance(59);
    assert_eq!(ask(&server, &body).await.status, 200);
}

#[tokio::test]
async fn nothing_is_sent_anywhere_but_to_this_machine() {
    let server = TestServer::new().await;
    let hostile = [
        "",
        "https://evil.example/callback",
        "http://evil.example:80/callback",
        "https://127.0.0.1:41234/callback",
        "HTTP://127.0.0.1:41234/callback",
        "http://localhost:41234/callback",
        "http://127.0.0.1/callback",
        "http://127.0.0.1:0/callback",
        "http://127.0.0.1:080/callback",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:99999999999999999999/callback",
        "http://127.0.0.1:41234",
        "http://127.0.0.1:41234@evil.example/callback",
        "http://127.0.0.1:x@evil.example/callback",
        "http://user@127.0.0.1:41234/callback",
        "http://127.0.0.1.evil.example:80/callback",
        "http://127.0.0.1:80.evil.example/callback",
        "http://127.0.0.1:41234\\@evil.example/callback",
        "http://127.0.0.1:41234/\\evil.example",
        "http://127.0.0.1:41234//evil.example/",
        "http://127.0.0.1:41234/../callback",
        "http://127.0.0.1:41234/callback?next=//evil.example",
        "http://127.0.0.1:41234/callback#fragment",
        "http://127.0.0.1:41234/%2e%2e/callback",
        "http://127.0.0.1:41234/call back",
        "http://127.0.0.1:41234/callback\r\nset-cookie: a=b",
        "http://127.0.0.1:41234/\u{202e}",
        "http://127.1:41234/callback",
        "http://0177.0.0.1:41234/callback",
        "http://2130706433:41234/callback",
        "http://0.0.0.0:41234/callback",
        "http://[::]:41234/callback",
        "http://[::ffff:127.0.0.1]:41234/callback",
        "http://[0:0:0:0:0:0:0:1]:41234/callback",
        "http://[::1]@evil.example:80/callback",
        "//127.0.0.1:41234/callback",
        "/callback",
        "javascript:alert(1)//127.0.0.1:1/",
        "data:text/html,x",
        "lyceum://127.0.0.1:41234/callback",
        " http://127.0.0.1:41234/callback",
    ];
    assert!(hostile.len() >= 20);
    let long = format!("http://127.0.0.1:41234/{}", "a".repeat(300));
    for redirect in hostile.iter().copied().chain([long.as_str()]) {
        let reply = server.get(&address(&[("redirect_uri", redirect)])).send().await;
        assert_eq!((reply.status.as_u16(), reply.header("location").as_str()), (400, ""), "{redirect:?}");
        let text = page(&reply);
        assert!(text.contains("This program cannot be let in") && !text.contains("<form") && !text.contains("evil"));
        assert!(!text.contains("href"), "no link either");
    }
    for redirect in ["http://[::1]:1/callback", "http://127.0.0.1:65535/", "http://127.0.0.1:80/a/b"] {
        let reply = server.get(&address(&[("redirect_uri", redirect)])).send().await;
        assert_eq!(reply.status, 200, "{redirect}");
    }
}

#[tokio::test]
async fn a_program_is_told_what_it_asks_wrongly() {
    let server = TestServer::new().await;
    for (changes, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", ""), "unsupported_response_type"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("code_challenge_method", "s256"), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"), "invalid_request"),
    ] {
        let (to, answer) = sent(&server.get(&address(&[changes])).send().await);
        assert_eq!((to.as_str(), answer["error"].as_str()), (REDIRECT, error), "{changes:?}");
        assert_eq!((answer["state"].as_str(), answer["iss"].as_str()), ("s t&a=te", "http://127.0.0.1:7878"));
    }
    for changes in
        [("state", "a\nb"), ("state", &*"x".repeat(501)), ("client_name", &*"x".repeat(65)), ("client_id", "é")]
    {
        let reply = server.get(&address(&[changes])).send().await;
        assert!(reply.status == 400 && page(&reply).contains("cannot be read"), "{changes:?}");
    }
    let known = server.get(&address(&[("nobody_knows", "1"), ("state", "")])).send().await;
    assert_eq!(known.status, 200, "what is not known is passed over (RFC 6749 section 3.1)");
    let twice = server.get(&format!("{}&redirect_uri=http://127.0.0.1:1/", address(&[]))).send().await;
    assert_eq!(twice.status, 400);
    page(&twice);
}

#[tokio::test]
async fn a_page_decides_once() {
    let server = TestServer::new().await;
    server.join("ada").await;
    for (first, second) in [("approve", "approve"), ("approve", "refuse"), ("refuse", "approve"), ("refuse", "refuse")]
    {
        let mut browser = Browser::new(&server);
        let shown = confirm(&mut browser, &address(&[])).await;
        let (_, answer) = sent(&browser.press(&shown, first).await);
        match first {
            "approve" => assert_eq!(answer.len(), 3),
            _ => assert_eq!((answer["error"].as_str(), answer.len()), ("access_denied", 3)),
        }
        let again = browser.press(&shown, second).await;
        assert_eq!((again.status.as_u16(), again.header("location").as_str()), (410, ""));
        page(&again);
    }
    assert_eq!(server.number("SELECT COUNT(*) FROM browser_codes WHERE hash IS NOT NULL").await, 2);
}

#[tokio::test]
async fn nobody_else_lets_a_program_in() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let mut browser = Browser::new(&server);
    let shown = confirm(&mut browser, &address(&[])).await;
    let ticket = super::browser::ticket(&shown);
    let fields = [("ticket", ticket.as_str()), ("approve", "x")];
    assert_eq!(Browser::new(&server).post("/authorize", &fields).await.status, 403);
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        assert_eq!(browser.copy().with(name, value).post("/authorize", &fields).await.status, 403);
    }
    assert_eq!(browser.post("/activate", &fields).await.status, 403, "the other page");
    assert_eq!(server.number("SELECT COUNT(*) FROM browser_codes").await, 0);
    sent(&browser.post("/authorize", &fields).await);
}

#[tokio::test]
async fn a_new_password_takes_the_code_back() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let body = exchange(&code(&server).await);
    let settings = &server.app.settings;
    let password = "another horse battery".into();
    lyceum::server::admin::set_password(&settings.data_dir, "ada", password, settings.password_cost).await.unwrap();
    assert_eq!(word(&ask(&server, &body).await), (400, "invalid_grant".into()));
}

#[tokio::test]
async fn the_policy_lets_the_browser_go_back_to_the_program_only() {
    let server = TestServer::new().await;
    server.join("ada").await;
    for (redirect, source) in [(REDIRECT, "http://127.0.0.1:41234"), ("http://[::1]:9/callback", "http:")] {
        let mut browser = Browser::new(&server);
        let shown = confirm(&mut browser, &address(&[("redirect_uri", redirect)])).await;
        let policy = shown.header("content-security-policy");
        assert!(policy.contains(&format!("form-action 'self' {source};")), "{policy}");
    }
}

/// Everything that is a secret, looked for in every address and in the log.
#[tokio::test]
async fn no_secret_is_in_an_address_or_the_log() {
    super::log::listen();
    let server = TestServer::new().await;
    server.join("ada").await;
    let codes = super::browser::device(&server, "private name").await;
    let mut browser = Browser::new(&server);
    let compare = super::browser::signed_in(&mut browser, &codes, "ada").await;
    let done = browser.press(&compare, "approve").await;
    let tokens = super::browser::poll(&server, &codes).await.json();
    super::browser::poll(&server, &codes).await;
    let shown = confirm(&mut browser, &address(&[])).await;
    let back = browser.press(&shown, "approve").await;
    let (_, answer) = sent(&back);
    let program = ask(&server, &exchange(&answer["code"])).await.json();
    ask(&server, &exchange(&answer["code"])).await;
    let wrong = browser.get("/activate").await;
    browser.post("/activate", &[("ticket", "x"), ("username", "eve"), ("password", super::harness::PASSWORD)]).await;
    let fields = [("grant_type", "password"), ("username", "hunter2hunter2"), ("password", "hunter3hunter3")];
    ask(&server, &json!(fields.iter().copied().collect::<HashMap<_, _>>())).await;
    let mut secrets = vec![super::harness::PASSWORD.to_owned(), answer["code"].clone(), VERIFIER.to_owned()];
    secrets.extend(["hunter2hunter2", "hunter3hunter3", "private name", "lyceum on laptop"].map(str::to_owned));
    secrets.push(codes["device_code"].as_str().unwrap().to_owned());
    secrets.push(codes["user_code"].as_str().unwrap().to_owned());
    for tokens in [tokens, program] {
        secrets.extend(["access_token", "refresh_token"].map(|name| tokens[name].as_str().unwrap().to_owned()));
    }
    secrets.extend([&compare, &shown].map(super::browser::ticket));
    secrets.push(wrong.header("set-cookie").split(['=', ';']).nth(1).unwrap().to_owned());
    let written = super::log::heard();
    for expected in [
        "somebody signed in on a page",
        "a device was decided on",
        "a program was decided on",
        "a form was refused",
        "a used device code came again",
        "a used authorization code came again",
        "a password was refused",
        "a device fetched its tokens",
    ] {
        assert!(written.contains(expected), "{expected} in {written}");
    }
    for secret in &secrets {
        assert!(!written.contains(secret.as_str()), "{secret} in {written}");
        let pages = [&compare, &done, &shown].map(|reply| String::from_utf8(reply.bytes.clone()).unwrap());
        let links = pages.iter().flat_map(|text| text.split("href=\"").skip(1).chain(text.split("action=\"").skip(1)));
        for link in links.map(|rest| rest.split('"').next().unwrap_or_default()) {
            assert!(!link.contains(secret.as_str()), "{secret} in {link}");
        }
        let allowed = *secret == answer["code"];
        assert_eq!(back.header("location").contains(secret.as_str()), allowed, "{secret}");
    }
}

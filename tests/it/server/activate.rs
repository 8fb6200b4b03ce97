//! The page on which a person lets a device in, against those who would have it pressed by others.

use axum::http::Method;
use lyceum::config::server::Rate;
use serde_json::json;

use super::browser::{Browser, device, page, page_of, poll, signed_in, ticket, word};
use super::harness::{PASSWORD, Reply, TestServer, code_at};

const WRONG: &str = "wrong horse battery";

#[tokio::test]
async fn a_page_is_kept_from_frames_scripts_and_stores() {
    let server = TestServer::new().await;
    for path in ["/activate", "/authorize"] {
        let reply = server.get(path).send().await;
        let text = page(&reply);
        let policy = reply.header("content-security-policy");
        let hash = policy.split_once("style-src ").unwrap().1.split(';').next().unwrap().to_owned();
        let style = text.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        assert_eq!(hash, sha256_source(style));
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"), "{policy}");
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(reply.header(name), value, "{path}");
        }
        assert!(
            !text.contains("<script")
                && !text.contains("http-equiv")
                && !text.contains("src=")
                && !text.contains("url("),
            "{text}"
        );
        let cookie = reply.header("set-cookie");
        assert!(cookie.starts_with("lyceum-page=") && cookie.ends_with("; HttpOnly; SameSite=Strict"), "{cookie}");
    }
    let server = TestServer::with(|settings| settings.public_url = Some("https://guild.example".into())).await;
    let cookie = server.get("/activate").send().await.header("set-cookie");
    assert!(cookie.starts_with("__Host-lyceum=") && cookie.contains("; Path=/;"), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Secure"), "{cookie}");
}

fn sha256_source(text: &str) -> String {
    use base64::Engine;
    let hash = lyceum::server::auth::token::digest(text.as_bytes());
    format!("'sha256-{}'", base64::prelude::BASE64_STANDARD.encode(hash))
}

/// A page ready to be approved, its browser, and the codes of its device.
async fn ready(server: &TestServer) -> (Browser<'_>, Reply, serde_json::Value) {
    let codes = device(server, "x").await;
    let mut browser = Browser::new(server);
    let compare = signed_in(&mut browser, &codes, "ada").await;
    (browser, compare, codes)
}

#[tokio::test]
async fn nobody_else_presses_the_button() {
    let server = TestServer::new().await;
    server.join("ada").await;
    server.join("mallory").await;
    let (browser, compare, codes) = ready(&server).await;
    let approve = |ticket: &str| [("ticket", ticket.to_owned()), ("approve", "x".to_owned())];
    async fn send(browser: &mut Browser<'_>, fields: &[(&str, String)]) -> Reply {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/activate", &fields).await
    }
    let own = ticket(&compare);
    // Another site makes the browser send its cookie with a form, but cannot read a page.
    let mut browser = browser;
    let (front, tag) = own.split_once('.').unwrap();
    let mut entry = Browser::new(&server);
    let other_step = ticket(&entry.get("/activate").await);
    for wrong in ["", "x", "a.b", front, &format!("{front}.{}", "A".repeat(tag.len())), &own[1..], &other_step] {
        let reply = send(&mut browser, &approve(wrong)).await;
        assert_eq!(reply.status, 403, "{wrong}");
        assert!(page(&reply).contains("Nothing was done"), "{wrong}");
    }
    assert_eq!(browser.post("/activate", &[("approve", "x")]).await.status, 403, "no ticket");
    // The ticket of somebody else's page, in this browser; and this ticket in no browser and in theirs.
    let (mut theirs, theirs_page, _) = ready(&server).await;
    assert_eq!(send(&mut browser, &approve(&ticket(&theirs_page))).await.status, 403, "their ticket here");
    assert_eq!(send(&mut theirs, &approve(&own)).await.status, 403, "this ticket there");
    assert_eq!(send(&mut Browser::new(&server), &approve(&own)).await.status, 403, "without a cookie");
    // The right ticket and cookie, from somewhere else.
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "http://127.0.0.1:1"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let mut sent = browser.copy().with(name, value);
        assert_eq!(send(&mut sent, &approve(&own)).await.status, 403, "{name}: {value}");
    }
    let mut elsewhere = browser.copy();
    let authorize = elsewhere.post("/authorize", &[("ticket", &own), ("approve", "x")]).await;
    assert_eq!(authorize.status, 403, "the other page");
    assert_eq!(word(&poll(&server, &codes).await).1, "authorization_pending", "nothing was done");
    let mut here = browser.copy().with("origin", "null").with("sec-fetch-site", "same-origin");
    assert_eq!(send(&mut here, &approve(&own)).await.status, 200, "the person themselves");
}

#[tokio::test]
async fn a_step_cannot_be_left_out_and_a_page_ends() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let codes = device(&server, "x").await;
    let mut browser = Browser::new(&server);
    let first = browser.get(&page_of(&codes)).await;
    let reply = browser.press(&first, "approve").await;
    assert!(reply.status == 422 && page(&reply).contains("name=\"password\""), "it asks who that is");
    assert_eq!(word(&poll(&server, &codes).await).1, "authorization_pending");
    let compare = signed_in(&mut browser, &codes, "ada").await;
    // Its page ends before its codes do here.
    let server = TestServer::with(|settings| settings.sign_in.page_seconds = 60).await;
    server.join("ada").await;
    assert_eq!(Browser::new(&server).press(&compare, "approve").await.status, 403, "another browser");
    let (mut browser, compare, codes) = ready(&server).await;
    server.advance(60);
    let late = browser.press(&compare, "approve").await;
    assert!(late.status == 403 && page(&late).contains("href=\"/activate\""), "{late:?}");
    assert_eq!(word(&poll(&server, &codes).await).1, "authorization_pending");
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same_and_are_counted_as_everywhere() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let codes = device(&server, "x").await;
    let mut browser = Browser::new(&server);
    let first = browser.get(&page_of(&codes)).await;
    let ticket = ticket(&first);
    let attempt = async |browser: &mut Browser<'_>, name: &str, password: &str| {
        browser.post("/activate", &[("ticket", &ticket), ("username", name), ("password", password)]).await
    };
    let (name, password) = (attempt(&mut browser, "eve", PASSWORD).await, attempt(&mut browser, "ada", WRONG).await);
    assert_eq!((name.status.as_u16(), password.status.as_u16()), (422, 422));
    let (name, password) = (page(&name), page(&password));
    assert!(password.contains("The name or the password is wrong."));
    assert_eq!(name.replace("value=\"eve\"", "value=\"ada\""), password);
    assert!(!name.contains(PASSWORD) && !password.contains(WRONG));
    // Together with the password grant: two here, three there, and no more anywhere.
    let grant = json!({ "grant_type": "password", "username": "ada", "password": WRONG });
    assert_eq!(attempt(&mut browser, "ADA ", WRONG).await.status, 422, "a phone's capital and space");
    for _ in 0..3 {
        assert_eq!(server.post("/v1/oauth/token").json(&grant).send().await.status, 401);
    }
    assert_eq!(server.post("/v1/oauth/token").json(&grant).send().await.status, 429);
    let late = attempt(&mut browser, "ada", PASSWORD).await;
    assert!(late.status == 429 && page(&late).contains("Wait 1 min"), "{}", page(&late));
    assert_eq!(late.header("retry-after"), "30");
    server.advance(30);
    assert_eq!(attempt(&mut browser, " Ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn guessing_codes_is_limited() {
    let server = TestServer::with(|settings| settings.limits.user_codes = Rate { burst: 3, seconds: 900 }).await;
    let codes = device(&server, "x").await;
    let mut browser = Browser::new(&server);
    for _ in 0..20 {
        assert_eq!(browser.get(&page_of(&codes)).await.status, 200, "a right one is no guess");
    }
    let entry = ticket(&browser.get("/activate").await);
    for guess in ["BCDF-GHJK", "nonsense"] {
        let reply = browser.post("/activate", &[("ticket", &entry), ("code", guess)]).await;
        assert!(reply.status == 422 && page(&reply).contains("No device waits"), "{guess}");
    }
    assert_eq!(browser.get(&page_of(&codes)).await.status, 200);
    assert_eq!(browser.get("/activate?code=ZZZZ-ZZZZ").await.status, 422);
    for path in ["/activate?code=ZZZZ-ZZZZ", &page_of(&codes)] {
        let reply = browser.get(path).await;
        assert!(reply.status == 429 && page(&reply).contains("Too many tries"), "also the right one: it would tell");
    }
    assert_eq!(browser.get("/activate").await.status, 200);
    server.advance(301);
    assert_eq!(browser.get(&page_of(&codes)).await.status, 200);
}

#[tokio::test]
async fn a_code_is_typed_in_any_way() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let codes = device(&server, "x").await;
    let code = codes["user_code"].as_str().unwrap();
    for typed in [code.to_owned(), code.to_lowercase(), code.replace('-', ""), code.replace('-', " ")] {
        let mut browser = Browser::new(&server);
        let entry = ticket(&browser.get("/activate").await);
        let reply = browser.post("/activate", &[("ticket", &entry), ("code", &typed)]).await;
        assert!(reply.status == 200 && page(&reply).contains("name=\"password\""), "{typed}");
    }
}

#[tokio::test]
async fn what_strangers_wrote_is_text() {
    let server = TestServer::new().await;
    server.join("ada").await;
    for (name, shown) in [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\"><img src=x onerror='a'>", "&quot;&gt;&lt;img src=x onerror=&#39;a&#39;&gt;"),
        ("lyceum\u{202e}potpal\u{200b} {{ticket}}", "lyceumpotpal {{ticket}}"),
        ("&amp; {name}", "&amp;amp; {name}"),
        (" \u{200b} ", "a program without a name"),
    ] {
        let codes = device(&server, name).await;
        let mut browser = Browser::new(&server);
        let compare = signed_in(&mut browser, &codes, "ada").await;
        let pages = [compare.bytes.clone(), browser.press(&compare, "approve").await.bytes];
        for text in pages.map(|bytes| String::from_utf8(bytes).unwrap()) {
            assert!(text.contains(shown), "{shown} in {text}");
            assert!(!text.contains("<script") && !text.contains("<img") && !text.contains('\u{202e}'), "{text}");
        }
    }
    let mut browser = Browser::new(&server);
    let text = page(&browser.get("/activate?code=%22%3E%3Cscript%3E").await);
    assert!(text.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{text}");
    let codes = device(&server, "x").await;
    let first = browser.get(&page_of(&codes)).await;
    let fields = [("ticket", &*ticket(&first)), ("username", "\"><b>"), ("password", WRONG)];
    assert!(page(&browser.post("/activate", &fields).await).contains("value=\"&quot;&gt;&lt;b&gt;\""));
}

#[tokio::test]
async fn every_failure_of_a_page_is_a_page() {
    let server = TestServer::with(|settings| {
        settings.limits.per_address = Rate { burst: 20, seconds: 60 };
        settings.limits.body_bytes = 2000;
    })
    .await;
    for path in ["/activate", "/authorize"] {
        let put = server.call(Method::PUT, path).send().await;
        assert_eq!((put.status.as_u16(), put.header("allow").as_str()), (405, "GET,HEAD,POST"));
        page(&put);
        let json = server.post(path).json(&json!({})).send().await;
        let kind = "application/x-www-form-urlencoded";
        let unknown = server.post(path).body(kind, b"role=owner".to_vec()).send().await;
        let large = server.post(path).body(kind, vec![b'a'; 3000]).send().await;
        let nul = server.get(&format!("{path}?code=%00&state=%00")).send().await;
        for (reply, status) in [(json, 415), (unknown, 400), (large, 413), (nul, 400)] {
            assert_eq!(reply.status, status, "{path}");
            assert!(page(&reply).contains("That did not work"), "{path}");
        }
    }
    let chinese = server.get("/activate?code=%00").header("accept-language", "zh-CN,zh;q=0.9").send().await;
    assert!(page(&chinese).contains("没有成功"));
    loop {
        let reply = server.get("/activate").send().await;
        if reply.status == 429 {
            assert!(page(&reply).contains("Too many tries"));
            assert_ne!(reply.header("ratelimit"), "", "its own headers stay");
            break;
        }
    }
    assert_eq!(server.get("/v1/health").send().await.problem().0, 429, "elsewhere a problem is a problem");
    server.advance(60);
    server.sql("DROP TABLE device_codes").await;
    let failed = server.get("/activate?code=BCDF-GHJK").send().await;
    assert_eq!(failed.status, 500);
    let text = page(&failed);
    let id = text.split_once("this number: ").unwrap().1.split('<').next().unwrap();
    assert!(id.len() == 16 && !text.contains("table"), "{text}");
}

#[tokio::test]
async fn pages_speak_the_readers_language() {
    let server = TestServer::new().await;
    server.join("ada").await;
    for (language, tag, title, typed, sign_in, compare, done) in [
        (
            "en-GB",
            "en",
            "Let a device in",
            "Type the code that your terminal shows",
            "Sign in",
            "Let this device in?",
            "Let in",
        ),
        (
            "zh-CN,zh;q=0.9,en;q=0.8",
            "zh-CN",
            "让设备登录",
            "请输入终端上显示的代码",
            "登录",
            "让这台设备登录？",
            "已批准",
        ),
    ] {
        let codes = device(&server, "笔记本").await;
        let mut browser = Browser::new(&server).with("accept-language", language);
        let first = browser.get("/activate").await;
        assert_eq!(
            (first.header("content-language").as_str(), first.header("vary").contains("accept-language")),
            (tag, true)
        );
        assert!(page(&first).contains(&format!("<html lang=\"{tag}\">")) && page(&first).contains(title));
        assert!(page(&first).contains(typed), "the code is not there yet: {}", page(&first));
        let asked = browser.get(&page_of(&codes)).await;
        assert!(page(&asked).contains(&format!("<h1>{sign_in}</h1>")));
        let shown = browser.sign_in(&asked, "ada").await;
        assert!(page(&shown).contains(compare) && page(&shown).contains("笔记本"));
        assert!(page(&browser.press(&shown, "approve").await).contains(done));
    }
}

#[tokio::test]
async fn a_device_in_another_network_is_said_to_be() {
    let server = TestServer::with(|settings| settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    server.join("ada").await;
    let ask = server.post("/v1/oauth/device_authorization").header("x-forwarded-for", "203.0.113.9");
    let codes = ask.json(&json!({})).send().await.json();
    let mut near = Browser::new(&server).with("x-forwarded-for", "203.0.113.9");
    assert!(!page(&signed_in(&mut near, &codes, "ada").await).contains("another network"));
    let mut far = Browser::new(&server).with("x-forwarded-for", "198.51.100.7");
    let text = page(&signed_in(&mut far, &codes, "ada").await);
    assert!(text.contains("203.0.113.9") && text.contains("another network"), "{text}");
}

#[tokio::test]
async fn the_second_factor_is_asked_for_on_the_page_too() {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    let early = device(&server, "x").await;
    let mut before = Browser::new(&server);
    let open = signed_in(&mut before, &early, "ada").await;
    let (secret, recovery) = server.second_factor(&token).await;
    assert_eq!(before.press(&open, "approve").await.status, 403, "it was opened without");
    server.advance(60);
    let codes = device(&server, "x").await;
    let mut browser = Browser::new(&server);
    let first = browser.get(&page_of(&codes)).await;
    let ticket = ticket(&first);
    let attempt = async |browser: &mut Browser<'_>, password: &str, otp: &str| {
        let fields = [("ticket", &*ticket), ("username", "ada"), ("password", password), ("otp", otp)];
        browser.post("/activate", &fields).await
    };
    for (password, otp, said) in [
        (PASSWORD, "", "its code is needed too"),
        (PASSWORD, "x", "The code of the second factor is wrong"),
        (WRONG, "x", "The name or the password is wrong."),
    ] {
        let reply = attempt(&mut browser, password, otp).await;
        assert!(reply.status == 422 && page(&reply).contains(said), "{said}");
    }
    let code = code_at(&secret, server.now());
    let compare = attempt(&mut browser, PASSWORD, &format!(" {code} ")).await;
    assert_eq!(compare.status, 200, "{}", page(&compare));
    assert_eq!(attempt(&mut browser, PASSWORD, &code).await.status, 422, "good once");
    assert_eq!(attempt(&mut browser, PASSWORD, &recovery[0]).await.status, 200);
    assert_eq!(browser.press(&compare, "approve").await.status, 200);
    server.advance(5);
    assert_eq!(poll(&server, &codes).await.status, 200);
}

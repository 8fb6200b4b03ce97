//! The ways in that wait for a person elsewhere, codes of a second factor, and deeds of security.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::base::secret::ExposeSecret;
use crate::engine::event::Secured;
use crate::engine::problem::{Kind as Sort, UserError};
use crate::engine::request::Deed;
use crate::model::session::{NewAccessToken, Scope};

const PASSWORD: &str = "correct horse battery";

async fn signed_in(bench: &mut Bench, wanted: u64) -> Result<&'static str, UserError> {
    let found = |event| match event {
        Event::SignedIn { ticket, result } if ticket == Ticket(wanted) => Some(result),
        _ => None,
    };
    bench.until(found).await
}

async fn device_code(bench: &mut Bench) -> String {
    let found = |event| match event {
        Event::Device { code, .. } => Some(code.to_string()),
        _ => None,
    };
    bench.until(found).await
}

async fn secured(bench: &mut Bench, ticket: u64, deed: Deed) -> Result<Secured, UserError> {
    bench.handle.send(Ticket(ticket), Request::Secure(deed));
    let found = |event| match event {
        Event::Secured { ticket: told, result } if told == Ticket(ticket) => Some(result),
        _ => None,
    };
    bench.until(found).await
}

#[test]
fn a_device_is_let_in_once_somebody_approves() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_out(sample().signed_out());
        bench.handle.send(Ticket(1), Request::SignInByDevice);
        assert_eq!(device_code(&mut bench).await, "WDJB-MJHT");
        bench.memory.faults().arrived(Call::DeviceTokens, 3).await;
        bench.memory.decide_device(Some("grace"));
        assert_eq!(signed_in(&mut bench, 1).await, Ok("memory"));
        assert_eq!(bench.sessions.account().unwrap().username, "grace");
        bench.until_line(&Connection::Live).await;
    });
}

#[test]
fn a_refusal_and_silence_are_told_apart() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_out(sample().signed_out());
        bench.handle.send(Ticket(1), Request::SignInByDevice);
        bench.memory.decide_device(None);
        assert_eq!(signed_in(&mut bench, 1).await.unwrap_err().text, "error.refused");
        let mut bench = Bench::signed_out(sample().signed_out());
        bench.handle.send(Ticket(1), Request::SignInByDevice);
        assert_eq!(signed_in(&mut bench, 1).await.unwrap_err().text, "error.expired");
        // Ten minutes at five seconds each, and none after.
        let asked = bench.memory.faults().count(Call::DeviceTokens);
        assert!((115..=120).contains(&asked), "{asked}");
    });
}

#[test]
fn a_broken_line_is_no_answer_and_is_asked_less_often() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_out(sample().signed_out());
        for _ in 0..200 {
            bench.memory.faults().fail(Call::DeviceTokens, offline());
        }
        bench.handle.send(Ticket(1), Request::SignInByDevice);
        assert_eq!(signed_in(&mut bench, 1).await.unwrap_err().text, "error.expired");
        let asked = bench.memory.faults().count(Call::DeviceTokens);
        assert!((8..=16).contains(&asked), "{asked}");
    });
}

#[test]
fn while_a_device_waits_the_reader_before_stays_and_giving_up_leaves_them() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.until_line(&Connection::Live).await;
        bench.handle.send(Ticket(1), Request::SignInByDevice);
        device_code(&mut bench).await;
        bench.ask(2, Query::Me);
        let me = bench.until(|event| match event {
            Event::Answer { ticket: Ticket(2), result } => Some(result),
            _ => None,
        });
        assert!(me.await.is_ok());
        bench.handle.send(Ticket(1), Request::Abandon(Ticket(1)));
        bench.memory.faults().fail(Call::DeviceTokens, offline());
        let told = bench.within_an_hour().await;
        assert!(!told.iter().any(|event| matches!(event, Event::SignedIn { .. } | Event::SignedOut)), "{told:?}");
        assert_eq!(bench.sessions.account().unwrap().username, "ada");
    });
}

/// Whether what is written still goes out, and what changes still comes in.
async fn is_at_work(bench: &mut Bench, ticket: u64) {
    bench.apply(ticket, Change::Read { thread: ThreadId::new("none"), upto: 1 });
    let applied = bench.until(|event| match event {
        Event::Applied { ticket: told, result } if told == Ticket(ticket) => Some(result),
        _ => None,
    });
    let _ = applied.await;
    bench.memory.ledger("ada", crate::model::ledger::FactKind::Cancel);
    bench.until(|event| matches!(event, Event::Changed(_)).then_some(())).await;
}

#[test]
fn giving_up_while_a_password_is_asked_about_leaves_everything_at_work() {
    on_a_still_clock(async {
        for fault in [Some(Error::new(Kind::WrongPassword)), None] {
            let mut bench = Bench::signed_in(sample());
            bench.until_line(&Connection::Live).await;
            let is_right = fault.is_none();
            if let Some(fault) = fault {
                bench.memory.faults().fail(Call::Password, fault);
            }
            let hold = bench.memory.faults().hold(Call::Password);
            let password = Secret::from(PASSWORD);
            bench.handle.send(Ticket(1), Request::SignIn { username: "grace".into(), password, code: None });
            bench.memory.faults().arrived(Call::Password, 1).await;
            bench.handle.send(Ticket(1), Request::Abandon(Ticket(1)));
            hold.release();
            if is_right {
                bench.memory.faults().arrived(Call::SignOut, 1).await;
            } else {
                is_at_work(&mut bench, 2).await;
            }
            assert_eq!(bench.sessions.account().unwrap().username, "ada");
        }
    });
}

#[test]
fn a_device_that_is_let_in_too_late_gets_nothing() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        bench.handle.send(Ticket(1), Request::SignInByDevice);
        device_code(&mut bench).await;
        let hold = bench.memory.faults().hold(Call::Whose);
        bench.memory.decide_device(Some("grace"));
        bench.memory.faults().arrived(Call::Whose, 1).await;
        bench.handle.send(Ticket(1), Request::Abandon(Ticket(1)));
        hold.release();
        bench.memory.faults().arrived(Call::SignOut, 1).await;
        assert_eq!(bench.sessions.account().unwrap().username, "ada");
    });
}

#[test]
fn a_personal_token_signs_its_owner_in_and_a_bad_one_nobody() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let new = NewAccessToken { name: "scripts".into(), scopes: vec![Scope::Read], days: 30 };
        let Ok(Secured::Token(_, token)) = secured(&mut bench, 1, Deed::MakeToken(new)).await else {
            panic!("no token")
        };
        let mut next = Bench::signed_out(bench.memory.signed_out());
        next.handle.send(Ticket(1), Request::SignInWithToken(Secret::from("personal-99")));
        assert_eq!(signed_in(&mut next, 1).await.unwrap_err().kind, Sort::Auth);
        assert!(next.sessions.is_nobody());
        next.handle.send(Ticket(2), Request::SignInWithToken(token.clone()));
        assert_eq!(signed_in(&mut next, 2).await, Ok("memory"));
        let kept = next.sessions.load().unwrap();
        assert_eq!(kept.access.expose_secret(), token.expose_secret());
        assert!(kept.refresh.expose_secret().is_empty());
    });
}

#[test]
fn a_second_factor_is_begun_confirmed_and_asked_for() {
    on_a_still_clock(async {
        let mut bench = Bench::signed_in(sample());
        let wrong = secured(&mut bench, 1, Deed::BeginSecondFactor(Secret::from("wrong"))).await;
        assert_eq!(wrong.unwrap_err().text, "error.wrong_password");
        let begun = secured(&mut bench, 2, Deed::BeginSecondFactor(Secret::from(PASSWORD))).await;
        assert!(matches!(begun, Ok(Secured::Begun(_))), "{begun:?}");
        let codes = secured(&mut bench, 3, Deed::ConfirmSecondFactor(Secret::from("123456"))).await;
        assert!(matches!(codes, Ok(Secured::Codes(codes)) if codes.len() == 10));
        let sign_in = |code: Option<&str>| Request::SignIn {
            username: "ada".into(),
            password: Secret::from(PASSWORD),
            code: code.map(Secret::from),
        };
        let mut next = Bench::signed_out(bench.memory.signed_out());
        for (ticket, code, text) in [(1, None, "error.second_factor"), (2, Some("000000"), "error.wrong_code")] {
            next.handle.send(Ticket(ticket), sign_in(code));
            let error = signed_in(&mut next, ticket).await.unwrap_err();
            assert_eq!((error.kind, error.text), (Sort::SecondFactor, text));
        }
        next.handle.send(Ticket(3), sign_in(Some("123456")));
        assert_eq!(signed_in(&mut next, 3).await, Ok("memory"));
    });
}

/// A browser that comes back with this query, besides the state it was given; what it is told.
async fn come_back(address: &str, query: &str) -> String {
    let redirect = address.split("redirect_uri=").nth(1).unwrap().split('&').next().unwrap();
    let state = address.split("state=").nth(1).unwrap();
    let host = redirect.trim_start_matches("http://").trim_end_matches("/callback");
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let query = query.replace("STATE", state);
    stream.write_all(format!("GET /callback?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await.unwrap();
    let mut told = String::new();
    stream.read_to_string(&mut told).await.unwrap();
    told
}

#[tokio::test]
async fn a_browser_that_comes_back_signs_in_and_a_stranger_does_not() {
    let mut bench = Bench::signed_out(sample().signed_out());
    bench.handle.send(Ticket(1), Request::SignInInBrowser("You may close this page.".to_owned()));
    let address = bench.until(|event| match event {
        Event::Browser { address, .. } => Some(address),
        _ => None,
    });
    let address = address.await;
    let iss = "iss=https%3A%2F%2Fguild.example";
    let stranger = come_back(&address, &format!("code=grace&state=guessed&{iss}")).await;
    assert!(stranger.starts_with("HTTP/1.1 404"), "{stranger}");
    let told = come_back(&address, &format!("code=grace&state=STATE&{iss}")).await;
    assert!(told.starts_with("HTTP/1.1 200") && told.ends_with("You may close this page."), "{told}");
    assert_eq!(signed_in(&mut bench, 1).await, Ok("memory"));
    assert_eq!(bench.sessions.account().unwrap().username, "grace");
}

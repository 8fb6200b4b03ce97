//! Tokens that run out: renewed once for all who wait, given up only when the server says that they are over.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use lyceum::community::native::Timeouts;
use lyceum::community::{Community, Kind};
use tokio::sync::Notify;

use super::ME;
use super::fake::{Fake, Reply, Seen, Tokens, json, problem};

const RENEWED: &str = r#"{"access_token":"fresh","refresh_token":"next","token_type":"Bearer","expires_in":900}"#;

fn is_renewal(seen: &Seen) -> bool {
    seen.is("POST /v1/oauth/token ")
}

/// Takes `fresh` only.
fn server(seen: &Seen) -> Reply {
    match seen.header("authorization") {
        _ if is_renewal(seen) => Reply::Say(json(RENEWED)),
        Some("Bearer fresh") => Reply::Say(json(ME)),
        _ => Reply::Say(problem(401, "invalid_token")),
    }
}

fn renewals(fake: &Fake) -> usize {
    fake.seen().iter().filter(|seen| is_renewal(seen)).count()
}

#[tokio::test]
async fn a_token_that_ran_out_is_renewed_and_kept_before_it_is_used() {
    let fake = Fake::start(server).await;
    let tokens = Tokens::holding("stale", "refresh");
    let me = fake.client_with(Timeouts::default(), tokens.clone()).me().await.unwrap();
    assert_eq!(me.inbox, 3);
    assert_eq!(tokens.diary(), ["saved fresh"]);
    let renewal = fake.seen().into_iter().find(is_renewal).unwrap();
    assert_eq!(renewal.header("authorization"), None);
    assert!(renewal.0.ends_with(r#"{"grant_type":"refresh_token","refresh_token":"refresh"}"#), "{renewal:?}");
}

#[tokio::test]
async fn many_calls_renew_once() {
    let fake = Fake::start(server).await;
    let tokens = Tokens::holding("stale", "refresh");
    let client = fake.client_with(Timeouts::default(), tokens.clone());
    let calls = (0..8).map(|_| client.me());
    for answer in futures_util::future::join_all(calls).await {
        answer.unwrap();
    }
    assert_eq!((renewals(&fake), tokens.diary().len()), (1, 1));
}

#[tokio::test]
async fn what_another_window_renewed_is_used() {
    let tokens = Tokens::holding("stale", "refresh");
    let other = Arc::clone(&tokens);
    let fake = Fake::start(move |seen| {
        if seen.header("authorization") == Some("Bearer stale") {
            other.put("fresh", "next");
        }
        server(seen)
    });
    let fake = fake.await;
    fake.client_with(Timeouts::default(), tokens.clone()).me().await.unwrap();
    assert_eq!((renewals(&fake), tokens.diary().len()), (0, 0));
}

#[tokio::test]
async fn a_call_of_who_left_meanwhile_is_not_repeated_as_who_came() {
    let tokens = Tokens::holding("stale", "refresh");
    let other = Arc::clone(&tokens);
    let fake = Fake::start(move |seen| {
        if seen.header("authorization") == Some("Bearer stale") {
            other.come("fresh", "next");
        }
        server(seen)
    });
    let fake = fake.await;
    let error = fake.client_with(Timeouts::default(), tokens.clone()).me().await.unwrap_err();
    assert_eq!((error.kind, fake.seen().len()), (Kind::SignedOut, 1));
}

#[tokio::test]
async fn losing_the_race_against_another_window_is_no_end() {
    let tokens = Tokens::holding("stale", "refresh");
    let other = Arc::clone(&tokens);
    let fake = Fake::start(move |seen| {
        if is_renewal(seen) {
            other.put("fresh", "next");
            return Reply::Say(problem(400, "invalid_grant"));
        }
        server(seen)
    });
    fake.await.client_with(Timeouts::default(), tokens.clone()).me().await.unwrap();
    assert!(tokens.diary().is_empty(), "{:?}", tokens.diary());
}

#[tokio::test]
async fn a_session_that_is_over_is_forgotten() {
    let fake = Fake::start(|seen| {
        Reply::Say(if is_renewal(seen) { problem(400, "invalid_grant") } else { problem(401, "invalid_token") })
    });
    let tokens = Tokens::holding("stale", "refresh");
    let fake = fake.await;
    let error = fake.client_with(Timeouts::default(), tokens.clone()).me().await.unwrap_err();
    assert_eq!((error.kind, tokens.diary()), (Kind::SignedOut, vec!["cleared".to_owned()]));
    assert_eq!(renewals(&fake), 1);
}

#[tokio::test]
async fn a_renewal_that_fails_on_the_way_forgets_nothing() {
    let fake =
        Fake::start(|seen| Reply::Say(if is_renewal(seen) { Vec::new() } else { problem(401, "invalid_token") }));
    let tokens = Tokens::holding("stale", "refresh");
    let error = fake.await.client_with(Timeouts::default(), tokens.clone()).me().await.unwrap_err();
    assert_eq!((error.kind, tokens.access().as_deref()), (Kind::Offline, Some("stale")));
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_is_not_renewed_again() {
    let fake =
        Fake::start(|seen| Reply::Say(if is_renewal(seen) { json(RENEWED) } else { problem(401, "invalid_token") }));
    let fake = fake.await;
    let error = fake.client_with(Timeouts::default(), Tokens::holding("stale", "refresh")).me().await.unwrap_err();
    assert_eq!((error.kind, renewals(&fake)), (Kind::SignedOut, 1));
}

#[tokio::test]
async fn a_token_for_one_run_is_never_renewed() {
    let fake = Fake::start(server).await;
    let error = fake.client_with(Timeouts::default(), Tokens::holding("stale", "")).me().await.unwrap_err();
    assert_eq!((error.kind, renewals(&fake)), (Kind::SignedOut, 0));
}

#[tokio::test]
async fn a_renewal_goes_on_when_nobody_waits_for_it_any_more() {
    let (asked, count) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let (told, counted) = (Arc::clone(&asked), Arc::clone(&count));
    let fake = Fake::start(move |seen| {
        if is_renewal(seen) {
            counted.fetch_add(1, Ordering::SeqCst);
            told.notify_one();
        }
        server(seen)
    });
    let tokens = Tokens::holding("stale", "refresh");
    let client = fake.await.client_with(Timeouts::default(), tokens.clone());
    let call = client.me();
    tokio::select! {
        _ = call => panic!("answered before it was dropped"),
        () = asked.notified() => {}
    }
    // The next call waits for the same renewal instead of spending the refresh token a second time.
    client.me().await.unwrap();
    assert_eq!((tokens.diary(), count.load(Ordering::SeqCst)), (vec!["saved fresh".to_owned()], 1));
}

#[tokio::test]
async fn nobody_signed_in_is_told_so_without_a_renewal() {
    let fake = Fake::start(server).await;
    let client = fake.client_with(Timeouts::default(), Arc::new(Tokens::default()));
    assert_eq!(client.me().await.unwrap_err().kind, Kind::SignedOut);
    assert_eq!((fake.seen().len(), fake.seen()[0].header("authorization")), (1, None));
}

//! What one's own sessions, tokens and second factor promise.

use lyceum::base::ids::{SessionId, TokenId};
use lyceum::base::secret::{ExposeSecret, Secret};
use lyceum::community::{Kind, Session};
use lyceum::model::session::{NewAccessToken, Scope};

use super::fixture::{Fixture, PASSWORD};

async fn sign_in(on: &dyn Fixture, code: Option<&str>) -> lyceum::community::Result<Session> {
    on.wait();
    on.way_in().password("ada", &Secret::from(PASSWORD), code.map(Secret::from).as_ref()).await
}

pub(super) async fn every_way_in_is_told(on: &dyn Fixture) {
    assert!(on.way_in().ways().await.unwrap().password);
}

pub(super) async fn tokens_tell_whose_they_are(on: &dyn Fixture) {
    let session = sign_in(on, None).await.unwrap();
    assert_eq!(on.way_in().whose(&session).await.unwrap().as_str(), "ada");
    let nobody = Session::of_token(Secret::from("lyp_nobody"));
    assert_eq!(on.way_in().whose(&nobody).await.unwrap_err().kind, Kind::SignedOut);
}

pub(super) async fn sessions_are_listed_and_ended(on: &dyn Fixture) {
    sign_in(on, None).await.unwrap();
    let session = sign_in(on, None).await.unwrap();
    assert!(on.way_in().credential(&session).await.unwrap().session);
    let security = on.security(&session);
    let listed = security.sessions().await.unwrap();
    assert!(listed.len() >= 2 && listed[0].current, "{listed:?}");
    assert_eq!(listed.iter().filter(|session| session.current).count(), 1);
    let other = listed[1].id.clone();
    security.end_session(&other).await.unwrap();
    assert_eq!(security.end_session(&other).await.unwrap_err().kind, Kind::NotFound);
    assert_eq!(security.end_session(&SessionId::new("999")).await.unwrap_err().kind, Kind::NotFound);
    sign_in(on, None).await.unwrap();
    let security = on.security(&sign_in(on, None).await.unwrap());
    security.end_other_sessions().await.unwrap();
    assert_eq!(security.sessions().await.unwrap().len(), 1);
}

pub(super) async fn a_personal_token_is_made_used_and_ended(on: &dyn Fixture) {
    let security = on.security(&sign_in(on, None).await.unwrap());
    let new = NewAccessToken { name: "nightly".into(), scopes: vec![Scope::Read], days: 30 };
    let nameless = NewAccessToken { name: String::new(), ..new.clone() };
    let refused = security.make_access_token(&nameless).await.unwrap_err().kind;
    assert!(matches!(refused, Kind::Invalid(_)), "{refused:?}");
    let (made, token) = security.make_access_token(&new).await.unwrap();
    assert!(!token.expose_secret().is_empty());
    let listed = security.access_tokens().await.unwrap();
    assert_eq!(listed[0], made);
    assert_eq!((listed.len(), &*listed[0].name, &listed[0].scopes[..]), (1, "nightly", &[Scope::Read][..]));
    let token = Session::of_token(token);
    assert_eq!(on.way_in().whose(&token).await.unwrap().as_str(), "ada");
    let credential = on.way_in().credential(&token).await.unwrap();
    assert_eq!((credential.session, &credential.scopes[..]), (false, &[Scope::Read][..]));
    assert_eq!(credential.until, listed[0].until);
    security.end_access_token(&listed[0].id).await.unwrap();
    assert!(security.access_tokens().await.unwrap().is_empty());
    assert_eq!(security.end_access_token(&TokenId::new("999")).await.unwrap_err().kind, Kind::NotFound);
}

pub(super) async fn a_second_factor_is_asked_for_once_it_is_confirmed(on: &dyn Fixture) {
    let security = on.security(&sign_in(on, None).await.unwrap());
    let password = Secret::from(PASSWORD);
    assert!(!security.second_factor().await.unwrap().enabled);
    let wrong = security.begin_second_factor(&Secret::from("wrong horse battery")).await.unwrap_err();
    assert_eq!(wrong.kind, Kind::WrongPassword);
    let begun = security.begin_second_factor(&password).await.unwrap();
    assert!(begun.uri.expose_secret().starts_with("otpauth://totp/"));
    let codes = security.confirm_second_factor(&on.code(&begun.secret)).await.unwrap();
    assert_eq!(codes.len(), 10);
    let factor = security.second_factor().await.unwrap();
    assert_eq!((factor.enabled, factor.codes_left), (true, 10));
    assert_eq!(security.begin_second_factor(&password).await.unwrap_err().kind, Kind::Conflict);
    assert_eq!(sign_in(on, None).await.unwrap_err().kind, Kind::SecondFactor);
    assert_eq!(sign_in(on, Some("000000")).await.unwrap_err().kind, Kind::WrongCode);
    on.wait();
    on.way_in().password("ada", &password, Some(&on.code(&begun.secret))).await.unwrap();
    on.wait();
    let renewed = security.new_recovery_codes(&password, &on.code(&begun.secret)).await.unwrap();
    assert_eq!(renewed.len(), 10);
    on.wait();
    security.end_second_factor(&password, &on.code(&begun.secret)).await.unwrap();
    sign_in(on, None).await.unwrap();
}

//! What the way in promises.

use lyceum::base::secret::Secret;
use lyceum::community::{Kind, NewAccount};

use super::fixture::{Fixture, PASSWORD};

fn secret(text: &str) -> Secret {
    Secret::from(text)
}

async fn account(on: &dyn Fixture, username: &str, password: &str) -> NewAccount {
    NewAccount {
        username: username.into(),
        display_name: "Noor Haddad".into(),
        password: secret(password),
        accepted_policy_version: on.seen_by_nobody().about().await.unwrap().policy_version,
    }
}

pub(super) async fn a_wrong_name_and_a_wrong_password_are_one(on: &dyn Fixture) {
    let way_in = on.way_in();
    let name = way_in.password("nobody-here", &secret(PASSWORD), None).await.unwrap_err();
    let password = way_in.password("ada", &secret("wrong horse battery"), None).await.unwrap_err();
    assert_eq!(name.kind, Kind::WrongPassword);
    assert_eq!(name, password);
}

pub(super) async fn an_account_is_opened_once_and_signs_in(on: &dyn Fixture) {
    let way_in = on.way_in();
    let new = account(on, "noor", "a long enough password").await;
    way_in.register(&new).await.unwrap();
    assert_eq!(way_in.register(&new).await.unwrap_err().kind, Kind::Conflict);
    let session = way_in.password("noor", &new.password, None).await.unwrap();
    let me = on.with(&session).me().await.unwrap();
    assert_eq!((me.author.username.as_str(), &*me.author.name), ("noor", "Noor Haddad"));
}

pub(super) async fn a_bad_account_is_refused(on: &dyn Fixture) {
    let way_in = on.way_in();
    let short = account(on, "noor", "short").await;
    let stale =
        NewAccount { accepted_policy_version: "0".into(), ..account(on, "noor", "a long enough password").await };
    for bad in [short, stale] {
        let kind = way_in.register(&bad).await.unwrap_err().kind;
        assert!(matches!(kind, Kind::Invalid(_) | Kind::Conflict), "{kind:?}");
        assert_eq!(way_in.password("noor", &bad.password, None).await.unwrap_err().kind, Kind::WrongPassword);
    }
}

pub(super) async fn signing_out_ends_the_session_and_may_be_repeated(on: &dyn Fixture) {
    let way_in = on.way_in();
    let session = way_in.password("ada", &secret(PASSWORD), None).await.unwrap();
    let community = on.with(&session);
    community.me().await.unwrap();
    way_in.sign_out(&session).await.unwrap();
    assert_eq!(community.me().await.unwrap_err().kind, Kind::SignedOut);
    way_in.sign_out(&session).await.unwrap();
}

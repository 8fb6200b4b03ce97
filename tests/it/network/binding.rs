//! Tokens belong to the community that gave them: to its scheme, host and port.

use lyceum::base::ids::{IdempotencyKey, ThreadId};
use lyceum::base::secret::Secret;
use lyceum::community::native::{Native, Origin, Timeouts};
use lyceum::community::{Community, SignIn};
use lyceum::model::change::Change;

use crate::faults::ME;
use crate::faults::fake::{Fake, Tokens, json};

#[tokio::test]
async fn tokens_go_to_their_own_origin_only() {
    let fake = Fake::saying(json(ME)).await;
    let port = fake.address.port();
    let here = format!("http://127.0.0.1:{port}");
    // Its own; another port, host and scheme, all of which lead to the same socket in the end.
    for (given_by, is_own) in [
        (here.clone(), true),
        ("http://127.0.0.1:1".to_owned(), false),
        (format!("http://localhost:{port}"), false),
        (format!("https://127.0.0.1:{port}"), false),
        ("http://127.0.0.1".to_owned(), false),
        (String::new(), false),
    ] {
        let tokens = Tokens::of(&given_by, "lyc_access", "lyc_refresh");
        let client = Native::new(Origin::parse(&here).unwrap(), tokens, Timeouts::default()).unwrap();
        let before = fake.seen().len();
        let _ = client.me().await;
        let _ = client.apply(&Change::Follow { thread: ThreadId::new("1"), on: true }, &IdempotencyKey::new("k")).await;
        let _ = client.live(None).await;
        let seen = &fake.seen()[before..];
        assert_eq!(seen.len(), 3, "asked as nobody in particular");
        assert!(seen.iter().all(|seen| seen.0.contains("lyc_") == is_own), "{given_by}: {seen:?}");
    }
}

#[tokio::test]
async fn who_signs_in_says_nothing_of_older_tokens() {
    let fake = Fake::saying(json(ME)).await;
    let client = fake.client();
    let _ = client.password("ada", &Secret::from("hunter2hunter2"), None).await;
    let seen = fake.seen();
    assert!(seen.len() == 1 && !seen[0].0.contains("lyc_"), "{seen:?}");
}

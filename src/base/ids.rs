//! Opaque identifiers as newtypes, so that a post's id can never be passed for a thread's.
//!
//! An id is whatever text the community's server hands out; nothing here may look inside one.

use serde::{Deserialize, Serialize};

use super::text::Clean;

/// An id that is never shown, or (`shown`) one that people read: that is clean text however it came.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        id!($(#[$doc])* $name, |id: String| id);
    };
    ($(#[$doc:meta])* $name:ident, shown) => {
        id!($(#[$doc])* $name, |id: String| Clean::name(&id).to_string());
    };
    ($(#[$doc:meta])* $name:ident, $clean:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub struct $name(String);

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(($clean)(id))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl $name {
            /// Wraps an id as the server wrote it.
            pub fn new(id: impl Into<String>) -> Self {
                Self::from(id.into())
            }

            /// The id as the server wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A thread.
    ThreadId
);
id!(
    /// A post in a thread; the opening post has one too.
    PostId
);
id!(
    /// A space, by its slug.
    SpaceId,
    shown
);
id!(
    /// A plan, by its slug.
    PlanId,
    shown
);
id!(
    /// One line of the inbox.
    NotificationId
);
id!(
    /// A session: one sign-in on one device.
    SessionId,
    shown
);
id!(
    /// A personal access token; not the token itself.
    TokenId,
    shown
);
id!(
    /// A member's username: 3 to 32 of `a-z 0-9 - _`, unique in a community.
    Username,
    shown
);
id!(
    /// Names one attempt to change something, so that a repeat takes effect once (Idempotency-Key).
    IdempotencyKey
);

//! Opaque identifiers as newtypes, so that a post's id can never be passed for a thread's.
//!
//! An id is whatever text the community's server hands out; nothing here may look inside one.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps an id as the server wrote it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
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
    SpaceId
);
id!(
    /// A plan, by its slug.
    PlanId
);
id!(
    /// One line of the inbox.
    NotificationId
);
id!(
    /// A session: one sign-in on one device.
    SessionId
);
id!(
    /// A personal access token; not the token itself.
    TokenId
);
id!(
    /// A member's username: 3 to 32 of `a-z 0-9 - _`, unique in a community.
    Username
);
id!(
    /// Names one attempt to change something, so that a repeat takes effect once (Idempotency-Key).
    IdempotencyKey
);

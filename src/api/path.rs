//! Paths of the API, written once for server and client. `{…}` is a segment to fill in with [`fill`].

/// The community itself.
pub const COMMUNITY: &str = "/v1/community";
/// Opening an account.
pub const ACCOUNTS: &str = "/v1/accounts";
/// Tokens for a password or a refresh token.
pub const TOKEN: &str = "/v1/oauth/token";
/// Ending a session.
pub const REVOKE: &str = "/v1/oauth/revoke";
/// Codes for a device without a browser (RFC 8628).
pub const DEVICE_AUTHORIZATION: &str = "/v1/oauth/device_authorization";
/// The page on which a person approves a device: short, because it is typed.
pub const ACTIVATE: &str = "/activate";
/// The page on which a person lets a program on their own machine in (RFC 6749 section 4.1 with PKCE, RFC 7636).
pub const AUTHORIZE: &str = "/authorize";
/// The page behind the address of a thread, where one has read to.
pub const THREAD_PAGE: &str = "/t/{id}";
/// The page behind the address of a post.
pub const POST_PAGE: &str = "/t/{id}/{number}";
/// Where an OAuth client finds the rest (RFC 8414).
pub const OAUTH_METADATA: &str = "/.well-known/oauth-authorization-server";
/// Whom to write to about a vulnerability (RFC 9116).
pub const SECURITY_TXT: &str = "/.well-known/security.txt";
/// Whether the server is up.
pub const HEALTH: &str = "/v1/health";
/// The OpenAPI document.
pub const OPENAPI: &str = "/v1/openapi.json";
/// Oneself.
pub const ME: &str = "/v1/me";
/// One's own password.
pub const PASSWORD: &str = "/v1/me/password";
/// One's own membership.
pub const MEMBERSHIP: &str = "/v1/me/membership";
/// What the token that asks may be used for.
pub const CREDENTIAL: &str = "/v1/me/credential";
/// One's own sessions.
pub const SESSIONS: &str = "/v1/me/sessions";
/// One of them.
pub const SESSION: &str = "/v1/me/sessions/{id}";
/// One's own personal access tokens.
pub const TOKENS: &str = "/v1/me/tokens";
/// One of them.
pub const ACCESS_TOKEN: &str = "/v1/me/tokens/{id}";
/// One's own second factor.
pub const SECOND_FACTOR: &str = "/v1/me/second-factor";
/// Switching it off.
pub const SECOND_FACTOR_END: &str = "/v1/me/second-factor/end";
/// New recovery codes.
pub const RECOVERY_CODES: &str = "/v1/me/second-factor/recovery-codes";
/// Why a thread is open or closed.
pub const ACCESS: &str = "/v1/access";
/// The spaces.
pub const SPACES: &str = "/v1/spaces";
/// The feed.
pub const FEED: &str = "/v1/feed";
/// Threads.
pub const THREADS: &str = "/v1/threads";
/// One thread.
pub const THREAD: &str = "/v1/threads/{id}";
/// How far one has read it.
pub const THREAD_READ: &str = "/v1/threads/{id}/read";
/// Whether one follows it.
pub const THREAD_FOLLOW: &str = "/v1/threads/{id}/follow";
/// Whether one mutes it.
pub const THREAD_MUTE: &str = "/v1/threads/{id}/mute";
/// Whether one keeps it.
pub const THREAD_BOOKMARK: &str = "/v1/threads/{id}/bookmark";
/// Its accepted answer.
pub const THREAD_ACCEPTED: &str = "/v1/threads/{id}/accepted";
/// Its posts.
pub const POSTS: &str = "/v1/threads/{id}/posts";
/// One post.
pub const POST: &str = "/v1/posts/{id}";
/// One's vote on it.
pub const POST_VOTE: &str = "/v1/posts/{id}/vote";
/// Its older texts.
pub const POST_REVISIONS: &str = "/v1/posts/{id}/revisions";
/// Search.
pub const SEARCH: &str = "/v1/search";
/// The inbox.
pub const NOTIFICATIONS: &str = "/v1/notifications";
/// Putting an item away.
pub const NOTIFICATION_DONE: &str = "/v1/notifications/{id}/done";
/// A member.
pub const MEMBER: &str = "/v1/members/{username}";
/// A member's role.
pub const MEMBER_ROLE: &str = "/v1/members/{username}/role";
/// What can be bought.
pub const PLANS: &str = "/v1/plans";
/// The delta feed.
pub const CHANGES: &str = "/v1/changes";
/// Live events (SSE).
pub const EVENTS: &str = "/v1/events";

/// Puts `segment` in the place of the `{…}` of a path, percent-encoded (RFC 3986 section 2.3 stays as it is).
pub fn fill(path: &str, segment: &str) -> String {
    let (Some(open), Some(close)) = (path.find('{'), path.find('}')) else { return path.to_owned() };
    let mut filled = path[..open].to_owned();
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte) {
            filled.push(char::from(byte));
        } else {
            filled.push_str(&format!("%{byte:02X}"));
        }
    }
    filled.push_str(&path[close + 1..]);
    filled
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_segment_cannot_leave_its_place() {
        assert_eq!(super::fill(super::THREAD_READ, "12"), "/v1/threads/12/read");
        assert_eq!(super::fill(super::MEMBER, "a/../b?c"), "/v1/members/a%2F..%2Fb%3Fc");
    }
}

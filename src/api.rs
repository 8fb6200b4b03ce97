//! F2: the wire types of our own REST API, shared by server and client, one resource per file.
//!
//! Requests refuse unknown fields; answers tolerate them, so that an older client goes on working. Text is raw here:
//! whoever receives an answer cleans it on the way into the model.

pub mod account;
pub mod change;
pub mod community;
pub mod device;
pub mod member;
pub mod membership;
pub mod notification;
pub mod path;
pub mod post;
pub mod problem;
pub mod search;
pub mod second_factor;
pub mod session;
pub mod thread;

/// Header that every answer of a Lyceum server carries; without it, somebody else answered (a captive portal).
pub const SERVER_HEADER: &str = "lyceum-server";

/// Items in a list when `limit` is absent.
pub const DEFAULT_LIMIT: u32 = 30;

/// The largest `limit`.
pub const MAX_LIMIT: u32 = 100;

/// The largest text of a post, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

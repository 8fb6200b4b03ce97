//! The community server: each route through the whole service, and the server as a process sees it.

pub(crate) mod browser;
pub(crate) mod guild;
pub(crate) mod harness;
pub(crate) mod log;

mod accounts;
mod activate;
mod authorize;
mod bad_input;
mod connections;
mod content;
mod device;
mod doors;
mod enumeration;
mod foundation;
mod idempotency;
mod meanwhile;
mod members;
mod names;
mod own_password;
mod own_sessions;
mod permalink;
mod personal_tokens;
mod policy;
mod second_factor;
mod sessions;

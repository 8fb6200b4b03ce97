//! The community server: each route through the whole service, and the server as a process sees it.

pub(crate) mod guild;
pub(crate) mod harness;

mod accounts;
mod bad_input;
mod connections;
mod content;
mod foundation;
mod idempotency;
mod members;
mod own_password;
mod own_sessions;
mod personal_tokens;
mod second_factor;
mod sessions;

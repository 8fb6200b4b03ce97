//! The community server: each route through the whole service, and the server as a process sees it.

pub(crate) mod harness;

mod accounts;
mod foundation;
mod members;
mod sessions;

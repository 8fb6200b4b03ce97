//! Lyceum: the terminal home of paid developer communities.
//!
//! The floors, lowest first; a floor may use those below it and never those above (`tests/it/architecture.rs`).
//!
//! ```text
//! F0 base        text, time, ids, paths, secrets
//! F1 model       the domain: values and pure rules
//! F2 api config  the wire and the settings
//! F3 community vault    ports: what a community and a token store promise
//! F4 community::* vault::* store server    adapters, what is kept on this machine, the reference server
//! F5 engine      use-cases without a screen
//! F6 tui cli     two front ends
//! F7 boot        builds everything in order
//! ```
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod api;
pub mod base;
pub mod boot;
pub mod cli;
pub mod community;
pub mod config;
pub mod engine;
pub mod model;
#[cfg(feature = "server")]
pub mod server;
pub mod store;
pub mod tui;
pub mod vault;

//! Handlers, one resource per file: extract, authorise, ask the database, answer.

pub mod accounts;
pub mod activate;
pub mod authorize;
pub mod changes;
pub mod community;
pub mod feed;
pub mod health;
pub mod marks;
pub mod me;
pub mod members;
pub mod membership;
pub mod notifications;
pub mod oauth;
pub mod openapi;
pub mod password;
pub mod permalink;
pub mod posts;
pub mod profile;
pub mod search;
pub mod second_factor;
pub mod security;
pub mod sessions;
pub mod threads;
pub mod tokens;
pub mod votes;

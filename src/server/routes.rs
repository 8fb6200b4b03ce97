//! Handlers, one resource per file: extract, authorise, ask the database, answer.

pub mod accounts;
pub mod community;
pub mod health;
pub mod me;
pub mod members;
pub mod membership;
pub mod oauth;
pub mod openapi;
pub mod profile;

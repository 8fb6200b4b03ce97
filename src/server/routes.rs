//! Handlers, one resource per file: extract, authorise, ask the database, answer.

pub mod health;
pub mod openapi;

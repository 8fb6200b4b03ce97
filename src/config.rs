//! F2: settings and the catalogue of sentences: what comes from files, the environment and flags.

pub mod locale;
pub mod server;

//! Exit codes: a script can tell what went wrong without reading sentences.

use super::output::Failure;
use crate::engine::problem::Kind;

/// Something on this machine failed.
pub const MACHINE: u8 = 1;
/// The arguments or the settings are wrong.
pub const USAGE: u8 = 2;

/// The code of a kind of trouble.
pub fn of_kind(kind: Kind) -> u8 {
    match kind {
        Kind::Network => 3,
        Kind::Auth | Kind::SecondFactor => 4,
        Kind::Denied => 5,
        Kind::NotFound => 6,
        Kind::Invalid => 7,
        Kind::Conflict => 8,
        Kind::Server => 9,
        Kind::Unsupported => 10,
        Kind::Disk => MACHINE,
    }
}

/// The code of a failed command.
pub fn of_failure(failure: &Failure) -> u8 {
    match failure {
        Failure::User(error) => of_kind(error.kind),
        Failure::Said { kind, .. } => of_kind(*kind),
        Failure::Arguments(_) | Failure::Settings(_) => USAGE,
        Failure::Io(_) => MACHINE,
    }
}

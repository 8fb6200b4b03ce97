//! Exit codes: a script can tell what went wrong without reading sentences. One table; the reference is made from it.

use super::output::Failure;
use crate::engine::problem::Kind;

/// Something on this machine failed.
pub const MACHINE: u8 = 1;
/// The arguments or the settings are wrong.
pub const USAGE: u8 = 2;

/// A code, its word in JSON, and what it means.
pub type Row = (u8, &'static str, &'static str);

/// Every code.
pub const TABLE: &[Row] = &[
    (0, "", "It is done."),
    (MACHINE, "machine", "This machine does not do its part: a disk, a pipe that nobody reads, what is kept here."),
    (USAGE, "usage", "The arguments or the settings are wrong."),
    (3, "network", "The community cannot be reached. What was to be sent is kept; the message says where."),
    (4, "auth", "Nobody is signed in, the session has ended, or the password or token is wrong."),
    (4, "second-factor", "Signing in takes a code besides the password, or the code is wrong."),
    (5, "denied", "Not allowed, or it takes a membership: `lyceum membership why THREAD` says which."),
    (6, "not-found", "It is not there, or not for you."),
    (7, "invalid", "What was given is wrong."),
    (8, "conflict", "Somebody else was first: the thread was locked, or the post was edited meanwhile."),
    (9, "server", "The community is at fault, or too busy."),
    (10, "unsupported", "This community, or this build, cannot do that."),
];

/// The word of a kind of trouble: the same in every language.
pub fn word_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Network => "network",
        Kind::Auth => "auth",
        Kind::SecondFactor => "second-factor",
        Kind::Denied => "denied",
        Kind::NotFound => "not-found",
        Kind::Invalid => "invalid",
        Kind::Conflict => "conflict",
        Kind::Server => "server",
        Kind::Unsupported => "unsupported",
        Kind::Disk => "machine",
    }
}

/// The word of a failed command.
pub fn word(failure: &Failure) -> &'static str {
    match failure {
        Failure::User(error) => word_of(error.kind),
        Failure::Said { kind, .. } => word_of(*kind),
        Failure::Unsent(failure, _) => word(failure),
        Failure::Arguments(_) | Failure::Settings(_) | Failure::Mistakes(_) => "usage",
        Failure::Io(_) => "machine",
    }
}

/// The code of a failed command.
pub fn of_failure(failure: &Failure) -> u8 {
    let word = word(failure);
    TABLE.iter().find(|(_, known, _)| *known == word).map_or(MACHINE, |(code, ..)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_row() {
        let kinds = [
            (Kind::Network, 3),
            (Kind::Auth, 4),
            (Kind::SecondFactor, 4),
            (Kind::Denied, 5),
            (Kind::NotFound, 6),
            (Kind::Invalid, 7),
            (Kind::Conflict, 8),
            (Kind::Server, 9),
            (Kind::Unsupported, 10),
            (Kind::Disk, MACHINE),
        ];
        for (kind, code) in kinds {
            assert!(TABLE.iter().any(|(_, word, _)| *word == word_of(kind)), "{kind:?}");
            assert_eq!(of_failure(&Failure::said(kind, "x")), code, "{kind:?}");
        }
    }
}

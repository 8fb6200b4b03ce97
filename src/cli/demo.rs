//! `lyceum demo`: an invented community on this machine.

use clap::{Args, ValueEnum};

/// Which demo.
#[derive(Clone, Copy, Debug, Args)]
pub struct Demo {
    /// Through whose eyes
    #[arg(long = "as", value_enum, default_value_t, value_name = "WHO")]
    pub persona: Persona,
    /// Start over: forget what was written
    #[arg(long)]
    pub fresh: bool,
    /// Speak line by line instead of drawing a screen
    #[arg(long)]
    pub plain: bool,
}

/// Somebody of the invented community.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Persona {
    /// Signed up, never paid
    Free,
    /// Holds a membership
    #[default]
    Member,
    /// Answers by appointment
    Expert,
    /// Keeps order
    Moderator,
    /// Runs the place
    Owner,
}

impl Persona {
    /// Their name there.
    pub fn username(self) -> &'static str {
        match self {
            Self::Free => "noor",
            Self::Member => "ada",
            Self::Expert => "hopper",
            Self::Moderator => "juno",
            Self::Owner => "octavia",
        }
    }
}

//! The one integration binary: what the parts promise each other, and what the program does as a whole.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod architecture;
mod cli;
mod contract;
mod corpus;
mod faults;
mod judge;
mod kept;
mod network;
mod pictures;
#[cfg(unix)]
mod pty;
mod reference;
#[cfg(feature = "server")]
mod server;
mod text;
mod tui;
mod words;

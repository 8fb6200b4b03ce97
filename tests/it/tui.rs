//! The screen, without a terminal: keys in, pictures out. The community behind it is the one in memory.

mod compose;
mod docs;
mod finding;
mod holdings;
#[cfg(unix)]
pub(crate) mod hostile;
mod inbox;
mod jumps;
mod keymaps;
mod layout;
mod markup;
mod mouse;
mod outbox;
mod own;
mod pictures;
mod plain;
mod reading;
mod saved;
mod screen;
mod seats;
mod security;
mod sizes;
mod tables;
mod way_in;
mod work;

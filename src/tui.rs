//! F6: the screen. Turns keys and the engine's events into a state, and the state into a picture. Knows no network,
//! no files and no clock of its own: [`update::update`] is a function from messages to effects, [`view::view`] one
//! from the state to a picture; only [`run`] and [`terminal`] touch the terminal.

pub mod change;
pub mod command;
pub mod effect;
mod explain;
pub mod heard;
pub mod hits;
pub mod key;
pub mod keymap;
pub mod layout;
pub mod msg;
pub mod notice;
pub mod overlay;
pub mod own;
pub mod painter;
pub mod pane;
pub mod plain;
pub mod print;
pub mod roll;
pub mod run;
mod saved;
pub mod seats;
pub mod spelling;
pub mod state;
pub mod symbols;
pub mod terminal;
mod texts;
pub mod theme;
pub mod trail;
pub mod update;
pub mod view;
pub mod widget;

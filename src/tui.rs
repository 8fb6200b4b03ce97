//! F6: the screen. Turns keys and the engine's events into a state, and the state into a picture. Knows no network,
//! no files and no clock of its own.

pub mod symbols;
pub mod theme;
pub mod widget;

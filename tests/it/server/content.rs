//! Threads and what members do to them, through the whole service.

mod bad_input;
mod demo;
mod gating;
mod inbox;
mod live;
mod reading;
mod search;
mod writing;

//! Threads and what members do to them, through the whole service.

mod demo;

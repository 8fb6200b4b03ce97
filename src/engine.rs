//! F5: use-cases without a screen. A front end sends [`request::Request`]s under tickets of its own and receives
//! [`event::Event`]s; it never awaits. Nothing here knows of terminals or of HTTP.

pub mod event;
pub mod problem;
pub mod request;

//! F1: the domain, as values and pure rules. No async, no I/O, no clock: whoever asks brings `now`.

pub mod change;
pub mod community;
pub mod draft;
pub mod feed;
pub mod ledger;
pub mod markup;
pub mod member;
pub mod membership;
pub mod mention;
pub mod money;
pub mod notification;
pub mod outbox;
pub mod page;
pub mod permalink;
pub mod permission;
pub mod plan;
pub mod post;
pub mod redact;
pub mod search;
pub mod session;
pub mod space;
pub mod thread;

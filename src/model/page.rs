//! Part of a list, and where it goes on.

use serde::{Deserialize, Serialize};

/// Where a list goes on. Opaque: only the server that made it can read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Some items of a list in its stable order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where to go on; none at the end.
    pub next: Option<Cursor>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None }
    }
}

/// Which posts of a thread to fetch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Window {
    /// From the opening post.
    #[default]
    Start,
    /// The posts after this number.
    After(u32),
    /// A window that holds this number, from a little before it.
    Around(u32),
}

//! Where a terminal cannot be told to show nothing, it shows what is typed.

/// Does nothing.
#[derive(Default)]
pub(super) struct Echo;

impl Echo {
    /// Does nothing.
    pub(super) fn hide(&mut self) {}

    /// Does nothing.
    pub(super) fn show(&mut self) {}
}

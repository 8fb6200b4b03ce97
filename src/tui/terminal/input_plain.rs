//! Keys where the terminal is no Unix device: they come as events.

use std::io;
use std::sync::Arc;
use std::task::Poll;

use crossterm::event::EventStream;
use futures_util::StreamExt as _;

use super::{Heard, Shared};

/// What is typed. Dropping it stops reading.
pub struct Keys(EventStream);

impl Keys {
    /// Starts to read.
    pub(super) fn listen(_shared: &Arc<Shared>) -> io::Result<Self> {
        Ok(Self(EventStream::new()))
    }

    /// The next thing typed; none when the terminal has gone.
    pub async fn next(&mut self) -> Option<io::Result<Heard>> {
        self.0.next().await.map(|typed| typed.map(Heard::Typed))
    }

    /// What is there already. Asked with the loop's own waker: the stream keeps the first one it is given.
    pub async fn ready(&mut self) -> Option<Option<io::Result<Heard>>> {
        let poll = |context: &mut std::task::Context<'_>| match self.0.poll_next_unpin(context) {
            Poll::Ready(typed) => Poll::Ready(Some(typed.map(|typed| typed.map(Heard::Typed)))),
            Poll::Pending => Poll::Ready(None),
        };
        std::future::poll_fn(poll).await
    }
}

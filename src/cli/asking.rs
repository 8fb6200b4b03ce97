//! One question at a time: the engine's tickets and events for commands that wait for an answer.

use tokio::sync::mpsc::UnboundedReceiver;

use super::output::Failure;
use crate::engine::Handle;
use crate::engine::event::{Answer, Event, Secured};
use crate::engine::problem::Kind;
use crate::engine::request::{Deed, Query, Request, Ticket};

/// The engine, as a command sees it.
pub struct Asking {
    handle: Handle,
    events: UnboundedReceiver<Event>,
    last: u64,
}

impl Asking {
    /// Asks this engine.
    pub fn new(handle: Handle, events: UnboundedReceiver<Event>) -> Self {
        Self { handle, events, last: 0 }
    }

    /// Gives the engine back, to a front end that goes on with it.
    pub fn into_parts(self) -> (Handle, UnboundedReceiver<Event>) {
        (self.handle, self.events)
    }

    /// Finds something out.
    ///
    /// # Errors
    /// With the engine's reason.
    pub async fn ask(&mut self, query: Query) -> Result<Answer, Failure> {
        let ticket = self.send(Request::Ask(query));
        loop {
            if let Event::Answer { ticket: answered, result } = self.next().await?
                && answered == ticket
            {
                return result.map_err(Failure::User);
            }
        }
    }

    /// Changes something.
    ///
    /// # Errors
    /// With the engine's reason.
    pub async fn apply(&mut self, request: Request) -> Result<(), Failure> {
        let ticket = self.send(request);
        loop {
            if let Event::Applied { ticket: answered, result } = self.next().await?
                && answered == ticket
            {
                return result.map(drop).map_err(Failure::User);
            }
        }
    }

    /// Signs in; answers with the vault that keeps the tokens. What a person is to do meanwhile is given to `tell`.
    ///
    /// # Errors
    /// With the engine's reason, or that of `tell`.
    pub async fn sign_in(
        &mut self,
        request: Request,
        mut tell: impl FnMut(&Event) -> Result<(), Failure>,
    ) -> Result<&'static str, Failure> {
        let ticket = self.send(request);
        loop {
            match self.next().await? {
                Event::SignedIn { ticket: answered, result } if answered == ticket => {
                    return result.map_err(Failure::User);
                }
                event => tell(&event)?,
            }
        }
    }

    /// Does something about what opens one's own account.
    ///
    /// # Errors
    /// With the engine's reason.
    pub async fn secure(&mut self, deed: Deed) -> Result<Secured, Failure> {
        let ticket = self.send(Request::Secure(deed));
        loop {
            if let Event::Secured { ticket: answered, result } = self.next().await?
                && answered == ticket
            {
                return result.map_err(Failure::User);
            }
        }
    }

    /// Signs out.
    ///
    /// # Errors
    /// When the engine is gone.
    pub async fn sign_out(&mut self) -> Result<(), Failure> {
        self.send(Request::SignOut);
        while !matches!(self.next().await?, Event::SignedOut) {}
        Ok(())
    }

    fn send(&mut self, request: Request) -> Ticket {
        self.last += 1;
        let ticket = Ticket(self.last);
        self.handle.send(ticket, request);
        ticket
    }

    async fn next(&mut self) -> Result<Event, Failure> {
        self.events.recv().await.ok_or_else(|| Failure::said(Kind::Server, "cli.engine_gone"))
    }
}

//! A command at work: whom it asks, where it speaks and how that looks. What was kept on this machine stands in when the
//! community cannot be reached, and is told to be old.

use serde::Serialize;

use super::asking::{Asking, Told};
use super::json::Stale;
use super::look::Look;
use super::output::{Desk, Failure};
use super::vaults::Standing;
use crate::engine::account::Sessions;
use crate::engine::problem::Kind;
use crate::engine::request::Query;

/// A command at work.
pub struct Errand<'a, 'b> {
    /// Whom it asks.
    pub asking: &'a mut Asking,
    /// As whom.
    pub sessions: &'a Sessions,
    /// How they stood before anything was asked.
    pub standing: Standing,
    /// Where it speaks.
    pub desk: &'a mut Desk<'b>,
    /// How that looks.
    pub look: &'a Look,
    /// The folder for texts that did not arrive and have no outbox.
    pub unsent: &'a std::path::Path,
    /// What the answers so far were: as old as the oldest that was kept.
    pub stale: Option<Stale>,
}

impl Errand<'_, '_> {
    /// Finds something out. What was kept of it counts when the community cannot be reached; that is remembered.
    ///
    /// # Errors
    /// With the engine's reason.
    pub async fn read(&mut self, query: Query) -> Result<crate::engine::event::Answer, Failure> {
        let Told { answer, kept } = match self.asking.read(query).await {
            Ok(told) => told,
            Err(failure) => return Err(self.reason(failure)),
        };
        if let Some((since, error)) = kept {
            let why = Failure::User(error).sentence(self.desk.words);
            let is_older = self.stale.as_ref().is_none_or(|known| since < known.since);
            if is_older {
                self.stale = Some(Stale { since, why });
            }
        }
        Ok(answer)
    }

    /// Why something failed, with what a person should know of their session.
    pub fn reason(&self, failure: Failure) -> Failure {
        self.standing.explain(failure, self.sessions, self.desk)
    }

    /// An answer of another kind than was asked for: a fault in Lyceum.
    pub fn unexpected() -> Failure {
        Failure::said(Kind::Server, "cli.engine_gone")
    }

    /// Writes a document for a program.
    ///
    /// # Errors
    /// When nobody reads.
    pub fn document(&mut self, document: &impl Serialize) -> Result<(), Failure> {
        self.desk.document(document)
    }

    /// Says on standard error how old what was printed is, if it is old.
    ///
    /// # Errors
    /// When nobody reads.
    pub fn tell_age(&mut self) -> Result<(), Failure> {
        let Some(stale) = &self.stale else { return Ok(()) };
        let when = self.look.words(self.desk.words).as_of(stale.since);
        let values = [("when", when.as_str()), ("why", stale.why.as_str())];
        self.desk.remark("script.stale", &values)
    }
}

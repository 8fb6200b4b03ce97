//! What a screen knows of all its accounts: who they are, how each stands, what is new and unsent there. Made anew by
//! [`super::seats`] after every message; the state in front draws header and switcher from it.

use crate::base::text::Clean;
use crate::engine::{event::Connection, problem::UserError, seat::Who};

/// Numbers a seat. A number is never given twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeatId(pub u32);

/// How an account stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stands {
    /// It is in the list and has not been opened.
    #[default]
    Closed,
    /// It is in the list, and nobody is signed in.
    SignedOut,
    /// Its engine is being started.
    Opening,
    /// This is how its line stands.
    Line(Connection),
    /// It could not be opened, or its engine has ended.
    Failed,
    /// It is being taken from the list.
    Leaving,
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its seat.
    pub id: SeatId,
    /// Whose it is.
    pub who: Who,
    /// What the community calls itself; none when it has not been heard of.
    pub name: Option<Clean>,
    /// How it stands.
    pub stands: Stands,
    /// What is wrong with it.
    pub failure: Option<UserError>,
    /// Unread lines of its inbox.
    pub unread: u32,
    /// Texts and changes that are not sent, and of texts that do not reach the disk those that would be lost.
    pub unsent: usize,
    /// Whether something there would be lost at leaving.
    pub is_safe: bool,
}

impl Row {
    /// What the community is called, or else its host.
    pub fn title(&self) -> String {
        let host = || self.who.origin.split_once("://").map_or(self.who.origin.as_str(), |(_, host)| host);
        Clean::line(self.name.as_ref().map_or_else(host, |name| name.as_str())).to_string()
    }
}

/// All accounts, in the order of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roll {
    /// The accounts.
    pub rows: Vec<Row>,
    /// The one in front.
    pub front: SeatId,
}

impl Roll {
    /// The place of the one in front, from 0.
    pub fn place(&self) -> usize {
        self.rows.iter().position(|row| row.id == self.front).unwrap_or_default()
    }

    /// All but the one in front.
    pub fn others(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.id != self.front)
    }

    /// What an account is called among the others: its community, and its name there where several are of one.
    pub fn name_of(&self, row: &Row) -> String {
        let is_shared = self.rows.iter().any(|other| other.id != row.id && other.who.origin == row.who.origin);
        match &row.who.username {
            Some(name) if is_shared => format!("{}/{}", row.title(), Clean::line(name)),
            _ => row.title(),
        }
    }

    /// Whether there are several.
    pub fn is_several(&self) -> bool {
        self.rows.len() > 1
    }

    /// The one after the front, in a circle; none when there is no other.
    pub fn next(&self) -> Option<SeatId> {
        let next = (self.place() + 1).checked_rem(self.rows.len())?;
        self.rows.get(next).map(|row| row.id).filter(|id| *id != self.front)
    }
}

/// What a person asks for about accounts. Done by [`super::seats`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Tell the list of accounts as it is on the disk now.
    Look,
    /// Put this one in front; start it where that is needed.
    Switch(SeatId),
    /// Try again what went wrong there.
    Reopen(SeatId),
    /// A community by its address, as it was typed.
    Add(String),
    /// Somebody else at the community of this one.
    Beside(SeatId),
    /// Sign it out and take it from the list; with what is kept of it on this machine or without.
    Remove(SeatId, bool),
}

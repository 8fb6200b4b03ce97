//! Tickets: what a form carries from one step to the next, sealed. A ticket says which step may be taken, for whom, until
//! when, and in which browser; the cookie alone says nothing. So another site, which can make a browser send the cookie
//! but cannot read a page, can do nothing; and a step cannot be left out.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::Web;
use crate::server::auth::authorization::Program;
use crate::server::auth::proof::Proof;

/// What a form may do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Name a device by its code.
    Code,
    /// Sign in.
    SignIn(Subject),
    /// Decide.
    Decide(Subject, Member),
}

/// What is decided about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// The device of a row.
    Device(i64),
    /// A program on this machine.
    Program(Program),
}

/// Who has signed in on a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// What they have shown: a change of it ends the page.
    pub proof: Proof,
    /// Their name.
    pub username: String,
}

/// A ticket, open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// What may be done.
    pub step: Step,
    /// The browser that it belongs to.
    pub browser: String,
    /// Its end, Unix ms.
    pub until: i64,
}

impl Web {
    /// Seals a ticket.
    pub fn seal(&self, ticket: &Ticket) -> String {
        let body = serde_json::to_vec(ticket).unwrap_or_default();
        let tag = hmac::sign(&self.key, &body);
        format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(body), BASE64_URL_SAFE_NO_PAD.encode(tag))
    }

    /// Opens a ticket that was sealed here. None for any other.
    pub fn unseal(&self, sealed: &str) -> Option<Ticket> {
        let (body, tag) = sealed.split_once('.')?;
        let body = BASE64_URL_SAFE_NO_PAD.decode(body).ok()?;
        let tag = BASE64_URL_SAFE_NO_PAD.decode(tag).ok()?;
        hmac::verify(&self.key, &body, &tag).ok()?;
        serde_json::from_slice(&body).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Seeded;

    #[test]
    fn a_ticket_is_opened_by_who_sealed_it_and_as_it_was() {
        let (web, other) = (Web::new(&Seeded::new(1)), Web::new(&Seeded::new(2)));
        let ticket = Ticket { step: Step::SignIn(Subject::Device(7)), browser: "b".to_owned(), until: 1 };
        let sealed = web.seal(&ticket);
        assert_eq!(web.unseal(&sealed), Some(ticket.clone()));
        assert_eq!(other.unseal(&sealed), None);
        let (_, tag) = sealed.split_once('.').unwrap();
        let decided =
            Step::Decide(Subject::Device(7), Member { proof: Proof::new(1, "x"), username: "ada".to_owned() });
        let body = serde_json::to_vec(&Ticket { step: decided, ..ticket }).unwrap();
        let forged = format!("{}.{tag}", BASE64_URL_SAFE_NO_PAD.encode(body));
        for bad in [forged.as_str(), "", ".", "a.b", &sealed[1..], &sealed[..sealed.len() - 1]] {
            assert_eq!(web.unseal(bad), None, "{bad}");
        }
    }
}

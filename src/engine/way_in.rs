//! Coming and going: tokens are fetched in one of several ways, put away, and ended.
//!
//! A way that waits for a person somewhere else ([`obtain`]) touches nothing of the reader before; only when it has
//! tokens are they put away ([`settle`]).

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{Instant, sleep};

use super::account::Sessions;
use super::event::Event;
use super::request::Ticket;
use super::tokens::Farewell;
use crate::base::ids::Username;
use crate::base::random::Random;
use crate::base::secret::{ExposeSecret as _, Secret};
use crate::community::{DeviceCode, Error, Kind, NewAccount, Polled, Result, Session, SessionStore, SignIn};

mod browser;

/// The server gets this long to hear that somebody leaves.
pub(super) const FAREWELL: Duration = Duration::from_secs(5);

/// What asking too soon adds to the time between two questions (RFC 8628 section 3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// The longest time between two questions on a line that breaks.
const SLOWEST: Duration = Duration::from_secs(60);

/// With what somebody comes in.
pub(super) enum Way {
    /// A name and a password, and a code where the account has a second factor.
    Password { username: String, password: Secret, code: Option<Secret> },
    /// A new account.
    Register(NewAccount),
    /// A code that is confirmed on another device.
    Device,
    /// A browser on this machine, which is told the text when it comes back.
    Browser { done: String },
    /// A personal access token.
    Token(Secret),
}

impl Way {
    /// Whether a person has to do something elsewhere first.
    pub(super) fn is_slow(&self) -> bool {
        matches!(self, Self::Device | Self::Browser { .. } | Self::Token(_))
    }
}

/// Whom to tell what a person is to do.
pub(super) struct Teller {
    pub(super) ticket: Ticket,
    pub(super) events: UnboundedSender<Event>,
}

impl Teller {
    fn tell(&self, event: impl FnOnce(Ticket) -> Event) {
        let _ = self.events.send(event(self.ticket));
    }
}

/// Tokens that were obtained.
pub(super) struct Obtained {
    /// Whose they are, where that was said at the door.
    who: Option<Username>,
    session: Session,
}

/// Tokens. Whose they are is asked later where it was not said: until the answer of a server is kept or given back,
/// nothing else may be waited for.
pub(super) async fn obtain(way_in: &dyn SignIn, way: Way, random: &dyn Random, teller: &Teller) -> Result<Obtained> {
    let (who, session) = match way {
        Way::Password { username, password, code } => {
            let session = way_in.password(&username, &password, code.as_ref()).await?;
            (Some(username), session)
        }
        Way::Register(account) => {
            way_in.register(&account).await?;
            let session = way_in.password(&account.username, &account.password, None).await?;
            (Some(account.username), session)
        }
        Way::Device => (None, by_device(way_in, teller).await?),
        Way::Browser { done } => (None, browser::sign_in(way_in, random, &done, teller).await?),
        Way::Token(token) => (None, Session::of_token(token)),
    };
    Ok(Obtained { who: who.map(Username::new), session })
}

/// Shows a code and asks until somebody has decided about it.
async fn by_device(way_in: &dyn SignIn, teller: &Teller) -> Result<Session> {
    let code = way_in.device().await?;
    teller.tell(|ticket| Event::Device {
        ticket,
        code: code.user_code.clone(),
        page: code.page.clone(),
        page_with_code: code.page_with_code.clone(),
        lasts: code.lasts,
    });
    let ends = Instant::now() + code.lasts;
    let mut interval = code.interval;
    while Instant::now() + interval < ends {
        sleep(interval).await;
        interval = match ask(way_in, &code, interval).await? {
            (Some(session), _) => return Ok(session),
            (None, interval) => interval,
        };
    }
    Err(Error::new(Kind::Expired))
}

/// One question, and how long to wait before the next. A line that breaks is no answer (RFC 8628 section 3.5).
async fn ask(way_in: &dyn SignIn, code: &DeviceCode, interval: Duration) -> Result<(Option<Session>, Duration)> {
    match way_in.device_tokens(code).await {
        Ok(Polled::Done(session)) => Ok((Some(session), interval)),
        Ok(Polled::Pending) => Ok((None, interval)),
        Ok(Polled::SlowDown) => Ok((None, interval + SLOWER)),
        Err(Error { kind: Kind::Offline | Kind::Timeout | Kind::NotTheServer | Kind::Server(_), .. }) => {
            Ok((None, (interval * 2).min(SLOWEST).max(interval)))
        }
        Err(Error { kind: Kind::TooFast(wait), .. }) => {
            Ok((None, interval.max(Duration::try_from(wait).unwrap_or(SLOWEST))))
        }
        Err(error) => Err(error),
    }
}

/// Asks whose tokens they are, where that is not known. Those of nobody are given back.
pub(super) async fn named(way_in: &dyn SignIn, obtained: Obtained) -> Result<(Username, Obtained)> {
    let asked = match &obtained.who {
        Some(who) => Ok(who.clone()),
        None => way_in.whose(&obtained.session).await,
    };
    match asked {
        Ok(who) => Ok((who, obtained)),
        Err(error) => {
            give_back(way_in, obtained).await;
            Err(error)
        }
    }
}

/// Puts tokens away; answers with the vault's name.
pub(super) async fn settle(sessions: Arc<Sessions>, who: Username, obtained: Obtained) -> Result<&'static str> {
    let kept = tokio::task::spawn_blocking(move || sessions.keep(who.as_str(), &obtained.session).vault).await;
    kept.map_err(|_| Error::new(Kind::Unsupported))
}

/// Ends a session that was opened for nothing. A personal access token is its owner's and stays.
pub(super) async fn give_back(way_in: &dyn SignIn, obtained: Obtained) {
    if !obtained.session.refresh.expose_secret().is_empty() {
        let _ = tokio::time::timeout(FAREWELL, way_in.sign_out(&obtained.session)).await;
    }
}

/// Ends the session on the server, or gives up on that, and forgets the tokens either way. How that went is noted with
/// the sessions.
pub(super) async fn leave(way_in: &dyn SignIn, sessions: Arc<Sessions>) {
    let reader = Arc::clone(&sessions);
    let was_kept = sessions.account().is_some_and(|account| account.vault.is_some());
    let farewell = match tokio::task::spawn_blocking(move || reader.load()).await {
        Ok(Some(session)) => {
            let ended = tokio::time::timeout(FAREWELL, way_in.sign_out(&session)).await;
            Farewell { is_told: matches!(ended, Ok(Ok(()))), until: session.ends.session.or(session.ends.access) }
        }
        // Without its tokens a session cannot be ended from here.
        _ => Farewell { is_told: !was_kept, until: None },
    };
    sessions.part(farewell);
    let _ = tokio::task::spawn_blocking(move || sessions.forget()).await;
}

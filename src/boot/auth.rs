//! Collects what `lyceum auth status` prints. Nobody is asked for a passphrase for that.

use std::sync::Arc;
use std::time::Duration;

use super::{Ground, backends, client, vaults};
use crate::base::secret::{ExposeSecret, Secret};
use crate::cli::auth::{Sort, Status};
use crate::cli::output::{Desk, Failure};
use crate::community::{Ends, Session, SessionStore};
use crate::config::environment::{TOKEN, of_process};
use crate::engine::account::{Account, Accounts, Sessions};
use crate::model::session::Credential;

/// A community gets this long to say what a token may do.
const PATIENCE: Duration = Duration::from_secs(5);

/// How personal access tokens begin.
const PERSONAL: &str = "lyp_";

pub(super) async fn status(ground: &Ground, desk: &mut Desk<'_>) -> Result<(), Failure> {
    ground.places.person.leave();
    let mut all = Vec::new();
    if let (Some(token), Ok(origin)) = (of_process(TOKEN), client::origin(ground)) {
        let sessions = Sessions::with_token(&origin, vaults::memory(), Secret::from(token));
        all.push(of_sessions(ground, sessions, None, (Some("environment"), TOKEN.to_owned())).await);
    }
    for (address, _) in ground.settings.client.token_command.all() {
        let Ok(origin) = super::backends::origin(address) else { continue };
        let Some(command) = vaults::command(ground, &origin) else { continue };
        let sessions = Sessions::by_command(&origin, Arc::new(command));
        let place = sessions.place();
        all.push(of_sessions(ground, sessions, None, (Some("command"), place)).await);
    }
    let accounts = Accounts::read(&client::accounts_file(ground))?;
    for account in &accounts.list {
        all.push(of_account(ground, account).await);
    }
    crate::cli::auth::status(&all, desk)
}

async fn of_account(ground: &Ground, account: &Account) -> Status {
    let chain = vaults::chain(ground, account.vault.as_deref());
    let sessions = Sessions::of_account(account.clone(), chain);
    let place = account.vault.as_ref().map(|_| sessions.place()).unwrap_or_default();
    of_sessions(ground, sessions, Some(account.username.clone()), (account.vault.as_deref(), place)).await
}

async fn of_sessions(
    ground: &Ground,
    sessions: Sessions,
    username: Option<String>,
    (vault, place): (Option<&str>, String),
) -> Status {
    let session = vault.and_then(|_| sessions.load());
    let sort = match &session {
        None => Sort::Unknown,
        Some(session) if session.access.expose_secret().starts_with(PERSONAL) => Sort::Personal,
        // A token that is handed in may be of any sort; one that can be renewed belongs to a session.
        Some(session) if session.refresh.expose_secret().is_empty() => Sort::Unknown,
        Some(_) => Sort::Session,
    };
    let ends = session.as_ref().map_or(Ends::default(), |session| session.ends);
    let (origin, trouble) = (sessions.origin().to_owned(), sessions.unreadable());
    // Of a session everything is known here; of a token that was handed in, its community has to say it.
    let told = match session.filter(|_| sort != Sort::Session) {
        Some(session) => ask(ground, &origin, sessions, &session).await,
        None => None,
    };
    let sort = match &told {
        Some(told) => {
            if told.session {
                Sort::Session
            } else {
                Sort::Personal
            }
        }
        None => sort,
    };
    Status {
        community: origin,
        username,
        vault: vault.map(str::to_owned),
        place,
        trouble,
        sort,
        until: told.as_ref().map(|told| told.until).or(ends.session),
        scopes: told.map(|told| told.scopes),
        access_until: ends.access,
    }
}

/// What the community says of a token; none when it does not answer soon, or not at all.
async fn ask(ground: &Ground, origin: &str, sessions: Sessions, session: &Session) -> Option<Credential> {
    let network = backends::network(ground).ok()?;
    let backend = backends::build(origin, Arc::new(sessions), network).ok()?;
    tokio::time::timeout(PATIENCE, backend.sign_in.credential(session)).await.ok()?.ok()
}

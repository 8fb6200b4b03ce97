//! Collects what `lyceum auth status` prints. Nobody is asked for a passphrase for that.

use std::sync::Arc;

use super::{Ground, client, vaults};
use crate::base::secret::{ExposeSecret, Secret};
use crate::cli::auth::{Sort, Status};
use crate::cli::output::{Desk, Failure};
use crate::community::{Ends, SessionStore};
use crate::config::environment::{TOKEN, of_process};
use crate::engine::account::{Account, Accounts, Sessions};

/// How personal access tokens begin.
const PERSONAL: &str = "lyp_";

pub(super) fn status(ground: &Ground, desk: &mut Desk<'_>) -> Result<(), Failure> {
    ground.places.person.leave();
    let mut all = Vec::new();
    if let (Some(token), Ok(origin)) = (of_process(TOKEN), client::origin(ground)) {
        let sessions = Sessions::with_token(&origin, vaults::memory(), Secret::from(token));
        all.push(of_sessions(&sessions, None, Some("environment"), TOKEN.to_owned()));
    }
    for (address, _) in ground.settings.client.token_command.all() {
        let Ok(origin) = super::backends::origin(address) else { continue };
        let Some(command) = vaults::command(ground, &origin) else { continue };
        let sessions = Sessions::by_command(&origin, Arc::new(command));
        let place = sessions.place();
        all.push(of_sessions(&sessions, None, Some("command"), place));
    }
    let accounts = Accounts::read(&client::accounts_file(ground))?;
    all.extend(accounts.list.iter().map(|account| of_account(ground, account)));
    crate::cli::auth::status(&all, desk)
}

fn of_account(ground: &Ground, account: &Account) -> Status {
    let chain = vaults::chain(ground, account.vault.as_deref());
    let sessions = Sessions::of_account(account.clone(), chain);
    let place = account.vault.as_ref().map(|_| sessions.place()).unwrap_or_default();
    of_sessions(&sessions, Some(account.username.clone()), account.vault.as_deref(), place)
}

fn of_sessions(sessions: &Sessions, username: Option<String>, vault: Option<&str>, place: String) -> Status {
    let session = vault.and_then(|_| sessions.load());
    let sort = match &session {
        None => Sort::Unknown,
        Some(session) if session.access.expose_secret().starts_with(PERSONAL) => Sort::Personal,
        // A token that is handed in may be of any sort; one that can be renewed belongs to a session.
        Some(session) if session.refresh.expose_secret().is_empty() => Sort::Unknown,
        Some(_) => Sort::Session,
    };
    let ends = session.map_or(Ends::default(), |session| session.ends);
    Status {
        community: sessions.origin().to_owned(),
        username,
        vault: vault.map(str::to_owned),
        place,
        trouble: sessions.unreadable(),
        sort,
        access_until: ends.access,
        until: ends.session,
    }
}

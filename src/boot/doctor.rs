//! Collects what `lyceum doctor` prints.

use std::io::IsTerminal;
use std::time::Duration;

use super::{Ground, backends, client, vaults};
use crate::base::secret::ExposeSecret as _;
use crate::cli::doctor::{Findings, Kept};
use crate::cli::output::{Desk, Failure};
use crate::community::SessionStore;
use crate::config::environment::of_process;
use crate::config::locale::{Catalog, Language};
use crate::engine::account::{Account, Accounts, Sessions};
use crate::engine::event::Answer;
use crate::engine::request::Query;
use crate::vault::file::File;
use crate::vault::{self, probe};

/// The community gets this long.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn run(ground: &Ground, desk: &mut Desk<'_>) -> Result<(), Failure> {
    // Programs read the same in every language.
    let english = desk.json.then(|| Ground { words: Catalog::new(Language::English), ..ground.clone() });
    let ground = english.as_ref().unwrap_or(ground);
    // A report asks for nothing.
    ground.places.person.leave();
    let accounts = Accounts::read(&client::accounts_file(ground)).unwrap_or_default();
    let findings = Findings {
        terminal: ground.settings.surroundings(&of_process),
        notify: ground.settings.screen.notify,
        interactive: std::io::stdin().is_terminal() && std::io::stdout().is_terminal(),
        paths: ground.paths.clone(),
        settings: ground.faults.first().map_or(Ok(()), |fault| Err(fault.sentence(&ground.words))),
        vaults: all_vaults(ground, &accounts),
        vault_cache: vaults::cache(ground),
        accounts: accounts.list.into_iter().map(|account| kept(ground, account)).collect(),
        proxy: proxy(ground),
        ca_file: ground.settings.client.ca_file.clone().map(|path| {
            let read = backends::network(ground).map_err(|failure| failure.sentence(&ground.words));
            (path, read.map(drop))
        }),
        community: community(ground).await,
    };
    crate::cli::doctor::run(&findings, desk)
}

/// Whose tokens are where, and what is wrong there.
fn kept(ground: &Ground, account: Account) -> Kept {
    let sessions = Sessions::of_account(account.clone(), vaults::chain(ground, account.vault.as_deref()));
    let place = sessions.place();
    let session = sessions.load();
    let holds = session.map(|session| {
        let until = session.ends.session.map(|at| at.strftime("%F %H:%M UTC").to_string());
        // What a personal token may do, its community tells: `lyceum auth status` asks.
        let key = match (session.refresh.expose_secret().is_empty(), &until) {
            (true, None) => "doctor.token",
            (true, Some(_)) => "doctor.token-until",
            (false, None) => "doctor.session",
            (false, Some(_)) => "doctor.session-until",
        };
        ground.words.fill(key, &[("time", &until.unwrap_or_default())])
    });
    let trouble = sessions.unreadable().map(|why| why.sentence(&ground.words));
    Kept {
        origin: account.origin,
        username: account.username,
        vault: account.vault.map(|vault| (vault, place)),
        holds,
        trouble,
    }
}

/// Every vault and how it stands.
fn all_vaults(ground: &Ground, accounts: &Accounts) -> Vec<(&'static str, String)> {
    let words = &ground.words;
    let works = || words.get("doctor.works").to_owned();
    let said = |result: Result<(), vault::Error>| result.map_or_else(|error| error.to_string(), |()| works());
    let state = |vault: &dyn vault::Vault| match probe(vault) {
        // The file of the probe is none that would be written.
        Err(vault::Error::NotAgreed { path, .. }) => {
            let folder = path.parent().unwrap_or(&path);
            let new = words.fill("doctor.not-agreed", &[("folder", &folder.display().to_string())]);
            // To plain files each account agrees for itself.
            if accounts.list.iter().any(|account| account.vault.as_deref() == Some(vault.name())) {
                let kept = said(probe(&File::in_folder(folder.to_owned())));
                words.fill("doctor.agreed-for-some", &[("kept", &kept), ("new", &new)])
            } else {
                new
            }
        }
        result => said(result),
    };
    vaults::all(ground, None).iter().map(|vault| (vault.name(), state(&**vault))).collect()
}

/// The proxy on the way to the community; to any, as long as there is none.
fn proxy(ground: &Ground) -> Option<String> {
    let origin = client::origin(ground).unwrap_or_else(|_| "https://community.invalid".to_owned());
    let network = crate::community::http::Network::default();
    backends::proxy(&origin, &network).map(|proxy| proxy.name().as_str().to_owned())
}

/// Asks the community what it is called.
async fn community(ground: &Ground) -> Option<(String, Result<String, String>, u128)> {
    let origin = client::origin(ground).ok()?;
    let began = tokio::time::Instant::now();
    let answer = match client::connect(ground) {
        Ok(mut client) => tokio::time::timeout(PATIENCE, client.asking.ask(Query::About)).await,
        Err(failure) => Ok(Err(failure)),
    };
    let name = match answer {
        Ok(Ok(Answer::About(about))) => Ok(about.name.as_str().to_owned()),
        Ok(Ok(_)) => Err(ground.words.get("error.malformed").to_owned()),
        Ok(Err(failure)) => Err(failure.sentence(&ground.words)),
        Err(_) => Err(ground.words.get("error.timeout").to_owned()),
    };
    Some((origin, name, began.elapsed().as_millis()))
}

//! `lyceum accounts`: who was used on this machine, and where their tokens are.

use std::io::Write as _;

use super::json;
use super::output::{Desk, Failure};
use crate::base::text::width::{Stand, pad, width};
use crate::engine::account::Account;

/// Prints the accounts, the last used first. `in_use` is the place of the one that a command would use now.
///
/// # Errors
/// When nobody reads.
pub fn run(accounts: &[Account], in_use: Option<usize>, desk: &mut Desk<'_>) -> Result<(), Failure> {
    if desk.json {
        let accounts = accounts.iter().enumerate().map(|(at, account)| one(account, in_use == Some(at))).collect();
        return desk.document(&json::Accounts { schema: json::Accounts::SCHEMA, accounts });
    }
    if accounts.is_empty() {
        return desk.remark("cli.accounts.none", &[]);
    }
    let columns = |of: fn(&Account) -> &str| accounts.iter().map(|account| width(of(account))).max().unwrap_or(0);
    let (names, origins) = (columns(|account| &account.username), columns(|account| &account.origin));
    for (at, account) in accounts.iter().enumerate() {
        let mark = if in_use == Some(at) { "*" } else { " " };
        let place = match &account.vault {
            Some(vault) => desk.words.get(&format!("vault.name.{vault}")).to_owned(),
            None => desk.words.get("cli.accounts.signed_out").to_owned(),
        };
        let username = pad(&account.username, names, Stand::Left);
        let origin = pad(&account.origin, origins, Stand::Left);
        let values = [("mark", mark), ("username", &username), ("community", &origin), ("where", &place)];
        writeln!(desk.out, "{}", desk.words.fill("cli.accounts.line", &values))?;
    }
    Ok(())
}

fn one(account: &Account, in_use: bool) -> json::Account {
    json::Account {
        community: account.origin.clone(),
        username: account.username.clone(),
        vault: account.vault.clone(),
        in_use,
    }
}

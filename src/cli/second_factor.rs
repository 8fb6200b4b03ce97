//! `lyceum second-factor`: codes of an authenticator besides the password.

use std::io::Write as _;

use std::io::IsTerminal as _;

use clap::{Args, Subcommand};

use super::asking::Asking;
use super::json::{self, Authenticator, RecoveryCodes};
use super::output::{Desk, Failure};
use super::prompt;
use crate::base::qr;
use crate::base::secret::{ExposeSecret, Secret};
use crate::engine::event::{Answer, Secured};
use crate::engine::problem::Kind;
use crate::engine::request::{Deed, Query};

/// What is to be done about it; nothing says how it stands.
#[derive(Clone, Debug, Args)]
pub struct SecondFactor {
    /// What to do; nothing says how it stands
    #[command(subcommand)]
    pub act: Option<Act>,
}

/// What can be done about it.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Act {
    /// Switch it on; your other sessions end
    On,
    /// Switch it off
    Off,
    /// Make new recovery codes; the old ones end
    Codes,
}

/// Says how it stands, or changes that.
///
/// # Errors
/// When nobody is signed in, or the password or a code is wrong.
pub async fn run(factor: &SecondFactor, utf8: bool, asking: &mut Asking, desk: &mut Desk<'_>) -> Result<(), Failure> {
    match factor.act {
        None => tell(asking, desk).await,
        Some(Act::On) => switch_on(utf8, asking, desk).await,
        Some(Act::Off) => {
            may(asking).await?;
            let (password, code) = (ask(desk, "cli.password_again")?, ask(desk, "cli.code")?);
            asking.secure(Deed::EndSecondFactor(password, code)).await?;
            desk.say("cli.factor_off", &[], &standing(false, 0))
        }
        Some(Act::Codes) => {
            may(asking).await?;
            let (password, code) = (ask(desk, "cli.password_again")?, ask(desk, "cli.code")?);
            let secured = asking.secure(Deed::NewRecoveryCodes(password, code)).await?;
            codes(&secured, desk)
        }
    }
}

/// Whether what one is signed in by may do any of this, asked before the password is: a personal access token may not.
async fn may(asking: &mut Asking) -> Result<(), Failure> {
    asking.ask(Query::SecondFactor).await.map(drop)
}

fn ask(desk: &mut Desk<'_>, key: &str) -> Result<Secret, Failure> {
    let label = desk.words.get(key).to_owned();
    Ok(prompt::secret(desk, &label)?)
}

fn standing(enabled: bool, codes_left: u32) -> json::SecondFactor {
    json::SecondFactor { schema: json::SecondFactor::SCHEMA, enabled, recovery_codes_left: codes_left }
}

async fn tell(asking: &mut Asking, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let Answer::SecondFactor(factor) = asking.ask(Query::SecondFactor).await? else {
        return Err(Failure::said(Kind::Server, "cli.engine_gone"));
    };
    let told = standing(factor.enabled, factor.codes_left);
    if factor.enabled && !desk.json {
        writeln!(desk.out, "{}", desk.words.count("security.factor_on", u64::from(factor.codes_left)))?;
        return Ok(());
    }
    desk.say("security.factor_off", &[], &told)
}

async fn switch_on(utf8: bool, asking: &mut Asking, desk: &mut Desk<'_>) -> Result<(), Failure> {
    may(asking).await?;
    let password = ask(desk, "cli.password_again")?;
    let Secured::Begun(begun) = asking.secure(Deed::BeginSecondFactor(password)).await? else {
        return Err(Failure::said(Kind::Server, "cli.engine_gone"));
    };
    let drawn = qr::lines(begun.uri.expose_secret()).filter(|_| utf8 && !desk.json && std::io::stderr().is_terminal());
    for line in drawn.into_iter().flatten() {
        writeln!(desk.err, "{line}")?;
    }
    let secret = begun.secret.expose_secret();
    if desk.json {
        let (secret, uri) = (secret.to_owned(), begun.uri.expose_secret().to_owned());
        desk.document(&Authenticator { schema: Authenticator::SCHEMA, secret, uri })?;
    }
    desk.remark("cli.authenticator", &[("secret", secret)])?;
    let code = ask(desk, "cli.code")?;
    let secured = asking.secure(Deed::ConfirmSecondFactor(code)).await?;
    codes(&secured, desk)
}

/// Prints recovery codes, which were just asked for.
fn codes(secured: &Secured, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let Secured::Codes(codes) = secured else {
        return Err(Failure::said(Kind::Server, "cli.engine_gone"));
    };
    let codes: Vec<&str> = codes.iter().map(ExposeSecret::expose_secret).collect();
    desk.remark("secret.told_codes", &[])?;
    if desk.json {
        let recovery_codes = codes.into_iter().map(str::to_owned).collect();
        return desk.document(&RecoveryCodes { schema: RecoveryCodes::SCHEMA, recovery_codes });
    }
    for code in codes {
        writeln!(desk.out, "{code}")?;
    }
    Ok(())
}

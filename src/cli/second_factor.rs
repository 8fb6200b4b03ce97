//! `lyceum second-factor`: codes of an authenticator besides the password.

use std::io::Write as _;

use std::io::IsTerminal as _;

use clap::{Args, Subcommand};

use super::asking::Asking;
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
            desk.say("cli.factor_off", &[], &serde_json::json!({ "enabled": false }))
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

async fn tell(asking: &mut Asking, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let Answer::SecondFactor(factor) = asking.ask(Query::SecondFactor).await? else {
        return Err(Failure::said(Kind::Server, "cli.engine_gone"));
    };
    let told = serde_json::json!({ "enabled": factor.enabled, "recovery_codes_left": factor.codes_left });
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
    let drawn = qr::lines(begun.uri.expose_secret()).filter(|_| utf8 && std::io::stderr().is_terminal());
    for line in drawn.into_iter().flatten() {
        writeln!(desk.err, "{line}")?;
    }
    writeln!(desk.err, "{}", desk.words.fill("cli.authenticator", &[("secret", begun.secret.expose_secret())]))?;
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
        writeln!(desk.out, "{}", serde_json::json!({ "recovery_codes": codes }))?;
        return Ok(());
    }
    for code in codes {
        writeln!(desk.out, "{code}")?;
    }
    Ok(())
}

//! `lyceum login`: sign in, for the screen and for the other commands.

use std::io::Write as _;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::asking::Asking;
use super::json::{Device, SignedIn};
use super::logout::tell_farewell;
use super::output::{Desk, Failure};
use super::prompt;
use super::vaults::tell_reasons;
use crate::base::private::{self, Fault};
use crate::base::qr;
use crate::base::secret::Secret;
use crate::base::text::link::Link;
use crate::engine::account::Sessions;
use crate::engine::event::{Answer, Event};
use crate::engine::problem::Kind;
use crate::engine::request::{Query, Request};

/// No file with a token is longer, in bytes.
const MOST: u64 = 4096;

/// Who signs in, and how.
#[derive(Clone, Debug, Args)]
pub struct Login {
    /// Your name there; without it, the one you used last
    pub name: Option<String>,

    /// Confirm a code on another device: nothing is typed here
    #[arg(long, group = "way")]
    pub device: bool,

    /// Sign in in this machine's browser
    #[arg(long, group = "way")]
    pub browser: bool,

    /// Read a personal access token from standard input
    #[arg(long, group = "way")]
    pub token_stdin: bool,

    /// Read a personal access token from a file that only you can read
    #[arg(long, group = "way", value_name = "PATH")]
    pub token_file: Option<PathBuf>,

    /// Keep the tokens unencrypted in a file if no keyring takes them, without asking
    #[arg(long)]
    pub insecure_storage: bool,
}

/// What the machine allows.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// Whether half-blocks can be shown.
    pub utf8: bool,
    /// Opens a web address in a browser that the person sees; none where there is none.
    pub browse: Option<fn(&str)>,
}

/// Signs in and says where the tokens went, and why not to a better place.
///
/// # Errors
/// When there is no name, password or token, or they are wrong, or nobody confirmed, or nothing keeps the session.
pub async fn run(
    login: &Login,
    around: Surroundings,
    asking: &mut Asking,
    sessions: &Sessions,
    desk: &mut Desk<'_>,
) -> Result<(), Failure> {
    let way = way(login, asking).await?;
    let is_own = matches!(way, Way::Token(_));
    let vault = match way {
        Way::Device => elsewhere(Request::SignInByDevice, around, asking, desk).await?,
        Way::Browser => {
            let done = desk.words.get("sign_in.browser_done").to_owned();
            elsewhere(Request::SignInInBrowser(done), around, asking, desk).await?
        }
        Way::Token(token) => asking.sign_in(Request::SignInWithToken(token), |_| Ok(())).await?,
        Way::Password => with_password(login, asking, sessions, desk).await?,
    };
    tell_reasons(&sessions.reasons(), desk)?;
    if vault == "memory" { not_kept(is_own, asking, sessions, desk).await } else { told_where(vault, sessions, desk) }
}

/// Nothing outlives this run. A session that nobody could use any more is not left open at the community; a personal token
/// is its owner's to end.
async fn not_kept(is_own: bool, asking: &mut Asking, sessions: &Sessions, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let name = sessions.account().map(|account| account.username).unwrap_or_default();
    let values = vec![("name", name), ("community", sessions.origin().to_owned())];
    if is_own {
        return Err(Failure::Said { kind: Kind::Disk, key: "cli.token_not_kept", values });
    }
    asking.sign_out().await?;
    tell_farewell(sessions, desk)?;
    Err(Failure::Said { kind: Kind::Disk, key: "cli.session_not_kept", values })
}

/// Says where the tokens went.
fn told_where(vault: &str, sessions: &Sessions, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let (place, name) = (sessions.place(), sessions.account().map(|account| account.username).unwrap_or_default());
    let values = [("name", name.as_str()), ("community", sessions.origin()), ("place", &place)];
    if vault == "file" {
        desk.remark("cli.file_vault", &values)?;
    }
    desk.say(
        &format!("cli.signed_in.{vault}"),
        &values,
        &SignedIn {
            schema: SignedIn::SCHEMA,
            community: sessions.origin().to_owned(),
            username: name.clone(),
            vault: vault.to_owned(),
            place: place.clone(),
        },
    )
}

enum Way {
    Password,
    Device,
    Browser,
    Token(Secret),
}

/// The way that was asked for; without a word, the password, or a device where the community takes no password.
async fn way(login: &Login, asking: &mut Asking) -> Result<Way, Failure> {
    match login {
        Login { device: true, .. } => Ok(Way::Device),
        Login { browser: true, .. } => Ok(Way::Browser),
        Login { token_stdin: true, .. } => prompt::line(std::io::stdin().lock()).map(Way::Token).map_err(Failure::Io),
        Login { token_file: Some(path), .. } => token_in(path).map(Way::Token),
        _ => match asking.ask(Query::Ways).await {
            Ok(Answer::Ways(ways)) if !ways.password && ways.device => Ok(Way::Device),
            _ => Ok(Way::Password),
        },
    }
}

/// A token that others may have read is not used: it would go on as if nothing had happened.
fn token_in(path: &Path) -> Result<Secret, Failure> {
    let said = |key, values: &[(&'static str, String)]| {
        let values = [&[("path", path.display().to_string())], values].concat();
        Failure::Said { kind: Kind::Invalid, key, values }
    };
    let unreadable = |error: std::io::Error| said("cli.token_file", &[("why", error.to_string())]);
    match private::read_file(path, MOST) {
        Ok(Some(bytes)) => Ok(prompt::line(&*bytes)?),
        Ok(None) => Err(unreadable(std::io::ErrorKind::NotFound.into())),
        Err(Fault::Loose { mode, .. }) => Err(said("cli.token_file_loose", &[("mode", mode.to_owned())])),
        Err(Fault::Foreign { .. }) => Err(said("cli.token_file_foreign", &[])),
        Err(Fault::Io { error, .. }) => Err(unreadable(error)),
    }
}

/// With a name and a password, and a code when the account has a second factor.
async fn with_password(
    login: &Login,
    asking: &mut Asking,
    sessions: &Sessions,
    desk: &mut Desk<'_>,
) -> Result<&'static str, Failure> {
    let Some(username) = login.name.clone().or_else(|| sessions.account().map(|account| account.username)) else {
        return Err(Failure::said(Kind::Invalid, "cli.whose"));
    };
    let values = [("name", username.as_str()), ("community", sessions.origin())];
    let label = desk.words.fill("cli.password_of", &values);
    let password = prompt::secret(desk, &label)?;
    let request = |code| Request::SignIn { username: username.clone(), password: password.clone(), code };
    match asking.sign_in(request(None), |_| Ok(())).await {
        // A script answers one question: it takes a token, which needs no code.
        Err(Failure::User(error)) if error.kind == Kind::SecondFactor && std::io::stdin().is_terminal() => {
            let label = desk.words.get("cli.code").to_owned();
            let code = prompt::secret(desk, &label)?;
            asking.sign_in(request(Some(code)), |_| Ok(())).await
        }
        other => other,
    }
}

/// Says what a person is to do elsewhere, and waits.
async fn elsewhere(
    request: Request,
    around: Surroundings,
    asking: &mut Asking,
    desk: &mut Desk<'_>,
) -> Result<&'static str, Failure> {
    asking
        .sign_in(request, |event| match event {
            Event::Device { code, page, page_with_code, .. } => {
                let (code, page) = (code.as_str(), page.as_str());
                if desk.json {
                    desk.document(&Device {
                        schema: Device::SCHEMA,
                        user_code: code.to_owned(),
                        verification_uri: page.to_owned(),
                        verification_uri_complete: page_with_code.to_string(),
                    })?;
                }
                let drawn = Link::parse(page_with_code).filter(|_| around.utf8).and_then(|link| qr::lines(link.url()));
                if std::io::stderr().is_terminal() && !desk.json {
                    for line in drawn.into_iter().flatten() {
                        writeln!(desk.err, "{line}")?;
                    }
                }
                desk.remark("cli.device", &[("code", code), ("page", page)])
            }
            Event::Browser { address, .. } => {
                if let Some(browse) = around.browse {
                    browse(address);
                }
                desk.remark("cli.browser", &[("address", address)])
            }
            _ => Ok(()),
        })
        .await
}

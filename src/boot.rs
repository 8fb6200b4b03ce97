//! F7: the composition root. The only place that knows every concrete type; it builds them in order (settings → logs →
//! vault → backend → engine → front end) and hands them to who uses them.

use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::base::paths::Paths;
use crate::cli::output::{Desk, Failure};
use crate::cli::paper::Paper;
use crate::cli::{self, Arguments, Command};
use crate::config::environment::{command_line, locale, of_process};
use crate::config::locale::Catalog;
use crate::config::terminal::Terminal;
use crate::config::{self, Settings};
use crate::engine::account::Accounts;
use crate::engine::problem::Kind;
use crate::engine::seat::Who;

mod auth;
mod backends;
mod client;
#[cfg(feature = "server")]
mod demo;
mod doctor;
mod errand;
#[cfg_attr(not(feature = "server"), path = "boot/no_host.rs")]
mod host;
pub mod logs;
pub mod panics;
mod person;
mod screen;
mod seats;
mod settings;
#[cfg(feature = "server")]
mod signals;
mod vaults;

/// What everything else stands on.
#[derive(Clone)]
struct Ground {
    paths: Paths,
    settings: Settings,
    /// What was wrong with them and is left out of them.
    faults: Vec<config::Error>,
    words: Catalog,
    places: Arc<vaults::Places>,
    /// Whether the screen is told line by line, and whether because the terminal can do nothing else.
    linear: Option<screen::Linear>,
}

/// Reads the arguments, does what they ask and turns what came of it into an exit code.
pub fn run() -> ExitCode {
    leave_no_core();
    let paths = Paths::of_user();
    let words = first_words(paths.as_ref());
    let line = command_line();
    let json = line.iter().any(|word| word == "--json");
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let is_terminal = (out.is_terminal(), err.is_terminal());
    let (out, err) = (Paper::new(&mut out, json), Paper::new(&mut err, json));
    let mut desk = Desk { words: &words, json, out, err };
    // Until the settings are read, the environment alone says which characters a terminal shows.
    spell(&mut desk, is_terminal, &Settings::default());
    let arguments = match Arguments::read(line, &words) {
        Ok(arguments) => arguments,
        Err(instead) => return desk.answer(instead),
    };
    panics::tell_clean();
    let Some(paths) = paths else {
        let failure = Failure::said(Kind::Invalid, "cli.no_home");
        desk.fail(&failure);
        return ExitCode::from(cli::exit::of_failure(&failure));
    };
    let loaded = load(&paths, &arguments);
    // These are for when nothing else works.
    let (settings, faults) = match (loaded, &arguments.command) {
        (Ok(loaded), _) => loaded,
        (Err(error), Some(Command::Doctor | Command::Config(_))) => (Settings::default(), vec![error]),
        (Err(error), _) => {
            desk.fail(&error.into());
            return ExitCode::from(cli::exit::USAGE);
        }
    };
    let words = Catalog::new(settings.client.language.language(&locale(&of_process)));
    let places = Arc::new(vaults::Places::new(&paths, &settings.client, &words));
    let plain = arguments.plain || matches!(&arguments.command, Some(Command::Demo(demo)) if demo.plain);
    let linear = screen::Linear::of(plain, &settings.surroundings(&of_process), is_terminal.0);
    let ground = Ground { paths, settings, faults, words, places, linear };
    let Desk { out, err, .. } = desk;
    let mut desk = Desk { words: &ground.words, json: arguments.json, out, err };
    spell(&mut desk, is_terminal, &ground.settings);
    match start(&ground, &arguments, &mut desk) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read has had enough (`| head`): that is no fault.
        Err(Failure::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            desk.fail(&failure);
            ExitCode::from(cli::exit::of_failure(&failure))
        }
    }
}

/// The settings. The screen can begin with wrong looks and tell of them; nobody would see that in what a command prints.
fn load(paths: &Paths, arguments: &Arguments) -> Result<(Settings, Vec<config::Error>), config::Error> {
    let (file, flags) = (paths.config.join("config.toml"), arguments.flags());
    match &arguments.command {
        None | Some(Command::Demo(_)) => config::load_for_screen(&file, &of_process, &flags),
        Some(_) => config::load(&file, &of_process, &flags).map(|settings| (settings, Vec::new())),
    }
}

/// The language of what is said before the settings are read: theirs, as far as they can be read without the arguments.
fn first_words(paths: Option<&Paths>) -> Catalog {
    let settings = paths.and_then(|paths| config::load(&paths.config.join("config.toml"), &of_process, &[]).ok());
    let choice = settings.map(|settings| settings.client.language).unwrap_or_default();
    Catalog::new(choice.language(&locale(&of_process)))
}

/// Has commands speak in the characters that a terminal shows; a file or a pipe gets UTF-8.
fn spell(desk: &mut Desk<'_>, (out, err): (bool, bool), settings: &Settings) {
    let plain = !settings.surroundings(&of_process).utf8;
    desk.out.spell(out && plain);
    desk.err.spell(err && plain);
}

/// Starts the log and the runtime, and ends both.
fn start(ground: &Ground, arguments: &Arguments, desk: &mut Desk<'_>) -> Result<(), Failure> {
    if matches!(arguments.command, Some(Command::Serve(_))) {
        logs::to_stderr(ground.settings.client.log);
    } else {
        logs::to_file(&ground.paths.state, ground.settings.client.log);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(perform(ground, arguments, desk));
    // A thread that waits for a keyring that never answers must not keep the program.
    runtime.shutdown_background();
    crate::engine::attach::end_all();
    done
}

async fn perform(ground: &Ground, arguments: &Arguments, desk: &mut Desk<'_>) -> Result<(), Failure> {
    match &arguments.command {
        None => {
            needs_a_terminal(ground)?;
            keep_accounts_private(ground);
            screen::open(ground).await
        }
        Some(Command::Errand(errand)) => errand::run(ground, errand, desk).await,
        Some(Command::Completions(completions)) => {
            cli::pages::completions(completions, Arguments::definition(&ground.words), desk)
        }
        Some(Command::Man(man)) => cli::pages::man(man, Arguments::definition(&ground.words), desk),
        #[cfg(feature = "server")]
        Some(Command::Demo(demo)) => {
            needs_a_terminal(ground)?;
            demo::run(ground, demo).await
        }
        #[cfg(not(feature = "server"))]
        Some(Command::Demo(_)) => Err(host::absent()),
        Some(Command::Serve(_)) => host::serve(ground, desk).await,
        Some(Command::Config(what)) => settings::run(ground, what, desk),
        Some(Command::Doctor) => doctor::run(ground, desk).await,
        Some(Command::Admin(admin)) => administer(ground, admin, desk).await,
        Some(Command::Login(login)) => {
            keep_accounts_private(ground);
            ground.places.person.sign_in(login.insecure_storage);
            let mut login = login.clone();
            login.name = login.name.or_else(|| ground.settings.client.account.clone());
            let mut client = client::connect_to_sign_in(ground, login.name.as_deref())?;
            cli::login::run(&login, surroundings(), &mut client.asking, &client.sessions, desk).await
        }
        Some(Command::Accounts) => list_accounts(ground, desk),
        Some(Command::Logout) => {
            let mut client = client::connect(ground)?;
            cli::logout::run(&mut client.asking, &client.sessions, desk).await
        }
        Some(Command::Sessions(sessions)) => {
            as_reader(ground, desk, async |client, desk| cli::sessions::run(sessions, &mut client.asking, desk).await)
                .await
        }
        Some(Command::Tokens(tokens)) => {
            as_reader(ground, desk, async |client, desk| cli::tokens::run(tokens, &mut client.asking, desk).await).await
        }
        Some(Command::SecondFactor(factor)) => {
            let utf8 = surroundings().utf8;
            as_reader(ground, desk, async |client, desk| {
                cli::second_factor::run(factor, utf8, &mut client.asking, desk).await
            })
            .await
        }
        Some(Command::Auth(cli::auth::Auth::Status)) => auth::status(ground, desk).await,
        Some(Command::Whoami) => {
            as_reader(ground, desk, async |client, desk| {
                cli::whoami::run(&mut client.asking, &client.sessions, desk).await
            })
            .await
        }
    }
}

/// Runs a command of somebody who should be signed in. Who is not is told how they stand.
async fn as_reader(
    ground: &Ground,
    desk: &mut Desk<'_>,
    run: impl AsyncFnOnce(&mut client::Client, &mut Desk<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut client = client::connect(ground)?;
    let standing = cli::vaults::Standing::of(&client.sessions);
    let done = run(&mut client, desk).await;
    done.map_err(|failure| standing.explain(failure, &client.sessions, desk))
}

/// What this machine allows at signing in.
fn surroundings() -> cli::login::Surroundings {
    let terminal = Terminal::read(&of_process);
    let browse: fn(&str) = crate::tui::run::browser::open;
    cli::login::Surroundings { utf8: terminal.utf8, browse: terminal.browser.then_some(browse) }
}

fn list_accounts(ground: &Ground, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let accounts = Accounts::read(&client::accounts_file(ground))?.list;
    // Without any there is nothing to be in use; a name that none of them has is a fault.
    let who = if accounts.is_empty() { None } else { client::who(ground).map(Some)? };
    let in_use = accounts.iter().position(|account| Some(Who::of(account)) == who);
    cli::accounts::run(&accounts, in_use, desk)
}

/// Roles go over the network; the rest is done on the data folder.
async fn administer(ground: &Ground, admin: &cli::admin::Admin, desk: &mut Desk<'_>) -> Result<(), Failure> {
    match admin {
        cli::admin::Admin::Role { name, role } => {
            as_reader(ground, desk, async |client, desk| {
                cli::admin::give_role(&mut client.asking, desk, name, (*role).into()).await
            })
            .await
        }
        _ => host::administer(ground, admin, desk).await,
    }
}

/// A crash must not write the tokens to the disk. What this program starts may raise the limit again.
#[cfg(unix)]
fn leave_no_core() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { maximum, .. } = getrlimit(Resource::Core);
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum });
}

#[cfg(not(unix))]
fn leave_no_core() {}

/// Makes a folder that only its owner can enter, where there is none yet. One that is there stays as it is.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut folders = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
    folders.recursive(true).create(folder)
}

/// Who signed in where is nobody else's business. What cannot be made is told by whoever writes there.
fn keep_accounts_private(ground: &Ground) {
    let _ = make_private(&ground.paths.data);
}

/// What is told line by line needs none.
fn needs_a_terminal(ground: &Ground) -> Result<(), Failure> {
    if ground.linear.is_some() || std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        return Ok(());
    }
    Err(Failure::said(Kind::Invalid, "cli.no_terminal"))
}

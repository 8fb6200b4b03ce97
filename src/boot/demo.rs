//! `lyceum demo`: a server with the invented community on this machine, and a screen that is signed in to it over HTTP
//! like any other.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::host::{failed, listen, open, refused};
use super::seats::Seats;
use super::{Ground, client, screen, vaults};
use crate::base::paths::Paths;
use crate::base::random::{self, SystemRandom};
use crate::base::secret::Secret;
use crate::cli::demo::Demo;
use crate::cli::output::Failure;
use crate::config::server::Settings;
use crate::engine::Shelf;
use crate::engine::account::Sessions;
use crate::engine::problem::Kind;
use crate::engine::request::Request;
use crate::engine::seat::Who;
use crate::server::{self, admin, serve_app};

/// Tells a folder of the demo's from one that holds somebody's work. Locked while a demo runs on its folder: each start
/// gives its reader a new password, which would sign out the one that runs.
const MARKER: &str = "lyceum-demo";

/// Starts the server, signs in and shows the screen until the reader leaves.
pub(super) async fn run(ground: &Ground, demo: &Demo) -> Result<(), Failure> {
    let folder = ground.paths.data.join("demo");
    let _ours = prepare(&folder, demo.fresh)?;
    let mut settings = Settings {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        data_dir: folder.clone(),
        demo_content: true,
        ..Settings::default()
    };
    // Nobody else is waiting for an answer.
    settings.limits.stop_seconds = 1;
    let listener = listen(settings.listen)?;
    settings.listen = listener.local_addr()?;
    let origin = server::origin::of(&settings);
    let username = demo.persona.username();
    let password = Secret::from(random::hex(&SystemRandom, 24));
    let cost = settings.password_cost;
    let app = open(settings).await?;
    admin::set_password(&folder, username, password.clone(), cost).await.map_err(|error| refused(&folder, &error))?;
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve_app(listener, app, async {
        let _ = stopped.await;
    }));
    let shown = sign_in_and_show(ground, &folder, &origin, username, password).await;
    drop(stop);
    match server.await {
        Ok(Err(error)) => shown.and(Err(failed(&error, &folder))),
        _ => shown,
    }
}

/// The tokens live as long as the server does: they are kept in memory, and the account is not remembered.
async fn sign_in_and_show(
    ground: &Ground,
    folder: &Path,
    origin: &str,
    username: &str,
    password: Secret,
) -> Result<(), Failure> {
    let sessions = Arc::new(Sessions::open(origin, vaults::memory(), None));
    // An engine of its own, which keeps nothing: what the shelf holds is told to the screen and to nobody before it.
    let mut entrance = client::with_sessions(ground, Arc::clone(&sessions), None)?;
    entrance
        .asking
        .sign_in(Request::SignIn { username: username.to_owned(), password, code: None }, |_| Ok(()))
        .await?;
    drop(entrance);
    ground.places.person.leave();
    // The port is another at every start; the community is the same.
    let shelf = Shelf::in_folder(folder.join("reader"));
    let client = client::with_sessions(ground, sessions, Some(shelf.clone()))?;
    let own = Paths { config: ground.paths.config.clone(), ..Paths::under(folder) };
    let ground = Ground { paths: own, ..ground.clone() };
    let who = Who { origin: origin.to_owned(), username: Some(username.to_owned()) };
    let accounts = Arc::new(Seats::for_one_run(&ground, origin, shelf));
    screen::show(&ground, who, client, accounts).await
}

/// Makes the folder and takes it for as long as the answer lives; with `fresh`, empties it then, if it is ours to empty.
fn prepare(folder: &Path, fresh: bool) -> Result<File, Failure> {
    let marker = folder.join(MARKER);
    if fresh && folder.exists() && !marker.exists() {
        return Err(refuse("cli.demo_folder", folder));
    }
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    let mut held = fs::OpenOptions::new().create(true).truncate(false).write(true).open(marker)?;
    match held.try_lock() {
        Err(TryLockError::WouldBlock) => return Err(refuse("cli.demo_runs", folder)),
        // A file system without locks is no reason not to start.
        Err(TryLockError::Error(error)) if error.kind() != ErrorKind::Unsupported => return Err(error.into()),
        _ => {}
    }
    if fresh {
        empty(folder)?;
    }
    held.set_len(0)?;
    held.write_all(b"Made by `lyceum demo`; `lyceum demo --fresh` deletes what is in this folder.\n")?;
    Ok(held)
}

fn refuse(key: &'static str, folder: &Path) -> Failure {
    Failure::Said { kind: Kind::Invalid, key, values: vec![("path", folder.display().to_string())] }
}

/// Deletes everything but the marker: whoever comes next must meet the lock that is on it.
fn empty(folder: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => fs::remove_dir_all(entry.path())?,
            false if entry.file_name() == MARKER => {}
            false => fs::remove_file(entry.path())?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::locale::{Catalog, Language};

    #[test]
    fn only_a_folder_of_the_demo_is_deleted() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("demo");
        drop(prepare(&folder, true).unwrap());
        fs::write(folder.join("community.db"), "x").unwrap();
        fs::create_dir(folder.join("state")).unwrap();
        drop(prepare(&folder, false).unwrap());
        assert!(folder.join("community.db").exists());
        drop(prepare(&folder, true).unwrap());
        let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [MARKER]);
        let work = home.path().join("work");
        fs::create_dir(&work).unwrap();
        fs::write(work.join("thesis"), "x").unwrap();
        assert!(prepare(&work, true).is_err());
        assert!(work.join("thesis").exists());
    }

    #[test]
    fn one_demo_at_a_time_runs_on_a_folder() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("demo");
        let first = prepare(&folder, false).unwrap();
        fs::write(folder.join("community.db"), "x").unwrap();
        for fresh in [false, true] {
            let refused = prepare(&folder, fresh).unwrap_err();
            assert_eq!(crate::cli::exit::of_failure(&refused), 7);
            for language in Language::ALL {
                let sentence = refused.sentence(&Catalog::new(language));
                assert!(sentence.contains(&folder.display().to_string()), "{sentence}");
                assert!(sentence.contains("LYCEUM_HOME="), "{sentence}");
            }
        }
        assert!(folder.join("community.db").exists(), "deleted under a demo that runs");
        drop(first);
        // Emptied, and held all the same.
        let second = prepare(&folder, true).unwrap();
        assert!(prepare(&folder, true).is_err());
        drop(second);
        prepare(&folder, false).unwrap();
    }
}

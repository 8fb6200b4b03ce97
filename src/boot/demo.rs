//! `lyceum demo`: a server with the invented community on this machine, and a screen that is signed in to it over HTTP
//! like any other.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::host::{failed, listen, open, refused};
use super::{Ground, client, screen, vaults};
use crate::base::paths::Paths;
use crate::base::random::{self, SystemRandom};
use crate::base::secret::Secret;
use crate::cli::demo::Demo;
use crate::cli::output::Failure;
use crate::config::server::Settings;
use crate::engine::account::Sessions;
use crate::engine::problem::Kind;
use crate::engine::request::Request;
use crate::server::{admin, serve_app};

/// Tells a folder of the demo's from one that holds somebody's work.
const MARKER: &str = "lyceum-demo";

/// Starts the server, signs in and shows the screen until the reader leaves.
pub(super) async fn run(ground: &Ground, demo: &Demo) -> Result<(), Failure> {
    let folder = ground.paths.data.join("demo");
    prepare(&folder, demo.fresh)?;
    let mut settings = Settings {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        data_dir: folder.clone(),
        demo_content: true,
        ..Settings::default()
    };
    // Nobody else is waiting for an answer.
    settings.limits.stop_seconds = 1;
    let listener = listen(settings.listen)?;
    let origin = format!("http://{}", listener.local_addr()?);
    let username = demo.persona.username();
    let password = Secret::from(random::hex(&SystemRandom, 24));
    let cost = settings.password_cost;
    let app = open(settings).await?;
    admin::set_password(&folder, username, password.clone(), cost).await.map_err(|error| refused(&error))?;
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve_app(listener, app, async {
        let _ = stopped.await;
    }));
    let shown = sign_in_and_show(ground, &folder, &origin, username, password).await;
    drop(stop);
    match server.await {
        Ok(Err(error)) => shown.and(Err(failed("cli.server", &error))),
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
    let sessions = Sessions::open(origin, vaults::memory(), None);
    let mut client = client::with_sessions(Arc::new(sessions))?;
    client.asking.sign_in(Request::SignIn { username: username.to_owned(), password }).await?;
    let own = Paths { config: ground.paths.config.clone(), ..Paths::under(folder) };
    let ground = Ground { paths: own, settings: ground.settings.clone(), words: ground.words.clone() };
    screen::show(&ground, client).await
}

/// Makes the folder; with `fresh`, empties it first, if it is ours to empty.
fn prepare(folder: &Path, fresh: bool) -> Result<(), Failure> {
    let marker = folder.join(MARKER);
    if fresh && folder.exists() {
        if !marker.exists() {
            return Err(Failure::Said {
                kind: Kind::Invalid,
                key: "cli.demo_folder",
                values: vec![("path", folder.display().to_string())],
            });
        }
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    fs::write(marker, "Made by `lyceum demo`; `lyceum demo --fresh` deletes this folder.\n")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_folder_of_the_demo_is_deleted() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("demo");
        prepare(&folder, true).unwrap();
        fs::write(folder.join("community.db"), "x").unwrap();
        prepare(&folder, false).unwrap();
        assert!(folder.join("community.db").exists());
        prepare(&folder, true).unwrap();
        assert!(!folder.join("community.db").exists() && folder.join(MARKER).exists());
        let work = home.path().join("work");
        fs::create_dir(&work).unwrap();
        fs::write(work.join("thesis"), "x").unwrap();
        assert!(prepare(&work, true).is_err());
        assert!(work.join("thesis").exists());
    }
}

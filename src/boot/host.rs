//! What needs the server: running one, and the host's own tools.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use super::{Ground, signals};
use crate::base::random::SystemRandom;
use crate::base::time::SystemClock;
use crate::cli::admin::Admin;
use crate::cli::output::{Desk, Failure};
use crate::cli::{self, prompt};
use crate::config::server::Settings;
use crate::engine::problem::Kind;
use crate::server::auth::password::Weakness;
use crate::server::connection::TlsError;
use crate::server::{self, admin, db::OpenError, state::App};

/// Runs a server until it is told to stop.
pub(super) async fn serve(ground: &Ground, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let mut settings = ground.settings.server.clone();
    let listener = listen(settings.listen)?;
    // The system chose the port when none was given.
    settings.listen = listener.local_addr()?;
    let url = server::origin::of(&settings);
    let data_dir = settings.data_dir.clone();
    let app = open(settings).await?;
    cli::serve::listening(desk, &url)?;
    server::serve_app(listener, app, signals::to_stop()).await.map_err(|error| failed(&error, &data_dir))
}

pub(super) fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    let bound = TcpListener::bind(address).and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
    bound.map_err(|error| Failure::Said {
        kind: Kind::Invalid,
        key: "cli.listen",
        values: vec![("address", address.to_string()), ("why", error.to_string())],
    })
}

/// Opens the database, with the invented community where the settings want it and there is nothing else.
pub(super) async fn open(settings: Settings) -> Result<server::state::AppState, Failure> {
    let data_dir = settings.data_dir.clone();
    let opened = App::open(settings, Arc::new(SystemClock), Arc::new(SystemRandom)).await;
    opened.map_err(|error| unopened(&data_dir, &error))
}

/// A server that could not go on.
pub(super) fn failed(error: &server::Error, data_dir: &Path) -> Failure {
    let (key, values) = match error {
        server::Error::Database(error) => return unopened(data_dir, error),
        server::Error::Tls(TlsError::Half) => ("cli.tls.half", vec![]),
        server::Error::Tls(TlsError::File { path, reason }) => {
            ("cli.tls.file", vec![("path", path.display().to_string()), ("why", reason.clone())])
        }
        server::Error::Tls(TlsError::Pair(error)) => ("cli.tls.pair", vec![("why", error.to_string())]),
        server::Error::Socket(error) => ("cli.server", vec![("why", error.to_string())]),
    };
    Failure::Said { kind: Kind::Server, key, values }
}

/// A data folder that cannot be used.
fn unopened(data_dir: &Path, error: &OpenError) -> Failure {
    let (key, why) = match error {
        OpenError::Folder { error, .. } => ("cli.data_dir", error.to_string()),
        OpenError::Sql(error) => ("cli.database", error.to_string()),
        OpenError::Migrate(error) => ("cli.database", error.to_string()),
        OpenError::Demo(error) => ("cli.demo_content", error.clone()),
    };
    Failure::Said { kind: Kind::Invalid, key, values: vec![("path", data_dir.display().to_string()), ("why", why)] }
}

/// Works on a data folder, beside a running server or without one.
pub(super) async fn administer(ground: &Ground, task: &Admin, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let Settings { data_dir, password_cost, .. } = &ground.settings.server;
    match task {
        Admin::Owner { name, .. } => {
            admin::make_owner(data_dir, name).await.map_err(|error| refused(data_dir, &error))?;
            cli::admin::made_owner(desk, name)
        }
        Admin::Password { name, .. } => {
            let label = desk.words.fill("cli.new_password_of", &[("name", name)]);
            let password = prompt::secret(desk, &label)?;
            admin::set_password(data_dir, name, password, *password_cost)
                .await
                .map_err(|error| refused(data_dir, &error))?;
            cli::admin::set_password(desk, name)
        }
        Admin::EndSecondFactor { name, .. } => {
            let had = admin::end_second_factor(data_dir, name).await.map_err(|error| refused(data_dir, &error))?;
            cli::admin::ended_second_factor(desk, name, had)
        }
        Admin::Role { .. } => Err(Failure::said(Kind::Unsupported, "error.unsupported")),
    }
}

/// What the host asked for and did not get.
pub(super) fn refused(data_dir: &Path, error: &admin::Error) -> Failure {
    let (kind, key, values) = match error {
        admin::Error::Open(error) => return unopened(data_dir, error),
        admin::Error::Sql(error) => {
            let values = vec![("path", data_dir.display().to_string()), ("why", error.to_string())];
            (Kind::Invalid, "cli.database", values)
        }
        admin::Error::NoName => (Kind::Invalid, "cli.admin.no_name", vec![]),
        admin::Error::NoMember(name) => (Kind::NotFound, "cli.admin.no_member", vec![("name", name.clone())]),
        admin::Error::Alike(name) => (Kind::Conflict, "cli.admin.alike", vec![("name", name.clone())]),
        admin::Error::OwnerExists => (Kind::Conflict, "cli.admin.owner_exists", vec![]),
        admin::Error::Weak(Weakness::Short) => (Kind::Invalid, "cli.admin.password_short", vec![]),
        admin::Error::Weak(Weakness::Long) => (Kind::Invalid, "cli.admin.password_long", vec![]),
        admin::Error::Weak(Weakness::Common) => (Kind::Invalid, "cli.admin.password_common", vec![]),
        admin::Error::Weak(Weakness::Username) => (Kind::Invalid, "cli.admin.password_username", vec![]),
        admin::Error::Hash => (Kind::Invalid, "cli.admin.hash", vec![]),
    };
    Failure::Said { kind, key, values }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::locale::{Catalog, Language};

    #[test]
    fn every_refusal_is_a_sentence_in_every_language() {
        let folder = Path::new("/data");
        let io = || std::io::Error::other("X");
        let open = |error| admin::Error::Open(error);
        let mut refusals: Vec<Failure> = [
            open(OpenError::Folder { path: folder.to_owned(), error: io() }),
            open(OpenError::Demo("X".to_owned())),
            admin::Error::NoName,
            admin::Error::NoMember("ada".to_owned()),
            admin::Error::Alike("ada".to_owned()),
            admin::Error::OwnerExists,
            admin::Error::Weak(Weakness::Short),
            admin::Error::Weak(Weakness::Long),
            admin::Error::Weak(Weakness::Common),
            admin::Error::Weak(Weakness::Username),
            admin::Error::Hash,
        ]
        .iter()
        .map(|error| refused(folder, error))
        .collect();
        let tls = [TlsError::Half, TlsError::File { path: folder.to_owned(), reason: "X".to_owned() }];
        refusals.extend(tls.map(|error| failed(&error.into(), folder)));
        refusals.push(failed(&io().into(), folder));
        for refusal in refusals {
            for language in Language::ALL {
                let sentence = refusal.sentence(&Catalog::new(language));
                assert!(!sentence.starts_with("cli.") && !sentence.contains(['{', '}']), "{sentence}");
            }
        }
    }
}

//! What needs the server: running one, and the host's own tools.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use super::{Ground, signals};
use crate::base::random::SystemRandom;
use crate::base::time::SystemClock;
use crate::cli::admin::Admin;
use crate::cli::output::{Desk, Failure};
use crate::cli::{self, prompt};
use crate::config::server::Settings;
use crate::engine::problem::Kind;
use crate::server::{self, admin, state::App};

/// Runs a server until it is told to stop.
pub(super) async fn serve(ground: &Ground, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let settings = ground.settings.server.clone();
    let scheme = if settings.tls_cert.is_some() { "https" } else { "http" };
    let listener = listen(settings.listen)?;
    let app = open(settings).await?;
    cli::serve::listening(desk, &format!("{scheme}://{}", listener.local_addr()?))?;
    server::serve_app(listener, app, signals::to_stop()).await.map_err(|error| failed("cli.server", &error))
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
    let path = settings.data_dir.display().to_string();
    App::open(settings, Arc::new(SystemClock), Arc::new(SystemRandom)).await.map_err(|error| {
        let values = vec![("path", path), ("why", error.to_string())];
        Failure::Said { kind: Kind::Invalid, key: "cli.data_dir", values }
    })
}

pub(super) fn failed(key: &'static str, error: &dyn std::error::Error) -> Failure {
    Failure::Said { kind: Kind::Server, key, values: vec![("why", error.to_string())] }
}

/// Works on a data folder, beside a running server or without one.
pub(super) async fn administer(ground: &Ground, task: &Admin, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let Settings { data_dir, password_cost, .. } = &ground.settings.server;
    match task {
        Admin::Owner { name, .. } => {
            admin::make_owner(data_dir, name).await.map_err(|error| refused(&error))?;
            cli::admin::made_owner(desk, name)
        }
        Admin::Password { name, .. } => {
            let label = desk.words.fill("cli.new_password_of", &[("name", name)]);
            let password = prompt::secret(desk, &label)?;
            admin::set_password(data_dir, name, password, *password_cost).await.map_err(|error| refused(&error))?;
            cli::admin::set_password(desk, name)
        }
        Admin::Role { .. } => Err(Failure::said(Kind::Unsupported, "error.unsupported")),
    }
}

pub(super) fn refused(error: &admin::Error) -> Failure {
    let kind = match error {
        admin::Error::NoMember(_) => Kind::NotFound,
        admin::Error::OwnerExists => Kind::Conflict,
        _ => Kind::Invalid,
    };
    Failure::Said { kind, key: "cli.admin", values: vec![("why", error.to_string())] }
}

//! F4: the community server. It is handed a listener and told when to stop; everything else follows from its settings.
//!
//! A request runs through [`router`]: counted, identified, extracted, authorised, answered from [`db`]. Whether a
//! member may read a body is decided by [`crate::model::permission::may_read`] alone.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;

use crate::base::{random::SystemRandom, time::SystemClock};
use crate::config::server::Settings;

pub mod acts;
pub mod admin;
pub mod answer;
pub mod auth;
pub mod connection;
pub mod db;
pub mod error;
pub mod etag;
pub mod extract;
pub mod idempotency;
pub mod limits;
pub mod names;
pub mod origin;
pub mod page;
pub mod policy;
pub mod preview;
pub mod router;
pub mod routes;
pub mod seed;
pub mod show;
pub mod state;
pub mod validate;
pub mod viewer;
pub mod web;

use state::{App, AppState};

/// Why a server did not start, or stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Database(#[from] db::OpenError),
    /// Certificate or key.
    #[error(transparent)]
    Tls(#[from] connection::TlsError),
    /// The socket.
    #[error("the listening socket: {0}")]
    Socket(#[from] std::io::Error),
}

/// Serves a community on `listener` until `shutdown`, then lets the requests under way finish.
pub async fn serve(
    listener: std::net::TcpListener,
    settings: Settings,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    let app = App::open(settings, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    serve_app(listener, app, shutdown).await
}

/// Serves a state that is open already. The database is closed at the end.
pub async fn serve_app(
    listener: std::net::TcpListener,
    app: AppState,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    let limits = app.settings.limits;
    let tls = connection::tls(&app.settings)?;
    let service = router::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    let head = Duration::from_secs(u64::from(limits.head_seconds));
    let mut server = axum_server::from_tcp(listener)?.handle(handle.clone()).first_request_timeout(head);
    server.http_builder().http1().header_read_timeout(head);
    server.http_builder().http2().keep_alive_interval(Duration::from_secs(30)).max_concurrent_streams(64);
    let capped = connection::Capped::new(limits.connections);
    let stop = async {
        shutdown.await;
        app.stop();
        handle.graceful_shutdown(Some(Duration::from_secs(u64::from(limits.stop_seconds))));
        std::future::pending::<()>().await;
    };
    let serving = async {
        match tls {
            Some(acceptor) => server.acceptor(capped.around(acceptor)).serve(service).await,
            None => server.acceptor(capped.around(axum_server::accept::NoDelayAcceptor::new())).serve(service).await,
        }
    };
    let ended = tokio::select! {
        ended = serving => ended,
        () = stop => Ok(()),
    };
    app.db.close().await;
    Ok(ended?)
}

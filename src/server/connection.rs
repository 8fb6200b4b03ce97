//! Connections: how many at once, and TLS from certificate files.

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::Service;

use crate::config::server::Settings;

/// Why TLS could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// One of the two files is named and the other is not.
    #[error("TLS takes both tls_cert and tls_key")]
    Half,
    /// A file that cannot be used.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The pair does not go together.
    #[error("certificate and key: {0}")]
    Pair(#[from] rustls::Error),
}

/// TLS as the settings want it; none for plain HTTP.
pub fn tls(settings: &Settings) -> Result<Option<RustlsAcceptor>, TlsError> {
    let (cert, key) = match (&settings.tls_cert, &settings.tls_key) {
        (None, None) => return Ok(None),
        (Some(cert), Some(key)) => (cert, key),
        _ => return Err(TlsError::Half),
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(cert).map_err(wrong(cert))?.collect();
    let key = PrivateKeyDer::from_pem_file(key).map_err(wrong(key))?;
    // Named here, because a process with two TLS stacks in it has no default.
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain.map_err(wrong(cert))?, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let patience = Duration::from_secs(u64::from(settings.limits.head_seconds));
    Ok(Some(RustlsAcceptor::new(RustlsConfig::from_config(Arc::new(config))).handshake_timeout(patience)))
}

fn wrong<E: std::fmt::Display>(path: &Path) -> impl Fn(E) -> TlsError {
    move |error| TlsError::File { path: path.to_owned(), reason: error.to_string() }
}

/// Counts connections and refuses those above the cap.
#[derive(Clone)]
pub struct Capped {
    free: Arc<Semaphore>,
}

impl Capped {
    /// At most this many at once.
    pub fn new(most: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))) }
    }

    /// Counts in front of another acceptor.
    pub fn around<A>(self, inner: A) -> CappedAcceptor<A> {
        CappedAcceptor { free: self.free, inner }
    }
}

/// An acceptor behind a count.
#[derive(Clone)]
pub struct CappedAcceptor<A> {
    free: Arc<Semaphore>,
    inner: A,
}

type Accepting<S, V> = Pin<Box<dyn Future<Output = io::Result<(S, V)>> + Send>>;

impl<I, S, A: Accept<I, S>> Accept<I, S> for CappedAcceptor<A>
where
    A::Future: Send + 'static,
{
    type Stream = A::Stream;
    type Service = Counted<A::Service>;
    type Future = Accepting<A::Stream, Self::Service>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let Ok(permit) = self.free.clone().try_acquire_owned() else {
            // Dropping the stream closes it; holding it in a queue would use up what the cap protects.
            return Box::pin(async { Err(io::Error::other("too many connections")) });
        };
        let accepting = self.inner.accept(stream, service);
        Box::pin(async move {
            let (stream, inner) = accepting.await?;
            Ok((stream, Counted { inner, _permit: Arc::new(permit) }))
        })
    }
}

/// The service of one connection; the count goes down when its last copy is dropped.
#[derive(Clone)]
pub struct Counted<S> {
    inner: S,
    _permit: Arc<OwnedSemaphorePermit>,
}

impl<R, S: Service<R>> Service<R> for Counted<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.inner.call(request)
    }
}

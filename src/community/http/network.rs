//! How communities are reached from this machine: how long to wait, whom to trust, and through which proxies.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::Proxies;

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For a connection, proxy and TLS included.
    pub connect: Duration,
    /// For the next bytes of an answer.
    pub idle: Duration,
    /// For a whole answer, from the first byte sent to the last one read.
    pub whole: Duration,
    /// For a sign of life on a live connection: three of the server's heartbeats.
    pub silence: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let [connect, idle, whole, silence] = [5, 15, 30, 45].map(Duration::from_secs);
        Self { connect, idle, whole, silence }
    }
}

/// How communities are reached. The default trusts whom the system trusts, and goes through the proxies that the
/// environment names.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// Who is trusted besides those whom the system trusts.
    pub roots: Roots,
    /// The proxies there are.
    pub proxies: Proxies,
}

impl From<Timeouts> for Network {
    fn from(timeouts: Timeouts) -> Self {
        Self { timeouts, ..Self::default() }
    }
}

/// Certificates of authorities that are trusted besides those of the system.
#[derive(Clone, Debug, Default)]
pub struct Roots(Vec<CertificateDer<'static>>);

/// Why a file does not say whom to trust.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// It cannot be read.
    #[error("{}: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// There is no certificate in it, or one that is none.
    #[error("{}: no certificates in PEM", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
}

impl Roots {
    /// Reads the certificates of a file in PEM, one or more.
    ///
    /// # Errors
    /// When it cannot be read, when there is none in it, or when one of them is broken.
    pub fn read(path: &Path) -> Result<Self, RootsError> {
        let pem = std::fs::read(path).map_err(|why| RootsError::Unreadable { path: path.to_owned(), why })?;
        let none = || RootsError::NoCertificate { path: path.to_owned() };
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        let found = found.map_err(|_| none())?;
        let mut store = RootCertStore::empty();
        let is_whole = found.iter().all(|certificate| store.add(certificate.clone()).is_ok());
        if found.is_empty() || !is_whole { Err(none()) } else { Ok(Self(found)) }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// They, as the client takes them. Each was looked at when it was read.
    pub(super) fn certificates(&self) -> Vec<reqwest::Certificate> {
        self.0.iter().filter_map(|certificate| reqwest::Certificate::from_der(certificate).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_told_from_one_that_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        assert!(matches!(Roots::read(&path), Err(RootsError::Unreadable { .. })));
        for text in ["", "what?", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(Roots::read(&path), Err(RootsError::NoCertificate { .. })), "{text}");
        }
        let good = rcgen::generate_simple_self_signed(["guild.example".to_owned()]).unwrap().cert.pem();
        std::fs::write(&path, format!("# ours\n{good}{good}")).unwrap();
        assert_eq!(Roots::read(&path).unwrap().certificates().len(), 2);
        std::fs::write(&path, &good[..good.len() / 2]).unwrap();
        assert!(Roots::read(&path).is_err(), "half a certificate");
    }
}

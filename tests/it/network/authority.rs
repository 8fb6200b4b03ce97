//! An authority of the test's own, and the certificates it signs.

use std::path::PathBuf;
use std::sync::Arc;

use lyceum::community::http::{Network, Roots};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::aws_lc_rs};

/// An authority, with its certificate in a file.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) pem: String,
    folder: TempDir,
}

/// From when to when a certificate is valid.
#[derive(Clone, Copy)]
pub(crate) enum Valid {
    Now,
    Past,
    Future,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), &pem).unwrap();
        Self { issuer: Issuer::new(params, key), pem, folder }
    }

    /// The file of its certificate.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A network on which it is trusted besides those of the system.
    pub(crate) fn trusted(&self) -> Network {
        Network { roots: Roots::read(&self.file()).unwrap(), ..Network::default() }
    }

    /// A server's end for `name`.
    pub(crate) fn server(&self, name: &str, valid: Valid) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let certificate = params(name, valid).signed_by(&key, &self.issuer).unwrap();
        acceptor(certificate.der().clone(), &key)
    }
}

fn params(name: &str, valid: Valid) -> CertificateParams {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    (params.not_before, params.not_after) = match valid {
        Valid::Now => (date_time_ymd(2000, 1, 1), date_time_ymd(4000, 1, 1)),
        Valid::Past => (date_time_ymd(2000, 1, 1), date_time_ymd(2001, 1, 1)),
        Valid::Future => (date_time_ymd(3999, 1, 1), date_time_ymd(4000, 1, 1)),
    };
    params
}

/// A server's end that has signed its own certificate, and that certificate in PEM. OpenSSL makes them as those of an
/// authority.
pub(crate) fn self_signed(name: &str, as_authority: bool) -> (TlsAcceptor, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = params(name, Valid::Now);
    if as_authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let certificate = params.self_signed(&key).unwrap();
    (acceptor(certificate.der().clone(), &key), certificate.pem())
}

fn acceptor(certificate: CertificateDer<'static>, key: &KeyPair) -> TlsAcceptor {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    TlsAcceptor::from(Arc::new(config.with_single_cert(vec![certificate], key).unwrap()))
}

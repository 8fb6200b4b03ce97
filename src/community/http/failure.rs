//! What went wrong on the way, as an error of the port: a line that broke, an end that cannot be trusted, a stranger's
//! answer. What the community itself refuses is the backend's to read.

use std::error::Error as StdError;
use std::io;

use reqwest::StatusCode;
use rustls::{AlertDescription, CertificateError, PeerIncompatible};

use super::media_type;
use crate::community::{Distrust, Error, Kind};

/// A request that did not get its answer. Addresses are left out of the words: they hold what was searched for.
pub(super) fn from_transport(error: &reqwest::Error) -> Error {
    let kind = match () {
        () if error.is_timeout() => Kind::Timeout,
        () if error.is_decode() && causes(error).any(is_nonsense) => Kind::Malformed,
        () => match tls(error) {
            Some(fault) => Kind::Untrusted(distrust(fault)),
            None if causes(error).any(wants_a_name) => Kind::ProxyLogin,
            None => Kind::Offline,
        },
    };
    let told = match causes(error).last() {
        Some(deepest) => Error::with(kind, &deepest.to_string()),
        None => Error::new(kind),
    };
    if error.is_connect() { told.unsent() } else { told }
}

/// A client that cannot be made. Nothing of it depends on what a person typed but whom to trust, which was read before.
pub(super) fn from_setup(error: &reqwest::Error) -> Error {
    let told = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
    Error::with(Kind::Untrusted(Distrust::NobodyTrusted), &told).unsent()
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

/// Bytes that arrived and cannot be unpacked; every other error of a body is a connection that broke.
fn is_nonsense(error: &(dyn StdError + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::InvalidData)
}

/// A proxy that answered CONNECT with 407. Its type is private where it is made, so its words must do.
fn wants_a_name(error: &(dyn StdError + 'static)) -> bool {
    error.to_string() == "tunnel error: proxy authorization required"
}

/// The fault of TLS among the causes. The system's errors carry theirs inside, where `source` does not show it.
fn tls<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    if let Some(fault) = error.downcast_ref::<rustls::Error>() {
        return Some(fault);
    }
    let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    inside.and_then(|inside| tls(inside)).or_else(|| error.source().and_then(tls))
}

fn distrust(fault: &rustls::Error) -> Distrust {
    use rustls::Error as Fault;
    match fault {
        Fault::InvalidCertificate(fault) => certificate(fault),
        Fault::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13 | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        )
        | Fault::AlertReceived(AlertDescription::ProtocolVersion) => Distrust::Outdated,
        Fault::InvalidMessage(_) => Distrust::NoTls,
        _ => Distrust::Other,
    }
}

fn certificate(fault: &CertificateError) -> Distrust {
    use CertificateError as Fault;
    match fault {
        Fault::NotValidForName | Fault::NotValidForNameContext { .. } => Distrust::Name,
        Fault::Expired | Fault::ExpiredContext { .. } => Distrust::Expired,
        Fault::NotValidYet | Fault::NotValidYetContext { .. } => Distrust::NotYet,
        // Signed by nobody who is known, or by somebody who goes by the name of one.
        Fault::UnknownIssuer | Fault::BadSignature => Distrust::Issuer,
        // The certificate of an authority in the place of a server's: self-signed, as OpenSSL makes them by default.
        Fault::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => Distrust::Issuer,
        Fault::Revoked => Distrust::Revoked,
        _ => Distrust::Other,
    }
}

/// Whether an answer with this status cannot be the community's own; `signed` when it carries the server's marker.
pub(super) fn from_stranger(status: StatusCode, signed: bool, content_type: &str) -> Option<Kind> {
    let is_page = || matches!(media_type(content_type).as_str(), "text/html" | "application/xhtml+xml");
    match status {
        StatusCode::NETWORK_AUTHENTICATION_REQUIRED => Some(Kind::LoginPage),
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => Some(Kind::ProxyLogin),
        // A community never sends anybody elsewhere: nothing would be followed.
        _ if signed && (status.is_redirection() || status.is_informational()) => Some(Kind::NotTheServer),
        _ if signed => None,
        _ if status.is_redirection() || status.is_success() && is_page() => Some(Kind::LoginPage),
        // What stands before the server says that the server is down.
        _ if status.is_server_error() => Some(Kind::Server(None)),
        _ => Some(Kind::NotTheServer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_told_from_a_server_that_is_down() {
        let stranger =
            |status, signed, content_type| from_stranger(StatusCode::from_u16(status).unwrap(), signed, content_type);
        for content_type in ["text/html", "application/json", ""] {
            assert_eq!(stranger(200, true, content_type), None);
            assert_eq!(stranger(500, true, content_type), None);
            assert_eq!(stranger(404, false, content_type), Some(Kind::NotTheServer));
            assert_eq!(stranger(502, false, content_type), Some(Kind::Server(None)));
            assert_eq!(stranger(511, false, content_type), Some(Kind::LoginPage));
            assert_eq!(stranger(511, true, content_type), Some(Kind::LoginPage));
            assert_eq!(stranger(407, false, content_type), Some(Kind::ProxyLogin));
            assert_eq!(stranger(302, true, content_type), Some(Kind::NotTheServer));
            assert_eq!(stranger(302, false, content_type), Some(Kind::LoginPage));
        }
        assert_eq!(stranger(200, false, "Text/HTML; charset=utf-8"), Some(Kind::LoginPage));
        assert_eq!(stranger(200, false, "application/json"), Some(Kind::NotTheServer));
    }
}

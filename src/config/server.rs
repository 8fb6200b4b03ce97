//! Settings of the community server. The numbers that a host may change, and nothing that reads them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;

/// Everything a server is told when it starts. An unknown key in a file is an error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where to listen. The loopback address unless a host opens it up.
    pub listen: SocketAddr,
    /// Folder of the database; made with mode 0700 when it is missing.
    pub data_dir: PathBuf,
    /// Fills an empty database with the invented community.
    pub demo_content: bool,
    /// Certificate chain, PEM. With `tls_key` the server speaks TLS itself.
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM.
    pub tls_key: Option<PathBuf>,
    /// How members reach the server, when that is not `listen`: `https://guild.example`.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whom `/.well-known/security.txt` names: an address of letters, or a URI. Without it there is no such file.
    pub security_contact: Option<String>,
    /// Whether anybody may open an account.
    pub open_registration: bool,
    /// Whether `grant_type=password` is answered.
    pub password_grant: bool,
    /// How long sessions last.
    pub sessions: Sessions,
    /// Signing in on another device and in a browser.
    pub sign_in: SignIn,
    /// What a password hash costs.
    pub password_cost: PasswordCost,
    /// How much is too much.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7878)),
            data_dir: PathBuf::from("lyceum-data"),
            demo_content: false,
            tls_cert: None,
            tls_key: None,
            public_url: None,
            trusted_proxies: Vec::new(),
            security_contact: None,
            open_registration: true,
            password_grant: true,
            sessions: Sessions::default(),
            sign_in: SignIn::default(),
            password_cost: PasswordCost::default(),
            limits: Limits::default(),
        }
    }
}

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sessions {
    /// Life of an access token, in seconds.
    pub access_seconds: u32,
    /// Life of a refresh token, in seconds.
    pub refresh_seconds: u32,
    /// For how long a used refresh token may come again because its answer was lost, in seconds.
    pub reuse_grace_seconds: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { access_seconds: 15 * 60, refresh_seconds: 30 * 86_400, reuse_grace_seconds: 10 }
    }
}

/// Signing in on another device (RFC 8628) and in a browser on the member's own machine (RFC 8252).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignIn {
    /// Life of the codes that a device shows and waits with, in seconds.
    pub device_seconds: u32,
    /// How long a device waits between two questions, in seconds.
    pub device_interval_seconds: u32,
    /// Devices that may wait at the same time.
    pub device_codes: u32,
    /// Life of a page on which somebody signs in and decides, in seconds.
    pub page_seconds: u32,
    /// Life of the code that a browser carries to a program, in seconds.
    pub code_seconds: u32,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            device_seconds: 10 * 60,
            device_interval_seconds: 5,
            device_codes: 10_000,
            page_seconds: 10 * 60,
            code_seconds: 60,
        }
    }
}

/// Parameters of Argon2id; the defaults are those of OWASP's password storage cheat sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordCost {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, lanes: 1 }
    }
}

/// How often something may be done: a bucket of `burst` that fills up evenly over `seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many at once, and how many per `seconds` in the long run.
    pub burst: u32,
    /// Length of the window, in seconds.
    pub seconds: u32,
}

/// How long tries are held back: the first few are free, then each waits twice as long as the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    /// How many may be made at once.
    pub free: u32,
    /// The wait after those, in seconds.
    pub first_seconds: u32,
    /// The longest wait, in seconds.
    pub most_seconds: u32,
}

/// How much is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Requests of everybody together.
    pub everybody: Rate,
    /// Requests of one address (IPv6: one /64).
    pub per_address: Rate,
    /// Requests of one account.
    pub per_account: Rate,
    /// Requests with one token.
    pub per_token: Rate,
    /// Writes of one account.
    pub writes: Rate,
    /// Tries to sign in as one name from one address.
    pub sign_in: Delay,
    /// Tries to sign in as one name from all addresses together, but for those where it signed in before.
    pub sign_in_account: Delay,
    /// Tries to sign in from one address, whatever the name; also tries to open an account. Codes of second factors are
    /// counted apart, as many.
    pub sign_in_address: Rate,
    /// Device codes asked for from one address.
    pub device_codes: Rate,
    /// User codes typed at one address that no device waits with.
    pub user_codes: Rate,
    /// Open connections.
    pub connections: usize,
    /// Body of a request, in bytes, inflated when it came compressed.
    pub body_bytes: usize,
    /// For the head of a request to arrive, in seconds.
    pub head_seconds: u32,
    /// For the body of a request to arrive, in seconds.
    pub body_seconds: u32,
    /// For requests to finish when the server stops, in seconds.
    pub stop_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            everybody: Rate { burst: 30_000, seconds: 60 },
            per_address: Rate { burst: 600, seconds: 60 },
            per_account: Rate { burst: 1200, seconds: 60 },
            per_token: Rate { burst: 600, seconds: 60 },
            writes: Rate { burst: 60, seconds: 60 },
            sign_in: Delay { free: 5, first_seconds: 30, most_seconds: 15 * 60 },
            sign_in_account: Delay { free: 100, first_seconds: 1, most_seconds: 30 },
            sign_in_address: Rate { burst: 30, seconds: 15 * 60 },
            device_codes: Rate { burst: 30, seconds: 15 * 60 },
            user_codes: Rate { burst: 10, seconds: 15 * 60 },
            connections: 1024,
            body_bytes: 256 * 1024,
            head_seconds: 10,
            body_seconds: 20,
            stop_seconds: 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_leaves_out_has_a_default_and_what_nobody_knows_is_an_error() {
        let read: Settings = toml::from_str("password_grant = false\n[sessions]\naccess_seconds = 60").unwrap();
        let sessions = Sessions { access_seconds: 60, ..Sessions::default() };
        assert_eq!(read, Settings { password_grant: false, sessions, ..Settings::default() });
        let wrong = toml::from_str::<Settings>("[limits]\nbody_byte = 1").unwrap_err().to_string();
        assert!(wrong.contains("body_byte"), "{wrong}");
    }
}

//! Where members reach this server: the one address that metadata, codes and pages name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::config::server::Settings;

/// The address that members use where it is set, else where the server listens; without a slash at its end. All
/// addresses of this machine are none to connect to; the loopback stands for them.
pub fn of(settings: &Settings) -> String {
    if let Some(url) = &settings.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let scheme = if settings.tls_cert.is_some() { "https" } else { "http" };
    let ip = match settings.listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("{scheme}://{}", SocketAddr::new(ip, settings.listen.port()))
}

/// Whether members reach it over TLS, spoken here or by what stands in front.
pub fn is_https(settings: &Settings) -> bool {
    of(settings).starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_where_its_members_reach_it() {
        let at = |listen: &str| Settings { listen: listen.parse().unwrap(), ..Settings::default() };
        assert_eq!(of(&at("0.0.0.0:80")), "http://127.0.0.1:80");
        assert_eq!(of(&at("[::]:80")), "http://[::1]:80");
        let tls = Settings { tls_cert: Some("cert.pem".into()), ..at("192.0.2.1:443") };
        assert_eq!(of(&tls), "https://192.0.2.1:443");
        assert!(is_https(&tls) && !is_https(&at("127.0.0.1:80")));
        let public = Settings { public_url: Some("https://guild.example/".to_owned()), ..tls };
        assert_eq!(of(&public), "https://guild.example");
    }
}

//! Where a community is: scheme, host and port. Tokens are bound to it.

use std::net::IpAddr;

use reqwest::Url;

/// Scheme, host and port of a community, checked: HTTPS, or plain HTTP to this machine itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(Url);

/// Why an address is not one to connect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not a web address.
    #[error("not an address of the form https://HOST")]
    Unreadable,
    /// Passwords and tokens would travel in the clear.
    #[error("plain http is for this machine only; use https")]
    Insecure,
    /// A name or password stands in it; these are asked for, never written into addresses.
    #[error("an address must not hold a name or a password")]
    Credentials,
    /// There is more than scheme, host and port.
    #[error("an address must end after the host and port")]
    Path,
}

impl Origin {
    /// Reads an address. `community.example` means `https://community.example`.
    ///
    /// # Errors
    /// When it is not one to connect to.
    pub fn parse(address: &str) -> Result<Self, AddressError> {
        let address = address.trim();
        let full = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
        let url = Url::parse(&full).map_err(|_| AddressError::Unreadable)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(AddressError::Unreadable)?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => return Err(AddressError::Insecure),
            _ => return Err(AddressError::Unreadable),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Credentials);
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(AddressError::Path);
        }
        Ok(Self(url))
    }

    /// Whether it is this machine itself.
    pub fn is_loopback(&self) -> bool {
        self.0.host_str().is_some_and(is_loopback)
    }

    /// Whether what goes there is encrypted. Everything is, but what stays on this machine.
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The address of a path of it. `path` starts with a slash.
    pub fn at(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }
}

impl std::fmt::Display for Origin {
    /// Without a slash at the end: as accounts and vaults know it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// Names are not looked up: a name server must not decide what is this machine.
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_travel_encrypted_or_not_at_all() {
        let read = |address| Origin::parse(address).map(|origin| origin.to_string());
        assert_eq!(read("community.example"), Ok("https://community.example".to_owned()));
        assert_eq!(read("https://Community.Example:443/"), Ok("https://community.example".to_owned()));
        assert_eq!(read("http://127.0.0.1:8080"), Ok("http://127.0.0.1:8080".to_owned()));
        assert_eq!(read("http://[::1]:8080"), Ok("http://[::1]:8080".to_owned()));
        assert_eq!(read("http://localhost"), Ok("http://localhost".to_owned()));
        for bad in
            ["http://community.example", "http://127.0.0.1.example", "http://localhost.example", "http://10.0.0.1"]
        {
            assert_eq!(read(bad), Err(AddressError::Insecure), "{bad}");
        }
        for bad in ["", "ftp://community.example", "https://", "not an address", "file:///etc/passwd"] {
            assert_eq!(read(bad), Err(AddressError::Unreadable), "{bad}");
        }
        assert_eq!(read("https://ada:secret@community.example"), Err(AddressError::Credentials));
        assert_eq!(read("https://community.example/forum"), Err(AddressError::Path));
    }
}

//! Where an authorization code may be sent: to a program on the member's own machine and nowhere else (RFC 8252
//! section 7.3).

/// Longest address.
const LONGEST: usize = 200;

/// The origin of an address that a code may be sent to: `http://127.0.0.1:PORT/…` or `http://[::1]:PORT/…`. None for
/// anything else.
///
/// Only the plainest way to write it is taken. Whatever two readers could read differently is not: user names, other
/// forms of the address, names (`localhost` may resolve elsewhere, section 8.3), escapes, dots, queries, fragments.
pub fn origin(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("http://")?;
    let rest = ["127.0.0.1:", "[::1]:"].iter().find_map(|host| rest.strip_prefix(host))?;
    let (port, path) = rest.split_at(rest.find('/')?);
    let is_port = (1..=5).contains(&port.len())
        && port.bytes().all(|b| b.is_ascii_digit())
        && !port.starts_with('0')
        && port.parse::<u16>().is_ok();
    let plain = |segment: &str| {
        !segment.starts_with('.') && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
    };
    let segments = path.strip_prefix('/')?;
    let is_path = segments.is_empty() || segments.split('/').all(|segment| !segment.is_empty() && plain(segment));
    (address.len() <= LONGEST && is_port && is_path).then(|| &address[..address.len() - path.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_on_this_machine_is_sent_to() {
        for (address, of) in [
            ("http://127.0.0.1:41234/callback", "http://127.0.0.1:41234"),
            ("http://[::1]:1/callback", "http://[::1]:1"),
            ("http://127.0.0.1:65535/", "http://127.0.0.1:65535"),
            ("http://127.0.0.1:80/a/b-c_d.e~f", "http://127.0.0.1:80"),
        ] {
            assert_eq!(origin(address), Some(of));
        }
    }
}

//! Which addresses may be links, and what a reader must be shown of where they lead. Opens nothing, fetches nothing.

use super::{Clean, width};

/// Longer addresses are not links: nobody can check them by eye.
const MOST_BYTES: usize = 2_048;

/// An address that may be followed: `http`, `https` or `mailto`, without controls, spaces, backslashes or user
/// information.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    url: Clean,
    host: String,
    disguised: bool,
}

impl Link {
    /// Reads an address. None when it is not fit to be a link; it is then shown as the text it is.
    pub fn parse(url: &str) -> Option<Self> {
        let trick = |c: char| {
            c.is_control() || c.is_whitespace() || c == '\\' || width::of_cluster(c.encode_utf8(&mut [0; 4])) == 0
        };
        // What the filter would change is not the address that is shown.
        if url.len() > MOST_BYTES || url.contains(trick) || Clean::block(url).as_str() != url {
            return None;
        }
        let (scheme, rest) = url.split_once(':')?;
        match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => Self::web(url, rest.strip_prefix("//")?),
            "mailto" => Self::mail(url, rest),
            _ => None,
        }
    }

    fn web(url: &str, rest: &str) -> Option<Self> {
        let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
        // `https://bank.example@evil.example/` is made to be misread; nobody needs it.
        if authority.contains(['@', '%']) {
            return None;
        }
        let (name, port) = match authority.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (name, port),
            _ => (authority, ""),
        };
        let in_brackets = name.starts_with('[') && name.ends_with(']');
        if name.is_empty() || name.contains(':') && !in_brackets {
            return None;
        }
        let ascii = if in_brackets { name.to_ascii_lowercase() } else { idna::domain_to_ascii(name).ok()? };
        let readable = if is_east_asian(name) { name.to_lowercase() } else { ascii.clone() };
        let port = if port.is_empty() { String::new() } else { format!(":{port}") };
        let disguised = ascii.split('.').any(|label| label.starts_with("xn--")) && !is_east_asian(name);
        Some(Self { url: Clean::block(url), host: readable + &port, disguised })
    }

    fn mail(url: &str, rest: &str) -> Option<Self> {
        let address = &rest[..rest.find('?').unwrap_or(rest.len())];
        let (name, host) = address.split_once('@')?;
        let plain = |part: &str| !part.is_empty() && part.is_ascii() && !part.contains(['@', '%', ',', ';']);
        (plain(name) && plain(host)).then(|| Self {
            url: Clean::block(url),
            host: address.to_owned(),
            disguised: false,
        })
    }

    /// The whole address, as it is opened or copied.
    pub fn url(&self) -> &Clean {
        &self.url
    }

    /// Where it leads: host and port of a page, the address of a mail. In Punycode unless it is written in Chinese,
    /// Japanese or Korean, whose letters pass for no others.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the host holds letters that may pass for others, which the screen marks.
    pub fn is_disguised(&self) -> bool {
        self.disguised
    }

    /// What to show beside `text`: the host, unless the text names that very host itself.
    pub fn beside(&self, text: &str) -> Option<&str> {
        let text = text.trim();
        let shown = text.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"));
        let shown = shown.map_or(text, |(_, rest)| rest);
        let shown = shown.strip_prefix("mailto:").unwrap_or(shown);
        let shown = &shown[..shown.find(['/', '?', '#']).unwrap_or(shown.len())];
        let bare = |host: &str| host.to_lowercase().trim_start_matches("www.").to_owned();
        (bare(shown) != bare(&self.host)).then_some(&self.host)
    }
}

/// Whether every letter outside ASCII is Chinese, Japanese or Korean, and no label mixes them with others.
fn is_east_asian(name: &str) -> bool {
    let east = |c: char| matches!(u32::from(c), 0x3041..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 | 0x20000..=0x323AF);
    let label = |label: &str| label.is_ascii() || label.chars().all(|c| east(c) || c.is_ascii_digit() || c == '-');
    !name.is_ascii() && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_links() {
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "ssh://-oProxyCommand=x/",
            "vscode://x",
            "//evil.example",
            "https://bank.example@evil.example/",
            "https://bank.example%2f@evil.example",
            "https:\\\\evil.example",
            "https://",
            "https://e.example/\nx",
            "https://e.example/a b",
            "https://e.example/\u{202e}x",
            "https://e.example/\u{e000}x",
            "https://e.example/\u{9b}2J",
            "https://e.example/\u{1b}]52;c;YQ==\u{7}",
            "https:///x",
            "-oProxyCommand=id",
            "mailto:nobody",
            "mailto:a@b.example,c@d.example",
            "http://a:b:c/",
        ] {
            assert_eq!(Link::parse(bad), None, "{bad}");
        }
        assert_eq!(Link::parse(&format!("https://e.example/{}", "a".repeat(3_000))), None);
    }

    #[test]
    fn the_host_is_what_counts() {
        let host = |url: &str| Link::parse(url).map(|l| (l.host().to_owned(), l.is_disguised()));
        let of = |host: &str, disguised| Some((host.to_owned(), disguised));
        assert_eq!(host("HTTPS://Doc.Rust-Lang.org/std?x#y"), of("doc.rust-lang.org", false));
        assert_eq!(host("http://[::1]:8080/"), of("[::1]:8080", false));
        assert_eq!(host("https://аррӏе.com/"), of("xn--80ak6aa92e.com", true));
        assert_eq!(host("https://xn--80ak6aa92e.com/"), of("xn--80ak6aa92e.com", true));
        assert_eq!(host("https://例え.jp/"), of("例え.jp", false));
        assert_eq!(host("https://rust例.jp/").map(|(_, disguised)| disguised), Some(true));
        assert_eq!(host("mailto:ada@guild.example?subject=x"), of("ada@guild.example", false));
    }

    #[test]
    fn the_host_stands_beside_a_text_that_says_another() {
        let link = Link::parse("https://www.evil.example/path").unwrap();
        assert_eq!(link.beside("https://bank.example/path"), Some("www.evil.example"));
        assert_eq!(link.beside("the docs"), Some("www.evil.example"));
        assert_eq!(link.beside("evil.example.com"), Some("www.evil.example"));
        assert_eq!(link.beside("https://evil.example/path"), None);
        assert_eq!(link.beside("WWW.evil.example"), None);
    }
}

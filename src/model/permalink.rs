//! The address of a post, as it is copied, quoted and followed: `ORIGIN/t/THREAD/NUMBER`, the form that Discourse has too.
//! It says where a post stands and nothing about it: whether somebody may read it is decided when they come.

use crate::base::ids::ThreadId;

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permalink {
    /// The thread.
    pub thread: ThreadId,
    /// The number of the post in it; none for wherever one has read to.
    pub number: Option<u32>,
}

/// Longer ids are none.
const MOST_ID: usize = 200;

/// The origin of a community in the web, without the name of the backend that is asked there (`discourse+https://…`).
fn web(origin: &str) -> &str {
    let scheme = origin.find("://").unwrap_or(0);
    origin[..scheme].find('+').map_or(origin, |at| &origin[at + 1..])
}

/// The address of a post.
pub fn write(origin: &str, thread: &ThreadId, number: u32) -> String {
    let mut address = format!("{}/t/", web(origin).trim_end_matches('/'));
    for byte in thread.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{address}/{number}")
}

/// Reads an address of this community back; none for every other address. A query and what follows `#` mean nothing
/// here, and a name before the id (`/t/some-title/12/3`) is for people.
pub fn read(origin: &str, address: &str) -> Option<Permalink> {
    let address = address.trim();
    let address = &address[..address.find(['?', '#']).unwrap_or(address.len())];
    let path = address.strip_prefix(web(origin).trim_end_matches('/'))?.strip_prefix("/t/")?;
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (id, number) = match parts[..] {
        [id] => (id, None),
        // Without a number Discourse has the name before the id.
        [name, id] if origin.starts_with("discourse+") && !is_number(name) => (id, None),
        [id, number] | [_, id, number] => (id, Some(number.parse::<u32>().ok().filter(|number| *number > 0)?)),
        _ => return None,
    };
    let id = decoded(id).filter(|id| !id.is_empty() && id.len() <= MOST_ID)?;
    Some(Permalink { thread: ThreadId::new(id), number })
}

/// Percent-encoding taken back; none where it is broken.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            out.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUILD: &str = "https://guild.example";

    fn place(id: &str, number: Option<u32>) -> Option<Permalink> {
        Some(Permalink { thread: ThreadId::new(id), number })
    }

    #[test]
    fn what_is_written_is_read_back() {
        for id in ["01J9", "7", "a/../b?c", "缓存"] {
            let address = write(GUILD, &ThreadId::new(id), 12);
            assert!(address.is_ascii());
            assert_eq!(read(GUILD, &address), place(id, Some(12)), "{address}");
        }
        assert_eq!(write("discourse+https://d.example/", &ThreadId::new("7"), 3), "https://d.example/t/7/3");
    }

    #[test]
    fn other_addresses_are_none_of_ours() {
        for bad in [
            "https://guild.example.evil/t/7/1",
            "https://evil.example/t/7/1",
            "http://guild.example/t/7/1",
            "https://guild.example/t/",
            "https://guild.example/t/7/0",
            "https://guild.example/t/7/x",
            "https://guild.example/t/7/99999999999",
            "https://guild.example/t/%zz/1",
            "https://guild.example/t/a/b/7/1",
            "https://guild.example/v1/threads/7",
        ] {
            assert_eq!(read(GUILD, bad), None, "{bad}");
        }
        assert_eq!(read(GUILD, " https://guild.example/t/7?x=1#y "), place("7", None));
        assert_eq!(read(GUILD, "https://guild.example/t/some-title/7/2/"), place("7", Some(2)));
        assert_eq!(read("discourse+https://d.example", "https://d.example/t/some-title/7"), place("7", None));
    }
}

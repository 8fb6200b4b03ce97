//! Server-sent events (HTML Living Standard section 9.2), as they come: broken off when silent, when one is too large and
//! when what comes is no text.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{Stream, stream};
use reqwest::Response;
use tokio::time::timeout;

use super::failure::from_transport;
use crate::community::{Error, Kind, Result};

/// The largest event, in bytes, comments before it included. Ours are a hundred; what grows further is no event.
const LARGEST: usize = 16 * 1024;

/// A sign that may stand at the very beginning and means nothing.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The data of each event of a response. Ends with [`Kind::Timeout`] after `silence` without a byte, and with
/// [`Kind::Malformed`] at an event that is too large or no text. A comment is a sign of life and no event.
pub fn events(response: Response, silence: Duration) -> impl Stream<Item = Result<String>> + Send {
    let begin = (response, Decoder::default(), VecDeque::new());
    stream::try_unfold(begin, move |(mut response, mut decoder, mut ready)| async move {
        loop {
            if let Some(data) = ready.pop_front() {
                return Result::map(data, |data| Some((data, (response, decoder, ready))));
            }
            let chunk = timeout(silence, response.chunk()).await;
            let chunk = chunk.map_err(|_| Error::new(Kind::Timeout))?.map_err(|error| from_transport(&error))?;
            match chunk {
                Some(chunk) => decoder.feed(&chunk, &mut ready),
                None => return Ok(None),
            }
        }
    })
}

/// The events of a stream that is there whole, up to the first that is none.
pub fn decoded(bytes: &[u8]) -> Vec<Result<String>> {
    let mut ready = VecDeque::new();
    Decoder::default().feed(bytes, &mut ready);
    ready.into()
}

/// What was received of an event so far.
#[derive(Default)]
struct Decoder {
    line: Vec<u8>,
    data: Option<String>,
    /// Bytes since the last event ended.
    size: usize,
    /// The last byte ended a line; a line feed that follows belongs to it.
    after_return: bool,
    has_begun: bool,
}

impl Decoder {
    /// Takes the next bytes. Events that they end are ready, in order; after an error nothing sensible follows.
    fn feed(&mut self, chunk: &[u8], ready: &mut VecDeque<Result<String>>) {
        for byte in chunk {
            let belongs_to_return = std::mem::replace(&mut self.after_return, *byte == b'\r') && *byte == b'\n';
            if belongs_to_return {
                continue;
            }
            self.size += 1;
            let ended = match byte {
                _ if self.size > LARGEST => Err(Error::with(Kind::Malformed, "an event is too large")),
                b'\n' | b'\r' => self.end_line(),
                _ => {
                    self.line.push(*byte);
                    Ok(None)
                }
            };
            let is_over = ended.is_err();
            ready.extend(ended.transpose());
            if is_over {
                return;
            }
        }
    }

    /// The data of the event that this line ends, if it does.
    fn end_line(&mut self) -> Result<Option<String>> {
        let line = std::mem::take(&mut self.line);
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        let line = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| is_first).unwrap_or(&line);
        if line.is_empty() {
            self.size = 0;
            return Ok(self.data.take());
        }
        let line = std::str::from_utf8(line).map_err(|_| Error::with(Kind::Malformed, "an event is no text"))?;
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        if field == "data" {
            let value = value.strip_prefix(' ').unwrap_or(value);
            match &mut self.data {
                Some(data) => *data = format!("{data}\n{value}"),
                None => self.data = Some(value.to_owned()),
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of bytes, whole and byte by byte: the same.
    fn decoded(bytes: &[u8]) -> Vec<Result<String>> {
        let (whole, mut single) = (super::decoded(bytes), VecDeque::new());
        let mut decoder = Decoder::default();
        for byte in bytes {
            if !single.back().is_some_and(Result::is_err) {
                decoder.feed(std::slice::from_ref(byte), &mut single);
            }
        }
        assert_eq!(single, whole);
        whole
    }

    #[test]
    fn an_event_ends_at_an_empty_line_however_lines_end() {
        for end in ["\n", "\r", "\r\n"] {
            let text =
                ": hello\n\nid: 1\ndata: a\ndata:b\ndata:  c\n\ndata\n\nevent: x\n\ndata: lost".replace('\n', end);
            assert_eq!(decoded(text.as_bytes()), [Ok("a\nb\n c".to_owned()), Ok(String::new())], "{end:?}");
        }
    }

    #[test]
    fn a_mark_at_the_beginning_is_passed_over_and_nowhere_else() {
        assert_eq!(decoded("\u{feff}data: a\n\n\u{feff}data: b\n\n".as_bytes()), [Ok("a".to_owned())]);
        assert_eq!(decoded("\u{feff}\u{feff}data: a\n\n".as_bytes()), []);
    }

    #[test]
    fn what_was_whole_counts_before_what_is_no_text() {
        let heard = decoded(b"data: a\n\n: \xff\n\ndata: b\n\n");
        assert_eq!(heard.len(), 2, "{heard:?}");
        assert_eq!((&heard[0], &heard[1].as_ref().unwrap_err().kind), (&Ok("a".to_owned()), &Kind::Malformed));
    }

    #[test]
    fn what_grows_without_an_end_is_no_event() {
        for text in ["data: x\n", "x", ": x\r\n"] {
            let heard = decoded(text.repeat(LARGEST + 1).as_bytes());
            assert!(matches!(&heard[..], [Err(error)] if error.kind == Kind::Malformed), "{text:?}");
        }
        assert_eq!(decoded(":\n\n".repeat(LARGEST).as_bytes()), [], "signs of life cost nothing");
    }
}

//! Live events (SSE, HTML Living Standard section 9.2): resumed after a sequence number, broken off when silent.

use std::sync::Arc;

use bytes::Bytes;
use eventsource_stream::{Event, EventStream};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use reqwest::header::ACCEPT;
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use tokio::time::timeout;

use super::super::{Error, Kind, Live, LiveStream, Result};
use super::call::Call;
use super::client::{Client, media_type};
use super::failure::from_transport;
use super::map;
use crate::api::{change::Change, path};
use crate::base::secret::Secret;
use crate::model::change::Notice;

const MEDIA_TYPE: &str = "text/event-stream";

/// The largest event, in bytes. Ours are a hundred; what grows further is no event.
const LARGEST: usize = 16 * 1024;

/// Connects; like any other call, once more with new tokens when these ran out.
pub(super) async fn open(client: &Arc<Client>, after: Option<u64>) -> Result<LiveStream> {
    let mut call = Call::new(Method::GET, path::EVENTS.to_owned());
    if let Some(after) = after {
        call = call.header("last-event-id", &after.to_string())?;
    }
    let session = client.session().await;
    let mut response = connect(client, &call, session.as_ref().map(|s| &s.access)).await?;
    if let (StatusCode::UNAUTHORIZED, Some(session)) = (response.status(), session) {
        let renewed = client.renew(session).await?;
        response = connect(client, &call, Some(&renewed.access)).await?;
    }
    let mut head = client.head(&response);
    if !head.status.is_success() {
        head.bytes = client.body(response).await?;
        return Err(super::failure::from_answer(&head));
    }
    if media_type(&head.content_type) != MEDIA_TYPE {
        return Err(Error::with(Kind::Malformed, &format!("a {} instead of events", head.content_type)));
    }
    let bytes = chunks(client, response);
    let news = EventStream::new(Box::pin(bytes)).map_err(broken).try_filter_map(async |event| Ok(read(&event)));
    Ok(Box::pin(stream::iter([Ok(Live::Open)]).chain(until_error(news))))
}

async fn connect(client: &Client, call: &Call, token: Option<&Secret>) -> Result<Response> {
    client.begin(client.request(call, token)?.header(ACCEPT, MEDIA_TYPE)).await
}

/// The bytes as they come. Silence and size are measured here, because a parser of events sees neither.
fn chunks(client: &Client, response: Response) -> impl Stream<Item = Result<Bytes>> + Send + use<> {
    let silence = client.timeouts.silence;
    stream::try_unfold((response, Open::default()), move |(mut response, mut open)| async move {
        let chunk = timeout(silence, response.chunk()).await;
        let chunk = chunk.map_err(|_| Error::new(Kind::Timeout))?.map_err(|error| from_transport(&error))?;
        let Some(chunk) = chunk else { return Ok(None) };
        open.add(&chunk);
        match open.bytes > LARGEST {
            true => Err(Error::with(Kind::Malformed, "an event is too large")),
            false => Ok(Some((chunk, (response, open)))),
        }
    })
}

/// The event that is being received: how large it is so far.
#[derive(Default)]
struct Open {
    bytes: usize,
    line: usize,
}

impl Open {
    /// An event ends at an empty line.
    fn add(&mut self, chunk: &[u8]) {
        for byte in chunk {
            self.bytes += 1;
            match byte {
                b'\n' if self.line == 0 => self.bytes = 0,
                b'\n' => self.line = 0,
                b'\r' => {}
                _ => self.line += 1,
            }
        }
    }
}

fn broken(error: eventsource_stream::EventStreamError<Error>) -> Error {
    match error {
        eventsource_stream::EventStreamError::Transport(error) => error,
        _ => Error::new(Kind::Malformed),
    }
}

fn read(event: &Event) -> Option<Live> {
    notice(serde_json::from_str(&event.data).ok()?).map(Live::Notice)
}

/// What a change tells. One of a topic that is not known here is passed over: it is of a newer server.
pub(super) fn notice(change: Value) -> Option<Notice> {
    serde_json::from_value::<Change>(change).ok().map(map::notice)
}

/// Ends after the first error: nothing sensible follows a broken line.
fn until_error(news: impl Stream<Item = Result<Live>> + Send) -> impl Stream<Item = Result<Live>> + Send {
    news.scan(false, |broken, item| {
        let go_on = !std::mem::replace(broken, item.is_err());
        futures_util::future::ready(go_on.then_some(item))
    })
}

//! Live events: resumed after a sequence number, ended by the first error.

use std::sync::Arc;

use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

use super::super::http::{Answer, Call, events, media_type};
use super::super::{Error, Kind, Live, LiveStream, Result};
use super::client::Client;
use super::map;
use crate::api::{change::Change, path};
use crate::base::secret::Secret;
use crate::model::change::Notice;

const MEDIA_TYPE: &str = "text/event-stream";

/// Connects; like any other call, once more with new tokens when these ran out.
pub(super) async fn open(client: &Arc<Client>, after: Option<u64>) -> Result<LiveStream> {
    let mut call = Call::new(Method::GET, path::EVENTS.to_owned());
    if let Some(after) = after {
        call = call.header("last-event-id", &after.to_string())?;
    }
    let sitting = client.sessions.sitting();
    let session = client.session().await;
    let (mut head, mut response) = connect(client, &call, session.as_ref().map(|s| &s.access)).await?;
    if let (StatusCode::UNAUTHORIZED, Some(session)) = (head.status, session) {
        let renewed = client.renew(session, sitting).await?;
        (head, response) = connect(client, &call, Some(&renewed.access)).await?;
    }
    if !head.status.is_success() {
        head.bytes = client.rest(response).await?;
        return Err(super::failure::from_answer(&head));
    }
    if media_type(&head.content_type) != MEDIA_TYPE {
        return Err(Error::with(Kind::Malformed, &format!("a {} instead of events", head.content_type)));
    }
    let events = events(response, client.timeouts().silence);
    let news = events.try_filter_map(async |data| Ok(read(&data)));
    Ok(Box::pin(stream::iter([Ok(Live::Open)]).chain(until_error(news))))
}

async fn connect(client: &Client, call: &Call, token: Option<&Secret>) -> Result<(Answer, Response)> {
    client.open(call, token, MEDIA_TYPE).await
}

/// What an event's data tells.
pub(super) fn read(data: &str) -> Option<Live> {
    notice(serde_json::from_str(data).ok()?).map(Live::Notice)
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

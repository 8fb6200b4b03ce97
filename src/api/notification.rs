//! The inbox.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::member::Author;
use crate::model::notification::Reason;

/// One line of the inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Notification {
    /// Its id.
    pub id: String,
    /// Why.
    pub reason: Reason,
    /// Who caused it.
    pub actor: Option<Author>,
    /// In which thread.
    pub thread: Option<String>,
    /// Title of the thread, or the notice itself.
    pub title: String,
    /// Which post of it.
    pub number: Option<u32>,
    /// First words, of the public preview when gated.
    pub excerpt: String,
    /// When.
    pub at: Timestamp,
    /// Put away.
    pub done: bool,
}

/// A page of the inbox, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct NotificationPage {
    /// The items.
    pub items: Vec<Notification>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// Query of `GET /v1/notifications`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct NotificationsQuery {
    /// Also those put away; false when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<bool>,
    /// Where to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// 1 to 100, 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// `PUT /v1/notifications/{id}/done`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetDone {
    /// Away or back.
    pub done: bool,
}

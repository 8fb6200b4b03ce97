//! How values stand in columns, and how they are read back.

use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Row, sqlite::SqliteRow};

use super::Kept;
use crate::base::time::Timestamp;

/// A time as columns hold it: microseconds since 1970.
pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// A time from a column.
pub(super) fn time(micros: i64) -> sqlx::Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// A number that columns hold as a larger one.
pub(super) fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// A number of rows for `LIMIT` and `OFFSET`.
pub(super) fn rows(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// An id in an order in which 9 comes before 10, without a look inside.
pub(super) fn ordinal(id: &str) -> String {
    format!("{id:0>20}")
}

/// A body to be kept.
pub(super) fn json<T: Serialize>(value: &T) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// A body that must be read: what a person wrote.
pub(super) fn written<T: DeserializeOwned>(body: &str) -> sqlx::Result<T> {
    serde_json::from_str(body).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// `body` and `at` of a row that the server has too. One of a shape that is not known any more is not kept.
pub(super) fn kept<T: DeserializeOwned>(row: &SqliteRow) -> sqlx::Result<Option<Kept<T>>> {
    let at = time(row.try_get("at")?)?;
    let value = serde_json::from_str(row.try_get("body")?).ok();
    Ok(value.map(|value| Kept { value, at }))
}

/// Many such rows, without those that are not kept.
pub(super) fn all_kept<T: DeserializeOwned>(rows: &[SqliteRow]) -> sqlx::Result<Vec<Kept<T>>> {
    rows.iter().filter_map(|row| kept(row).transpose()).collect()
}

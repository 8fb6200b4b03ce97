//! A statement that is put together from parts, with its values beside it and never in it.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

/// A value of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number: an id, a time, 0 or 1.
    Int(i64),
    /// A text.
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// A statement in the making. Text comes from the program, values from anywhere.
#[derive(Clone, Debug)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Begins with `text`.
    pub fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds text.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value, as the next `$n`.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push_str(&format!("${}", self.values.len()));
        self
    }

    /// Adds `($n, …)`. An empty list matches nothing.
    pub fn list<T: Into<Value>>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        self.push("(");
        let mut empty = true;
        for value in values {
            if !std::mem::take(&mut empty) {
                self.push(", ");
            }
            self.bind(value);
        }
        self.push(if empty { "NULL)" } else { ")" })
    }

    /// Runs it and reads all rows.
    pub async fn rows(self, db: &mut AnyConnection) -> Result<Vec<AnyRow>, sqlx::Error> {
        let mut query = sqlx::query(AssertSqlSafe(self.text));
        for value in self.values {
            query = match value {
                Value::Int(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
            };
        }
        query.fetch_all(db).await
    }
}

/// A time as columns hold it.
pub fn time(ms: i64) -> Result<crate::base::time::Timestamp, sqlx::Error> {
    crate::base::time::Timestamp::from_millisecond(ms).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// A count that fits where it goes; the largest that does when it is larger.
pub fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

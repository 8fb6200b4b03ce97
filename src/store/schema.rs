//! The tables, and which version of them a file has. A file that is newer, damaged or another program's is never written
//! to; one that is older is brought up to date, forward only.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use super::error::{Error, Result};

/// What brings the tables from one version to the next, from nothing on. Append only.
const MIGRATIONS: [&str; 1] = [include_str!("../../assets/migrations/client/0001_store.sql")];

/// "Lyce", in the header of every store.
const APPLICATION: i64 = 0x4c79_6365;

/// The newest version that this program knows.
fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// A database that was interrupted has to be put in order before it can be read; only a writer can.
const INTERRUPTED: &str = "776";

/// Looks whether the file is one that this program may write to, without a trace on it. An empty one is.
pub(super) async fn look(path: &Path, options: &SqliteConnectOptions) -> Result<()> {
    let explain = |error: sqlx::Error| Error::sql(path, &error);
    let options = options.clone().read_only(true);
    let mut db = SqliteConnection::connect_with(&options).await.map_err(explain)?;
    let found = Found::read(&mut db).await;
    let _ = db.close().await;
    match found {
        // Looked at again by whoever writes.
        Err(sqlx::Error::Database(error)) if error.code().is_some_and(|code| code == INTERRUPTED) => Ok(()),
        found => found.map_err(explain)?.judge(path),
    }
}

/// What a file says about itself.
struct Found {
    version: i64,
    application: i64,
    tables: i64,
}

impl Found {
    async fn read(db: &mut SqliteConnection) -> sqlx::Result<Self> {
        Ok(Self {
            version: sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *db).await?,
            application: sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *db).await?,
            tables: sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema").fetch_one(db).await?,
        })
    }

    fn judge(&self, path: &Path) -> Result<()> {
        let path = path.to_owned();
        if self.tables > 0 && self.application != APPLICATION {
            return Err(Error::Damaged { path, detail: "another program's database".into() });
        }
        if self.version > known() {
            return Err(Error::Newer { path, found: self.version, known: known() });
        }
        Ok(())
    }
}

/// Brings the tables up to date, all or nothing. Fails where nothing can be written.
pub(super) async fn migrate(path: &Path, db: &mut SqliteConnection) -> Result<()> {
    let explain = |error: sqlx::Error| Error::sql(path, &error);
    let mut write = db.begin_with("BEGIN IMMEDIATE").await.map_err(explain)?;
    let found = Found::read(&mut write).await.map_err(explain)?;
    found.judge(path)?;
    step(&mut write, usize::try_from(found.version).unwrap_or_default()).await.map_err(explain)?;
    write.commit().await.map_err(explain)
}

async fn step(db: &mut SqliteConnection, from: usize) -> sqlx::Result<()> {
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(from) {
        sqlx::raw_sql(*sql).execute(&mut *db).await?;
        let version = sqlx::AssertSqlSafe(format!("PRAGMA user_version = {}", step + 1));
        sqlx::raw_sql(version).execute(&mut *db).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_step() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/migrations/client");
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        assert_eq!(texts, MIGRATIONS);
        assert!(MIGRATIONS[0].contains(&format!("application_id = {APPLICATION};")));
    }
}

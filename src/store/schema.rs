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

/// Looks whether the file is one that this program may write to, without a trace on it. An empty one is.
pub(super) async fn look(path: &Path, options: &SqliteConnectOptions) -> Result<()> {
    let explain = |error: sqlx::Error| Error::sql(path, &error);
    let options = options.clone().read_only(true);
    let mut db = SqliteConnection::connect_with(&options).await.map_err(explain)?;
    let found = read(&mut db).await;
    let _ = db.close().await;
    let found = found.map_err(explain)?;
    if found.version > known() {
        return Err(Error::Newer { path: path.to_owned(), found: found.version, known: known() });
    }
    if found.tables > 0 && found.application != APPLICATION {
        return Err(Error::Damaged { path: path.to_owned(), detail: "another program's database".into() });
    }
    Ok(())
}

struct Found {
    version: i64,
    application: i64,
    tables: i64,
}

async fn read(db: &mut SqliteConnection) -> sqlx::Result<Found> {
    Ok(Found {
        version: version(&mut *db).await?,
        application: sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *db).await?,
        tables: sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema").fetch_one(db).await?,
    })
}

async fn version(db: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("PRAGMA user_version").fetch_one(db).await
}

/// Brings the tables up to date, all or nothing. Fails where nothing can be written.
pub(super) async fn migrate(db: &mut SqliteConnection) -> sqlx::Result<()> {
    let mut write = db.begin_with("BEGIN IMMEDIATE").await?;
    let found = usize::try_from(version(&mut write).await?).unwrap_or_default();
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(found) {
        sqlx::raw_sql(*sql).execute(&mut *write).await?;
        let version = sqlx::AssertSqlSafe(format!("PRAGMA user_version = {}", step + 1));
        sqlx::raw_sql(version).execute(&mut *write).await?;
    }
    write.commit().await
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

//! What every handler shares. Built once by [`App::open`]; nothing here knows a route.

use std::sync::Arc;

use tokio::sync::watch;

use crate::base::{random::Random, time::Clock};
use crate::config::server::Settings;
use crate::server::auth::password::Passwords;
use crate::server::db::{Db, OpenError, community};
use crate::server::limits::{Buckets, Tries};
use crate::server::seed;
use crate::server::web::Web;

/// The state as handlers take it.
pub type AppState = Arc<App>;

/// What every handler shares.
pub struct App {
    /// The database, and the news of what is committed to it.
    pub db: Db,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where tokens and salts come from.
    pub random: Arc<dyn Random>,
    /// What the host decided.
    pub settings: Settings,
    /// Who did how much lately.
    pub buckets: Buckets,
    /// Who tried to sign in lately.
    pub tries: Tries,
    /// Hashing, a few at a time.
    pub passwords: Passwords,
    /// What pages for a browser are made with.
    pub web: Web,
    stopping: watch::Sender<bool>,
}

impl App {
    /// Opens the database and builds the state; with [`Settings::demo_content`], fills an empty community first.
    pub async fn open(
        settings: Settings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<AppState, OpenError> {
        let db = Db::open(&settings.data_dir, clock.clone()).await?;
        // Content of other kinds is put in before this: a database that has a community keeps it.
        let mut write = db.write().await?;
        community::ensure(&mut write).await?;
        write.commit().await?;
        let passwords = Passwords::new(settings.password_cost, random.clone());
        let web = Web::new(&*random);
        let (stopping, _) = watch::channel(false);
        let (buckets, tries) = (Buckets::default(), Tries::default());
        let app = Self { db, clock, random, settings, buckets, tries, passwords, web, stopping };
        if app.settings.demo_content {
            seed::seed(&app).await.map_err(|error| OpenError::Demo(error.to_string()))?;
        }
        Ok(Arc::new(app))
    }

    /// The server is asked to stop: streams that would go on for ever end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Waits until [`App::stop`]. A stream ends when this does.
    pub async fn stopped(&self) {
        // The sender lives as long as `self`, so the only end of this wait is the stop.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }
}

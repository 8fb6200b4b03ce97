//! The few pages for a browser: signing in, letting a device or a program in, and what stands behind a post's address. They work without a script, on a phone
//! and in a text browser. Words are in `assets/locales/*/web.toml`, shapes in `assets/web`; neither is here.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};

use crate::base::random::Random;
use crate::config::locale::{Catalog, Language};
use crate::server::auth::token;

pub mod failure;
pub mod html;
pub mod language;
pub mod page;
pub mod steps;
pub mod ticket;
pub mod visitor;

/// The stylesheet of every page.
const STYLE: &str = include_str!("../../assets/web/style.css");

/// What pages are made with. Built once.
pub struct Web {
    words: [Catalog; Language::ALL.len()],
    style_source: String,
    key: hmac::Key,
}

impl Web {
    /// With a key of its own: pages end with the process that made them.
    pub fn new(random: &dyn Random) -> Self {
        let mut key = [0; 32];
        random.fill(&mut key);
        Self {
            words: Language::ALL.map(Catalog::new),
            style_source: format!("'sha256-{}'", BASE64_STANDARD.encode(token::digest(STYLE.as_bytes()))),
            key: hmac::Key::new(hmac::HMAC_SHA256, &key),
        }
    }

    /// The sentences of a language.
    pub fn words(&self, language: Language) -> &Catalog {
        let [first, ..] = &self.words;
        self.words.iter().find(|words| words.language() == language).unwrap_or(first)
    }
}

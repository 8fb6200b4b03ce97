//! Bodies that were laid out before: a vote or one new post does not lay 150 others out again.

use std::collections::HashMap;
use std::sync::Arc;

use ratatui::text::Line;

use crate::base::ids::PostId;
use crate::model::{markup, post::Post};
use crate::tui::symbols::Symbols;
use crate::tui::theme::Theme;
use crate::tui::widget::markdown::{self, Looks};

/// A body as lines, and where its links lead.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) lines: Vec<Line<'static>>,
    pub(super) links: Vec<String>,
}

/// Which post, in which version, how wide, its links numbered from where.
type Key = (PostId, String, bool, u16, usize);

/// The bodies of one thread. What a page no longer uses is dropped with the next page.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    looks: Option<(Theme, Symbols)>,
    bodies: HashMap<Key, Arc<Body>>,
    used: HashMap<Key, Arc<Body>>,
}

impl Cache {
    /// Another theme or other signs make everything new.
    pub(super) fn look(&mut self, looks: Looks<'_>) {
        let same = self.looks.as_ref().is_some_and(|(theme, symbols)| theme == looks.theme && symbols == looks.symbols);
        if !same {
            *self = Self { looks: Some((looks.theme.clone(), *looks.symbols)), ..Self::default() };
        }
    }

    pub(super) fn body(&mut self, post: &Post, width: u16, first_link: usize, looks: Looks<'_>) -> Arc<Body> {
        let key = (post.id.clone(), post.version.clone(), post.partial, width, first_link);
        let known = self.bodies.remove(&key).or_else(|| self.used.get(&key).cloned());
        let body = known.unwrap_or_else(|| {
            let document = markup::parse(&post.body);
            let lines = markdown::layout(&document, width, first_link, looks);
            Arc::new(Body { lines, links: document.links })
        });
        self.used.insert(key, Arc::clone(&body));
        body
    }

    /// Ends a page: only what it used is kept.
    pub(super) fn sweep(&mut self) {
        self.bodies = std::mem::take(&mut self.used);
    }

    /// The bodies kept.
    #[cfg(test)]
    pub(super) fn bodies(&self) -> Vec<Arc<Body>> {
        self.bodies.values().cloned().collect()
    }

    /// Whether this very body is kept.
    #[cfg(test)]
    pub(super) fn holds(&self, body: &Arc<Body>) -> bool {
        self.bodies.values().any(|kept| Arc::ptr_eq(kept, body))
    }
}

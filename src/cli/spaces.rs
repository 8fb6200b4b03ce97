//! `lyceum spaces`: the spaces, as the reader sees them.

use super::errand::Errand;
use super::json::{self, Spaces};
use super::output::Failure;
use crate::base::text::ink::Run;
use crate::engine::event::Answer;
use crate::engine::request::Query;

/// Prints the spaces.
///
/// # Errors
/// When the community cannot be asked and nothing is kept.
pub async fn run(errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let Answer::Spaces(spaces) = errand.read(Query::Spaces).await? else { return Err(Errand::unexpected()) };
    if errand.desk.json {
        let document = Spaces {
            schema: Spaces::SCHEMA,
            community: errand.sessions.origin().to_owned(),
            stale: errand.stale.clone(),
            spaces: spaces.iter().map(json::of_space).collect(),
        };
        return errand.document(&document);
    }
    let (inks, words) = (&errand.look.inks, errand.desk.words);
    for space in &spaces {
        let mut facts = vec![words.count("script.threads", u64::from(space.threads))];
        facts.extend((space.unread > 0).then(|| words.count("script.unread", u64::from(space.unread))));
        facts.extend(space.read_tier.as_ref().map(|tier| words.fill("script.takes", &[("tier", &tier.name)])));
        facts.extend((!space.may_write).then(|| words.get("script.read_only").to_owned()));
        let name = Run::new(inks.title, format!("  {}", space.name));
        let facts = Run::new(inks.dim, format!("  {}", facts.join(" · ")));
        errand.desk.out.line(&[Run::new(inks.accent, space.id.to_string()), name, facts])?;
    }
    errand.tell_age()
}

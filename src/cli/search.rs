//! `lyceum search`: threads that match words.

use clap::Args;

use super::errand::Errand;
use super::feed::row;
use super::json::{self, Hits};
use super::output::Failure;
use super::page::{Bounds, Pages};
use crate::base::text::ink::Run;
use crate::engine::event::Answer;
use crate::engine::request::Query;
use crate::model::search::Hit;

/// What to look for.
#[derive(Clone, Debug, Args)]
pub struct Search {
    /// Words, "phrases", tag:axum, from:ada, in:help, kind:question, is:unanswered
    #[arg(required = true, num_args = 1.., value_name = "QUERY")]
    pub words: Vec<String>,
    /// How many and from where
    #[command(flatten)]
    pub bounds: Bounds,
}

/// Prints what was found.
///
/// # Errors
/// When the search cannot be read, or the community cannot be asked and nothing that is kept matches.
pub async fn run(search: &Search, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let words = search.words.join(" ");
    let mut pages = Pages::new(&search.bounds)?;
    let mut hits: Vec<Hit> = Vec::new();
    while let Some(cursor) = pages.wanted(hits.len()) {
        let Answer::Hits(page) = errand.read(Query::Search(words.clone(), cursor)).await? else {
            return Err(Errand::unexpected());
        };
        pages.take(page, &mut hits);
    }
    if errand.desk.json {
        let document = Hits {
            schema: Hits::SCHEMA,
            community: errand.sessions.origin().to_owned(),
            stale: errand.stale.clone(),
            query: words,
            hits: hits.iter().map(json::of_hit).collect(),
            next: pages.next(),
        };
        return errand.document(&document);
    }
    if hits.is_empty() {
        errand.desk.remark("empty.search", &[])?;
    }
    for hit in &hits {
        row(&hit.thread, errand.desk, errand.look)?;
        let inks = &errand.look.inks;
        let number = errand.desk.words.fill("script.in_post", &[("n", &hit.number.to_string())]);
        let mut line = vec![Run::plain(" ".repeat(hit.thread.id.as_str().len() + 2)), Run::new(inks.dim, number + " ")];
        line.extend(hit.snippet.iter().map(|(found, text)| {
            if *found { Run::new(inks.mark, text.to_string()) } else { Run::plain(text.to_string()) }
        }));
        errand.desk.out.line(&line)?;
    }
    pages.tell(errand.desk)?;
    errand.tell_age()
}

//! `lyceum export`: threads as Markdown and JSON, into a folder or to standard output. What is in the folder already and
//! has not changed is not fetched again, so that an export that was broken off goes on where it stopped.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::errand::Errand;
use super::json;
use super::output::Failure;
use super::thread::{Whole, document, fetch};
use crate::base::ids::{SpaceId, ThreadId, Username};
use crate::base::private;
use crate::engine::event::Answer;
use crate::engine::problem::Kind;
use crate::engine::request::Query;
use crate::model::feed::{State, ThreadQuery};
use crate::model::page::Page;
use crate::model::search::Hit;
use crate::model::thread::Thread;

mod markdown;

/// What is written, and where.
#[derive(Clone, Debug, Args)]
pub struct Export {
    /// What to export
    #[command(subcommand)]
    pub what: What,
    /// Write two files for each thread, Markdown and JSON, into this folder; without it, print them
    #[arg(long, global = true, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Fetch also what is in the folder already and looks unchanged: edits of old posts are found this way
    #[arg(long, global = true, requires = "dir")]
    pub again: bool,
}

/// What can be exported.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// Everything you wrote: your threads, and your posts in those of others
    Mine,
    /// One thread
    Thread {
        /// Its id
        thread: String,
    },
    /// All threads of a space that you may read
    Space {
        /// The space, as `lyceum spaces` prints it
        space: String,
    },
}

/// Exports.
///
/// # Errors
/// When something cannot be had or written; what was written so far stays.
pub async fn run(export: &Export, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let me = match export.what {
        What::Mine => Some(me(errand).await?),
        _ => None,
    };
    let threads = match &export.what {
        What::Mine => mine(me.as_ref(), errand).await?,
        What::Thread { thread } => match errand.read(Query::Thread(ThreadId::new(thread.clone()))).await? {
            Answer::Thread(thread) => vec![*thread],
            _ => return Err(Errand::unexpected()),
        },
        What::Space { space } => {
            let of = ThreadQuery { space: Some(SpaceId::new(space.clone())), ..ThreadQuery::default() };
            all(of, errand).await?
        }
    };
    let (mut files, mut unchanged) = (Vec::new(), 0);
    for (nth, thread) in threads.iter().enumerate() {
        let place = export.dir.as_ref().map(|dir| (dir, name(thread)));
        if let Some((dir, name)) = &place
            && !export.again
            && is_there(dir, name, thread, me.as_ref())
        {
            files.push(name.clone());
            unchanged += 1;
            continue;
        }
        progress(nth + 1, threads.len(), thread, errand)?;
        let mut whole = fetch(errand, thread.id.as_str(), 0, usize::MAX).await?;
        if let Some(me) = &me {
            whole.posts.retain(|post| post.author.username == *me);
            whole.only = Some(me.clone());
        }
        match &place {
            Some((dir, name)) => write(dir, name, &whole, errand)?,
            None => print(&whole, nth > 0, errand)?,
        }
        files.extend(place.map(|(_, name)| name));
    }
    match &export.dir {
        Some(dir) => done(export, dir, files, unchanged, errand),
        None => errand.tell_age(),
    }
}

async fn me(errand: &mut Errand<'_, '_>) -> Result<Username, Failure> {
    match errand.read(Query::Me).await? {
        Answer::Me(me) => Ok(me.author.username),
        _ => Err(Errand::unexpected()),
    }
}

/// Every thread of a list.
async fn all(of: ThreadQuery, errand: &mut Errand<'_, '_>) -> Result<Vec<Thread>, Failure> {
    let (mut threads, mut cursor) = (Vec::<Thread>::new(), None);
    loop {
        let Answer::Threads(page) = errand.read(Query::Threads(of.clone(), cursor)).await? else {
            return Err(Errand::unexpected());
        };
        let is_new = |thread: &Thread| !threads.iter().any(|known| known.id == thread.id);
        let fresh: Vec<Thread> = page.items.into_iter().filter(is_new).collect();
        let is_over = fresh.is_empty();
        threads.extend(fresh);
        cursor = page.next;
        if cursor.is_none() || is_over {
            return Ok(threads);
        }
    }
}

/// Threads of one's own, and those of others with a post of one's own.
async fn mine(me: Option<&Username>, errand: &mut Errand<'_, '_>) -> Result<Vec<Thread>, Failure> {
    let own = ThreadQuery { state: Some(State::Mine), ..ThreadQuery::default() };
    let mut threads = all(own, errand).await?;
    let words = format!("from:{}", me.map(Username::as_str).unwrap_or_default());
    let (mut cursor, mut given) = (None, HashSet::new());
    loop {
        let Answer::Hits(page) = errand.read(Query::Search(words.clone(), cursor)).await? else {
            return Err(Errand::unexpected());
        };
        let is_last = is_last(&page, &mut given);
        for hit in page.items {
            if !threads.iter().any(|known| known.id == hit.thread.id) {
                threads.push(hit.thread);
            }
        }
        cursor = page.next;
        if is_last {
            return Ok(threads);
        }
    }
}

/// Whether a search ends with this page: nothing follows it, or it gives only what was given before, so that it goes in
/// a circle. Hits in threads that are known otherwise are no reason to stop.
fn is_last(page: &Page<Hit>, given: &mut HashSet<(ThreadId, u32)>) -> bool {
    let fresh = page.items.iter().filter(|hit| given.insert((hit.thread.id.clone(), hit.number))).count();
    page.next.is_none() || fresh == 0
}

/// The name of a thread's files: its id, and some words of its title. Never a path.
fn name(thread: &Thread) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let id: String =
        thread.id.as_str().chars().map(|c| if plain(c) { c.to_string() } else { format!("%{:x}", c as u32) }).collect();
    let words = thread.title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words.map(str::to_lowercase) {
        if slug.len() + word.len() > 48 {
            break;
        }
        slug = if slug.is_empty() { word } else { format!("{slug}-{word}") };
    }
    if slug.is_empty() { id } else { format!("{id}-{slug}") }
}

/// Whether the files of a thread are there with the same posts, all or one member's, and nobody has posted since. The
/// JSON is written last.
fn is_there(dir: &Path, name: &str, thread: &Thread, only: Option<&Username>) -> bool {
    let file = |end: &str| dir.join(format!("{name}.{end}"));
    let Ok(text) = std::fs::read_to_string(file("json")) else { return false };
    let Ok(found) = serde_json::from_str::<serde_json::Value>(&text) else { return false };
    let of = &found["thread"];
    let is_of_the_same = found.get("only").is_some_and(|member| member.as_str() == only.map(Username::as_str));
    file("md").is_file()
        && is_of_the_same
        && found["stale"].is_null()
        && of["last"] == thread.last
        && of["active"] == thread.active.to_string()
        && of["gate"].is_null() == thread.gate.is_none()
}

fn progress(nth: usize, of: usize, thread: &Thread, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let (nth, of) = (nth.to_string(), of.to_string());
    errand.desk.remark("script.exporting", &[("n", &nth), ("of", &of), ("title", &thread.title)])
}

fn write(dir: &Path, name: &str, whole: &Whole, errand: &Errand<'_, '_>) -> Result<(), Failure> {
    let document = serde_json::to_string_pretty(&document(whole, errand)).map_err(std::io::Error::other)?;
    put(&dir.join(format!("{name}.md")), &markdown::of(whole, errand.sessions.origin()))?;
    put(&dir.join(format!("{name}.json")), &(document + "\n"))
}

/// Writes a file whole or not at all.
fn put(path: &Path, text: &str) -> Result<(), Failure> {
    private::replace(path, text.as_bytes()).map_err(|fault| Failure::Said {
        kind: Kind::Disk,
        key: "script.unwritable",
        values: vec![("why", fault.to_string())],
    })
}

fn print(whole: &Whole, follows: bool, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    use std::io::Write as _;

    if errand.desk.json {
        let document = document(whole, errand);
        return errand.document(&document);
    }
    if follows {
        writeln!(errand.desk.out, "\n---\n")?;
    }
    write!(errand.desk.out, "{}", markdown::of(whole, errand.sessions.origin()))?;
    Ok(())
}

fn done(
    export: &Export,
    dir: &Path,
    files: Vec<String>,
    unchanged: usize,
    errand: &mut Errand<'_, '_>,
) -> Result<(), Failure> {
    let (what, of) = match &export.what {
        What::Mine => ("mine", None),
        What::Thread { thread } => ("thread", Some(thread.clone())),
        What::Space { space } => ("space", Some(space.clone())),
    };
    let count = files.len() as u64;
    let document = json::Export {
        schema: json::Export::SCHEMA,
        community: errand.sessions.origin().to_owned(),
        what,
        of,
        at: errand.look.now,
        stale: errand.stale.clone(),
        files,
        unchanged,
    };
    let text = serde_json::to_string_pretty(&document).map_err(std::io::Error::other)?;
    put(&dir.join("export.json"), &(text + "\n"))?;
    if errand.desk.json {
        return errand.document(&document);
    }
    let said = errand.desk.words.count("script.exported", count);
    errand.desk.remark("script.exported_to", &[("what", &said), ("dir", &dir.display().to_string())])?;
    errand.tell_age()
}

#[cfg(test)]
mod tests;

//! A thread as a Markdown file: for people, and in the same words for everybody, so that files can be compared.

use std::fmt::Write as _;

use super::Whole;

/// The file.
pub(super) fn of(whole: &Whole, community: &str) -> String {
    let thread = &whole.thread;
    let tags: Vec<String> = thread.tags.iter().map(|tag| format!("#{tag}")).collect();
    let mut out = format!("# {}\n\n", thread.title);
    let mut facts = vec![
        format!("{} in {}", thread.kind.as_str(), thread.space),
        format!("opened by {} ({})", thread.author.name, thread.author.username),
        thread.created.to_string(),
    ];
    facts.extend((!tags.is_empty()).then(|| tags.join(" ")));
    facts.extend(thread.locked.then(|| "locked".to_owned()));
    let _ = writeln!(out, "{}\n\nThread {} of {community}", facts.join(" · "), thread.id);
    for post in &whole.posts {
        let mut facts = vec![format!("{} ({})", post.author.name, post.author.username), post.created.to_string()];
        facts.extend(post.parent.map(|parent| format!("in reply to {parent}")));
        facts.push(format!("score {}", post.score));
        facts.extend(post.accepted.then(|| "accepted".to_owned()));
        facts.extend(post.edited.map(|at| format!("edited {at}")));
        facts.extend(post.partial.then(|| "preview only".to_owned()));
        let _ = writeln!(out, "\n## {}. {}\n", post.number, facts.join(" · "));
        let body = if post.deleted { "*This post was taken away.*" } else { post.body.trim_end() };
        let _ = writeln!(out, "{body}");
    }
    out
}

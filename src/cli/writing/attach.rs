//! What of this machine goes into a text: a file, a commit, a diff, what a command printed. Shown first, with secrets
//! masked, and sent only after a yes.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};

use crate::base::text::ink::Run;
use crate::cli::errand::Errand;
use crate::cli::output::Failure;
use crate::cli::prompt;
use crate::engine::attach::{self, Attachment, Ground, Side, Source, Stop};
use crate::engine::problem::{Kind, explain_attach};

/// What is attached, in this order.
#[derive(Clone, Debug, Default, Args)]
pub struct Attach {
    /// Attach a text file
    #[arg(long = "attach", value_name = "PATH")]
    pub files: Vec<String>,
    /// Attach a commit: the last one, or the one named
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "HEAD", require_equals = true)]
    pub commit: Option<String>,
    /// Attach what was changed and not committed
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "both", require_equals = true)]
    pub diff: Option<Which>,
    /// Run a command and attach what it prints and how it ends
    #[arg(long, value_name = "COMMAND")]
    pub output: Option<String>,
    /// Send what is attached without showing it and asking
    #[arg(long)]
    pub yes: bool,
}

/// Which changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// What the next commit would hold
    Staged,
    /// What it would not hold yet
    Unstaged,
    /// Both
    Both,
}

impl Attach {
    fn sources(&self) -> Vec<Source> {
        let side = |which| match which {
            Which::Staged => Side::Staged,
            Which::Unstaged => Side::Unstaged,
            Which::Both => Side::Both,
        };
        let mut sources: Vec<Source> = self.files.iter().cloned().map(Source::File).collect();
        sources.extend(self.commit.clone().map(Source::Commit));
        sources.extend(self.diff.map(|which| Source::Diff(side(which))));
        sources.extend(self.output.clone().map(Source::Output));
        sources
    }

    /// Whether there is something to attach.
    pub(super) fn is_some(&self) -> bool {
        !self.sources().is_empty()
    }
}

/// Collects what is to be attached, shows it, and gives it as Markdown once the person agreed. Nothing else of it is sent.
pub(super) async fn blocks(attach: &Attach, errand: &mut Errand<'_, '_>) -> Result<Vec<String>, Failure> {
    let mut blocks = Vec::new();
    if attach.is_some() {
        end_with_it()?;
    }
    for source in attach.sources() {
        let collect = move || attach::collect(&source, &Ground::here(), &Stop::default());
        let found = tokio::task::spawn_blocking(collect).await.map_err(std::io::Error::other)?;
        let found = found.map_err(|fault| Failure::User(explain_attach(&fault)))?;
        if !attach.yes {
            agree(&found, errand)?;
        }
        blocks.push(found.block(|_| false));
    }
    Ok(blocks)
}

/// From now on what ends this program ends what it runs, too, with all children: they are no part of the terminal's job.
#[cfg(unix)]
fn end_with_it() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup(), SignalKind::quit()];
    for kind in kinds {
        let mut told = signal(kind)?;
        tokio::spawn(async move {
            told.recv().await;
            attach::end_all();
            // As shells tell of a signal.
            std::process::exit(128 + kind.as_raw_value());
        });
    }
    Ok(())
}

#[cfg(not(unix))]
fn end_with_it() -> std::io::Result<()> {
    Ok(())
}

/// Shows it on standard error as it would be sent, and asks.
fn agree(found: &Attachment, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::said(Kind::Invalid, "script.attach.unseen"));
    }
    for line in found.block(|_| false).lines() {
        errand.desk.err.line(&[Run::plain(line)])?;
    }
    let secrets = errand.desk.words.count("script.attach.masked", found.findings.len() as u64);
    errand.desk.err.line(&[Run::plain(secrets)])?;
    let question = errand.desk.words.get("script.attach.send").to_owned();
    if prompt::yes(&question)? { Ok(()) } else { Err(Failure::said(Kind::Invalid, "script.attach.no")) }
}

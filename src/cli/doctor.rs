//! `lyceum doctor`: what Lyceum found and decided on this machine, ready to paste. Names and facts, never a secret.

use std::path::{Path, PathBuf};

use super::output::{Desk, Failure};
use crate::base::paths::Paths;
use crate::config::environment::system;
use crate::config::terminal::{Colors, Multiplexer, Terminal};

/// What was found.
pub struct Findings {
    /// The terminal, by the environment.
    pub terminal: Terminal,
    /// Whether input and output are a terminal.
    pub interactive: bool,
    /// The folders.
    pub paths: Paths,
    /// What is wrong with the settings.
    pub settings: Result<(), String>,
    /// Every vault and how its probe went.
    pub vaults: Vec<(&'static str, Result<(), String>)>,
    /// Accounts of this machine: origin, name, vault.
    pub accounts: Vec<(String, String, Option<String>)>,
    /// The proxy on the way to the community, without its password.
    pub proxy: Option<String>,
    /// The file of further authorities, and whether it can be used.
    pub ca_file: Option<(PathBuf, Result<(), String>)>,
    /// The community, and what it calls itself or why it did not answer; how long that took, in milliseconds.
    pub community: Option<(String, Result<String, String>, u128)>,
}

/// Prints the findings as `name: value` lines, or as one object.
///
/// # Errors
/// When nobody reads.
pub fn run(findings: &Findings, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let lines = lines(findings);
    if desk.json {
        let object: serde_json::Map<_, _> = lines.into_iter().map(|(name, value)| (name, value.into())).collect();
        writeln!(desk.out, "{}", serde_json::Value::Object(object))?;
        return Ok(());
    }
    let widest = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in lines {
        writeln!(desk.out, "{name:widest$}  {value}")?;
    }
    Ok(())
}

/// The names are the same in every language: who reads a report may not read the reader's.
fn lines(findings: &Findings) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut add = |name: &str, value: String| lines.push((name.to_owned(), value));
    let server = if cfg!(feature = "server") { "with server" } else { "client only" };
    add("lyceum", format!("{} ({server})", env!("CARGO_PKG_VERSION")));
    add("system", system());
    let terminal = &findings.terminal;
    add("terminal", if findings.interactive { "yes" } else { "no: input or output is a pipe or a file" }.to_owned());
    let program = terminal.program.as_deref().map(|program| format!(" {program}")).unwrap_or_default();
    add("term", format!("{}{program}", or_unset(&terminal.term)));
    add("colors", colors(terminal.colors).to_owned());
    add("ssh", yes(terminal.ssh));
    let between = match terminal.multiplexer {
        Some(Multiplexer::Tmux) => "tmux",
        Some(Multiplexer::Screen) => "screen",
        None => "none",
    };
    add("multiplexer", between.to_owned());
    add("locale", format!("{} (UTF-8: {})", or_unset(&terminal.locale), yes(terminal.utf8)));
    add("editor", terminal.editor.clone().unwrap_or_else(|| "unset".to_owned()));
    let paths = &findings.paths;
    let folders = [("config", &paths.config), ("data", &paths.data), ("state", &paths.state), ("cache", &paths.cache)];
    for (name, path) in folders {
        add(&format!("folder {name}"), folder(path));
    }
    add("settings", outcome(&findings.settings));
    for (name, result) in &findings.vaults {
        add(&format!("vault {name}"), outcome(result));
    }
    for (origin, username, vault) in &findings.accounts {
        let state = vault.as_ref().map_or("signed out".to_owned(), |vault| format!("tokens in {vault}"));
        add("account", format!("{username} at {origin}, {state}"));
    }
    add("proxy", findings.proxy.clone().unwrap_or_else(|| "none".to_owned()));
    let ca_file = findings.ca_file.as_ref().map(|(path, read)| format!("{} ({})", path.display(), outcome(read)));
    add("ca file", ca_file.unwrap_or_else(|| "none: whom the system trusts".to_owned()));
    match &findings.community {
        None => add("community", "none".to_owned()),
        Some((origin, Ok(name), millis)) => add("community", format!("{origin}: {name}, {millis} ms")),
        Some((origin, Err(why), millis)) => add("community", format!("{origin}: {why} ({millis} ms)")),
    }
    lines
}

fn outcome(result: &Result<(), String>) -> String {
    result.as_ref().err().cloned().unwrap_or_else(|| "works".to_owned())
}

fn yes(it_is: bool) -> String {
    if it_is { "yes" } else { "no" }.to_owned()
}

fn or_unset(value: &str) -> &str {
    if value.is_empty() { "unset" } else { value }
}

fn colors(colors: Colors) -> &'static str {
    match colors {
        Colors::None => "none",
        Colors::Sixteen => "16",
        Colors::Palette => "256",
        Colors::True => "all",
    }
}

/// A folder, whether it is there, and who may enter it.
fn folder(path: &Path) -> String {
    let state = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => "not there yet".to_owned(),
        Err(error) => error.to_string(),
        Ok(metadata) => mode(&metadata),
    };
    format!("{} ({state})", path.display())
}

#[cfg(unix)]
fn mode(metadata: &std::fs::Metadata) -> String {
    use std::os::unix::fs::MetadataExt;

    format!("{:04o}", metadata.mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(_: &std::fs::Metadata) -> String {
    "there".to_owned()
}

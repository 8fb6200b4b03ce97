//! `lyceum doctor`: what Lyceum found and decided on this machine, ready to paste. Names and facts, never a secret.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::json::{Doctor, Found};
use super::output::{Desk, Failure};
use crate::base::paths::Paths;
use crate::config::environment::system;
use crate::config::locale::{Catalog, Language};
use crate::config::screen::Notify;
use crate::config::terminal::{Announces, Clipboard, Colors, Desktop, Multiplexer, Terminal};

/// What was found.
pub struct Findings {
    /// What is around the screen, what was decided and why.
    pub terminal: Terminal,
    /// How news are to be announced.
    pub notify: Notify,
    /// Whether input and output are a terminal.
    pub interactive: bool,
    /// The folders.
    pub paths: Paths,
    /// What is wrong with the settings.
    pub settings: Result<(), String>,
    /// Every vault and how it stands.
    pub vaults: Vec<(&'static str, String)>,
    /// Whether the cache of the encrypted vault works, when it is on.
    pub vault_cache: Option<Result<(), String>>,
    /// Accounts of this machine.
    pub accounts: Vec<Kept>,
    /// The proxy on the way to the community, without its password.
    pub proxy: Option<String>,
    /// The file of further authorities, and whether it can be used.
    pub ca_file: Option<(PathBuf, Result<(), String>)>,
    /// The community, and what it calls itself or why it did not answer; how long that took, in milliseconds.
    pub community: Option<(String, Result<String, String>, u128)>,
}

/// An account of this machine and where its tokens are.
pub struct Kept {
    /// Its community.
    pub origin: String,
    /// Its name there.
    pub username: String,
    /// The vault's name, and where in it; none when signed out.
    pub vault: Option<(String, String)>,
    /// What they may do and until when, as far as it is known here.
    pub holds: Option<String>,
    /// Why they cannot be read there.
    pub trouble: Option<String>,
}

impl Kept {
    fn line(&self, words: &Catalog) -> String {
        let (vault, place) = self.vault.clone().unwrap_or_default();
        let key = match (&self.vault, &self.trouble, &self.holds) {
            (None, ..) => "doctor.signed-out",
            (Some(_), Some(_), _) => "doctor.trouble",
            (Some(_), None, Some(_)) => "doctor.holds",
            (Some(_), None, None) => "doctor.kept",
        };
        let values = [
            ("name", self.username.as_str()),
            ("community", &self.origin),
            ("vault", &vault),
            ("place", &place),
            ("why", self.trouble.as_deref().unwrap_or_default()),
            ("holds", self.holds.as_deref().unwrap_or_default()),
        ];
        words.fill(key, &values)
    }
}

/// Prints the findings as `name: value` lines, or as a document.
///
/// # Errors
/// When nobody reads.
pub fn run(findings: &Findings, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let english = desk.json.then(|| Catalog::new(Language::English));
    let lines = lines(findings, english.as_ref().unwrap_or(desk.words));
    if desk.json {
        let findings = lines.into_iter().map(|(name, value)| Found { name, value }).collect();
        return desk.document(&Doctor { schema: Doctor::SCHEMA, findings });
    }
    let widest = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in lines {
        writeln!(desk.out, "{name:widest$}  {value}")?;
    }
    Ok(())
}

/// The names are the same in every language: who reads a report may not read the reader's.
fn lines(findings: &Findings, words: &Catalog) -> Vec<(String, String)> {
    let word = |key: &str| words.get(key).to_owned();
    let mut lines = Vec::new();
    let mut add = |name: &str, value: String| lines.push((name.to_owned(), value));
    let server = word(if cfg!(feature = "server") { "doctor.with-server" } else { "doctor.client-only" });
    add("lyceum", format!("{} ({server})", env!("CARGO_PKG_VERSION")));
    add("system", system());
    let terminal = &findings.terminal;
    add("terminal", word(if findings.interactive { "doctor.yes" } else { "doctor.piped" }));
    let program = terminal.program.as_deref().map(|program| format!(" {program}")).unwrap_or_default();
    add("term", format!("{}{program}", or_unset(&terminal.term, words)));
    add("locale", or_unset(&terminal.locale, words).to_owned());
    for (name, value) in surroundings(terminal, findings.notify, words) {
        add(name, value);
    }
    add("editor", terminal.editor.clone().unwrap_or_else(|| word("doctor.unset")));
    let paths = &findings.paths;
    let folders = [("config", &paths.config), ("data", &paths.data), ("state", &paths.state), ("cache", &paths.cache)];
    for (name, path) in folders {
        add(&format!("folder {name}"), folder(path, words));
    }
    add("settings", outcome(&findings.settings, words));
    for (name, state) in &findings.vaults {
        add(&format!("vault {name}"), state.clone());
    }
    if let Some(cache) = &findings.vault_cache {
        add("vault cache keyutils", outcome(cache, words));
    }
    for account in &findings.accounts {
        add("account", account.line(words));
    }
    add("proxy", findings.proxy.clone().unwrap_or_else(|| word("doctor.none")));
    let ca_file =
        findings.ca_file.as_ref().map(|(path, read)| format!("{} ({})", path.display(), outcome(read, words)));
    add("ca file", ca_file.unwrap_or_else(|| word("doctor.system-trust")));
    match &findings.community {
        None => add("community", word("doctor.none")),
        Some((origin, Ok(name), millis)) => add("community", format!("{origin}: {name}, {millis} ms")),
        Some((origin, Err(why), millis)) => add("community", format!("{origin}: {why} ({millis} ms)")),
    }
    lines
}

fn outcome(result: &Result<(), String>, words: &Catalog) -> String {
    result.as_ref().err().cloned().unwrap_or_else(|| words.get("doctor.works").to_owned())
}

fn or_unset<'a>(value: &'a str, words: &'a Catalog) -> &'a str {
    if value.is_empty() { words.get("doctor.unset") } else { value }
}

/// What was decided about the terminal, each with its reason.
fn surroundings(terminal: &Terminal, notify: Notify, words: &Catalog) -> Vec<(&'static str, String)> {
    let why = &terminal.why;
    // What is no key stands for itself: the name of a variable, a number.
    let said = |what: &str, why: &str| format!("{} ({})", words.get(what), words.get(why));
    let colors = match terminal.colors {
        Colors::None => "doctor.none",
        Colors::Sixteen => "16",
        Colors::Palette => "256",
        Colors::True => "doctor.all",
    };
    let background = match terminal.light {
        Some(true) => "doctor.light",
        Some(false) => "doctor.dark",
        None if terminal.asks => "doctor.dark-asks",
        None => "doctor.taken-dark",
    };
    let why_background = if terminal.light.is_some() { why.light } else { why.asks };
    let between = match terminal.multiplexer {
        Some(Multiplexer::Tmux) => "tmux",
        Some(Multiplexer::Screen) => "screen",
        None => "doctor.none",
    };
    let clipboard = match terminal.clipboard {
        Clipboard::Terminal => "doctor.osc52",
        Clipboard::Tmux => "doctor.osc52-tmux",
        Clipboard::Screen => "doctor.osc52-screen",
        Clipboard::Tool(Desktop::Wayland) => "doctor.by-wl-copy",
        Clipboard::Tool(Desktop::X11) => "doctor.by-xclip",
        Clipboard::Tool(Desktop::MacOs) => "doctor.by-pbcopy",
        Clipboard::Nothing => "doctor.none",
    };
    let (announces, because) = terminal.announcing(notify);
    let announces = match announces {
        Announces::Nothing => "doctor.none",
        Announces::Bell => "doctor.bell",
        Announces::Osc9 => "OSC 9",
        Announces::Osc777 => "OSC 777",
        Announces::Osc99 => "OSC 99",
    };
    let links = if terminal.hyperlinks { "OSC 8" } else { "doctor.shown" };
    let keyboard = if terminal.keyboard { "kitty" } else { "doctor.plain" };
    let emoji = if terminal.narrow_emoji { "doctor.narrow" } else { "doctor.wide" };
    let frames = if terminal.frames { "doctor.at-once" } else { "doctor.as-they-come" };
    vec![
        ("ssh", said(if terminal.ssh { "doctor.yes" } else { "doctor.no" }, why.ssh)),
        ("multiplexer", said(between, why.multiplexer)),
        ("characters", said(if terminal.utf8 { "UTF-8" } else { "ASCII" }, why.utf8)),
        ("colors", said(colors, why.colors)),
        ("background", said(background, why_background)),
        ("hyperlinks", said(links, why.hyperlinks)),
        ("clipboard", said(clipboard, why.clipboard)),
        ("notifications", said(announces, because)),
        ("keyboard", said(keyboard, why.keyboard)),
        ("emoji", said(emoji, why.narrow_emoji)),
        ("frames", said(frames, why.frames)),
    ]
}

/// A folder, whether it is there, and who may enter it.
fn folder(path: &Path, words: &Catalog) -> String {
    let state = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => words.get("doctor.not-there").to_owned(),
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

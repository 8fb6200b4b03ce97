//! Errors as a person meets them: what happened, to what, and the next step. The one place where failures of the
//! port become sentences (by their keys in `assets/locales`) and, by kind, exit codes.

use super::attach::{Fault, MOST_FILE};
use crate::base::text::Clean;
use crate::community;
use crate::store;

/// What sort of trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The community cannot be reached.
    Network,
    /// Not signed in.
    Auth,
    /// Signing in takes a code besides the password.
    SecondFactor,
    /// Not allowed, or it takes a membership.
    Denied,
    /// It is not there.
    NotFound,
    /// What was given is wrong.
    Invalid,
    /// Somebody else was first.
    Conflict,
    /// The server is at fault, or too busy.
    Server,
    /// This community cannot do that.
    Unsupported,
    /// The disk, or what is kept on it.
    Disk,
}

/// An error that can be shown. `text` and `hint` are keys of the catalogue; `args` fill their places, but for `again`: the
/// key that tries again, which is not the same everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserError {
    /// What sort.
    pub kind: Kind,
    /// Key of what happened.
    pub text: &'static str,
    /// Key of the next step.
    pub hint: &'static str,
    /// Values for the places in both.
    pub args: Vec<(&'static str, Clean)>,
    /// Whether trying again can help.
    pub retry: bool,
}

/// Maps a failure of the port.
pub fn explain(error: &community::Error) -> UserError {
    use community::Kind as From;
    let (kind, text, hint, retry) = match &error.kind {
        From::Offline => (Kind::Network, "error.offline", "hint.retry", true),
        From::Timeout => (Kind::Network, "error.timeout", "hint.retry", true),
        From::NotTheServer => (Kind::Network, "error.not_the_server", "hint.address", true),
        From::LoginPage => (Kind::Network, "error.login_page", "hint.network_login", true),
        // Whoever asks for it without being a proxy is somebody else.
        From::ProxyLogin if error.via.is_none() => (Kind::Network, "error.not_the_server", "hint.address", true),
        From::ProxyLogin => (Kind::Network, "error.proxy_login", "hint.proxy_login", true),
        From::Untrusted(why) => distrust(*why),
        From::Server(_) => (Kind::Server, "error.server", "hint.report", true),
        From::Malformed => (Kind::Server, "error.malformed", "hint.update", true),
        From::SignedOut => (Kind::Auth, "error.signed_out", "hint.sign_in", false),
        From::WrongPassword => (Kind::Auth, "error.wrong_password", "hint.password", false),
        From::SecondFactor => (Kind::SecondFactor, "error.second_factor", "hint.code", false),
        From::WrongCode => (Kind::SecondFactor, "error.wrong_code", "hint.code", false),
        From::Refused => (Kind::Denied, "error.refused", "hint.sign_in", false),
        From::Expired => (Kind::Denied, "error.expired", "hint.sign_in", false),
        From::Scope => (Kind::Denied, "error.scope", "hint.session", false),
        From::NotFound => (Kind::NotFound, "error.not_found", "hint.back", false),
        From::Forbidden => (Kind::Denied, "error.forbidden", "hint.ask_moderator", false),
        From::Gated(_) => (Kind::Denied, "error.gated", "hint.why", false),
        From::Conflict => (Kind::Conflict, "error.conflict", "hint.refresh", false),
        From::Invalid(_) => (Kind::Invalid, "error.invalid", "hint.correct", false),
        From::TooLarge => (Kind::Invalid, "error.too_large", "hint.shorten", false),
        From::TooFast(_) => (Kind::Server, "error.too_fast", "hint.wait", true),
        From::Unsupported => (Kind::Unsupported, "error.unsupported", "hint.back", false),
    };
    let hint = match (&error.via, hint) {
        (Some(_), "hint.retry" | "hint.address") => "hint.via",
        (Some(_), "hint.authority" | "hint.other_end") => "hint.authority_via",
        _ => hint,
    };
    UserError { kind, text, hint, args: arguments(error), retry }
}

/// Why what answered is not trusted, and the next step. Trying again helps once somebody has done that.
fn distrust(why: community::Distrust) -> (Kind, &'static str, &'static str, bool) {
    use community::Distrust as Why;
    let (text, hint) = match why {
        Why::Name => ("error.untrusted.name", "hint.other_end"),
        Why::Expired => ("error.untrusted.expired", "hint.clock"),
        Why::NotYet => ("error.untrusted.not_yet", "hint.clock"),
        Why::Issuer => ("error.untrusted.issuer", "hint.authority"),
        Why::Revoked => ("error.untrusted.revoked", "hint.tell_host"),
        Why::Outdated => ("error.untrusted.outdated", "hint.tell_host"),
        Why::NoTls => ("error.untrusted.no_tls", "hint.other_end"),
        Why::NobodyTrusted => ("error.untrusted.nobody", "hint.certificates"),
        Why::Other => ("error.untrusted.else", "hint.other_end"),
    };
    (Kind::Network, text, hint, true)
}

/// Maps a failure of the store. Nothing on the disk was changed by it.
pub fn explain_store(error: &store::Error) -> UserError {
    use store::Error as From;
    let (text, hint, path) = match error {
        From::Newer { path, .. } => ("store.newer", "hint.update_lyceum", path),
        From::Damaged { path, .. } => ("store.damaged", "hint.move_away", path),
        From::ReadOnly { path } => ("store.read_only", "hint.make_writable", path),
        From::Full { path } => ("store.full", "hint.make_room", path),
        From::Busy { path } => ("store.busy", "hint.retry", path),
        From::Failed { path, .. } => ("store.failed", "hint.make_writable", path),
    };
    let args = vec![("path", Clean::line(&path.display().to_string())), ("detail", Clean::line(&error.to_string()))];
    UserError { kind: Kind::Disk, text, hint, args, retry: false }
}

/// Maps why there is nothing to attach.
pub fn explain_attach(fault: &Fault) -> UserError {
    let of = |name: &Clean| vec![("name", name.clone())];
    let (kind, text, hint, args) = match fault {
        Fault::Absent(name) => (Kind::NotFound, "attach.fault.absent", "attach.hint.path", of(name)),
        Fault::NotAFile(name) => (Kind::Invalid, "attach.fault.not-a-file", "attach.hint.path", of(name)),
        Fault::Binary(name) => (Kind::Invalid, "attach.fault.binary", "attach.hint.text", of(name)),
        Fault::TooLarge(name, bytes) => {
            let (size, most) = (bytes.div_ceil(1024).to_string(), (MOST_FILE / 1024).to_string());
            let args = [of(name), vec![("size", Clean::line(&size)), ("most", Clean::line(&most))]].concat();
            (Kind::Invalid, "attach.fault.too-large", "attach.hint.part", args)
        }
        Fault::Failed(name, why) => {
            let args = [of(name), vec![("why", why.clone())]].concat();
            (Kind::Invalid, "attach.fault.failed", "attach.hint.another", args)
        }
        Fault::NoGit => (Kind::NotFound, "attach.fault.no-git", "attach.hint.git", Vec::new()),
        Fault::NoRepository => (Kind::NotFound, "attach.fault.no-repository", "attach.hint.folder", Vec::new()),
        Fault::Nothing => (Kind::NotFound, "attach.fault.nothing", "attach.hint.another", Vec::new()),
        Fault::Slow(name) => (Kind::Invalid, "attach.fault.slow", "attach.hint.another", of(name)),
        Fault::Stopped => (Kind::Invalid, "attach.fault.stopped", "attach.hint.another", Vec::new()),
    };
    UserError { kind, text, hint, args, retry: false }
}

/// The engine of a seat has ended, or could not be started.
pub fn engine_gone() -> UserError {
    UserError { kind: Kind::Server, text: "error.engine_gone", hint: "hint.reopen", args: Vec::new(), retry: true }
}

/// Maps what is wrong with the address of a community: the key of a sentence with a place for the address.
pub fn explain_address(key: &'static str, address: &str) -> UserError {
    let args = vec![("address", Clean::line(address))];
    UserError { kind: Kind::Invalid, text: key, hint: "hint.account_address", args, retry: false }
}

/// Maps a failure of the list of accounts, or of what belongs to one of them on this machine.
pub fn explain_accounts(path: &std::path::Path, error: &std::io::Error) -> UserError {
    let args = vec![("path", Clean::line(&path.display().to_string())), ("why", Clean::line(&error.to_string()))];
    UserError { kind: Kind::Disk, text: "error.accounts", hint: "hint.accounts", args, retry: true }
}

/// Who was signed out of this account may still be kept on this machine, for this reason.
pub fn explain_left(why: &str) -> UserError {
    let args = vec![("why", Clean::line(why))];
    UserError { kind: Kind::Disk, text: "tokens.left", hint: "hint.forget_again", args, retry: true }
}

/// What the server found wrong, in its words: of each field, else of the whole; without a full stop.
pub(super) fn fault(error: &community::Error) -> Clean {
    let community::Kind::Invalid(fields) = &error.kind else { return error.detail.clone() };
    let all: Vec<String> = fields.iter().map(|(field, message)| format!("{field}: {message}")).collect();
    let said = if all.is_empty() { error.detail.to_string() } else { all.join("; ") };
    Clean::line(said.trim_end_matches(['.', '。']))
}

fn arguments(error: &community::Error) -> Vec<(&'static str, Clean)> {
    let mut args = vec![("detail", error.detail.clone())];
    match &error.kind {
        community::Kind::Server(Some(incident)) => args.push(("incident", incident.clone())),
        community::Kind::Invalid(_) => args.push(("fields", fault(error))),
        community::Kind::TooFast(wait) => args.push(("seconds", Clean::line(&wait.as_secs().to_string()))),
        _ => {}
    }
    if let Some(proxy) = &error.via {
        args.push(("proxy", proxy.clone()));
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::community::{Distrust, Error, Kind as From};
    use crate::config::locale::{Catalog, Language};

    /// What a person reads: what happened, and the next step.
    fn said(error: &Error, language: Language) -> [String; 2] {
        let (explained, words) = (explain(error), Catalog::new(language));
        let args = explained.args.iter().map(|(name, value)| (*name, value.as_str()));
        // Which key it is, the screen knows.
        let args: Vec<(&str, &str)> = args.chain([("again", "R")]).collect();
        [explained.text, explained.hint].map(|key| words.fill(key, &args))
    }

    #[test]
    fn whatever_stands_on_the_way_is_a_sentence_of_its_own_with_the_proxy_named() {
        let untrusted = [
            Distrust::Name,
            Distrust::Expired,
            Distrust::NotYet,
            Distrust::Issuer,
            Distrust::Revoked,
            Distrust::Outdated,
            Distrust::NoTls,
            Distrust::NobodyTrusted,
            Distrust::Other,
        ];
        let kinds = [From::Offline, From::Timeout, From::NotTheServer, From::LoginPage, From::ProxyLogin];
        let kinds: Vec<From> = kinds.into_iter().chain(untrusted.map(From::Untrusted)).collect();
        for language in Language::ALL {
            let mut sentences = std::collections::HashSet::new();
            for kind in &kinds {
                let error = Error::with(kind.clone(), "detail");
                let [what, next] = said(&error, language);
                assert!(!what.contains(['{', '}']) && !next.contains(['{', '}']), "{what} {next}");
                assert!(!what.starts_with("error.") && !next.starts_with("hint."), "{what} {next}");
                assert!(
                    sentences.insert(what) || *kind == From::ProxyLogin,
                    "two kinds of trouble sound alike: {kind:?}"
                );
                let via = Error { via: Some(Clean::line("http://proxy.example:3128")), ..error };
                let through = said(&via, language).concat();
                let names = through.contains("http://proxy.example:3128");
                let is_ones_own = matches!(
                    kind,
                    From::LoginPage
                        | From::Untrusted(
                            Distrust::Expired
                                | Distrust::NotYet
                                | Distrust::Revoked
                                | Distrust::Outdated
                                | Distrust::NobodyTrusted
                        )
                );
                assert!(names != is_ones_own && !through.contains(['{', '}']), "{kind:?}: {through}");
            }
        }
    }
}

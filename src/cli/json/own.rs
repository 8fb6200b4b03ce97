//! What commands print about one's own accounts and this machine. Made here from the model; printed by the commands.

use serde::Serialize;
#[cfg(feature = "server")]
use utoipa::ToSchema;

#[cfg(feature = "server")]
use super::schema;
use crate::base::time::Timestamp;
use crate::model::member;
use crate::model::session::{self, Scope};

documents! {
    own;
    /// `lyceum whoami`: who is signed in, as the community sees it.
    Whoami = "whoami" {
        /// The community's address.
        community: String,
        /// Unique name.
        username: String,
        /// Shown name.
        name: String,
        /// Role now.
        role: member::Role,
        /// The vault with the tokens; null when they were handed in.
        vault: Option<String>,
    }
    /// `lyceum accounts`: the accounts used on this machine, the last used first.
    Accounts = "accounts" {
        /// The accounts.
        accounts: Vec<Account>,
    }
    /// `lyceum login`: an account that was signed in to.
    SignedIn = "signed-in" {
        /// The community's address.
        community: String,
        /// Unique name.
        username: String,
        /// The vault that keeps the tokens.
        vault: String,
        /// Where exactly.
        place: String,
    }
    /// `lyceum login --device`, first: what to do on another device. `lyceum/signed-in/1` follows.
    Device = "device" {
        /// The code to compare.
        user_code: String,
        /// The page to open.
        verification_uri: String,
        /// The same with the code in it.
        verification_uri_complete: String,
    }
    /// `lyceum logout`: an account that was signed out of.
    SignedOut = "signed-out" {
        /// The community's address.
        community: String,
        /// Unique name.
        username: String,
        /// Whether the community has heard of it.
        told: bool,
    }
    /// `lyceum sessions`: where one is signed in.
    Sessions = "sessions" {
        /// The sessions.
        sessions: Vec<OpenSession>,
    }
    /// `lyceum tokens`: the personal access tokens, without themselves.
    Tokens = "tokens" {
        /// The tokens, newest first.
        tokens: Vec<Token>,
    }
    /// `lyceum tokens new`: a token that was made, this once with itself.
    TokenMade = "token" {
        /// Its id, as `lyceum tokens end` takes it.
        id: String,
        /// What it is for.
        name: String,
        /// What it may be used for.
        scopes: Vec<Scope>,
        /// When it was made.
        created: Timestamp,
        /// When it was last used.
        used: Option<Timestamp>,
        /// When it ends.
        until: Timestamp,
        /// The token.
        token: String,
    }
    /// `lyceum sessions end` and `lyceum tokens end`: what was ended.
    Ended = "ended" {
        /// Its id; `others` for all sessions but this one.
        ended: String,
    }
    /// `lyceum auth status`: where the secret of each account is.
    AuthStatus = "auth-status" {
        /// The accounts.
        accounts: Vec<Grant>,
    }
    /// `lyceum second-factor`: how it stands.
    SecondFactor = "second-factor" {
        /// Whether signing in asks for a code.
        enabled: bool,
        /// Recovery codes that were not used yet.
        recovery_codes_left: u32,
    }
    /// `lyceum second-factor on`, first: what an authenticator is told. `lyceum/recovery-codes/1` follows.
    Authenticator = "authenticator" {
        /// The key, to be typed.
        secret: String,
        /// The same as an address, for a code to scan.
        uri: String,
    }
    /// `lyceum second-factor on` and `codes`: the recovery codes, this once.
    RecoveryCodes = "recovery-codes" {
        /// The codes.
        recovery_codes: Vec<String>,
    }
    /// `lyceum admin role`, `owner` and `password`: whose role or password was set.
    RoleSet = "role" {
        /// Unique name.
        username: String,
        /// The role that was given; null when it was about a password.
        role: Option<member::Role>,
    }
    /// `lyceum admin end-second-factor`: who signs in with their password alone now.
    FactorEnded = "second-factor-ended" {
        /// Unique name.
        username: String,
        /// Whether they had one.
        ended: bool,
    }
    /// `lyceum config path` and `init`: the settings file.
    ConfigFile = "config-file" {
        /// Where it is.
        path: String,
        /// Whether it is there.
        exists: bool,
        /// Where the one went that was there before; null when there was none.
        old: Option<String>,
    }
    /// `lyceum config check`: what is wrong in settings, keymaps and themes.
    ConfigCheck = "config-check" {
        /// The files that were looked at.
        files: Vec<String>,
        /// What is wrong.
        mistakes: Vec<Mistake>,
    }
    /// `lyceum doctor`: what was found out about this machine, in English whatever the reader's language is.
    Doctor = "doctor" {
        /// What was found, in the order in which it is printed. A name may be there several times.
        findings: Vec<Found>,
    }
}

items! {
    /// An account used on this machine.
    Account {
        /// The community's address.
        community: String,
        /// Unique name.
        username: String,
        /// The vault with its tokens; null when signed out.
        vault: Option<String>,
        /// Whether it is the one that commands use.
        in_use: bool,
    }
    /// One sign-in on one device.
    OpenSession {
        /// Its id, as `lyceum sessions end` takes it.
        id: String,
        /// What the client called itself.
        client: String,
        /// When it was opened.
        created: Timestamp,
        /// When it was last used.
        used: Timestamp,
        /// When it ends unless it is used.
        until: Timestamp,
        /// Whether it is this one.
        current: bool,
    }
    /// A personal access token, without itself.
    Token {
        /// Its id, as `lyceum tokens end` takes it.
        id: String,
        /// What it is for.
        name: String,
        /// What it may be used for.
        scopes: Vec<Scope>,
        /// When it was made.
        created: Timestamp,
        /// When it was last used.
        used: Option<Timestamp>,
        /// When it ends.
        until: Timestamp,
    }
    /// Where the secret of an account is.
    Grant {
        /// The community's address.
        community: String,
        /// Unique name; null for a token that was handed in.
        username: Option<String>,
        /// The vault with its secret, or `environment`; null when signed out.
        vault: Option<String>,
        /// Where exactly.
        place: String,
        /// `works`, `signed_out`, or in a word why it cannot be had.
        state: &'static str,
        /// Why it cannot be had, in the reader's language.
        why: Option<String>,
        /// `session` or `personal`; null when that is not known.
        kind: Option<&'static str>,
        /// What it may do: `all`, `read`, `write`; null when that is not known.
        scopes: Option<Vec<&'static str>>,
        /// When the access token ends.
        access_until: Option<Timestamp>,
        /// When the session ends unless it is used, or the personal token.
        until: Option<Timestamp>,
    }
    /// A mistake in settings, a keymap or a theme.
    Mistake {
        /// The file it is in; null when it is in a variable.
        file: Option<String>,
        /// The line; null when that is not known.
        line: Option<usize>,
        /// The variable or the argument it is in; null when it is in a file.
        variable: Option<String>,
        /// What is wrong, in the reader's language.
        text: String,
    }
    /// Something that was found.
    Found {
        /// What it is about.
        name: String,
        /// What was found.
        value: String,
    }
}

impl From<&session::OpenSession> for OpenSession {
    fn from(session: &session::OpenSession) -> Self {
        Self {
            id: session.id.to_string(),
            client: session.client.to_string(),
            created: session.created,
            used: session.used,
            until: session.until,
            current: session.current,
        }
    }
}

impl TokenMade {
    /// A token with what is known of it.
    pub fn new(of: &session::AccessToken, token: &str) -> Self {
        let Token { id, name, scopes, created, used, until } = of.into();
        Self { schema: Self::SCHEMA, id, name, scopes, created, used, until, token: token.to_owned() }
    }
}

impl From<&session::AccessToken> for Token {
    fn from(token: &session::AccessToken) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name.to_string(),
            scopes: token.scopes.clone(),
            created: token.created,
            used: token.used,
            until: token.until,
        }
    }
}

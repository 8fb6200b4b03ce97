//! Sessions, tokens and second factors of the community in memory.

use async_trait::async_trait;

use super::super::{Begun, Error, Kind, Result, Security};
use super::world::{World, invalid};
use super::{Call, Memory};
use crate::base::ids::{SessionId, TokenId, Username};
use crate::base::secret::{ExposeSecret, Secret};
use crate::base::text::Clean;
use crate::base::time::{Clock, SignedDuration, Timestamp};
use crate::model::session::{AccessToken, Credential, NewAccessToken, OpenSession, Scope, SecondFactor};

/// The one code that is right here.
pub(super) const CODE: &str = "123456";

/// What opens accounts.
#[derive(Default)]
pub(super) struct Doors {
    serial: u32,
    sessions: Vec<(Username, OpenSession)>,
    tokens: Vec<(Username, AccessToken)>,
    factors: Vec<(Username, SecondFactor)>,
    /// What was decided about the device that waits: who let it in, or none who refused it.
    pub(super) decided: Option<Option<Username>>,
}

impl Doors {
    fn next(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }

    /// Opens a session; the others of the same person are not the current one any more.
    pub(super) fn open(&mut self, who: &Username, now: Timestamp) -> u32 {
        let id = self.next();
        for (_, session) in self.sessions.iter_mut().filter(|(whose, _)| whose == who) {
            session.current = false;
        }
        let until = now.saturating_add(SignedDuration::from_hours(30 * 24)).unwrap_or(now);
        let client = Clean::line("lyceum on laptop");
        let id_ = SessionId::new(format!("s{id}"));
        let session = OpenSession { id: id_, client, created: now, used: now, until, current: true };
        self.sessions.insert(0, (who.clone(), session));
        id
    }

    pub(super) fn factor(&self, who: &Username) -> Option<SecondFactor> {
        self.factors.iter().find(|(whose, _)| whose == who).map(|(_, factor)| *factor)
    }

    fn set_factor(&mut self, who: &Username, enabled: bool) {
        self.factors.retain(|(whose, _)| whose != who);
        let codes_left = if enabled { 10 } else { 0 };
        self.factors.push((who.clone(), SecondFactor { enabled, codes_left }));
    }

    /// What a token may be used for.
    pub(super) fn credential(&self, token: &str, now: Timestamp) -> Option<Credential> {
        if let Some(id) = token.strip_prefix("personal-") {
            let (_, kept) = self.tokens.iter().find(|(_, kept)| kept.id.as_str() == id)?;
            return Some(Credential { session: false, scopes: kept.scopes.clone(), until: kept.until });
        }
        let until = now.saturating_add(SignedDuration::from_hours(30 * 24)).unwrap_or(now);
        token.starts_with("access-").then(|| Credential { session: true, scopes: Scope::ALL.to_vec(), until })
    }

    /// Whose personal access token this is.
    pub(super) fn owner_of(&self, token: &str) -> Option<String> {
        let id = token.strip_prefix("personal-")?;
        self.tokens.iter().find(|(_, kept)| kept.id.as_str() == id).map(|(who, _)| who.to_string())
    }
}

/// As many recovery codes as there are.
fn codes() -> Vec<Secret> {
    (0..10).map(|n| Secret::from(format!("abcd{n}-efgh{n}"))).collect()
}

impl Memory {
    async fn secure<T>(&self, act: impl FnOnce(&mut World, &Username, Timestamp) -> Result<T> + Send) -> Result<T> {
        let now = self.clock.now();
        self.call(Call::Security, |world| act(world, &self.reader()?, now)).await
    }

    async fn prove<T>(
        &self,
        password: &Secret,
        code: &Secret,
        act: impl FnOnce(&mut Doors, &Username) -> T + Send,
    ) -> Result<T> {
        self.secure(|world, who, _| {
            if world.person(who).is_none_or(|person| person.password != password.expose_secret()) {
                return Err(Error::new(Kind::WrongPassword));
            }
            if code.expose_secret() != CODE {
                return Err(Error::new(Kind::WrongCode));
            }
            Ok(act(&mut world.doors, who))
        })
        .await
    }
}

#[async_trait]
impl Security for Memory {
    async fn sessions(&self) -> Result<Vec<OpenSession>> {
        self.secure(|world, me, _| {
            let own = world.doors.sessions.iter().filter(|(who, _)| who == me);
            Ok(own.map(|(_, session)| session.clone()).collect())
        })
        .await
    }

    async fn end_session(&self, id: &SessionId) -> Result<()> {
        self.secure(|world, me, _| {
            let before = world.doors.sessions.len();
            world.doors.sessions.retain(|(who, session)| who != me || session.id != *id);
            if world.doors.sessions.len() == before { Err(Error::new(Kind::NotFound)) } else { Ok(()) }
        })
        .await
    }

    async fn end_other_sessions(&self) -> Result<()> {
        self.secure(|world, me, _| {
            world.doors.sessions.retain(|(who, session)| who != me || session.current);
            Ok(())
        })
        .await
    }

    async fn access_tokens(&self) -> Result<Vec<AccessToken>> {
        self.secure(|world, me, _| {
            let own = world.doors.tokens.iter().rev().filter(|(who, _)| who == me);
            Ok(own.map(|(_, token)| token.clone()).collect())
        })
        .await
    }

    async fn make_access_token(&self, new: &NewAccessToken) -> Result<(AccessToken, Secret)> {
        self.secure(|world, me, now| {
            if new.name.trim().is_empty() {
                return Err(invalid("name", "is empty"));
            }
            if new.scopes.is_empty() {
                return Err(invalid("scopes", "at least one"));
            }
            let id = world.doors.next().to_string();
            let days = SignedDuration::from_hours(24 * i64::from(new.days));
            let token = AccessToken {
                id: TokenId::new(id.clone()),
                name: Clean::line(&new.name),
                scopes: new.scopes.clone(),
                created: now,
                used: None,
                until: now.saturating_add(days).unwrap_or(now),
            };
            world.doors.tokens.push((me.clone(), token.clone()));
            Ok((token, Secret::from(format!("personal-{id}"))))
        })
        .await
    }

    async fn end_access_token(&self, id: &TokenId) -> Result<()> {
        self.secure(|world, me, _| {
            let before = world.doors.tokens.len();
            world.doors.tokens.retain(|(who, token)| who != me || token.id != *id);
            if world.doors.tokens.len() == before { Err(Error::new(Kind::NotFound)) } else { Ok(()) }
        })
        .await
    }

    async fn second_factor(&self) -> Result<SecondFactor> {
        self.secure(|world, me, _| Ok(world.doors.factor(me).unwrap_or_default())).await
    }

    async fn begin_second_factor(&self, password: &Secret) -> Result<Begun> {
        self.secure(|world, me, _| {
            if world.doors.factor(me).is_some_and(|factor| factor.enabled) {
                return Err(Error::new(Kind::Conflict));
            }
            if world.person(me).is_none_or(|person| person.password != password.expose_secret()) {
                return Err(Error::new(Kind::WrongPassword));
            }
            let uri = Secret::from(format!("otpauth://totp/Rust%20Guild:{me}?secret=JBSWY3DPEHPK3PXP"));
            Ok(Begun { secret: Secret::from("JBSWY3DPEHPK3PXP"), uri })
        })
        .await
    }

    async fn confirm_second_factor(&self, code: &Secret) -> Result<Vec<Secret>> {
        self.secure(|world, me, _| {
            if code.expose_secret() != CODE {
                return Err(Error::new(Kind::WrongCode));
            }
            world.doors.set_factor(me, true);
            world.doors.sessions.retain(|(who, session)| who != me || session.current);
            Ok(codes())
        })
        .await
    }

    async fn end_second_factor(&self, password: &Secret, code: &Secret) -> Result<()> {
        self.prove(password, code, |doors, me| doors.set_factor(me, false)).await
    }

    async fn new_recovery_codes(&self, password: &Secret, code: &Secret) -> Result<Vec<Secret>> {
        self.prove(password, code, |_, _| codes()).await
    }
}

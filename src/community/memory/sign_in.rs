//! The ways into the community in memory.

use std::time::Duration;

use async_trait::async_trait;

use super::super::{
    BrowserPage, BrowserRequest, DeviceCode, Ends, Error, Kind, NewAccount, Polled, Result, Session, SignIn, Ways,
};
use super::security::CODE;
use super::world::{Person, World, invalid};
use super::{Call, Memory};
use crate::base::ids::Username;
use crate::base::secret::{ExposeSecret, Secret};
use crate::base::text::Clean;
use crate::base::time::Clock;
use crate::model::member::Role;
use crate::model::session::Credential;

impl Memory {
    /// Somebody decides about the device that waits: who lets it in, or none to refuse it.
    pub fn decide_device(&self, who: Option<&str>) {
        self.world().doors.decided = Some(who.map(Username::new));
    }

    /// A session of somebody, who is the reader from now on.
    fn enter(&self, world: &mut World, who: Username) -> Session {
        let id = world.doors.open(&who, self.clock.now());
        let token = |what: &str| Secret::from(format!("{what}-{id}-{who}"));
        let session = Session { access: token("access"), refresh: token("refresh"), ends: Ends::default() };
        self.read_as(Some(who));
        session
    }
}

#[async_trait]
impl SignIn for Memory {
    async fn ways(&self) -> Result<Ways> {
        self.call(Call::Ways, |_| Ok(Ways { password: true, device: true, browser: true })).await
    }

    async fn password(&self, username: &str, password: &Secret, code: Option<&Secret>) -> Result<Session> {
        let who = Username::new(username);
        self.call(Call::Password, |world| {
            let known = world.person(&who).is_some_and(|p| p.password == password.expose_secret());
            if !known {
                return Err(Error::new(Kind::WrongPassword));
            }
            if world.doors.factor(&who).is_some_and(|factor| factor.enabled) {
                let code = code.ok_or(Error::new(Kind::SecondFactor))?;
                if code.expose_secret() != CODE {
                    return Err(Error::new(Kind::WrongCode));
                }
            }
            Ok(self.enter(world, who))
        })
        .await
    }

    async fn device(&self) -> Result<DeviceCode> {
        self.call(Call::Device, |_| {
            Ok(DeviceCode {
                device_code: Secret::from("device"),
                user_code: Clean::line("WDJB-MJHT"),
                page: Clean::line("https://guild.example/activate"),
                page_with_code: Clean::line("https://guild.example/activate?code=WDJB-MJHT"),
                lasts: Duration::from_secs(600),
                interval: Duration::from_secs(5),
            })
        })
        .await
    }

    async fn device_tokens(&self, _code: &DeviceCode) -> Result<Polled> {
        self.call(Call::DeviceTokens, |world| match world.doors.decided.clone() {
            None => Ok(Polled::Pending),
            Some(None) => Err(Error::new(Kind::Refused)),
            Some(Some(who)) => Ok(Polled::Done(self.enter(world, who))),
        })
        .await
    }

    async fn browser(&self, asked: &BrowserRequest) -> Result<BrowserPage> {
        let issuer = "https://guild.example".to_owned();
        let address = format!("{issuer}/authorize?redirect_uri={}&state={}", asked.redirect, asked.state);
        self.call(Call::Browser, |_| Ok(BrowserPage { address, issuer })).await
    }

    async fn browser_tokens(&self, code: &Secret, _redirect: &str, _verifier: &Secret) -> Result<Session> {
        let who = Username::new(code.expose_secret());
        self.call(Call::BrowserTokens, |world| {
            if world.person(&who).is_none() {
                return Err(Error::new(Kind::Expired));
            }
            Ok(self.enter(world, who))
        })
        .await
    }

    async fn whose(&self, session: &Session) -> Result<Username> {
        let token = session.access.expose_secret().to_owned();
        self.call(Call::Whose, |world| {
            let who =
                token.strip_prefix("access-").and_then(|rest| rest.split_once('-')).map(|(_, who)| who.to_owned());
            let who = who.or_else(|| world.doors.owner_of(&token)).ok_or(Error::new(Kind::SignedOut))?;
            self.read_as(Some(Username::new(who.clone())));
            Ok(Username::new(who))
        })
        .await
    }

    async fn credential(&self, session: &Session) -> Result<Credential> {
        let token = session.access.expose_secret().to_owned();
        let now = self.clock.now();
        self.call(Call::Whose, |world| world.doors.credential(&token, now).ok_or(Error::new(Kind::SignedOut))).await
    }

    async fn register(&self, account: &NewAccount) -> Result<()> {
        let now = self.clock.now();
        self.call(Call::Register, |world| {
            if account.password.expose_secret().chars().count() < 10 {
                return Err(invalid("password", "at least 10 characters"));
            }
            if account.accepted_policy_version != world.about.policy_version {
                return Err(invalid("accepted_policy_version", "not the version that stands now"));
            }
            if world.person(&Username::new(&account.username)).is_some() {
                return Err(Error::with(Kind::Conflict, "this name is taken"));
            }
            let mut person = Person::new(&account.username, &account.display_name, Role::Member, now);
            person.password = account.password.expose_secret().to_owned();
            world.people.push(person);
            Ok(())
        })
        .await
    }

    async fn sign_out(&self, _session: &Session) -> Result<()> {
        self.call(Call::SignOut, |_| {
            self.read_as(None);
            Ok(())
        })
        .await
    }
}

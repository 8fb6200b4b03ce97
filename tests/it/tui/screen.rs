//! A screen to test: the state, a community in memory that answers it, and a buffer to draw on.

use std::sync::Arc;

use lyceum::base::ids::IdempotencyKey;
use lyceum::base::text::Clean;
use lyceum::base::time::{Clock as _, SignedDuration};
use lyceum::community::memory::{Memory, sample};
use lyceum::community::{Community as _, Error, Kind, NewAccount, Session, SignIn as _};
use lyceum::config::locale::{Catalog, Language};
use lyceum::engine::attach::{Fault, Ground, Stop, grant};
use lyceum::engine::event::{Answer, Connection, Event};
use lyceum::engine::problem::{explain, explain_attach};
use lyceum::engine::request::{OutboxAct, Query, Request, Ticket};
use lyceum::engine::seat::Who;
use lyceum::engine::security::{look, secure};
use lyceum::model::change::Change;
use lyceum::model::draft::Draft;
use lyceum::model::feed::View;
use lyceum::model::outbox::{Entry, EntryId, State as EntryState, Why};
use lyceum::model::search::{known::Known, saved::Saved};
use lyceum::tui::effect::Effect;
use lyceum::tui::keymap;
use lyceum::tui::msg::{Input, Msg};
use lyceum::tui::roll::{Roll, Row, SeatId, Stands};
use lyceum::tui::state::{Options, State};
use lyceum::tui::symbols::Symbols;
use lyceum::tui::theme::{Depth, Theme};
use lyceum::tui::{update::update, view::view};
use ratatui::{Terminal, backend::TestBackend};

/// Where the community is.
pub(super) const ORIGIN: &str = "https://guild.example";

/// How the community behaves.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Line {
    /// It answers at once.
    Answers,
    /// It answers nothing until told to.
    Silent,
    /// It cannot be reached.
    Broken,
}

/// A screen on the sample community.
pub(super) struct Screen {
    pub(super) state: State,
    pub(super) memory: Memory,
    pub(super) line: Line,
    /// Requests that were not answered yet.
    pub(super) open: Vec<(Ticket, Request)>,
    /// What is on its way.
    pub(super) outbox: Vec<(Ticket, Entry)>,
    /// Layouts that were to be remembered.
    pub(super) layouts: Vec<String>,
    /// Saved searches that were to be kept.
    pub(super) searches: Vec<Vec<Saved>>,
    /// What every question fails with, when the line is broken; without it, that there is none.
    pub(super) failure: Option<Error>,
    /// A way in that waits for a person elsewhere.
    pub(super) waiting: Option<Ticket>,
    /// Whether texts are held for a while before they are sent.
    pub(super) holds: bool,
    /// What there is to attach; none where nothing is.
    pub(super) ground: Option<Ground>,
    /// All effects that were no requests.
    pub(super) effects: Vec<Effect>,
    runtime: tokio::runtime::Runtime,
}

impl Screen {
    /// A screen of that size, started; the community answers.
    pub(super) fn new(columns: u16, lines: u16) -> Self {
        Self::with(columns, lines, Language::English, Line::Answers)
    }

    pub(super) fn with(columns: u16, lines: u16, language: Language, line: Line) -> Self {
        Self::on(sample(), (columns, lines), language, line)
    }

    /// A screen on a community that a test has prepared.
    pub(super) fn on(memory: Memory, (columns, lines): (u16, u16), language: Language, line: Line) -> Self {
        let theme = Theme::built_in("dark", Depth::True);
        let mut state = State::new(Catalog::new(language), theme, Symbols::UNICODE, Options::default());
        let who = Who { origin: ORIGIN.to_owned(), username: Some("ada".to_owned()) };
        let (stands, failure) = (Stands::Line(Connection::Live), None);
        let row = Row { id: SeatId(1), who, name: None, stands, failure, unread: 0, unsent: 0, is_safe: true };
        state.roll = Arc::new(Roll { rows: vec![row], front: SeatId(1) });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let mut screen = Self {
            state,
            memory,
            line,
            open: Vec::new(),
            outbox: Vec::new(),
            layouts: Vec::new(),
            searches: Vec::new(),
            failure: None,
            waiting: None,
            holds: false,
            ground: None,
            effects: Vec::new(),
            runtime,
        };
        screen.tell(Input::Resize(columns, lines));
        screen.tell(Input::Start);
        if line == Line::Answers {
            screen.tell(Input::Engine(Box::new(Event::Connection(Connection::Live))));
        }
        screen
    }

    /// Tells the state something, and the community what it asks for, until nobody has anything to say.
    pub(super) fn tell(&mut self, input: Input) {
        let at = self.memory.clock().now();
        let effects = update(&mut self.state, Msg { at, input });
        for effect in effects {
            match effect {
                Effect::Send(ticket, Request::Abandon(_)) => self.open.retain(|(t, _)| *t != ticket),
                Effect::Send(_, Request::KeepLayout(layout)) => self.layouts.push(layout),
                Effect::Send(_, Request::KeepSearches(searches)) => self.searches.push(searches),
                // What the engine does by itself and answers nothing to.
                Effect::Send(_, Request::KeepDraft(_) | Request::DropDraft(_) | Request::Prefetch(_)) => {}
                Effect::Send(ticket, request) => self.open.push((ticket, request)),
                other => self.effects.push(other),
            }
        }
        if self.line != Line::Silent {
            self.answer();
        }
    }

    /// Answers what is open.
    pub(super) fn answer(&mut self) {
        while !self.open.is_empty() {
            let (ticket, request) = self.open.remove(0);
            let event = match request {
                Request::Ask(query) => {
                    let result = self.ask(&query).map_err(|e| explain(&e));
                    Event::Answer { ticket, result }
                }
                Request::Look(query, _) => Event::Answer { ticket, result: self.ask(&query).map_err(|e| explain(&e)) },
                Request::Apply(change) => {
                    self.enqueue(ticket, change, 0);
                    continue;
                }
                Request::Post { draft, after } => {
                    self.enqueue(ticket, draft.change(), after);
                    continue;
                }
                Request::Outbox(act) => match self.act(ticket, act) {
                    Some(event) => event,
                    None => continue,
                },
                Request::Leave => Event::MayLeave,
                Request::SignIn { username, password, code } => {
                    let entered = self.memory.password(&username, &password, code.as_ref());
                    let result = self.runtime.block_on(entered).map(|_| username);
                    self.enter(ticket, result)
                }
                Request::Register { username, display_name, password, accepted_policy_version } => {
                    let account =
                        NewAccount { username: username.clone(), display_name, password, accepted_policy_version };
                    let result = self.runtime.block_on(self.memory.register(&account)).map(|()| username);
                    self.enter(ticket, result)
                }
                Request::SignInWithToken(token) => {
                    let session = Session::of_token(token);
                    let result = self.runtime.block_on(self.memory.whose(&session)).map(|name| name.to_string());
                    self.enter(ticket, result)
                }
                Request::SignInByDevice => {
                    let code = self.runtime.block_on(self.memory.device()).unwrap();
                    let (page, page_with_code) = (code.page, code.page_with_code);
                    self.waiting = Some(ticket);
                    Event::Device { ticket, code: code.user_code, page, page_with_code, lasts: code.lasts }
                }
                Request::SignInInBrowser(_) => {
                    self.waiting = Some(ticket);
                    Event::Browser { ticket, address: "https://guild.example/authorize?state=1".to_owned() }
                }
                Request::Secure(deed) => {
                    let result = self.runtime.block_on(secure(&self.memory, deed)).map_err(|e| explain(&e));
                    Event::Secured { ticket, result }
                }
                Request::Attach(wish) => {
                    let ground = self.ground.as_ref();
                    let found = ground.map_or(Err(Fault::Nothing), |ground| grant(&wish, ground, &Stop::default()));
                    Event::Attached { ticket, result: found.map_err(|fault| explain_attach(&fault)) }
                }
                Request::SignOut => {
                    self.memory = self.memory.signed_out();
                    Event::SignedOut
                }
                _ => continue,
            };
            self.tell(Input::Engine(Box::new(event)));
        }
    }

    /// Puts a change into the outbox; it goes out at once when the community answers, and waits when it cannot be
    /// reached. A text is not held: tests of that say so themselves.
    fn enqueue(&mut self, ticket: Ticket, change: Change, after: u32) {
        let key = IdempotencyKey::new(format!("key-{}", ticket.0));
        let made = self.memory.clock().now();
        let state = match (self.holds && change.is_text(), self.line) {
            (true, _) => EntryState::Held { until: made.saturating_add(SignedDuration::from_secs(10)).unwrap() },
            (false, Line::Broken) => {
                EntryState::Retry { at: made.saturating_add(SignedDuration::from_secs(3)).unwrap() }
            }
            _ => EntryState::Queued,
        };
        let id = EntryId(i64::try_from(ticket.0).unwrap());
        self.outbox.push((ticket, Entry { id, key, change, about: String::new(), after, made, state, tries: 0 }));
        self.publish();
        self.send_queued();
    }

    fn publish(&mut self) {
        let entries = self.outbox.iter().map(|(_, entry)| entry.clone()).collect();
        self.tell(Input::Engine(Box::new(Event::Outbox(entries))));
    }

    /// Sends what is queued; what the community refuses is told, and a text of it is stuck.
    fn send_queued(&mut self) {
        while let Some(at) = self.outbox.iter().position(|(_, entry)| entry.state == EntryState::Queued) {
            if self.line == Line::Broken {
                return;
            }
            let (ticket, entry) = self.outbox.remove(at);
            let result = self.runtime.block_on(self.memory.apply(&entry.change, &entry.key));
            if result.is_err() && entry.change.is_text() {
                let state = EntryState::Stuck { why: Why::Conflict, detail: Clean::default() };
                self.outbox.insert(at, (ticket, Entry { state, ..entry }));
            }
            self.tell(Input::Engine(Box::new(Event::Applied { ticket, result: result.map_err(|e| explain(&e)) })));
            self.publish();
        }
    }

    fn act(&mut self, ticket: Ticket, act: OutboxAct) -> Option<Event> {
        let (OutboxAct::Retry(id) | OutboxAct::Recall(id) | OutboxAct::Cancel(id)) = act else { return None };
        let at = self.outbox.iter().position(|(_, entry)| entry.id == id);
        if let (OutboxAct::Retry(_), Some(at)) = (act, at) {
            self.outbox[at].1.state = EntryState::Queued;
            self.send_queued();
            return None;
        }
        let draft = at.and_then(|at| {
            let (_, entry) = self.outbox.remove(at);
            Draft::of(&entry.change, &entry.about)
        });
        self.publish();
        matches!(act, OutboxAct::Recall(_)).then_some(Event::Recalled { ticket, draft })
    }

    /// What is held goes out.
    pub(super) fn let_go(&mut self) -> &mut Self {
        for (_, entry) in &mut self.outbox {
            entry.state = EntryState::Queued;
        }
        self.publish();
        self.send_queued();
        self
    }

    /// Types keys; answers with the layouts that are to be remembered for it.
    pub(super) fn told_keys(&mut self, keys: &str) -> Vec<String> {
        let before = self.layouts.len();
        self.keys(keys);
        self.layouts[before..].to_vec()
    }

    /// The line is another from now on; what waited for it goes out.
    pub(super) fn reach(&mut self, line: Line) -> &mut Self {
        self.line = line;
        if line == Line::Answers {
            for (_, entry) in &mut self.outbox {
                if matches!(entry.state, EntryState::Retry { .. }) {
                    entry.state = EntryState::Queued;
                }
            }
            self.send_queued();
        }
        self
    }

    /// What comes of signing in: from then on the community is asked as that member.
    pub(super) fn enter(&mut self, ticket: Ticket, result: Result<String, Error>) -> Event {
        if let Ok(username) = &result {
            self.memory = self.memory.seen_by(username);
        }
        Event::SignedIn { ticket, result: result.map(|_| "keyring").map_err(|e| explain(&e)) }
    }

    pub(super) fn ask(&self, query: &Query) -> Result<Answer, Error> {
        if self.line == Line::Broken {
            return Err(self.failure.clone().unwrap_or(Error::new(Kind::Offline)));
        }
        self.runtime.block_on(asked(&self.memory, query))
    }

    /// Types keys, as keymaps write them: `j j enter`.
    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keymap::parse(keys).unwrap() {
            self.tell(Input::Key(key));
        }
        self
    }

    /// Types text, letter by letter.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let name = if c == ' ' { "space".to_owned() } else { c.to_string() };
            self.keys(&name);
        }
        self
    }

    /// Lets time pass.
    pub(super) fn wait(&mut self, milliseconds: i64) -> &mut Self {
        self.memory.clock().advance(SignedDuration::from_millis(milliseconds));
        self.tell(Input::Due);
        self
    }

    /// The picture as text.
    pub(super) fn picture(&self) -> String {
        let (columns, lines) = self.state.size;
        text_of(self.draw(columns, lines).backend().buffer())
    }

    /// The picture on a terminal of some size.
    pub(super) fn draw(&self, columns: u16, lines: u16) -> Terminal<TestBackend> {
        let mut terminal = Terminal::new(TestBackend::new(columns, lines)).unwrap();
        terminal.draw(|frame| view(&self.state, frame)).unwrap();
        terminal
    }
}

/// What a community answers.
pub(super) async fn asked(m: &Memory, query: &Query) -> Result<Answer, Error> {
    if let Some(result) = look(m, m, query).await {
        return result;
    }
    Ok(match query {
        Query::About => Answer::About(m.about().await?),
        Query::Me => Answer::Me(m.me().await?),
        Query::Spaces => Answer::Spaces(m.spaces().await?),
        Query::Feed(view, cursor) => Answer::Threads(m.feed(*view, cursor.as_ref()).await?),
        Query::Threads(query, cursor) => Answer::Threads(m.threads(query, cursor.as_ref()).await?),
        Query::Thread(id) => Answer::Thread(Box::new(m.thread(id).await?)),
        Query::Posts(id, window) => Answer::Posts(m.posts(id, *window).await?),
        Query::Access(id) => Answer::Access(Box::new(m.access(id).await?)),
        Query::Search(words, cursor) => Answer::Hits(m.search(words, cursor.as_ref()).await?),
        Query::Inbox(done, cursor) => Answer::Inbox(m.notifications(*done, cursor.as_ref()).await?),
        Query::Plans => Answer::Plans(m.plans().await?),
        Query::Membership => Answer::Membership(Box::new(m.membership().await?)),
        Query::Member(name) => Answer::Member(Box::new(m.member(name).await?)),
        Query::Known => {
            let threads = m.feed(View::Latest, None).await?.items;
            let mut members: Vec<_> = threads.iter().map(|thread| thread.author.clone()).collect();
            members.sort_by_key(|author| author.username.to_string());
            members.dedup();
            Answer::Known(Box::new(Known { threads, members }))
        }
        Query::Ways | Query::Sessions | Query::AccessTokens | Query::SecondFactor => unreachable!(),
    })
}

/// What a terminal shows, as text.
pub(super) fn text_of(buffer: &ratatui::buffer::Buffer) -> String {
    let line = |y: u16| {
        let (mut line, mut x) = (String::new(), 0);
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += (lyceum::base::text::width::width(symbol) as u16).max(1);
        }
        line.trim_end().to_owned()
    };
    (0..buffer.area.height).map(line).collect::<Vec<_>>().join("\n")
}

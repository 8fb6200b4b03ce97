//! Several accounts on one screen: what is told of one goes to that one, one is in front, and one that is broken stops
//! none of the others.

use std::collections::{BTreeMap, VecDeque};

use lyceum::base::ids::{IdempotencyKey, NotificationId, ThreadId, Username};
use lyceum::base::text::Clean;
use lyceum::base::time::{SignedDuration, Timestamp};
use lyceum::community::memory::{Memory, NOW, sample};
use lyceum::config::locale::{Catalog, Language};
use lyceum::engine::account::Account;
use lyceum::engine::event::{Connection, Event, Keeping};
use lyceum::engine::problem::{engine_gone, explain, explain_address};
use lyceum::engine::request::{Request, Ticket};
use lyceum::engine::seat::Who;
use lyceum::engine::tokens::{Farewell, Refusal};
use lyceum::model::change::Change;
use lyceum::model::community::Community as About;
use lyceum::model::member::Role;
use lyceum::model::notification::{Notification, Reason};
use lyceum::model::outbox::{Entry, EntryId, State as Stands};
use lyceum::tui::effect::Effect;
use lyceum::tui::keymap;
use lyceum::tui::msg::Input;
use lyceum::tui::roll::SeatId;
use lyceum::tui::seats::{LIMIT, Order, Seats, Told};
use lyceum::tui::state::{Options, State};
use lyceum::tui::symbols::Symbols;
use lyceum::tui::theme::{Depth, Theme};
use lyceum::tui::view::view;
use ratatui::{Terminal, backend::TestBackend};

use super::screen::{asked, text_of};

mod broken;
mod leaving;
mod switching;

const GUILD: &str = "https://guild.example";
const ELM: &str = "https://elm.example";
const SMALL: (u16, u16) = (80, 24);

/// A screen with several accounts, each on a community in memory of its own.
struct Hall {
    seats: Seats,
    /// The list on the disk.
    accounts: Vec<Account>,
    /// The engines that run.
    engines: BTreeMap<SeatId, Memory>,
    /// Communities that never answer.
    silent: Vec<String>,
    /// Communities that cannot be opened.
    broken: Vec<String>,
    /// Whether starting an engine takes until it is told.
    slow: bool,
    /// How whoever signs out leaves, and why tokens may be left.
    farewell: Farewell,
    left: Vec<Refusal>,
    told: VecDeque<Told>,
    /// All that was asked for.
    orders: Vec<Order>,
    now: Timestamp,
    runtime: tokio::runtime::Runtime,
}

impl Hall {
    /// A screen on the first of these accounts, before its first picture.
    fn start(accounts: &[(&str, &str)], size: (u16, u16), language: Language) -> Self {
        let account = |(origin, name): &(&str, &str)| Account {
            origin: (*origin).to_owned(),
            username: (*name).to_owned(),
            vault: Some("file".to_owned()),
            name: None,
        };
        let accounts: Vec<Account> = accounts.iter().map(account).collect();
        let theme = Theme::built_in("dark", Depth::True);
        let state = State::new(Catalog::new(language), theme, Symbols::UNICODE, Options::default());
        let who = Who::of(&accounts[0]);
        let seats = Seats::new(who.clone(), state, |written| match written.strip_prefix("https://") {
            Some(_) => Ok(written.to_owned()),
            None => Err(explain_address("cli.address.insecure", written)),
        });
        let (engines, told, orders) = (BTreeMap::new(), VecDeque::new(), Vec::new());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let (silent, broken) = (Vec::new(), Vec::new());
        let (slow, farewell, left, now) = (false, Farewell::TOLD, Vec::new(), NOW);
        let mut hall =
            Self { seats, accounts, engines, silent, broken, slow, farewell, left, told, orders, now, runtime };
        hall.engines.insert(hall.seats.front_id(), community(&who));
        hall.front(Input::Resize(size.0, size.1)).front(Input::Start);
        hall.event(hall.seats.front_id(), Event::Connection(Connection::Live));
        hall
    }

    /// The same, with everything open that is to be.
    fn open(accounts: &[(&str, &str)]) -> Self {
        let mut hall = Self::start(accounts, SMALL, Language::English);
        hall.tell(Told::Painted);
        hall
    }

    fn front(&mut self, input: Input) -> &mut Self {
        self.tell(Told::Front(input))
    }

    fn event(&mut self, id: SeatId, event: Event) -> &mut Self {
        self.tell(Told::Event(id, Box::new(event)))
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keymap::parse(keys).unwrap() {
            self.front(Input::Key(key));
        }
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.front(Input::Paste(text.to_owned()))
    }

    fn wait(&mut self, seconds: i64) -> &mut Self {
        self.now = self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
        self.front(Input::Due)
    }

    /// Tells the seats something and does what they ask for, until nobody has anything to say.
    fn tell(&mut self, told: Told) -> &mut Self {
        self.told.push_back(told);
        while let Some(told) = self.told.pop_front() {
            for order in self.seats.take(self.now, told) {
                self.orders.push(order.clone());
                self.perform(order);
            }
        }
        self
    }

    fn perform(&mut self, order: Order) {
        match order {
            Order::Send(id, ticket, request) => self.send(id, ticket, request),
            Order::Open(id, who) if self.broken.contains(&who.origin) => {
                self.told.push_back(Told::Opened(id, Err(explain_address("cli.address.unreadable", &who.origin))));
            }
            Order::Open(..) if self.slow => {}
            Order::Open(id, who) => self.opened(id, &who),
            Order::Close(id) => drop(self.engines.remove(&id)),
            Order::List => self.told.push_back(Told::Listed(Ok(self.accounts.clone()))),
            Order::Forget(who, _) => {
                self.accounts.retain(|account| Who::of(account) != who);
                self.told.push_back(Told::Forgotten(who, Ok(Farewell::TOLD)));
            }
            Order::Used(_) | Order::Do(_) => {}
        }
    }

    fn opened(&mut self, id: SeatId, who: &Who) {
        let is_out = self.accounts.iter().any(|account| Who::of(account) == *who && account.vault.is_none());
        let community = community(who);
        self.engines.insert(id, if is_out { community.signed_out() } else { community });
        let of = who.username.clone().map(Username::new);
        let events = [Event::Opened { of, drafts: Vec::new() }, Event::Connection(Connection::Live)];
        self.told.push_back(Told::Opened(id, Ok(())));
        self.told.extend(events.into_iter().map(|event| Told::Event(id, Box::new(event))));
    }

    fn send(&mut self, id: SeatId, ticket: Ticket, request: Request) {
        let Some(community) = self.engines.get(&id).cloned() else { return };
        if self.silent.contains(&self.who(id).origin) {
            return;
        }
        let event = match request {
            Request::Ask(query) | Request::Look(query, _) => {
                let result = self.runtime.block_on(asked(&community, &query)).map_err(|error| explain(&error));
                Event::Answer { ticket, result }
            }
            Request::Leave => Event::MayLeave,
            Request::SignOut => {
                self.told.push_back(Told::Event(id, Box::new(Event::SignedOut)));
                Event::Tokens(Keeping::Left(self.farewell, self.left.clone()))
            }
            Request::SignIn { username, .. } => {
                self.engines.insert(id, community.seen_by(&username));
                let of = Some(Username::new(&*username));
                self.told.push_back(Told::Event(id, Box::new(Event::Opened { of, drafts: Vec::new() })));
                let origin = self.who(id).origin;
                self.accounts.insert(0, Account { origin, username, vault: Some("file".to_owned()), name: None });
                Event::SignedIn { ticket, result: Ok("file") }
            }
            _ => return,
        };
        self.told.push_back(Told::Event(id, Box::new(event)));
    }

    fn who(&self, id: SeatId) -> Who {
        self.seats.front().roll.rows.iter().find(|row| row.id == id).unwrap().who.clone()
    }

    /// The seat of an account.
    fn id(&self, origin: &str, name: &str) -> SeatId {
        let is = |who: &Who| who.origin == origin && who.username.as_deref() == Some(name);
        self.seats.front().roll.rows.iter().find(|row| is(&row.who)).unwrap().id
    }

    /// What is asked for from now on.
    fn since(&mut self, act: impl FnOnce(&mut Self) -> &mut Self) -> Vec<Order> {
        let before = self.orders.len();
        act(self);
        self.orders[before..].to_vec()
    }

    fn picture(&self) -> String {
        let (columns, lines) = self.seats.front().size;
        let mut terminal = Terminal::new(TestBackend::new(columns, lines)).unwrap();
        terminal.draw(|frame| view(self.seats.front(), frame)).unwrap();
        text_of(terminal.backend().buffer())
    }

    #[track_caller]
    fn shows(&mut self, text: &str) -> &mut Self {
        let picture = self.picture();
        assert!(picture.contains(text), "{text}\n{picture}");
        self
    }
}

/// The community of an account: named after its host, seen by that account.
fn community(who: &Who) -> Memory {
    let name = if who.origin == GUILD { "Rust Guild" } else { "Elm Town" };
    let base = sample();
    let built = match name {
        "Rust Guild" => base,
        _ => Memory::builder(NOW)
            .about(about(name))
            .member("ada", "Ada Moreau", Role::Member, 100)
            .member("bob", "Bob", Role::Member, 100)
            .space("help", "Help", "", None, Role::Member)
            .notice("ada", Reason::Membership, "Your trial begins", 10)
            .seen_by("ada"),
    };
    match &who.username {
        Some(name) => built.seen_by(name),
        None => built.signed_out(),
    }
}

fn about(name: &str) -> About {
    let [positioning, audience, rules, policy] = [(); 4].map(|()| Clean::line("Of elms."));
    let (policy_version, answer_within_hours) = ("1".to_owned(), None);
    About { name: Clean::line(name), positioning, audience, rules, policy, policy_version, answer_within_hours }
}

/// What is new in an inbox.
fn news() -> Event {
    Event::News(vec![Notification {
        id: NotificationId::new("n"),
        reason: Reason::Membership,
        actor: None,
        thread: None,
        title: Clean::line("Your plan renews"),
        number: None,
        excerpt: Clean::default(),
        at: NOW,
        done: false,
    }])
}

/// A change that waits to be sent.
fn unsent(number: i64) -> Entry {
    Entry {
        id: EntryId(number),
        key: IdempotencyKey::new(format!("key-{number}")),
        change: Change::Follow { thread: ThreadId::new(number.to_string()), on: true },
        about: String::new(),
        after: 0,
        made: NOW,
        state: Stands::Queued,
        tries: 0,
    }
}

/// The communities that were to be opened.
fn opens(orders: &[Order]) -> Vec<String> {
    let open = |order: &Order| if let Order::Open(_, who) = order { Some(who.origin.clone()) } else { None };
    orders.iter().filter_map(open).collect()
}

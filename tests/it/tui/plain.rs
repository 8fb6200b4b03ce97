//! The linear mode: words and keys in, lines out.

use lyceum::community::memory::Call;
use lyceum::community::{Error, Kind};
use lyceum::config::locale::Language;
use lyceum::engine::event::{Connection, Event};
use lyceum::tui::command;
use lyceum::tui::effect::Effect;
use lyceum::tui::msg::Input;
use lyceum::tui::plain::{Act, Plain};
use lyceum::tui::symbols::Symbols;

use super::screen::{Line, Screen};

mod attaching;

struct Lines {
    screen: Screen,
    plain: Plain,
}

impl Lines {
    fn new(language: Language) -> (Self, String) {
        Self::on(Screen::with(80, 24, language, Line::Answers))
    }

    fn on(mut screen: Screen) -> (Self, String) {
        screen.state.options.linear = true;
        screen.state.symbols = Symbols::LINEAR;
        let mut lines = Self { screen, plain: Plain::default() };
        let first = lines.told();
        (lines, first)
    }

    fn told(&mut self) -> String {
        let told = self.plain.tell(&self.screen.state).join("\n");
        let is_clean = told.chars().all(|c| c == '\n' || !c.is_control());
        assert!(is_clean && !told.contains(['│', '─', '╭', '▌']), "{told}");
        told
    }

    /// Types a line; what is said then.
    fn types(&mut self, line: &str) -> String {
        let mut said = Vec::new();
        for act in self.plain.read(&self.screen.state, line) {
            match act {
                Act::Input(input) => self.screen.tell(input),
                Act::Post(number) => {
                    self.screen.state.go_to_post(number);
                    self.screen.tell(Input::Due);
                }
                Act::Again => self.plain.forget(),
                Act::Say(lines) => said.extend(lines),
            }
        }
        said.push(self.told());
        said.join("\n")
    }

    #[track_caller]
    fn says(&mut self, line: &str, words: &[&str]) -> String {
        let said = self.types(line);
        for word in words {
            assert!(said.contains(word), "{line:?} does not say {word:?}:\n{said}");
        }
        said
    }

    fn prompt(&self) -> String {
        self.plain.prompt(&self.screen.state).text
    }
}

#[test]
fn a_list_is_numbered_lines_and_a_thread_one_post_after_another() {
    let (mut lines, first) = Lines::new(Language::English);
    assert!(first.contains("Feed, latest:") && first.contains("\n1. ") && first.contains("unread"), "{first}");
    let second = lines.screen.state.panes.feed.list.items[1].clone();
    let title = lines.screen.state.threads[&second].title.to_string();
    assert!(lines.says("next", &["2. "]).contains(&title));
    lines.says("p", &["1. "]);
    let opened = lines.types("open 2");
    assert!(opened.contains(&title) && opened.contains("Post ") && opened.contains(", by "), "{opened}");
    let all = lines.types("all");
    let last = lines.screen.state.threads[&second].last;
    for number in 1..=last {
        assert!(all.contains(&format!("Post {number} of {last}")), "{all}");
    }
    lines.says("1", &["Post 1 of"]);
    lines.says("back", &["Feed"]);
    lines.says("list", &["2. "]);
    lines.says("99999", &["no number 99999"]);
    lines.says("xyzzy", &["no word or key"]);
    lines.says("qiut", &["Did you mean “quit”"]);
}

#[test]
fn words_and_keys_are_the_same_commands() {
    let (mut lines, _) = Lines::new(Language::English);
    let id = lines.screen.state.panes.feed.list.items[0].clone();
    let marked = |lines: &Lines| lines.screen.state.threads[&id].marks.bookmark;
    let before = marked(&lines);
    lines.types("bookmark");
    assert_ne!(marked(&lines), before);
    lines.types("b");
    assert_eq!(marked(&lines), before);
    lines.says("3j", &["4. "]);
    lines.says("g g", &["1. "]);
    lines.says("G", &["."]);
    lines.says("gg", &["1. "]);
    lines.says("membership", &["What you hold"]);
    lines.says("inbox", &["Inbox"]);
    lines.says("feed", &["Feed, latest:"]);
    lines.says("help", &["open", "What works here"]);
    let all = lines.types("commands");
    for command in command::all().filter(|command| command.name != "count") {
        assert!(all.contains(&format!("\n{}", command.name)), "{}", command.name);
    }
}

/// Whatever lies on top, every command can be said: behind a colon where words are typed.
#[test]
fn every_command_can_be_said_everywhere() {
    let says = |lines: &mut Lines, name: &str| {
        let acts = lines.plain.read(&lines.screen.state, &format!(":{name}"));
        let is_it = |act: &Act| matches!(act, Act::Input(Input::Command(said, _)) if *said == name);
        acts.iter().any(is_it) || matches!(acts[..], [Act::Say(_) | Act::Post(_)])
    };
    for opens in ["", "1", "search", "palette", "new-thread", "security", "sign-in", "outbox", "switch-account", "quit"]
    {
        let (mut lines, _) = Lines::new(Language::English);
        if !opens.is_empty() {
            lines.types(opens);
        }
        for command in command::all().filter(|command| command.name != "count") {
            assert!(says(&mut lines, command.name), "{} over {opens:?}", command.name);
        }
    }
}

#[test]
fn a_reply_is_lines_until_a_full_stop() {
    let (mut lines, _) = Lines::new(Language::English);
    lines.types("1");
    lines.types("reply");
    assert!(lines.prompt().contains("full stop"), "{}", lines.prompt());
    for line in ["Two lines,", "", "..", "and an end."] {
        assert_eq!(lines.types(line), "", "what is typed is not said back");
        assert_eq!(lines.prompt(), "");
        // Whatever happens now, it is kept.
        let kept = &lines.screen.state.drafts.last().unwrap().body;
        assert!(kept.ends_with(line.strip_prefix('.').unwrap_or(line)), "{line:?} is not kept: {kept:?}");
    }
    lines.types(".");
    assert!(lines.prompt().contains("4 lines"), "{}", lines.prompt());
    assert_eq!(lines.screen.state.drafts.last().unwrap().body, "Two lines,\n\n.\nand an end.");
    let sent = lines.types(":send");
    assert!(lines.screen.state.drafts.is_empty(), "{sent}");
    let posts = &lines.screen.state.pane().reader(&lines.screen.state).unwrap().posts;
    assert!(posts.iter().any(|post| post.body.contains("and an end.")));
}

#[test]
fn a_question_is_asked_field_by_field() {
    let (mut lines, _) = Lines::new(Language::English);
    lines.types("questions");
    lines.types("ask");
    if lines.prompt() != "Title:" {
        // Where there are several spaces, one is chosen first.
        lines.types("1");
    }
    assert_eq!(lines.prompt(), "Title:");
    lines.types("Why is it so?");
    assert_eq!(lines.prompt(), "Tags:");
    lines.types("rust");
    lines.types("It is so.");
    lines.types(".");
    lines.types(":send");
    assert!(lines.screen.state.threads.values().any(|thread| thread.title.as_str() == "Why is it so?"));
}

#[test]
fn what_is_looked_for_is_found_by_number() {
    let (mut lines, _) = Lines::new(Language::English);
    lines.types("search");
    let id = lines.screen.state.panes.feed.list.items[0].clone();
    let title = lines.screen.state.threads[&id].title.to_string();
    let word = title.split(' ').find(|word| word.len() > 4 && word.chars().all(char::is_alphanumeric)).unwrap();
    lines.says(word, &["1. "]);
    lines.says("1", &["Post "]);
    lines.types("palette");
    lines.says("membership", &["membership: "]);
    lines.says("1", &["What you hold"]);
}

#[test]
fn a_vote_says_what_it_came_to_and_a_refusal_too() {
    let (mut lines, _) = Lines::new(Language::English);
    let me = lines.screen.state.home.me.clone().unwrap().author.username;
    let of_others = |id: &&lyceum::base::ids::ThreadId| lines.screen.state.threads[*id].author.username != me;
    let at = lines.screen.state.panes.feed.list.items.iter().position(|id| of_others(&id)).unwrap();
    lines.types(&format!("{}", at + 1));
    lines.types("1");
    lines.says("vote", &["Post 1 of", "you voted for it"]);
    lines.screen.memory.faults().fail(Call::Apply, Error::new(Kind::Forbidden));
    lines.says("vote-down", &["Your role may not do that"]);
}

#[test]
fn a_password_is_asked_for_and_never_said() {
    let (mut lines, _) = Lines::new(Language::English);
    lines.types("sign-out");
    lines.says("sign-in", &["Sign in"]);
    lines.types("ada");
    let prompt = lines.plain.prompt(&lines.screen.state);
    assert!(prompt.is_secret && prompt.text.contains("not shown"), "{prompt:?}");
    let said = lines.types("hush hush hush");
    assert!(!said.contains("hush"), "{said}");
}

#[test]
fn changes_are_told_as_lines_and_nothing_else_is() {
    let (mut lines, _) = Lines::new(Language::English);
    assert_eq!(lines.told(), "");
    lines.screen.tell(Input::Engine(Box::new(Event::Connection(Connection::Polling))));
    assert!(lines.told().contains("connected"));
    lines.screen.tell(Input::Due);
    assert_eq!(lines.told(), "");
}

#[test]
fn it_speaks_chinese() {
    let (mut lines, first) = Lines::new(Language::Chinese);
    assert!(first.contains("动态") || first.contains("最新"), "{first}");
    lines.says("1", &["第 1 条"]);
    lines.says("xyzzy", &["没有"]);
}

#[test]
fn a_number_goes_to_a_post_that_is_fetched_first_and_that_is_said() {
    let (mut lines, _) = Lines::on(super::jumps::long());
    lines.screen.line = Line::Silent;
    lines.says("700", &["Fetching post 700."]);
    assert_eq!(lines.told(), "", "said once");
    // What is not here yet is not voted on, and neither is another post in its place.
    lines.says("vote 700", &["no number 700"]);
    lines.screen.line = Line::Answers;
    lines.screen.answer();
    let told = lines.told();
    assert!(told.contains("Post 700 of") && told.contains("This is it."), "{told}");
    lines.says("99999", &["no number 99999"]);
}

#[test]
fn what_only_a_screen_has_is_answered_with_a_sentence() {
    let (mut lines, _) = Lines::new(Language::English);
    let before = lines.screen.state.options.mouse;
    lines.says("mouse", &["for the screen only"]);
    lines.says("suspend", &["for the screen only"]);
    assert_eq!(lines.screen.state.options.mouse, before);
    let is_silent = |effect: &Effect| !matches!(effect, Effect::Mouse(_) | Effect::Suspend);
    assert!(lines.screen.effects.iter().all(is_silent), "{:?}", lines.screen.effects);
}

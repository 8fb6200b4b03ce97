//! Writing: what is typed is kept, shown and sent as it is meant, and nothing is sent by itself.

use lyceum::base::ids::SpaceId;
use lyceum::config::locale::Language;
use lyceum::engine::request::{Query, Request};
use lyceum::model::draft::{Draft, Place};
use lyceum::model::{change::Change, thread::Kind};
use lyceum::tui::effect::Effect;
use lyceum::tui::msg::Input;
use lyceum::tui::overlay::compose::Compose;

use super::screen::{Line, Screen};

mod attach;

fn question() -> Draft {
    Draft::new(Place::NewThread { space: SpaceId::new("help"), kind: Kind::Question }, "Help Desk")
}

fn reply(screen: &Screen) -> Draft {
    let (id, thread) = screen.state.threads.iter().find(|(_, t)| !t.locked && t.gate.is_none()).unwrap();
    Draft::new(Place::Reply { thread: id.clone(), parent: None }, thread.title.as_str())
}

fn writing(draft: impl Fn(&Screen) -> Draft, columns: u16, lines: u16, language: Language) -> Screen {
    let mut screen = Screen::with(columns, lines, language, Line::Answers);
    let draft = draft(&screen);
    Compose::open(&mut screen.state, draft);
    screen
}

fn at_80(draft: impl Fn(&Screen) -> Draft) -> Screen {
    writing(draft, 80, 24, Language::English)
}

/// The only draft that is kept.
fn kept(screen: &Screen) -> &Draft {
    assert_eq!(screen.state.drafts.len(), 1);
    &screen.state.drafts[0]
}

const BODY: &str = "Two **words** and `code`:\n\n```rust\nfn main() {}\n```\n\n- [ ] 待办 一\n- see https://docs.rs";

#[test]
fn both_sizes_and_languages() {
    for (columns, lines) in [(120, 40), (80, 24)] {
        for language in Language::ALL {
            let mut screen = writing(|_| question(), columns, lines, language);
            screen.text("怎么 stream SSE").keys("tab").text("axum").keys("tab").tell(Input::Paste(BODY.into()));
            let name = format!("compose-{}-{columns}", language.tag());
            insta::assert_snapshot!(name.clone(), screen.picture());
            // Where there is room it stands beside the text from the start; here it does no longer, there it does now.
            screen.keys("ctrl-p");
            insta::assert_snapshot!(format!("{name}-preview"), screen.picture());
        }
    }
}

#[test]
fn every_key_is_kept() {
    let mut screen = at_80(reply);
    screen.text("It is");
    assert_eq!(kept(&screen).body, "It is");
    screen.keys("enter").text("so.").keys("backspace");
    assert_eq!(kept(&screen).body, "It is\nso");
}

#[test]
fn escape_keeps_the_draft_and_says_so() {
    let mut screen = at_80(reply);
    screen.text("half a thought").keys("esc");
    assert!(screen.state.overlays.is_empty());
    assert!(screen.picture().contains("Draft kept (:drafts)."), "{}", screen.picture());
    let draft = reply(&screen);
    Compose::open(&mut screen.state, draft);
    assert!(screen.picture().contains("half a thought"));
    screen.keys("ctrl-w ctrl-w ctrl-w esc");
    assert!(screen.state.drafts.is_empty());
}

#[test]
fn sending_cleans_and_closes() {
    let mut screen = Screen::with(80, 24, Language::English, Line::Answers);
    screen.line = Line::Silent;
    let draft = reply(&screen);
    Compose::open(&mut screen.state, draft);
    screen.tell(Input::Paste("x\x1b[2J\u{202e}y".into()));
    screen.keys("ctrl-j").text("z").keys("ctrl-s");
    assert!(screen.state.overlays.is_empty());
    let sent: Vec<Change> = screen
        .open
        .iter()
        .filter_map(|(_, request)| if let Request::Post { draft, .. } = request { Some(draft.change()) } else { None })
        .collect();
    assert!(matches!(&sent[..], [Change::Reply { parent: None, body, .. }] if body == "x␛[2Jy\nz"), "{sent:?}");
    assert!(screen.state.drafts.is_empty(), "it is the outbox's from now on");
    screen.line = Line::Answers;
    screen.answer();
    assert!(screen.state.outbox.is_empty() && screen.state.sending.is_empty());
}

#[test]
fn what_fails_is_kept() {
    let mut screen = at_80(reply);
    screen.line = Line::Broken;
    screen.text("an answer").keys("ctrl-s");
    assert!(screen.state.drafts.is_empty());
    let [entry] = &screen.state.outbox[..] else { panic!("{:?}", screen.state.outbox) };
    assert!(matches!(&entry.change, Change::Reply { body, .. } if body == "an answer"));
    assert!(screen.picture().contains("1 queued"), "{}", screen.picture());
}

#[test]
fn nothing_half_is_sent() {
    let mut screen = at_80(|_| question());
    screen.keys("ctrl-s");
    assert!(screen.picture().contains("It needs a title."));
    screen.text("A title").keys("ctrl-s");
    assert!(screen.picture().contains("There is no text yet."));
    screen.text("body").keys("shift-tab").text("a 异步 c").keys("ctrl-s");
    assert!(screen.picture().contains("“异步” is no tag"), "{}", screen.picture());
    assert_eq!(screen.state.overlays.len(), 1);
    screen.keys("ctrl-w ctrl-w").text("b c d e f").keys("ctrl-s");
    assert!(screen.picture().contains("At most five tags."));
    screen.keys("backspace backspace ctrl-s");
    assert!(screen.state.overlays.is_empty());
}

#[test]
fn the_editor_brings_text_back_for_review() {
    let mut screen = at_80(reply);
    screen.text("first").keys("ctrl-e");
    assert!(matches!(&screen.effects[..], [.., Effect::Edit(text)] if text.as_str() == "first"));
    screen.tell(Input::Edited(Some("second\x1b\n\n".into())));
    assert_eq!(kept(&screen).body, "second␛");
    assert_eq!(screen.state.overlays.len(), 1);
    assert!(screen.state.sending.is_empty());
    screen.tell(Input::Edited(None));
    assert_eq!(kept(&screen).body, "second␛");
}

#[test]
fn names_and_tags_are_completed_from_what_was_seen() {
    let mut screen = at_80(reply);
    let author = screen.state.threads.values().next().unwrap().author.username.to_string();
    let part: String = author.chars().take(author.chars().count() - 1).collect();
    screen.text(&format!("see @{part}"));
    assert!(screen.picture().contains(&format!("@{author}")), "{}", screen.picture());
    // Enter is a line's end unless one was gone to.
    screen.keys("enter");
    assert_eq!(kept(&screen).body, format!("see @{part}"));
    screen.keys("backspace backspace").text(&part[part.len() - 1..]).keys("tab");
    let known = |name: &str| screen.state.threads.values().any(|t| t.author.username.as_str() == name);
    assert!(kept(&screen).body.strip_prefix("see @").is_some_and(known), "{:?}", kept(&screen));
    // Chinese puts no space before a name.
    screen.text(&format!("，请看@{part}")).keys("tab");
    assert!(kept(&screen).body.ends_with(&format!("请看@{author}")), "{:?}", kept(&screen));
    // Escape first takes the offer away, then leaves.
    screen.text(&format!("@{part}")).keys("esc");
    assert_eq!(screen.state.overlays.len(), 1);
    screen.keys("esc");
    assert!(screen.state.overlays.is_empty());
}

#[test]
fn similar_questions_come_after_a_pause() {
    let mut screen = at_80(|_| question());
    let title = screen.state.threads.values().find(|t| t.kind == Kind::Question).unwrap().title.to_string();
    let word = title.split(' ').max_by_key(|w| w.len()).unwrap().to_owned();
    screen.line = Line::Silent;
    screen.text(&word);
    assert!(screen.open.is_empty(), "nothing is asked while one types");
    screen.wait(399);
    assert!(screen.open.is_empty());
    screen.wait(1);
    assert!(matches!(&screen.open[..], [(_, Request::Ask(Query::Search(asked, None)))] if *asked == word));
    // More typing drops the question that nobody waits for any more.
    screen.text("x").wait(400);
    assert_eq!(screen.open.len(), 1);
    screen.keys("backspace").wait(400);
    screen.line = Line::Answers;
    screen.answer();
    assert!(screen.picture().contains("Asked before, perhaps:"), "{}", screen.picture());
}

#[test]
fn a_quote_goes_below_what_is_there() {
    let mut screen = at_80(reply);
    screen.text("mine").keys("esc");
    let draft = reply(&screen);
    Compose::open_quoting(&mut screen.state, draft, "their words\nmore\n");
    screen.text("so");
    assert_eq!(kept(&screen).body, "mine\n\n> their words\n> more\n\nso");
}

#[test]
fn the_cursor_stands_where_typing_goes() {
    let mut screen = at_80(reply);
    screen.text("日本");
    let place = screen.draw(80, 24).get_cursor_position().unwrap();
    let row = screen.picture().lines().position(|line| line.contains("日本")).unwrap();
    assert_eq!((place.x, usize::from(place.y)), (2 + 4, row));
    screen.keys("left");
    assert_eq!(screen.draw(80, 24).get_cursor_position().unwrap().x, 2 + 2);
}

#[test]
fn no_size_breaks_it() {
    for (columns, lines) in [(1, 1), (40, 10), (41, 11), (60, 12), (300, 80)] {
        let mut screen = writing(|_| question(), columns, lines, Language::Chinese);
        screen.text("标题 title").keys("tab tab").tell(Input::Paste(BODY.into()));
        screen.picture();
        screen.keys("ctrl-p").picture();
    }
}

#[test]
fn an_edit_goes_on_from_the_version_that_was_read() {
    let mut screen = Screen::new(80, 24);
    let edit = |version: &str| Place::Edit { post: lyceum::base::ids::PostId::new("p"), version: version.into() };
    let draft = Draft { body: "old".into(), ..Draft::new(edit("1"), "") };
    Compose::open(&mut screen.state, draft);
    screen.text("er").keys("esc");
    Compose::open(&mut screen.state, Draft { body: "other".into(), ..Draft::new(edit("2"), "") });
    screen.text("!");
    assert_eq!((kept(&screen).body.as_str(), &kept(&screen).place), ("older!", &edit("2")));
}

#[test]
fn a_comment_is_never_an_answer() {
    let mut screen = Screen::new(120, 40);
    screen.keys("3 enter");
    assert_eq!(screen.state.pane().reader(&screen.state).unwrap().current, 1);
    screen.keys("c");
    assert!(screen.state.overlays.is_empty());
    assert!(screen.picture().contains("A comment belongs to an answer: select one"), "{}", screen.picture());
    screen.keys("Q");
    assert!(screen.picture().contains(" Answer · "), "{}", screen.picture());
    screen.text("so").keys("esc");
    assert!(matches!(&kept(&screen).place, Place::Reply { parent: None, .. }));
}

#[test]
fn the_title_says_to_whom() {
    let mut screen = Screen::new(120, 40);
    let solved = |t: &&lyceum::model::thread::Thread| t.is_solved() && t.gate.is_none();
    let question = screen.state.threads.values().find(solved).unwrap().id.clone();
    screen.state.visit_thread(&question, None);
    screen.answer();
    screen.keys("g a c");
    assert!(screen.picture().contains("Comment under ") && screen.picture().contains("'s answer · "));
    screen.keys("esc");
    let talk =
        |t: &&lyceum::model::thread::Thread| t.kind != Kind::Question && !t.locked && t.gate.is_none() && t.last > 1;
    let discussion = screen.state.threads.values().find(talk).unwrap().id.clone();
    screen.state.visit_thread(&discussion, None);
    screen.answer();
    screen.keys("g g c");
    assert!(screen.picture().contains(" Reply · "), "{}", screen.picture());
    screen.keys("esc G r");
    assert!(screen.picture().contains(" Reply to "), "{}", screen.picture());
    screen.keys("esc c");
    assert!(screen.picture().contains(" Reply to "), "{}", screen.picture());
    assert!(screen.state.drafts.is_empty());
}

#[test]
fn what_nobody_touched_is_no_draft() {
    let mut screen = at_80(reply);
    screen.keys("esc");
    let draft = reply(&screen);
    Compose::open_quoting(&mut screen.state, draft.clone(), "their words");
    screen.text("x").keys("backspace esc");
    assert!(screen.state.drafts.is_empty());
    assert!(!screen.picture().contains("Draft kept"), "{}", screen.picture());
    Compose::open(&mut screen.state, draft.clone());
    screen.text("mine").keys("esc");
    Compose::open_quoting(&mut screen.state, draft, "their words");
    screen.text("x").keys("backspace esc");
    assert_eq!(kept(&screen).body, "mine");
    screen.state.drafts.clear();
    let place = Place::Edit { post: lyceum::base::ids::PostId::new("p"), version: "1".into() };
    Compose::open(&mut screen.state, Draft { body: "old".into(), ..Draft::new(place, "") });
    screen.keys("esc");
    assert!(screen.state.drafts.is_empty());
}

#[test]
fn a_thread_that_was_begun_goes_on_in_its_text() {
    let mut screen = at_80(|_| question());
    screen.text("A title").keys("tab tab").text("and").keys("esc");
    Compose::open(&mut screen.state, question());
    screen.text(" more");
    assert_eq!(kept(&screen).body, "and more");
}

#[test]
fn a_draft_is_thrown_away_after_a_question() {
    let mut screen = at_80(reply);
    screen.text("mine").keys("esc");
    Compose::open(&mut screen.state, question());
    screen.text("A title").keys("esc");
    screen.keys(":").text("drafts").keys("enter");
    assert!(screen.picture().contains("ctrl-x throw away"), "{}", screen.picture());
    screen.keys("ctrl-x n");
    assert_eq!(screen.state.drafts.len(), 2);
    screen.keys("ctrl-x");
    assert!(screen.picture().contains("Throw this draft away?"), "{}", screen.picture());
    screen.keys("y");
    assert_eq!(kept(&screen).body, "mine");
    assert!(screen.picture().contains("mine"), "what is left is shown: {}", screen.picture());
    screen.keys("ctrl-x y");
    assert!(screen.state.drafts.is_empty() && screen.state.overlays.is_empty());
}

#[test]
fn a_line_is_emptied_and_a_text_taken_back() {
    let mut screen = at_80(|_| question());
    screen.text("one two").keys("left ctrl-u").text("three").keys("tab").text("a b").keys("ctrl-u").text("c ");
    assert_eq!((kept(&screen).title.as_str(), kept(&screen).tags.join(" ").as_str()), ("three", "c"));
    screen.keys("tab").text("ab").keys("ctrl-u");
    assert_ne!(kept(&screen).body, "ab");
    screen.keys("ctrl-r");
    assert_eq!(kept(&screen).body, "ab");
}

#[test]
fn announcements_are_for_those_who_keep_order() {
    let rows = |member: &str| {
        let memory = lyceum::community::memory::sample().seen_by(member);
        let mut screen = Screen::on(memory, (80, 24), Language::English, Line::Answers);
        screen.keys("2 c");
        screen.picture().contains(": announcement")
    };
    assert_eq!((rows("octavia"), rows("ada")), (true, false));
}

#[test]
fn emoji_come_by_their_shortcodes() {
    let mut screen = at_80(reply);
    screen.text("shipped :rocke");
    assert!(screen.picture().contains("🚀 :rocket:"), "{}", screen.picture());
    screen.keys("tab");
    assert_eq!(screen.state.drafts.last().map(|draft| draft.body.as_str()), Some("shipped 🚀"));
    screen.text("太好了:tada:").keys("tab");
    assert_eq!(kept(&screen).body, "shipped 🚀 太好了🎉");
    // What only looks like one is let be.
    for text in [" std::io", " a:b", " :x", " 10:30", " {x:?}"] {
        screen.text(text).keys("tab");
        assert!(kept(&screen).body.ends_with(text), "{:?}", kept(&screen).body);
    }
}

#[test]
fn a_template_is_a_beginning_that_can_be_taken_back() {
    for (language, choice) in [(Language::English, "How do I do this?"), (Language::Chinese, "请教做法")] {
        let mut screen = writing(|_| question(), 80, 24, language);
        screen.text("T").keys("ctrl-g");
        assert!(screen.picture().contains(choice), "{}", screen.picture());
        screen.keys("down enter").text("stream it");
        let body = kept(&screen).body.clone();
        assert!(body.contains("**\n\nstream it\n\n**") && body.contains("```rust"), "{body}");
        screen.keys("ctrl-u ctrl-u ctrl-u ctrl-u ctrl-u ctrl-u ctrl-u ctrl-u ctrl-u ctrl-u");
        assert_eq!(kept(&screen).body, "");
    }
}

#[test]
fn ones_own_template_is_offered_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("perf.md"), "Numbers: {cursor} ms\n").unwrap();
    let mut screen = at_80(|_| question());
    let own = lyceum::config::template::read(folder.path()).0;
    screen.state.templates = lyceum::config::template::all(Language::English, own).into();
    screen.keys("tab tab").text("before").keys("ctrl-g").text("perf").keys("enter");
    assert_eq!(kept(&screen).body, "before\n\nNumbers:  ms");
}

/// From 120 columns on text and preview stand side by side, below it the one hides the other.
#[test]
fn the_preview_stands_beside_the_text_from_120_columns_on() {
    let mut screen = writing(reply, 120, 30, Language::English);
    screen.text("**so**");
    let both = |screen: &Screen| screen.picture().lines().any(|line| line.contains("**so**") && line.contains("│ so"));
    assert!(both(&screen), "{}", screen.picture());
    screen.keys("ctrl-p");
    assert!(!both(&screen) && screen.picture().contains("**so**"));
    screen.keys("ctrl-p");
    screen.tell(Input::Resize(119, 30));
    assert!(!screen.picture().contains("**so**") && screen.picture().contains(" Preview · "), "{}", screen.picture());
    screen.text("!");
    assert!(screen.picture().contains("**so**!"), "what is typed into is seen: {}", screen.picture());
}

/// Nothing is laid out with a key while a long text is typed, and no more than can be sent after a megabyte.
#[test]
fn a_megabyte_is_pasted_without_a_stall() {
    let mut screen = writing(reply, 120, 40, Language::English);
    let laid = |screen: &mut Screen| {
        screen.picture();
        let over = screen.state.overlays.last_mut().unwrap();
        over.as_any().downcast_mut::<Compose>().unwrap().layouts()
    };
    let before = laid(&mut screen);
    screen.tell(Input::Paste("Words and 字 in a line.\n".repeat(1 << 16)));
    assert!(screen.picture().contains("KiB were put in"), "{}", screen.picture());
    assert!(kept(&screen).body.len() <= 64 * 1024);
    screen.keys("backspace backspace backspace");
    for _ in 0..5 {
        screen.text("x");
        assert_eq!(laid(&mut screen), before, "laid out while one types");
    }
    screen.wait(200);
    assert_eq!((laid(&mut screen), laid(&mut screen)), (before + 1, before + 1));
    // A short one is shown as it is typed, once for each change.
    let mut screen = writing(reply, 120, 40, Language::English);
    let before = laid(&mut screen);
    screen.text("ab");
    assert_eq!((laid(&mut screen), laid(&mut screen)), (before + 1, before + 1));
}

#[test]
fn a_text_too_long_for_a_post_is_left_where_it_is() {
    let mut screen = at_80(reply);
    screen.text("mine").keys("ctrl-e");
    screen.tell(Input::TooLong(lyceum::base::text::Clean::line("/tmp/too-long.md")));
    assert!(screen.picture().contains("/tmp/too-long.md"), "{}", screen.picture());
    assert_eq!(kept(&screen).body, "mine");
}

#[test]
fn pages_are_turned_in_text_and_preview() {
    let mut screen = at_80(reply);
    let lines: String = (0..60).map(|n| format!("line {n}\n\n")).collect();
    screen.tell(Input::Paste(lines));
    screen.keys("ctrl-home pagedown");
    assert!(!screen.picture().contains("line 0\n") && screen.picture().contains("line 1"), "{}", screen.picture());
    screen.keys("ctrl-p");
    assert!(screen.picture().contains("line 0"));
    screen.keys("pagedown");
    assert!(!screen.picture().contains("line 0 "), "{}", screen.picture());
    screen.keys("pageup");
    assert!(screen.picture().contains("line 0"));
}

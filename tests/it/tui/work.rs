//! What keys do: to the state, to the community, and what happens when it refuses.

use lyceum::base::ids::ThreadId;
use lyceum::community::memory::Call;
use lyceum::community::{Error, Kind};
use lyceum::config::locale::Language;
use lyceum::engine::event::{Connection, Event};
use lyceum::tui::effect::Effect;
use lyceum::tui::msg::Input;

use super::screen::{Line, Screen};

fn selected(screen: &Screen) -> Option<ThreadId> {
    screen.state.panes.feed.list.current().cloned()
}

#[test]
fn a_mark_is_shown_at_once_and_taken_back_when_refused() {
    let mut screen = Screen::new(120, 40);
    let id = selected(&screen).unwrap();
    let before = screen.state.threads[&id].marks;
    screen.line = Line::Silent;
    screen.keys("b");
    assert_ne!(screen.state.threads[&id].marks, before);
    assert!(screen.picture().contains("1 queued"));
    screen.memory.faults().fail(Call::Apply, Error::new(Kind::Forbidden));
    screen.line = Line::Answers;
    screen.answer();
    assert_eq!(screen.state.threads[&id].marks, before);
    assert!(screen.picture().contains("Your role may not do that"), "{}", screen.picture());
    screen.keys("b");
    assert!(screen.state.sending.is_empty());
    assert_ne!(screen.state.threads[&id].marks, before);
}

#[test]
fn muting_is_shown_at_once_and_ends_following() {
    let mut screen = Screen::new(120, 40);
    let id = selected(&screen).unwrap();
    let marks = |screen: &Screen| (screen.state.threads[&id].marks.follow, screen.state.threads[&id].marks.mute);
    let dots = |screen: &Screen| screen.picture().matches('•').count();
    let before = dots(&screen);
    screen.keys("f");
    assert_eq!(marks(&screen), (true, false));
    screen.line = Line::Silent;
    screen.keys("F");
    assert_eq!(marks(&screen), (false, true));
    let picture = screen.picture();
    assert!(picture.contains("[muted]") && picture.contains("Muted: nothing of this thread"), "{picture}");
    assert_eq!(dots(&screen), before - 1, "it no longer counts as unread: {picture}");
    screen.memory.faults().fail(Call::Apply, Error::new(Kind::Forbidden));
    screen.line = Line::Answers;
    screen.answer();
    assert_eq!(marks(&screen), (true, false), "refused");
    screen.keys("F F");
    assert_eq!(marks(&screen), (false, false));
    assert!(!screen.picture().contains("[muted]"));
    assert!(screen.picture().contains("You no longer mute this thread."));
}

#[test]
fn all_read_can_be_taken_back() {
    let mut screen = Screen::new(120, 40);
    let unread = |s: &Screen| s.state.threads.values().map(|t| t.unread()).sum::<u32>();
    let before = unread(&screen);
    screen.keys("M");
    assert!(before > 0);
    assert_eq!(unread(&screen), 0);
    screen.keys("u");
    assert_eq!(unread(&screen), before);
    assert!(screen.picture().contains("Marks restored."), "{}", screen.picture());
}

#[test]
fn only_what_the_list_shows_is_marked_read() {
    let mut screen = Screen::new(120, 40);
    screen.keys("3");
    let shown: Vec<ThreadId> = screen.state.panes.questions.list.items.clone();
    let unread = |s: &Screen, shown: bool, ids: &[ThreadId]| {
        s.state.threads.values().filter(|t| t.unread() > 0 && ids.contains(&t.id) == shown).count()
    };
    let others = unread(&screen, false, &shown);
    assert!(others > 0 && unread(&screen, true, &shown) > 0);
    screen.keys("M");
    assert_eq!((unread(&screen, true, &shown), unread(&screen, false, &shown)), (0, others));
    screen.keys("5 M");
    assert!(screen.picture().contains("No list of threads is shown here."), "{}", screen.picture());
}

#[test]
fn escape_from_what_was_found_goes_back_to_it() {
    let mut screen = Screen::new(80, 24);
    screen.keys("/").text("axum").keys("enter down enter");
    assert!(screen.state.pane().reader(&screen.state).is_some());
    screen.keys("esc");
    assert!(screen.state.pane().reader(&screen.state).is_none());
    let picture = screen.picture();
    assert!(picture.contains("Search the community") && picture.contains("axum"), "{picture}");
    // What was found is still there, and the selection where it was: the next one is a key away.
    screen.keys("down enter");
    assert!(screen.state.pane().reader(&screen.state).is_some());
    screen.keys("esc esc esc");
    assert!(screen.state.overlays.is_empty());
    assert_eq!(screen.state.pane().name(), "feed");
    // The words of the last time are selected: typing takes their place.
    screen.keys("/");
    assert!(screen.picture().contains("axum"));
    screen.text("tok");
    assert!(!screen.picture().contains("axumtok") && screen.picture().contains("tok"), "{}", screen.picture());
    screen.keys("ctrl-u").text("sse");
    assert!(!screen.picture().contains("toksse"), "{}", screen.picture());
}

#[test]
fn a_new_thread_is_opened_once_it_is_there() {
    let mut screen = Screen::new(80, 24);
    screen.keys("3 c").text("Is this new?").keys("tab tab").text("It is.").keys("ctrl-s");
    let reader = screen.state.pane().reader(&screen.state).expect("it is opened");
    assert_eq!(screen.state.threads[&reader.id].title.as_str(), "Is this new?");
    assert!(screen.picture().contains("It is.") && screen.picture().contains("Sent."), "{}", screen.picture());
}

#[test]
fn folding_and_accepting_say_what_came_of_it() {
    let mut screen = Screen::new(120, 40);
    screen.keys("3 t enter j z");
    assert!(screen.picture().contains("there is nothing to fold"), "{}", screen.picture());
    let mine = |t: &&lyceum::model::thread::Thread| t.author.username.as_str() == "ada" && t.answers > 0;
    let id = screen.state.threads.values().find(mine).unwrap().id.clone();
    screen.state.visit_thread(&id, Some(2));
    screen.wait(1);
    screen.keys("x");
    assert!(
        screen.picture().contains("Acceptance taken back.") || screen.picture().contains("Accepted."),
        "{}",
        screen.picture()
    );
    screen.keys("x");
    assert!(
        screen.picture().contains("Acceptance taken back.") || screen.picture().contains("Accepted."),
        "{}",
        screen.picture()
    );
}

#[test]
fn commands_and_help_are_named_on_the_narrowest_footers() {
    for pane in ["1", "2", "3", "4", "5"] {
        for keys in [pane.to_owned(), format!("{pane} enter")] {
            let mut screen = Screen::new(80, 24);
            screen.keys(&keys);
            let footer = screen.picture().lines().last().unwrap_or_default().to_owned();
            assert!(footer.contains(": commands") && footer.contains("? help"), "{keys}: {footer}");
        }
    }
}

#[test]
fn back_and_forward_go_where_one_was() {
    let mut screen = Screen::new(80, 24);
    screen.keys("j enter");
    assert!(screen.state.panes.feed.in_detail);
    screen.keys("ctrl-o");
    assert!(!screen.state.panes.feed.in_detail);
    screen.keys("alt-right");
    assert!(screen.state.panes.feed.in_detail);
}

#[test]
fn reading_to_the_end_marks_read_after_a_moment() {
    let mut screen = Screen::new(120, 40);
    screen.keys("t t").keys("enter");
    let id = screen.state.panes.feed.reader.as_ref().unwrap().id.clone();
    let last = screen.state.threads[&id].last;
    for _ in 0..100 {
        screen.keys("pagedown");
    }
    screen.wait(2000);
    assert_eq!(screen.state.threads[&id].marks.read, last);
}

#[test]
fn a_thread_of_many_pages_arrives_whole() {
    let mut screen = Screen::new(120, 40);
    let long = screen.state.threads.values().max_by_key(|t| t.last).unwrap().clone();
    while selected(&screen).unwrap() != long.id {
        screen.keys("j");
    }
    screen.keys("enter G");
    let reader = screen.state.panes.feed.reader.as_ref().unwrap();
    assert_eq!(reader.posts.len() as u32, long.last);
    assert_eq!(reader.current, *reader.sheet().unwrap().order.last().unwrap());
}

#[test]
fn leaving_is_one_key_and_idle_is_nothing_to_wait_for() {
    let mut screen = Screen::new(80, 24);
    screen.wait(20_000);
    assert_eq!(screen.state.next_wake(), None);
    screen.keys("q");
    assert!(matches!(screen.effects.last(), Some(Effect::Quit)));
}

#[test]
fn an_answer_is_kept_until_the_server_has_it() {
    let mut screen = Screen::new(120, 40);
    screen.keys("3 enter a").text("Use its own route").keys("enter").text("without the layer.");
    screen.line = Line::Broken;
    screen.keys("ctrl-s");
    assert_eq!(screen.state.outbox.len(), 1, "{}", screen.picture());
    // It stands where it will stand, with how it stands.
    assert!(screen.picture().contains("waits for the line"), "{}", screen.picture());
    screen.keys("q");
    assert!(!matches!(screen.effects.last(), Some(Effect::Quit)));
    assert!(screen.picture().contains("kept here"), "{}", screen.picture());
    screen.keys("n");
    screen.reach(Line::Answers);
    assert!(screen.state.outbox.is_empty());
    assert!(screen.picture().contains("without the layer."), "{}", screen.picture());
}

#[test]
fn escape_keeps_what_was_typed() {
    let mut screen = Screen::new(80, 24);
    screen.keys("3 enter a").text("half an answer").keys("esc");
    assert!(screen.state.overlays.is_empty());
    screen.keys(":").text("drafts").keys("enter enter");
    assert!(screen.picture().contains("half an answer"), "{}", screen.picture());
}

#[test]
fn a_vote_counts_at_once() {
    let mut screen = Screen::new(120, 40);
    screen.keys("3 enter");
    let score = |s: &Screen| s.state.pane().reader(&s.state).unwrap().post().unwrap().score;
    let before = score(&screen);
    screen.keys("v");
    let voted = score(&screen);
    screen.keys("v");
    assert_ne!(voted, before);
    screen.keys("R");
    assert_eq!((score(&screen) - before).abs() + (voted - before).abs(), 1);
}

#[test]
fn a_number_opens_that_link() {
    let mut screen = Screen::new(120, 40);
    let id = screen.state.threads.keys().next().unwrap().clone();
    screen.state.visit_thread(&id, None);
    screen.answer();
    screen.keys("9 9 o");
    assert!(screen.picture().contains("There is no such link on this page."));
    screen.keys("9").keys("esc");
    assert!(screen.state.pane().reader(&screen.state).is_some());
}

#[test]
fn a_late_answer_does_not_replace_what_is_shown() {
    let mut screen = Screen::new(120, 40);
    screen.line = Line::Silent;
    screen.keys("t t t t");
    screen.line = Line::Answers;
    assert_eq!(screen.open.iter().filter(|(_, r)| format!("{r:?}").contains("Feed")).count(), 1);
    screen.answer();
    assert!(screen.picture().contains(" latest"));
}

#[test]
fn what_failed_is_asked_for_again_once_the_line_is_back() {
    let mut screen = Screen::new(80, 24);
    let tell = |screen: &mut Screen, connection| screen.tell(Input::Engine(Box::new(Event::Connection(connection))));
    screen.line = Line::Broken;
    let at = screen.state.now;
    tell(&mut screen, Connection::Reconnecting(at));
    screen.keys("2");
    assert!(screen.picture().contains("Could not reach the community."), "{}", screen.picture());
    screen.line = Line::Answers;
    tell(&mut screen, Connection::Live);
    assert!(!screen.picture().contains("Could not reach the community."), "{}", screen.picture());
    assert!(!screen.state.panes.threads.list.items.is_empty());
}

#[test]
fn a_pane_that_failed_while_another_was_shown_is_asked_for_when_it_is_shown() {
    let mut screen = Screen::new(80, 24);
    screen.line = Line::Broken;
    screen.keys("2");
    screen.keys("1");
    screen.line = Line::Answers;
    screen.keys("2");
    assert!(!screen.state.panes.threads.list.items.is_empty(), "{}", screen.picture());
}

#[test]
fn a_thread_opened_again_shows_its_title() {
    let mut screen = Screen::new(80, 24);
    screen.keys("enter");
    let first = screen.picture();
    screen.keys("j j j esc enter");
    let title = |picture: &str| picture.lines().nth(3).unwrap_or_default().trim_end().to_owned();
    assert_eq!(title(&screen.picture()), title(&first));
}

#[test]
fn a_number_says_what_it_is_good_for() {
    let mut screen = Screen::new(80, 24);
    screen.keys("enter 2");
    let footer = screen.picture().lines().last().unwrap_or_default().to_owned();
    assert!(
        footer.contains("2 times") && footer.contains("alt-2 Threads") && footer.contains("esc cancel"),
        "{footer}"
    );
}

#[test]
fn the_palette_says_why_instead_of_doing_something_else() {
    let mut screen = Screen::new(80, 24);
    let first =
        |s: &Screen| s.picture().lines().skip_while(|l| !l.contains("│ :")).nth(1).unwrap_or_default().to_owned();
    screen.keys(":").text("accept");
    assert!(first(&screen).contains("accept  "), "{}", screen.picture());
    screen.keys("enter");
    assert!(screen.picture().contains("Open a thread first."), "{}", screen.picture());
    // What only has the letters comes after what has the word.
    screen.keys(":").text("sort");
    assert!(first(&screen).contains("sort  "), "{}", screen.picture());
}

#[test]
fn a_message_goes_with_what_it_was_about_and_covers_no_border() {
    let mut screen = Screen::new(80, 24);
    screen.keys("b");
    assert!(screen.picture().contains("Bookmarked."));
    screen.keys("?");
    assert!(!screen.picture().contains("Bookmarked."), "{}", screen.picture());
    screen.keys("esc b");
    assert!(screen.picture().contains("Bookmark dropped."));
    screen.keys("2");
    assert!(!screen.picture().contains("Bookmark dropped."), "{}", screen.picture());
    screen.keys("3 a ctrl-s");
    let picture = screen.picture();
    assert!(picture.contains("There is no text yet."), "{picture}");
    assert_eq!(picture.lines().filter(|line| line.starts_with('╰') && line.ends_with('╯')).count(), 1, "{picture}");
}

#[test]
fn footers_name_only_what_can_be_done() {
    let footer = |s: &Screen| s.picture().lines().last().unwrap_or_default().to_owned();
    let memory = lyceum::community::memory::sample().seen_by("octavia");
    let mut screen = Screen::on(memory, (120, 40), Language::English, Line::Answers);
    screen.keys("4");
    assert!(!footer(&screen).contains("w why"), "{}", footer(&screen));
    screen.keys("5");
    let words = footer(&screen);
    assert!(!words.contains("enter open") && !words.contains("d done") && words.contains("D show done"), "{words}");
    screen.keys("D");
    assert!(!footer(&screen).contains("D show done"), "{}", footer(&screen));
    screen.keys("3 enter");
    assert!(!footer(&screen).contains("g a accepted"), "{}", footer(&screen));
    screen.keys("g a");
    assert!(screen.picture().contains("No answer is accepted yet."), "{}", screen.picture());
    screen.keys("G n");
    assert!(screen.picture().contains("No unread post that way."), "{}", screen.picture());
}

#[test]
fn an_empty_list_says_which_tag_to_drop() {
    let mut screen = Screen::new(80, 24);
    screen.keys("3 T").text("musl").keys("enter");
    let words = screen.picture().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("No question tagged #musl under “unanswered”. Press T to drop the tag"), "{words}");
}

#[test]
fn the_age_is_that_of_what_the_list_goes_by() {
    let mut screen = Screen::new(120, 40);
    screen.keys("2 o o");
    assert!(screen.picture().contains("oldest first ▾"), "{}", screen.picture());
    let first = screen.state.panes.threads.list.items[0].clone();
    let thread = &screen.state.threads[&first];
    let (opened, active) = (screen.state.age(thread.created), screen.state.age(thread.active));
    let facts = screen.picture().lines().nth(5).unwrap_or_default().to_owned();
    assert!(facts.contains(&opened), "{facts}");
    assert_ne!(opened, active);
    screen.keys("3");
    assert!(screen.picture().contains("oldest waiting ▾"), "{}", screen.picture());
}

#[test]
fn a_closed_thread_names_its_plans() {
    let mut screen = Screen::new(120, 40);
    let closed = screen.state.threads.values().find(|t| t.gate.is_some()).unwrap().clone();
    screen.state.visit_thread(&closed.id, None);
    screen.wait(1);
    let plans = &screen.state.panes.membership.plans;
    let named = plans.iter().find(|plan| closed.gate.as_ref().unwrap().plans.contains(&plan.id)).unwrap();
    let line = format!("Plans that open it: {}", named.name);
    assert!(screen.picture().contains(&line), "{line}\n{}", screen.picture());
}

#[test]
fn looking_for_words_goes_on_from_where_one_is() {
    let mut screen = Screen::new(80, 24);
    let long = screen.state.threads.values().max_by_key(|t| t.last).unwrap().id.clone();
    screen.state.visit_thread(&long, None);
    screen.wait(1);
    screen.keys("g g space space space");
    let top = |s: &Screen| s.state.pane().reader(&s.state).unwrap().top;
    let before = top(&screen);
    screen.keys("ctrl-f").text("n");
    assert!(top(&screen) >= before, "{} {before}", top(&screen));
    let found = screen.state.pane().reader(&screen.state).unwrap().places();
    assert!(found.iter().any(|(line, _)| *line < before), "there is one above that was passed over");
    screen.keys("enter enter enter");
    let after = top(&screen);
    screen.keys("esc");
    assert_eq!(top(&screen), after);
}

#[test]
fn help_shows_its_sentences_whole() {
    let mut screen = Screen::new(80, 24);
    screen.keys("enter ?");
    let picture = screen.picture();
    assert!(picture.contains("so many times, or │") && picture.contains("  which link"), "{picture}");
}

#[test]
fn that_a_list_is_old_is_said_before_what_it_is() {
    let mut screen = Screen::new(40, 12);
    screen.keys("3");
    screen.line = Line::Broken;
    screen.keys("R");
    let heading = screen.picture().lines().nth(3).unwrap_or_default().to_owned();
    assert!(heading.starts_with(" as of just now  unanswered"), "{heading}");
}

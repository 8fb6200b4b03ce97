//! Finding things: saved searches as filters of a pane, the palette over names, words on a page.

use lyceum::base::text::Clean;
use lyceum::community::memory::{Draft, Memory, NOW, sample};
use lyceum::config::locale::Language;
use lyceum::engine::event::Event;
use lyceum::model::member::Role;
use lyceum::model::search::saved::{Pane, Saved};
use lyceum::model::thread::Kind;
use lyceum::tui::hits::{Hit, Part};
use lyceum::tui::msg::Input;

use super::screen::{Line, Screen};

fn saved(name: &str, query: &str, pane: Pane) -> Saved {
    Saved { name: Clean::line(name), query: query.to_owned(), pane }
}

fn heading(screen: &Screen) -> String {
    screen.picture().lines().nth(3).unwrap_or_default().trim().to_owned()
}

#[test]
fn a_search_is_saved_under_a_name_and_becomes_a_filter_of_the_pane() {
    let mut screen = Screen::new(80, 24);
    screen.keys("3 /").text("kind:question allocator").keys("ctrl-s");
    assert!(screen.picture().contains("becomes a filter of Q&A"), "{}", screen.picture());
    screen.text("done with").keys("enter");
    assert_eq!(screen.searches, [[saved("done with", "kind:question allocator", Pane::Questions)]]);
    assert!(heading(&screen).starts_with("done with ▾  kind:question allocator"), "{}", screen.picture());
    let listed = screen.state.pane().listed(&screen.state).to_vec();
    assert!(!listed.is_empty());
    assert!(listed.iter().all(|id| screen.state.threads[id].kind == Kind::Question));
    // Behind the pane's own filters, and before the first of them again.
    screen.keys("t");
    assert!(heading(&screen).starts_with("unanswered"), "{}", heading(&screen));
    screen.keys("t t t t t");
    assert!(heading(&screen).starts_with("all questions"), "{}", heading(&screen));
    screen.keys("t");
    assert!(heading(&screen).starts_with("done with"), "{}", heading(&screen));
    screen.keys("1 t t t t");
    assert!(heading(&screen).starts_with("latest"), "another pane has it: {}", heading(&screen));
}

#[test]
fn words_that_are_no_search_are_told_at_once_and_not_asked_for() {
    let mut screen = Screen::new(80, 24);
    let asked = |screen: &mut Screen, words: &str, key: &str| {
        screen.keys("/ ctrl-u").text(words).keys(key);
        let picture = screen.picture();
        screen.keys("esc");
        picture
    };
    assert!(asked(&mut screen, "author:ada", "enter").contains("“author:” is not known"));
    assert!(asked(&mut screen, "is:closed", "ctrl-s").contains("“is:” does not know “closed”"));
    assert!(screen.searches.is_empty());
}

#[test]
fn saved_searches_are_renamed_moved_and_thrown_away() {
    let mut screen = Screen::new(120, 40);
    let kept = vec![saved("a", "musl", Pane::Feed), saved("b", "allocator", Pane::Feed)];
    screen.tell(Input::Engine(Box::new(Event::Searches(kept))));
    let names = |screen: &Screen| {
        let all = screen.state.all_searches().map(|one| format!("{}@{}", one.name, one.pane.as_str()));
        all.collect::<Vec<_>>().join(" ")
    };
    screen.keys("S J");
    assert_eq!(names(&screen), "b@feed a@feed");
    screen.keys("r ctrl-u").text("b").keys("enter");
    assert!(screen.picture().contains("That pane has a search of that name"), "{}", screen.picture());
    screen.keys("ctrl-u").text("c").keys("enter tab");
    assert_eq!(names(&screen), "b@feed c@threads");
    screen.keys("enter");
    assert_eq!(screen.state.pane().name(), "threads");
    assert!(heading(&screen).starts_with("c ▾  musl"), "{}", screen.picture());
    screen.keys("S ctrl-x n ctrl-x y");
    assert_eq!(names(&screen), "b@feed");
    assert!(screen.picture().contains("Saved searches"));
    screen.keys("esc");
    assert!(heading(&screen).starts_with("all spaces"), "{}", screen.picture());
    assert_eq!(screen.searches.last().unwrap().len(), 1);
}

#[test]
fn a_search_of_the_settings_is_shown_and_cannot_be_changed_here() {
    let mut screen = Screen::new(80, 24);
    screen.state.options.searches = vec![saved("builds", "musl", Pane::Feed)];
    screen.keys("t t t t");
    assert!(heading(&screen).starts_with("builds ▾  musl"), "{}", screen.picture());
    screen.keys("S ctrl-x");
    assert!(screen.picture().contains("It stands in your settings"), "{}", screen.picture());
    assert!(screen.searches.is_empty());
}

#[test]
fn the_window_opens_with_the_saved_search_that_was_shown() {
    let mut screen = Screen::new(80, 24);
    let kept = vec![saved("builds", "musl", Pane::Threads)];
    screen.tell(Input::Engine(Box::new(Event::Searches(kept.clone()))));
    let layouts = screen.told_keys("2 S enter");
    let layout = layouts.last().unwrap().clone();
    let mut next = Screen::new(80, 24);
    next.tell(Input::Engine(Box::new(Event::Searches(kept))));
    next.tell(Input::Engine(Box::new(Event::Layout(layout))));
    assert!(heading(&next).starts_with("builds ▾  musl"), "{}", next.picture());
    // What comes late is not thrown away, whatever was typed meanwhile.
    let mut late = Screen::new(80, 24);
    late.keys("2");
    late.tell(Input::Engine(Box::new(Event::Searches(vec![saved("x", "musl", Pane::Feed)]))));
    assert_eq!(late.state.all_searches().count(), 1);
}

#[test]
fn the_palette_goes_to_spaces_members_threads_and_searches() {
    let mut screen = Screen::new(120, 40);
    screen.tell(Input::Engine(Box::new(Event::Searches(vec![saved("builds", "musl", Pane::Feed)]))));
    screen.keys(":").text("#help");
    assert!(screen.picture().contains("space"), "{}", screen.picture());
    screen.keys("enter");
    assert_eq!(screen.state.pane().name(), "threads");
    assert!(heading(&screen).starts_with("Help Desk"), "{}", screen.picture());
    screen.keys(":").text("@hopp").keys("enter");
    assert!(screen.picture().contains("Hopper Lindqvist"), "{}", screen.picture());
    screen.keys("esc :").text("/allocator many").keys("enter");
    let open = screen.state.pane().open_thread(&screen.state).unwrap();
    assert!(screen.state.threads[&open].title.contains("allocator"));
    screen.keys("esc :").text("builds").keys("enter");
    assert!(heading(&screen).starts_with("builds"), "{}", screen.picture());
    screen.keys(":").text(">help");
    let picture = screen.picture();
    let box_only: Vec<&str> = picture.lines().filter(|line| line.contains("│")).collect();
    assert!(box_only.iter().any(|line| line.contains("The keys of this place")), "{picture}");
    assert!(!box_only.iter().any(|line| line.contains("Help Desk  ")), "{picture}");
}

#[test]
fn the_palette_leads_nowhere_before_somebody_is_signed_in() {
    let memory = sample().signed_out();
    let mut screen = Screen::on(memory, (80, 24), Language::English, Line::Answers);
    screen.keys(":").text("@");
    assert!(screen.picture().contains("Nothing of that name"), "{}", screen.picture());
}

/// A thread whose replies are folded away, with words below the fold.
fn folded() -> Screen {
    let mut screen = Screen::new(80, 24);
    let with = |t: &&lyceum::model::thread::Thread| t.title.contains("allocator");
    let id = screen.state.threads.values().find(with).unwrap().id.clone();
    screen.state.visit_thread(&id, Some(1));
    screen.wait(1);
    screen.keys("Z");
    assert!(!screen.state.pane().reader(&screen.state).unwrap().folded.is_empty());
    screen
}

#[test]
fn words_are_found_in_what_is_folded_away_and_counted() {
    let mut screen = folded();
    let before = screen.state.pane().reader(&screen.state).unwrap().folded.clone();
    screen.keys("ctrl-f").text("bump");
    let places = screen.state.pane().reader(&screen.state).unwrap().places();
    assert!(places.len() > 2, "{}", screen.picture());
    let said = |screen: &Screen, at: usize| {
        let line = screen.picture().lines().find(|line| line.starts_with(" /bump")).unwrap_or_default().to_owned();
        assert!(line.contains(&format!("{at} of {}", places.len())), "{at}: {}", screen.picture());
    };
    said(&screen, 1);
    // Letters are words until enter; then n and N go on and back, round the end.
    screen.keys("enter");
    said(&screen, 2);
    screen.keys("n N N N");
    said(&screen, places.len());
    screen.keys("/").text("x");
    assert!(screen.picture().contains("nothing"), "{}", screen.picture());
    screen.keys("backspace esc");
    let reader = screen.state.pane().reader(&screen.state).unwrap();
    assert!(reader.places().is_empty());
    assert!(reader.folded.is_subset(&before), "the rest is folded as it was");
    assert!(reader.sheet().unwrap().order.contains(&reader.current), "what was found can be seen");
}

#[test]
fn what_is_found_never_stands_below_the_line_it_is_typed_in() {
    let mut tried = 0;
    for rows in 12..=32 {
        let mut screen = Screen::new(80, rows);
        let id = screen.state.threads.values().max_by_key(|thread| thread.last).unwrap().id.clone();
        screen.state.visit_thread(&id, Some(1));
        let picture = screen.wait(1).picture();
        let last = picture.lines().nth(usize::from(rows) - 3).unwrap();
        let is_one = |word: &&str| {
            word.len() > 3 && word.chars().all(char::is_alphabetic) && picture.matches(*word).count() == 1
        };
        let Some(word) = last.split_whitespace().find(is_one) else { continue };
        screen.keys("ctrl-f").text(word);
        let found = screen.picture();
        let is_seen = |line: &str| line.contains(word) && !line.starts_with(" /");
        assert!(found.lines().any(is_seen), "{word}:\n{found}");
        let bar = screen.state.hits.at((5, rows - 3).into());
        assert_eq!(bar, Some(Hit::Part(Part::Nothing)), "what lies below it is not clicked");
        tried += 1;
    }
    assert!(tried > 2, "{tried}");
}

#[test]
fn two_in_a_line_are_two_places() {
    let mut screen = folded();
    screen.keys("ctrl-f").text("e");
    let places = screen.state.pane().reader(&screen.state).unwrap().places();
    let mut lines: Vec<usize> = places.iter().map(|(line, _)| *line).collect();
    lines.dedup();
    assert!(lines.len() < places.len());
}

#[test]
fn pictures_in_both_languages() {
    for (language, tag) in [(Language::English, "en"), (Language::Chinese, "zh")] {
        for (columns, lines) in [(80, 24), (120, 40)] {
            let mut screen = Screen::on(sample(), (columns, lines), language, Line::Answers);
            let kept = vec![
                saved("musl", "tag:musl is:unanswered", Pane::Questions),
                saved("分配器", "allocator", Pane::Feed),
            ];
            screen.state.options.searches = vec![saved("builds", "musl", Pane::Threads)];
            screen.tell(Input::Engine(Box::new(Event::Searches(kept))));
            let name = |what: &str| format!("finding-{what}-{tag}-{columns}x{lines}");
            screen.keys("S");
            insta::assert_snapshot!(name("searches"), screen.picture());
            screen.keys("r");
            insta::assert_snapshot!(name("rename"), screen.picture());
            screen.keys("esc esc : /").text("a");
            insta::assert_snapshot!(name("palette"), screen.picture());
            screen.keys("ctrl-u");
            insta::assert_snapshot!(name("palette-all"), screen.picture());
            screen.keys("esc /").text("is:closed").keys("enter");
            insta::assert_snapshot!(name("fault"), screen.picture());
            screen.keys("esc j j j enter ctrl-f").text("arena").keys("enter");
            insta::assert_snapshot!(name("find"), screen.picture());
        }
    }
}

/// A thread with words in folds, in a spoiler, and over the ends of lines.
fn worded() -> Screen {
    let body = "Before it all.\n\n<details><summary>The log</summary>\n\nA needle in the log.\n\n<details>\
        <summary>More</summary>\n\nThe needle deep within.\n\n</details>\n\n</details>\n\n\
        [spoiler]\nThe needle that nobody is told of.\n[/spoiler]\n\nAnd ||a needle of that kind|| here.";
    let long = format!("> {}broken here, where the width ends the line.", "Words and ".repeat(7));
    let code = format!("```text\n{}straw{}\n```", "x".repeat(69), "y".repeat(20));
    let other = "<details><summary>Another log</summary>\n\nNothing.\n\n</details>";
    let draft = Draft::new("help", Kind::Discussion, "Haystack", ("hopper", 600), "Begin.")
        .reply(("grace", 500), body)
        .reply(("grace", 400), &long)
        .reply(("grace", 300), &code)
        .reply(("grace", 200), other);
    let built = Memory::builder(NOW)
        .member("hopper", "Hopper", Role::Expert, 900)
        .member("grace", "Grace", Role::Member, 900)
        .member("ada", "Ada", Role::Member, 900)
        .space("help", "Help Desk", "", None, Role::Member);
    let mut screen = Screen::on(built.thread(draft).seen_by("ada"), (80, 40), Language::English, Line::Answers);
    screen.keys("enter");
    screen
}

fn told(screen: &Screen) -> String {
    screen.picture().lines().find(|line| line.starts_with(" /")).unwrap_or_default().trim_end().to_owned()
}

#[test]
fn what_lies_in_a_fold_is_found_and_unfolded_and_a_spoiler_tells_nothing() {
    let mut screen = worded();
    assert!(!screen.picture().contains("in the log"), "{}", screen.picture());
    screen.keys("ctrl-f").text("needle");
    assert!(told(&screen).ends_with("1 of 2"), "{}", screen.picture());
    screen.keys("enter esc");
    let picture = screen.picture();
    assert!(picture.contains("A needle in the log.") && picture.contains("needle deep within"), "{picture}");
    assert!(!picture.contains("nobody is told of") && !picture.contains("of that kind"), "{picture}");
    assert!(!picture.contains("Nothing."), "another post is as it was: {picture}");
    // What somebody opened is told to whoever looks for it.
    let mut screen = worded();
    let picture = screen.picture();
    let number = picture.lines().find(|line| line.contains("▸ spoiler")).and_then(|l| l.split(['[', ']']).nth(1));
    let number = number.expect("a spoiler with a number");
    screen.keys(&format!("{number} enter ctrl-f")).text("needle");
    assert!(told(&screen).ends_with("of 3"), "{}", screen.picture());
}

#[test]
fn only_the_fold_that_hid_it_stays_open() {
    let mut screen = worded();
    screen.keys("ctrl-f").text("in the log").keys("esc");
    let picture = screen.picture();
    assert!(picture.contains("A needle in the log.") && !picture.contains("deep within"), "{picture}");
    let mut screen = worded();
    screen.keys("ctrl-f").text("begin").keys("esc");
    assert!(!screen.picture().contains("in the log"), "{}", screen.picture());
}

#[test]
fn what_stands_over_the_end_of_a_line_is_found_once_and_marked_on_both() {
    let mut screen = worded();
    for (words, rows) in [("words and broken here", ["Words and broken", "here"]), ("xstrawy", ["xstra", "wy"])] {
        screen.keys("ctrl-f").text(words);
        assert!(told(&screen).ends_with("1 of 1"), "{words}: {}", screen.picture());
        let marked = marked(&screen);
        assert_eq!(marked.len(), 2, "{words}: {marked:?}\n{}", screen.picture());
        assert_eq!(marked.iter().map(|row| row.trim_end()).collect::<Vec<_>>(), rows, "{}", screen.picture());
        screen.keys("esc");
    }
    // The signs before a line are nobody's words.
    screen.keys("ctrl-f").text("▎");
    assert!(told(&screen).contains("nothing"), "{}", screen.picture());
}

/// What is marked as the place one is at, row by row.
fn marked(screen: &Screen) -> Vec<String> {
    let terminal = screen.draw(80, 40);
    let buffer = terminal.backend().buffer();
    let is_here = |x: u16, y: u16| {
        let modifier = buffer[(x, y)].modifier;
        let (underlined, bold) = (ratatui::style::Modifier::UNDERLINED, ratatui::style::Modifier::BOLD);
        modifier.contains(underlined | bold)
    };
    let row = |y: u16| (0..80).filter(|x| is_here(*x, y)).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (3..38).map(row).filter(|row| !row.is_empty()).collect()
}

#[test]
fn what_was_found_in_a_spoiler_is_not_told_by_the_search() {
    let mut screen = worded();
    screen.keys("/").text("nobody").keys("enter");
    let picture = screen.picture();
    assert!(picture.contains("deep within. ░"), "{picture}");
    assert!(!picture.contains("nobody is told") && !picture.contains("of that kind"), "{picture}");
}

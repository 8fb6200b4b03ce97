//! The membership pane, `why`, and a member's page.

use lyceum::community::memory::{Call, sample};
use lyceum::community::{Error, Kind};
use lyceum::config::locale::Language;
use lyceum::model::ledger::FactKind;

use super::screen::{Line, Screen};

const WIDE: (u16, u16) = (120, 40);
const SMALL: (u16, u16) = (80, 24);

const ENGLISH: Language = Language::English;
const CHINESE: Language = Language::Chinese;

fn membership(language: Language, size: (u16, u16)) -> Screen {
    let mut screen = Screen::on(sample(), size, language, Line::Answers);
    screen.keys("4");
    screen
}

#[test]
fn what_is_held_stands_over_the_plans() {
    insta::assert_snapshot!("membership_120x40", membership(ENGLISH, WIDE).picture());
    insta::assert_snapshot!("membership_120x40_zh", membership(CHINESE, WIDE).picture());
}

#[test]
fn at_80_columns_plans_stand_one_under_another() {
    insta::assert_snapshot!("membership_80x24", membership(ENGLISH, SMALL).picture());
    insta::assert_snapshot!("membership_80x24_zh", membership(CHINESE, SMALL).picture());
    let mut screen = membership(ENGLISH, SMALL);
    screen.keys("G");
    insta::assert_snapshot!("membership_80x24_end", screen.picture());
}

#[test]
fn loading_is_drawn_only_once_it_takes_long() {
    for (name, size) in [("120x40", WIDE), ("80x24", SMALL)] {
        let mut screen = Screen::on(sample(), size, ENGLISH, Line::Silent);
        screen.keys("4");
        let before = screen.picture();
        screen.wait(200);
        assert_ne!(screen.picture(), before);
        insta::assert_snapshot!(format!("membership_loading_{name}"), screen.picture());
    }
}

#[test]
fn a_failure_says_what_and_what_next() {
    for (name, size) in [("120x40", WIDE), ("80x24", SMALL)] {
        let community = sample();
        for _ in 0..2 {
            community.faults().fail(Call::Membership, Error::new(Kind::Timeout));
        }
        let mut screen = Screen::on(community, size, ENGLISH, Line::Answers);
        screen.keys("4");
        insta::assert_snapshot!(format!("membership_failed_{name}"), screen.picture());
        screen.keys("R");
        assert!(screen.picture().contains("Plus, monthly"), "{}", screen.picture());
    }
}

#[test]
fn a_failed_refresh_leaves_what_is_known() {
    let mut screen = membership(ENGLISH, WIDE);
    for _ in 0..2 {
        screen.memory.faults().fail(Call::Membership, Error::new(Kind::Offline));
    }
    screen.keys("R");
    let text = screen.picture();
    assert!(text.contains("Could not reach the community.") && text.contains("Plus, monthly"), "{text}");
}

#[test]
fn who_holds_nothing_is_told_so() {
    for (name, size) in [("120x40", WIDE), ("80x24", SMALL)] {
        let mut screen = Screen::on(sample().seen_by("linus"), size, ENGLISH, Line::Answers);
        screen.keys("4");
        insta::assert_snapshot!(format!("membership_empty_{name}"), screen.picture());
    }
}

#[test]
fn cancelled_past_due_and_revoked_read_differently() {
    let said = |kinds: Vec<FactKind>| {
        let community = sample();
        for kind in kinds {
            community.ledger("ada", kind);
        }
        let mut screen = Screen::on(community, WIDE, ENGLISH, Line::Answers);
        screen.keys("4");
        screen.picture()
    };
    assert!(said(vec![FactKind::Cancel]).contains("You cancelled it. What is paid for stays yours until"));
    assert!(said(vec![FactKind::Failed]).contains("The last payment failed. Everything stays open until"));
    let revoked = said(vec![FactKind::Revoked { reason: "spam".into() }]);
    let header = revoked.lines().next().unwrap_or_default();
    assert!(header.contains("revoked") && !header.contains("expired"), "{header}");
    assert!(revoked.contains("took it away on 2 Mar 2026"), "{revoked}");
}

#[test]
fn why_names_the_rule_and_what_opens_it() {
    let mut screen = Screen::on(sample(), WIDE, ENGLISH, Line::Answers);
    let gated = "Cancellation, one select at a time";
    for _ in 0..8 {
        if screen.state.pane().thread(&screen.state).is_some_and(|id| *screen.state.threads[&id].title == *gated) {
            break;
        }
        screen.keys("j");
    }
    screen.keys("w");
    insta::assert_snapshot!("why_120x40", screen.picture());
    screen.keys("esc enter 4");
    // A digit is a count over an open thread: the pane's key needs alt there.
    screen.keys("esc alt-4 w");
    let text = screen.picture();
    assert!(text.contains(gated) && text.contains("It takes Pro."), "{text}");
}

#[test]
fn why_without_a_thread_says_to_open_one() {
    let mut screen = membership(ENGLISH, SMALL);
    screen.keys("w");
    assert!(screen.picture().contains("Open a thread first"), "{}", screen.picture());
}

#[test]
fn a_members_page_lies_over_the_thread() {
    for (name, language, size) in [("120x40", ENGLISH, WIDE), ("80x24", ENGLISH, SMALL), ("80x24_zh", CHINESE, SMALL)] {
        let mut screen = Screen::on(sample(), size, language, Line::Answers);
        screen.keys("i");
        insta::assert_snapshot!(format!("member_{name}"), screen.picture());
        screen.keys("esc");
        assert!(screen.state.overlays.is_empty());
    }
}

#[test]
fn a_member_who_is_gone_is_a_sentence() {
    let community = sample();
    community.faults().fail(Call::Member, Error::new(Kind::NotFound));
    let mut screen = Screen::on(community, SMALL, ENGLISH, Line::Answers);
    screen.keys("i");
    assert!(screen.picture().contains("It is not there, or not yours to see."), "{}", screen.picture());
}

#[test]
fn keys_over_a_short_window_do_nothing_to_the_pane() {
    for keys in ["w", "i"] {
        let mut screen = Screen::on(sample(), WIDE, ENGLISH, Line::Answers);
        let before = screen.state.panes.feed.list.selected;
        screen.keys(keys).keys("j k down");
        assert_eq!((screen.state.panes.feed.list.selected, screen.state.overlays.len()), (before, 1));
        screen.keys("enter");
        assert!(screen.state.overlays.is_empty() && screen.state.pane().open_thread(&screen.state).is_none());
        screen.keys(keys).keys("q");
        assert!(screen.state.overlays.is_empty() && screen.effects.is_empty());
    }
}

#[test]
fn who_keeps_order_is_not_told_that_nothing_is_open() {
    let mut screen = Screen::on(sample().seen_by("octavia"), (80, 24), Language::English, Line::Answers);
    screen.keys("4");
    let picture = screen.picture();
    assert!(picture.contains("You keep order here") && !picture.contains("Nothing now."), "{picture}");
}

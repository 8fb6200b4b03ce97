use ratatui::{Terminal, backend::TestBackend};

use super::*;

const FAMILY: &str = "👩\u{200d}👩\u{200d}👧\u{200d}👦";

fn typed(text: &str) -> Editor {
    let mut editor = Editor::new(Lines::Many, "");
    for c in text.chars() {
        editor.edit(if c == '\n' { Edit::Newline } else { Edit::Insert(c) });
    }
    editor
}

#[test]
fn one_backspace_takes_one_cluster() {
    for cluster in [FAMILY, "e\u{301}", "🇯🇵", "क्षि", "👍🏽", "日"] {
        let mut editor = typed(&format!("a{cluster}"));
        assert!(editor.edit(Edit::Backspace));
        assert_eq!(editor.text(), "a", "{cluster}");
        editor.edit(Edit::Undo);
        assert_eq!(editor.text(), format!("a{cluster}"));
        editor.edit(Edit::Move(CursorMove::Head));
        editor.edit(Edit::Right);
        assert!(editor.edit(Edit::Delete));
        assert_eq!(editor.text(), "a", "{cluster}");
    }
}

#[test]
fn the_cursor_moves_by_clusters_and_over_line_ends() {
    let mut editor = typed(&format!("x\n{FAMILY}y"));
    for _ in 0..2 {
        editor.edit(Edit::Left);
    }
    assert_eq!(editor.before_cursor(), "");
    editor.edit(Edit::Left);
    editor.edit(Edit::Insert('!'));
    assert_eq!(editor.text(), format!("x!\n{FAMILY}y"));
    editor.edit(Edit::Right);
    editor.edit(Edit::Right);
    assert_eq!(editor.before_cursor(), FAMILY);
    // From above, a column within the family is none to stand in.
    let mut editor = typed(&format!("{FAMILY}\nabc"));
    editor.edit(Edit::Move(CursorMove::Up));
    editor.edit(Edit::Insert('|'));
    assert!(!editor.text().contains("\u{200d}|"), "{:?}", editor.text());
}

#[test]
fn what_is_pasted_is_cleaned_and_capped() {
    let mut editor = typed("");
    assert!(editor.paste("one\r\ntwo\x1b[2J\u{202e}\tx").is_whole());
    assert_eq!(editor.text(), "one\ntwo␛[2J    x");
    assert!(!editor.paste(&"語".repeat(60_000)).is_whole());
    assert!(editor.text().len() <= MOST_BLOCK_BYTES);
    let full = editor.text();
    assert!(!editor.paste("語語").is_whole());
    editor.edit(Edit::Insert('語'));
    assert!(editor.text().len() <= MOST_BLOCK_BYTES && editor.text().len() >= full.len());
    let mut line = Editor::new(Lines::One, "");
    line.paste("two\nlines");
    assert_eq!(line.text(), "two lines");
    assert!(!line.edit(Edit::Newline));
}

#[test]
fn a_line_stops_at_its_most() {
    let mut line = Editor::new(Lines::One, &"x".repeat(MOST_LINE_CLUSTERS - 1));
    assert!(line.edit(Edit::Insert('y')));
    assert!(!line.edit(Edit::Insert('z')));
}

#[test]
fn control_j_is_a_line_end() {
    assert_eq!(Edit::of(KeyCode::Char('j'), true, false), Some(Edit::Newline));
    assert_eq!(Edit::of(KeyCode::Char('x'), false, true), None);
}

#[test]
fn the_terminals_cursor_stands_where_typing_goes() {
    let mut terminal = Terminal::new(TestBackend::new(12, 4)).unwrap();
    let mut place = |editor: &Editor| {
        terminal.draw(|frame| editor.view(frame, Rect::new(1, 1, 10, 3), true)).unwrap();
        terminal.get_cursor_position().unwrap()
    };
    assert_eq!(place(&typed("日本")), (5, 1).into());
    assert_eq!(place(&typed("ab\nc")), (2, 2).into());
    assert_eq!(place(&typed("日本語日本語")), (3, 2).into());
    let at_edge = place(&typed(&"x".repeat(10)));
    assert!(at_edge.x <= 10, "{at_edge:?}");
}

#[test]
fn no_size_breaks_it() {
    let editor = typed(&format!("日本語 {FAMILY}\nabc"));
    for (columns, lines) in [(1, 1), (2, 1), (3, 2), (1, 5)] {
        let mut terminal = Terminal::new(TestBackend::new(columns, lines)).unwrap();
        terminal.draw(|frame| editor.view(frame, frame.area(), true)).unwrap();
    }
}

#[test]
fn a_completion_replaces_what_was_typed() {
    let mut editor = typed("see @gra");
    editor.complete(4, "@grace ");
    assert_eq!(editor.text(), "see @grace ");
    assert_eq!(editor.before_cursor(), "see @grace ");
}

/// A megabyte costs what the field can hold: everything that is done with a key from then on is done with that much.
#[test]
fn of_a_megabyte_no_more_is_kept_than_can_be_sent() {
    for text in ["x".repeat(1 << 20), "line\n".repeat(1 << 18), "日本語 ".repeat(1 << 17), "\x1b[31m".repeat(1 << 18)]
    {
        let mut editor = typed("before ");
        let pasted = editor.paste(&text);
        assert!(!pasted.is_whole() && pasted.of >= text.len(), "{pasted:?}");
        assert_eq!(editor.text().len(), "before ".len() + pasted.put);
        assert!(editor.text().len() <= MOST_BLOCK_BYTES);
        let rows = editor.progress().1;
        assert!(rows <= 4_000, "{rows} lines");
        assert!(editor.edit(Edit::Undo), "one step takes all of it back");
        assert_eq!(editor.text(), "before ");
    }
}

#[test]
fn what_is_put_in_whole_has_room_or_changes_nothing() {
    let mut editor = typed("ab");
    editor.edit(Edit::Left);
    assert!(editor.insert_whole("one\n\ntwo\n", 4));
    editor.edit(Edit::Insert('!'));
    assert_eq!(editor.text(), "aone\n!\ntwo\nb");
    assert!(editor.insert_whole("[]", 1) && editor.edit(Edit::Insert('x')) && editor.text().contains("!["));
    assert!(editor.edit(Edit::Undo) && editor.edit(Edit::Undo));
    assert_eq!(editor.text(), "aone\n!\ntwo\nb");
    assert!(!editor.insert_whole(&"x".repeat(MOST_BLOCK_BYTES), 0));
    assert!(!editor.insert_whole(&"x".repeat(MOST_BLOCK_BYTES * 2), 0));
    assert!(!editor.insert_whole(&"\n".repeat(MOST_BLOCK_LINES), 0));
    assert_eq!(editor.text(), "aone\n!\ntwo\nb");
}

/// What is sent has so many lines: one more would be cut off there, without a word.
#[test]
fn lines_have_an_end_too() {
    let mut editor = typed("");
    assert!(editor.paste(&"x\n".repeat(MOST_BLOCK_LINES - 2)).is_whole());
    assert!(!editor.paste("a\nb\nc").is_whole());
    assert_eq!(editor.progress().1, MOST_BLOCK_LINES);
    assert!(!editor.edit(Edit::Newline) && editor.edit(Edit::Insert('!')));
    assert_eq!(Clean::block(&editor.text()).as_str(), editor.text());
}

#[test]
fn a_page_is_what_is_seen() {
    let mut editor = typed(&"line\n".repeat(50));
    editor.edit(Edit::Move(CursorMove::Top));
    let mut terminal = Terminal::new(TestBackend::new(20, 10)).unwrap();
    terminal.draw(|frame| editor.view(frame, frame.area(), true)).unwrap();
    editor.edit(Edit::PageDown);
    assert_eq!(editor.progress().0, 10);
    terminal.draw(|frame| editor.view(frame, frame.area(), true)).unwrap();
    editor.edit(Edit::PageUp);
    assert!(editor.progress().0 < 10);
}

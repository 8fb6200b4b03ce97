//! How the screen begins when something in the settings is wrong.

use super::terminal::Terminal;

#[test]
fn wrong_looks_are_told_on_a_screen_that_is_there() {
    let settings = "[screen]\nsplit = 30\ndensty = \"compact\"\nmouse = \"maybe\"\n";
    let mut terminal = Terminal::start("plain", &[("LYCEUM_TEST_SETTINGS", settings)]);
    terminal.wait_for("the feed, and what is wrong", |screen| {
        screen.contains("Build times") && screen.contains("config.toml:3") && screen.contains("1 more")
    });
    terminal.type_keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

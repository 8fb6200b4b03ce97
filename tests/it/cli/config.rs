//! `lyceum config`: a file to begin with, mistakes with their lines, exit codes.

use super::{Home, Ran, held};

fn json(ran: &Ran) -> serde_json::Value {
    held(&ran.out)
}

#[test]
fn a_file_to_begin_with_is_written_once() {
    let home = Home::new();
    let file = home.path().join("config/config.toml");
    let shown = home.run(&["config", "path"]).ends_with(0).out;
    assert_eq!(shown.trim_end(), file.display().to_string());
    assert_eq!(json(&home.run(&["--json", "config", "path"]).ends_with(0))["exists"], false);
    home.run(&["config", "init"]).ends_with(0);
    assert!(std::fs::read_to_string(&file).unwrap().contains("#: theme = \"auto\""));
    let checked = home.run(&["config", "check"]).ends_with(0);
    assert!(checked.out.contains("No mistakes") && checked.err.is_empty(), "{checked:#?}");
    std::fs::write(&file, "# mine\n").unwrap();
    let refused = home.run(&["config", "init"]).ends_with(8);
    assert!(refused.err.contains("--force") && refused.out.is_empty(), "{refused:#?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "# mine\n");
    home.run(&["config", "init", "--force"]).ends_with(0);
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("# Settings of Lyceum."));
    let old = home.path().join("config/config.toml.old");
    assert_eq!(std::fs::read_to_string(old).unwrap(), "# mine\n", "what was there is lost");
}

#[test]
fn every_mistake_is_told_with_its_line_and_what_was_meant() {
    let home = Home::new();
    let nothing = home.run(&["config", "check"]).ends_with(0);
    assert!(nothing.out.contains("at its default"), "{nothing:#?}");
    home.write("config/config.toml", "[screen]\nthem = \"dark\"\nkeymap = \"vi\"\n");
    home.write("config/keymaps/mine.toml", "inherits = \"emac\"\n");
    home.write("config/keymaps/other.toml", "[global]\n\"C-q\" = \"quit\"\n");
    home.write(
        "config/themes/dusk.toml",
        "inherits = \"dark\"\n[style]\naccnt = { fg = \"grene\" }\nbad = { fg = \"grene\" }\n",
    );
    std::fs::create_dir_all(home.path().join("config/templates/odd.md")).unwrap();
    let ran = home.run(&["config", "check"]).ends_with(2);
    for told in [
        "templates/odd.md is not a text file of at most 256 KiB.",
        "config.toml:2: there is no setting “them”. Did you mean “theme”?",
        "config.toml:3: there is no keymap “vi”. There are default, vim, emacs, mine, other. Did you mean “vim”?",
        "keymaps/mine.toml:1: there is no keymap “emac”. There are default, vim, emacs, mine, other. Did you mean “emacs”?",
        "keymaps/other.toml:2: [global] “C-q”: “C-q” is not a key. Did you mean “ctrl-q”?",
        "themes/dusk.toml:3: there is no style “accnt”. Did you mean “accent”?",
        "themes/dusk.toml:4: style “bad”: “grene” is not a colour. Did you mean “green”?",
    ] {
        assert!(ran.out.contains(told), "{told}\n{}", ran.out);
    }
    assert_eq!(ran.err, "lyceum: 7 mistakes.\n");
    let ran = home.run(&["--json", "config", "check"]).ends_with(2);
    let found = json(&ran);
    let mistakes = found["mistakes"].as_array().unwrap();
    assert_eq!((mistakes.len(), &mistakes[0]["line"]), (7, &2.into()), "{found}");
    assert!(mistakes[0]["file"].as_str().unwrap().ends_with("config/config.toml"));
    assert_eq!(found["files"].as_array().unwrap().len(), 4);
    let variable = home.command(&["--json", "config", "check"]).env("LYCEUM_MOUSE", "maybe").output().unwrap();
    let found = json(&Ran::new(variable).ends_with(2));
    assert!(found["mistakes"].as_array().unwrap().iter().any(|m| m["variable"] == "LYCEUM_MOUSE"), "{found}");
}

#[test]
fn what_is_no_text_is_told_in_the_readers_language() {
    let home = Home::new();
    home.write("config/keymaps/long.toml", &"# x\n".repeat(70_000));
    std::fs::create_dir_all(home.path().join("config/themes")).unwrap();
    std::fs::write(home.path().join("config/themes/raw.toml"), [0xff, 0xfe]).unwrap();
    let told = |language: &str| {
        let ran = home.command(&["config", "check"]).env("LANG", language).output().unwrap();
        Ran::new(ran).ends_with(2).out
    };
    let english = told("en_US.UTF-8");
    for file in ["long.toml", "raw.toml"] {
        assert!(english.contains(&format!("{file} is not a text file of at most 256 KiB.")), "{english}");
    }
    let chinese = told("zh_CN.UTF-8");
    assert_eq!(chinese.matches("256 KiB 以内的文本文件").count(), 2, "{chinese}");
}

#[test]
fn the_rest_says_no_more_than_the_first_mistake() {
    let home = Home::new();
    home.write("config/config.toml", "[screen]\nthem = \"dark\"\nmouse = 7\n");
    let ran = home.run(&["whoami"]).ends_with(2);
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    let ran = home.command(&["config", "check"]).env("LANG", "zh_CN.UTF-8").output().unwrap();
    let ran = Ran::new(ran).ends_with(2);
    assert!(ran.out.contains("没有“them”这个设置") && ran.err.contains("共 2 处错误"), "{ran:#?}");
}

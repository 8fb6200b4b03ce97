use std::collections::BTreeSet;

use clap::CommandFactory;

use super::*;
use crate::base::text::width::width;
use crate::cli::Arguments;
use crate::config::locale::Language;

fn every(command: &mut Command, look: &mut dyn FnMut(&mut Command)) {
    look(command);
    command.get_subcommands_mut().for_each(|below| every(below, look));
}

#[test]
fn every_command_argument_and_value_is_told_in_every_language_and_nothing_else_is() {
    let used: BTreeSet<String> = keys(&Arguments::command(), "lyceum").into_iter().collect();
    for language in Language::ALL {
        let words = Catalog::new(language);
        let lacking: Vec<_> = used.iter().filter(|key| !words.has(key)).collect();
        assert!(lacking.is_empty(), "{language:?} lacks {lacking:#?}");
        let told = words.keys().filter(|key| key.starts_with("help.lyceum.") || key.starts_with("help.metavar."));
        let spare: Vec<_> = told.filter(|key| !used.contains(*key)).collect();
        assert!(spare.is_empty(), "nothing uses {spare:#?}");
    }
}

#[test]
fn help_is_in_the_readers_language_and_fits() {
    let mut wide: Vec<String> = Vec::new();
    for language in Language::ALL {
        let mut command = localised(Arguments::command(), &Catalog::new(language)).term_width(80);
        every(&mut command, &mut |command| {
            let command = command.clone().term_width(80);
            for help in [command.clone().render_help(), command.clone().render_long_help()] {
                let help = help.to_string();
                wide.extend(help.lines().filter(|line| width(line) > 80).map(str::to_owned));
                assert!(!help.contains("help.") && !help.contains('{'), "{help}");
                let english = ["Usage", "Options", "Commands", "Arguments", "OPTIONS", "Print", "values"];
                let english = english.iter().any(|word| help.contains(word));
                assert_eq!(english, language == Language::English, "{help}");
            }
        });
    }
    // Where there are no spaces nothing is broken into lines.
    assert!(wide.is_empty(), "wider than 80 columns: {wide:#?}");
}

#[test]
fn the_help_of_a_command_shows_its_values_and_defaults() {
    let mut command = localised(Arguments::command(), &Catalog::new(Language::English)).term_width(100);
    let new = command.find_subcommand_mut("tokens").and_then(|c| c.find_subcommand_mut("new")).unwrap();
    let short = new.render_help().to_string();
    assert!(short.contains("[possible values: read, write]") && short.contains("[default: 90]"), "{short}");
    let long = new.render_long_help().to_string();
    assert!(long.contains("- read: Everything you may read"), "{long}");
    assert!(short.contains("Usage: lyceum tokens new [OPTIONS] <NAME>"), "{short}");
}

fn wrong(language: Language, line: &str) -> String {
    let words = Catalog::new(language);
    let error = Arguments::read(line.split(' ').map(Into::into), &words).unwrap_err();
    assert!(!is_shown(&error), "{line}");
    fault(&error, &words)
}

#[test]
fn a_fault_says_what_was_meant_and_how_it_goes() {
    let told = wrong(Language::English, "lyceum whoam");
    assert!(told.starts_with("There is no command “whoam”. Did you mean “whoami”?\nUsage: lyceum "), "{told}");
    let told = wrong(Language::English, "lyceum tokens new x --days 900");
    assert!(told.starts_with("“900” does not fit --days <DAYS>: it goes 1..=366."), "{told}");
    let told = wrong(Language::Chinese, "lyceum admin role ada king");
    assert!(told.contains("member, expert, moderator, owner") && !told.contains("invalid"), "{told}");
}

/// Each kind of fault that these arguments can have has a sentence, with nothing left open in it.
#[test]
fn every_fault_is_told_in_every_language() {
    let lines = [
        ("lyceum nothing-like-it", "nothing-like-it"),
        ("lyceum --no-such-flag", "--no-such-flag"),
        ("lyceum login a --device --browser", "--device"),
        ("lyceum login --token-file", "--token-file"),
        ("lyceum --json --json", "--json"),
        ("lyceum tokens new x --days many", "many"),
        ("lyceum tokens new x --days 0", "1..=366"),
        ("lyceum tokens new x --may all", "read, write"),
        ("lyceum tokens new", "NAME"),
        ("lyceum whoami too much", "too"),
    ];
    for (line, says) in lines {
        let [english, chinese] = Language::ALL.map(|language| wrong(language, line));
        assert!(english.contains(says), "{line}: {english}");
        assert!(says == "NAME" || chinese.contains(says), "{line}: {chinese}");
        for told in [&english, &chinese] {
            assert!(!told.contains('{') && !told.contains("help.") && !told.contains("error:"), "{told}");
        }
        assert!(!chinese.contains("Usage"), "{chinese}");
    }
}

#[test]
fn what_is_shown_is_no_fault() {
    let words = Catalog::new(Language::Chinese);
    for line in ["lyceum --help", "lyceum -h", "lyceum --version", "lyceum admin", "lyceum tokens new --help"] {
        let error = Arguments::read(line.split(' ').map(Into::into), &words).unwrap_err();
        assert!(is_shown(&error), "{line}");
    }
}

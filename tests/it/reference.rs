//! `docs/reference`, made from the tables of the program itself.

use std::fmt::Write as _;

#[cfg(feature = "server")]
use clap::CommandFactory as _;
use lyceum::config::locale::{Catalog, Language};
use lyceum::tui::command::FAMILIES;
use lyceum::tui::keymap::{Keymap, written};

use crate::kept::keep;

/// The HTTP API, from the handlers.
#[cfg(feature = "server")]
#[test]
fn the_api_reference_is_what_the_handlers_say() {
    let document = lyceum::server::router::document();
    keep("docs/reference/openapi.json", &(document.to_pretty_json().unwrap() + "\n"));
}

/// Keys by place, then all commands, from the keymap and the table of commands.
#[test]
fn the_key_reference_is_what_the_keymap_says() {
    keep("docs/reference/keys.md", &keys());
}

/// The command line, from its parser.
#[cfg(feature = "server")]
#[test]
fn the_command_line_reference_is_what_the_parser_says() {
    let words = Catalog::new(Language::English);
    let mut root = lyceum::cli::help::localised(lyceum::cli::Arguments::command(), &words).term_width(100);
    let mut out = String::from("# Command line\n\nMade from the program by `UPDATE_DOCS=1 cargo test`.\n");
    command_line(&mut out, &mut root, "lyceum");
    keep("docs/reference/cli.md", &out);
}

fn keys() -> String {
    let words = Catalog::new(Language::English);
    let keymap = Keymap::built_in();
    let mut out = String::from(
        "# Keys and commands\n\nMade from the program by `UPDATE_DOCS=1 cargo test`. Any of these can be changed in a keymap of your own; any \
         command can be typed after `:`.\n\n## Keys by place\n\nThe nearest place wins.\n",
    );
    let mut contexts: Vec<&str> = keymap.contexts().collect();
    // What holds everywhere first, then what narrows it.
    contexts.sort_by_key(|context| (*context != "global", *context != "list", *context != "detail", *context));
    for context in contexts.into_iter().filter(|context| !keymap.rows(context).is_empty()) {
        let _ = writeln!(out, "\n### {}\n\n| keys | do |\n|---|---|", words.get(&format!("place.{context}")));
        let mut rows: Vec<(&str, Vec<String>)> = Vec::new();
        for binding in keymap.rows(context) {
            let key = format!("`{}`", written(&binding.keys).replace('|', "\\|"));
            match rows.iter_mut().find(|(command, _)| *command == binding.command) {
                Some((_, keys)) => keys.push(key),
                None => rows.push((&binding.command, vec![key])),
            }
        }
        rows.sort_by_key(|(command, _)| place(command));
        for (command, keys) in rows {
            let _ = writeln!(out, "| {} | {} |", keys.join(" "), words.get(&format!("command.{command}")));
        }
    }
    out.push_str("\n## Commands\n");
    for (family, commands) in FAMILIES {
        let _ = writeln!(out, "\n### {}\n\n| command | does |\n|---|---|", words.get(&format!("family.{family}")));
        for command in *commands {
            let _ = writeln!(out, "| `:{}` | {} |", command.name, words.get(&format!("command.{}", command.name)));
        }
    }
    out
}

/// Where a command stands in the table, so that keys are listed in the table's order.
fn place(command: &str) -> usize {
    FAMILIES.iter().flat_map(|(_, commands)| *commands).position(|c| c.name == command).unwrap_or(usize::MAX)
}

#[cfg(feature = "server")]
fn command_line(out: &mut String, command: &mut clap::Command, name: &str) {
    let help = command.clone().term_width(100).render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    let _ = write!(out, "\n## {name}\n\n```text\n{}\n```\n", help.join("\n").trim());
    for below in command.get_subcommands_mut().filter(|c| c.get_name() != "help" && !c.is_hide_set()) {
        let name = format!("{name} {}", below.get_name());
        command_line(out, below, &name);
    }
}

#[test]
fn every_place_and_family_has_a_name() {
    let text = keys();
    assert!(!text.contains("place.") && !text.contains("family.") && !text.contains("command."), "{text}");
}

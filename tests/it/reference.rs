//! `docs/reference`, made from the tables of the program itself.

use std::fmt::Write as _;

#[cfg(feature = "server")]
use clap::CommandFactory as _;
use lyceum::config::locale::{Catalog, Language};
use lyceum::tui::command::FAMILIES;
use lyceum::tui::keymap::{BUILT_IN, Binding, Keymap, written};

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
    let mut out = String::from(
        "# Keys and commands\n\nMade from the program by `UPDATE_DOCS=1 cargo test`. Any of these can be changed in a keymap of your own; any \
         command can be typed after `:`.\n\n## Keys by place\n\nThe nearest place wins.\n",
    );
    let default = Keymap::built_in();
    by_place(&mut out, &words, &default, |_, _| true);
    for (name, _) in BUILT_IN.into_iter().skip(1) {
        let keymap = Keymap::named(name);
        let has = |map: &Keymap, place: &str, row: &Binding| map.rows(place).contains(row);
        let _ = writeln!(
            out,
            "\n## Keymap {name}\n\n`keymap = \"{name}\"` under `[screen]`. What is other than in the default keymap."
        );
        by_place(&mut out, &words, &keymap, |place, row| !has(&default, place, row));
        out.push_str("\nNo longer there:");
        for place in default.contexts() {
            for row in
                default.rows(place).iter().filter(|row| keymap.rows(place).iter().all(|own| own.keys != row.keys))
            {
                let place = words.get(&format!("place.{place}")).to_lowercase();
                let _ = write!(out, " `{}` ({place}: {}),", code(row), row.command);
            }
        }
        out.pop();
        out.push_str(".\n");
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

fn code(row: &Binding) -> String {
    written(&row.keys).replace('|', "\\|")
}

/// The rows of a keymap that are wanted, a table for each place.
fn by_place(out: &mut String, words: &Catalog, keymap: &Keymap, wanted: impl Fn(&str, &Binding) -> bool) {
    let mut contexts: Vec<&str> = keymap.contexts().collect();
    // What holds everywhere first, then what narrows it.
    contexts.sort_by_key(|context| (*context != "global", *context != "list", *context != "detail", *context));
    for context in contexts {
        let mut rows: Vec<(&str, Vec<String>)> = Vec::new();
        for binding in keymap.rows(context).iter().filter(|row| wanted(context, row)) {
            let key = format!("`{}`", code(binding));
            match rows.iter_mut().find(|(command, _)| *command == binding.command) {
                Some((_, keys)) => keys.push(key),
                None => rows.push((&binding.command, vec![key])),
            }
        }
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n### {}\n\n| keys | do |\n|---|---|", words.get(&format!("place.{context}")));
        rows.sort_by_key(|(command, _)| place(command));
        for (command, keys) in rows {
            let _ = writeln!(out, "| {} | {} |", keys.join(" "), words.get(&format!("command.{command}")));
        }
    }
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

/// The codes that commands end with, from their table.
#[test]
fn the_reference_of_exit_codes_is_the_table() {
    let mut out = String::from(
        "# Exit codes\n\nMade from the program by `UPDATE_DOCS=1 cargo test`. The word stands in `error.kind` of what `--json` prints on \
         standard error; it is the same in every language.\n\n| code | word | means |\n|---|---|---|\n",
    );
    for (code, word, meaning) in lyceum::cli::exit::TABLE {
        let word = if word.is_empty() { String::new() } else { format!("`{word}`") };
        let _ = writeln!(out, "| {code} | {word} | {meaning} |");
    }
    keep("docs/reference/exit-codes.md", &out);
}

/// What `--json` prints: a schema for each document, and a page that names them.
#[cfg(feature = "server")]
#[test]
fn the_reference_of_json_is_what_the_types_say() {
    use lyceum::cli::json::schema::Sources;

    let mut out = String::from(
        "# JSON\n\nMade from the program by `UPDATE_DOCS=1 cargo test`.\n\nWith `--json` a command prints one document on a line, and says in \
         `schema` which one it is. Within a version fields are added and never changed or taken away; what is not there is `null`. \
         Times are RFC 3339 in UTC. Texts of members are Markdown, cleaned of everything a terminal would obey.\n\nWhere the \
         community cannot be reached, commands that read answer from what is kept on this machine. Then `stale` says since when \
         that is so, and why.\n\nA command that fails prints `lyceum/error/1` on standard error; [exit codes](exit-codes.md) \
         tell the kinds.\n",
    );
    for (name, word, sources) in Sources::documents() {
        let schema = sources.whole(name, word);
        keep(&format!("docs/reference/schema/{name}.json"), &(serde_json::to_string_pretty(&schema).unwrap() + "\n"));
        let _ = writeln!(out, "\n## {word}\n\n{}\n", schema["description"].as_str().unwrap_or_default());
        let _ = writeln!(out, "[Schema](schema/{name}.json)\n\n| field | is |\n|---|---|");
        for (field, of) in schema["properties"].as_object().unwrap() {
            let said = of["description"].as_str().or_else(|| said_elsewhere(of, &schema)).unwrap_or_default();
            let _ = writeln!(out, "| `{field}` | {} |", said.replace('\n', " "));
        }
    }
    keep("docs/reference/json.md", &out);
}

/// What a field means that only names a type.
#[cfg(feature = "server")]
fn said_elsewhere<'a>(field: &serde_json::Value, schema: &'a serde_json::Value) -> Option<&'a str> {
    let named = field["oneOf"].as_array().into_iter().flatten().chain([field]).find_map(|of| of["$ref"].as_str())?;
    schema["$defs"][named.rsplit('/').next()?]["description"].as_str()
}

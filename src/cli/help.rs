//! What the command line says of itself, in the reader's language: help, usage, and what is wrong with arguments.
//!
//! The parser knows names; the sentences are in the catalogue, under the names of the commands joined by full stops:
//! `help.lyceum.admin.role.about`, `.arg.NAME` for an argument by its id, `.value.NAME.VALUE` for a value that can be
//! chosen. A first paragraph is the short help. Nothing here may know what a command does.

use clap::builder::{PossibleValue, Resettable, StyledStr};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

use crate::config::locale::Catalog;

/// Where what holds for every command stands in its list of options: behind its own.
const GLOBAL: usize = 900;
/// Where help and version stand: last.
const LAST: usize = 990;

/// The command and all below it, with help in the language of `words`. What the catalogue does not know is shown as its
/// key.
pub fn localised(command: Command, words: &Catalog) -> Command {
    let has_version = command.get_version().is_some();
    let name = command.get_name().to_owned();
    let mut command = walk(command, words, &name);
    if has_version {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        command = command.disable_version_flag(true).arg(common(version, words, "version"));
    }
    // Only a command that is built knows how it is called.
    command.build();
    usage(command, words)
}

/// The sentence of a key, short and whole: a first paragraph, and all of it when there is more.
fn both(text: &str) -> (String, Option<String>) {
    match text.split_once("\n\n") {
        Some((first, _)) => (first.to_owned(), Some(text.to_owned())),
        None => (text.to_owned(), None),
    }
}

fn walk(command: Command, words: &Catalog, path: &str) -> Command {
    let (about, long_about) = both(words.get(&format!("help.{path}.about")));
    let usage = command.get_styles().get_usage();
    let heading = words.get("help.word.usage");
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{usage}{heading}:{usage:#} {{usage}}\n\n{{all-args}}{{after-help}}"
    );
    let mut command = command
        .about(about)
        .long_about(Resettable::from(long_about.map(StyledStr::from)))
        .help_template(template)
        .subcommand_help_heading(words.get("help.word.commands").to_owned())
        .subcommand_value_name(words.get("help.word.command").to_owned())
        .disable_help_flag(true)
        .disable_help_subcommand(true);
    let mut globals = GLOBAL..;
    command = command.mut_args(|arg| {
        let place = if arg.is_global_set() { globals.next() } else { None };
        let arg = argument(arg, words, path);
        match place {
            Some(place) => arg.display_order(place),
            None => arg,
        }
    });
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    command.arg(common(help, words, "help")).mut_subcommands(|below| {
        let path = format!("{path}.{}", below.get_name());
        walk(below, words, &path)
    })
}

/// An argument that every command has.
fn common(arg: Arg, words: &Catalog, name: &str) -> Arg {
    let heading = words.get("help.word.options").to_owned();
    arg.help(words.get(&format!("help.word.{name}")).to_owned()).help_heading(heading).display_order(LAST)
}

fn argument(arg: Arg, words: &Catalog, path: &str) -> Arg {
    let id = arg.get_id().as_str().to_owned();
    let (mut short, long) = both(words.get(&format!("help.{path}.arg.{id}")));
    let mut whole = long.clone().unwrap_or_else(|| short.clone());
    let takes = arg.get_action().takes_values();
    let values: Vec<PossibleValue> = if takes { arg.get_possible_values() } else { Vec::new() };
    let values: Vec<&str> = values.iter().filter(|value| !value.is_hide_set()).map(PossibleValue::get_name).collect();
    if !values.is_empty() {
        let said = |value: &&str| format!("\n- {value}: {}", words.get(&format!("help.{path}.value.{id}.{value}")));
        let listed: String = values.iter().map(said).collect();
        whole += &format!("\n\n{}:{listed}", words.get("help.word.values"));
        short += &format!(" {}", words.fill("help.word.possible", &[("values", &values.join(", "))]));
    }
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if takes && !default.is_empty() {
        let default = words.fill("help.word.default", &[("value", &default.join(" "))]);
        whole += &format!("\n\n{default}");
        short += &format!(" {default}");
    }
    let names: Vec<String> = arg.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect();
    let named = |name: &String| words.get(&format!("help.metavar.{name}")).to_owned();
    let heading = words.get(if arg.is_positional() { "help.word.arguments" } else { "help.word.options" }).to_owned();
    let whole = (long.is_some() || !values.is_empty()).then(|| StyledStr::from(whole));
    let arg = arg.help(short).long_help(Resettable::from(whole)).help_heading(heading);
    if !takes {
        return arg;
    }
    let arg = arg.hide_possible_values(true).hide_default_value(true);
    if names.is_empty() { arg } else { arg.value_names(names.iter().map(named).collect::<Vec<_>>()) }
}

/// The parser has one word of its own in a line of usage.
fn usage(mut command: Command, words: &Catalog) -> Command {
    let line = bare_usage(&command.render_usage().to_string());
    let options = format!("[{}]", words.get("help.word.options-of-usage"));
    command.override_usage(line.replace("[OPTIONS]", &options)).mut_subcommands(|below| usage(below, words))
}

/// Without the parser's own heading.
fn bare_usage(usage: &str) -> String {
    usage.split_once(": ").map_or(usage, |(_, line)| line).trim().to_owned()
}

/// Whether the parser stopped to show something: help, or the version.
pub fn is_shown(error: &Error) -> bool {
    !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

/// What is wrong with the arguments, what was probably meant, and how they go.
pub fn fault(error: &Error, words: &Catalog) -> String {
    let mut sentences = vec![what(error, words)];
    let meant = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let meant: Vec<String> = meant.into_iter().flat_map(|kind| told(error, kind)).collect();
    if let Some(first) = meant.first() {
        sentences.push(words.fill("help.fault.meant", &[("meant", first)]));
    }
    let mut said = sentences.join(words.get("frame.between-sentences"));
    if let Some(usage) = told(error, ContextKind::Usage).first() {
        said += &format!("\n{}: {}", words.get("help.word.usage"), bare_usage(usage));
    }
    said + "\n" + words.get("help.fault.more")
}

/// What the parser found, one by one.
fn told(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(one)) => vec![one.clone()],
        Some(ContextValue::Strings(all)) => all.clone(),
        Some(ContextValue::StyledStr(one)) => vec![one.to_string()],
        Some(ContextValue::Number(number)) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

fn what(error: &Error, words: &Catalog) -> String {
    let of = |kind| told(error, kind).join(", ");
    let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let command = of(ContextKind::InvalidSubcommand);
    let (other, values, commands) =
        (of(ContextKind::PriorArg), of(ContextKind::ValidValue), of(ContextKind::ValidSubcommand));
    // The parser tells bounds in a sentence of its own.
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let bounds = source.split_once(" is not in ").map(|(_, bounds)| bounds);
    let key = match error.kind() {
        ErrorKind::UnknownArgument => "argument",
        ErrorKind::InvalidSubcommand => "command",
        ErrorKind::InvalidValue if value.is_empty() => "no-value",
        ErrorKind::InvalidValue if !values.is_empty() => "choice",
        ErrorKind::ValueValidation if bounds.is_some() => "bounds",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::TooManyValues => "value",
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => "no-value",
        ErrorKind::MissingRequiredArgument => "missing",
        ErrorKind::MissingSubcommand => "no-command",
        ErrorKind::ArgumentConflict if other == argument || other.is_empty() => "twice",
        ErrorKind::ArgumentConflict => "conflict",
        ErrorKind::InvalidUtf8 => "not-text",
        _ => "unreadable",
    };
    let places = [
        ("argument", argument.as_str()),
        ("value", &value),
        ("command", &command),
        ("other", &other),
        ("values", &values),
        ("commands", &commands),
        ("bounds", bounds.unwrap_or_default()),
    ];
    words.fill(&format!("help.fault.{key}"), &places)
}

/// Every key that a command and all below it take from the catalogue.
#[cfg(test)]
pub(crate) fn keys(command: &Command, path: &str) -> Vec<String> {
    let mut keys = vec![format!("help.{path}.about")];
    for arg in command.get_arguments() {
        let id = arg.get_id();
        keys.push(format!("help.{path}.arg.{id}"));
        if arg.get_action().takes_values() {
            let values = arg.get_possible_values();
            keys.extend(values.iter().map(|value| format!("help.{path}.value.{id}.{}", value.get_name())));
            let names = arg.get_value_names().unwrap_or_default();
            keys.extend(names.iter().map(|name| format!("help.metavar.{name}")));
        }
    }
    for below in command.get_subcommands() {
        keys.extend(self::keys(below, &format!("{path}.{}", below.get_name())));
    }
    keys
}

#[cfg(test)]
mod tests;

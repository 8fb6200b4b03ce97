//! Settings with which the screen can begin although something in them is wrong.

use std::path::Path;

use super::environment::{VARIABLES, Variables};
use super::own::Text;
use super::{Error, Flag, Settings, Source, lay_all, layers};

/// The settings of the screen's topic only say how things look: the default does until a wrong one is mended.
const LOOKS: &str = "screen";

/// Reads the settings for the screen: what is wrong with how it looks is left out and told.
///
/// # Errors
/// With the first thing that is wrong elsewhere: where a token is kept, or what the clipboard takes, is not guessed.
pub fn load_for_screen(file: &Path, variables: Variables<'_>, flags: &[Flag]) -> Result<(Settings, Vec<Error>), Error> {
    let file = layers::read(file)?;
    let (settings, faults) = lay_all(&file, variables, flags);
    match faults.iter().find(|fault| !is_of_looks(fault, &file)) {
        Some(fault) => Err(fault.clone()),
        None => Ok((settings, faults)),
    }
}

fn is_of_looks(fault: &Error, file: &Text) -> bool {
    let topic = match fault.at() {
        Source::File(_, Some(line)) => topic_at(&file.text, *line),
        Source::Variable(name) => {
            let setting = VARIABLES.iter().find(|(known, _)| known == name);
            setting.and_then(|(_, setting)| setting.split_once('.')).map(|(topic, _)| topic)
        }
        Source::File(_, None) | Source::Flag(_) => None,
    };
    topic == Some(LOOKS)
}

/// The topic of a line, counted from 1: that of the last head of a table down to it. None where the text is no TOML, so that
/// nothing is sure.
fn topic_at(text: &str, line: usize) -> Option<&str> {
    text.parse::<toml::Table>().ok()?;
    let heads = text.lines().take(line).filter_map(|line| line.trim_start().strip_prefix('['));
    let head = heads.last()?.trim_start_matches('[').split([']', '.']).next()?;
    Some(head.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(text: &str, variables: &[(&str, &str)]) -> Result<(Settings, usize), String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, text).unwrap();
        let variable = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned());
        let begun = load_for_screen(&file, &variable, &[]);
        begun.map(|(settings, faults)| (settings, faults.len())).map_err(|error| format!("{error:?}"))
    }

    #[test]
    fn what_is_wrong_with_the_looks_is_left_out_and_the_rest_holds() {
        let text = "[client]\nvault = \"file\"\n[screen]\nthme = \"x\"\nsplit = 30\ndensity = \"tiny\"\n[[screen.search]]\nname = 7\n";
        let (settings, faults) = begun(text, &[("LYCEUM_DATES", "never")]).unwrap();
        assert_eq!((settings.screen.split, settings.client.vault), (30, crate::config::client::Vault::File));
        assert_eq!((faults, settings.screen.density), (5, Default::default()));
    }

    #[test]
    fn what_is_wrong_elsewhere_ends_it() {
        for text in [
            "[screen]\nsplit = 30\n[client]\nvalt = \"file\"\n",
            "[terminal]\nclipboard = \"of\"\n[screen]\nthme = \"x\"\n",
            "[sreen]\n",
            "[screen]\nthme = \"x\"\nmouse =\n",
            "[client]\ntoken_command = \"x\"\n[screen]\nthme = 1\n",
        ] {
            assert!(begun(text, &[]).is_err(), "{text}");
        }
        assert!(begun("", &[("LYCEUM_VAULT", "fil")]).is_err());
    }
}

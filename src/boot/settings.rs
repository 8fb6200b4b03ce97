//! `lyceum config`: gathers what is wrong with settings, keymaps and themes, each told by who reads it.

use super::Ground;
use crate::cli::config::{self as command, Config, Mistake};
use crate::cli::output::{Desk, Failure};
use crate::config::own::{SETTINGS, Texts};
use crate::config::template::{self, FOLDER as TEMPLATES};
use crate::tui::own::Own;
use crate::tui::theme::Depth;

/// Does what is asked.
pub(super) fn run(ground: &Ground, what: &Config, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let folder = &ground.paths.config;
    let file = folder.join(SETTINGS);
    match what {
        Config::Path => command::path(&file, desk),
        Config::Init { force } => {
            super::make_private(folder)?;
            command::init(&file, *force, desk)
        }
        Config::Check => check(ground, desk),
    }
}

fn check(ground: &Ground, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let words = &ground.words;
    let texts = Texts::read(&ground.paths.config);
    let files = texts.files();
    let (own, faults) = Own::read(texts, Depth::True, None);
    let (_, of_templates) = template::read(&ground.paths.config.join(TEMPLATES));
    let of_settings =
        faults.iter().chain(&of_templates).map(|error| Mistake { at: error.at().clone(), text: error.sentence(words) });
    let of_own = own.faults().into_iter().map(|fault| Mistake { text: fault.sentence(words), at: fault.at });
    let mistakes: Vec<Mistake> = of_settings.chain(of_own).collect();
    command::check(&files, &mistakes, desk)
}

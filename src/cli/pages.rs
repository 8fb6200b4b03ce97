//! `lyceum completions` and `lyceum man`: made from the definition of the command line itself, so that they cannot differ
//! from it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;

use super::output::{Desk, Failure};
use crate::base::private;

/// For which shell.
#[derive(Clone, Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Where manual pages go.
#[derive(Clone, Debug, Args)]
pub struct Man {
    /// Write one page for each command into this folder; without it, print the first
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// Prints the completions of a shell.
///
/// # Errors
/// When nobody reads.
pub fn completions(completions: &Completions, mut command: Command, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut command, "lyceum", &mut script);
    desk.out.write_all(&script)?;
    Ok(())
}

/// Prints the manual page, or writes one for each command.
///
/// # Errors
/// When nobody reads, or the folder cannot be written to.
pub fn man(man: &Man, mut command: Command, desk: &mut Desk<'_>) -> Result<(), Failure> {
    command.build();
    let Some(dir) = &man.dir else {
        desk.out.write_all(&page(&command, "lyceum")?)?;
        return Ok(());
    };
    let mut written = 0;
    pages(&command, "lyceum", dir, &mut written)?;
    desk.remark("script.man", &[("n", &written.to_string()), ("dir", &dir.display().to_string())])
}

/// The page of a command, `lyceum-inbox-done.1`, and those of what stands below it.
fn pages(command: &Command, name: &str, dir: &Path, written: &mut usize) -> Result<(), Failure> {
    let path = dir.join(format!("{name}.1"));
    private::replace(&path, &page(command, name)?).map_err(|fault| std::io::Error::other(fault.to_string()))?;
    *written += 1;
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        pages(below, &format!("{name}-{}", below.get_name()), dir, written)?;
    }
    Ok(())
}

fn page(command: &Command, name: &str) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let shown = command.clone().display_name(name.to_owned());
    clap_mangen::Man::new(shown).title(name.to_uppercase()).render(&mut page)?;
    Ok(page)
}

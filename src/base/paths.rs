//! Where files live: the XDG base directories (freedesktop.org), or one folder named by `LYCEUM_HOME`.
//!
//! The only room that may ask the platform for its folders.

use std::path::{Path, PathBuf};

/// The four folders Lyceum uses. They need not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// What a person writes by hand: `config.toml`, own keymaps, themes.
    pub config: PathBuf,
    /// What must be kept: the demo's database, a file vault.
    pub data: PathBuf,
    /// What is good to keep: logs, crash reports.
    pub state: PathBuf,
    /// What can be thrown away.
    pub cache: PathBuf,
}

impl Paths {
    /// The folders of this user. `None` when the platform knows no home folder and `LYCEUM_HOME` is unset.
    pub fn of_user() -> Option<Self> {
        if let Some(home) = std::env::var_os("LYCEUM_HOME").filter(|v| !v.is_empty()) {
            return Some(Self::under(Path::new(&home)));
        }
        let dirs = directories::ProjectDirs::from("", "", "lyceum")?;
        let data = dirs.data_dir().to_owned();
        Some(Self {
            config: dirs.config_dir().to_owned(),
            state: dirs.state_dir().map_or_else(|| data.join("state"), Path::to_owned),
            cache: dirs.cache_dir().to_owned(),
            data,
        })
    }

    /// All four under one folder.
    pub fn under(root: &Path) -> Self {
        Self {
            config: root.join("config"),
            data: root.join("data"),
            state: root.join("state"),
            cache: root.join("cache"),
        }
    }
}

/// The home folder of this user, where the platform knows one.
pub fn home() -> Option<PathBuf> {
    directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned())
}

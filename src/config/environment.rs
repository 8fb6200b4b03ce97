//! Variables that stand for settings, and the command line. The only room besides `base::paths` that reads the environment.

/// Reads a variable. Injected, so that tests need not change the environment of their process.
pub type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A variable of this process; an empty one counts as unset.
pub fn of_process(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The command line of this process, the program's name first.
pub fn command_line() -> Vec<std::ffi::OsString> {
    std::env::args_os().collect()
}

/// The token for scripts: used for this run, kept nowhere.
pub const TOKEN: &str = "LYCEUM_TOKEN";

/// What no other program gets from this one: secrets, and where one stands.
pub const SECRETS: &[&str] = &[TOKEN, "LYCEUM_PASSPHRASE_FILE"];

/// Variables and the settings they stand for.
pub const VARIABLES: &[(&str, &str)] = &[
    ("LYCEUM_COMMUNITY", "client.community"),
    ("LYCEUM_ACCOUNT", "client.account"),
    ("LYCEUM_LANGUAGE", "client.language"),
    ("LYCEUM_VAULT", "client.vault"),
    ("LYCEUM_VAULT_CACHE", "client.vault_cache"),
    ("LYCEUM_PASSPHRASE_FILE", "client.passphrase_file"),
    ("LYCEUM_LOG", "client.log"),
    ("LYCEUM_CA_FILE", "client.ca_file"),
    ("LYCEUM_THEME", "screen.theme"),
    ("LYCEUM_KEYMAP", "screen.keymap"),
    ("LYCEUM_SYMBOLS", "screen.symbols"),
    ("LYCEUM_MOUSE", "screen.mouse"),
    ("LYCEUM_DENSITY", "screen.density"),
    ("LYCEUM_DATES", "screen.dates"),
    ("LYCEUM_CLOCK", "screen.clock"),
    ("LYCEUM_ALTERNATE_SCREEN", "screen.alternate_screen"),
    ("LYCEUM_REDUCED_MOTION", "screen.reduced_motion"),
    ("LYCEUM_NOTIFY", "screen.notify"),
    ("LYCEUM_QUIET", "screen.quiet"),
    ("LYCEUM_COLORS", "terminal.colors"),
    ("LYCEUM_BACKGROUND", "terminal.background"),
    ("LYCEUM_ASK_BACKGROUND", "terminal.ask_background"),
    ("LYCEUM_CHARACTERS", "terminal.characters"),
    ("LYCEUM_SSH", "terminal.ssh"),
    ("LYCEUM_MULTIPLEXER", "terminal.multiplexer"),
    ("LYCEUM_HYPERLINKS", "terminal.hyperlinks"),
    ("LYCEUM_CLIPBOARD", "terminal.clipboard"),
    ("LYCEUM_KEYBOARD", "terminal.keyboard"),
    ("LYCEUM_EMOJI", "terminal.emoji"),
    ("LYCEUM_FRAMES", "terminal.frames"),
    ("LYCEUM_LISTEN", "server.listen"),
    ("LYCEUM_DATA_DIR", "server.data_dir"),
    ("LYCEUM_DEMO_CONTENT", "server.demo_content"),
    ("LYCEUM_TLS_CERT", "server.tls_cert"),
    ("LYCEUM_TLS_KEY", "server.tls_key"),
    ("LYCEUM_PUBLIC_URL", "server.public_url"),
    ("LYCEUM_TRUSTED_PROXIES", "server.trusted_proxies"),
    ("LYCEUM_SECURITY_CONTACT", "server.security_contact"),
    ("LYCEUM_OPEN_REGISTRATION", "server.open_registration"),
    ("LYCEUM_PASSWORD_GRANT", "server.password_grant"),
];

/// The name of the locale for messages (POSIX: the first of these that is set).
pub fn locale(variables: Variables<'_>) -> String {
    ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variables).unwrap_or_default()
}

/// The operating system and the processor this was built for.
pub fn system() -> String {
    format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)
}

/// What this machine is called, cut to what fits on a line; none where that is not known.
pub fn host() -> Option<String> {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    let name = of_process("COMPUTERNAME").unwrap_or_default();
    let name: String = name.chars().filter(|c| c.is_ascii_graphic()).take(40).collect();
    (!name.is_empty()).then_some(name)
}

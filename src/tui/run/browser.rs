//! A page of the community in this machine's browser. Only where the reader sees its windows: whoever asks has looked.

use std::process::Stdio;

/// Opens an address, and waits for nothing. It is a web address that the community's client made; a browser that cannot
/// be started is no failure, because the address is on the screen.
pub fn open(address: &str) {
    if !address.starts_with("https://") && !address.starts_with("http://") {
        return;
    }
    for mut command in open::commands(address) {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(mut child) = quiet.env_remove("LYCEUM_TOKEN").spawn() else { continue };
        // Nobody may be left a zombie; what came of it is for the person to see.
        std::thread::spawn(move || child.wait());
        return;
    }
}

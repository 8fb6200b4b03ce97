//! Text for the clipboard of this machine, by a tool of its desktop: where the reader sits at it, and their terminal is
//! known to take nothing for its clipboard. Unlike a terminal, a tool tells whether it did it.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use crate::config::{environment::SECRETS, terminal::Desktop};

/// The tools of a desktop, the better one first: program and arguments. Each reads the text from its input.
fn tools(desktop: Desktop) -> &'static [(&'static str, &'static [&'static str])] {
    match desktop {
        Desktop::Wayland => &[("wl-copy", &[])],
        Desktop::X11 => &[("xclip", &["-selection", "clipboard", "-in"]), ("xsel", &["--clipboard", "--input"])],
        Desktop::MacOs => &[("pbcopy", &[])],
    }
}

/// Puts text on the clipboard; whether it is there. May take its time.
pub(super) fn copy(desktop: Desktop, text: &str) -> bool {
    // As for a terminal: pasted into a shell, a line end at the end would run what was copied.
    let text = text.trim_end_matches('\n');
    tools(desktop).iter().any(|(program, arguments)| hand_over(program, arguments, text).is_ok_and(|done| done))
}

fn hand_over(program: &str, arguments: &[&str], text: &str) -> io::Result<bool> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // pbcopy takes what it reads for Mac Roman elsewhere.
    command.env("LC_CTYPE", "UTF-8");
    for name in SECRETS {
        command.env_remove(name);
    }
    let mut child = command.spawn()?;
    let written = child.stdin.take().map_or(Ok(()), |mut input| input.write_all(text.as_bytes()));
    let status = child.wait()?;
    written?;
    Ok(status.success())
}

#[cfg(all(test, unix))]
mod tests {
    use super::hand_over;

    #[test]
    fn a_tool_is_believed_what_it_says() {
        assert!(hand_over("sh", &["-c", "test \"$(cat)\" = '日本'"], "日本").unwrap());
        assert!(!hand_over("sh", &["-c", "cat; exit 1"], "text").unwrap());
        assert!(hand_over("lyceum-no-such-tool", &[], "text").is_err());
        let kept = hand_over("sh", &["-c", "cat > /dev/null; test -z \"$LYCEUM_TOKEN\""], "text");
        assert!(kept.unwrap(), "it is told no secrets");
    }
}

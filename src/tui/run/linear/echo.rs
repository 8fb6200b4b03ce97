//! Whether the terminal shows what is typed: not while a secret is.

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// The terminal as it was, while what is typed is not shown.
#[derive(Default)]
pub(super) struct Echo(Option<Termios>);

impl Echo {
    /// Shows nothing of what is typed from now on.
    pub(super) fn hide(&mut self) {
        if self.0.is_some() {
            return;
        }
        // What is no terminal shows nothing anyway.
        let Ok(before) = tcgetattr(rustix::stdio::stdin()) else { return };
        let mut quiet = before.clone();
        quiet.local_modes -= LocalModes::ECHO;
        // The end of the line is shown, so that the next one does not stand beside the question.
        quiet.local_modes |= LocalModes::ECHONL;
        if tcsetattr(rustix::stdio::stdin(), OptionalActions::Drain, &quiet).is_ok() {
            self.0 = Some(before);
        }
    }

    /// Shows it again.
    pub(super) fn show(&mut self) {
        if let Some(before) = self.0.take() {
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Drain, &before);
        }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.show();
    }
}

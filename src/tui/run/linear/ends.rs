//! What ends the linear mode from outside. Nothing of it ends the process by itself: what was typed is kept first.

use std::io;

/// What came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// ctrl-c.
    Interrupted,
    /// A signal, by its number.
    #[cfg_attr(not(unix), expect(dead_code))]
    Told(i32),
}

#[cfg(unix)]
mod system {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::{End, io};

    /// The signals, listened to without a gap.
    pub(in super::super) struct Ends {
        interrupt: Signal,
        others: [(Signal, SignalKind); 3],
    }

    impl Ends {
        /// Listens from now on.
        pub(in super::super) fn listen() -> io::Result<Self> {
            let other = |kind| Ok::<_, io::Error>((signal(kind)?, kind));
            let [terminate, hangup, quit] = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::quit()];
            let others = [other(terminate)?, other(hangup)?, other(quit)?];
            Ok(Self { interrupt: signal(SignalKind::interrupt())?, others })
        }

        /// The next one.
        pub(in super::super) async fn next(&mut self) -> End {
            let [(terminate, a), (hangup, b), (quit, c)] = &mut self.others;
            let kind = tokio::select! {
                _ = self.interrupt.recv() => return End::Interrupted,
                _ = terminate.recv() => a,
                _ = hangup.recv() => b,
                _ = quit.recv() => c,
            };
            End::Told(kind.as_raw_value())
        }

        /// Every ctrl-c so far was for somebody else.
        pub(in super::super) fn forget_interrupts(&mut self) -> io::Result<()> {
            self.interrupt = signal(SignalKind::interrupt())?;
            Ok(())
        }
    }
}

#[cfg(not(unix))]
mod system {
    use super::{End, io};

    /// Where there are no signals there is ctrl-c.
    pub(in super::super) struct Ends;

    impl Ends {
        /// Nothing has to be asked for beforehand.
        pub(in super::super) fn listen() -> io::Result<Self> {
            Ok(Self)
        }

        /// The next one.
        pub(in super::super) async fn next(&mut self) -> End {
            let _ = tokio::signal::ctrl_c().await;
            End::Interrupted
        }

        /// Nothing is kept of what came before.
        pub(in super::super) fn forget_interrupts(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}

pub(super) use system::Ends;

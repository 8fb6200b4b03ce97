//! Text that must never be shown: passwords and tokens. `Debug` prints `[REDACTED]`; memory is wiped on drop.

pub use secrecy::{ExposeSecret, SecretString as Secret};

//! F0: leaf helpers that know nothing of communities. Nothing here may import another floor.

pub mod ids;
pub mod paths;
pub mod private;
pub mod qr;
pub mod random;
pub mod secret;
pub mod text;
pub mod time;

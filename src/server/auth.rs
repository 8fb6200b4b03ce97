//! Who somebody is: passwords, tokens and sessions. What they may do is the model's business.

pub mod authorization;
pub mod device;
pub mod identity;
pub mod loopback;
pub mod password;
pub mod proof;
pub mod recovery;
pub mod second_factor;
pub mod session;
pub mod sign_in;
pub mod token;
pub mod totp;
pub mod user_code;

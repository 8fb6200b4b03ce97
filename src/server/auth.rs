//! Who somebody is: passwords and tokens. What they may do is the model's business.

pub mod password;
pub mod token;

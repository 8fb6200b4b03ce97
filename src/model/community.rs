//! The place itself, as shown before anybody signs in.

use serde::{Deserialize, Serialize};

use crate::base::text::Clean;

/// What a community says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Community {
    /// Its name, shown in the header.
    pub name: Clean,
    /// What it is for, in a sentence.
    pub positioning: Clean,
    /// Whom it is for.
    pub audience: Clean,
    /// House rules, Markdown.
    pub rules: Clean,
    /// Privacy policy, Markdown.
    pub policy: Clean,
    /// Version of the policy that a new account agrees to.
    pub policy_version: String,
    /// Hours within which a question is promised an answer, if anything is promised.
    pub answer_within_hours: Option<u32>,
}

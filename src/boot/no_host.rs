//! In place of `host` in a build without the server: says so.

use super::Ground;
use crate::cli::admin::Admin;
use crate::cli::output::{Desk, Failure};
use crate::engine::problem::Kind;

pub(super) async fn serve(_: &Ground, _: &mut Desk<'_>) -> Result<(), Failure> {
    Err(absent())
}

pub(super) async fn administer(_: &Ground, _: &Admin, _: &mut Desk<'_>) -> Result<(), Failure> {
    Err(absent())
}

pub(super) fn absent() -> Failure {
    Failure::said(Kind::Unsupported, "cli.no_server")
}

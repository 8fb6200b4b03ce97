//! Reading the body of a request: so much and no more, in so much time.

use std::time::Duration;

use axum::body::{Body, Bytes};

use crate::config::server::Limits;
use crate::server::error::{Answer, Failure, code};

/// Reads a whole body. 413 when it is larger than the limit (after inflating), 408 when it takes too long.
pub async fn read_body(body: Body, limits: &Limits) -> Answer<Bytes> {
    let deadline = Duration::from_secs(u64::from(limits.body_seconds));
    match tokio::time::timeout(deadline, axum::body::to_bytes(body, limits.body_bytes)).await {
        Err(_) => Err(Failure::new(code::BODY_TIMEOUT)),
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_too_large(&error) => {
            Err(Failure::new(code::TOO_LARGE).detail(format!("at most {} bytes", limits.body_bytes)))
        }
        Ok(Err(_)) => Err(Failure::new(code::MALFORMED).detail("the body ended early or is not what its headers say")),
    }
}

/// Whether a limit was the reason, at any depth.
fn is_too_large(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("length limit exceeded") {
            return true;
        }
        cause = error.source();
    }
    false
}

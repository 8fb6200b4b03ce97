//! `docs/reference`, made from the tables of the program itself.

use crate::kept::keep;

/// The HTTP API, from the handlers.
#[cfg(feature = "server")]
#[test]
fn the_api_reference_is_what_the_handlers_say() {
    let document = lyceum::server::router::document();
    keep("docs/reference/openapi.json", &(document.to_pretty_json().unwrap() + "\n"));
}

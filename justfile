# The same steps as `.ci/run`, one at a time. `just` alone lists them.

_list:
    @just --list --unsorted

# Everything that must hold before a change lands
ci:
    .ci/run

# Formatting, without changing anything
format:
    .ci/run format

# Clippy, warnings are errors
lint:
    .ci/run lint

# The API documentation builds without a warning
doc:
    .ci/run doc

# The client alone, without the server
client:
    .ci/run client

# All tests; none needs a service or the network
test:
    .ci/run test

# Signing in on the pages, in a real Chromium
browser:
    .ci/run browser

# Made-up requests against the running server, from its own description
fuzz:
    .ci/run fuzz

# Generated files are as they were
docs:
    .ci/run docs

# Write what is generated: pictures, references
update-docs:
    UPDATE_DOCS=1 cargo test --test it

# The screen on an embedded community
demo *ARGS:
    cargo run --release -- demo {{ ARGS }}

# The fault tests in full, with what they count (about ten minutes)
faults:
    LYCEUM_FAULTS=full cargo test --test it faults:: -- --nocapture --test-threads 1

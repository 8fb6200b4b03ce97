//! Made-up bodies through everything that reads a server's answer: no body panics. That what was read is clean is held by the
//! hostile texts (`tests/it/pty/sinks.rs`).
#![no_main]

use libfuzzer_sys::fuzz_target;
use lyceum::community::native::decode::accepted;

fuzz_target!(|data: &[u8]| {
    accepted(data);
});

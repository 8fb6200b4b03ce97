//! Made-up bodies through everything that reads a server's answer: no body panics, and what was read is clean.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lyceum::community::native::decode::accepted;

fuzz_target!(|data: &[u8]| {
    accepted(data);
});

//! Every way a network can be hostile, and every way to get through one: answers that are none, redirects, proxies,
//! certificates, connections that died in the pool. What is shown is the real client over real sockets.

mod answers;
pub(crate) mod authority;
mod binding;
mod malformed;
mod pool;
#[cfg(unix)]
mod proxies;
mod redirects;
mod tls;

use std::process::Command;

/// Runs one test of this binary once more, as a process of its own: for what cannot be changed or measured within one
/// that others share. What it prints is returned.
fn alone(test: &str, environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    let output = command.envs(environment.iter().copied()).output().unwrap();
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert!(output.status.success(), "{environment:?}\n{out}\n{err}");
    out
}

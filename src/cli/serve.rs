//! `lyceum serve`: a community server.

use std::io::Write as _;

use clap::Args;

use super::output::Desk;
use super::set;
use crate::config::Flag;

/// How to serve. What is not given comes from the environment or the settings file.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Where to listen [default: 127.0.0.1:7878] (also LYCEUM_LISTEN)
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// Folder of the database [default: lyceum-data] (also LYCEUM_DATA_DIR)
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Fill an empty database with the invented community (also LYCEUM_DEMO_CONTENT)
    #[arg(long)]
    demo_content: bool,
    /// Certificate chain, PEM (also LYCEUM_TLS_CERT)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<String>,
    /// Private key of the certificate, PEM (also LYCEUM_TLS_KEY)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<String>,
}

impl Serve {
    pub(super) fn flags(&self, flags: &mut Vec<Flag>) {
        set(flags, "--listen", "server.listen", self.listen.as_deref());
        set(flags, "--data", "server.data_dir", self.data.as_deref());
        set(flags, "--demo-content", "server.demo_content", self.demo_content.then_some("true"));
        set(flags, "--tls-cert", "server.tls_cert", self.tls_cert.as_deref());
        set(flags, "--tls-key", "server.tls_key", self.tls_key.as_deref());
    }
}

/// Says where the server is, and nothing else: the first line is for scripts.
///
/// # Errors
/// When nobody reads.
pub fn listening(desk: &mut Desk<'_>, url: &str) -> std::io::Result<()> {
    writeln!(desk.out, "{url}")?;
    desk.out.flush()
}

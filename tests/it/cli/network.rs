//! Networks, as somebody meets them: whom to trust, proxies, what stands on the way.

use lyceum::community::http::Origin;

use super::{Home, Ran, found, held};
use crate::faults::ME;
use crate::faults::fake::{Fake, Reply, json};
use crate::network::authority::{Authority, Valid};

/// A community that speaks TLS by an authority of the test's own, for as long as the runtime lives.
fn community() -> (tokio::runtime::Runtime, Authority, Fake, String) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let authority = Authority::new();
    let tls = authority.server("localhost", Valid::Now);
    let fake = runtime.block_on(Fake::secure(tls, |_| Reply::Say(json(ME))));
    let url = format!("https://localhost:{}", fake.address.port());
    (runtime, authority, fake, url)
}

fn whoami(home: &Home, url: &str, more: &[&str], environment: &[(&str, &str)]) -> Ran {
    let mut command = home.command(&[&["--community", url, "whoami"], more].concat());
    Ran::new(command.env("LYCEUM_TOKEN", "lyc_access").envs(environment.iter().copied()).output().unwrap())
}

#[test]
fn an_authority_is_named_by_flag_variable_or_setting() {
    let (_runtime, authority, fake, url) = community();
    let home = Home::new();
    let file = authority.file();
    let file = file.to_str().unwrap();
    // The system's list is another authority's, so that the outcome does not depend on this machine.
    let other = Authority::new();
    let other = other.file();
    let system = [("SSL_CERT_FILE", other.to_str().unwrap())];
    let refused = whoami(&home, &url, &[], &system).ends_with(3);
    assert!(refused.err.contains("Nobody this machine trusts") && refused.err.contains("--ca-file"), "{refused:?}");
    assert!(fake.seen().is_empty(), "nothing was sent");
    let chinese = whoami(&home, &url, &[], &[system[0], ("LANG", "zh_CN.UTF-8")]).ends_with(3);
    assert!(chinese.err.contains("不是由本机信任的机构签发"), "{chinese:?}");
    assert!(whoami(&home, &url, &["--ca-file", file], &system).ends_with(0).out.contains("ada"));
    assert!(whoami(&home, &url, &[], &[system[0], ("LYCEUM_CA_FILE", file)]).ends_with(0).out.contains("ada"));
    home.write("config/config.toml", &format!("[client]\nca_file = \"{file}\"\n"));
    assert!(whoami(&home, &url, &[], &system).ends_with(0).out.contains("ada"));
}

#[test]
fn a_file_that_names_nobody_is_told() {
    let home = Home::new();
    home.write("empty.pem", "nothing\n");
    let path = home.path().join("empty.pem");
    let path = path.to_str().unwrap();
    let url = "https://localhost:1";
    let empty = whoami(&home, url, &["--ca-file", path], &[]).ends_with(7);
    assert!(empty.err.contains("holds no certificates in PEM"), "{empty:?}");
    let absent = whoami(&home, url, &["--ca-file", "/no/such/file"], &[]).ends_with(7);
    assert!(absent.err.contains("/no/such/file cannot be read"), "{absent:?}");
}

/// A machine without a list of authorities: what stays on it needs none.
#[cfg(target_os = "linux")]
#[test]
fn without_authorities_only_this_machine_is_reached() {
    let home = Home::new();
    home.write("none.pem", "");
    let none = home.path().join("none.pem");
    let none = [("SSL_CERT_FILE", none.to_str().unwrap()), ("SSL_CERT_DIR", "/no/such/folder")];
    let refused = whoami(&home, "https://localhost:1", &[], &none).ends_with(3);
    assert!(refused.err.contains("no list of authorities") && refused.err.contains("ca-certificates"), "{refused:?}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let fake = runtime.block_on(Fake::saying(json(ME)));
    assert!(whoami(&home, &format!("http://{}", fake.address), &[], &none).ends_with(0).out.contains("ada"));
}

#[test]
fn a_proxy_is_named_by_the_doctor_and_in_failures_without_its_password() {
    let home = Home::new();
    // A port that was free a moment ago: nobody answers there.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let proxy = format!("http://ada:hush@{nobody}");
    let environment = [("https_proxy", proxy.as_str())];
    let url = "https://guild.invalid";
    let failed = whoami(&home, url, &[], &environment).ends_with(3);
    assert!(
        failed.err.contains(&format!("through the proxy http://{nobody}")) && !failed.err.contains("hush"),
        "{failed:?}"
    );
    let mut doctor = home.command(&["--community", url, "--json", "doctor"]);
    let doctor = Ran::new(doctor.envs(environment).output().unwrap()).ends_with(0);
    assert_eq!(found(&held(&doctor.out), "proxy"), format!("http://{nobody}"));
    assert!(!doctor.out.contains("hush"), "{doctor:?}");
    let mut near = home.command(&["--community", "http://127.0.0.1:1", "--json", "doctor"]);
    let near = Ran::new(near.envs(environment).output().unwrap()).ends_with(0);
    let near = held(&near.out);
    assert_eq!((found(&near, "proxy"), found(&near, "ca file")), ("none", "none: whom the system trusts"));
}

/// Signed in at one address; the same machine at another is told nothing.
#[test]
fn who_signed_in_here_is_nobody_there() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = |seen: &crate::faults::fake::Seen| {
        let tokens =
            r#"{"access_token":"lyc_mine","refresh_token":"lyc_fresh","token_type":"Bearer","expires_in":900}"#;
        Reply::Say(json(if seen.is("POST /v1/oauth/token") { tokens } else { ME }))
    };
    let (here, there) = runtime.block_on(async { (Fake::start(answer).await, Fake::start(answer).await) });
    let home = Home::new();
    let url = |fake: &Fake| Origin::parse(&format!("http://{}", fake.address)).unwrap().to_string();
    home.told(&["login", "ada", "--community", &url(&here)], "a password of mine").ends_with(0);
    home.run(&["whoami", "--community", &url(&here)]).ends_with(0);
    assert!(here.seen().iter().any(|seen| seen.0.contains("lyc_mine")));
    let by_name = format!("http://localhost:{}", here.address.port());
    let before = here.seen().len();
    for other in [url(&there), by_name] {
        let _ = home.run(&["whoami", "--community", &other]);
        let _ = home.run(&["logout", "--community", &other]);
    }
    let said: Vec<_> = there.seen().into_iter().chain(here.seen().into_iter().skip(before)).collect();
    assert!(said.iter().all(|seen| !seen.0.contains("lyc_")), "{said:?}");
    // Still signed in where one signed in.
    home.run(&["whoami", "--community", &url(&here)]).ends_with(0);
}

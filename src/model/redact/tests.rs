use super::*;

/// The kinds found, and the text with all of it masked.
fn seen(text: &str) -> (Vec<Kind>, String) {
    let found = find(text);
    (found.iter().map(|f| f.kind).collect(), masked(text, &found, |_| false))
}

/// Secrets, each between `«` and `»`: a mark that is taken out before it is looked at.
#[rustfmt::skip]
const SECRETS: &[(Kind, &str)] = &[
    (Kind::AwsKey, "aws_access_key_id = «AKIAIOSFODNN7EXAMPLE»"),
    (Kind::Password, "aws_secret_access_key = «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»"),
    (Kind::GithubToken, "remote: «ghp_16C7e42F292c6912E7710c838347Ae178B4a» is wrong"),
    (Kind::GithubToken, "GITHUB_TOKEN=«github_pat_11ABCDEFG0aBcDeFgHiJkL_mNoPqRsTuVwXyZ0123456789»"),
    (Kind::GitlabToken, "git clone https://oauth2:«glpat-x1Y2z3A4b5C6d7E8f9G0»@gitlab.example/a.git"),
    (Kind::SlackToken, "slack: «xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOp»"),
    (Kind::SlackToken, "curl https://«hooks.slack.com/services/T00000000/B00000000/XyZ0123456789abcdefghijk»"),
    (Kind::LyceumToken, "Using «lyp_q8mJc2X0v4Zt7r1L9yB3nK6wH5sD0fG8aE2uI4oP7zQAb12Cd»."),
    (Kind::ServiceToken, "stripe.api_key = (\"«sk_live_4eC39HqLyjWDarjtT1zdp7dc»\")"),
    (Kind::ServiceToken, "cargo login «cio1a2B3c4D5e6F7g8H9i0J1k2L3m4N5o6P»"),
    (Kind::Jwt, "got «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P» back"),
    (Kind::PrivateKey, "cat key\n«-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----»\n$"),
    (Kind::PrivateKey, "+«-----BEGIN PRIVATE KEY-----\n+MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n+and so on, cut»"),
    (Kind::PrivateKey, "kept:\n«MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nZ0BAQEFAASCBKcwggSjAgEAAoIBAQ==\n-----END RSA PRIVATE KEY-----»\nend"),
    (Kind::Header, "> Authorization: Bearer «abc123»"),
    (Kind::Header, "curl -H 'Authorization: Basic «dXNlcjpwYXNz»' https://api.example"),
    (Kind::Header, "{\"authorization\": \"token «abcdef»\", \"x\": 1}"),
    (Kind::Header, "req.header(\"X-Api-Key\", \"«k3yk3yk3y»\")"),
    (Kind::Header, "< Set-Cookie: «sid=8f14e45fceea; Path=/; HttpOnly»"),
    (Kind::Header, "sent bearer «A9b8C7d6E5f4G3h2I1»"),
    (Kind::Address, "DATABASE_URL=postgres://app:«hunter2»@db.example:5432/app"),
    (Kind::Address, "https://«x1y2z3a4b5c6d7e8f9»@git.example/a.git"),
    (Kind::Password, "password=«hunter2»"),
    (Kind::Password, "  password: «hunter2»"),
    (Kind::Password, "DB_PASS=«s3cret»"),
    (Kind::Password, "spring.datasource.password=«geheim»"),
    (Kind::Password, "mysqldump --password=«geheim» --all"),
    (Kind::Password, "restic --password «geheim» backup"),
    (Kind::Password, "{\"client_secret\": \"«a b c»\"}"),
    (Kind::Password, "let password: &str = \"«hunter2»\";"),
    (Kind::Password, "token := \"«hunter2»\""),
    (Kind::Password, "GET /v1?access_token=«abc»&page=2"),
    (Kind::Password, "os.environ[\"API_TOKEN\"] = '«abc\\'def»'"),
    (Kind::Password, "passwd = «geheim42»"),
    (Kind::Password, "password: «Tr0ub4dor&3»"),
    (Kind::Password, "  - db_password: «Tr0ub4dor&3» # the old one"),
    (Kind::Password, "password: «hunter2» # change it"),
    (Kind::Password, "DB_PASSWORD=«p|pe5tring9»"),
    (Kind::Password, "export SSHPASS_PASSWORD=«MyPass(1)word»"),
    (Kind::Password, "SSHPASS=«MyPass(1)word»"),
    (Kind::Password, "+DB_PASS=«a{b}c<d>e[f]g\\h»"),
    (Kind::Password, "{\"password\":\"«$ecretPa55»\"}"),
    (Kind::Password, "password = '«@ssw0rd»'"),
    (Kind::Password, "$ curl -sS -u ada:«hunter2» https://api.example"),
    (Kind::Password, "/usr/bin/curl --user 'ada:«hunter2»' https://api.example"),
    (Kind::Password, "docker login registry.example -u ada -p «hunter2»"),
    (Kind::Password, "sshpass -p «hunter2» ssh ada@host.example"),
    (Kind::Password, "mysql -u root -p«hunter2» app"),
    (Kind::Password, "machine api.example login ada password «hunter2»"),
    (Kind::Password, "machine api.example\n  login ada\n  password «hunter»\n"),
    (Kind::Password, "//registry.example/:_auth=«YWRhOmh1bnRlcjI=»"),
    (Kind::Password, "tool --password «geheim»"),
    (Kind::Random, "SENTRY_SALT=«c29tZSByYW5kb20gYnl0ZXM3»"),
    (Kind::Random, "export WEBHOOK=\"«9f86d081884c7d659a2feaa0c55ad015»\""),
    (Kind::Random, "  SIGN_WITH: «Zk3x9QpL2vR8tYw1NmB4»"),
];

#[test]
fn secrets_are_found_whole_and_told_apart() {
    for (kind, marked) in SECRETS {
        let text = marked.replace(['«', '»'], "");
        let from = marked.find('«').unwrap();
        let range = from..marked.find('»').unwrap() - '«'.len_utf8();
        let found = find(&text);
        let one = found.first().unwrap_or_else(|| panic!("nothing found in {marked}"));
        assert_eq!((found.len(), one.kind, &text[one.range.clone()]), (1, *kind, &text[range]), "{marked}");
        assert!(!masked(&text, &found, |_| false).contains(&text[one.range.clone()]), "{marked}");
    }
}

/// What is no secret, though it may look like one.
const NOTHING: &[&str] = &[
    "",
    "password:",
    "password = input(\"Password: \")",
    "password: String,",
    "pub token: Token,",
    "token: Option<Secret>",
    "let token = self.token.clone();",
    "connect(user, password=password, token=args.token)",
    "API_TOKEN=$TOKEN",
    "token: ${{ secrets.GITHUB_TOKEN }}",
    "password: <your password>",
    "password = \"...\"",
    "password: null",
    "password=********",
    "needs-password = \"It takes a password.\"",
    "password = \"Enter a password\"",
    "Forgot your password: click here",
    "const token = process.env.TOKEN",
    "headers.insert(\"Authorization\", format!(\"Bearer {token}\"))",
    "Authorization: Bearer $TOKEN",
    "Authorization: Bearer <token>",
    "[\"password\", \"username\"]",
    "fn token(&self) -> &str",
    "if token == other_token {",
    "https://docs.rs/tokio and ssh://git@github.com/a/b",
    "me@example.org, http://localhost:8080/@ada",
    "https://example.org/a?x=1#top:@b",
    "commit 9f86d081884c7d659a2feaa0c55ad0159f86d081",
    "GIT_SHA=9f86d081884c7d659a2feaa0c55ad0159f86d081",
    "BUILD_ID=9f86d081884c7d659a2feaa0c55ad015",
    "PATH=/usr/local/bin:/usr/bin",
    "IMAGE=registry.example/app-server:2024-10-12-rc1",
    "CLUSTER=postgres-14-primary-eu-west-1",
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "AKIA is how a key begins; AKIANOTAKEY neither, ZAKIAIOSFODNN7EXAMPLE",
    "sk-learn-is-a-library-with-a-long-name-indeed",
    "eyJust a word. And. Another.",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "error[E0382]: borrow of moved value: `token`",
    "thread 'main' panicked at src/main.rs:4:5:",
    "密码：hunter，令牌=无",
    "max_tokens = 4096",
    "API_TOKEN=$(cat token)",
    "password: \"$DB_PASSWORD\"",
    "\"password\": \"$dbPassword\"",
    "password = @password",
    "API_TOKEN=getenv(\"TOKEN\")",
    "API_TOKEN=env[0]",
    "if API_TOKEN==other1) {",
    "  token: Vec<u8>,",
    "  token: &str1,",
    "  password: string|null;",
    "password: String # of the account",
    "curl -u ada https://api.example:443",
    "curl -u ada:$TOKEN https://api.example",
    "docker run -p 8080:80 app",
    "mysql -u root -p app",
    "To login use the password you have, machine or not",
    "machine learning needs no password here",
];

#[test]
fn what_is_none_is_let_be() {
    for text in NOTHING {
        let found = find(text);
        assert!(found.is_empty(), "{text}: {:?}", found.iter().map(|f| &text[f.range.clone()]).collect::<Vec<_>>());
    }
}

#[test]
fn each_mask_is_taken_off_alone() {
    let text = "a password=one1\nb token=two2\nc";
    let found = find(text);
    assert_eq!(found.len(), 2);
    assert_eq!(masked(text, &found, |_| false), "a password=[redacted: password]\nb token=[redacted: password]\nc");
    assert_eq!(masked(text, &found, |nth| nth == 1), "a password=[redacted: password]\nb token=two2\nc");
    assert_eq!(masked(text, &found, |_| true), text);
    let again: String = pieces(text, &found)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(text) | Piece::Found(_, text) => text,
        })
        .collect();
    assert_eq!(again, text);
}

#[test]
fn what_is_masked_is_not_found_again() {
    for (_, marked) in SECRETS {
        let (_, once) = seen(&marked.replace(['«', '»'], ""));
        assert_eq!(seen(&once), (vec![], once.clone()), "{marked}");
    }
}

#[test]
fn any_text_can_be_looked_at() {
    let odd = [
        "日本=語 password=日本語",
        "://@",
        "a://:@b",
        "password=\"",
        "token=\\",
        "-----BEGIN -----END ",
        "eyJ..",
        "\u{301}=",
    ];
    for text in odd {
        let found = find(text);
        assert!(found.iter().all(|f| text.get(f.range.clone()).is_some_and(|t| !t.is_empty())), "{text}: {found:?}");
    }
    assert_eq!(seen("password=日本語"), (vec![Kind::Password], "password=[redacted: password]".to_owned()));
}

#[test]
fn every_kind_has_a_word_of_its_own() {
    let mut words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Kind::ALL.len());
}

//! Bad input at every route, taken from the OpenAPI document itself, so that a new route cannot be left out.
//!
//! Whatever is sent, the answer is a problem below 500 and nothing is written.

use std::fmt::Write as _;

use axum::http::Method;
use lyceum::server::router;
use serde_json::{Map, Value, json};

use super::harness::{Reply, TestServer};

/// An operation of the document.
struct Operation {
    method: Method,
    path: String,
    /// Whether it needs a token.
    guarded: bool,
    /// An example of every field of its JSON body, by type only; none when it takes no body.
    body: Option<Map<String, Value>>,
    /// Whether it also takes a form.
    form: bool,
    reads_query: bool,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(router::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let kinds = &operation["requestBody"]["content"];
            let schema = &kinds["application/json"]["schema"];
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            found.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.replace("{id}", "1").replace("{username}", "ada"),
                guarded: operation["security"].is_array(),
                body: (!schema.is_null()).then(|| example(&document, schema)),
                form: kinds["application/x-www-form-urlencoded"].is_object(),
                reads_query: parameters.iter().any(|parameter| parameter["in"] == "query"),
            });
        }
    }
    found
}

fn example(document: &Value, schema: &Value) -> Map<String, Value> {
    let name = schema["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
    let fields = document["components"]["schemas"][name]["properties"].as_object().unwrap();
    let word = |field: &Value| {
        let schema = field["$ref"].as_str().map(|path| path.rsplit('/').next().unwrap().to_owned());
        schema.map_or(Value::Null, |name| document["components"]["schemas"][name]["enum"][0].clone())
    };
    let of = |field: &Value| match kind(field) {
        _ if word(field).is_string() => word(field),
        "integer" => json!(1),
        "boolean" => json!(true),
        "array" => json!([]),
        _ => json!("a"),
    };
    fields.iter().map(|(name, field)| (name.clone(), of(field))).collect()
}

fn kind(field: &Value) -> &str {
    field["type"].as_str().or_else(|| field["type"][0].as_str()).unwrap_or("string")
}

/// How much there is in the database.
async fn rows(server: &TestServer) -> i64 {
    server
        .number(
            "SELECT (SELECT COUNT(*) FROM members) + (SELECT COUNT(*) FROM threads) + (SELECT COUNT(*) FROM posts) \
             + (SELECT COUNT(*) FROM votes) + (SELECT COUNT(*) FROM marks) + (SELECT COUNT(*) FROM changes) \
             + (SELECT COUNT(*) FROM audit) + (SELECT COUNT(*) FROM idempotency) + (SELECT COUNT(*) FROM revisions) \
             + (SELECT COUNT(*) FROM sessions) + (SELECT COUNT(*) FROM notifications) \
             + (SELECT COUNT(*) FROM personal_tokens) + (SELECT COUNT(*) FROM second_factors)",
        )
        .await
}

/// The whole database as text: the same before and after means that nothing was written anywhere.
async fn everything(server: &TestServer) -> String {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(server.app.db.read()).await.unwrap();
    let mut all = String::new();
    for table in tables {
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        let columns: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(columns)).fetch_all(server.app.db.read()).await.unwrap();
        let row = columns.iter().map(|column| format!("quote(\"{column}\")")).collect::<Vec<_>>().join(" || ',' || ");
        let rows = format!("SELECT {row} FROM \"{table}\"");
        let rows: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(rows)).fetch_all(server.app.db.read()).await.unwrap();
        let _ = writeln!(all, "{table}\n{}", rows.join("\n"));
    }
    all
}

/// A server with an owner, and the owner's token.
async fn with_owner() -> (TestServer, String) {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    server.sql("UPDATE members SET role = 'owner'").await;
    (server, token)
}

impl Operation {
    async fn send(&self, server: &TestServer, token: &str, query: &str, body: (&str, Vec<u8>)) -> Reply {
        let call = server.call(self.method.clone(), &format!("{}{query}", self.path)).token(token);
        let call = call.header("idempotency-key", "k").header("if-match", "*");
        if body.0.is_empty() { call.send().await } else { call.body(body.0, body.1).send().await }
    }

    fn assert(&self, reply: &Reply, what: &str, statuses: &[u16]) {
        let status = reply.status.as_u16();
        assert!(statuses.contains(&status), "{} {} {what}: {status} {}", self.method, self.path, reply.json());
        assert_eq!(reply.header("content-type"), "application/problem+json", "{} {what}", self.path);
        assert_eq!(reply.json()["status"], status);
    }
}

#[tokio::test]
async fn a_guarded_route_asks_who_you_are() {
    let (server, _) = with_owner().await;
    let before = rows(&server).await;
    let mut seen = 0;
    for operation in operations().iter().filter(|operation| operation.guarded) {
        let body = serde_json::to_vec(&operation.body).unwrap();
        let bare = server.call(operation.method.clone(), &operation.path).body("application/json", body).send().await;
        operation.assert(&bare, "without a token", &[401]);
        assert!(bare.header("www-authenticate").starts_with("Bearer"), "{}", operation.path);
        let wrong = operation.send(&server, "lyc_AAAA", "", ("application/json", Vec::new())).await;
        operation.assert(&wrong, "with nobody's token", &[401]);
        seen += 1;
    }
    assert!(seen >= 4, "the document names guarded routes");
    assert_eq!(rows(&server).await, before);
}

#[tokio::test]
async fn a_body_must_be_what_the_route_reads() {
    let (server, token) = with_owner().await;
    let before = rows(&server).await;
    for operation in operations() {
        let Some(good) = &operation.body else { continue };
        let json = |value: &Value| ("application/json", value.to_string().into_bytes());
        let send = async |body: (&'static str, Vec<u8>)| operation.send(&server, &token, "", body).await;
        operation.assert(&send(("text/plain", b"{}".to_vec())).await, "as text", &[415]);
        operation.assert(&send(("application/json; charset=latin1", b"{}".to_vec())).await, "as Latin 1", &[415]);
        operation.assert(&send(("application/json", b"{\"".to_vec())).await, "half of it", &[400]);
        operation.assert(&send(("application/json", b"\xff".to_vec())).await, "no UTF-8", &[400]);
        operation.assert(&send(("application/json", "[".repeat(5000).into_bytes())).await, "deep", &[400, 422]);
        operation.assert(&send(("application/json", vec![b' '; 300 * 1024])).await, "too much", &[413]);
        operation.assert(&send(json(&json!([]))).await, "a list", &[422]);
        if !operation.form {
            let form = ("application/x-www-form-urlencoded", b"a=b".to_vec());
            operation.assert(&send(form).await, "as a form", &[415]);
        }
        let with = |name: &str, value: Value| {
            let mut body = good.clone();
            body.insert(name.to_owned(), value);
            json(&Value::Object(body))
        };
        let unknown = send(with("nobody_knows", json!(1))).await;
        operation.assert(&unknown, "an unknown field", &[400]);
        assert_eq!(unknown.json()["errors"][0]["field"], "nobody_knows");
        for name in good.keys() {
            operation.assert(&send(with(name, json!({ "a": 1 }))).await, &format!("an object as {name}"), &[422]);
            operation.assert(&send(with(name, json!("a\0b"))).await, &format!("NUL in {name}"), &[422]);
        }
    }
    assert_eq!(rows(&server).await, before);
}

#[tokio::test]
async fn nobody_gives_themselves_more_than_a_route_has_a_field_for() {
    let (server, token) = with_owner().await;
    let before = everything(&server).await;
    assert!(before.contains("members\n") && before.contains("'ada'"), "{before}");
    let mut sent = 0;
    for operation in operations() {
        for name in ["role", "id", "author", "member_id", "is_admin", "tier", "nobody_knows"] {
            let refused = |reply: &Reply, how: &str| {
                operation.assert(reply, &format!("{name} {how}"), &[400]);
                assert_eq!(reply.json()["errors"][0]["field"], name, "{} {how}", operation.path);
            };
            if let Some(good) = &operation.body {
                if good.contains_key(name) {
                    continue;
                }
                for value in [json!("owner"), json!(1), Value::Null, json!({ "a": [] })] {
                    // First and last: a reader that stops at what it knows would take one of them.
                    let mut body = good.clone();
                    body.insert(name.to_owned(), value.clone());
                    let last = format!("{},\"{name}\":{value}}}", json!(good).to_string().trim_end_matches('}'));
                    for text in [Value::Object(body).to_string(), last] {
                        let reply = operation.send(&server, &token, "", ("application/json", text.into_bytes())).await;
                        refused(&reply, "in the body");
                        sent += 1;
                    }
                }
                if operation.form {
                    let form = format!("grant_type=password&token=x&{name}=owner").into_bytes();
                    let kind = "application/x-www-form-urlencoded";
                    let reply = operation.send(&server, &token, "", (kind, form)).await;
                    operation.assert(&reply, "in the form", &[400]);
                    assert_eq!(reply.json()["code"], "unknown_field", "{} {name}", operation.path);
                }
            }
            let reply = operation.send(&server, &token, &format!("?{name}=owner"), ("", Vec::new())).await;
            refused(&reply, "in the query");
            sent += 1;
        }
    }
    assert!(sent > 800, "{sent}");
    assert_eq!(everything(&server).await, before);
}

#[tokio::test]
async fn a_key_that_stands_twice_is_refused() {
    let (server, token) = with_owner().await;
    let before = everything(&server).await;
    for operation in operations() {
        let Some(good) = &operation.body else { continue };
        for (name, value) in good {
            let text = format!("{},\"{name}\":{value}}}", json!(good).to_string().trim_end_matches('}'));
            let reply = operation.send(&server, &token, "", ("application/json", text.into_bytes())).await;
            operation.assert(&reply, &format!("{name} twice"), &[400]);
            assert_eq!(reply.json()["errors"][0], json!({ "field": name, "message": "stands twice" }));
        }
    }
    let twice = server.get("/v1/threads?limit=1&limit=2").token(&token).send().await;
    assert_eq!(twice.problem(), (400, "invalid_query".into()));
    let form = b"token=a&token=b".to_vec();
    let twice = server.post("/v1/oauth/revoke").body("application/x-www-form-urlencoded", form).send().await;
    assert_eq!(twice.problem(), (400, "malformed".into()));
    assert_eq!(everything(&server).await, before);
}

#[tokio::test]
async fn a_query_must_be_one_that_is_read() {
    let (server, token) = with_owner().await;
    for operation in operations().iter().filter(|operation| operation.body.is_none()) {
        let send = async |query: &str| operation.send(&server, &token, query, ("", Vec::new())).await;
        let reply = send("?nobody_knows=1").await;
        operation.assert(&reply, "an unknown filter", &[400]);
        assert_eq!(reply.json()["errors"][0]["field"], "nobody_knows", "{}", operation.path);
        if operation.reads_query {
            for query in ["?limit=0", "?limit=101", "?limit=x", "?cursor=x", "?cursor=%00", "?cursor=AAAA", "?q=%00"] {
                let reply = send(query).await;
                operation.assert(&reply, query, &[400]);
            }
        }
    }
}

#[tokio::test]
async fn ids_and_names_of_nothing_are_not_there() {
    let (server, token) = with_owner().await;
    let before = rows(&server).await;
    let document = serde_json::to_value(router::document()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(place) = path.find('{').and_then(|at| path[at..].find('}').map(|end| &path[at..=at + end])) else {
            continue;
        };
        for bad in ["9", "x", "-1", "0", "99999999999999999999", "%00", "%FF", "%2e%2e", "' OR 1=1"] {
            let bad = bad.replace(' ', "%20");
            for method in item.as_object().unwrap().keys() {
                let method: Method = method.to_uppercase().parse().unwrap();
                let path = path.replace(place, &bad);
                let call = server.call(method.clone(), &path).token(&token).header("if-match", "*");
                let reply = call.header("idempotency-key", "k").json(&json!({})).send().await;
                let status = reply.status.as_u16();
                assert!([404, 422].contains(&status), "{method} {path}: {status} {}", reply.json());
                assert!(status == 404 || method != Method::GET, "{path}");
            }
        }
    }
    assert_eq!(rows(&server).await, before);
}

#[test]
fn the_document_is_openapi_3_1_and_names_its_problems() {
    let document = serde_json::to_value(router::document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    let problem = &document["components"]["responses"]["Problem"]["content"]["application/problem+json"];
    assert_eq!(problem["schema"]["$ref"], "#/components/schemas/Problem");
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            for status in ["400", "401", "429", "500", "503"] {
                assert!(responses.contains_key(status), "{method} {path} {status}");
            }
            let problems = responses.iter().filter(|(status, _)| status.as_str() >= "400");
            for (status, answer) in problems {
                assert_eq!(answer["$ref"], "#/components/responses/Problem", "{method} {path} {status}");
            }
            assert!(!responses.contains_key("default"), "{method} {path}: every status is named");
            assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 4), "{method} {path}");
        }
    }
}

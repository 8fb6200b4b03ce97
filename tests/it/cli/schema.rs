//! As much of JSON Schema (draft 2020-12) as the documents of the program use. What it does not know fails, so that a
//! schema cannot say something that nobody holds the output against.

use serde_json::Value;

/// Words that say something to people only.
const SILENT: &[&str] = &["$schema", "$defs", "title", "description", "example", "examples", "format", "default"];

/// Holds a document against the schema that its `schema` names; returns the document.
#[track_caller]
pub(super) fn held(text: &str) -> Value {
    let document: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let word = document["schema"].as_str().unwrap_or_else(|| panic!("no schema: {text}"));
    let name = word.strip_prefix("lyceum/").and_then(|rest| rest.strip_suffix("/1")).unwrap();
    let path = format!("{}/docs/reference/schema/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    if let Err(fault) = check(&document, &schema, &schema, "") {
        panic!("{word}: {fault}\n{text}");
    }
    document
}

fn check(value: &Value, schema: &Value, root: &Value, at: &str) -> Result<(), String> {
    let Some(rules) = schema.as_object() else { return Ok(()) };
    for (rule, of) in rules {
        match rule.as_str() {
            "$ref" => {
                let name = of.as_str().and_then(|of| of.strip_prefix("#/$defs/")).ok_or(format!("{at}: {of}"))?;
                check(value, &root["$defs"][name], root, at)?;
                if root["$defs"][name].is_null() {
                    return Err(format!("{at}: no definition of {name}"));
                }
            }
            "oneOf" => {
                let fits = of.as_array().unwrap().iter().filter(|one| check(value, one, root, at).is_ok()).count();
                ensure(fits == 1, || format!("{at}: {fits} of the choices fit {value}"))?;
            }
            "type" => {
                let types: Vec<&str> = match of {
                    Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
                    one => one.as_str().into_iter().collect(),
                };
                ensure(types.iter().any(|of| is(value, of)), || format!("{at}: {value} is not of {types:?}"))?;
            }
            "const" => ensure(value == of, || format!("{at}: {value} is not {of}"))?,
            "enum" => ensure(of.as_array().unwrap().contains(value), || format!("{at}: {value} is none of {of}"))?,
            "minimum" => ensure(value.as_f64().is_none_or(|value| Some(value) >= of.as_f64()), || {
                format!("{at}: {value} is under {of}")
            })?,
            "maximum" => ensure(value.as_f64().is_none_or(|value| Some(value) <= of.as_f64()), || {
                format!("{at}: {value} is over {of}")
            })?,
            "required" => {
                for name in of.as_array().unwrap().iter().filter_map(Value::as_str) {
                    ensure(value.get(name).is_some(), || format!("{at}: lacks {name}"))?;
                }
            }
            "properties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    // What a schema does not name must not be printed either.
                    let known = of.get(name).ok_or(format!("{at}: {name} is not in the schema"))?;
                    check(inner, known, root, &format!("{at}/{name}"))?;
                }
            }
            "items" => {
                for (nth, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(item, of, root, &format!("{at}/{nth}"))?;
                }
            }
            silent if SILENT.contains(&silent) => {}
            unknown => return Err(format!("{at}: the rule {unknown} is not known here")),
        }
    }
    Ok(())
}

fn is(value: &Value, of: &str) -> bool {
    match of {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

fn ensure(holds: bool, fault: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(fault()) }
}

#[test]
fn a_document_that_differs_from_its_schema_is_found() {
    let fault = |text: &str| std::panic::catch_unwind(|| held(text)).is_err();
    let fine = r#"{"schema":"lyceum/error/1","error":{"code":3,"kind":"network","text":"x","kept":null}}"#;
    held(fine);
    assert!(fault(&fine.replace("3", "\"3\"")));
    assert!(fault(&fine.replace(",\"kept\":null", "")));
    assert!(fault(&fine.replace("\"text\"", "\"more\":1,\"text\"")));
}

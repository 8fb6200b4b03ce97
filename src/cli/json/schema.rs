//! JSON Schemas (draft 2020-12) of the documents, made from their types.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::{PartialSchema, ToSchema};

/// A type's schema and those it names.
pub struct Sources {
    own: Value,
    named: BTreeMap<String, Value>,
}

impl Sources {
    /// The schema of every document, by its name and the word in `schema`.
    pub fn documents() -> Vec<(&'static str, &'static str, Self)> {
        [Self::community(), Self::own()].into_iter().flatten().collect()
    }

    /// Of this type.
    pub fn of<T: ToSchema + PartialSchema>() -> Self {
        let mut named = Vec::new();
        T::schemas(&mut named);
        let value = |schema: &utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>| {
            serde_json::to_value(schema).unwrap_or_default()
        };
        let named = named.iter().map(|(name, schema)| (name.clone(), value(schema))).collect();
        Self { own: value(&T::schema()), named }
    }

    /// As one schema that needs no other: what it names stands in `$defs`. `word` is what its `schema` says.
    pub fn whole(&self, name: &str, word: &str) -> Value {
        let mut own = self.own.clone();
        own["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        own["title"] = json!(name);
        own["properties"]["schema"]["const"] = json!(word);
        own["$defs"] = json!(self.named);
        mend(&mut own);
        own
    }
}

/// Names are looked up within the document, and everything that is always there is required, though it may be null.
fn mend(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(to)) = fields.get_mut("$ref") {
                *to = to.replace("#/components/schemas/", "#/$defs/");
            }
            if let Some(Value::Object(properties)) = fields.get("properties") {
                let all: Vec<Value> = properties.keys().map(|name| json!(name)).collect();
                fields.insert("required".to_owned(), Value::Array(all));
            }
            fields.values_mut().for_each(mend);
        }
        Value::Array(items) => items.iter_mut().for_each(mend),
        _ => {}
    }
}

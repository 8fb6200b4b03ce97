//! What every operation of the document has in common, said once: its problems, and what ids, names, versions and whole
//! numbers look like. Handlers describe the rest beside their code.

use std::collections::BTreeSet;

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, Object, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Schema};

use crate::api::problem::MEDIA_TYPE;
use crate::server::policy::{Asks, Row, Who, of};

/// What every operation may answer: a wrong query, a bad token, too much, and the server's own failures.
const ALWAYS: &[u16] = &[400, 401, 429, 500, 503];
/// What a body adds: late, too large, of another kind, or wrong.
const WITH_BODY: &[u16] = &[408, 413, 415, 422];
/// What a write adds: not by this reader, not there, or not now.
const WRITE: &[u16] = &[403, 404, 409];
/// What a version adds.
const WITH_VERSION: &[u16] = &[412, 428];

/// Completes the document that the handlers made.
pub(super) fn complete(document: &mut OpenApi) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let problem = ResponseBuilder::new().description("A problem (RFC 9457)").content(MEDIA_TYPE, content).build();
    for (path, item) in &mut document.paths.paths {
        let methods = [
            ("GET", &mut item.get),
            ("POST", &mut item.post),
            ("PUT", &mut item.put),
            ("PATCH", &mut item.patch),
            ("DELETE", &mut item.delete),
        ];
        for (method, operation) in methods {
            let Some(operation) = operation else { continue };
            operation.parameters.iter_mut().flatten().for_each(parameter);
            for status in problems(path, method, operation) {
                let response = RefOr::Ref(Ref::from_response_name("Problem"));
                operation.responses.responses.insert(status.to_string(), response);
            }
            if method == "GET" && answers_json(operation) {
                let same = Response::new("The reader has it already (`If-None-Match`)");
                operation.responses.responses.insert("304".to_owned(), same.into());
            }
        }
    }
    let components = document.components.get_or_insert_default();
    components.responses.insert("Problem".to_owned(), problem.into());
    components.schemas.values_mut().for_each(numbers);
}

/// The problems that an operation may answer with.
fn problems(path: &str, method: &str, operation: &Operation) -> BTreeSet<u16> {
    let mut statuses: BTreeSet<u16> = ALWAYS.iter().copied().collect();
    let row = of(method, path);
    let has = |named: &str| operation.parameters.iter().flatten().any(|p| matches!(p, RefOr::T(p) if p.name == named));
    if operation.request_body.is_some() {
        statuses.extend(WITH_BODY);
    }
    if method != "GET" {
        statuses.extend(WRITE);
    }
    if has("If-Match") {
        statuses.extend(WITH_VERSION);
    }
    // What only a session may do, no token may.
    let asks = |scheme: &str| serde_json::to_string(&operation.security).is_ok_and(|text| text.contains(scheme));
    if asks("\"session\"") {
        statuses.insert(403);
    }
    if has("Idempotency-Key") {
        statuses.insert(422);
    }
    if path.contains('{') || has("space") || has("thread") {
        statuses.insert(404);
    }
    if let Some(Row { who, asks, .. }) = row {
        if matches!(who, Who::AtLeast(_)) || *asks == Asks::Authored {
            statuses.insert(403);
        }
        if matches!(asks, Asks::Readable | Asks::Authored) {
            statuses.insert(402);
        }
    }
    let described = operation.responses.responses.keys().filter_map(|status| status.parse::<u16>().ok());
    statuses.extend(described.filter(|status| *status >= 400));
    statuses
}

fn answers_json(operation: &Operation) -> bool {
    match operation.responses.responses.get("200") {
        Some(RefOr::T(response)) => response.content.keys().all(|kind| kind == "application/json"),
        _ => false,
    }
}

/// Says what a parameter looks like where handlers say no more than that it is text.
fn parameter(parameter: &mut RefOr<Parameter>) {
    let RefOr::T(parameter) = parameter else { return };
    let text = |pattern: &str, most: usize| {
        let mut object = Object::with_type(Type::String);
        (object.pattern, object.min_length, object.max_length) = (Some(pattern.to_owned()), Some(1), Some(most));
        Some(Schema::Object(object).into())
    };
    match (&parameter.parameter_in, parameter.name.as_str()) {
        (ParameterIn::Path, "id") => parameter.schema = text("^[1-9][0-9]{0,18}$", 19),
        (ParameterIn::Path, "username") => parameter.schema = text("^[a-z0-9_-]{3,32}$", 32),
        (ParameterIn::Query, "cursor") => parameter.schema = text("^[A-Za-z0-9_-]+$", 1024),
        (ParameterIn::Header, "Idempotency-Key") => parameter.schema = text("^[!-~]([ -~]*[!-~])?$", 255),
        (ParameterIn::Header, "If-Match") => {
            parameter.schema = text("^(\\*|(W/)?\"[!#-~]*\"(, *(W/)?\"[!#-~]*\")*)$", 1024);
        }
        _ => parameter.schema.iter_mut().for_each(numbers),
    }
}

/// A whole number without a sign is larger than its signed brother of the same width.
fn numbers(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            unsigned(object);
            object.properties.values_mut().for_each(numbers);
        }
        Schema::Array(array) => {
            if let utoipa::openapi::schema::ArrayItems::RefOrSchema(items) = &mut array.items {
                numbers(items);
            }
        }
        Schema::OneOf(one) => one.items.iter_mut().for_each(numbers),
        Schema::AllOf(all) => all.items.iter_mut().for_each(numbers),
        Schema::AnyOf(any) => any.items.iter_mut().for_each(numbers),
        _ => {}
    }
}

fn unsigned(object: &mut Object) {
    let whole = match &object.schema_type {
        SchemaType::Type(kind) => *kind == Type::Integer,
        SchemaType::Array(kinds) => kinds.contains(&Type::Integer),
        SchemaType::AnyValue => false,
    };
    if !whole || object.minimum.is_none() {
        return;
    }
    match object.format {
        Some(SchemaFormat::KnownFormat(KnownFormat::Int32)) => {
            object.format = Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
            object.maximum.get_or_insert(utoipa::Number::UInt(u32::MAX as usize));
        }
        Some(SchemaFormat::KnownFormat(KnownFormat::Int64)) => {
            object.format = None;
            object.maximum.get_or_insert(utoipa::Number::UInt(u64::MAX as usize));
        }
        _ => {}
    }
}

//! Hostile text: 569 payloads, 30 of them real texts that must come through whole.
//!
//! `fixtures/hostile_text.jsonl` holds one a line: what is given, what may not be left of it, what must be. A long text is
//! written as parts, each with how often it stands there.

use serde::Deserialize;

/// One payload.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) category: String,
    pub(crate) text: String,
    pub(crate) must_not_contain: Vec<String>,
    pub(crate) must_contain: Vec<String>,
    pub(crate) surface: String,
}

impl Case {
    /// Whether it is real text in some language, and no attack.
    pub(crate) fn is_benign(&self) -> bool {
        self.category == "benign"
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Whole(String),
    Parts(Vec<(String, usize)>),
}

impl Text {
    fn whole(self) -> String {
        match self {
            Self::Whole(text) => text,
            Self::Parts(parts) => parts.into_iter().map(|(part, times)| part.repeat(times)).collect(),
        }
    }
}

#[derive(Deserialize)]
struct Line {
    id: String,
    category: String,
    text: Text,
    must_not_contain: Vec<String>,
    #[serde(default)]
    must_contain: Vec<String>,
    #[serde(default)]
    surface: String,
    raw_hex: Option<String>,
    raw_json: Option<Text>,
}

/// All of them.
pub(crate) fn cases() -> Vec<Case> {
    let lines = include_str!("fixtures/hostile_text.jsonl").lines();
    lines.map(|line| case(serde_json::from_str(line).unwrap())).collect()
}

/// All of them, some below each other in one text, for places that show whole texts. Long ones are cut: how long a text may
/// be is the filter's own test.
pub(crate) fn blocks() -> Vec<Case> {
    const TOGETHER: usize = 6;
    const LONGEST: usize = 200;
    let cases = cases();
    let cut = |case: &Case| case.text[..case.text.floor_char_boundary(LONGEST)].to_owned();
    let joined = |some: &[Case]| some.iter().map(cut).collect::<Vec<_>>().join("\n");
    let block = |some: &[Case]| Case {
        id: some[0].id.clone(),
        category: "block".to_owned(),
        text: joined(some),
        must_not_contain: some.iter().flat_map(|case| case.must_not_contain.clone()).collect(),
        must_contain: Vec::new(),
        surface: String::new(),
    };
    cases.chunks(TOGETHER).map(block).collect()
}

fn case(line: Line) -> Case {
    let Line { id, category, must_not_contain, must_contain, surface, .. } = line;
    let text = match (line.raw_hex, line.raw_json) {
        (Some(hex), _) => String::from_utf8_lossy(&bytes(&hex)).into_owned(),
        (None, Some(json)) => decoded(&json.whole()),
        (None, None) => line.text.whole(),
    };
    Case { id, category, text, must_not_contain, must_contain, surface }
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// The body of a document, where it is one and has one; else the document itself.
fn decoded(json: &str) -> String {
    let body = serde_json::from_str::<serde_json::Value>(json).ok().and_then(|value| Some(value.get("body")?.clone()));
    body.and_then(|body| Some(body.as_str()?.to_owned())).unwrap_or_else(|| json.to_owned())
}

#[test]
fn all_of_it_is_here() {
    let cases = cases();
    assert_eq!(cases.len(), 569);
    assert_eq!(cases.iter().filter(|case| case.is_benign()).count(), 30);
    assert_eq!(cases.iter().filter(|case| !case.must_not_contain.is_empty()).count(), 443);
    assert!(cases.iter().any(|case| case.text.len() > 100_000));
}

//! What texts and tags must be like. Every fault is named at once, per field.

use unicode_segmentation::UnicodeSegmentation;

use crate::api::MAX_BODY_BYTES;
use crate::base::text::Clean;
use crate::server::error::{Answer, Failure, code};

const TITLE_CHARS: usize = 200;
/// A character of a reader may be many code points: a family, a letter with its marks.
const TITLE_CODE_POINTS: usize = 1000;
const TAGS: usize = 5;
const TAG_CHARS: usize = 32;

/// Faults found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<(&'static str, String)>);

impl Faults {
    /// A title: 1 to 200 characters, as a reader counts them, on one line. Spaces around it are dropped.
    pub fn title(&mut self, title: &str) -> String {
        let long = title.chars().count() > TITLE_CODE_POINTS;
        let title = title.trim();
        if long || is_blank(title) || title.graphemes(true).count() > TITLE_CHARS {
            self.0.push(("title", format!("1 to {TITLE_CHARS} characters")));
        }
        if title.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
            self.0.push(("title", "one line of text".to_owned()));
        }
        title.to_owned()
    }

    /// A text: not blank, at most 64 KiB.
    pub fn body(&mut self, body: &str) {
        if is_blank(body) {
            self.0.push(("body", "is empty".to_owned()));
        }
        if body.len() > MAX_BODY_BYTES {
            self.0.push(("body", format!("at most {MAX_BODY_BYTES} bytes")));
        }
    }

    /// Tags: up to five, each once.
    pub fn tags(&mut self, tags: &[String]) {
        if tags.len() > TAGS {
            self.0.push(("tags", format!("at most {TAGS}")));
        }
        for (i, tag) in tags.iter().enumerate() {
            if !is_tag(tag) {
                self.0.push(("tags", format!("number {}: 1 to {TAG_CHARS} of a-z 0-9 - + # .", i + 1)));
            } else if tags[..i].contains(tag) {
                self.0.push(("tags", format!("number {} stands twice", i + 1)));
            }
        }
    }

    /// Fails with 422 if there was any.
    pub fn check(self) -> Answer<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let failure = Failure::new(code::INVALID_FIELD);
        Err(self.0.into_iter().fold(failure, |failure, (field, message)| failure.field(field, message)))
    }
}

/// Whether nothing of a text would be seen.
fn is_blank(text: &str) -> bool {
    // Most texts begin with something that is seen, and need not be looked at to their end.
    !text.starts_with(|c: char| c.is_ascii_graphic()) && Clean::block(text).trim().is_empty()
}

fn is_tag(tag: &str) -> bool {
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-+#.".contains(&b);
    (1..=TAG_CHARS).contains(&tag.len()) && tag.bytes().all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(check: impl FnOnce(&mut Faults)) -> Vec<String> {
        let mut faults = Faults::default();
        check(&mut faults);
        let failure = faults.check().err();
        failure.map(|f| f.problem(None).errors.into_iter().map(|e| e.field).collect()).unwrap_or_default()
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let tags: Vec<String> = ["a", "B", "a", "", "c", "d"].map(str::to_owned).to_vec();
        let found = faults(|f| {
            f.title(" ");
            f.body("\n");
            f.tags(&tags);
        });
        assert_eq!(found, ["title", "body", "tags", "tags", "tags", "tags"]);
    }

    #[test]
    fn the_edges_are_inside() {
        assert!(faults(|f| drop(f.title(&"线".repeat(200)))).is_empty());
        assert_eq!(faults(|f| drop(f.title(&"线".repeat(201)))), ["title"]);
        assert_eq!(faults(|f| drop(f.title("a\nb"))), ["title"]);
        assert!(faults(|f| drop(f.title(&"👩‍👩‍👧".repeat(200)))).is_empty(), "a family is one character");
        assert_eq!(faults(|f| drop(f.title(&"e\u{301}".repeat(600)))), ["title"]);
        assert_eq!(faults(|f| drop(f.title("\u{200B}\u{AD}"))), ["title"], "nothing of it is seen");
        assert_eq!(faults(|f| f.body("\u{2060}\n\u{200B}")), ["body"]);
        assert!(faults(|f| f.body(&"a".repeat(MAX_BODY_BYTES))).is_empty());
        assert_eq!(faults(|f| f.body(&"a".repeat(MAX_BODY_BYTES + 1))), ["body"]);
        assert!(faults(|f| f.tags(&["c++".into(), "c#".into(), ".net".into()])).is_empty());
    }
}

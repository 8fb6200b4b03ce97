//! Who is named with `@` in a text.

/// Names beyond this many in one text reach nobody.
const MOST: usize = 10;

/// The usernames that stand after an `@` outside code, in order, each once. They need not exist.
pub fn mentions(markdown: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut in_block = false;
    for line in markdown.lines() {
        let start = line.trim_start();
        if start.starts_with("```") || start.starts_with("~~~") {
            in_block = !in_block;
        } else if !in_block && !line.starts_with("    ") {
            // Every second piece between backticks is code.
            for text in line.split('`').step_by(2) {
                in_text(text, &mut found);
            }
        }
    }
    found.truncate(MOST);
    found
}

fn in_text(text: &str, found: &mut Vec<String>) {
    for (at, _) in text.match_indices('@') {
        if let Some(name) = name_at(text, at).map(str::to_ascii_lowercase).filter(|name| !found.contains(name)) {
            found.push(name);
        }
    }
}

/// The name whose `@` stands at a place of a text, if it names somebody: what is glued to an address does not.
pub fn name_at(text: &str, at: usize) -> Option<&str> {
    let glued = |c: char| c.is_alphanumeric() && c.is_ascii() || "._-/@+".contains(c);
    if text[..at].chars().next_back().is_some_and(glued) {
        return None;
    }
    let rest = &text[at + 1..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
    (3..=32).contains(&end).then(|| &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn names_are_found_in_text_and_not_in_code() {
        assert_eq!(mentions("@Ada, ask @hopper-2 (or @ada). 谢谢@wei！"), ["ada", "hopper-2", "wei"]);
        assert_eq!(
            mentions("a@example.com, git@host, x/@types, @@ada, @ab, `@hopper` and\n```\n@wei\n```\nok"),
            [""; 0]
        );
        assert_eq!(mentions("    @indented\n@ada-like"), ["ada-like"]);
        let many: String = (0..50).map(|n| format!("@member{n} ")).collect();
        assert_eq!(mentions(&many).len(), 10);
    }
}

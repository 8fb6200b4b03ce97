//! A search as SQLite's full-text index (FTS5) understands it. The tables are the business of those who have one.

use super::query::Phrase;

/// What the index is asked for `phrases` in these columns; all of them must be found. Words are letters, digits and `_`
/// only, so that none can be taken for its syntax. Wants at least one phrase.
pub fn expression(columns: &[&str], phrases: &[Phrase]) -> String {
    let phrase = |p: &Phrase| format!("\"{}\"{}", p.words.join(" "), if p.open { " *" } else { "" });
    let phrases: Vec<String> = phrases.iter().map(phrase).collect();
    format!("{{{}}} : ({})", columns.join(" "), phrases.join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::search::Query;

    #[test]
    fn nothing_that_was_typed_becomes_syntax() {
        let query = Query::parse("tokio::select \"a b\" \") OR whole : (x\" NEAR*").unwrap();
        let words = "\"tokio select\" * AND \"a b\" AND \"or whole x\" AND \"near\" *";
        assert_eq!(expression(&["title", "body"], &query.phrases), format!("{{title body}} : ({words})"));
    }
}

//! The words of a text without what is hidden until asked for: for places that show a piece of it and where nobody can ask.

use std::borrow::Cow;

use super::excerpt::HIDDEN;
use super::{Block, Inline, Mark, parse};

/// A Markdown text as it is, unless it has a spoiler: then its words, code and tables among them, with a sign in place of
/// what is hidden. What is folded is told.
pub fn told(markdown: &str) -> Cow<'_, str> {
    if !may_hide(markdown) {
        return Cow::Borrowed(markdown);
    }
    let document = parse(markdown);
    if !document.marks.contains(&Mark::Spoiler) {
        return Cow::Borrowed(markdown);
    }
    let mut text = String::with_capacity(markdown.len());
    blocks(&document.blocks, &mut text);
    Cow::Owned(text)
}

/// Whether anything in it may begin a spoiler: reading a text as Markdown takes longer. The reader sees bars and brackets
/// also where the source has an escape or an entity.
fn may_hide(markdown: &str) -> bool {
    let word = b"[spoiler";
    markdown.contains("||")
        || markdown.contains(['\\', '&'])
        || markdown.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

fn blocks(all: &[Block], text: &mut String) {
    for block in all {
        match block {
            Block::Paragraph(inner) | Block::Heading(_, inner) => runs(inner, text),
            Block::Code { text: code, .. } | Block::Math(code) => text.push_str(code),
            Block::Quote { blocks: inner, .. } | Block::Alert { blocks: inner, .. } => blocks(inner, text),
            Block::Fold { title, blocks: inner, .. } => {
                text.extend([title, "\n"]);
                blocks(inner, text);
            }
            Block::Spoiler { .. } => text.push_str(HIDDEN),
            Block::List { items, .. } => items.iter().for_each(|item| blocks(&item.blocks, text)),
            Block::Table { head, rows, .. } => {
                for cell in head.iter().chain(rows.iter().flatten()) {
                    runs(cell, text);
                    text.push(' ');
                }
            }
            Block::Rule => {}
            Block::Footnotes(notes) => notes.iter().for_each(|note| blocks(note, text)),
        }
        text.push('\n');
    }
}

fn runs(all: &[Inline], text: &mut String) {
    for run in all {
        match run {
            Inline::Text(words) | Inline::Code(words) | Inline::Math(words) => text.push_str(words),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) | Inline::Link(_, inner) => {
                runs(inner, text);
            }
            Inline::Picture(picture) => text.push_str(&picture.alt),
            Inline::Spoiler(..) => text.push_str(HIDDEN),
            Inline::Mention(name) => text.extend(["@", name]),
            Inline::Tag(name) => text.extend(["#", name]),
            Inline::Footnote(_) => {}
            Inline::Break => text.push('\n'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_nothing_is_as_it_was() {
        for text in ["Use `a || b` here", "**bold** [x](https://a.example)", "`[spoiler]` is how", "a||b"] {
            assert!(matches!(told(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn what_is_hidden_is_a_sign_and_the_rest_is_there() {
        let text = "# Who\n\nIt was ||the butler|| in `main`.\n\n```\nlet x;\n```\n\n| a | b |\n|---|---|\n| c | d |\n\n\
            <details><summary>Log</summary>\n\nlong\n\n</details>\n\n[SPOILER]\nthe butler\n\n- again\n[/SPOILER]\nend";
        let words = told(text).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words, "Who It was ░░░ in main. let x; a b c d Log long ░░░ end");
        // However the bars and brackets are written.
        for bars in [r"\|\|", "&#124;&#124;", "&vert;&VerticalLine;", "&#x7c;|"] {
            assert_eq!(told(&format!("It was {bars}butler{bars}.")).trim_end(), "It was ░░░.", "{bars}");
        }
        for word in [r"\[spoiler]", "&lbrack;spoiler]", "[spoile&#114;]"] {
            assert_eq!(told(&format!("It was {word}the butler")).trim_end(), "It was ░░░", "{word}");
        }
        // What was cut in the middle of one.
        for cut in ["a [spoiler]the but…", "a ||the but…"] {
            assert_eq!(told(cut).trim_end(), "a ░░░", "{cut}");
        }
    }
}

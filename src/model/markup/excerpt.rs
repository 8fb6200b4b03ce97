//! The first words of a text on one line, for lists: without code, tables and signs, and without what was hidden.

use super::{Block, Inline, parse};

/// What stands for words that are hidden until asked for.
pub(super) const HIDDEN: &str = "░░░";
/// Bytes of a text in which its opening is looked for.
const OPENING: usize = 4_096;

/// The first words of a Markdown text on one line: about `most` characters or a block more. Of what is folded only the
/// title is there, of a spoiler nothing.
pub fn excerpt(markdown: &str, most: usize) -> String {
    let mut words = Words { text: String::new(), most };
    words.blocks(&parse(markdown).blocks);
    words.text
}

/// The first words of a text that are its writer's own and running: of its first paragraph or heading.
pub fn opening(markdown: &str) -> String {
    let start = &markdown[..markdown.floor_char_boundary(OPENING)];
    let mut words = Words { text: String::new(), most: OPENING };
    let blocks = parse(start).blocks;
    words.blocks(blocks.iter().find(|block| matches!(block, Block::Paragraph(_) | Block::Heading(..))));
    words.text.split_whitespace().take(24).collect::<Vec<_>>().join(" ")
}

struct Words {
    text: String,
    most: usize,
}

impl Words {
    fn blocks<'a>(&mut self, blocks: impl IntoIterator<Item = &'a Block>) {
        for block in blocks {
            if self.text.len() > self.most * 4 {
                return;
            }
            match block {
                Block::Paragraph(text) | Block::Heading(_, text) => {
                    self.part("");
                    self.runs(text);
                }
                Block::Quote { blocks, .. } | Block::Alert { blocks, .. } => self.blocks(blocks),
                Block::List { items, .. } => items.iter().for_each(|item| self.blocks(&item.blocks)),
                Block::Fold { title, .. } => self.part(title),
                Block::Spoiler { .. } => self.part(HIDDEN),
                Block::Code { .. } | Block::Math(_) | Block::Table { .. } | Block::Rule | Block::Footnotes(_) => {}
            }
        }
    }

    fn part(&mut self, text: &str) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
        self.text.push_str(text);
    }

    fn runs(&mut self, runs: &[Inline]) {
        for run in runs {
            match run {
                Inline::Text(text) | Inline::Code(text) | Inline::Math(text) => self.text.push_str(text),
                Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) | Inline::Link(_, inner) => {
                    self.runs(inner);
                }
                Inline::Picture(picture) => self.text.push_str(&picture.alt),
                Inline::Spoiler(..) => self.text.push_str(HIDDEN),
                Inline::Mention(name) => self.text.extend(["@", name]),
                Inline::Tag(name) => self.text.extend(["#", name]),
                Inline::Footnote(_) => {}
                Inline::Break => self.text.push(' '),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_words_are_words_and_tell_nothing_that_is_hidden() {
        let words = |markdown| excerpt(markdown, 200);
        assert_eq!(
            words("# Title\n\n> `quoted` **text**\n\n```\ncode\n```\n| a |\n|---|\n\n- item"),
            "Title quoted text item"
        );
        assert_eq!(words("see [the docs](https://a.example) @ada #axum"), "see the docs @ada #axum");
        assert_eq!(words("it was ||the butler|| alone"), "it was ░░░ alone");
        assert_eq!(words("[spoiler]\nthe butler\n[/spoiler]\nend"), "░░░ end");
        assert_eq!(words("<details><summary>Log</summary>\n\nlong\n\n</details>\n\nend"), "Log end");
        // What was cut in the middle of a spoiler tells nothing either.
        for cut in ["a [spoiler]the but…", "a ||the but…", "a\n\n[spoiler]\nthe but…", "a [SPOILER]\nthe but…"]
        {
            assert_eq!(words(cut), "a ░░░", "{cut}");
        }
    }

    #[test]
    fn an_opening_is_somebodys_own() {
        assert_eq!(opening("> quoted\n\n```\ncode\n```\n\nOwn ||hidden|| words.\n\nMore."), "Own ░░░ words.");
        assert_eq!(opening("```\ncode\n```"), "");
    }
}

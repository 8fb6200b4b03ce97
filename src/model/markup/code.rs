//! The pieces of code of a document, to be taken along.

use super::Block;

/// The code blocks in reading order, also those in lists and quotes: language and text of each.
pub fn code_blocks(blocks: &[Block]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for block in blocks {
        match block {
            Block::Code { language, text } => found.push((language.clone(), text.clone())),
            Block::Quote(blocks) => found.extend(code_blocks(blocks)),
            Block::List { items, .. } => found.extend(items.iter().flat_map(|item| code_blocks(&item.blocks))),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::code_blocks;
    use crate::model::markup::parse;

    #[test]
    fn code_is_found_in_reading_order_wherever_it_stands() {
        let text = "a\n\n```rust\nlet a;\n```\n\n> ```\n> quoted\n> ```\n\n- x\n\n  ```sh\n  ls\n  ```\n\n`no block`\n";
        let found = code_blocks(&parse(text).blocks);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(language, text)| (language.as_str(), text.as_str())).collect();
        assert_eq!(found, [("rust", "let a;\n"), ("", "quoted\n"), ("sh", "ls\n")]);
    }
}

//! Stand-ins for terminals whose character set is not UTF-8: ASCII and nothing else. What has no likeness is `?`.

use unicode_segmentation::UnicodeSegmentation;

/// What is shown for one grapheme cluster: itself where it is ASCII, else one ASCII character.
pub fn stand_in(cluster: &str) -> char {
    let mut chars = cluster.chars();
    match chars.next() {
        Some(c) if c.is_ascii() && chars.next().is_none() => c,
        // A letter whose marks are lost is still that letter.
        Some(c) if c.is_ascii_alphabetic() => c,
        Some(c) => likeness(c),
        None => '?',
    }
}

fn likeness(c: char) -> char {
    match c {
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{3000}' => ' ',
        '…' | '～' => '~',
        '‘' | '’' | '′' => '\'',
        '“' | '”' | '″' | '«' | '»' => '"',
        '–' | '—' | '―' | '‐' | '‑' | '−' | '·' | '─' | '━' | '╌' | '╭'..='╯' => '-',
        '•' | '●' | '◦' | '▪' | '★' | '☆' => '*',
        '○' => 'o',
        '│' | '┃' | '▌' | '▏' => '|',
        '┌'..='╋' => '+',
        '▲' | '↑' => '^',
        '▼' | '▾' | '↓' => 'v',
        '▸' | '→' | '›' => '>',
        '←' | '‹' => '<',
        '✔' | '✓' => '+',
        '×' => 'x',
        '█' => '#',
        '░' => '.',
        // Pictures of control characters.
        '\u{2400}'..='\u{2421}' => '^',
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or('?'),
        _ => '?',
    }
}

/// The text in ASCII; lines stay lines.
pub fn ascii(text: &str) -> String {
    let shown = |cluster: &str| if cluster == "\r\n" { '\n' } else { stand_in(cluster) };
    text.graphemes(true).map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_ascii_is_left() {
        let text = "“Grüße” — 日本語… é e\u{301} 👩\u{200d}👧 ␛[2J │x│\nnext";
        assert_eq!(ascii(text), "\"Gr??e\" - ???~ ? e ? ^[2J |x|\nnext");
        assert!(ascii(&('\0'..='\u{3FFF}').collect::<String>()).is_ascii());
    }
}

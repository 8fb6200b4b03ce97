//! Colours as the terminal has them. crossterm writes the sixteen named ones in the form of the palette (`38;5;9`), and
//! resets of colours that were never set; a terminal that claims no palette is sent neither.

use crate::config::terminal::Colors;

/// The frame with its colours in the form the terminal knows. A frame holds no sequences but our own.
pub(super) fn fit(frame: &[u8], colors: Colors) -> Vec<u8> {
    if colors > Colors::Sixteen {
        return frame.to_vec();
    }
    let mut out = Vec::with_capacity(frame.len());
    let mut rest = frame;
    while let Some(at) = rest.windows(2).position(|two| two == b"\x1b[") {
        let (before, sequence) = rest.split_at(at);
        out.extend_from_slice(before);
        let length = 2 + sequence[2..].iter().take_while(|b| !b.is_ascii_alphabetic()).count();
        let end = (length + 1).min(sequence.len());
        match (&sequence[2..length], sequence.get(length)) {
            (parameters, Some(b'm')) => out.extend(style(parameters, colors)),
            _ => out.extend_from_slice(&sequence[..end]),
        }
        rest = &sequence[end..];
    }
    out.extend_from_slice(rest);
    out
}

fn style(parameters: &[u8], colors: Colors) -> Vec<u8> {
    let whole = || [b"\x1b[", parameters, b"m"].concat();
    let text = String::from_utf8_lossy(parameters);
    let Ok(numbers) = text.split(';').map(str::parse).collect::<Result<Vec<u16>, _>>() else {
        return whole();
    };
    let mut kept: Vec<String> = Vec::new();
    let mut rest = numbers.as_slice();
    while let [number, after @ ..] = rest {
        let (color, used) = match (number, after) {
            (38 | 48, [5, n, ..]) => (named(*number, *n), 3),
            (58, [5, _, ..]) => (None, 3),
            (38 | 48 | 58, [2, _, _, _, ..]) => (None, 5),
            (59, _) => (None, 1),
            (30..=49 | 90..=107, _) => (Some(*number), 1),
            _ => {
                kept.push(number.to_string());
                rest = after;
                continue;
            }
        };
        kept.extend(color.filter(|_| colors == Colors::Sixteen).map(|n| n.to_string()));
        rest = &rest[used..];
    }
    if kept.is_empty() { Vec::new() } else { format!("\x1b[{}m", kept.join(";")).into_bytes() }
}

/// A colour of the first sixteen by its own number; none of the others.
fn named(ground: u16, n: u16) -> Option<u16> {
    match n {
        0..=7 => Some(ground - 8 + n),
        8..=15 => Some(ground + 52 + n - 8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(frame: &str, colors: Colors) -> String {
        String::from_utf8(fit(frame.as_bytes(), colors)).unwrap()
    }

    #[test]
    fn sixteen_colours_go_by_their_own_numbers() {
        let frame = "a\x1b[38;5;9;49mb\x1b[1mc\x1b[38;5;0;48;5;15m\x1b[2;5H日\x1b[59m\x1b[0m";
        let expected = "a\x1b[91;49mb\x1b[1mc\x1b[30;107m\x1b[2;5H日\x1b[0m";
        assert_eq!(fitted(frame, Colors::Sixteen), expected);
        assert_eq!(fitted("\x1b[38;2;1;2;3mx\x1b[38;5;200;7my", Colors::Sixteen), "x\x1b[7my");
        assert_eq!(fitted(frame, Colors::Palette), frame);
    }

    #[test]
    fn without_colours_none_is_sent_and_the_rest_stays() {
        let frame = "a\x1b[38;5;9;49mb\x1b[1;7mc\x1b[39m\x1b[49m\x1b[59m\x1b[0m\x1b[mx\x1b[?25l\x1b[";
        assert_eq!(fitted(frame, Colors::None), "ab\x1b[1;7mc\x1b[0m\x1b[mx\x1b[?25l\x1b[");
    }
}

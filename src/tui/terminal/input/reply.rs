//! What terminals say of themselves when they are asked, or have been told to: of all replies only those about the
//! background, and the one that comes last.

/// A reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// The background is light, or dark.
    Light(bool),
    /// All questions have been answered that ever will be (DA1).
    Done,
}

/// The meaning of a string, from what introduced it to before its end: `]11;rgb:ffff/ffff/ffff` (xterm).
pub(super) fn of_string(text: &[u8]) -> Option<Reply> {
    let color = std::str::from_utf8(text).ok()?.strip_prefix("]11;")?;
    Some(Reply::Light(is_light(color)?))
}

/// The meaning of a whole control sequence: `ESC [ ? 997 ; 2 n` (contour), `ESC [ ? … c` (VT220).
pub(super) fn of_sequence(bytes: &[u8]) -> Option<Reply> {
    match bytes.strip_prefix(b"\x1b[?")? {
        b"997;1n" => Some(Reply::Light(false)),
        b"997;2n" => Some(Reply::Light(true)),
        [.., b'c'] => Some(Reply::Done),
        _ => None,
    }
}

/// Whether black can be read better on a colour than white (WCAG 2.2, relative luminance above 0.179). Colours are written
/// as `rgb:r/g/b`, `rgba:r/g/b/a` or `#rrggbb`, each part in one to four digits.
fn is_light(color: &str) -> Option<bool> {
    let parts: Vec<&str> = match color.strip_prefix('#') {
        Some(digits) if digits.is_ascii() && digits.len().is_multiple_of(3) => {
            let each = digits.len() / 3;
            (0..3).map(|at| &digits[at * each..(at + 1) * each]).collect()
        }
        Some(_) => return None,
        None => color.strip_prefix("rgba:").or_else(|| color.strip_prefix("rgb:"))?.split('/').take(3).collect(),
    };
    let part = |written: &&str| -> Option<f64> {
        let digits = u32::try_from(written.len()).ok().filter(|digits| (1..=4).contains(digits))?;
        let value = f64::from(u32::from_str_radix(written, 16).ok()?) / f64::from(16u32.pow(digits) - 1);
        Some(if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    let linear: Vec<f64> = parts.iter().map(part).collect::<Option<_>>()?;
    let [red, green, blue] = linear[..] else { return None };
    Some(0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_background_is_told_in_several_ways() {
        for (color, light) in [
            ("rgb:ffff/ffff/ffff", Some(true)),
            ("rgb:fdfd/f6f6/e3e3", Some(true)),
            ("rgb:1e/1e/1e", Some(false)),
            ("rgba:0000/0000/0000/8000", Some(false)),
            ("rgb:f/f/f", Some(true)),
            ("#2e3440", Some(false)),
            ("#ffffffffffff", Some(true)),
            ("rgb:7f7f/7f7f/7f7f", Some(true)),
            ("rgb:0000/0000/ffff", Some(false)),
            ("rgb:ff/ff", None),
            ("rgb:zz/ff/ff", None),
            ("rgb:fffff/ff/ff", None),
            ("#ffff", None),
            ("?", None),
            ("", None),
        ] {
            let told = of_string(format!("]11;{color}").as_bytes());
            assert_eq!(told, light.map(Reply::Light), "{color}");
        }
        assert_eq!(of_string(b"]10;rgb:ffff/ffff/ffff"), None);
        assert_eq!(of_string(b"P11;rgb:ffff/ffff/ffff"), None);
    }

    #[test]
    fn a_change_and_the_end_of_all_answers_are_told() {
        assert_eq!(of_sequence(b"\x1b[?997;2n"), Some(Reply::Light(true)));
        assert_eq!(of_sequence(b"\x1b[?997;1n"), Some(Reply::Light(false)));
        assert_eq!(of_sequence(b"\x1b[?62;22c"), Some(Reply::Done));
        assert_eq!(of_sequence(b"\x1b[c"), None);
        assert_eq!(of_sequence(b"\x1b[?2026;2$y"), None);
    }
}

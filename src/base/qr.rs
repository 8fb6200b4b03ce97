//! A QR code as text: two modules a character, one above the other, so that they are square where a character is twice
//! as high as wide.

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of quiet around the code. Four are asked for (ISO/IEC 18004); two read well on a screen and save lines.
const QUIET: i32 = 2;

/// The code of a text as lines of half-blocks, light modules drawn: on a dark ground it is as printed, on a light one it
/// is inverted, which readers on phones take as well. None when the text is too long.
pub fn lines(text: &str) -> Option<Vec<String>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let (from, to) = (-QUIET, code.size() + QUIET);
    // Outside of the code everything is light; below the last line is nothing.
    let light = |x: i32, y: i32| y < to && !code.get_module(x, y);
    let rows = (from..to).step_by(2);
    Some(rows.map(|y| (from..to).map(|x| half_blocks(light(x, y), light(x, y + 1))).collect()).collect())
}

fn half_blocks(upper: bool, lower: bool) -> char {
    match (upper, lower) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_as_wide_and_the_whole_is_square() {
        let lines = lines("https://guild.example/activate?code=WDJB-MJHT").unwrap();
        let wide = lines[0].chars().count();
        assert!(lines.iter().all(|line| line.chars().count() == wide));
        assert_eq!(lines.len(), wide.div_ceil(2));
        assert!(wide <= 37 && lines.len() <= 19, "fits beside text at 80 by 24: {wide} by {}", lines.len());
    }

    #[test]
    fn the_three_corners_are_where_a_reader_looks_for_them() {
        let lines = lines("lyceum").unwrap();
        let row = |y: usize| lines[y].chars().collect::<Vec<_>>();
        // A finder is a dark ring of seven modules: its first two rows, read from the upper left.
        assert_eq!(row(1)[2..9].iter().collect::<String>(), " ▄▄▄▄▄ ");
        let first = row(1);
        assert_eq!(first[first.len() - 9..first.len() - 2].iter().collect::<String>(), " ▄▄▄▄▄ ");
    }

    #[test]
    fn too_much_text_is_no_code() {
        assert_eq!(lines(&"x".repeat(5000)), None);
    }
}

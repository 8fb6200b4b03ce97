//! What a command writes on: the only way to standard output and standard error. Whatever is written comes out without
//! anything that a terminal obeys or a person cannot see, whoever wrote it and whoever will read it.

use std::io::{self, Write};

use crate::base::text::{Clean, ascii, escape, ink::Run};

/// Longer text without a line end is written in parts, in bytes.
const MOST_PENDING: usize = 1 << 20;

/// Where a command writes. Lines are held until they are whole or flushed: nothing splits a character.
pub struct Paper<'a> {
    to: &'a mut (dyn Write + Send + 'static),
    json: bool,
    ascii: bool,
    inks: bool,
    pending: Vec<u8>,
}

impl<'a> Paper<'a> {
    /// Writes to this: sentences, or (`json`) documents whose strings stay what they are.
    pub fn new(to: &'a mut (dyn Write + Send + 'static), json: bool) -> Self {
        Self { to, json, ascii: false, inks: false, pending: Vec::new() }
    }

    /// From now on in nothing but ASCII, for a terminal that has no more, or in Unicode.
    pub fn spell(&mut self, ascii: bool) {
        self.ascii = ascii;
    }

    /// From now on in inks, for a terminal that has them, or without.
    pub fn ink(&mut self, inks: bool) {
        self.inks = inks;
    }

    /// Writes a line of pieces, each in its ink. What is sent for an ink is ours; the pieces are made fit like all else.
    ///
    /// # Errors
    /// When nobody reads.
    pub fn line(&mut self, runs: &[Run]) -> io::Result<()> {
        self.give(self.pending.len())?;
        for run in runs {
            let sgr = if self.inks && !self.json { run.ink.sgr() } else { String::new() };
            self.to.write_all(sgr.as_bytes())?;
            self.pending.extend_from_slice(run.text.replace('\n', " ").as_bytes());
            self.give(self.pending.len())?;
            if !sgr.is_empty() {
                self.to.write_all(b"\x1b[0m")?;
            }
        }
        self.to.write_all(b"\n")
    }

    /// The first bytes that are held, made fit.
    fn give(&mut self, bytes: usize) -> io::Result<()> {
        let held: Vec<u8> = self.pending.drain(..bytes).collect();
        let text = String::from_utf8_lossy(&held);
        if self.json {
            return self.to.write_all(escape::json(&text, self.ascii).as_bytes());
        }
        // Line by line, so that a long text is not cut; a line end is nobody's but ours.
        let clean: Vec<String> = text.split('\n').map(|line| Clean::record(line).to_string()).collect();
        let clean = clean.join("\n");
        self.to.write_all(if self.ascii { ascii::ascii(&clean) } else { clean }.as_bytes())
    }
}

impl Write for Paper<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        let whole = self.pending.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
        match whole {
            Some(whole) => self.give(whole)?,
            None if self.pending.len() > MOST_PENDING => self.give(self.pending.len())?,
            None => {}
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.give(self.pending.len())?;
        self.to.flush()
    }
}

impl Drop for Paper<'_> {
    fn drop(&mut self) {
        // Nobody is left to be told that nobody reads.
        let _ = self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(json: bool, ascii: bool, parts: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut paper = Paper::new(&mut out, json);
        paper.spell(ascii);
        for part in parts {
            paper.write_all(part).unwrap();
        }
        drop(paper);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_gets_out_that_a_terminal_obeys() {
        assert_eq!(written(false, false, &[b"a\x1b[2Jb\xc2\x9b2J\r\x7f\n"]), "a␛[2Jb\u{FFFD}2J␤␡\n");
        assert_eq!(written(false, false, &["ж".as_bytes().split_at(1).0, "ж".as_bytes().split_at(1).1]), "ж");
        assert_eq!(written(true, false, &[b"{\"a\":\"\xc2\x9b2J\x7f\"}\n"]), "{\"a\":\"\\u009b2J\\u007f\"}\n");
        assert_eq!(written(false, true, &["名 “x”…\n".as_bytes()]), "? \"x\"~\n");
        assert_eq!(written(true, true, &["\"名\"\n".as_bytes()]), "\"\\u540d\"\n");
    }

    #[test]
    fn an_ink_is_ours_and_what_it_is_around_is_not() {
        use crate::base::text::ink::{Ink, Run};
        let runs = [Run::new(Ink { bold: true, ..Ink::default() }, "a\x1b[2Jb\nc"), Run::plain(" d")];
        let written = |inks: bool| {
            let mut out = Vec::new();
            let mut paper = Paper::new(&mut out, false);
            paper.ink(inks);
            paper.line(&runs).unwrap();
            drop(paper);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written(true), "\x1b[1ma␛[2Jb c\x1b[0m d\n");
        assert_eq!(written(false), "a␛[2Jb c d\n");
    }

    #[test]
    fn long_texts_are_not_cut() {
        let text = format!("{}\n", "x".repeat(60_000)).repeat(30);
        assert_eq!(written(false, false, &[text.as_bytes()]), text);
        let json = format!("\"{}\"", "x".repeat(3 << 20));
        assert_eq!(written(true, false, &[json.as_bytes()]), json);
    }
}

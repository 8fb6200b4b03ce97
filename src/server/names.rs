//! What a name may look like, so that nobody passes for somebody else (UTS 39).
//!
//! Text of others is cleaned on the screen whatever it is; a name is refused here already, because two members whose
//! names look the same cannot be told apart by anybody. Nothing here asks the database: it compares [`key`]s.

use unicode_normalization::UnicodeNormalization;
use unicode_security::{MixedScript, mixed_script::AugmentedScriptSet, skeleton};
use unicode_segmentation::UnicodeSegmentation;

use crate::base::text::Clean;

/// Most characters of a shown name, as a reader counts them.
pub const LONGEST: usize = 32;

/// Most code points, before anything is counted: a base with its marks is one character for a reader.
pub const MOST_CODE_POINTS: usize = 128;

/// Names that would pass for the house.
const RESERVED: &[&str] = &[
    "admin",
    "administrator",
    "anonymous",
    "everyone",
    "guest",
    "host",
    "lyceum",
    "moderator",
    "null",
    "official",
    "owner",
    "root",
    "security",
    "staff",
    "support",
    "system",
    "team",
    "undefined",
    "unknown",
];

/// Words that pass for the house also inside a longer name. The others of [`RESERVED`] are people's surnames as well.
const OFFICES: &[&str] = &["admin", "administrator", "lyceum", "moderator", "official", "staff", "support"];

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing in it, or more than [`LONGEST`] characters.
    Length,
    /// Not a letter and not a digit.
    Nothing,
    /// Something that is not shown, or that changes how the rest is shown.
    Hidden,
    /// Letters of scripts that nobody writes together.
    Mixed,
    /// A name of the house, or one that looks like it.
    Reserved,
}

impl Fault {
    /// In English, as the API says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Length => "1 to 32 characters on one line",
            Self::Nothing => "at least one letter or digit",
            Self::Hidden => "no control, hidden or private characters",
            Self::Mixed => "letters of one script",
            Self::Reserved => "is reserved",
        }
    }
}

/// A shown name as it is kept: in normal form (NFKC), spaces put in order.
///
/// # Errors
/// With what is wrong with it. That nobody else has one that looks the same is for the database to say.
pub fn shown(text: &str) -> Result<String, Fault> {
    if text.chars().count() > MOST_CODE_POINTS {
        return Err(Fault::Length);
    }
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(Fault::Hidden);
    }
    let text: String = text.nfkc().collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() || text.graphemes(true).count() > LONGEST {
        return Err(Fault::Length);
    }
    // What the screen would change is refused here, where somebody can still choose another name.
    if Clean::name(&text).as_str() != text {
        return Err(Fault::Hidden);
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(Fault::Nothing);
    }
    if !goes_together(&text) {
        return Err(Fault::Mixed);
    }
    let words = text.split(|c: char| !c.is_alphanumeric());
    let office = words.map(key).any(|word| OFFICES.iter().any(|office| key(office) == word));
    if office || is_reserved(&text) { Err(Fault::Reserved) } else { Ok(text) }
}

/// Whether a name is one of the house, or looks like it.
pub fn is_reserved(name: &str) -> bool {
    let name = key(name);
    RESERVED.iter().any(|reserved| key(reserved) == name)
}

/// Whether scripts stand together that people write together: one, or Latin with those of Chinese, Japanese or Korean
/// (UTS 39 section 5.2, "highly restrictive").
fn goes_together(text: &str) -> bool {
    if text.is_single_script() {
        return true;
    }
    let beside_latin: String = text.chars().filter(|c| !is_latin(*c)).collect();
    let set = AugmentedScriptSet::for_str(&beside_latin);
    set.jpan || set.hanb || set.kore
}

fn is_latin(c: char) -> bool {
    // A letter that is of one script with `a` and of none with the first letter of Cyrillic.
    let with = |other: char| [c, other].iter().collect::<String>().as_str().is_single_script();
    with('a') && !with('\u{430}')
}

/// What two names that look alike have in common: the skeleton of UTS 39 section 4, without case, spaces and signs, and
/// with `i` as `l`, because one of them is written as the other in capitals.
pub fn key(name: &str) -> String {
    let normal: String = name.nfkc().collect();
    // Once as it is written, for capitals that look like something else, and once as it is in small letters.
    let small = skeleton(&normal).collect::<String>().to_lowercase();
    let letters = skeleton(&small).filter(|c| c.is_alphanumeric() || !c.is_ascii() && !c.is_whitespace());
    letters.map(|c| if matches!(c, 'i' | 'ı' | 'ɩ') { 'l' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_pass() {
        for name in [
            "Ada Lovelace",
            "Tomás Rivera",
            "Kit Sørensen",
            "魏然",
            "王 Ada",
            "田中 ユキ Yuki",
            "김 Ada",
            "Дмитрий Волков",
            "Νίκος",
            "يوسف",
            "אדם",
            "प्रिया",
            "สมชาย",
            "Bram de Vries",
            "O'Neill",
            "J. R. Hartley",
            "Ada 🦀",
            "R2-D2",
            "Jean-Luc",
            "Amanda Root",
        ] {
            assert_eq!(shown(name).as_deref(), Ok(name));
        }
        assert_eq!(shown("  Ada\u{3000} King ").as_deref(), Ok("Ada King"), "spaces are put in order");
        assert_eq!(shown("Ａｄａ").as_deref(), Ok("Ada"), "wide letters are letters");
        assert_eq!(shown(&"王".repeat(32)).map(|name| name.chars().count()), Ok(32));
    }

    #[test]
    fn what_deceives_is_refused() {
        for (name, fault) in [
            ("", Fault::Length),
            ("   ", Fault::Length),
            (&"x".repeat(33), Fault::Length),
            (&format!("a{}", "\u{301}".repeat(200)), Fault::Length),
            ("a\nb", Fault::Hidden),
            ("a\u{1b}[31m", Fault::Hidden),
            ("ad\u{200B}a", Fault::Hidden),
            ("ada\u{202E}x", Fault::Hidden),
            ("ada\u{E000}", Fault::Hidden),
            ("ada\u{E0041}", Fault::Hidden),
            ("ad\u{AD}a", Fault::Hidden),
            ("ad\u{200D}a", Fault::Hidden),
            ("...", Fault::Nothing),
            ("🦀", Fault::Nothing),
            ("\u{430}da", Fault::Mixed),
            ("Αda", Fault::Mixed),
            ("Lyceum", Fault::Reserved),
            ("Lyceum Support", Fault::Reserved),
            ("The Moderator", Fault::Reserved),
            ("ADMIN", Fault::Reserved),
            ("AdmIn", Fault::Reserved),
            ("adm1n", Fault::Reserved),
            ("M0derator", Fault::Reserved),
            ("R O O T", Fault::Reserved),
            ("root", Fault::Reserved),
            ("ѕуѕтеm", Fault::Mixed),
        ] {
            assert_eq!(shown(name), Err(fault), "{name:?}");
        }
    }

    #[test]
    fn what_looks_alike_has_one_key() {
        for (one, other) in [
            ("Ada Lovelace", "ada-lovelace"),
            ("Ada", "\u{410}d\u{430}"),
            ("paypal", "раураl"),
            ("Bill", "BiIl"),
            ("bob1", "bobl"),
            ("bob0", "bobo"),
            ("modern", "modem"),
            ("Ａｄａ", "ada"),
            ("ILYA", "ilya"),
        ] {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
        for (one, other) in [("ada", "adah"), ("wei", "wej"), ("魏然", "陈晓"), ("chen", "chan"), ("ivo", "eva")] {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
        assert!(is_reserved("m0derator") && is_reserved("adm1n") && is_reserved("s-t-a-f-f") && is_reserved("r00t"));
        assert!(!is_reserved("admiral") && !is_reserved("hostess"));
    }
}

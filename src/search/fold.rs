//! One spelling for what readers take to be one word: rule 4 of [`super::pieces`].

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded word is cut after so many characters.
pub const LONGEST_WORD: usize = 48;

/// Marks that only accent a letter; a vowel sign of Hindi or Thai is not among them.
pub const ACCENTS: [(char, char); 12] = [
    ('\u{300}', '\u{36f}'),
    ('\u{483}', '\u{487}'),
    ('\u{591}', '\u{5c7}'),
    ('\u{610}', '\u{61a}'),
    ('\u{64b}', '\u{65f}'),
    ('\u{670}', '\u{670}'),
    ('\u{6d6}', '\u{6dc}'),
    ('\u{6df}', '\u{6e8}'),
    ('\u{1ab0}', '\u{1aff}'),
    ('\u{1dc0}', '\u{1dff}'),
    ('\u{20d0}', '\u{20ff}'),
    ('\u{fe20}', '\u{fe2f}'),
];

/// Letters whose accent Unicode holds to be part of them, and their plain spelling.
pub const LETTERS: [(char, &str); 9] = [
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ø', "o"),
    ('đ', "d"),
    ('ħ', "h"),
    ('ı', "i"),
    ('ł', "l"),
    ('ς', "σ"),
];

/// Whether a character lies in one of some ranges.
pub fn within(ranges: &[(char, char)], c: char) -> bool {
    ranges.iter().any(|&(from, to)| from <= c && c <= to)
}

/// The spelling under which a word is looked up: rule 4 of the module's page.
pub fn fold(word: &str) -> String {
    if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let end = word.len().min(LONGEST_WORD);
        return word[..end].to_ascii_lowercase();
    }
    let bare: String = word.nfkd().filter(|&c| !within(&ACCENTS, c)).nfc().collect();
    let mut folded = String::with_capacity(bare.len());
    for c in bare.to_lowercase().chars() {
        match LETTERS.iter().find(|(letter, _)| *letter == c) {
            Some((_, plain)) => folded.push_str(plain),
            // A combining dot may reappear when a capital İ is lowered.
            None if within(&ACCENTS, c) => {}
            None if c.is_alphanumeric() || is_combining_mark(c) => folded.push(c),
            None => {}
        }
    }
    match folded.char_indices().nth(LONGEST_WORD) {
        Some((end, _)) => folded[..end].to_string(),
        None => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_accents_and_keeps_the_rest() {
        assert_eq!(fold("Straße"), "strasse");
        assert_eq!(fold("ŁÓDŹ"), "lodz");
        assert_eq!(fold("İstanbul"), "istanbul");
        assert_eq!(fold("ﬁne"), "fine");
        assert_eq!(fold("ΣΟΦΌΣ"), fold("σοφός"));
        assert_eq!(fold("½"), "12");
        assert_eq!(fold(&"x".repeat(80)).len(), LONGEST_WORD);
        assert_eq!(fold(&"ü".repeat(80)).len(), LONGEST_WORD);
    }
}

//! Text to words, the same for building and for asking.
//!
//! Enters: plain text. Leaves: its [`pieces`] and their folded spelling ([`fold`]).
//! The reader in the browser repeats both exactly, so the rules are few and stand
//! here in full (`docs/search-pack.md` repeats them):
//!
//! 1. A character is a *mark* (general category M, or one of U+00AD, U+200C,
//!    U+200D, U+2060), else *unspaced* (alphabetic or a number, and in one of
//!    the ranges of [`UNSPACED`]: scripts that put no space between words), else
//!    a *letter* (alphabetic or a number), else a *gap*.
//! 2. A word is a letter with all letters and marks that follow it.
//! 3. An unspaced character with the marks after it is a unit. A run of units
//!    gives its overlapping pairs; a unit alone gives itself.
//! 4. Folding ([`super::fold`]): NFKD; the marks that accents are made of go; NFC;
//!    lower case; the few letters that Unicode does not take apart are respelt;
//!    whatever is then no letter, number or mark goes; the first 48 characters
//!    stay. A piece that folds to nothing does not count.
//! 5. Two words (rule 2) with a hyphen ([`HYPHENS`]) between them and nothing else,
//!    the first without a number and with no such hyphen before it, are also a
//!    *compound*: what they would be if written together. It stands before the second
//!    of them. So "co-production" and "coproduction" find each other; of longer
//!    chains only the beginning is one, for "day-to-day" is not about today.
//! 6. Pieces are numbered from 0 in each text: these are the positions. A
//!    compound has the position of its first word.

use super::fold::{fold, within};
use unicode_normalization::char::is_combining_mark;

/// Blocks of the scripts that are written without spaces (and Hangul, whose
/// words carry their particles): Thai, Lao, Myanmar, Hangul, Khmer, Han, Kana.
pub const UNSPACED: [(char, char); 11] = [
    ('\u{e00}', '\u{eff}'),
    ('\u{1000}', '\u{109f}'),
    ('\u{1100}', '\u{11ff}'),
    ('\u{1780}', '\u{17ff}'),
    ('\u{2e80}', '\u{9fff}'),
    ('\u{a960}', '\u{a97f}'),
    ('\u{ac00}', '\u{d7ff}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{ff66}', '\u{ffdc}'),
    ('\u{1b000}', '\u{1b16f}'),
    ('\u{20000}', '\u{3ffff}'),
];

/// What may join two words to a compound: hyphen-minus, the hyphen, and the one
/// at which no line breaks.
pub const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{2011}'];

#[derive(PartialEq, Clone, Copy)]
enum Class {
    Mark,
    Unspaced,
    Letter,
    Gap,
}

fn class(c: char) -> Class {
    if c.is_ascii() {
        return if c.is_ascii_alphanumeric() { Class::Letter } else { Class::Gap };
    }
    if is_combining_mark(c) || matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}') {
        Class::Mark
    } else if !c.is_alphanumeric() {
        Class::Gap
    } else if within(&UNSPACED, c) {
        Class::Unspaced
    } else {
        Class::Letter
    }
}

/// What a [`Piece`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word, or a unit of an unspaced script that stands alone.
    Word,
    /// Two units of an unspaced script; pairs of one run overlap.
    Pair,
    /// Two words that a hyphen joins, which are pieces by themselves too.
    Compound,
}

/// A stretch of text that counts as a word: `text[start..end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
}

/// The pieces of a text, in order. Some may yet fold to nothing.
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, at: 0, unit: None, joined: None, second: None }
}

/// Iterator of [`pieces`].
pub struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// Start of the unit just before `at`, when a pair may begin with it.
    unit: Option<usize>,
    /// Whether a hyphen joins a word to the one at `at`; if it begins a compound, its
    /// start.
    joined: Option<Option<usize>>,
    /// The second word of a compound that was just given.
    second: Option<Piece>,
}

impl Pieces<'_> {
    /// The byte after the last character from `from` on that `more` accepts.
    fn run(&self, from: usize, more: impl Fn(Class) -> bool) -> usize {
        // Most letters, and most of what ends a word, are single bytes.
        let rest = &self.text.as_bytes()[from..];
        let letters = || rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let plain = if more(Class::Letter) { letters() } else { 0 };
        let from = from + plain;
        if rest.get(plain).is_none_or(u8::is_ascii) {
            return from;
        }
        self.text[from..]
            .char_indices()
            .find(|&(_, c)| !more(class(c)))
            .map_or(self.text.len(), |(offset, _)| from + offset)
    }

    /// Where the word begins that a hyphen joins to the one that ends at `end`.
    fn after_hyphen(&self, end: usize) -> Option<usize> {
        let rest = self.text[end..].strip_prefix(HYPHENS)?;
        let letter = rest.chars().next().is_some_and(|next| class(next) == Class::Letter);
        letter.then(|| self.text.len() - rest.len())
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.second.is_some() {
            return self.second.take();
        }
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let gap = |byte: &&u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
            let gaps = rest.iter().take_while(gap).count();
            if gaps > 0 {
                (self.at, self.unit) = (self.at + gaps, None);
            }
            let start = self.at;
            let c = self.text[start..].chars().next()?;
            let after = start + c.len_utf8();
            match class(c) {
                Class::Letter => {
                    let end = self.run(after, |class| matches!(class, Class::Letter | Class::Mark));
                    let word = Piece { start, end, kind: Kind::Word };
                    let next = self.after_hyphen(end);
                    (self.at, self.unit) = (next.unwrap_or(end), None);
                    let before = self.joined.take();
                    self.joined = next.map(|_| {
                        let number = self.text[start..end].contains(char::is_numeric);
                        (before.is_none() && !number).then_some(start)
                    });
                    let Some(start) = before.flatten() else { return Some(word) };
                    self.second = Some(word);
                    return Some(Piece { start, end, kind: Kind::Compound });
                }
                Class::Unspaced => {
                    let end = self.run(after, |class| class == Class::Mark);
                    self.at = end;
                    if let Some(first) = self.unit.replace(start) {
                        return Some(Piece { start: first, end, kind: Kind::Pair });
                    }
                    let next = self.text[end..].chars().next();
                    if next.is_none_or(|next| class(next) != Class::Unspaced) {
                        return Some(Piece { start, end, kind: Kind::Word });
                    }
                }
                Class::Mark | Class::Gap => (self.at, self.unit) = (after, None),
            }
        }
    }
}

/// The folded pieces of a text that count, with their places.
pub fn words(text: &str) -> impl Iterator<Item = (Piece, String)> + '_ {
    pieces(text)
        .map(|piece| (piece, fold(&text[piece.start..piece.end])))
        .filter(|(_, word)| !word.is_empty())
}

/// Where the pieces that count begin, by position.
pub fn starts(text: &str) -> impl Iterator<Item = usize> + '_ {
    pieces(text)
        .filter(|piece| piece.kind != Kind::Compound)
        .filter(|piece| {
            let word = &text[piece.start..piece.end];
            word.bytes().any(|byte| byte.is_ascii_alphanumeric()) || !fold(word).is_empty()
        })
        .map(|piece| piece.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).map(|(_, word)| word).collect()
    }

    #[test]
    fn words_are_letters_numbers_and_marks() {
        assert_eq!(
            folded("Open-data: l’Élan, v2.0!"),
            ["open", "opendata", "data", "l", "elan", "v2", "0"]
        );
        assert_eq!(folded("e\u{301}tude co\u{ad}op"), ["etude", "coop"]);
        assert_eq!(folded("हिन्दी"), ["हिन्दी"]);
        assert_eq!(folded("\u{301} — …"), [""; 0]);
    }

    #[test]
    fn a_hyphen_between_two_words_makes_a_compound() {
        assert_eq!(folded("Co-Création"), ["co", "cocreation", "creation"]);
        assert_eq!(folded("e\u{2011}mail"), folded("e-mail"));
        assert_eq!(folded("a-b‐c-d e-f"), ["a", "ab", "b", "c", "d", "e", "ef", "f"]);
        assert_eq!(folded("day-to-day"), ["day", "dayto", "to", "day"]);
        assert_eq!(
            folded("COVID-19 2020-21 a--b a- b 東-b"),
            ["covid", "covid19", "19", "2020", "21", "a", "b", "a", "b", "東", "b"]
        );
        let text = "the co-production of";
        assert_eq!(
            starts(text).map(|at| &text[at..at + 2]).collect::<Vec<_>>(),
            ["th", "co", "pr", "of"]
        );
    }

    #[test]
    fn scripts_without_spaces_give_pairs() {
        assert_eq!(folded("東京都 data"), ["東京", "京都", "data"]);
        assert_eq!(folded("水, ガ"), ["水", "ガ"]);
        assert_eq!(folded("한국어"), ["한국", "국어"]);
    }
}

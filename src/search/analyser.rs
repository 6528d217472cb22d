//! The one analyser: text to words, the same for building and for asking.
//!
//! Enters: plain text in a language. Leaves: [`pieces`] of it, their folded
//! spelling ([`fold`]) and, on the build side alone, their stems ([`Analyser`],
//! a tantivy tokenizer that remembers which spelling led to which stem). It
//! never drops a word for being common, and no stemmer runs on a query.
//!
//! The reader in the browser repeats [`pieces`] and [`fold`] exactly, so the
//! rules are few and stand here in full (`docs/search-pack.md` repeats them):
//!
//! 1. A character is a *mark* (general category M, or one of U+00AD, U+200C,
//!    U+200D, U+2060), else *unspaced* (alphabetic or a number, and in one of
//!    the ranges of [`UNSPACED`]: scripts that put no space between words), else
//!    a *letter* (alphabetic or a number), else a *gap*.
//! 2. A word is a letter with all letters and marks that follow it.
//! 3. An unspaced character with the marks after it is a unit. A run of units
//!    gives its overlapping pairs; a unit alone gives itself.
//! 4. Folding: NFKD; the marks that accents are made of ([`ACCENTS`]) go; NFC;
//!    lower case; the few letters of [`LETTERS`] that Unicode does not take apart
//!    are respelt; whatever is then no letter, number or mark goes; the first
//!    48 characters stay. A piece that folds to nothing does not count.
//! 5. Pieces are numbered from 0 in each text: these are the positions.

use super::fold::within;
pub use super::fold::{ACCENTS, LETTERS, LONGEST_WORD, fold};
use frostem::{Algorithm, Stemmer};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;
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

/// A stretch of text that counts as a word: `text[start..end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Two units of an unspaced script; pairs of one run overlap.
    pub pair: bool,
}

/// The pieces of a text, in order. Some may yet fold to nothing.
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, at: 0, unit: None }
}

/// Iterator of [`pieces`].
pub struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// Start of the unit just before `at`, when a pair may begin with it.
    unit: Option<usize>,
}

impl Pieces<'_> {
    /// The byte after the last character from `from` on that `more` accepts.
    fn run(&self, from: usize, more: impl Fn(Class) -> bool) -> usize {
        self.text[from..]
            .char_indices()
            .find(|&(_, c)| !more(class(c)))
            .map_or(self.text.len(), |(offset, _)| from + offset)
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            let start = self.at;
            let c = self.text[start..].chars().next()?;
            let after = start + c.len_utf8();
            match class(c) {
                Class::Letter => {
                    let end = self.run(after, |class| matches!(class, Class::Letter | Class::Mark));
                    (self.at, self.unit) = (end, None);
                    return Some(Piece { start, end, pair: false });
                }
                Class::Unspaced => {
                    let end = self.run(after, |class| class == Class::Mark);
                    self.at = end;
                    if let Some(first) = self.unit.replace(start) {
                        return Some(Piece { start: first, end, pair: true });
                    }
                    let next = self.text[end..].chars().next();
                    if next.is_none_or(|next| class(next) != Class::Unspaced) {
                        return Some(Piece { start, end, pair: false });
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
        .filter(|piece| {
            let word = &text[piece.start..piece.end];
            word.bytes().any(|byte| byte.is_ascii_alphanumeric()) || !fold(word).is_empty()
        })
        .map(|piece| piece.start)
}

/// What the analyser learnt of one spelling.
struct Known {
    folded: Box<str>,
    stem: Box<str>,
    /// How often it was met.
    count: u32,
}

/// What the analyser learnt of a folded word.
#[derive(Default)]
pub struct Learnt {
    /// The stems it stands for.
    pub stems: BTreeSet<Box<str>>,
    /// How often it was met.
    pub count: u32,
}

/// What was learnt of all folded words.
pub type Vocabulary = BTreeMap<Box<str>, Learnt>;

/// Several vocabularies of one language as one.
pub fn joined(vocabularies: Vec<Vocabulary>) -> Vocabulary {
    let mut rest = vocabularies.into_iter();
    let mut all = rest.next().unwrap_or_default();
    for (word, own) in rest.flatten() {
        let learnt = all.entry(word).or_default();
        learnt.stems.extend(own.stems);
        learnt.count = learnt.count.saturating_add(own.count);
    }
    all
}

/// The tokenizer of one language's index. Clones share one memory.
#[derive(Clone)]
pub struct Analyser {
    stemmer: Option<Arc<Stemmer>>,
    /// Every spelling met so far: stemming is dear, and this is the map from
    /// words to stems that queries are resolved with.
    met: Arc<Mutex<Met>>,
}

/// Looked into once a word: the quicker of two sound hashes is worth its line.
type Met = HashMap<Box<str>, Known, foldhash::fast::RandomState>;

impl Analyser {
    /// The analyser of a language (a BCP 47 tag). Languages without a Snowball
    /// stemmer, Latvian among them, keep their words as they are.
    pub fn new(language: &str) -> Self {
        let primary = language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        // Norwegian has one stemmer for its two written forms.
        let name = if matches!(&*primary, "nb" | "nn") { "no" } else { &primary };
        let algorithm = (name.len() == 2).then(|| Algorithm::from_name(name).ok()).flatten();
        Self { stemmer: algorithm.map(|known| Arc::new(Stemmer::new(known))), met: Arc::default() }
    }

    /// All folded words of the text analysed so far.
    pub fn vocabulary(&self) -> Vocabulary {
        let mut words = Vocabulary::new();
        for known in self.memory().values().filter(|known| !known.folded.is_empty()) {
            let learnt = words.entry(known.folded.clone()).or_default();
            learnt.stems.insert(known.stem.clone());
            learnt.count = learnt.count.saturating_add(known.count);
        }
        words
    }

    fn memory(&self) -> MutexGuard<'_, Met> {
        // The map is whole after any panic elsewhere: inserting is its one change.
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The stem of a word is taken with its accents, as stemmers expect, and
/// folded afterwards; so one folded word may have several stems.
fn learn(stemmer: Option<&Stemmer>, word: &str) -> Known {
    let folded = fold(word);
    let stem = match stemmer {
        Some(stemmer) if folded.chars().count() < LONGEST_WORD => {
            fold(&stemmer.stem(&word.nfkc().collect::<String>().to_lowercase()))
        }
        _ => String::new(),
    };
    let stem = if stem.is_empty() { folded.clone() } else { stem };
    Known { folded: folded.into(), stem: stem.into(), count: 1 }
}

impl Tokenizer for Analyser {
    type TokenStream<'a> = Stems<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stems<'a> {
        let (stemmer, met) = (self.stemmer.as_deref(), self.memory());
        Stems { stemmer, met, text, pieces: pieces(text), token: Token::default() }
    }
}

/// The stems of a text, as tantivy takes them. It holds the memory meanwhile:
/// taking it for each word would cost as much as the word.
pub struct Stems<'a> {
    stemmer: Option<&'a Stemmer>,
    met: MutexGuard<'a, Met>,
    text: &'a str,
    pieces: Pieces<'a>,
    token: Token,
}

impl Stems<'_> {
    /// Puts the stem of a word into the token; false if the word folds to nothing.
    fn stem(&mut self, word: &str) -> bool {
        let stem = &mut self.token.text;
        stem.clear();
        if let Some(known) = self.met.get_mut(word) {
            known.count = known.count.saturating_add(1);
            stem.push_str(&known.stem);
        } else {
            let known = learn(self.stemmer, word);
            stem.push_str(&known.stem);
            self.met.insert(word.into(), known);
        }
        !stem.is_empty()
    }
}

impl TokenStream for Stems<'_> {
    fn advance(&mut self) -> bool {
        let text = self.text;
        while let Some(piece) = self.pieces.next() {
            if self.stem(&text[piece.start..piece.end]) {
                self.token.offset_from = piece.start;
                self.token.offset_to = piece.end;
                // The default position is the one before 0.
                self.token.position = self.token.position.wrapping_add(1);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).map(|(_, word)| word).collect()
    }

    #[test]
    fn words_are_letters_numbers_and_marks() {
        assert_eq!(folded("Open-data: l’Élan, v2.0!"), ["open", "data", "l", "elan", "v2", "0"]);
        assert_eq!(folded("e\u{301}tude co\u{ad}op"), ["etude", "coop"]);
        assert_eq!(folded("हिन्दी"), ["हिन्दी"]);
        assert_eq!(folded("\u{301} — …"), [""; 0]);
    }

    #[test]
    fn scripts_without_spaces_give_pairs() {
        assert_eq!(folded("東京都 data"), ["東京", "京都", "data"]);
        assert_eq!(folded("水, ガ"), ["水", "ガ"]);
        assert_eq!(folded("한국어"), ["한국", "국어"]);
    }

    #[test]
    fn a_folded_word_may_have_several_stems() {
        let mut analyser = Analyser::new("es");
        analyser.token_stream("tenía tenia").process(&mut |_| {});
        let words = analyser.vocabulary();
        assert_eq!((words["tenia"].stems.len(), words["tenia"].count), (2, 2));
        let mut latvian = Analyser::new("lv");
        latvian.token_stream("Ūdeņi").process(&mut |token| assert_eq!(token.text, "udeni"));
    }
}

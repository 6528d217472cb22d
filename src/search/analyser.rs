//! The analyser of the build side: text to the stems that tantivy indexes.
//!
//! Enters: plain text in a language. Leaves: the stems of its
//! [pieces](super::pieces), as a tantivy tokenizer that remembers which spelling
//! led to which stem. It never drops a word for being common, and no stemmer runs
//! on a query.

use super::fold::{LONGEST_WORD, fold};
use super::pieces::{HYPHENS, Kind, Pieces, pieces};
use super::vocabulary::{Pair, Vocabulary};
use frostem::{Algorithm, Stemmer};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;

/// What the analyser learnt of one spelling.
struct Known {
    folded: Box<str>,
    stem: Box<str>,
    /// How often it was met.
    count: u32,
}

impl Known {
    fn pair(&self, spelling: &str) -> Pair<'_> {
        // Only compounds have hyphens, and they do not count.
        let count = if spelling.contains(HYPHENS) { 0 } else { self.count };
        (&self.folded, &self.stem, count)
    }
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
        let memory = self.memory();
        let words = memory.iter().filter(|(_, known)| !known.folded.is_empty());
        words.map(|(spelling, known)| known.pair(spelling)).collect()
    }

    fn memory(&self) -> MutexGuard<'_, Met> {
        // The map is whole after any panic elsewhere: inserting is its one change.
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The stem of a word is taken with its accents, as stemmers expect, and
/// folded afterwards; so one folded word may have several stems. A compound's is
/// that of the word written together.
fn learn(stemmer: Option<&Stemmer>, word: &str) -> Known {
    let folded = fold(word);
    let stem = match stemmer {
        Some(stemmer) if folded.chars().count() < LONGEST_WORD => {
            let plain = word.nfkc().filter(|c| !HYPHENS.contains(c));
            fold(&stemmer.stem(&plain.collect::<String>().to_lowercase()))
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
        let (token, counted) = (Token::default(), false);
        Stems { stemmer, met, text, pieces: pieces(text), token, counted }
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
    /// Whether the piece before gave a token.
    counted: bool,
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
            let compound = piece.kind == Kind::Compound;
            // A compound belongs to its first word. Where both have one stem, the word
            // has said it: no stem stands at one position twice.
            let first = compound.then(|| self.token.text.clone());
            if compound && !self.counted {
                continue;
            }
            self.counted = self.stem(&text[piece.start..piece.end]) || compound;
            if self.token.text.is_empty() || first.as_ref() == Some(&self.token.text) {
                continue;
            }
            self.token.offset_from = piece.start;
            self.token.offset_to = piece.end;
            if !compound {
                // The default position is the one before 0.
                self.token.position = self.token.position.wrapping_add(1);
            }
            return true;
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

    #[test]
    fn a_compound_stands_where_its_first_word_does() {
        let (mut tokens, mut analyser) = (Vec::new(), Analyser::new("en"));
        let mut take = |token: &Token| tokens.push((token.text.clone(), token.position));
        analyser.token_stream("the co-production of coproduction").process(&mut take);
        let tokens: Vec<_> = tokens.iter().map(|(text, at)| (&**text, *at)).collect();
        let second = [("product", 2), ("of", 3), ("coproduct", 4)];
        assert_eq!(tokens, [&[("the", 0), ("co", 1), ("coproduct", 1)], &second[..]].concat());
    }

    #[test]
    fn a_folded_word_may_have_several_stems() {
        let mut analyser = Analyser::new("es");
        analyser.token_stream("tenía tenia").process(&mut |_| {});
        let words = analyser.vocabulary();
        let words: Vec<_> = words.iter().map(|(word, _, count)| (word, count)).collect();
        assert_eq!(words, [("tenia", 1), ("tenia", 1)]);
        let mut latvian = Analyser::new("lv");
        latvian.token_stream("Ūdeņi").process(&mut |token| assert_eq!(token.text, "udeni"));
    }
}

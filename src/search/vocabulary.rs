//! The words of an index, each with the stems that it stands for.
//!
//! Enters: what an analyser learnt, part by part. Leaves: a [`Vocabulary`] of each, which
//! takes few pieces of memory, since most are read back from the last build; and all words
//! and stems of an index.

use super::words::{Word, Words};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A folded word, a stem that it stands for, and how often it was met with that stem by
/// itself, and not as a compound.
pub type Pair<'v> = (&'v str, &'v str, u32);

/// The pairs that were met in some texts, each once, in the order of words and stems.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Word and stem of each pair, one behind the other.
    text: String,
    /// Of each pair: where its word and its stem end, and how often it was met.
    pairs: Vec<(usize, usize, u32)>,
}

impl Vocabulary {
    /// The pairs, in order.
    pub fn iter(&self) -> impl Iterator<Item = Pair<'_>> {
        let mut from = 0;
        self.pairs.iter().map(move |&(word, stem, count)| {
            let own = (&self.text[from..word], &self.text[word..stem], count);
            from = stem;
            own
        })
    }
}

impl<'p> FromIterator<Pair<'p>> for Vocabulary {
    fn from_iter<I: IntoIterator<Item = Pair<'p>>>(pairs: I) -> Self {
        let mut out = Self::default();
        for (word, stem, count) in in_order(pairs.into_iter().collect()) {
            out.text.push_str(word);
            let end = out.text.len();
            out.text.push_str(stem);
            out.pairs.push((end, out.text.len(), count));
        }
        out
    }
}

/// In order, each pair once, with what was counted added up.
fn in_order(mut pairs: Vec<Pair<'_>>) -> Vec<Pair<'_>> {
    // What is in order by pieces, as several vocabularies are, is only merged.
    pairs.par_sort_by(|(a, first, _), (b, second, _)| (a, first).cmp(&(b, second)));
    pairs.dedup_by(|again, pair| {
        let same = (again.0, again.1) == (pair.0, pair.1);
        if same {
            pair.2 = pair.2.saturating_add(again.2);
        }
        same
    });
    pairs
}

/// All stems, in order, and all words of several vocabularies of one language.
pub fn join(vocabularies: &[Vocabulary]) -> (Vec<Box<str>>, Words) {
    let pairs = in_order(vocabularies.iter().flat_map(Vocabulary::iter).collect());
    let mut stems: Vec<&str> = pairs.iter().map(|(_, stem, _)| *stem).collect();
    stems.par_sort_unstable();
    stems.dedup();
    let ordinals: HashMap<&str, u32, foldhash::fast::RandomState> =
        stems.iter().copied().zip(0..).collect();
    let word = |own: &[Pair<'_>]| {
        let count: u32 = own.iter().fold(0, |sum, (_, _, count)| sum.saturating_add(*count));
        Word {
            text: own[0].0.into(),
            stems: own.iter().map(|(_, stem, _)| ordinals[stem]).collect(),
            frequency: count.checked_ilog2().map_or(0, |log| log as u8 + 1),
        }
    };
    let words: Vec<Word> = pairs.par_chunk_by(|a, b| a.0 == b.0).map(word).collect();
    (stems.into_iter().map(Box::from).collect(), Words::new(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_stems_are_joined_and_counted() {
        let first: Vocabulary = [("b", "x", 2), ("a", "y", 1), ("b", "x", 1)].into_iter().collect();
        assert_eq!(first.iter().collect::<Vec<_>>(), [("a", "y", 1), ("b", "x", 3)]);
        let second: Vocabulary = [("b", "w", 1), ("c", "y", 0)].into_iter().collect();
        let (stems, words) = join(&[first, Vocabulary::default(), second]);
        assert_eq!(stems, ["w", "x", "y"].map(Box::from));
        let words: Vec<_> =
            words.all().iter().map(|word| (&*word.text, &*word.stems, word.frequency)).collect();
        assert_eq!(words, [("a", &[2][..], 1), ("b", &[0, 1], 3), ("c", &[2], 0)]);
    }
}

//! What a typed word stands for: the one procedure that resolves query words.
//!
//! Enters: the folded words of one language's index with their stems, and a
//! folded word as somebody typed it. Leaves: the stems to look for, each with a
//! boost. No stemmer runs here, and the reader in the browser does the same:
//!
//! 1. A word of the index stands for its stems, boost 1.
//! 2. A word still being typed, of three letters or more (or one unspaced unit),
//!    stands also for the words that begin with it: the best [`COMPLETIONS`]
//!    further stems, boosts 1/2, 1/3, ….
//! 3. A word that stands for nothing so far and has three letters or more and no
//!    digit may be another *ending* of a known word. Of its prefixes that are at
//!    least four letters long and at most three shorter than it, the longest with
//!    which a known word begins that is at most three letters longer than the
//!    prefix: the best [`GUESSES`] stems of such words, boosts 1, 1/2, …. If those
//!    words occur as compounds only, others of the longest prefix that has others
//!    come after them: "startups" may be start-ups, "signing" no sign-ins.
//! 4. Else it may be the *beginning* of known words, as in rule 2.
//! 5. Else it may be a *slip*: known words with the same first letter within one
//!    edit (from four letters) or two (from eight): the best [`GUESSES`] stems,
//!    boosts 1/2, 1/3, …. An edit is a letter more, less or other, or two
//!    neighbours swapped.
//!
//! For rule 5, words that occur as compounds only count if there are no others. A pair of unspaced units has rule 1 alone, a compound the first four: its
//! two words are there besides. The best word of rules 4 and 5 is what "did you mean"
//! proposes; in a phrase, for which only words of the index count, that of rule 3
//! too. Nothing is proposed for a compound.
//! "Best" is: longest prefix, fewest edits, then frequency (as a power of two), then the order
//! of UTF-16 code units, which is JavaScript's.

use super::pieces::{Kind, UNSPACED};
use std::cmp::{Ordering, Reverse};

/// Stems that a word being typed may add.
pub const COMPLETIONS: usize = 4;
/// Stems that an unknown word may stand for.
pub const GUESSES: usize = 3;

/// A folded word of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The folded spelling.
    pub text: Box<str>,
    /// Ordinals of its stems, ascending; at least one.
    pub stems: Vec<u32>,
    /// 0 if it occurs as a compound only, else one more than the floor of the binary
    /// logarithm of how often it occurs: rough on purpose, so that an edit changes few
    /// of them.
    pub frequency: u8,
}

/// The words of one language, ordered by [`order`].
#[derive(Debug, Default)]
pub struct Words {
    list: Vec<Word>,
    /// By stem: the places of its words.
    forms: Vec<Vec<u32>>,
}

/// What one word of a query stands for.
#[derive(Debug, Default, PartialEq)]
pub struct Meaning<'a> {
    /// Ordinals of stems with their boosts.
    pub stems: Vec<(u32, f32)>,
    /// What was probably meant, where the index has no such word.
    pub instead: Option<&'a str>,
}

/// The order of JavaScript's strings: by UTF-16 code units.
pub fn order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

impl Words {
    /// Puts words in order; each text must occur once.
    pub fn new(mut words: Vec<Word>) -> Self {
        words.sort_by(|a, b| order(&a.text, &b.text));
        let stems = words.iter().flat_map(|word| &word.stems).max().map_or(0, |most| most + 1);
        let mut forms = vec![Vec::new(); stems as usize];
        for (at, word) in (0u32..).zip(&words) {
            word.stems.iter().for_each(|&stem| forms[stem as usize].push(at));
        }
        Self { list: words, forms }
    }

    /// The words that stand for a stem.
    pub fn forms(&self, stem: u32) -> impl Iterator<Item = &Word> {
        let places = self.forms.get(stem as usize).into_iter().flatten();
        places.filter_map(|&at| self.list.get(at as usize))
    }

    /// All words, in order.
    pub fn all(&self) -> &[Word] {
        &self.list
    }

    /// The word spelt so, if the index has it.
    pub fn find(&self, text: &str) -> Option<&Word> {
        let at = self.list.binary_search_by(|word| order(&word.text, text)).ok()?;
        self.list.get(at)
    }

    /// The words that begin so.
    fn beginning(&self, prefix: &str) -> &[Word] {
        let from = self.list.partition_point(|word| order(&word.text, prefix) == Ordering::Less);
        let rest = &self.list[from..];
        &rest[..rest.partition_point(|word| word.text.starts_with(prefix))]
    }

    /// What a folded word stands for; `typing` says that it may go on.
    pub fn resolve(&self, word: &str, kind: Kind, typing: bool) -> Meaning<'_> {
        let mut meaning = Meaning::default();
        if let Some(known) = self.find(word) {
            meaning.stems.extend(known.stems.iter().map(|&stem| (stem, 1.0)));
        }
        let letters: Vec<char> = word.chars().collect();
        if kind == Kind::Pair {
            return meaning;
        }
        let begins = || self.beginning(word).iter().map(|word| (0, word)).collect();
        if typing && (letters.len() >= 3 || unspaced(&letters)) {
            best(begins(), COMPLETIONS, 2, &mut meaning.stems);
        }
        if !meaning.stems.is_empty()
            || letters.len() < 3
            || letters.iter().any(|letter| letter.is_numeric())
        {
            return meaning;
        }
        meaning.instead = best(self.endings(&letters), GUESSES, 1, &mut meaning.stems)
            .or_else(|| best(begins(), COMPLETIONS, 2, &mut meaning.stems));
        if kind == Kind::Compound {
            meaning.instead = None;
        } else if meaning.stems.is_empty() {
            meaning.instead = best(self.slips(&letters), GUESSES, 2, &mut meaning.stems);
        }
        meaning
    }

    fn endings(&self, letters: &[char]) -> Vec<(usize, &Word)> {
        let mut found: Vec<(usize, &Word)> = Vec::new();
        for length in (4.max(letters.len().saturating_sub(3))..=letters.len()).rev() {
            let prefix: String = letters[..length].iter().collect();
            let near = |word: &&Word| word.text.chars().count() <= length + 3;
            let own: Vec<&Word> = self.beginning(&prefix).iter().filter(near).collect();
            let last = own.iter().any(|word| word.alone());
            if last || found.is_empty() {
                found.extend(own.into_iter().map(|word| (letters.len() - length, word)));
            }
            if last {
                break;
            }
        }
        found
    }

    fn slips(&self, letters: &[char]) -> Vec<(usize, &Word)> {
        let most = match letters.len() {
            0..4 => return Vec::new(),
            4..8 => 1,
            _ => 2,
        };
        let near = |word| Some((edits(letters, word, most)?, word));
        let mut found: Vec<_> =
            self.beginning(&letters[0].to_string()).iter().filter_map(near).collect();
        if found.iter().any(|(_, word)| word.alone()) {
            found.retain(|(_, word)| word.alone());
        }
        found
    }
}

impl Word {
    /// Whether it occurs by itself, and not as a compound only.
    fn alone(&self) -> bool {
        self.frequency > 0
    }
}

/// Whether a word is a unit of an unspaced script.
fn unspaced(letters: &[char]) -> bool {
    letters.first().is_some_and(|&c| UNSPACED.iter().any(|&(from, to)| from <= c && c <= to))
}

/// Adds the stems of the best candidates, at most `most` new ones, with boosts
/// 1/`below`, 1/(`below` + 1), …; returns the spelling of the best candidate.
fn best<'a>(
    mut candidates: Vec<(usize, &'a Word)>,
    most: usize,
    below: u16,
    stems: &mut Vec<(u32, f32)>,
) -> Option<&'a str> {
    // The words of the index stand in order, so a stable sort ends ties rightly.
    candidates.sort_by_key(|(edits, word)| (*edits, Reverse(word.frequency)));
    let mut ranks = (below..).take(most);
    'all: for (_, word) in &candidates {
        for &stem in &word.stems {
            if stems.iter().all(|(known, _)| *known != stem) {
                let Some(rank) = ranks.next() else { break 'all };
                stems.push((stem, 1.0 / f32::from(rank)));
            }
        }
    }
    candidates.first().map(|(_, word)| &*word.text)
}

/// The number of edits between a word and a candidate, if it is at most `most`.
fn edits(letters: &[char], candidate: &Word, most: usize) -> Option<usize> {
    let other: Vec<char> = candidate.text.chars().collect();
    if letters.len().abs_diff(other.len()) > most {
        return None;
    }
    let (mut before, mut above) = (Vec::new(), (0..=other.len()).collect::<Vec<usize>>());
    for (i, letter) in letters.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, candidate) in other.iter().enumerate() {
            let mut least =
                (above[j] + usize::from(letter != candidate)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == other[j - 1] && letters[i - 1] == *candidate {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    Some(above[other.len()]).filter(|edits| *edits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[(&str, u8)]) -> Words {
        let word = |(stem, (text, frequency)): (usize, &(&str, u8))| Word {
            text: (*text).into(),
            stems: vec![stem as u32],
            frequency: *frequency,
        };
        Words::new(list.iter().enumerate().map(word).collect())
    }

    #[test]
    fn a_known_word_stands_for_itself_and_while_typed_for_its_continuations() {
        let words = words(&[("wat", 1), ("water", 5), ("waters", 2), ("watt", 5), ("wax", 9)]);
        assert_eq!(words.resolve("water", Kind::Word, false).stems, [(1, 1.0)]);
        let typed = words.resolve("wat", Kind::Word, true).stems;
        assert_eq!(typed, [(0, 1.0), (1, 0.5), (3, 1.0 / 3.0), (2, 0.25)]);
        assert_eq!(words.resolve("wa", Kind::Word, true).stems, []);
    }

    #[test]
    fn an_unknown_word_is_another_ending_or_a_slip() {
        let words = words(&[("heating", 3), ("heat", 4), ("environment", 4), ("design", 2)]);
        let ending = words.resolve("heatings", Kind::Word, false);
        assert_eq!((ending.stems, ending.instead), (vec![(0, 1.0)], Some("heating")));
        let slip = words.resolve("enviroment", Kind::Word, false);
        assert_eq!((slip.stems, slip.instead), (vec![(2, 0.5)], Some("environment")));
        assert_eq!(words.resolve("desing", Kind::Word, false).instead, Some("design"));
        assert_eq!(words.resolve("zebra", Kind::Word, false), Meaning::default());
        assert_eq!(words.resolve("heat2", Kind::Word, false), Meaning::default());
        assert_eq!(words.resolve("", Kind::Word, true), Meaning::default());
    }

    #[test]
    fn compounds_hide_no_others() {
        let words =
            words(&[("sign", 3), ("signin", 0), ("cocreate", 0), ("codes", 1), ("dock", 2)]);
        assert_eq!(words.resolve("signing", Kind::Word, false).stems, [(1, 1.0), (0, 0.5)]);
        assert_eq!(words.resolve("signin", Kind::Word, false).stems, [(1, 1.0)]);
        assert_eq!(words.resolve("cocreated", Kind::Word, false).instead, Some("cocreate"));
        assert_eq!(words.resolve("cocraete", Kind::Word, false).instead, Some("cocreate"));
        assert_eq!(words.resolve("coces", Kind::Word, false).instead, Some("codes"));
        // A compound may have another ending and be a beginning, and is no slip.
        let ending = words.resolve("cocreates", Kind::Compound, false);
        assert_eq!((ending.stems, ending.instead), (vec![(2, 1.0)], None));
        assert_eq!(words.resolve("cocr", Kind::Compound, false).stems, [(2, 0.5)]);
        assert_eq!(words.resolve("cocraete", Kind::Compound, false).stems, []);
        assert_eq!(words.resolve("cocr", Kind::Pair, true).stems, []);
    }

    #[test]
    fn a_word_that_stands_for_nothing_may_be_a_beginning() {
        let words = words(&[("coproduction", 2), ("comet", 4), ("copper", 1)]);
        let begun = words.resolve("coprod", Kind::Word, false);
        assert_eq!((begun.stems, begun.instead), (vec![(0, 0.5)], Some("coproduction")));
        assert_eq!(words.resolve("comte", Kind::Word, false).instead, Some("comet"));
    }

    #[test]
    fn order_is_that_of_javascript() {
        assert_eq!(order("\u{ffff}", "\u{10000}"), Ordering::Greater);
        assert_eq!(order("a", "ä"), Ordering::Less);
    }
}

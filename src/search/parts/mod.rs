//! The parts of an index: consecutive documents, each part indexed by itself.
//!
//! Enters: the documents of one language in the order of their numbers, and the
//! fields to search. Leaves: [`Part`]s, which tantivy makes on all cores, each with
//! the words that were met in it. A part follows from its own documents alone, so
//! whoever builds often may keep parts on a [`Shelf`]: then an edit costs one of them.

mod form;
mod kept;
mod starts;

use super::analyser::Analyser;
use super::index::SearchedField;
use super::vocabulary::Vocabulary;
use super::{Document, Error, each_text};
use crate::shelf::Shelf;
use rayon::prelude::*;
use starts::Starts;
use std::ops::Range;
use tantivy::directory::RamDirectory;
use tantivy::index::SegmentReader;
use tantivy::schema::Schema;
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};
use tantivy::{Index, Searcher, TantivyDocument, TantivyError};

/// Documents of a part, at most about.
pub const SIZE: usize = 625;

/// Bytes that tantivy plans its hash tables for; not a limit.
const MEMORY: usize = 50_000_000;

/// Some documents, indexed.
pub struct Part {
    /// Ordinal of its first document.
    pub first: u32,
    /// Its one segment.
    pub segment: SegmentReader,
    starts: Starts,
    index: Index,
}

/// Makes a part of each range of documents, or recalls it; with the words of each.
pub fn make(
    lang: &str,
    documents: &[Document],
    ranges: Vec<Range<usize>>,
    (schema, fields): (&Schema, &[SearchedField]),
    shelf: Option<&dyn Shelf>,
) -> Result<Vec<(Part, Vocabulary)>, Error> {
    let make = |own: Range<usize>| {
        let first = u32::try_from(own.start).unwrap_or(u32::MAX);
        let documents = &documents[own];
        let place = shelf.map(|shelf| (shelf, form::key(lang, documents, fields)));
        let recall = |(shelf, key): &(&dyn Shelf, _)| form::read(key, shelf.recall(key)?, first);
        if let Some(recalled) = place.as_ref().and_then(recall) {
            return Ok(recalled);
        }
        let (part, directory, vocabulary) = Part::new(lang, documents, first, schema, fields)?;
        if let Some((shelf, key)) = place
            && let Some(bytes) = form::write(&key, &part, &directory, &vocabulary)
        {
            shelf.keep(&key, &bytes);
        }
        Ok((part, vocabulary))
    };
    ranges.into_par_iter().map(make).collect()
}

/// Several parts as one.
pub fn join(parts: &[Part]) -> Result<Part, Error> {
    let indexes: Vec<Index> = parts.iter().map(|part| part.index.clone()).collect();
    let index = tantivy::indexer::merge_indices(&indexes, RamDirectory::create())?;
    let mut starts = Starts::default();
    parts.iter().for_each(|part| starts.append(&part.starts));
    Part::of(index, starts, 0)
}

/// Where to cut parts of about `size` documents, by ordinal; at least one. It follows
/// from their numbers, which are spread evenly over up to four times their count, so
/// that an entry more or less moves none from part to part, unless their count passes a
/// power of two: then all have other numbers.
pub fn cut(numbers: &[u32], size: usize) -> Vec<Range<usize>> {
    let parts = numbers.len().div_ceil(size).next_power_of_two();
    let width = (super::index::space(numbers.len()) / parts).max(1);
    let mut ranges = Vec::with_capacity(parts);
    let mut start = 0;
    for part in 1..=parts {
        // The last few may stand past the space, each after one whose number it would have.
        let end = match part == parts {
            true => numbers.len(),
            false => numbers.partition_point(|number| (*number as usize) < part * width),
        };
        ranges.push(start..end);
        start = end;
    }
    ranges
}

impl Part {
    /// Indexes documents; with what tantivy wrote and the words that were met.
    fn new(
        lang: &str,
        documents: &[Document],
        first: u32,
        schema: &Schema,
        fields: &[SearchedField],
    ) -> Result<(Self, RamDirectory, Vocabulary), Error> {
        let analyser = Analyser::new(lang);
        let tokenizers = TokenizerManager::new();
        tokenizers.register("exempla", TextAnalyzer::from(analyser.clone()));
        let directory = RamDirectory::create();
        let builder = Index::builder().schema(schema.clone()).tokenizers(tokenizers);
        let mut writer = builder.single_segment_index_writer(directory.clone(), MEMORY)?;
        let index = || {
            for document in documents {
                let mut entry = TantivyDocument::default();
                for field in fields {
                    each_text(document, &field.name, |text| entry.add_text(field.handle, text));
                }
                writer.add_document(entry)?;
            }
            writer.finalize()
        };
        // Mostly this part is the one that all wait for.
        let (index, starts) = rayon::join(index, || Starts::of_all(documents));
        Ok((Self::of(index?, starts, first)?, directory, analyser.vocabulary()))
    }

    fn of(index: Index, starts: Starts, first: u32) -> Result<Self, Error> {
        let segment = index.searchable_segments()?.pop();
        let none = || TantivyError::SystemError("a part of the index has no segment".into());
        let segment = SegmentReader::open(&segment.ok_or_else(none)?)?;
        Ok(Self { first, segment, starts, index })
    }

    /// tantivy's searcher over it.
    pub fn searcher(&self) -> Result<Searcher, Error> {
        Ok(self.index.reader()?.searcher())
    }

    /// Where the words of a body begin, by position; the document is counted from
    /// the part's first.
    pub fn starts(&self, document: u32) -> impl Iterator<Item = usize> {
        self.starts.of(document as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_cut_by_numbers_and_hold_all() {
        let all = |ranges: &[Range<usize>]| ranges.iter().map(|own| own.len()).collect::<Vec<_>>();
        assert_eq!((all(&cut(&[], 4)), all(&cut(&[1, 5], 4))), (vec![0], vec![2]));
        // Ten documents have numbers below 32, or a little more.
        let numbers = [0, 1, 9, 15, 16, 24, 25, 31, 32, 33];
        assert_eq!(cut(&numbers, 5), [0..4, 4..10]);
        assert_eq!(cut(&numbers, 4), [0..2, 2..4, 4..5, 5..10]);
        let fewer = [0, 1, 9, 15, 16, 24, 25, 31, 32];
        assert_eq!(cut(&fewer, 5), [0..4, 4..9], "one less moves none");
        let single = cut(&numbers, 1);
        assert_eq!(single.len(), 16);
        assert!(single.iter().zip(&single[1..]).all(|(a, b)| a.end == b.start));
    }
}

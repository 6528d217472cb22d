//! The parts of an index: consecutive documents, each part indexed by itself.
//!
//! Enters: the documents of one language in the order of their numbers, and the
//! fields to search. Leaves: [`Part`]s, which tantivy makes on all cores, each with
//! the words that were met in it. A part follows from its own documents alone, so
//! whoever builds often may keep parts ([`Kept`]): then an edit costs one of them.
//! What was kept is believed only if it is whole.

use super::analyser::{Analyser, Learnt, Vocabulary};
use super::index::SearchedField;
use super::{Document, Error, pieces};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::Path;
use tantivy::directory::{Directory, RamDirectory};
use tantivy::index::SegmentReader;
use tantivy::schema::Schema;
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};
use tantivy::{Index, Searcher, TantivyDocument, TantivyError};

/// Documents of a part, at most about.
pub const SIZE: usize = 625;

/// Bytes that tantivy plans its hash tables for; not a limit.
const MEMORY: usize = 50_000_000;

/// Bytes of a hash.
const HASH: usize = 32;

/// Where parts are kept from build to build. What it gives back is checked, and
/// may well be damaged; what it cannot keep is made again.
pub trait Kept: Sync {
    /// What was kept under a key.
    fn recall(&self, key: &[u8; HASH]) -> Option<Vec<u8>>;
    /// Keeps something under a key, which stands for all that it is made from.
    fn keep(&self, key: &[u8; HASH], bytes: &[u8]);
}

/// Nothing is kept.
impl Kept for () {
    fn recall(&self, _: &[u8; HASH]) -> Option<Vec<u8>> {
        None
    }
    fn keep(&self, _: &[u8; HASH], _: &[u8]) {}
}

/// Some documents, indexed.
pub struct Part {
    /// Ordinal of its first document.
    pub first: u32,
    /// Its one segment.
    pub segment: SegmentReader,
    /// The words that were met.
    pub vocabulary: Vocabulary,
    starts: Starts,
    index: Index,
    files: RamDirectory,
}

/// Where the words of bodies begin, by document.
#[derive(Default)]
struct Starts {
    /// The byte of each word less that of the word before it, one number after
    /// another: seven bits a byte, the lowest first, the top bit if more follow.
    distances: Vec<u8>,
    /// Where each document's end.
    ends: Vec<usize>,
}

impl Starts {
    fn add(&mut self, body: &str) {
        let mut before = 0;
        for start in pieces::starts(body) {
            let mut rest = start - before;
            while rest >= 0x80 {
                self.distances.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            self.distances.push(rest as u8);
            before = start;
        }
        self.ends.push(self.distances.len());
    }

    fn of(&self, document: usize) -> impl Iterator<Item = usize> {
        let from = document.checked_sub(1).map_or(0, |before| self.ends[before]);
        let (mut start, mut number, mut shift) = (0, 0, 0);
        self.distances[from..self.ends[document]].iter().filter_map(move |byte| {
            number |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            (*byte < 0x80).then(|| {
                start += std::mem::take(&mut number);
                shift = 0;
                start
            })
        })
    }
}

/// What is kept of a part, before the bytes of its files.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    /// tantivy's files with their sizes.
    #[serde(borrow)]
    files: Vec<(&'a str, usize)>,
    /// The words with how often they were met, and their stems.
    words: Vec<(&'a str, u32, Vec<&'a str>)>,
    /// Where the [`Starts`] of each document end.
    ends: Vec<usize>,
}

/// Makes the parts of an index, or recalls them: one of each range of documents.
pub fn make(
    lang: &str,
    documents: &[Document],
    ranges: Vec<Range<usize>>,
    (schema, fields): (&Schema, &[SearchedField]),
    kept: &dyn Kept,
) -> Result<Vec<Part>, Error> {
    let make = |own: Range<usize>| {
        let first = u32::try_from(own.start).unwrap_or(u32::MAX);
        let documents = &documents[own];
        let key = key(lang, documents, fields);

        let got = kept.recall(&key);

        let part = got.and_then(|bytes| Part::read(&bytes, first));

        if let Some(part) = part {
            return Ok(part);
        }
        let part = Part::new(lang, documents, first, schema, fields)?;

        if let Some(bytes) = part.write() {
            kept.keep(&key, &bytes);
        }
        Ok(part)
    };
    ranges.into_par_iter().map(make).collect()
}

/// Several parts as one, whose words are not told again.
pub fn join(parts: &[Part]) -> Result<Part, Error> {
    let indexes: Vec<Index> = parts.iter().map(|part| part.index.clone()).collect();
    let files = RamDirectory::create();
    let index = tantivy::indexer::merge_indices(&indexes, files.clone())?;
    let mut starts = Starts::default();
    for part in parts {
        let before = starts.distances.len();
        starts.distances.extend_from_slice(&part.starts.distances);
        starts.ends.extend(part.starts.ends.iter().map(|end| before + end));
    }
    Part::of(index, files, Vocabulary::new(), starts, 0)
}

/// Where to cut parts of about `size` documents, by ordinal. It follows from their
/// numbers, so that an entry more or less moves none from part to part: numbers are
/// spread evenly, and ranges of one width hold about as many each.
pub fn cut(numbers: &[u32], size: usize) -> Vec<Range<usize>> {
    let Some(last) = numbers.last() else { return Vec::new() };
    let parts = numbers.len().div_ceil(size).next_power_of_two();
    let width = ((*last as usize + 1).next_power_of_two() / parts).max(1);
    let mut ranges = Vec::with_capacity(parts);
    let mut start = 0;
    while let Some(number) = numbers.get(start) {
        let end = (*number as usize / width + 1) * width;
        let count = numbers[start..].partition_point(|number| (*number as usize) < end);
        ranges.push(start..start + count);
        start += count;
    }
    ranges
}

/// The hash of all that a part is made from, but for the program.
fn key(lang: &str, documents: &[Document], fields: &[SearchedField]) -> [u8; HASH] {
    let mut hasher = blake3::Hasher::new();
    let names: Vec<&str> = fields.iter().map(|field| &*field.name).collect();
    hasher.update(format!("{lang} {names:?}").as_bytes());
    for document in documents {
        for field in fields {
            texts(document, &field.name, |text| {
                hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
            });
            // Where a field ends: no text is so long.
            hasher.update(&u64::MAX.to_le_bytes());
        }
    }
    *hasher.finalize().as_bytes()
}

impl Part {
    fn new(
        lang: &str,
        documents: &[Document],
        first: u32,
        schema: &Schema,
        fields: &[SearchedField],
    ) -> Result<Self, Error> {
        let analyser = Analyser::new(lang);
        let tokenizers = TokenizerManager::new();
        tokenizers.register("exempla", TextAnalyzer::from(analyser.clone()));
        let mut starts = Starts::default();
        let files = RamDirectory::create();
        let builder = Index::builder().schema(schema.clone()).tokenizers(tokenizers);
        let mut writer = builder.single_segment_index_writer(files.clone(), MEMORY)?;
        for document in documents {
            let mut entry = TantivyDocument::default();
            for field in fields {
                texts(document, &field.name, |text| entry.add_text(field.handle, text));
            }
            writer.add_document(entry)?;
            starts.add(&document.body);
        }
        Self::of(writer.finalize()?, files, analyser.vocabulary(), starts, first)
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

    fn of(
        index: Index,
        files: RamDirectory,
        vocabulary: Vocabulary,
        starts: Starts,
        first: u32,
    ) -> Result<Self, Error> {
        let segment = index.searchable_segments()?.pop();
        let none = || TantivyError::SystemError("a part of the index has no segment".into());
        let segment = SegmentReader::open(&segment.ok_or_else(none)?)?;
        Ok(Self { first, segment, vocabulary, starts, index, files })
    }

    /// A hash of the rest; the size of the head; the head; the files; the distances.
    fn write(&self) -> Option<Vec<u8>> {
        let paths = self.index.directory().list_managed_files();
        let mut files = Vec::new();
        for path in &paths {
            let file = self.files.open_read(path).ok()?.read_bytes().ok()?;
            files.push((path.to_str()?, file));
        }
        let words = self.vocabulary.iter().map(|(word, learnt)| {
            (&**word, learnt.count, learnt.stems.iter().map(|stem| &**stem).collect())
        });
        let sizes = files.iter().map(|(name, file)| (*name, file.len()));
        let ends = self.starts.ends.clone();
        let head = Head { files: sizes.collect(), words: words.collect(), ends };
        let head = rmp_serde::to_vec(&head).ok()?;
        let mut out = vec![0; HASH];
        out.extend((head.len() as u64).to_le_bytes());
        out.extend(head);
        files.iter().for_each(|(_, file)| out.extend_from_slice(file));
        out.extend_from_slice(&self.starts.distances);
        let hash = blake3::hash(&out[HASH..]);
        out[..HASH].copy_from_slice(hash.as_bytes());
        Some(out)
    }

    fn read(bytes: &[u8], first: u32) -> Option<Self> {
        let (hash, rest) = bytes.split_at_checked(HASH)?;
        if blake3::hash(rest).as_bytes() != hash {
            return None;
        }
        let (size, rest) = rest.split_first_chunk()?;
        let (head, mut rest) = rest.split_at_checked(u64::from_le_bytes(*size) as usize)?;
        let head: Head = rmp_serde::from_slice(head).ok()?;
        let files = RamDirectory::create();
        for (name, size) in head.files {
            let (file, others) = rest.split_at_checked(size)?;
            files.atomic_write(Path::new(name), file).ok()?;
            rest = others;
        }
        let words = head.words.into_iter().map(|(word, count, stems)| {
            let stems = stems.into_iter().map(Into::into).collect();
            (word.into(), Learnt { stems, count })
        });
        let starts = Starts { distances: rest.to_vec(), ends: head.ends };
        let index = Index::open(files.clone()).ok()?;
        Self::of(index, files, words.collect(), starts, first).ok()
    }
}

/// Hands over the texts of a document's field, one by one.
fn texts(document: &Document, field: &str, mut take: impl FnMut(&str)) {
    match field {
        "title" => take(&document.title),
        "summary" => take(&document.summary),
        "headings" => document.headings.iter().for_each(|text| take(text)),
        "body" => take(&document.body),
        other => {
            let own = document.fields.iter().filter(|(name, _)| name == other);
            own.for_each(|(_, text)| take(text));
        }
    }
}

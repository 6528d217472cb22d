//! The tantivy index of one language, in memory, in a single segment.
//!
//! Enters: documents and settings. Leaves: an index whose every byte of meaning
//! follows from its input: documents stand in the order of their numbers, and a
//! number follows from the document's own id, so that one entry more or less
//! leaves nearly all others where they were. It never stores text in tantivy:
//! the documents stay beside it.

use super::analyser::{self, Analyser, Vocabulary};
use super::facets::{self, Facet};
use super::words::{Word, Words};
use super::{Document, Error, Settings};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};
use tantivy::directory::RamDirectory;
use tantivy::index::SegmentReader;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Searcher, TantivyDocument, Term};

/// Bytes that tantivy plans its hash tables for; not a limit.
const MEMORY: usize = 50_000_000;

/// So many documents are worth a thread, which indexes them by themselves.
const RUN: usize = 2_500;

/// Bounds what is held at once; more threads would gain little.
const MOST_RUNS: usize = 2;

/// A searched field of an index.
#[derive(Debug)]
pub struct SearchedField {
    /// Its name.
    pub name: String,
    /// Its score is multiplied by this.
    pub boost: f32,
    /// Its handle in tantivy.
    pub handle: Field,
    /// Tokens of all documents in it.
    pub tokens: u64,
}

/// The index of one language.
pub struct Index {
    lang: String,
    documents: Vec<Document>,
    numbers: Vec<u32>,
    searcher: Searcher,
    fields: Vec<SearchedField>,
    stems: Vec<Box<str>>,
    words: Words,
    facets: Vec<Facet>,
    common: Vec<u32>,
}

/// A stem in so many documents, and in more than half of all, is common.
const COMMON: u64 = 500;

impl Index {
    /// Indexes the documents of one language.
    pub fn build(lang: &str, documents: Vec<Document>, settings: &Settings) -> Result<Self, Error> {
        let runs = documents.len().div_ceil(RUN).clamp(1, MOST_RUNS);
        Self::build_in(runs, lang, documents, settings)
    }

    /// The same in a number of runs, which makes no difference.
    fn build_in(
        runs: usize,
        lang: &str,
        documents: Vec<Document>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let (numbers, documents) = in_order(documents);
        let facets = facets::build(&documents, settings, lang);
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("exempla")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default().set_indexing_options(indexing);
        let mut fields: Vec<SearchedField> = Vec::new();
        for field in &settings.fields {
            if fields.iter().all(|known| known.name != field.name) {
                let handle = schema.add_text_field(&field.name, options.clone());
                let (name, boost) = (field.name.clone(), field.boost);
                fields.push(SearchedField { name, boost, handle, tokens: 0 });
            }
        }
        let schema = schema.build();
        let runs: Vec<(tantivy::Index, Vocabulary)> = documents
            .par_chunks(documents.len().div_ceil(runs).max(1))
            .map(|own| run(lang, own, &schema, &fields))
            .collect::<Result<_, _>>()?;
        let (runs, vocabularies): (Vec<_>, Vec<_>) = runs.into_iter().unzip();
        let index = match &*runs {
            [] => tantivy::Index::create_in_ram(schema),
            [one] => one.clone(),
            several => tantivy::indexer::merge_indices(several, RamDirectory::create())?,
        };
        let searcher = index.reader()?.searcher();
        for field in &mut fields {
            field.tokens = searcher.total_num_tokens(field.handle)?;
        }
        let vocabulary = analyser::joined(vocabularies);
        let stems: BTreeSet<Box<str>> =
            vocabulary.values().flat_map(|learnt| &learnt.stems).cloned().collect();
        let stems: Vec<Box<str>> = stems.into_iter().collect();
        let ordinals: HashMap<&str, u32> = stems.iter().map(|stem| &**stem).zip(0u32..).collect();
        let words = vocabulary.into_iter().map(|(text, learnt)| {
            let own = learnt.stems.iter().filter_map(|stem| ordinals.get(&**stem));
            let frequency = learnt.count.max(1).ilog2() as u8;
            Word { text, stems: own.copied().collect(), frequency }
        });
        let words = Words::new(words.collect());
        let mut common = Vec::new();
        for (stem, ordinal) in stems.iter().zip(0u32..) {
            // No word met less often can be common.
            let met: u64 = words.forms(ordinal).map(|word| 2 << word.frequency).sum();
            let mut most = 0;
            for field in fields.iter().filter(|_| met >= COMMON) {
                most = searcher.doc_freq(&Term::from_field_text(field.handle, stem))?.max(most);
            }
            if most >= COMMON && most * 2 > documents.len() as u64 {
                common.push(ordinal);
            }
        }
        let lang = lang.to_string();
        Ok(Self { lang, documents, numbers, searcher, fields, stems, words, facets, common })
    }

    /// The language.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// The documents, by ordinal.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The number of each document, by ordinal; ascending.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// tantivy's searcher.
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// The one segment; there is none if there are no documents.
    pub fn segment(&self) -> Option<&SegmentReader> {
        self.searcher.segment_readers().first()
    }

    /// The searched fields, in the order in which scores add up.
    pub fn fields(&self) -> &[SearchedField] {
        &self.fields
    }

    /// The stems, by ordinal.
    pub fn stems(&self) -> &[Box<str>] {
        &self.stems
    }

    /// The words.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The stems that say nothing of an entry, ascending: those that more than
    /// half of all documents have in one field, and no fewer than 500.
    pub fn common(&self) -> &[u32] {
        &self.common
    }

    /// The facets, `type` first unless the settings place it.
    pub fn facets(&self) -> &[Facet] {
        &self.facets
    }

    /// The term of a stem in a field.
    pub fn term(&self, field: &SearchedField, stem: u32) -> Term {
        let text = self.stems.get(stem as usize).map_or("", |stem| stem);
        Term::from_field_text(field.handle, text)
    }
}

/// Indexes some documents by themselves; with the words that were met.
fn run(
    lang: &str,
    documents: &[Document],
    schema: &Schema,
    fields: &[SearchedField],
) -> Result<(tantivy::Index, Vocabulary), Error> {
    let analyser = Analyser::new(lang);
    let tokenizers = tantivy::tokenizer::TokenizerManager::new();
    tokenizers.register("exempla", TextAnalyzer::from(analyser.clone()));
    let builder = tantivy::Index::builder().schema(schema.clone()).tokenizers(tokenizers);
    let mut writer = builder.single_segment_index_writer(RamDirectory::create(), MEMORY)?;
    for document in documents {
        let mut entry = TantivyDocument::default();
        for field in fields {
            texts(document, &field.name, |text| entry.add_text(field.handle, text));
        }
        writer.add_document(entry)?;
    }
    Ok((writer.finalize()?, analyser.vocabulary()))
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

/// Orders documents by number. A number is a hash of the id, cut to between two
/// and four times the count of documents; if it is taken, the next free one.
fn in_order(documents: Vec<Document>) -> (Vec<u32>, Vec<Document>) {
    let size = (documents.len() * 2).next_power_of_two();
    let mut placed: Vec<(u32, Document)> = documents
        .into_iter()
        .map(|document| {
            let hash = blake3::hash(document.id.as_bytes());
            let bytes = hash.as_bytes();
            let hash = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            (hash & u32::try_from(size - 1).unwrap_or(u32::MAX), document)
        })
        .collect();
    placed.sort_by(|(a, one), (b, other)| (a, &one.id, &one.url).cmp(&(b, &other.id, &other.url)));
    let mut free = 0;
    for (number, _) in &mut placed {
        *number = free.max(*number);
        free = *number + 1;
    }
    placed.into_iter().unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(id: &str, body: &str) -> Document {
        Document { id: id.into(), body: body.into(), ..Default::default() }
    }

    #[test]
    fn numbers_hold_still_when_an_entry_is_added() {
        let many = |count: usize| (0..count).map(|n| document(&n.to_string(), "")).collect();
        let (before, documents) = in_order(many(300));
        let (after, grown) = in_order(many(310));
        assert!(before.is_sorted_by(|a, b| a < b));
        let number =
            |id: &str| grown.iter().position(|document| document.id == id).map(|at| after[at]);
        let same = documents.iter().zip(&before).filter(|(d, n)| number(&d.id) == Some(**n));
        assert!(same.count() > 290);
    }

    #[test]
    fn words_know_their_stems_and_frequency() {
        let documents = (0..5).map(|n| document(&n.to_string(), "Cats and a café")).collect();
        let index = Index::build("en", documents, &Settings::default()).unwrap();
        let word = index.words().find("cats").unwrap();
        assert_eq!(&*index.stems()[word.stems[0] as usize], "cat");
        assert_eq!(word.frequency, 2, "five times is between 4 and 8");
        assert_eq!(index.fields()[3].tokens, 20);
        assert!(index.segment().is_some());
        assert!(Index::build("en", Vec::new(), &Settings::default()).is_ok());
    }

    #[test]
    fn runs_make_no_difference() {
        let texts = ["Cats and a café", "cats, CATS and dogs", "A cafe", "", "Hunde und Katzen"];
        let pack = |runs: usize| {
            let documents = (0..50).map(|n| Document {
                title: format!("Number {n}"),
                ..document(&n.to_string(), &texts[n % 5].repeat(n % 7))
            });
            let index = Index::build_in(runs, "en", documents.collect(), &Settings::default());
            let files = std::sync::Mutex::new(std::collections::BTreeMap::new());
            let take = |file: super::super::pack::File<'_>| {
                files.lock().unwrap().insert(file.path.clone(), file.content.to_vec());
            };
            let counts = [("en".to_owned(), 50)].into();
            super::super::pack::export(&index.unwrap(), &counts, &take).unwrap();
            files.into_inner().unwrap()
        };
        let one = pack(1);
        assert!(one.len() > 4);
        for runs in [2, 3, 50] {
            assert_eq!(pack(runs), one, "{runs} runs");
        }
    }
}

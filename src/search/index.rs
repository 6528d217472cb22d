//! The tantivy index of one language, in memory.
//!
//! Enters: documents and settings. Leaves: an index whose every byte of meaning
//! follows from its input: documents stand in the order of their numbers, and a
//! number follows from the document's own id, so that one entry more or less
//! leaves nearly all others where they were. It is made in parts
//! ([`super::parts`]), and is asked as one segment. It never stores text in
//! tantivy: the documents stay beside it.

use super::facets::{self, Facet};
use super::parts::{self, Kept, Part};
use super::words::{Word, Words};
use super::{Document, Error, Settings, analyser};
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Searcher, TantivyError, Term};

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
    schema: Schema,
    parts: Vec<Part>,
    /// Over the parts as one segment, once somebody asks.
    searcher: OnceLock<Searcher>,
    fields: Vec<SearchedField>,
    stems: Vec<Box<str>>,
    words: Words,
    facets: Vec<Facet>,
    common: Vec<u32>,
}

/// A stem in so many documents, and in more than half of all, is common.
const COMMON: u64 = 500;

impl Index {
    /// Indexes the documents of one language; `kept` may spare it some.
    pub fn build(
        lang: &str,
        documents: Vec<Document>,
        settings: &Settings,
        kept: &dyn Kept,
    ) -> Result<Self, Error> {
        Self::build_in(parts::SIZE, lang, documents, settings, kept)
    }

    /// The same in one part, to be asked again and again. Nothing is kept, so it is made
    /// in as few parts as there are cores, or fewer.
    pub fn in_one(
        lang: &str,
        documents: Vec<Document>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let size = documents.len().div_ceil(rayon::current_num_threads()).max(parts::SIZE);
        let mut index = Self::build_in(size, lang, documents, settings, &())?;
        if index.parts.len() > 1 {
            index.parts = vec![parts::join(&index.parts)?];
        }
        Ok(index)
    }

    /// The same in parts of a size, which makes no difference.
    fn build_in(
        size: usize,
        lang: &str,
        documents: Vec<Document>,
        settings: &Settings,
        kept: &dyn Kept,
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
        let mut parts =
            parts::make(lang, &documents, parts::cut(&numbers, size), (&schema, &fields), kept)?;

        for field in &mut fields {
            for part in &parts {
                field.tokens += part.segment.inverted_index(field.handle)?.total_num_tokens();
            }
        }
        let vocabularies = parts.iter_mut().map(|part| std::mem::take(&mut part.vocabulary));
        let vocabulary = analyser::joined(vocabularies.collect());
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

        let enough = COMMON.max(documents.len() as u64 / 2 + 1);
        let mut common = Vec::new();
        for (stem, ordinal) in stems.iter().zip(0u32..) {
            // No word met less often can be common.
            let met: u64 = words.forms(ordinal).map(|word| 2 << word.frequency).sum();
            let mut most = 0;
            for field in fields.iter().filter(|_| met >= enough) {
                let term = Term::from_field_text(field.handle, stem);
                most = frequency(&parts, field, &term)?.max(most);
            }
            if most >= enough {
                common.push(ordinal);
            }
        }
        let lang = lang.to_string();
        let searcher = OnceLock::new();
        Ok(Self {
            lang,
            documents,
            numbers,
            schema,
            parts,
            searcher,
            fields,
            stems,
            words,
            facets,
            common,
        })
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

    /// tantivy's searcher, over a single segment.
    pub fn searcher(&self) -> Result<&Searcher, Error> {
        if let Some(searcher) = self.searcher.get() {
            return Ok(searcher);
        }
        let joined = match &*self.parts {
            [] => tantivy::Index::create_in_ram(self.schema.clone()).reader()?.searcher(),
            [one] => one.searcher()?,
            several => parts::join(several)?.searcher()?,
        };
        Ok(self.searcher.get_or_init(|| joined))
    }

    /// The parts that it was made in, in the order of their documents.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Where the words of a document's body begin, by position.
    pub fn starts(&self, document: u32) -> impl Iterator<Item = usize> {
        let at = self.parts.partition_point(|part| part.first <= document);
        let part = at.checked_sub(1).and_then(|at| self.parts.get(at));
        part.into_iter().flat_map(move |part| part.starts(document - part.first))
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

/// How many documents have a term.
fn frequency(parts: &[Part], field: &SearchedField, term: &Term) -> Result<u64, Error> {
    let mut all = 0;
    for part in parts {
        let inverted = part.segment.inverted_index(field.handle)?;
        all += u64::from(inverted.doc_freq(term).map_err(TantivyError::from)?);
    }
    Ok(all)
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
    use super::super::pack::{self, File};
    use super::*;
    use std::collections::BTreeMap;
    use std::sync::Mutex;

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
        let index = Index::build("en", documents, &Settings::default(), &()).unwrap();
        let word = index.words().find("cats").unwrap();
        assert_eq!(&*index.stems()[word.stems[0] as usize], "cat");
        assert_eq!(word.frequency, 2, "five times is between 4 and 8");
        assert_eq!(index.fields()[3].tokens, 20);
        assert_eq!((index.parts().len(), index.searcher().unwrap().num_docs()), (1, 5));
        let none = Index::build("en", Vec::new(), &Settings::default(), &()).unwrap();
        assert_eq!((none.parts().len(), none.searcher().unwrap().num_docs()), (0, 0));
    }

    /// Some documents, the fifth with other words.
    fn some(fifth: &str) -> Vec<Document> {
        let texts = ["Cats and a café", "cats, CATS and co-dogs", "A cafe", "", "Hunde und Katzen"];
        let one = |n: usize| Document {
            title: format!("Number {n}"),
            ..document(&n.to_string(), &texts[n % 5].repeat(n % 7))
        };
        let mut all: Vec<Document> = (0..50).map(one).collect();
        all[4].body = fifth.into();
        all
    }

    fn pack(size: usize, documents: Vec<Document>, kept: &dyn Kept) -> BTreeMap<String, Vec<u8>> {
        let index = Index::build_in(size, "en", documents, &Settings::default(), kept).unwrap();
        let files = Mutex::new(BTreeMap::new());
        let take = |file: File<'_>| {
            files.lock().unwrap().insert(file.path.clone(), file.content.to_vec());
        };
        pack::export(&index, &[("en".to_owned(), 50)].into(), &take).unwrap();
        files.into_inner().unwrap()
    }

    #[test]
    fn parts_make_no_difference() {
        let one = pack(50, some("mice"), &());
        assert!(one.len() > 4);
        for size in [1, 3, 20] {
            assert_eq!(pack(size, some("mice"), &()), one, "parts of {size}");
        }
    }

    #[derive(Default)]
    struct Shelf(Mutex<BTreeMap<[u8; 32], Vec<u8>>>);

    impl Kept for Shelf {
        fn recall(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
            self.0.lock().unwrap().get(key).cloned()
        }
        fn keep(&self, key: &[u8; 32], bytes: &[u8]) {
            self.0.lock().unwrap().insert(*key, bytes.to_vec());
        }
    }

    #[test]
    fn parts_that_were_kept_make_no_difference_and_an_edit_changes_one() {
        let shelf = Shelf::default();
        let count = || shelf.0.lock().unwrap().len();
        let first = pack(7, some("mice"), &shelf);
        let parts = count();
        assert!(parts > 4);
        assert_eq!(pack(7, some("mice"), &shelf), first);
        assert_eq!(count(), parts, "all were recalled");
        let second = pack(7, some("rats"), &shelf);
        assert_eq!(second, pack(7, some("rats"), &()));
        assert_ne!(second, first);
        assert_eq!(count(), parts + 1, "one was made");
    }

    #[test]
    fn a_damaged_part_is_made_again() {
        let shelf = Shelf::default();
        let sound = pack(50, some("mice"), &shelf);
        let whole = shelf.0.lock().unwrap().clone();
        let length = whole.values().map(Vec::len).max().unwrap();
        for at in (0..length).step_by(97).chain([length - 1]) {
            for cut in [false, true] {
                for bytes in shelf.0.lock().unwrap().values_mut() {
                    match bytes.get_mut(at) {
                        Some(byte) if !cut => *byte ^= 1,
                        _ => bytes.truncate(at),
                    }
                }
                assert_eq!(pack(50, some("mice"), &shelf), sound, "byte {at}");
                shelf.0.lock().unwrap().clone_from(&whole);
            }
        }
    }
}

//! The tantivy index of one language, in memory.
//!
//! Enters: documents and settings. Leaves: an index whose every byte of meaning
//! follows from its input: documents stand in the order of their numbers, and a
//! number follows from the document's own id, so that one entry more or less
//! leaves nearly all others where they were. It is made in parts
//! ([`super::parts`]), and is asked as one segment. It never stores text in
//! tantivy: the documents stay beside it.

use super::facets::{self, Facet};
use super::parts::{self, Part};
use super::words::Words;
use super::{Document, Error, Settings, vocabulary};
use crate::shelf::Shelf;
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
    parts: Vec<Part>,
    fields: Vec<SearchedField>,
    stems: Vec<Box<str>>,
    words: Words,
    facets: Vec<Facet>,
    common: Vec<u32>,
}

/// An index with tantivy's searcher over its one part.
pub type Searched = (Index, Searcher);

/// A stem in so many documents, and in more than half of all, is common.
const COMMON: u64 = 500;

impl Index {
    /// Indexes the documents of one language, for the files that a browser searches by;
    /// a shelf may spare it some.
    pub fn build(
        lang: &str,
        documents: Vec<Document>,
        settings: &Settings,
        shelf: Option<&dyn Shelf>,
    ) -> Result<Self, Error> {
        Self::in_parts(parts::SIZE, lang, documents, settings, shelf)
    }

    /// The same in one part, to be asked again and again.
    pub fn to_ask(
        lang: &str,
        documents: Vec<Document>,
        settings: &Settings,
    ) -> Result<Searched, Error> {
        // Each core makes about one.
        let size = documents.len().div_ceil(rayon::current_num_threads()).max(parts::SIZE);
        let mut index = Self::in_parts(size, lang, documents, settings, None)?;
        let one = match &*index.parts {
            [one] => one,
            several => {
                index.parts = vec![parts::join(several)?];
                &index.parts[0]
            }
        };
        let searcher = one.searcher()?;
        Ok((index, searcher))
    }

    /// The same in parts of a size, which makes no difference.
    fn in_parts(
        size: usize,
        lang: &str,
        documents: Vec<Document>,
        settings: &Settings,
        shelf: Option<&dyn Shelf>,
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
        let ranges = parts::cut(&numbers, size);
        let made = parts::make(lang, &documents, ranges, (&schema, &fields), shelf)?;
        let (parts, vocabularies): (Vec<Part>, Vec<_>) = made.into_iter().unzip();
        for field in &mut fields {
            for part in &parts {
                field.tokens += part.segment.inverted_index(field.handle)?.total_num_tokens();
            }
        }
        let (stems, words) = vocabulary::join(&vocabularies);

        let enough = COMMON.max(documents.len() as u64 / 2 + 1);
        let mut common = Vec::new();
        for (stem, ordinal) in stems.iter().zip(0u32..) {
            // No word met less often can be common.
            let met: u64 = words.forms(ordinal).map(|word| 1 << word.frequency).sum();
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
        Ok(Self { lang, documents, numbers, parts, fields, stems, words, facets, common })
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

/// So many numbers are there for some documents: between two and four times their count.
pub(super) fn space(documents: usize) -> usize {
    (documents * 2).next_power_of_two()
}

/// Orders documents by number. A number is a hash of the id, cut to the [`space`];
/// if it is taken, the next free one.
fn in_order(documents: Vec<Document>) -> (Vec<u32>, Vec<Document>) {
    let size = space(documents.len());
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
    use crate::shelf::InMemory;
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
        let (index, searcher) = Index::to_ask("en", documents, &Settings::default()).unwrap();
        let word = index.words().find("cats").unwrap();
        assert_eq!(&*index.stems()[word.stems[0] as usize], "cat");
        assert_eq!(word.frequency, 3, "five times is between 4 and 8");
        assert_eq!(index.fields()[3].tokens, 20);
        assert_eq!((index.parts().len(), searcher.num_docs()), (1, 5));
        let (none, searcher) = Index::to_ask("en", Vec::new(), &Settings::default()).unwrap();
        assert_eq!((none.parts().len(), searcher.num_docs()), (1, 0));
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

    fn pack(
        size: usize,
        documents: Vec<Document>,
        shelf: Option<&dyn Shelf>,
    ) -> BTreeMap<String, Vec<u8>> {
        let index = Index::in_parts(size, "en", documents, &Settings::default(), shelf).unwrap();
        let files = Mutex::new(BTreeMap::new());
        let take = |file: File<'_>| {
            files.lock().unwrap().insert(file.path.clone(), file.content.to_vec());
        };
        pack::export(&index, &[("en".to_owned(), 50)].into(), &take).unwrap();
        files.into_inner().unwrap()
    }

    #[test]
    fn parts_make_no_difference() {
        let one = pack(50, some("mice"), None);
        assert!(one.len() > 4);
        for size in [1, 3, 20] {
            assert_eq!(pack(size, some("mice"), None), one, "parts of {size}");
        }
    }

    #[test]
    fn parts_that_were_kept_make_no_difference_and_an_edit_changes_one() {
        let shelf = InMemory::default();
        let count = || shelf.0.lock().unwrap().len();
        let first = pack(7, some("mice"), Some(&shelf));
        let parts = count();
        assert!(parts > 4);
        assert_eq!(pack(7, some("mice"), Some(&shelf)), first);
        assert_eq!(count(), parts, "all were recalled");
        let second = pack(7, some("rats"), Some(&shelf));
        assert_eq!(second, pack(7, some("rats"), None));
        assert_ne!(second, first);
        assert_eq!(count(), parts + 1, "one was made");
    }

    #[test]
    fn parts_that_are_joined_make_no_difference_to_who_asks() {
        use tantivy::query::TermQuery;
        let settings = Settings::default();
        let made = |size| Index::in_parts(size, "en", some("co-operative mice"), &settings, None);
        let (one, many) = (made(50).unwrap(), made(3).unwrap());
        assert!(one.parts().len() == 1 && many.parts().len() > 10);
        let joined = parts::join(many.parts()).unwrap();
        let (first, second) = (one.parts[0].searcher().unwrap(), joined.searcher().unwrap());
        for (stem, ordinal) in one.stems().iter().zip(0u32..) {
            let hits = |searcher: &Searcher| {
                let term = one.term(&one.fields()[3], ordinal);
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                let top = tantivy::collector::TopDocs::with_limit(50).order_by_score();
                searcher
                    .search(&query, &top)
                    .unwrap()
                    .into_iter()
                    .map(|(score, at)| (score, at.doc_id))
                    .collect::<Vec<_>>()
            };
            assert_eq!(hits(&first), hits(&second), "{stem}");
        }
        for document in 0..50 {
            let starts: Vec<usize> = one.starts(document).collect();
            assert_eq!(many.starts(document).collect::<Vec<_>>(), starts);
            assert_eq!(joined.starts(document).collect::<Vec<_>>(), starts);
        }
    }

    #[test]
    fn a_part_in_the_place_of_another_is_none() {
        let shelf = InMemory::default();
        let sound = pack(7, some("mice"), Some(&shelf));
        let mut kept = shelf.0.lock().unwrap();
        let mut others: Vec<Vec<u8>> = kept.values().cloned().collect();
        others.rotate_left(1);
        kept.values_mut().zip(others).for_each(|(own, other)| *own = other);
        drop(kept);
        assert_eq!(pack(7, some("mice"), Some(&shelf)), sound);
    }

    #[test]
    fn a_damaged_part_is_made_again() {
        let shelf = InMemory::default();
        let sound = pack(50, some("mice"), Some(&shelf));
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
                assert_eq!(pack(50, some("mice"), Some(&shelf)), sound, "byte {at}");
                shelf.0.lock().unwrap().clone_from(&whole);
            }
        }
    }
}

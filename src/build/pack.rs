//! The files by which a browser searches the site: those of a language are made if
//! anything that they are made from has changed, and stay where they are otherwise.

use super::Stopped;
use super::memory::Memory;
use super::parts::Parts;
use crate::diagnostic::{Diagnostic, codes};
use crate::output::Output;
use crate::render::{Renderer, SEARCH_PACK};
use crate::search::pack::{self, Counts, File};
use crate::search::parts::Shelf;
use crate::search::{self, Document, Index, Settings};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What is searched, by language.
pub(super) type Documents = BTreeMap<String, Vec<Document>>;

/// What is searched on a site; none if it has no search.
pub(super) fn documents(renderer: &Renderer) -> Option<Documents> {
    let search = renderer.site().settings.search;
    search.then(|| search::by_language(search::documents::documents(renderer)))
}

/// What the files of all languages are made from.
pub(super) struct Pack<'m> {
    counts: Counts,
    settings: Settings,
    memory: Option<&'m Memory>,
    languages: Vec<Language>,
}

struct Language {
    lang: String,
    /// The hash of all that its files are made from.
    key: [u8; 32],
    words: Words,
}

enum Words {
    /// Not indexed, since the files of an earlier build may stay.
    Documents(Vec<Document>),
    Index(Box<Index>),
}

impl<'m> Pack<'m> {
    /// Indexes the languages that have changed since what is in the output was made.
    pub fn index(
        renderer: &Renderer,
        documents: Documents,
        output: &Output,
        memory: Option<&'m Memory>,
    ) -> Result<Self, Stopped> {
        let counts = documents.iter().map(|(lang, own)| (lang.clone(), own.len())).collect();
        let settings = search::documents::settings(renderer);
        let mut pack = Self { counts, settings, memory, languages: Vec::new() };
        let index = |(lang, documents): (String, Vec<Document>)| {
            let key = pack::key(&documents, &pack.settings, &pack.counts);
            let words = match output.recall(&key) {
                Some(_) => Words::Documents(documents),
                None => Words::Index(Box::new(pack.of(&lang, documents)?)),
            };
            Ok(Language { lang, key, words })
        };
        let languages: Result<_, search::Error> = documents.into_par_iter().map(index).collect();
        pack.languages = languages.map_err(|error| failed(&error))?;
        Ok(pack)
    }

    fn of(&self, lang: &str, documents: Vec<Document>) -> Result<Index, search::Error> {
        let parts = self.memory.map(|memory| memory.parts(lang));
        let shelf = parts.as_ref().map(|parts| parts as &dyn Shelf);
        let index = Index::build(lang, documents, &self.settings, shelf);
        parts.iter().for_each(Parts::tidy);
        index
    }

    /// Lays out the files, one language beside another.
    pub fn write(mut self, output: &Output) -> Result<(), Stopped> {
        let failure = OnceLock::new();
        let take = |file: File<'_>| {
            let path = format!("{SEARCH_PACK}{}", file.path);
            let fingerprint = file.fingerprint();
            if failure.get().is_none() && !output.keep(&path, &fingerprint) {
                let put = output.put(&path, fingerprint, &file.bytes());
                put.unwrap_or_else(|found| _ = failure.set(found));
            }
        };
        pack::list(&self.counts, &self.settings.default_lang, &take);
        let languages = std::mem::take(&mut self.languages);
        let made = languages.into_par_iter().try_for_each(|Language { lang, key, words }| {
            let folder = format!("{SEARCH_PACK}{lang}/");
            let known = output.recall(&key);
            let stays = known.is_some_and(|hash| output.keep_folder(&folder, hash));
            if !stays && failure.get().is_none() {
                let index = match words {
                    Words::Documents(documents) => Box::new(self.of(&lang, documents)?),
                    Words::Index(index) => index,
                };
                pack::export(&index, &self.counts, &take)?;
            }
            output.remember(key, output.hash_of_folder(&folder));
            Ok::<_, search::Error>(())
        });
        made.map_err(|error| failed(&error))?;
        failure.into_inner().map_or(Ok(()), |found| Err(Stopped::disk(found)))
    }
}

fn failed(error: &search::Error) -> Stopped {
    let message = format!("the search index cannot be built: {error}");
    let help = "build again; if it stays, it is a fault of Exempla: please report it";
    Stopped::disk(Diagnostic::new(&codes::SEARCH_FAILED, message).help(help))
}

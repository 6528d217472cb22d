//! The files by which a browser searches the site: those of a language are made if
//! anything that they are made from has changed, and stay where they are otherwise.

use super::Stopped;
use super::kept::Kept;
use super::memory::Memory;
use crate::diagnostic::{Diagnostic, codes};
use crate::output::Output;
use crate::render::{Renderer, SEARCH_PACK};
use crate::search::pack::{self, Counts, File};
use crate::search::{self, Document, Index, Settings};
use crate::shelf::Shelf;
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
    source: Source,
}

enum Source {
    Documents(Vec<Document>),
    Index(Box<Index>),
}

impl<'m> Pack<'m> {
    /// That of a site, with nothing indexed yet.
    pub fn new(renderer: &Renderer, documents: Documents, memory: Option<&'m Memory>) -> Self {
        let counts = documents.iter().map(|(lang, own)| (lang.clone(), own.len())).collect();
        let settings = search::documents::settings(renderer);
        let language = |(lang, documents): (String, Vec<Document>)| {
            let key = pack::key(&documents, &settings, &counts);
            Language { lang, key, source: Source::Documents(documents) }
        };
        let languages = documents.into_par_iter().map(language).collect();
        Self { counts, settings, memory, languages }
    }

    /// Indexes the languages whose files cannot stay, as far as can be said without a look at
    /// them.
    pub fn index(&mut self, output: &Output) -> Result<(), Stopped> {
        let all = std::mem::take(&mut self.languages);
        let index = |mut language: Language| {
            if output.recall(&language.key).is_none() {
                language.source = Source::Index(self.index_of(&language.lang, language.source)?);
            }
            Ok(language)
        };
        let all: Result<_, search::Error> = all.into_par_iter().map(index).collect();
        self.languages = all.map_err(|error| failed(&error))?;
        Ok(())
    }

    fn index_of(&self, lang: &str, source: Source) -> Result<Box<Index>, search::Error> {
        let documents = match source {
            Source::Index(index) => return Ok(index),
            Source::Documents(documents) => documents,
        };
        let parts = self.memory.map(|memory| memory.parts(lang));
        let shelf = parts.as_ref().map(|parts| parts as &dyn Shelf);
        let index = Index::build(lang, documents, &self.settings, shelf)?;
        parts.iter().for_each(Kept::tidy);
        Ok(Box::new(index))
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
        let all = std::mem::take(&mut self.languages);
        let made = all.into_par_iter().try_for_each(|Language { lang, key, source }| {
            let folder = format!("{SEARCH_PACK}{lang}/");
            let known = output.recall(&key);
            let stays = known.is_some_and(|hash| output.keep_folder(&folder, hash));
            if !stays && failure.get().is_none() {
                pack::export(&*self.index_of(&lang, source)?, &self.counts, &take)?;
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

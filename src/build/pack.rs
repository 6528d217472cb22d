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

/// Lays out the search pack, one language beside another.
pub(super) fn write(
    renderer: &Renderer,
    documents: Documents,
    output: &Output,
    memory: Option<&Memory>,
) -> Result<(), Stopped> {
    let counts: Counts = documents.iter().map(|(lang, own)| (lang.clone(), own.len())).collect();
    let settings: Settings = search::documents::settings(renderer);
    let failed = OnceLock::new();
    let take = |file: File<'_>| {
        let path = format!("{SEARCH_PACK}{}", file.path);
        let fingerprint = file.fingerprint();
        if failed.get().is_none() && !output.keep(&path, &fingerprint) {
            let put = output.put(&path, fingerprint, &file.bytes());
            put.unwrap_or_else(|found| _ = failed.set(found));
        }
    };
    pack::list(&counts, &settings.default_lang, &take);
    let made = documents.into_par_iter().try_for_each(|(lang, documents)| {
        let key = pack::key(&documents, &settings, &counts);
        let folder = format!("{SEARCH_PACK}{lang}/");
        let known = output.recall(&key);
        if !known.is_some_and(|hash| output.keep_folder(&folder, hash)) && failed.get().is_none() {
            let parts = memory.map(|memory| memory.parts(&lang));
            let shelf = parts.as_ref().map(|parts| parts as &dyn Shelf);
            pack::export(&Index::build(&lang, documents, &settings, shelf)?, &counts, &take)?;
            parts.iter().for_each(Parts::tidy);
        }
        output.remember(key, output.hash_of_folder(&folder));
        Ok::<_, search::Error>(())
    });
    if let Err(error) = made {
        let message = format!("the search index cannot be built: {error}");
        let help = "build again; if it stays, it is a fault of Exempla: please report it";
        return Err(Stopped::disk(Diagnostic::new(&codes::SEARCH_FAILED, message).help(help)));
    }
    failed.into_inner().map_or(Ok(()), |found| Err(Stopped::disk(found)))
}

//! The files by which a browser searches the site: those of a language are made if
//! anything that they are made from has changed, and stay where they are otherwise.

use super::Stopped;
use crate::diagnostic::{Diagnostic, codes};
use crate::output::Output;
use crate::render::{Renderer, SEARCH_PACK};
use crate::search::pack::{self, Counts, File};
use crate::search::{self, Index, Settings};
use rayon::prelude::*;
use std::sync::OnceLock;

/// Lays out the search pack, one language beside another.
pub(super) fn write(renderer: &Renderer, output: &Output) -> Result<(), Stopped> {
    let site = renderer.site();
    if !site.settings.search {
        return Ok(());
    }
    let documents = search::by_language(search::documents::documents(renderer));
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
            pack::export(&Index::build(&lang, documents, &settings)?, &counts, &take)?;
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

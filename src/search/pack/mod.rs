//! The search pack: static files that let a browser answer as tantivy does.
//!
//! Enters: the index of a language. Leaves: files in that language's folder, one by
//! one as they are made, the same bytes for the same input; and the list of languages
//! beside them. `docs/search-pack.md` describes the format for whoever writes another
//! reader; the modules here describe the part they write.

pub mod bytes;
mod cards;
mod columns;
mod dictionary;
mod postings;

use super::index::Index;
use super::{Document, Error, Settings};
pub use bytes::File;
use bytes::{Sealer, Take};
use rayon::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// Version of the format. A reader refuses any other.
pub const VERSION: u32 = 3;

/// How many documents each language has.
pub type Counts = BTreeMap<String, usize>;

/// Makes the list of languages, and hands it over.
pub fn list(counts: &Counts, default_lang: &str, take: &Take<'_>) {
    let list = json!({ "version": VERSION, "default": default_lang, "languages": counts });
    take(File::new("languages.json".into(), list.to_string().as_bytes()));
}

/// Documents that are hashed in one piece.
const TOGETHER: usize = 64;

/// The hash of all that the files of one language are made from.
pub fn key(documents: &[Document], settings: &Settings, counts: &Counts) -> [u8; 32] {
    // A document is plain data: writing it cannot fail. Many in one piece are hashed many
    // times as fast as each by itself.
    let hash =
        |some: &[Document]| *blake3::hash(&rmp_serde::to_vec(some).unwrap_or_default()).as_bytes();
    let hashes: Vec<[u8; 32]> = documents.par_chunks(TOGETHER).map(hash).collect();
    let mut hasher = blake3::Hasher::new();
    hasher.update(hashes.as_flattened());
    hasher.update(format!("{VERSION} {settings:?} {counts:?}").as_bytes());
    *hasher.finalize().as_bytes()
}

/// Makes the files of one language, and hands over each.
pub fn export(index: &Index, counts: &Counts, take: &Take<'_>) -> Result<(), Error> {
    let lang = index.lang();
    let mut sealer = Sealer::new(lang, take);
    let types = cards::types(index);
    let words = index.words().all();
    let plan = dictionary::plan(words);
    let bases = dictionary::bases(words, &plan);
    let groups = postings::export(index, &types, &bases, &mut sealer)?;
    let fields: Vec<_> =
        index.fields().iter().map(|field| json!([field.name, field.boost, field.tokens])).collect();
    let names: Vec<&str> = index.facets().iter().map(|facet| &*facet.name).collect();
    let manifest = json!({
        "format": "exempla-search",
        "version": VERSION,
        "lang": lang,
        "languages": counts,
        "documents": index.documents().len(),
        "last": index.numbers().last().copied().unwrap_or(0),
        "types": types,
        "fields": fields,
        "facetNames": names,
        "common": index.common(),
        "dictionary": dictionary::export(words, &plan, &groups, &mut sealer),
        "frequent": dictionary::frequent(words, &groups),
        "cards": cards::blocks(index, &types, &mut sealer),
        "facets": columns::facets(index, &mut sealer),
        "dates": columns::dates(index, &mut sealer),
        "titles": columns::titles(index, &mut sealer),
    });
    let path = format!("{lang}/manifest.bin");
    take(File::new(path, manifest.to_string().as_bytes()));
    Ok(())
}

//! The search pack: static files that let a browser answer as tantivy does.
//!
//! Enters: the indexes. Leaves: files, a folder a language, the same bytes for
//! the same input. `docs/search-pack.md` describes the format for whoever
//! writes another reader; the modules here describe the part they write.

pub mod bytes;
mod cards;
mod columns;
mod dictionary;
mod postings;

use super::Error;
use super::index::Index;
use bytes::{Files, deflate};
use serde_json::json;
use std::collections::BTreeMap;

/// Version of the format. A reader refuses any other.
pub const VERSION: u32 = 1;

/// Writes the pack: path relative to its folder and content, by path.
pub fn export(
    indexes: &BTreeMap<String, Index>,
    default_lang: &str,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let counts: BTreeMap<&str, usize> =
        indexes.iter().map(|(lang, index)| (&**lang, index.documents().len())).collect();
    let list = json!({ "version": VERSION, "default": default_lang, "languages": counts });
    let mut all = vec![("languages.json".to_string(), list.to_string().into_bytes())];
    for (lang, index) in indexes {
        let mut files = Files::default();
        let types = cards::types(index);
        let words = index.words().all();
        let plan = dictionary::plan(words);
        let bases = dictionary::bases(words, &plan);
        let groups = postings::export(index, &types, &bases, &mut files)?;
        let fields: Vec<_> = index
            .fields()
            .iter()
            .map(|field| json!([field.name, field.boost, field.tokens]))
            .collect();
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
            "dictionary": dictionary::export(words, &plan, &groups, &mut files),
            "frequent": dictionary::frequent(words, &groups),
            "cards": cards::blocks(index, &types, &mut files),
            "facets": columns::facets(index, &mut files),
            "dates": columns::dates(index, &mut files),
            "titles": columns::titles(index, &mut files),
        });
        all.push((format!("{lang}/manifest.bin"), deflate(manifest.to_string().as_bytes())));
        let shards = files.named();
        all.extend(shards.map(|(name, bytes)| (format!("{lang}/{name}.bin"), bytes)));
    }
    all.sort();
    Ok(all)
}

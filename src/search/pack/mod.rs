//! The search pack: static files that let a browser answer as tantivy does.
//!
//! Enters: the indexes. Leaves: files, a folder a language, one by one as they are
//! made, the same bytes for the same input. `docs/search-pack.md` describes the format for whoever
//! writes another reader; the modules here describe the part they write.

pub mod bytes;
mod cards;
mod columns;
mod dictionary;
mod postings;

use super::Error;
use super::index::Index;
pub use bytes::File;
use bytes::{Sealer, Take};
use serde_json::json;
use std::collections::BTreeMap;

/// Version of the format. A reader refuses any other.
pub const VERSION: u32 = 2;

/// Makes the pack, and hands over each of its files.
pub fn export(
    indexes: &BTreeMap<String, Index>,
    default_lang: &str,
    take: &Take<'_>,
) -> Result<(), Error> {
    let counts: BTreeMap<&str, usize> =
        indexes.iter().map(|(lang, index)| (&**lang, index.documents().len())).collect();
    let list = json!({ "version": VERSION, "default": default_lang, "languages": counts });
    take(File { path: "languages.json".into(), content: list.to_string().as_bytes() });
    for (lang, index) in indexes {
        let mut sealer = Sealer::new(lang, take);
        let types = cards::types(index);
        let words = index.words().all();
        let plan = dictionary::plan(words);
        let bases = dictionary::bases(words, &plan);
        let groups = postings::export(index, &types, &bases, &mut sealer)?;
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
            "dictionary": dictionary::export(words, &plan, &groups, &mut sealer),
            "frequent": dictionary::frequent(words, &groups),
            "cards": cards::blocks(index, &types, &mut sealer),
            "facets": columns::facets(index, &mut sealer),
            "dates": columns::dates(index, &mut sealer),
            "titles": columns::titles(index, &mut sealer),
        });
        let path = format!("{lang}/manifest.bin");
        take(File { path, content: manifest.to_string().as_bytes() });
    }
    Ok(())
}

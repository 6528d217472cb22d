//! The search page.

use super::{EntryType, Facet};
use serde::Serialize;

/// What the search page can say before it has fetched anything.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Search {
    /// All types, for hits to say what they are.
    pub types: Vec<EntryType>,
    /// What hits can be narrowed by, `type` first. Without values, which may be
    /// many: they are in the search pack. `all_url` leads to them.
    pub facets: Vec<Facet>,
    /// The languages that entries are written in, the page's own first.
    pub languages: Vec<Language>,
}

/// A language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Language {
    /// BCP 47 tag.
    pub code: String,
    /// In its own words: `Italiano`.
    pub name: String,
    /// `ltr` or `rtl`.
    pub dir: String,
}

//! What an entry can be: types, fields and vocabularies, as data.
//!
//! Enters: the raw tables `types`, `fields`, `fieldsets` and `vocabulary` of
//! the core, a preset and a site, laid over each other. Leaves: a [`Schema`]
//! that drives everything after it. This room never sees an entry.

pub mod data;
pub mod export;
mod fields;
mod parse;
mod parse_fields;
pub mod presets;
mod sound;
mod vocabulary;

pub use crate::raw::reader::Localised;
pub use fields::{Bound, Condition, Field, FieldKind};
pub use parse::read;
pub use vocabulary::{Term, Vocabulary};

use crate::raw::Span;
use indexmap::IndexMap;

/// The effective model of a site.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// The types by id, in order of declaration.
    pub types: IndexMap<String, EntryType>,
    /// The vocabularies by id, in order of declaration.
    pub vocabularies: IndexMap<String, Vocabulary>,
}

/// A kind of entry.
#[derive(Debug, Clone)]
pub struct EntryType {
    /// Its id, as `type: …` in front matter spells it.
    pub id: String,
    /// What one entry is called.
    pub label: Localised,
    /// What several are called.
    pub plural: Localised,
    /// Folders under the content folder whose files it claims, without slashes at the ends.
    pub folders: Vec<String>,
    /// Globs over content paths whose files it claims.
    pub globs: Vec<String>,
    /// The pattern of its entries' URLs, e.g. `practices/{slug}/`.
    pub url: String,
    /// The template that renders its entries, without extension.
    pub template: String,
    /// What an undeclared key in front matter means.
    pub unknown: Unknown,
    /// Its schema.org class.
    pub schema_org: Option<String>,
    /// The order of its list.
    pub sort: Sort,
    /// Whether it has a list page.
    pub list: bool,
    /// Whether an entry says too little without a body.
    pub needs_body: bool,
    /// Names of the declared lists shown at the end of each of its entries.
    pub lists: Vec<String>,
    /// Its fields by name: the core's, then the site-wide, then its own.
    pub fields: IndexMap<String, Field>,
    /// Where it is declared.
    pub span: Span,
}

/// What to do with a key that no field declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// Report it as an error.
    Error,
    /// Report it at the code's own level.
    Warn,
    /// Pass it over and say nothing: it is another program's.
    Keep,
}

/// An order of entries: by a field, ascending or descending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The field's name.
    pub field: String,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl Sort {
    /// Reads `title` or `-date`.
    pub fn parse(text: &str) -> Self {
        match text.strip_prefix('-') {
            Some(field) => Self { field: field.to_owned(), descending: true },
            None => Self { field: text.to_owned(), descending: false },
        }
    }
}

/// A field that visitors filter by: one of a type's, or one inside a table of it.
#[derive(Debug, Clone, Copy)]
pub struct FacetField<'s> {
    /// The type's field.
    pub outer: &'s Field,
    /// The field inside it, if the facet lies in a table.
    pub inner: Option<&'s Field>,
}

impl<'s> FacetField<'s> {
    /// Its name, unique in a site: `countries`, `budget-band`.
    pub fn name(&self) -> String {
        match self.inner {
            Some(inner) => format!("{}-{}", self.outer.name, inner.name),
            None => self.outer.name.clone(),
        }
    }

    /// The field whose values are the facet's.
    pub fn field(&self) -> &'s Field {
        self.inner.unwrap_or(self.outer)
    }
}

impl EntryType {
    /// The fields that visitors filter by, in order of declaration.
    pub fn facets(&self) -> impl Iterator<Item = FacetField<'_>> {
        self.fields.values().flat_map(|outer| {
            let own = outer.facet.then_some(FacetField { outer, inner: None });
            let nested = outer.nested().filter(|inner| inner.facet);
            own.into_iter().chain(nested.map(move |inner| FacetField { outer, inner: Some(inner) }))
        })
    }

    /// The field that a front-matter key means: its name, or one of its aliases.
    pub fn field_of_key(&self, key: &str) -> Option<&Field> {
        self.fields
            .get(key)
            .or_else(|| self.fields.values().find(|f| f.aliases.iter().any(|alias| alias == key)))
    }
}

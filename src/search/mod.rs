//! Search: one tantivy index a language, asked here and shipped to browsers.
//!
//! Enters: [`Document`]s and [`Settings`], which the caller fills from the
//! model ([`documents`]). Leaves: ranked [`Results`] for a query, and the files
//! of the search pack ([`pack`]), from which a browser answers the same query
//! alike. This room never reads a disk or a clock, and never fails on a query.
//!
//! The way of a query: [`query`] takes the line apart, [`words`] says what its
//! words stand for, `resolve` puts that in tantivy's terms and `filters` in those
//! of facets, [`run`] asks tantivy, counts and orders, and [`excerpt`] cuts and
//! marks a passage.

pub mod documents;
pub mod analyser;
pub mod excerpt;
pub mod facets;
mod filters;
pub mod fold;
pub mod index;
pub mod pack;
pub mod parts;
pub mod pieces;
pub mod query;
mod resolve;
pub mod run;
mod vocabulary;
pub mod words;

pub use index::Index;
use index::Searched;
pub use query::Help;
pub use run::{Hit, Options, Results, Sort};

use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// One entry in one language, as search sees it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Document {
    /// The entry's id; in one language no two documents may share it.
    pub id: String,
    /// The entry's type.
    pub type_id: String,
    /// Language, a BCP 47 tag.
    pub lang: String,
    /// Where the entry is, as links name it.
    pub url: String,
    /// Plain text.
    pub title: String,
    /// Plain text, perhaps empty.
    pub summary: String,
    /// Plain text of each heading of the body.
    pub headings: Vec<String>,
    /// Plain text of the whole body, headings included.
    pub body: Arc<str>,
    /// Declared fields by name, as plain text; a name may come several times.
    pub fields: Vec<(String, String)>,
    /// Facets by name, each with the ids of its values.
    pub facets: Vec<(String, Vec<String>)>,
    /// ISO 8601, perhaps partial (`2021`, `2021-05`); empty if there is none.
    pub date: String,
}

/// Hands over the texts of a document's field, one by one.
fn each_text(document: &Document, field: &str, mut take: impl FnMut(&str)) {
    match field {
        "title" => take(&document.title),
        "summary" => take(&document.summary),
        "headings" => document.headings.iter().for_each(|text| take(text)),
        "body" => take(&document.body),
        other => {
            let own = document.fields.iter().filter(|(name, _)| name == other);
            own.for_each(|(_, text)| take(text));
        }
    }
}

/// Localised text by language tag.
pub type Labels = BTreeMap<String, String>;

/// What is searched and filtered, the same for all languages.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Searched fields with their weights; `title`, `summary`, `headings` and
    /// `body` are a document's own, other names its `fields`.
    pub fields: Vec<FieldSettings>,
    /// Facets in order of display; `type` comes first even if not declared.
    pub facets: Vec<FacetSettings>,
    /// The language that answers when none is asked for, and lends its labels.
    pub default_lang: String,
}

/// A searched field.
#[derive(Debug, Clone)]
pub struct FieldSettings {
    /// Its name.
    pub name: String,
    /// Its score is multiplied by this.
    pub boost: f32,
}

/// A facet.
#[derive(Debug, Clone, Default)]
pub struct FacetSettings {
    /// Its name.
    pub name: String,
    /// Its name for readers; the default language's where one has none.
    pub labels: Labels,
    /// Declared values in order of display; others are taken as they are met.
    pub values: Vec<ValueSettings>,
}

/// A declared value of a facet.
#[derive(Debug, Clone, Default)]
pub struct ValueSettings {
    /// Its id.
    pub id: String,
    /// Its name for readers; the default language's where one has none.
    pub labels: Labels,
    /// Id of the value that includes it.
    pub broader: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let field = |(name, boost): (&str, f32)| FieldSettings { name: name.into(), boost };
        // A word in a short field scores as much for one occurrence as for many in a text,
        // and is in the text besides: at half the weight both are worth more.
        let fields = [("title", 0.5), ("summary", 0.5), ("headings", 0.5), ("body", 1.0)];
        Self { fields: fields.map(field).into(), facets: Vec::new(), default_lang: "en".into() }
    }
}

/// The label in a language, else in the default one, else the id.
fn label(labels: &Labels, [lang, default]: [&str; 2], id: &str) -> String {
    labels.get(lang).or_else(|| labels.get(default)).map_or(id, String::as_str).to_string()
}

/// What can go wrong while an index is built or read: tantivy's own trouble,
/// such as a lack of memory. No query and no document causes it.
#[derive(Debug, thiserror::Error)]
#[error("the search index failed: {0}")]
pub struct Error(#[from] tantivy::TantivyError);

/// Documents by their language.
pub fn by_language(documents: Vec<Document>) -> BTreeMap<String, Vec<Document>> {
    let mut out: BTreeMap<String, Vec<Document>> = BTreeMap::new();
    for document in documents {
        out.entry(document.lang.clone()).or_default().push(document);
    }
    out
}

/// The indexes of all languages.
pub struct Search {
    indexes: BTreeMap<String, Searched>,
    default_lang: String,
}

impl Search {
    /// Indexes documents, in whatever order they come.
    pub fn build(documents: Vec<Document>, settings: &Settings) -> Result<Self, Error> {
        let indexes = by_language(documents)
            .into_par_iter()
            .map(|(lang, own)| Ok((lang.clone(), Index::to_ask(&lang, own, settings)?)));
        let indexes = indexes.collect::<Result<_, Error>>()?;
        Ok(Self { indexes, default_lang: settings.default_lang.clone() })
    }

    /// Languages with the number of their documents.
    pub fn languages(&self) -> BTreeMap<String, usize> {
        let count = |index: &Index| index.documents().len();
        self.indexes.iter().map(|(lang, (index, _))| (lang.clone(), count(index))).collect()
    }

    /// The index of a language.
    pub fn index(&self, lang: &str) -> Option<&Index> {
        self.indexes.get(lang).map(|(index, _)| index)
    }

    /// Answers a query in one language (`None`: the default one). A language
    /// without documents answers with no hits.
    pub fn query(
        &self,
        text: &str,
        lang: Option<&str>,
        options: &Options,
    ) -> Result<Results, Error> {
        match self.indexes.get(lang.unwrap_or(&self.default_lang)) {
            Some(index) => run::search(index, text, options),
            None => Ok(Results { query: text.to_string(), ..Results::default() }),
        }
    }

    /// The whole search pack in memory: path relative to its folder, bytes.
    pub fn pack(&self) -> Result<BTreeMap<String, Vec<u8>>, Error> {
        let files = Mutex::new(BTreeMap::new());
        let take = |file: pack::File<'_>| {
            let bytes = file.bytes().into_owned();
            files.lock().unwrap_or_else(PoisonError::into_inner).insert(file.path, bytes);
        };
        let counts = self.languages();
        pack::list(&counts, &self.default_lang, &take);
        self.indexes
            .par_iter()
            .try_for_each(|(_, (index, _))| pack::export(index, &counts, &take))?;
        Ok(files.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

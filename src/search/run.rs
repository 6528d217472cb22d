//! Answering a query from an index: ranked, filtered, counted, marked.
//!
//! Enters: an [`Index`] and a line of text. Leaves: [`Results`], whose JSON is
//! that of `exempla search --json` and of the reader in the browser. tantivy
//! finds and scores; filters and counts read the facets' columns.

use super::index::{Index, Searched};
use super::query::{self, Help};
use super::resolve::resolve;
use super::{Document, Error, excerpt, filters};
use crate::model::collation;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The best first; ties by ordinal.
    #[default]
    Relevance,
    /// The newest first, undated last; ties by ordinal.
    Date,
    /// By title, case and accents aside; ties by ordinal.
    Title,
}

/// How a query is to be answered.
#[derive(Debug, Clone)]
pub struct Options {
    /// Facet and values, besides the filters of the query itself: a document
    /// must have one of the values of every facet named.
    pub filters: Vec<(String, Vec<String>)>,
    /// The order of hits.
    pub sort: Sort,
    /// Hits at most.
    pub limit: usize,
    /// Hits left out before the first.
    pub offset: usize,
    /// Whether the last word may go on.
    pub typing: bool,
    /// Ids of documents that do not count: the index knows an old form of them.
    pub without: BTreeSet<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            filters: Vec::new(),
            sort: Sort::Relevance,
            limit: 10,
            offset: 0,
            typing: false,
            without: BTreeSet::new(),
        }
    }
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// The entry's id.
    pub id: String,
    /// The entry's type.
    #[serde(rename = "type")]
    pub type_id: String,
    /// Language.
    pub lang: String,
    /// Where it is.
    pub url: String,
    /// Plain text.
    pub title: String,
    /// Plain text.
    pub summary: String,
    /// When it appeared, as [`date`] has it.
    #[serde(skip)]
    pub date: u32,
    /// BM25 summed over words and fields; 0 where nothing was ranked.
    pub score: f32,
    /// Plain text in parts, every second one marked.
    pub excerpt: Vec<String>,
}

/// The answer to a query.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Results {
    /// The query as given.
    pub query: String,
    /// Documents that match, filters applied.
    pub total: usize,
    /// The hits asked for.
    pub hits: Vec<Hit>,
    /// By facet and value: the matching documents that filters on other facets
    /// let through. Values without any are left out.
    pub facets: serde_json::Map<String, serde_json::Value>,
    /// The query with slips mended, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// What is odd about the query.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub help: Vec<Help>,
}

/// Answers a query, by an index and the searcher over it.
pub fn search(
    (index, searcher): &Searched,
    text: &str,
    options: &Options,
) -> Result<Results, Error> {
    let names: Vec<&str> = index.facets().iter().map(|facet| &*facet.name).collect();
    let query = query::parse(text, &names);
    let resolved = resolve(index, text, &query, options.typing);
    let mut help = query.help.clone();
    help.extend(resolved.help);
    let filters = filters::join(index, &query, options, &mut help);
    help.sort();
    help.dedup();
    let found = searcher.search(&*resolved.query, &Scores)?;
    // Not a clause of the query: tantivy 0.27 seeks an excluded phrase backwards.
    let out = searcher.search(&*resolved.excluded, &Scores)?;
    let out: HashSet<DocId> = out.into_iter().map(|(document, _)| document).collect();

    let mut counts: Vec<Vec<u32>> =
        index.facets().iter().map(|facet| vec![0; facet.values.len()]).collect();
    let mut matching: Vec<(DocId, Score)> = Vec::new();
    let counts_not = |document: &DocId| {
        out.contains(document)
            || options.without.contains(&index.documents()[*document as usize].id)
    };
    for (document, score) in found.into_iter().filter(|(document, _)| !counts_not(document)) {
        let failed: Vec<usize> = filters
            .iter()
            .filter(|filter| !filter.passes(index, document))
            .map(|filter| filter.facet)
            .collect();
        if failed.is_empty() {
            matching.push((document, score));
        }
        for (facet, counts) in counts.iter_mut().enumerate() {
            if failed.iter().all(|other| *other == facet) {
                for &value in &index.facets()[facet].column[document as usize] {
                    counts[value as usize] += 1;
                }
            }
        }
    }
    match options.sort {
        Sort::Relevance => matching.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))),
        Sort::Date => matching.sort_by_key(|(document, _)| {
            (Reverse(date(&index.documents()[*document as usize])), *document)
        }),
        Sort::Title => matching.sort_by_cached_key(|(document, _)| {
            (collation(&index.documents()[*document as usize].title), *document)
        }),
    }
    // Every form of every stem is marked; several forms count as one word.
    let marks: HashMap<&str, u32> = (0u32..)
        .zip(&resolved.stems)
        .flat_map(|(at, &stem)| index.words().forms(stem).map(move |word| (&*word.text, at)))
        .collect();
    let hits = matching.iter().skip(options.offset).take(options.limit);
    Ok(Results {
        query: text.to_string(),
        total: matching.len(),
        hits: hits.map(|&(document, score)| hit(index, document, score, &marks)).collect(),
        facets: index.facets().iter().zip(&counts).map(|(facet, n)| counted(facet, n)).collect(),
        suggestion: resolved.suggestion,
        help,
    })
}

/// A partial ISO date as a number that sorts: 20210503, 20210500, 20210000; 0
/// for none.
pub fn date(document: &Document) -> u32 {
    let mut parts = document.date.get(..10).unwrap_or(&document.date).splitn(3, '-');
    let mut part = |most: u32| {
        let text = parts.next().unwrap_or_default();
        text.parse::<u32>().ok().filter(|number| *number <= most).unwrap_or(0)
    };
    let (year, month, day) = (part(9999), part(12), part(31));
    if year == 0 { 0 } else { year * 10_000 + month * 100 + day }
}

fn counted(facet: &super::facets::Facet, counts: &[u32]) -> (String, serde_json::Value) {
    let values = facet.values.iter().zip(counts).filter(|(_, count)| **count > 0);
    let counts = values.map(|(value, count)| (value.id.clone(), (*count).into())).collect();
    (facet.name.clone(), serde_json::Value::Object(counts))
}

fn hit(index: &Index, ordinal: DocId, score: f32, marks: &HashMap<&str, u32>) -> Hit {
    let document = &index.documents()[ordinal as usize];
    let wanted = |word: &str| marks.get(word).copied();
    let cut = |text: &str| {
        excerpt::place(text, &wanted).map(|at| excerpt::passage(text, excerpt::around(text, at)))
    };
    let passage = cut(&document.body).or_else(|| cut(&document.summary)).unwrap_or_else(|| {
        let text = match &*document.summary {
            "" => &document.body,
            summary => summary,
        };
        excerpt::passage(text, excerpt::around(text, 0))
    });
    Hit {
        id: document.id.clone(),
        type_id: document.type_id.clone(),
        lang: document.lang.clone(),
        url: document.url.clone(),
        title: document.title.clone(),
        summary: document.summary.clone(),
        date: date(document),
        score,
        excerpt: excerpt::mark(&passage, &|word| wanted(word).is_some()),
    }
}

/// A tantivy collector of all documents with their scores.
struct Scores;

impl Collector for Scores {
    type Fruit = Vec<(DocId, Score)>;
    type Child = Segment;

    fn for_segment(&self, _: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<Segment> {
        Ok(Segment(Vec::new()))
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

struct Segment(Vec<(DocId, Score)>);

impl SegmentCollector for Segment {
    type Fruit = Vec<(DocId, Score)>;

    fn collect(&mut self, document: DocId, score: Score) {
        self.0.push((document, score));
    }

    fn harvest(self) -> Self::Fruit {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{FacetSettings, Settings};

    fn index() -> Searched {
        let document = |id: &str, type_id: &str, title: &str, date: &str| Document {
            id: id.into(),
            type_id: type_id.into(),
            title: title.into(),
            body: format!("{title}. All of this is about cities.").into(),
            facets: vec![("theme".into(), vec![title[..1].to_string()])],
            date: date.into(),
            ..Default::default()
        };
        let documents = vec![
            document("a", "pilot", "Water in the city", "2021-05"),
            document("b", "pilot", "Open data for water", "2022"),
            document("c", "practice", "Data that is open", ""),
            document("d", "practice", "Gardens", "2021-05-03"),
        ];
        let theme = FacetSettings { name: "theme".into(), ..Default::default() };
        let settings = Settings { facets: vec![theme], ..Default::default() };
        Index::to_ask("en", documents, &settings).unwrap()
    }

    fn ids(index: &Searched, text: &str, options: &Options) -> Vec<String> {
        let mut ids: Vec<String> =
            search(index, text, options).unwrap().hits.into_iter().map(|hit| hit.id).collect();
        if options.sort == Sort::Relevance {
            ids.sort();
        }
        ids
    }

    #[test]
    fn words_phrases_and_exclusions_find_what_they_say() {
        let (index, plain) = (index(), Options::default());
        assert_eq!(ids(&index, "waters gardens", &plain), ["a", "b", "d"]);
        assert_eq!(ids(&index, "\"open data\"", &plain), ["b"]);
        assert_eq!(ids(&index, "data -\"open data\"", &plain), ["c"]);
        assert_eq!(ids(&index, "-water", &plain), ["c", "d"]);
        assert_eq!(ids(&index, "", &plain).len(), 4);
        assert_eq!(ids(&index, "?!", &plain), [""; 0]);
        assert_eq!(ids(&index, "zebra", &plain), [""; 0]);
        assert_eq!(ids(&index, "gar", &Options { typing: true, ..plain }), ["d"]);
        let best = search(&index, "open water", &Options::default()).unwrap().hits.remove(0);
        assert_eq!(best.id, "b", "more words rank higher");
        assert_eq!(
            best.excerpt,
            ["", "Open", " data for ", "water", ". All of this is about cities."]
        );
    }

    #[test]
    fn a_facet_is_counted_without_its_own_filter() {
        let index = index();
        let filters = vec![("theme".to_string(), vec!["W".to_string(), "o".into()])];
        let found = search(&index, "cities type:pilot", &Options { filters, ..Default::default() });
        let found = serde_json::to_value(found.unwrap()).unwrap();
        assert_eq!(found["total"], 2);
        assert_eq!(found["facets"]["theme"], serde_json::json!({ "O": 1, "W": 1 }));
        assert_eq!(found["facets"]["type"], serde_json::json!({ "pilot": 2 }));
        let none = search(&index, "type:none", &Options::default()).unwrap();
        assert_eq!((none.total, none.help), (0, vec![Help::UnknownValue]));
    }

    #[test]
    fn dates_may_be_partial_and_slips_are_mended() {
        let index = index();
        let newest = Options { sort: Sort::Date, ..Default::default() };
        assert_eq!(ids(&index, "cities", &newest), ["b", "d", "a", "c"]);
        let page = Options { sort: Sort::Date, limit: 2, offset: 1, ..Default::default() };
        assert_eq!(ids(&index, "cities", &page), ["d", "a"]);
        let found = search(&index, "open wxter", &Options::default()).unwrap();
        assert_eq!(found.suggestion.as_deref(), Some("open water"));
        let ending = |text| search(&index, text, &Options::default()).unwrap().suggestion;
        assert_eq!(ending("gardening"), None, "it is found as it stands");
        assert_eq!(ending("\"gardening\"").as_deref(), Some("\"gardens\""));
        let found = search(&index, "\"open wxter\"", &Options::default()).unwrap();
        assert_eq!((found.total, found.help), (0, vec![Help::UnknownInPhrase]));
    }
}

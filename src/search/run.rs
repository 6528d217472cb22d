//! Answering a query from an index: ranked, filtered, counted, marked.
//!
//! Enters: an [`Index`] and a line of text. Leaves: [`Results`], whose JSON is
//! that of `exempla search --json` and of the reader in the browser. tantivy
//! finds and scores; filters and counts read the facets' columns.

use super::excerpt;
use super::index::Index;
use super::query::{self, Help, Query, Token};
use super::{Document, Error};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, TermQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// Readings of a phrase whose words have several stems; more are not tried.
pub const MOST_READINGS: usize = 8;

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The best first; ties by ordinal.
    #[default]
    Relevance,
    /// The newest first, undated last; ties by ordinal.
    Date,
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
}

impl Default for Options {
    fn default() -> Self {
        Self { filters: Vec::new(), sort: Sort::Relevance, limit: 10, offset: 0, typing: false }
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

/// Answers a query.
pub fn search(index: &Index, text: &str, options: &Options) -> Result<Results, Error> {
    let names: Vec<&str> = index.facets().iter().map(|facet| &*facet.name).collect();
    let query = query::parse(text, &names);
    let resolved = resolve(index, text, &query, options.typing);
    let mut help = query.help.clone();
    help.extend(resolved.help);
    let filters = filters(index, &query, options, &mut help);
    help.sort();
    help.dedup();
    let found = index.searcher().search(&*resolved.query, &Scores)?;
    // Not a clause of the query: tantivy 0.27 seeks an excluded phrase backwards.
    let out = index.searcher().search(&*resolved.excluded, &Scores)?;
    let out: HashSet<DocId> = out.into_iter().map(|(document, _)| document).collect();

    let mut counts: Vec<Vec<u32>> =
        index.facets().iter().map(|facet| vec![0; facet.values.len()]).collect();
    let mut matching: Vec<(DocId, Score)> = Vec::new();
    for (document, score) in found.into_iter().filter(|(document, _)| !out.contains(document)) {
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

/// Values of one facet of which a document must have one (or none, if refused).
struct Filter {
    facet: usize,
    values: Vec<u32>,
    refused: bool,
}

impl Filter {
    fn passes(&self, index: &Index, document: DocId) -> bool {
        let own = &index.facets()[self.facet].column[document as usize];
        self.values.iter().any(|value| own.contains(value)) != self.refused
    }
}

/// Joins the filters of the query and those beside it, by facet.
fn filters(index: &Index, query: &Query, options: &Options, help: &mut Vec<Help>) -> Vec<Filter> {
    let mut filters: Vec<Filter> = Vec::new();
    let typed = query.filters.iter().map(|f| (&*f.facet, &*f.value, f.refused));
    let beside = options
        .filters
        .iter()
        .flat_map(|(facet, values)| values.iter().map(|value| (&**facet, &**value, false)));
    for (name, value, refused) in typed.chain(beside) {
        let Some(facet) = index.facets().iter().position(|facet| facet.name == name) else {
            help.push(Help::UnknownValue);
            continue;
        };
        let at = match filters.iter().position(|f| f.facet == facet && f.refused == refused) {
            Some(at) => at,
            None => {
                filters.push(Filter { facet, values: Vec::new(), refused });
                filters.len() - 1
            }
        };
        match index.facets()[facet].find(value) {
            Some(value) => filters[at].values.push(value),
            None => help.push(Help::UnknownValue),
        }
    }
    filters
}

/// A query in terms of an index.
struct Resolved {
    query: Box<dyn tantivy::query::Query>,
    /// What must not match.
    excluded: Box<dyn tantivy::query::Query>,
    /// Stems whose words are marked in excerpts.
    stems: Vec<u32>,
    suggestion: Option<String>,
    help: Vec<Help>,
}

fn resolve(index: &Index, text: &str, query: &Query, typing: bool) -> Resolved {
    let mut clauses: Vec<(Occur, Box<dyn tantivy::query::Query>)> = Vec::new();
    let mut instead: Vec<(Range<usize>, &str)> = Vec::new();
    let mut boosts: Vec<(u32, f32)> = Vec::new();
    let mut help = Vec::new();
    for (at, token) in query.words.iter().enumerate() {
        let open = typing && query.open && at + 1 == query.words.len();
        let meaning = index.words().resolve(&token.text, token.pair, open);
        instead.extend(meaning.instead.map(|word| (token.start..token.end, word)));
        for (stem, boost) in meaning.stems {
            match boosts.iter_mut().find(|(known, _)| *known == stem) {
                Some((_, sum)) => *sum += boost,
                None => boosts.push((stem, boost)),
            }
        }
    }
    // What most entries have is left out, unless there is nothing else to find.
    let rare = |(stem, _): &(u32, f32)| index.common().binary_search(stem).is_err();
    if boosts.iter().any(rare) {
        boosts.retain(rare);
    }
    for &(stem, boost) in &boosts {
        clauses.extend(anywhere(index, &[stem], boost).map(|query| (Occur::Should, query)));
    }
    let mut stems: Vec<u32> = boosts.iter().map(|(stem, _)| *stem).collect();
    for phrase in &query.phrases {
        let readings = readings(index, phrase);
        if readings.is_empty() {
            help.push(Help::UnknownInPhrase);
            for token in phrase {
                let meaning = index.words().resolve(&token.text, token.pair, false);
                instead.extend(meaning.instead.map(|word| (token.start..token.end, word)));
            }
        }
        let any: Vec<_> =
            readings.iter().flat_map(|reading| anywhere(index, reading, 1.0)).collect();
        stems.extend(readings.into_iter().flatten());
        clauses.push((Occur::Must, Box::new(BooleanQuery::union(any))));
    }
    if clauses.is_empty() {
        let asked = !query.words.is_empty() || query.help.contains(&Help::NothingToSearch);
        let every: Box<dyn tantivy::query::Query> =
            if asked { Box::new(EmptyQuery) } else { Box::new(AllQuery) };
        clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(every, 0.0))));
    }
    let excluded = query.excluded.iter().flat_map(|phrase| readings(index, phrase));
    let excluded = excluded.flat_map(|reading| anywhere(index, &reading, 1.0).collect::<Vec<_>>());
    let excluded = Box::new(BooleanQuery::union(excluded.collect()));
    instead.sort_by_key(|(range, _)| range.start);
    let mut mended = text.to_string();
    for (range, word) in instead.iter().rev() {
        mended.replace_range(range.clone(), word);
    }
    let suggestion = (!instead.is_empty()).then_some(mended);
    Resolved { query: Box::new(BooleanQuery::new(clauses)), excluded, stems, suggestion, help }
}

/// The stems in order that a phrase may stand for; none if a word is unknown.
fn readings(index: &Index, phrase: &[Token]) -> Vec<Vec<u32>> {
    let mut readings: Vec<Vec<u32>> = vec![Vec::new()];
    for token in phrase {
        let Some(word) = index.words().find(&token.text) else { return Vec::new() };
        readings = readings
            .iter()
            .flat_map(|before| word.stems.iter().map(|stem| [&before[..], &[*stem]].concat()))
            .take(MOST_READINGS)
            .collect();
    }
    readings
}

/// Queries for one stem, or several in a row, one for each field that has them.
fn anywhere(
    index: &Index,
    stems: &[u32],
    boost: f32,
) -> impl Iterator<Item = Box<dyn tantivy::query::Query>> {
    index.fields().iter().map(move |field| {
        let mut terms: Vec<_> = stems.iter().map(|&stem| index.term(field, stem)).collect();
        let query: Box<dyn tantivy::query::Query> = match terms.pop() {
            None => Box::new(EmptyQuery),
            Some(term) if terms.is_empty() => {
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
            }
            Some(last) => {
                terms.push(last);
                Box::new(PhraseQuery::new(terms))
            }
        };
        Box::new(BoostQuery::new(query, field.boost * boost)) as Box<dyn tantivy::query::Query>
    })
}

fn hit(index: &Index, ordinal: DocId, score: f32, marks: &HashMap<&str, u32>) -> Hit {
    let document = &index.documents()[ordinal as usize];
    let wanted = |word: &str| marks.get(word).copied();
    let cut = |text: &str| {
        excerpt::place(text, &wanted).map(|at| excerpt::passage(text, excerpt::around(text, at)))
    };
    let passage = cut(&document.body).or_else(|| cut(&document.summary)).unwrap_or_else(|| {
        let text = if document.summary.is_empty() { &document.body } else { &document.summary };
        excerpt::passage(text, excerpt::around(text, 0))
    });
    Hit {
        id: document.id.clone(),
        type_id: document.type_id.clone(),
        lang: document.lang.clone(),
        url: document.url.clone(),
        title: document.title.clone(),
        summary: document.summary.clone(),
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

//! The filters of a query.
//!
//! Enters: what a query and its options ask of facets. Leaves: filters that say
//! whether a document passes: values of one facet are alternatives, facets add up.

use super::index::Index;
use super::query::{Help, Query};
use super::run::Options;
use tantivy::DocId;

/// Values of one facet of which a document must have one (or none, if refused).
pub struct Filter {
    /// Its place among the index's facets.
    pub facet: usize,
    values: Vec<u32>,
    refused: bool,
}

impl Filter {
    /// Whether a document, by ordinal, has what is asked.
    pub fn passes(&self, index: &Index, document: DocId) -> bool {
        let own = &index.facets()[self.facet].column[document as usize];
        self.values.iter().any(|value| own.contains(value)) != self.refused
    }
}

/// The filters of a query and those beside it, by facet; says so in `help` where
/// a facet or value is unknown.
pub fn join(index: &Index, query: &Query, options: &Options, help: &mut Vec<Help>) -> Vec<Filter> {
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

//! The columns that filters, counts and the orders by date and by title read.
//!
//! The dates, the titles' order and each facet are a shard each, so that a page
//! fetches what it shows. A column has one entry a document, in the order of their
//! numbers, which all need: the first facet, which a page shows first, brings them.

use super::super::index::Index;
use super::super::run::date;
use super::bytes::{Payload, Sealer, names};
use crate::model::collation;
use std::cmp::Reverse;

/// The facets: label and values as JSON, then how many values every document
/// names, then all these values, document by document, ascending. The first facet
/// begins with the numbers of all documents: how many, then themselves, ascending.
pub fn facets(index: &Index, sealer: &mut Sealer<'_>) -> String {
    let facet = |(at, facet): (usize, &super::super::facets::Facet)| {
        let mut payload = Payload::shard();
        if at == 0 {
            payload.length(index.numbers().len());
            payload.ascending(index.numbers().iter().copied());
        }
        payload.string(&facet.description().to_string());
        facet.named.iter().for_each(|values| payload.length(values.len()));
        facet.named.iter().for_each(|values| payload.ascending(values.iter().copied()));
        payload
    };
    names(&sealer.seal(index.facets().iter().enumerate().map(facet).collect()))
}

/// The dates as numbers: 20210503, 20210500 or 20210000; 0 for none.
pub fn dates(index: &Index, sealer: &mut Sealer<'_>) -> String {
    let mut payload = Payload::shard();
    index.documents().iter().for_each(|document| payload.number(date(document)));
    names(&sealer.seal(vec![payload]))
}

/// How many documents follow each in the order of titles, so that here too the highest
/// comes first.
pub fn titles(index: &Index, sealer: &mut Sealer<'_>) -> String {
    let documents = index.documents();
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by_cached_key(|&at| (Reverse(collation(&documents[at].title)), Reverse(at)));
    let mut after = vec![0; order.len()];
    (0..).zip(order).for_each(|(rank, at)| after[at] = rank);
    let mut payload = Payload::shard();
    after.into_iter().for_each(|rank| payload.number(rank));
    names(&sealer.seal(vec![payload]))
}

//! The columns that filters, counts and the order by date read.
//!
//! The numbers of all documents, the dates and each facet are a shard each, so
//! that a page fetches what it shows. A column has one entry a document, in the
//! order of their numbers.

use super::super::index::Index;
use super::super::run::date;
use super::bytes::{Files, Payload, names};
use serde_json::json;

/// The numbers of all documents: how many, then themselves, ascending.
pub fn numbers(index: &Index, files: &mut Files) -> String {
    let mut payload = Payload::shard();
    payload.length(index.numbers().len());
    payload.ascending(index.numbers().iter().copied());
    names(&files.seal(vec![payload]))
}

/// The facets: label and values as JSON, then how many values every document
/// names, then all these values, document by document, ascending.
pub fn facets(index: &Index, files: &mut Files) -> String {
    let facet = |facet: &super::super::facets::Facet| {
        let values: Vec<_> = facet
            .values
            .iter()
            .map(|value| match value.broader {
                Some(broader) => json!([value.id, value.label, broader]),
                None if value.id == value.label => json!([value.id]),
                None => json!([value.id, value.label]),
            })
            .collect();
        let mut payload = Payload::shard();
        payload.string(&json!({ "label": facet.label, "values": values }).to_string());
        facet.named.iter().for_each(|values| payload.length(values.len()));
        facet.named.iter().for_each(|values| payload.ascending(values.iter().copied()));
        payload
    };
    names(&files.seal(index.facets().iter().map(facet).collect()))
}

/// The dates as numbers: 20210503, 20210500 or 20210000; 0 for none.
pub fn dates(index: &Index, files: &mut Files) -> String {
    let mut payload = Payload::shard();
    index.documents().iter().for_each(|document| payload.number(date(document)));
    names(&files.seal(vec![payload]))
}

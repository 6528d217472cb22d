//! The columns that filters, counts and the order by date read.
//!
//! Facets and dates are a shard each. Both begin with the numbers of all
//! documents, ascending; every column then has one entry a document.

use super::super::index::Index;
use super::super::run::date;
use super::bytes::{Files, Payload};
use serde_json::json;

fn numbers(index: &Index) -> Payload {
    let mut payload = Payload::shard();
    payload.length(index.numbers().len());
    payload.ascending(index.numbers().iter().copied());
    payload
}

/// The facets: a list of them as JSON, then for each how many values every
/// document names, then all these values, document by document, ascending.
pub fn facets(index: &Index, files: &mut Files) -> String {
    let mut payload = numbers(index);
    let list: Vec<_> = index
        .facets()
        .iter()
        .map(|facet| {
            let values: Vec<_> = facet
                .values
                .iter()
                .map(|value| match value.broader {
                    Some(broader) => json!([value.id, value.label, broader]),
                    None if value.id == value.label => json!([value.id]),
                    None => json!([value.id, value.label]),
                })
                .collect();
            json!({ "name": facet.name, "label": facet.label, "values": values })
        })
        .collect();
    payload.string(&json!(list).to_string());
    for facet in index.facets() {
        facet.named.iter().for_each(|values| payload.length(values.len()));
        facet.named.iter().for_each(|values| payload.ascending(values.iter().copied()));
    }
    files.seal(vec![payload])
}

/// The dates as numbers: 20210503, 20210500 or 20210000; 0 for none.
pub fn dates(index: &Index, files: &mut Files) -> String {
    let mut payload = numbers(index);
    index.documents().iter().for_each(|document| payload.number(date(document)));
    files.seal(vec![payload])
}

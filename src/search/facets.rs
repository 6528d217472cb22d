//! The facets of one language's entries: which values there are, who has them.
//!
//! Enters: what the documents say and what the settings declare. Leaves:
//! columns that filtering and counting read. A value counts for everything
//! broader than it; values keep the order of their declaration, undeclared ones
//! follow in the order of their text.

use super::fold::fold;
use super::{Document, Settings};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

/// One value of a facet.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// As documents name it.
    pub id: String,
    /// As a visitor reads it.
    pub label: String,
    /// Position of the next broader value; always another one, never a cycle.
    pub broader: Option<u32>,
}

/// One facet with its column.
#[derive(Debug)]
pub struct Facet {
    /// As filters name it.
    pub name: String,
    /// As a visitor reads it.
    pub label: String,
    /// Its values, in order of display.
    pub values: Vec<Value>,
    /// By document: the values it names, ascending.
    pub named: Vec<Vec<u32>>,
    /// By document: these and all broader ones, ascending.
    pub column: Vec<Vec<u32>>,
}

impl Facet {
    /// What its values read like, as the search pack has it: `{ label, values }` with a
    /// list a value of its id, its label, if that is another, and its `broader`.
    pub fn description(&self) -> serde_json::Value {
        let value = |value: &Value| match value.broader {
            Some(broader) => json!([value.id, value.label, broader]),
            None if value.id == value.label => json!([value.id]),
            None => json!([value.id, value.label]),
        };
        json!({ "label": self.label, "values": self.values.iter().map(value).collect::<Vec<_>>() })
    }

    /// The position of a value by its id, else by its id's folded spelling.
    pub fn find(&self, id: &str) -> Option<u32> {
        let exact = self.values.iter().position(|value| value.id == id);
        let near = || self.values.iter().position(|value| fold_all(&value.id) == fold_all(id));
        exact.or_else(near).and_then(|at| u32::try_from(at).ok())
    }

    /// A value's position and those of all broader ones, ascending.
    fn upwards(&self, mut value: u32) -> BTreeSet<u32> {
        let mut all = BTreeSet::new();
        while all.insert(value) {
            match self.values.get(value as usize).and_then(|value| value.broader) {
                Some(broader) => value = broader,
                None => break,
            }
        }
        all
    }
}

/// A spelling that forgives case, accents and punctuation.
fn fold_all(text: &str) -> String {
    fold(&text.replace(|c: char| !c.is_alphanumeric(), ""))
}

/// Builds every facet of the documents: `type` first, then those of the settings.
pub fn build(documents: &[Document], settings: &Settings, lang: &str) -> Vec<Facet> {
    let kind = super::FacetSettings { name: "type".into(), ..Default::default() };
    let declared = settings.facets.iter().any(|facet| facet.name == kind.name);
    let first = if declared { None } else { Some(&kind) };
    first
        .into_iter()
        .chain(&settings.facets)
        .map(|facet| column(facet, documents, [lang, &settings.default_lang]))
        .collect()
}

fn named<'a>(document: &'a Document, facet: &str) -> Vec<&'a str> {
    let given = document.facets.iter().filter(|(name, _)| name == facet);
    let mut values: Vec<&str> = given.flat_map(|(_, values)| values).map(String::as_str).collect();
    if facet == "type" && values.is_empty() {
        values.push(&document.type_id);
    }
    values
}

fn column(settings: &super::FacetSettings, documents: &[Document], langs: [&str; 2]) -> Facet {
    let declared: BTreeSet<&str> = settings.values.iter().map(|value| &*value.id).collect();
    let met: BTreeSet<&str> =
        documents.iter().flat_map(|document| named(document, &settings.name)).collect();
    let mut facet = Facet {
        name: settings.name.clone(),
        label: super::label(&settings.labels, langs, &settings.name),
        values: Vec::new(),
        named: Vec::new(),
        column: Vec::new(),
    };
    for value in &settings.values {
        let label = super::label(&value.labels, langs, &value.id);
        facet.values.push(Value { id: value.id.clone(), label, broader: None });
    }
    for id in met.difference(&declared) {
        facet.values.push(Value { id: id.to_string(), label: id.to_string(), broader: None });
    }
    let mut place: HashMap<String, u32> = HashMap::new();
    for (at, value) in (0u32..).zip(&facet.values) {
        place.entry(value.id.clone()).or_insert(at);
    }
    for (at, value) in (0u32..).zip(&settings.values) {
        let broader = value.broader.as_ref().and_then(|id| place.get(id)).copied();
        // A value that would come to stand above itself keeps no broader one.
        if let Some(broader) = broader.filter(|broader| !facet.upwards(*broader).contains(&at)) {
            facet.values[at as usize].broader = Some(broader);
        }
    }
    for document in documents {
        let ids = named(document, &settings.name);
        let own: BTreeSet<u32> = ids.iter().filter_map(|id| place.get(*id)).copied().collect();
        let all: BTreeSet<u32> = own.iter().flat_map(|&value| facet.upwards(value)).collect();
        facet.named.push(own.into_iter().collect());
        facet.column.push(all.into_iter().collect());
    }
    facet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{FacetSettings, ValueSettings};

    #[test]
    fn values_count_for_broader_ones_and_cycles_are_cut() {
        let value = |id: &str, broader: &str| ValueSettings {
            id: id.into(),
            broader: Some(broader.into()),
            ..Default::default()
        };
        let theme = FacetSettings {
            name: "theme".into(),
            values: vec![
                value("water", "sewage"),
                value("sewage", "water"),
                value("pipes", "sewage"),
            ],
            ..Default::default()
        };
        let settings = Settings { facets: vec![theme], ..Settings::default() };
        let facets = vec![("theme".to_string(), vec!["pipes".to_string(), "Ünlisted".into()])];
        let document = Document { type_id: "pilot".into(), facets, ..Default::default() };
        let built = build(&[document], &settings, "en");
        assert_eq!(built[0].values[0].id, "pilot");
        let broader: Vec<_> = built[1].values.iter().map(|value| value.broader).collect();
        assert_eq!(broader, [Some(1), None, Some(1), None]);
        assert_eq!((&*built[1].named[0], &*built[1].column[0]), (&[2, 3][..], &[1, 2, 3][..]));
        assert_eq!(built[1].find("unlisted"), Some(3));
        assert_eq!(built[1].find("none"), None);
    }
}

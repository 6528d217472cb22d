//! The model as search sees it: a document for each entry, in its own language.
//!
//! Which fields are searched and what they weigh, and which facets there are,
//! the schema says; what a value reads like, the renderer.

use super::{Document, FacetSettings, FieldSettings, Labels, Settings, ValueSettings};
use crate::config::Site;
use crate::model::Entry;
use crate::render::Renderer;
use indexmap::IndexMap;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The documents of a site, in the order of its entries.
pub fn documents(renderer: &Renderer) -> Vec<Document> {
    some(renderer, 0..renderer.model().entries.len(), &|_| true)
}

/// The documents of the wanted among a range of the model's entries.
pub fn some(
    renderer: &Renderer,
    range: Range<usize>,
    wanted: &(dyn Fn(&Entry) -> bool + Sync),
) -> Vec<Document> {
    let (model, schema) = (renderer.model(), &renderer.site().schema);
    let facets = |entry: &Entry| {
        let of = model.type_of(schema, entry).facets();
        let ids = of.map(|facet| (facet.name(), entry.facet_ids(schema, facet, &model.entries)));
        ids.filter(|(_, ids)| !ids.is_empty()).collect()
    };
    model.entries[range]
        .par_iter()
        .filter(|entry| !entry.is_intro() && wanted(entry))
        .map(|entry| Document {
            id: entry.id.clone(),
            type_id: entry.kind.clone(),
            lang: entry.lang.clone(),
            url: renderer.link(&entry.url),
            title: entry.title.clone(),
            summary: entry.summary.clone().unwrap_or_default(),
            headings: entry.body.headings().iter().map(|heading| heading.text.clone()).collect(),
            body: Arc::clone(entry.body.text()),
            fields: renderer.searched_words(entry),
            facets: facets(entry),
            date: entry.date("date").map(|date| date.iso()).unwrap_or_default(),
        })
        .collect()
}

/// What is searched and filtered on a site.
pub fn settings(renderer: &Renderer) -> Settings {
    let site = renderer.site();
    let default = site.settings.default_language();
    let mut weights: IndexMap<&str, f32> = IndexMap::new();
    for field in site.schema.types.values().flat_map(|entry_type| entry_type.fields.values()) {
        if let Some(weight) = field.search {
            let known = weights.entry(&field.name).or_insert(weight);
            *known = known.max(weight);
        }
    }
    let mut out = Settings { default_lang: default.to_owned(), ..Settings::default() };
    for (name, boost) in weights {
        match out.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.boost = boost,
            None => out.fields.push(FieldSettings { name: name.to_owned(), boost }),
        }
    }
    out.facets.push(types(site));
    out.facets.extend(facets(renderer));
    out
}

fn types(site: &Site) -> FacetSettings {
    let default = site.settings.default_language();
    let value = |entry_type: &crate::schema::EntryType| ValueSettings {
        id: entry_type.id.clone(),
        labels: site
            .settings
            .languages
            .iter()
            .map(|lang| (lang.clone(), entry_type.plural.get(lang, default).to_owned()))
            .collect(),
        broader: None,
    };
    FacetSettings {
        name: "type".into(),
        labels: Labels::new(),
        values: site
            .schema
            .types
            .values()
            .filter(|entry_type| entry_type.list)
            .map(value)
            .collect(),
    }
}

/// The facets of all languages together, each with its labels.
fn facets(renderer: &Renderer) -> Vec<FacetSettings> {
    let mut out: IndexMap<&str, FacetSettings> = IndexMap::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (lang, facets) in &renderer.model().facets {
        for facet in facets.values() {
            let of = out.entry(&facet.field).or_insert_with(|| FacetSettings {
                name: facet.field.clone(),
                ..FacetSettings::default()
            });
            of.labels.insert(lang.clone(), facet.label.clone());
            for value in &facet.values {
                let at = *known.entry((&facet.field, &value.id)).or_insert_with(|| {
                    of.values.push(ValueSettings {
                        id: value.id.clone(),
                        labels: Labels::new(),
                        broader: value.broader.clone(),
                    });
                    of.values.len() - 1
                });
                let label = renderer.value_label(lang, &facet.field, value).to_owned();
                of.values[at].labels.insert(lang.clone(), label);
            }
        }
    }
    out.into_values().collect()
}

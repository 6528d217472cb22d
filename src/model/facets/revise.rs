//! Facets put right after some entries have come to say something else.
//!
//! Enters: the facets of a language, and what entries had and have of them. Leaves: the
//! facets as collecting them anew would give them.

use super::super::revise::NOWHERE;
use super::super::{Entry, Value};
use super::{Facet, Having, declared, offered};
use crate::config::Site;
use crate::schema::{FacetField, FieldKind, Schema};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// What an entry has had and has now of a facet, where that is not the same; if nothing
/// is gone or new, its values may be written otherwise.
pub(in crate::model) struct Difference {
    facet: String,
    at: usize,
    gone: Vec<String>,
    new: Vec<String>,
}

/// The differences in an entry that is now another than `before`, but of the same type.
pub(in crate::model) fn differences(
    schema: &Schema,
    entries: &[Entry],
    before: &Entry,
    (at, now): (usize, &Entry),
) -> Vec<Difference> {
    // A value is called by the words of an entry that has it.
    let calls = |facet: FacetField<'_>, entry: &Entry| -> Vec<_> {
        let items = entry.facet_values(facet).into_iter().flat_map(Value::items);
        let call = |item: &Value| match item {
            Value::Ref(reference) => (reference.target, None),
            item => (None, item.as_text().map(str::to_owned)),
        };
        items.map(call).collect()
    };
    let of_facet = |facet: FacetField<'_>| {
        let [had, has] = [before, now].map(|entry| entry.facet_ids(schema, facet, entries));
        let same = had == has && calls(facet, before) == calls(facet, now);
        let without = |ids: &[String], other: &[String]| {
            ids.iter().filter(|id| !other.contains(id)).cloned().collect()
        };
        (!same).then(|| Difference {
            facet: facet.name(),
            at,
            gone: without(&had, &has),
            new: without(&has, &had),
        })
    };
    let entry_type = schema.types.get(now.kind.as_str());
    entry_type.into_iter().flat_map(|of| of.facets()).filter_map(of_facet).collect()
}

/// Whether a language has the same facets after differences as before.
pub(in crate::model) fn keeps_all(
    of_language: &IndexMap<String, Facet>,
    differences: &[Difference],
) -> bool {
    differences.iter().all(|Difference { facet, .. }| {
        let own = differences.iter().filter(|other| other.facet == *facet);
        let gone: usize = own.map(|other| other.gone.len()).sum();
        of_language.get(facet).is_some_and(|facet| {
            facet.values.iter().map(|value| value.entries.len()).sum::<usize>() > gone
        })
    })
}

/// Takes up the differences in the facets of a language, and gives values that lead to
/// one of the `renamed` entries the labels that they have now. `rank` is where each entry
/// stands among those that the language shows. Returns the fields of the facets that may
/// look otherwise now.
pub(in crate::model) fn revise(
    site: &Site,
    entries: &[Entry],
    (lang, of_language): (&str, &mut IndexMap<String, Facet>),
    differences: &[Difference],
    renamed: &BTreeSet<String>,
    rank: &[usize],
) -> Vec<String> {
    let schema = &site.schema;
    let order = |at: usize| (schema.types.get_index_of(entries[at].kind.as_str()), rank[at]);
    let default = site.settings.default_language();
    let mut revised = Vec::new();
    for (name, field) in declared(schema) {
        let Some(facet) = of_language.get_mut(&name) else { continue };
        let is_own = |one: &&Difference| one.facet == name && rank[one.at] != NOWHERE;
        let own: Vec<&Difference> = differences.iter().filter(is_own).collect();
        let is_reference = matches!(field.field().item().kind, FieldKind::Ref { .. });
        let is_renamed =
            is_reference && facet.values.iter().any(|value| renamed.contains(&value.id));
        if own.is_empty() && !is_renamed {
            continue;
        }
        let values = std::mem::take(&mut facet.values).into_iter();
        let mut having: Having<String> = values.map(|value| (value.id, value.entries)).collect();
        for Difference { at, gone, new, .. } in own {
            for id in gone {
                if let Some(list) = having.get_mut(id) {
                    list.retain(|other| other != at);
                }
            }
            for id in new {
                let list = having.entry(id.clone()).or_default();
                list.insert(list.partition_point(|other| order(*other) < order(*at)), *at);
            }
        }
        having.retain(|_, list| !list.is_empty());
        facet.values = offered(schema, field, having, entries, lang, default);
        revised.push(name);
    }
    revised
}

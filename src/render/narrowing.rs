//! Ways to narrow the list of a type: filters with counts that hold within the list.
//!
//! A value has one page for the whole site, on which entries stand type by type, each
//! type under a heading with its number. A filter beside a list leads to the heading of
//! the list's type, so what it promises stands where it leads, without a script too.

use super::lists::FACET_VALUES;
use super::plan::{self, numbered};
use super::{Renderer, view};
use crate::model::{Facet, FacetValue, Model};
use crate::schema::EntryType;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// The entries of one type among those that have a value.
#[derive(Debug, Clone)]
pub(super) struct Share {
    pub kind: String,
    /// How many of other types stand before them.
    pub before: usize,
    pub count: usize,
}

/// By value of a facet: the types of its entries, in the order of its page.
pub(super) type Shares = HashMap<String, Vec<Share>>;

/// Counts the entries of all values of a facet, once for all pages.
pub(super) fn shares(model: &Model, facet: &Facet) -> Shares {
    let of_value = |value: &FacetValue| {
        let runs = value.entries.chunk_by(|a, b| model.entries[*a].kind == model.entries[*b].kind);
        let mut before = 0;
        let share = |run: &[usize]| {
            let kind = model.entries[run[0]].kind.clone();
            before += run.len();
            Share { kind, before: before - run.len(), count: run.len() }
        };
        (value.id.clone(), runs.map(share).collect())
    };
    facet.values.iter().map(of_value).collect()
}

impl Renderer {
    /// For each type and language, the facets beside its list: those by which it can
    /// be narrowed, with the values that some entry of the type has.
    pub(super) fn narrowing(&self) -> BTreeMap<(String, String), Vec<view::Facet>> {
        let mut out = BTreeMap::new();
        for lang in self.model.facets.keys() {
            for entry_type in self.site.schema.types.values().filter(|entry_type| entry_type.list) {
                let key = (lang.clone(), entry_type.id.clone());
                let facets =
                    self.beside(lang, entry_type, self.of_type.get(&key).map_or(0, Vec::len));
                out.insert(key, facets);
            }
        }
        out
    }

    fn beside(&self, lang: &str, entry_type: &EntryType, entries: usize) -> Vec<view::Facet> {
        let mut out = Vec::new();
        for facet in self.model.facets[lang].values() {
            if !entry_type.facets().any(|of| of.name() == facet.field) {
                continue;
            }
            let shares = &self.shares[lang][&facet.field];
            let within = |value: &FacetValue| {
                let all = &shares[&value.id];
                let share = all.iter().find(|share| share.kind == entry_type.id)?;
                Some(view::FacetValue {
                    count: share.count,
                    url: self.place_of(lang, &facet.field, value, share, all.len() > 1),
                    ..self.facet_value(lang, &facet.field, value)
                })
            };
            let mut values: Vec<view::FacetValue> =
                facet.values.iter().filter_map(within).collect();
            // What all of them have is nothing to choose by.
            if values.iter().all(|value| value.count == entries) {
                continue;
            }
            let total = values.len();
            // The values of some facets stand by how many entries have them: here, of this list.
            if facet.by_count {
                values.sort_by_key(|value| Reverse(value.count));
            }
            let all_url = self.facet_link(lang, facet).url.filter(|_| total > FACET_VALUES);
            values.truncate(FACET_VALUES);
            let (name, label) = (facet.field.clone(), facet.label.clone());
            out.push(view::Facet { name, label, values, total, all_url });
        }
        out
    }

    /// Where the entries of one type stand on the page of a value.
    fn place_of(
        &self,
        lang: &str,
        field: &str,
        value: &FacetValue,
        share: &Share,
        headed: bool,
    ) -> String {
        let number = share.before / self.site.settings.per_page + 1;
        let url = numbered(&plan::facet_url(field, Some(&value.slug)), number);
        let anchor = if headed { format!("#{}", anchor(&share.kind)) } else { String::new() };
        self.link(&format!("{}{url}{anchor}", self.site.settings.prefix(lang)))
    }

    /// The types of the entries on one page of a value, if they are of several.
    pub(super) fn groups(
        &self,
        lang: &str,
        field: &str,
        value: &FacetValue,
        number: usize,
    ) -> Vec<view::Group> {
        let shares = &self.shares[lang][field][&value.id];
        if shares.len() < 2 {
            return Vec::new();
        }
        let per_page = self.site.settings.per_page;
        let first = (number - 1) * per_page;
        let group = |share: &Share| {
            let start = share.before.max(first);
            let end = (share.before + share.count).min(first + per_page);
            (start < end).then(|| view::Group {
                id: anchor(&share.kind),
                kind: self.type_view(&self.site.schema.types[share.kind.as_str()], lang),
                count: share.count,
                start: start - first,
                end: end - first,
            })
        };
        shares.iter().filter_map(group).collect()
    }
}

/// The id of the heading above a type's entries.
fn anchor(kind: &str) -> String {
    format!("_type-{kind}")
}

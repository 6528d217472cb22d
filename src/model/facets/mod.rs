//! What visitors can filter by: for each language, field and value, the entries.

mod revise;

pub(super) use revise::{Difference, differences, keeps_all, revise};

use super::{Entry, Value, slug};
use crate::config::Site;
use crate::schema::{FacetField, Field, FieldKind, Schema, data};
use indexmap::IndexMap;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A field that visitors filter by.
#[derive(Debug, Clone)]
pub struct Facet {
    /// The field's name.
    pub field: String,
    /// Its label in the facet's language.
    pub label: String,
    /// Whether more frequent values come first; else they stand as they are declared.
    pub by_count: bool,
    /// Its values that some entry has, in the order they are offered.
    pub values: Vec<FacetValue>,
}

/// One value of a facet.
#[derive(Debug, Clone)]
pub struct FacetValue {
    /// The value: a term's id, a country's code, a tag.
    pub id: String,
    /// The last part of its page's address.
    pub slug: String,
    /// Its label in the facet's language.
    pub label: String,
    /// The value above it in the vocabulary.
    pub broader: Option<String>,
    /// How deep it stands in the vocabulary; 0 at the top.
    pub depth: usize,
    /// The entries that have it, or a value below it, type by type in the order of the schema.
    pub entries: Vec<usize>,
}

/// Collects the facets of every language.
pub(super) fn collect(
    site: &Site,
    entries: &[Entry],
    shown: &BTreeMap<String, Vec<usize>>,
) -> BTreeMap<String, IndexMap<String, Facet>> {
    let facets = declared(&site.schema);
    // By type: its place in the schema, and its facets with their places among all.
    let of_type = site.schema.types.values().enumerate().map(|(place, entry_type)| {
        let own = entry_type.facets();
        let own = own.filter_map(|facet| Some((facets.get_index_of(&facet.name())?, facet)));
        (entry_type.id.as_str(), (place, own.collect()))
    });
    let of_type: HashMap<&str, (usize, Vec<Placed<'_>>)> = of_type.collect();
    let of_entry = |entry: &Entry| {
        let Some((place, own)) = of_type.get(entry.kind.as_str()) else { return Own::default() };
        let ids = own.iter().flat_map(|(at, facet)| {
            let ids = entry.facet_ids(&site.schema, *facet, entries);
            ids.into_iter().map(move |id| (*at, id))
        });
        Own { place: *place, ids: ids.collect() }
    };
    // Once for all languages.
    let own: Vec<Own> = entries.par_iter().map(of_entry).collect();
    let of = |(lang, list): (&String, &Vec<usize>)| {
        (lang.clone(), of_language(site, entries, &facets, &own, lang, list))
    };
    shown.par_iter().map(of).collect()
}

/// The facets in the order in which the types declare them, free words last: controlled
/// lists are the better way in.
fn declared(schema: &Schema) -> IndexMap<String, FacetField<'_>> {
    let mut facets: IndexMap<String, FacetField<'_>> = IndexMap::new();
    for facet in schema.types.values().flat_map(|entry_type| entry_type.facets()) {
        facets.entry(facet.name()).or_insert(facet);
    }
    facets.sort_by(|_, a, _, b| is_free(a.field()).cmp(&is_free(b.field())));
    facets
}

/// A facet with its place among all.
type Placed<'s> = (usize, FacetField<'s>);

/// What an entry counts under.
#[derive(Default)]
struct Own {
    /// The place of its type in the schema.
    place: usize,
    /// Facets, by their places, and ids of their values.
    ids: Vec<(usize, String)>,
}

/// The entries with each value of a facet, by its id.
type Having<Id> = IndexMap<Id, Vec<usize>, foldhash::fast::RandomState>;

fn of_language(
    site: &Site,
    entries: &[Entry],
    facets: &IndexMap<String, FacetField<'_>>,
    own: &[Own],
    lang: &str,
    shown: &[usize],
) -> IndexMap<String, Facet> {
    let mut having = vec![Having::default(); facets.len()];
    let mut shown = shown.to_vec();
    shown.sort_by_key(|at| own[*at].place);
    for at in shown {
        for (facet, id) in &own[at].ids {
            having[*facet].entry(id).or_default().push(at);
        }
    }
    let default = site.settings.default_language();
    facets
        .iter()
        .zip(having)
        .filter(|(_, having)| !having.is_empty())
        .map(|((name, facet), having)| {
            let label = facet.field().label.get(lang, default);
            let label = match facet.inner {
                Some(_) => format!("{}: {label}", facet.outer.label.get(lang, default)),
                None => label.to_owned(),
            };
            let values = offered(&site.schema, *facet, having, entries, lang, default);
            let declared =
                matches!(facet.field().item().kind, FieldKind::Term(_) | FieldKind::Choice(_));
            (name.clone(), Facet { field: name.clone(), label, by_count: !declared, values })
        })
        .collect()
}

/// Whether a field takes any words. Tags stay the last way in, even where a
/// site keeps a list of them to give them labels in its languages.
fn is_free(field: &Field) -> bool {
    field.name == TAGS || matches!(field.item().kind, FieldKind::Text)
}

/// The field of every entry that takes its tags.
const TAGS: &str = "tags";

impl Entry {
    /// Its tags: the id of each among the values of its facet, and its label.
    pub fn tags(&self, schema: &Schema, lang: &str, default: &str) -> Vec<(String, String)> {
        let entry_type = schema.types.get(self.kind.as_str());
        let field = entry_type.and_then(|entry_type| entry_type.fields.get(TAGS));
        let tag = |item: &Value| match (item, field) {
            (Value::Text(text), _) => Some((slug(text), text.clone())),
            (item, Some(field)) => {
                let id = item.key()?;
                let kind = &field.item().kind;
                let label = value_label(schema, kind, &id, lang, default, &|_| None);
                Some((id, label))
            }
            _ => None,
        };
        self.value(TAGS).into_iter().flat_map(Value::items).filter_map(tag).collect()
    }

    /// The ids of the values of a facet under which an entry counts; each once, for it
    /// may have a term and a broader one. References lead into `entries`.
    pub fn facet_ids(
        &self,
        schema: &Schema,
        facet: FacetField<'_>,
        entries: &[Entry],
    ) -> Vec<String> {
        let mut out = Vec::new();
        for item in self.facet_values(facet).into_iter().flat_map(Value::items) {
            for id in ids(schema, facet.field(), item, entries) {
                if !out.contains(&id) {
                    out.push(id);
                }
            }
        }
        out
    }

    /// The values that an entry has of a facet.
    pub fn facet_values(&self, facet: FacetField<'_>) -> Vec<&Value> {
        let outer = self.value(&facet.outer.name);
        let Some(inner) = facet.inner else { return outer.into_iter().collect() };
        let cell = |item: &'_ Value| match item {
            Value::Table(cells) => cells.iter().position(|(name, _)| *name == inner.name),
            _ => None,
        };
        let items = outer.into_iter().flat_map(Value::items);
        items
            .filter_map(|item| match (item, cell(item)) {
                (Value::Table(cells), Some(at)) => Some(&cells[at].1),
                _ => None,
            })
            .collect()
    }
}

/// The ids under which a value counts: its own, and those of the terms above it.
fn ids(schema: &Schema, field: &Field, item: &Value, entries: &[Entry]) -> Vec<String> {
    match (&field.item().kind, item) {
        (FieldKind::Term(name), Value::Term(id)) => match schema.vocabularies.get(name) {
            Some(vocabulary) => vocabulary.ancestors(id).into_iter().map(str::to_owned).collect(),
            None => vec![id.clone()],
        },
        (_, Value::Ref(reference)) => {
            reference.target.map(|at| entries[at].id.clone()).into_iter().collect()
        }
        (_, Value::Date(date)) => vec![format!("{:04}", date.year)],
        // Spellings that differ in case or blanks are one tag.
        (_, Value::Text(text)) => {
            Some(slug(text)).filter(|slug| !slug.is_empty()).into_iter().collect()
        }
        (_, item) => item.key().into_iter().collect(),
    }
}

/// The values in the order they are offered: a vocabulary's own, with narrower
/// terms behind their broader one; else the most frequent first, then by label.
fn offered(
    schema: &Schema,
    facet: FacetField<'_>,
    having: Having<impl Into<String>>,
    entries: &[Entry],
    lang: &str,
    default: &str,
) -> Vec<FacetValue> {
    let field = facet.field();
    let vocabulary = match &field.item().kind {
        FieldKind::Term(name) => schema.vocabularies.get(name),
        _ => None,
    };
    let mut out: Vec<FacetValue> = having
        .into_iter()
        .map(|(id, list)| (id.into(), list))
        .map(|(id, list): (String, _)| FacetValue {
            slug: short(slug(&id)),
            label: label(schema, facet, &id, entries, &list, lang, default),
            broader: vocabulary
                .and_then(|v| v.terms.get(&id))
                .and_then(|term| term.broader.clone()),
            depth: vocabulary.map_or(0, |v| v.ancestors(&id).len().saturating_sub(1)),
            entries: list,
            id,
        })
        .collect();
    match (vocabulary, &field.item().kind) {
        (Some(vocabulary), _) => {
            let place = |id: &str| vocabulary.terms.get_index_of(id).unwrap_or(usize::MAX);
            // A term's path from the top, as places in the declaration.
            out.sort_by_cached_key(|value| {
                let mut path: Vec<usize> =
                    vocabulary.ancestors(&value.id).into_iter().map(place).collect();
                path.reverse();
                (path, value.id.clone())
            });
        }
        (None, FieldKind::Choice(choices)) => {
            // Another type may have other choices in a field of the same name.
            out.sort_by_cached_key(|value| {
                (choices.get_index_of(&value.id).unwrap_or(usize::MAX), value.id.clone())
            });
        }
        _ => out.sort_by_cached_key(|value| {
            (Reverse(value.entries.len()), value.label.to_lowercase(), value.id.clone())
        }),
    }
    distinct(&mut out);
    out
}

/// Gives each value an address of its own where two would share one.
fn distinct(values: &mut [FacetValue]) {
    let mut taken = BTreeSet::new();
    for value in values {
        let base = if value.slug.is_empty() { "value".to_owned() } else { value.slug.clone() };
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        if let Some(free) =
            std::iter::once(base.clone()).chain(numbered).find(|slug| !taken.contains(slug))
        {
            taken.insert(free.clone());
            value.slug = free;
        }
    }
}

/// What visitors see for a value.
fn label(
    schema: &Schema,
    facet: FacetField<'_>,
    id: &str,
    entries: &[Entry],
    list: &[usize],
    lang: &str,
    default: &str,
) -> String {
    match &facet.field().item().kind {
        FieldKind::Text => spelling(facet, id, entries, list),
        kind => value_label(schema, kind, id, lang, default, &|id| {
            referred(facet, id, entries, list).map(|entry| entry.title.clone())
        }),
    }
}

/// The entry of an id, as the first entry that names it does.
fn referred<'e>(
    facet: FacetField<'_>,
    id: &str,
    entries: &'e [Entry],
    list: &[usize],
) -> Option<&'e Entry> {
    let named = entries[*list.first()?].facet_values(facet).into_iter().flat_map(Value::items);
    let mut targets = named.filter_map(|item| match item {
        Value::Ref(reference) => reference.target.map(|at| &entries[at]),
        _ => None,
    });
    targets.find(|entry| entry.id == id)
}

/// The label of a code: a term, choice, country, language; else the code itself.
pub fn value_label(
    schema: &Schema,
    kind: &FieldKind,
    id: &str,
    lang: &str,
    default: &str,
    title: &dyn Fn(&str) -> Option<String>,
) -> String {
    let named = match kind {
        FieldKind::Term(name) => {
            schema.vocabularies.get(name).and_then(|v| v.terms.get(id)).map(|t| &t.label)
        }
        FieldKind::Choice(choices) => choices.get(id),
        FieldKind::Country => data::country(id).map(|(_, names)| names),
        FieldKind::Language => data::language(id),
        _ => None,
    };
    match kind {
        FieldKind::Ref { .. } => title(id).unwrap_or_else(|| id.to_owned()),
        _ => named
            .map(|label| label.get(lang, default))
            .filter(|label| !label.is_empty())
            .unwrap_or(id)
            .to_owned(),
    }
}

/// A slug that can be a folder's name: words that nobody can read to the end
/// are cut, and told from others that begin alike by their hash.
fn short(mut slug: String) -> String {
    const LONGEST: usize = 120;
    if slug.len() > LONGEST {
        let hash = blake3::hash(slug.as_bytes()).to_hex();
        slug.truncate(slug.floor_char_boundary(LONGEST));
        slug = format!("{}-{}", slug.trim_end_matches('-'), &hash[..8]);
    }
    slug
}

/// The spelling of a tag that its first entry uses.
fn spelling(facet: FacetField<'_>, id: &str, entries: &[Entry], list: &[usize]) -> String {
    let first = list.first().map(|at| entries[*at].facet_values(facet)).unwrap_or_default();
    first
        .into_iter()
        .flat_map(Value::items)
        .filter_map(Value::as_text)
        .find(|text| slug(text) == id)
        .unwrap_or(id)
        .to_owned()
}

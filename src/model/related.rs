//! The entries most like an entry: bounded work for each, when it is asked for.
//!
//! Two entries are alike by the weights of the values they share, each value
//! counting less the more entries have it (its inverse document frequency,
//! ln(1 + N/n)); a reference to the same entry is such a value. An entry is compared with a
//! bounded number of others: the nearest neighbours in the lists of its
//! rarest values. So the work grows with the number of entries, not its square.

use super::{Entry, Value};
use crate::schema::Schema;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// How many related entries an entry has at most.
const KEEP: usize = 6;
/// How many neighbours one value proposes.
const NEIGHBOURS: usize = 48;
/// How many entries one is compared with at most.
const CANDIDATES: usize = 240;

/// What an entry has in common with others: values with their weight, in their order.
type Features = Vec<(u64, f32)>;

/// By numbers that stand for entries, or for values of fields.
type ByNumber<N, V> = HashMap<N, V, foldhash::fast::RandomState>;

/// What the entries that one language shows have in common.
#[derive(Debug)]
pub(super) struct Space {
    /// How many entries there are.
    count: f32,
    /// For each value, the entries that have it.
    postings: ByNumber<u64, Vec<usize>>,
    features: ByNumber<usize, Features>,
}

/// The space of each language.
pub(super) fn spaces(
    schema: &Schema,
    entries: &[Entry],
    shown: &BTreeMap<String, Vec<usize>>,
) -> BTreeMap<String, Space> {
    let of = |(lang, list): (&String, &Vec<usize>)| (lang.clone(), space(schema, entries, list));
    shown.par_iter().map(of).collect()
}

fn space(schema: &Schema, entries: &[Entry], list: &[usize]) -> Space {
    let mut names = Names::default();
    let mut postings: ByNumber<u64, Vec<usize>> = ByNumber::default();
    let mut features = ByNumber::with_capacity_and_hasher(list.len(), Default::default());
    for &at in list {
        let own = names.features(schema, entries, &entries[at]);
        for (value, _) in &own {
            postings.entry(*value).or_default().push(at);
        }
        features.insert(at, own);
    }
    Space { count: list.len() as f32, postings, features }
}

/// The numbers of texts as they are written, by field: most are met often.
#[derive(Default)]
struct Names<'s>(HashMap<(&'s str, &'s str), u64, foldhash::fast::RandomState>);

impl<'s> Names<'s> {
    /// The values of an entry.
    fn features(&mut self, schema: &'s Schema, entries: &'s [Entry], entry: &'s Entry) -> Features {
        let mut features = Features::new();
        let fields = schema.types[entry.kind.as_str()].fields.values();
        for field in fields.filter(|field| field.related > 0.0) {
            for item in entry.value(&field.name).into_iter().flat_map(Value::items) {
                let Some(number) = self.number(&field.name, item, entries) else { continue };
                if !features.iter().any(|(known, _)| *known == number) {
                    features.push((number, field.related));
                }
            }
        }
        features.sort_unstable_by_key(|(number, _)| *number);
        features
    }

    /// The number of a value: it depends on the value alone, and so does the order of two.
    fn number(&mut self, field: &'s str, item: &'s Value, entries: &'s [Entry]) -> Option<u64> {
        Some(match item {
            Value::Text(text) => {
                let new = || number(field, &super::slug(text));
                *self.0.entry((field, text)).or_insert_with(new)
            }
            Value::Ref(reference) => number(field, &entries[reference.target?].id),
            item => number(field, &item.key()?),
        })
    }
}

/// The first bytes of a hash. There are far too few values for two to meet.
fn number(field: &str, key: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(field.as_bytes()).update(b"\0").update(key.as_bytes());
    let mut bytes = [0; 8];
    hasher.finalize_xof().fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

impl Space {
    /// Takes up the values that an entry has now. `rank` is where each entry stands
    /// among those that the language shows.
    pub fn revise(&mut self, schema: &Schema, entries: &[Entry], at: usize, rank: &[usize]) {
        let Some(own) = self.features.get_mut(&at) else { return };
        let now = Names::default().features(schema, entries, &entries[at]);
        for (value, _) in std::mem::replace(own, now.clone()) {
            if let Some(list) = self.postings.get_mut(&value) {
                list.retain(|other| *other != at);
            }
        }
        for (value, _) in now {
            let list = self.postings.entry(value).or_default();
            list.insert(list.partition_point(|other| rank[*other] < rank[at]), at);
        }
    }

    /// The entries most like one that the language shows, best first.
    pub fn most_alike(&self, at: usize) -> Vec<usize> {
        let Some(own) = self.features.get(&at) else { return Vec::new() };
        let rarities: Vec<f32> = own.iter().map(|(value, _)| self.rarity(*value)).collect();
        let features = |other| Some((self.features.get(&other)?, other));
        let others = self.candidates(at, own).into_iter().filter_map(features);
        let mut scored: Vec<(f32, usize)> =
            others.map(|(its, other)| (likeness(own, &rarities, its), other)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.into_iter().take(KEEP).map(|(_, other)| other).collect()
    }

    /// The neighbours of an entry in the lists of its rarest values.
    fn candidates(&self, at: usize, own: &Features) -> Vec<usize> {
        let lists = own.iter().filter_map(|(value, _)| Some((*value, self.postings.get(value)?)));
        let mut rarest: Vec<(u64, &Vec<usize>)> = lists.collect();
        rarest.sort_by_key(|(value, list)| (list.len(), *value));
        let mut out: Vec<usize> = Vec::new();
        for (_, list) in rarest {
            let here = list.partition_point(|other| *other < at);
            let from = here.saturating_sub(NEIGHBOURS / 2);
            let window = list.iter().skip(from).take(NEIGHBOURS + 1);
            out.extend(window.copied().filter(|other| *other != at));
            if out.len() >= CANDIDATES {
                break;
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The inverse document frequency of a value.
    fn rarity(&self, value: u64) -> f32 {
        let having = self.postings.get(&value).map_or(1, Vec::len).max(1);
        (1.0 + self.count / having as f32).ln()
    }
}

/// The sum over shared values of both weights' mean times the value's rarity, which `rarities`
/// has for each value of the first.
fn likeness(a: &Features, rarities: &[f32], b: &Features) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some((x, wx)), Some((y, wy))) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += (wx + wy) / 2.0 * rarities[i];
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    sum
}

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

/// What an entry has in common with others: values with their weight.
type Features = Vec<(usize, f32)>;

/// What the entries that one language shows have in common.
#[derive(Debug)]
pub(super) struct Space {
    /// For each value, the entries that have it.
    postings: Vec<Vec<usize>>,
    /// For each value, how rare it is.
    idf: Vec<f32>,
    features: HashMap<usize, Features, foldhash::fast::RandomState>,
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
    let mut postings: Vec<Vec<usize>> = Vec::new();
    let mut features = HashMap::with_capacity_and_hasher(list.len(), Default::default());
    for &at in list {
        let of = of_entry(schema, entries, at, &mut names, &mut postings);
        features.insert(at, of);
    }
    let count = list.len() as f32;
    let idf = postings.iter().map(|list| (1.0 + count / list.len() as f32).ln()).collect();
    Space { postings, idf, features }
}

/// The numbers of values, by field and key; texts also as they are written.
#[derive(Default)]
struct Names<'s> {
    by_key: HashMap<(&'s str, String), usize, foldhash::fast::RandomState>,
    by_text: HashMap<(&'s str, &'s str), usize, foldhash::fast::RandomState>,
}

impl<'s> Names<'s> {
    /// The number of a value, the next one if it is new: as many as there are lists
    /// of postings.
    fn number(&mut self, field: &'s str, item: &'s Value, entries: &'s [Entry]) -> Option<usize> {
        let next = self.by_key.len();
        match item {
            Value::Text(text) => {
                let new = || *self.by_key.entry((field, super::slug(text))).or_insert(next);
                Some(*self.by_text.entry((field, text)).or_insert_with(new))
            }
            Value::Ref(reference) => {
                let target = &entries[reference.target?];
                Some(*self.by_key.entry((field, target.id.clone())).or_insert(next))
            }
            item => Some(*self.by_key.entry((field, item.key()?)).or_insert(next)),
        }
    }
}

/// Numbers the values of an entry and enters it in their lists.
fn of_entry<'s>(
    schema: &'s Schema,
    entries: &'s [Entry],
    at: usize,
    names: &mut Names<'s>,
    postings: &mut Vec<Vec<usize>>,
) -> Features {
    let entry = &entries[at];
    let mut features = Features::new();
    for field in
        schema.types[entry.kind.as_str()].fields.values().filter(|field| field.related > 0.0)
    {
        for item in entry.value(&field.name).into_iter().flat_map(Value::items) {
            let Some(number) = names.number(&field.name, item, entries) else { continue };
            if number == postings.len() {
                postings.push(Vec::new());
            }
            if !features.iter().any(|(known, _)| *known == number) {
                postings[number].push(at);
                features.push((number, field.related));
            }
        }
    }
    features.sort_unstable_by_key(|(number, _)| *number);
    features
}

impl Space {
    /// The entries most like one that the language shows, best first.
    pub fn most_alike(&self, at: usize) -> Vec<usize> {
        let Some(own) = self.features.get(&at) else { return Vec::new() };
        let mut scored: Vec<(f32, usize)> = self
            .candidates(at, own)
            .into_iter()
            .filter_map(|other| Some((self.likeness(own, self.features.get(&other)?), other)))
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.into_iter().take(KEEP).map(|(_, other)| other).collect()
    }

    /// The neighbours of an entry in the lists of its rarest values.
    fn candidates(&self, at: usize, own: &Features) -> Vec<usize> {
        let mut rarest: Vec<usize> = own.iter().map(|(number, _)| *number).collect();
        rarest.sort_by_key(|number| (self.postings[*number].len(), *number));
        let mut out: Vec<usize> = Vec::new();
        for number in rarest {
            let list = &self.postings[number];
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

    /// The sum over shared values of both weights' mean times the value's rarity.
    fn likeness(&self, a: &Features, b: &Features) -> f32 {
        let (mut i, mut j, mut sum) = (0, 0, 0.0);
        while let (Some((x, wx)), Some((y, wy))) = (a.get(i), b.get(j)) {
            match x.cmp(y) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    sum += (wx + wy) / 2.0 * self.idf[*x];
                    (i, j) = (i + 1, j + 1);
                }
            }
        }
        sum
    }
}

//! Lists that `site.toml` declares, computed once for a language; and orders of entries.

use crate::config::DeclaredList;
use crate::model::{Entry, PartialDate, Value, collation, slug};
use crate::schema::Sort;
use std::cmp::Ordering;

/// A declared list, computed once for a language.
#[derive(Debug, Clone)]
pub(super) struct ComputedList {
    pub title: String,
    /// The type it draws from, if only one.
    pub kind: Option<String>,
    /// One more than the limit, so that a page can leave itself out.
    pub entries: Vec<usize>,
    pub limit: usize,
}

/// Computes a declared list for a language.
pub(super) fn compute(
    list: &DeclaredList,
    entries: &[Entry],
    shown: &[usize],
    lang: &str,
    default: &str,
) -> ComputedList {
    let mut hits: Vec<usize> =
        shown.iter().copied().filter(|at| wants(list, &entries[*at])).collect();
    sort(&mut hits, entries, &list.sort);
    hits.truncate(list.limit + 1);
    ComputedList {
        title: list.title.get(lang, default).to_owned(),
        kind: match list.types.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        },
        entries: hits,
        limit: list.limit,
    }
}

/// Whether a declared list may hold an entry.
fn wants(list: &DeclaredList, entry: &Entry) -> bool {
    (list.types.is_empty() || list.types.contains(&entry.kind))
        && list.filter.iter().all(|(field, words)| {
            let words: Vec<String> = words.iter().map(|word| slug(word)).collect();
            let mut keys =
                entry.value(field).into_iter().flat_map(Value::items).filter_map(Value::key);
            keys.any(|key| words.contains(&slug(&key)))
        })
}

/// Whether a declared list may be another once an entry says something else.
pub(super) fn may_differ(list: &DeclaredList, before: &Entry, now: &Entry) -> bool {
    let wanted = wants(list, now);
    wants(list, before) != wanted || wanted && stands_elsewhere(before, now, &list.sort)
}

/// Whether an order may have another place for an entry than `before`.
pub(super) fn stands_elsewhere(before: &Entry, now: &Entry, by: &Sort) -> bool {
    compare(&key(before, by), &key(now, by), by) != Ordering::Equal
}

/// Orders entries by a field; those without it come last, equals by path.
pub(super) fn sort(hits: &mut [usize], entries: &[Entry], by: &Sort) {
    let mut keyed: Vec<(Option<SortKey>, usize)> =
        hits.iter().map(|at| (key(&entries[*at], by), *at)).collect();
    keyed.sort_by(|(a, x), (b, y)| compare(a, b, by).then(x.cmp(y)));
    for (slot, (_, at)) in hits.iter_mut().zip(keyed) {
        *slot = at;
    }
}

/// Puts an entry in its place in a list that is in order.
pub(super) fn insert(list: &mut Vec<usize>, entries: &[Entry], at: usize, by: &Sort) {
    let own = key(&entries[at], by);
    let stands_before =
        |other: &usize| compare(&key(&entries[*other], by), &own, by).then(other.cmp(&at)).is_lt();
    list.insert(list.partition_point(stands_before), at);
}

/// What an entry is ordered by; none if it has no such thing.
fn key(entry: &Entry, by: &Sort) -> Option<SortKey> {
    Some(match by.field.as_str() {
        "title" => SortKey::Text(collation(&entry.title)),
        field => match entry.value(field)? {
            Value::Integer(number) => SortKey::Number(*number as f64),
            Value::Number(text) => SortKey::Number(text.parse().ok()?),
            Value::Money { amount, .. } => SortKey::Number(amount.parse().ok()?),
            Value::Date(_) | Value::Period { .. } => SortKey::Date(entry.date(field)?),
            value => SortKey::Text(collation(&value.key()?)),
        },
    })
}

/// The order of two keys; what has none comes last.
fn compare(a: &Option<SortKey>, b: &Option<SortKey>, by: &Sort) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if by.descending => b.compare(a),
        (Some(a), Some(b)) => a.compare(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

enum SortKey {
    Text(String),
    Number(f64),
    Date(PartialDate),
}

impl SortKey {
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}

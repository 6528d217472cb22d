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
    let wanted = |entry: &Entry| {
        (list.types.is_empty() || list.types.contains(&entry.kind))
            && list.filter.iter().all(|(field, words)| {
                let words: Vec<String> = words.iter().map(|word| slug(word)).collect();
                let mut keys =
                    entry.value(field).into_iter().flat_map(Value::items).filter_map(Value::key);
                keys.any(|key| words.contains(&slug(&key)))
            })
    };
    let mut hits: Vec<usize> = shown.iter().copied().filter(|at| wanted(&entries[*at])).collect();
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

/// Orders entries by a field; those without it come last, equals by path.
pub(super) fn sort(hits: &mut [usize], entries: &[Entry], by: &Sort) {
    let key = |at: usize| -> Option<SortKey> {
        let entry = &entries[at];
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
    };
    let mut keyed: Vec<(Option<SortKey>, usize)> = hits.iter().map(|at| (key(*at), *at)).collect();
    keyed.sort_by(|(a, x), (b, y)| {
        let order = match (a, b) {
            (Some(a), Some(b)) if by.descending => b.compare(a),
            (Some(a), Some(b)) => a.compare(b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        order.then(x.cmp(y))
    });
    for (slot, (_, at)) in hits.iter_mut().zip(keyed) {
        *slot = at;
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

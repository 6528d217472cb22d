//! Names into entries: by id, by path, by the last part of an id that is unique.

use super::{Entry, Lookup};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes, nearest::nearest};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a name was found to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    One(usize),
    /// Several entries, by id.
    Several(Vec<String>),
    /// An entry that is not part of the site.
    Absent(Absence),
    None,
}

/// Why an entry is not part of the site, though its file is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// It is not to be published.
    Unpublished,
    /// It is left out for its errors. These are told; what refers to it comes
    /// back together with it, so nothing more is said.
    Faulty,
}

/// Finds entries by name. Its maps are only looked up.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// id → the entries with that id, one a language, in the order of the site's languages.
    ids: Lookup<Vec<usize>>,
    /// last part of an id → ids.
    tails: Lookup<Vec<String>>,
    /// Last part and whole of every id, sorted, once somebody has asked for one near.
    sorted_tails: OnceLock<Vec<(String, String)>>,
    /// content path → entry.
    pub paths: Lookup<usize>,
    /// content path without language and extension → entry, where that is not its id.
    keys: Lookup<usize>,
    /// page path → entry.
    pub urls: Lookup<usize>,
    /// The entries that are not part of the site, by id and by path without `.md`.
    pub absent: BTreeMap<String, Absence>,
    /// The same by the last part of these.
    absent_tails: Lookup<Absence>,
}

impl Index {
    pub fn new(
        entries: &[Entry],
        languages: &[String],
        absent: BTreeMap<String, Absence>,
        found: &mut Diagnostics,
    ) -> Self {
        let tail = |id: &str| id.rsplit('/').next().unwrap_or(id).to_owned();
        let absent_tails = absent.iter().map(|(id, why)| (tail(id), *why)).collect();
        let mut index = Self { absent, absent_tails, ..Self::default() };
        for (at, entry) in entries.iter().enumerate() {
            let group = index.ids.entry(entry.id.clone()).or_default();
            if let Some(twin) = group.iter().find(|twin| entries[**twin].lang == entry.lang) {
                found.push(duplicate(entry, &entries[*twin]));
            }
            if group.is_empty() {
                index.tails.entry(tail(&entry.id)).or_default().push(entry.id.clone());
            }
            group.push(at);
            index.paths.insert(entry.location.path.clone(), at);
            if entry.location.key != entry.id {
                index.keys.entry(entry.location.key.clone()).or_insert(at);
            }
            index.urls.insert(entry.url.clone(), at);
        }
        let place = |at: &usize| languages.iter().position(|lang| *lang == entries[*at].lang);
        for group in index.ids.values_mut() {
            group.sort_by_key(|at| place(at).unwrap_or(usize::MAX));
        }
        index
    }

    /// The entry of a file, by content path.
    pub fn path(&self, path: &str) -> Option<usize> {
        self.paths.get(path).copied()
    }

    /// The entries that share an id, in the order of the site's languages.
    pub fn group(&self, id: &str) -> impl Iterator<Item = usize> {
        self.ids.get(id).into_iter().flatten().copied()
    }

    /// Finds an entry by path, id or the last part of its id: in the default
    /// language, if it is written in that.
    /// `allowed` narrows an ambiguous last part to the ids that may stand there.
    pub fn find(&self, name: &str, allowed: &dyn Fn(&str) -> bool) -> Found {
        let name = name.trim().trim_matches('/');
        if let Some(at) = self.paths.get(name) {
            return Found::One(*at);
        }
        let bare = name.strip_suffix(".md").unwrap_or(name);
        if let Some(group) = self.ids.get(bare) {
            return first(group);
        }
        if let Some(at) = self.keys.get(bare) {
            return Found::One(*at);
        }
        let ids = self.tails.get(bare).map(Vec::as_slice).unwrap_or_default();
        let fitting: Vec<&String> = ids.iter().filter(|id| allowed(id)).collect();
        match (fitting.as_slice(), ids) {
            ([one], _) => first(&self.ids[one.as_str()]),
            ([], [one]) => first(&self.ids[one.as_str()]),
            ([], []) => self.absence(bare).map_or(Found::None, Found::Absent),
            (several, all) => {
                let ids: Vec<String> = if several.is_empty() {
                    all.to_vec()
                } else {
                    several.iter().map(|id| (*id).clone()).collect()
                };
                Found::Several(ids)
            }
        }
    }

    /// The id nearest to a name, for "did you mean": by the whole id or by its
    /// last part. A slip seldom touches the first letter, so only names that
    /// share it are looked at.
    pub fn near(&self, name: &str) -> Option<&str> {
        let tail = name.rsplit('/').next().unwrap_or(name);
        let first = tail.chars().next()?;
        let tails = self.sorted_tails.get_or_init(|| {
            let tails = self.tails.iter();
            let all = tails.flat_map(|(tail, ids)| ids.iter().map(|id| (tail.clone(), id.clone())));
            let mut all: Vec<(String, String)> = all.collect();
            all.sort();
            all
        });
        let from =
            tails.partition_point(|(known, _)| !known.starts_with(first) && known.as_str() < tail);
        let alike = tails[from..].iter().take_while(|(known, _)| known.starts_with(first));
        let near = nearest(tail, alike.clone().map(|(known, _)| known.as_str()))?;
        alike.into_iter().find(|(known, _)| known == near).map(|(_, id)| id.as_str())
    }

    /// Why a name's entry is not part of the site, if it has one that is not.
    pub fn absence(&self, name: &str) -> Option<Absence> {
        self.absent.get(name).or_else(|| self.absent_tails.get(name)).copied()
    }
}

/// Two entries of one language with one id, and how each has come by it.
fn duplicate(entry: &Entry, twin: &Entry) -> Diagnostic {
    let place = |entry: &Entry| match &entry.named_by {
        Some(by) => Place::span(entry.file.clone(), by.key.span.clone()),
        None => entry.place(),
    };
    let (message, help) = match (&entry.named_by, &twin.named_by) {
        (Some(by), Some(other)) if by.translates && other.translates => (
            format!("`{}` makes one entry of two that are both in `{}`", by.key.text, entry.lang),
            "give one of them a key of its own; if it is a translation, say its language with `lang`",
        ),
        (None, None) => (
            format!("two entries have the id `{}`", entry.id),
            "rename one of the files, or give one an `id`",
        ),
        _ => (format!("two entries have the id `{}`", entry.id), "give one of them another `id`"),
    };
    Diagnostic::new(&codes::MODEL_DUPLICATE_ID, message)
        .at(place(entry))
        .related(place(twin), "the other is here")
        .help(help)
}

fn first(group: &[usize]) -> Found {
    group.first().map_or(Found::None, |at| Found::One(*at))
}

//! Names into entries: by id, by path, by the last part of an id that is unique.

use super::files::{decode, join};
use super::{Entry, Lookup, Model};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes, nearest::nearest};
use crate::markdown::Kind as LinkKind;
use rayon::prelude::*;
use std::collections::BTreeMap;

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

/// What a link in a body leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTo {
    /// An entry, and the fragment behind it with its `#`.
    Entry(usize, String),
    /// A file, by content path.
    File(String),
    /// A list of a type, by the type's id.
    List(String),
    /// A page of the site written as its address; whether it exists is for the audit to say.
    Address,
    /// An entry that is not part of the site.
    Absent(Absence),
    /// Nothing.
    Nowhere,
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
    /// Last part and whole of every id, sorted.
    sorted_tails: Vec<(String, String)>,
    /// content path → entry.
    paths: Lookup<usize>,
    /// content path without language and extension → entry, where that is not its id.
    keys: Lookup<usize>,
    /// page path → entry.
    urls: Lookup<usize>,
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
                index.sorted_tails.push((tail(&entry.id), entry.id.clone()));
            }
            group.push(at);
            index.paths.insert(entry.location.path.clone(), at);
            if entry.location.key != entry.id {
                index.keys.entry(entry.location.key.clone()).or_insert(at);
            }
            index.urls.insert(entry.url.clone(), at);
        }
        index.sorted_tails.sort();
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
        let from = self
            .sorted_tails
            .partition_point(|(known, _)| !known.starts_with(first) && known.as_str() < tail);
        let alike =
            self.sorted_tails[from..].iter().take_while(|(known, _)| known.starts_with(first));
        let near = nearest(tail, alike.clone().map(|(known, _)| known.as_str()))?;
        alike.into_iter().find(|(known, _)| known == near).map(|(_, id)| id.as_str())
    }

    fn absence(&self, name: &str) -> Option<Absence> {
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

impl Model {
    /// What the target of a link in an entry's body leads to.
    pub fn link(&self, from: &Entry, target: &str) -> LinkTo {
        let cut = target.find(['#', '?']).unwrap_or(target.len());
        let (path, fragment) = target.split_at(cut);
        let path = decode(path);
        let Some(joined) = join(from.location.folder(), &path) else { return LinkTo::Nowhere };
        let fragment = fragment.to_owned();
        for name in [
            joined.clone(),
            format!("{joined}.md"),
            format!("{joined}/index.md"),
            format!("{joined}/_index.md"),
        ] {
            if let Some(at) = self.index.paths.get(&name) {
                return self.reach(*at, &from.lang, fragment);
            }
        }
        if let Some(at) = self.index.urls.get(&format!("{}/", path.trim_matches('/'))) {
            return self.reach(*at, &self.entries[*at].lang, fragment);
        }
        if self.assets_known(&joined) {
            return LinkTo::File(joined);
        }
        let absent = || self.index.absence(joined.trim_end_matches(".md"));
        match (self.index.find(&path, &|_| true), absent()) {
            (Found::One(at), _) => self.reach(at, &from.lang, fragment),
            (Found::Absent(why), _) | (_, Some(why)) => LinkTo::Absent(why),
            _ if path.starts_with('/') && !path.ends_with(".md") => LinkTo::Address,
            _ => LinkTo::Nowhere,
        }
    }

    /// A link to an entry in a language, or to the list that it introduces.
    fn reach(&self, at: usize, lang: &str, fragment: String) -> LinkTo {
        let entry = &self.entries[at];
        match entry.is_intro() {
            true => LinkTo::List(entry.location.key.clone()),
            false => LinkTo::Entry(self.in_language(at, lang), fragment),
        }
    }

    /// The translation of an entry in a language, else the entry in the default
    /// language, else in the first that it is written in.
    pub fn in_language(&self, at: usize, lang: &str) -> usize {
        let mut group = self.index.group(&self.entries[at].id);
        let first = group.next().unwrap_or(at);
        let mut all = std::iter::once(first).chain(group);
        all.find(|other| self.entries[*other].lang == lang).unwrap_or(first)
    }

    /// The content path of the file that a target in a body means, if it is one.
    pub fn file_of(&self, from: &Entry, target: &str) -> Option<String> {
        let path = decode(target.split(['?', '#']).next().unwrap_or(""));
        join(from.location.folder(), &path).filter(|path| self.assets_known(path))
    }

    fn assets_known(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Reports every link and image of a body that leads nowhere.
    pub fn check_links(&self, found: &mut Diagnostics) {
        let of_entries = self.entries.par_iter().map(|entry| self.check_links_of(entry));
        found.extend(of_entries.collect::<Vec<_>>().into_iter().flatten());
    }

    fn check_links_of(&self, entry: &Entry) -> Diagnostics {
        let mut found = Diagnostics::default();
        for body in entry.bodies() {
            for link in body.links().iter().filter(|link| link.kind == LinkKind::Local) {
                let place = Place::span(entry.file.clone(), link.span.clone());
                match self.link(entry, &link.target) {
                    LinkTo::Nowhere => found.push(self.dangling(&link.target).at(place)),
                    LinkTo::Absent(Absence::Unpublished) => {
                        let message =
                            format!("`{}` leads to an entry that is not published", link.target);
                        found.push(
                            Diagnostic::new(&codes::MODEL_UNPUBLISHED_REFERENCE, message)
                                .at(place)
                                .help(super::graph::PUBLISH),
                        );
                    }
                    _ => {}
                }
            }
            for image in body.images().iter().filter(|image| image.kind == LinkKind::Local) {
                if self.file_of(entry, &image.src).is_none() {
                    let message = format!("there is no picture `{}`", image.src);
                    let help = "put it beside the entry; capital and small letters count";
                    found.push(
                        Diagnostic::new(&codes::CONTENT_MISSING_IMAGE, message)
                            .at(Place::span(entry.file.clone(), image.span.clone()))
                            .help(help),
                    );
                }
            }
        }
        found
    }

    fn dangling(&self, target: &str) -> Diagnostic {
        let message = format!("`{target}` leads nowhere");
        let name = target.trim_end_matches(".md").rsplit('/').next().unwrap_or(target);
        let diagnostic = Diagnostic::new(&codes::MODEL_DANGLING_LINK, message);
        match self.index.near(name) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(
                "write the path of the file it should lead to, or a whole address with https://",
            ),
        }
    }
}

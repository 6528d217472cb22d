//! A model in which some entries say something else: only what hangs on them is joined anew.
//!
//! Enters: a model, and sources of which some are `touched`. Leaves: a [`Revision`], and
//! from that the same model as joining everything would give, with word of what has
//! changed. There is no revision where an entry is not who it was: where its id, its
//! address, its language, its publication or the files that it uses are others, everything
//! must be joined. This never decides what is right: that is for reading and joining,
//! which it calls.

use super::identity::Identity;
use super::read::Reader;
use super::typed::{Sources, Typed};
use super::{Entry, Incoming, Model, Original, facets, graph};
use crate::config::OnBadEntry;
use crate::content::SourceEntry;
use crate::diagnostic::{Diagnostic, Diagnostics};
use std::collections::{BTreeMap, BTreeSet};

/// Texts that are revised one by one; of more, joining everything is quicker.
const MOST: usize = 32;

/// What some entries say now.
pub struct Revision {
    again: Vec<Again>,
    facets: Vec<facets::Difference>,
    found: Diagnostics,
}

/// An entry that was read again.
struct Again {
    at: usize,
    entry: Entry,
    /// Who hears of it, and what.
    links: Vec<(usize, Incoming)>,
}

/// What is another than it was in a model.
#[derive(Debug, Default)]
pub struct Revised {
    /// The entries as they were before, with their places.
    pub before: Vec<(usize, Entry)>,
    /// The facets that may look otherwise, by language and field.
    pub facets: BTreeSet<(String, String)>,
    /// What is found in these entries now.
    found: Diagnostics,
}

impl Revised {
    /// Whether an entry is called otherwise than before.
    pub fn is_renamed(&self, entries: &[Entry]) -> bool {
        self.before.iter().any(|(at, before)| before.title != entries[*at].title)
    }

    /// Puts what is found in the entries now in the place of what was found in them
    /// when they were last joined.
    pub fn settle(self, found: &mut Diagnostics) {
        let has = |one: &Diagnostic| {
            let is_in = |file: &str| self.before.iter().any(|(_, entry)| *entry.file == *file);
            one.place.as_ref().is_some_and(|place| is_in(&place.file))
        };
        found.retain(|one| !has(one));
        found.extend(self.found.iter().filter(|one| has(one)).cloned());
    }
}

impl Model {
    /// Reads what the `touched` among the sources (by content path) say now. `None` if
    /// that changes more than what entries say of themselves, if an error comes of it or
    /// bad entries are to be left out, if a facet comes or goes, if one of the texts
    /// introduces a list, or there are many: then all must be joined. The model must be
    /// the one that the entries were `typed` for; they are read as on that day.
    pub fn revision(
        &self,
        typed: &mut Typed,
        sources: &BTreeMap<String, SourceEntry>,
        touched: &BTreeSet<String>,
    ) -> Option<Revision> {
        let site = typed.site();
        let mut revision =
            Revision { again: Vec::new(), facets: Vec::new(), found: Diagnostics::default() };
        let Revision { again, facets, found } = &mut revision;
        for at in self.hanging_on(touched)? {
            let mut entry = self.read_again(typed, (at, sources), found)?;
            let own = (at, &mut entry);
            let links = graph::join_one(&site, &self.entries, &self.index, own, found);
            let before = &self.entries[at];
            facets.extend(facets::differences(&site.schema, &self.entries, before, (at, &entry)));
            again.push(Again { at, entry, links });
        }
        found.relevel(&site.settings.levels);
        let stops = site.settings.on_bad_entry == OnBadEntry::Stop;
        let keeps = self.facets.values().all(|own| facets::keeps_all(own, facets));
        (stops && keeps && !found.has_errors()).then_some(revision)
    }

    /// Takes up a revision of this model.
    pub fn revise(&mut self, typed: &Typed, revision: Revision) -> Revised {
        let site = typed.site();
        let Revision { again, facets: differences, found } = revision;
        let mut revised = Revised { found, ..Revised::default() };
        let mut renamed = BTreeSet::new();
        for Again { at, entry, links } in again {
            if self.entries[at].title != entry.title {
                renamed.insert(entry.id.clone());
            }
            let before = std::mem::replace(&mut self.entries[at], entry);
            let of = (at, &before);
            graph::relink(&mut self.incoming, &self.index, &self.entries, of, links);
            revised.before.push((at, before));
        }
        for (lang, rank) in self.ranks() {
            if let Some(space) = self.spaces.get_mut(&lang) {
                for (at, _) in &revised.before {
                    space.revise(&site.schema, &self.entries, *at, &rank);
                }
            }
            if let Some(own) = self.facets.get_mut(&lang) {
                let of = (lang.as_str(), own);
                let fields =
                    facets::revise(&site, &self.entries, of, &differences, &renamed, &rank);
                revised.facets.extend(fields.into_iter().map(|field| (lang.clone(), field)));
            }
        }
        revised
    }

    /// The places of the entries that `touched` paths are, in all their languages: what a
    /// translation has from its original, and what is wrong with it, is told at both.
    fn hanging_on(&self, touched: &BTreeSet<String>) -> Option<BTreeSet<usize>> {
        if touched.len() > MOST {
            return None;
        }
        let mut places = BTreeSet::new();
        for path in touched {
            let at = self.index.path(path).filter(|at| !self.entries[*at].is_intro())?;
            let id = &self.entries[at].id;
            let group = || self.index.group(id);
            let languages: BTreeSet<&str> = group().map(|at| &*self.entries[at].lang).collect();
            // A translation that is not published has its original's fields too.
            if self.index.absent.contains_key(id) || languages.len() < group().count() {
                return None;
            }
            places.extend(group());
        }
        Some(places)
    }

    /// Reads an entry again; `None` if it is not who it was.
    fn read_again(
        &self,
        typed: &mut Typed,
        (at, sources): (usize, &BTreeMap<String, SourceEntry>),
        found: &mut Diagnostics,
    ) -> Option<Entry> {
        let site = typed.site();
        let reader = Reader { site: &site, files: &self.files, today: typed.today()? };
        let before = &self.entries[at];
        let source = sources.get(&before.location.path)?;
        let original = before.original.as_ref();
        let of_original = |original: &Original| {
            let at =
                self.index.group(&before.id).find(|at| self.entries[*at].file == original.file);
            sources.get(&self.entries[at?].location.path)
        };
        let original = match original {
            Some(original) => Some((of_original(original)?, original.lang.as_str())),
            None => None,
        };
        let from = Sources { source, original };
        let (known, found_before) = typed.known(before)?;
        let identity = Identity::again(&site, before, known, source)?;
        let is_own = |one: &Diagnostic| {
            let original = before.original.as_ref().map(|original| &original.file);
            let place = one.place.as_ref().map(|place| &place.file);
            place == Some(&before.file) || place.is_some() && place == original
        };
        let elsewhere = |found: &Diagnostics| -> Vec<Diagnostic> {
            found.iter().filter(|one| !is_own(one)).cloned().collect()
        };
        let elsewhere_before = elsewhere(found_before);
        let mut read = reader.read(from, &identity);
        typed.keep(from, &identity, &mut read);
        let (read, findings) = read;
        // What is wrong with a default is told at `site.toml`, once for all entries.
        if elsewhere(&findings) != elsewhere_before {
            return None;
        }
        found.append(findings);
        let entry = read.entry(source.clone(), identity);
        let same = (&entry.url, &entry.redirects, &entry.original)
            == (&before.url, &before.redirects, &before.original)
            && entry.hidden == before.hidden
            && self.files_used(&entry) == self.files_used(before);
        same.then_some(entry)
    }

    fn files_used(&self, entry: &Entry) -> BTreeSet<String> {
        self.files_used_by(entry).into_iter().collect()
    }

    /// For each language: where each entry of the model stands among those that it shows.
    fn ranks(&self) -> Vec<(String, Vec<usize>)> {
        let of = |(lang, shown): (&String, &Vec<usize>)| {
            let mut rank = vec![NOWHERE; self.entries.len()];
            shown.iter().enumerate().for_each(|(place, at)| rank[*at] = place);
            (lang.clone(), rank)
        };
        self.shown.iter().map(of).collect()
    }
}

/// The rank of an entry that a language does not show.
pub(super) const NOWHERE: usize = usize::MAX;

//! A model in which some entries say something else: only what hangs on them is joined anew.
//!
//! Enters: a model, and sources of which some are `touched`. Leaves: the same model as
//! joining everything would give, and word of what has changed; or nothing, and the model
//! as it was, where an entry is not who it was: where its id, its address, its language,
//! its publication or the files that it uses are others, everything must be joined. This
//! never decides what is right: that is for reading and joining, which it calls.

use super::identity::Identity;
use super::read::Reader;
use super::typed::{Sources, Typed};
use super::{Entry, Model, Options, Original, facets, graph};
use crate::config::OnBadEntry;
use crate::content::SourceEntry;
use crate::diagnostic::Diagnostics;
use std::collections::{BTreeMap, BTreeSet};

/// What is another than it was in a model.
#[derive(Debug, Default)]
pub struct Revised {
    /// The entries as they were before, with their places.
    pub before: Vec<(usize, Entry)>,
    /// The facets that may look otherwise, by language and field.
    pub facets: BTreeSet<(String, String)>,
    /// What was found in these entries: it stands for what was found in them before.
    pub found: Diagnostics,
}

impl Revised {
    /// Whether a file is that of an entry that was read again.
    pub fn has(&self, file: &str) -> bool {
        self.before.iter().any(|(_, entry)| *entry.file == *file)
    }
}

impl Model {
    /// Takes up what the `touched` among the sources (by content path) say now, if that
    /// changes no more than what entries say of themselves, and no error comes of it.
    /// The model must be that of the site whose entries were `typed`.
    pub fn revise(
        &mut self,
        typed: &mut Typed,
        sources: &BTreeMap<String, SourceEntry>,
        touched: &BTreeSet<String>,
        options: Options,
    ) -> Option<Revised> {
        let site = typed.site();
        let mut found = Diagnostics::default();
        let mut again = Vec::new();
        let (mut moves, mut links) = (Vec::new(), Vec::new());
        for at in self.hanging_on(touched)? {
            let mut entry = self.read_again(typed, (at, sources), options, &mut found)?;
            let own = (at, &mut entry);
            links.push(graph::join_one(&site, &self.entries, &self.index, own, &mut found));
            let before = &self.entries[at];
            moves.extend(facets::moves(&site.schema, &self.entries, before, (at, &entry)));
            again.push((at, entry));
        }
        found.relevel(&site.settings.levels);
        let ranks = self.ranks(&again);
        let within = |rank: &[usize]| -> Vec<&facets::Move> {
            moves.iter().filter(|one| rank[one.at] != NOWHERE).collect()
        };
        let keeps = |(lang, rank): (&String, &Vec<usize>)| {
            let moves = within(rank);
            self.facets.get(lang).map_or(moves.is_empty(), |facets| facets::keep(facets, &moves))
        };
        let stops = site.settings.on_bad_entry == OnBadEntry::Stop;
        if !stops || found.has_errors() || !ranks.iter().all(keeps) {
            return None;
        }
        // From here on nothing can fail.
        let mut revised = Revised { found, ..Revised::default() };
        let mut renamed = BTreeSet::new();
        for ((at, entry), links) in again.into_iter().zip(links) {
            if self.entries[at].title != entry.title {
                renamed.insert(entry.id.clone());
            }
            let before = std::mem::replace(&mut self.entries[at], entry);
            let of = (at, &before);
            graph::relink(&mut self.incoming, &self.index, &self.entries, of, links);
            revised.before.push((at, before));
        }
        for (lang, rank) in &ranks {
            for (at, _) in revised.before.iter().filter(|(at, _)| rank[*at] != NOWHERE) {
                if let Some(space) = self.spaces.get_mut(lang) {
                    space.revise(&site.schema, &self.entries, *at, rank);
                }
            }
            if let Some(facets) = self.facets.get_mut(lang) {
                let of = (lang.as_str(), facets);
                let fields =
                    facets::revise(&site, &self.entries, of, &within(rank), &renamed, rank);
                revised.facets.extend(fields.into_iter().map(|field| (lang.clone(), field)));
            }
        }
        Some(revised)
    }

    /// The places of the entries that `touched` paths are, in all their languages: what a
    /// translation has from its original, and what is wrong with it, is told at both.
    /// `None` if one of the paths is no entry, or introduces a list.
    fn hanging_on(&self, touched: &BTreeSet<String>) -> Option<BTreeSet<usize>> {
        let mut places = BTreeSet::new();
        for path in touched {
            let at = self.index.path(path).filter(|at| !self.entries[*at].is_intro())?;
            places.extend(self.index.group(&self.entries[at].id));
        }
        Some(places)
    }

    /// Reads an entry again; `None` if it is not who it was.
    fn read_again(
        &self,
        typed: &mut Typed,
        (at, sources): (usize, &BTreeMap<String, SourceEntry>),
        options: Options,
        found: &mut Diagnostics,
    ) -> Option<Entry> {
        let site = typed.site();
        let reader = Reader { site: &site, files: &self.files, today: options.today };
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
        let identity =
            Identity::again(&site, before, typed.source(&reader, &before.file)?, source)?;
        let mut read = reader.read(from, &identity);
        typed.keep(from, &identity, &mut read);
        let (read, findings) = read;
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

    /// For each language that shows some of the entries: where each entry of the model
    /// stands among those that it shows.
    fn ranks(&self, again: &[(usize, Entry)]) -> BTreeMap<String, Vec<usize>> {
        let of = |(lang, shown): (&String, &Vec<usize>)| {
            let mut rank = vec![NOWHERE; self.entries.len()];
            shown.iter().enumerate().for_each(|(place, at)| rank[*at] = place);
            again.iter().any(|(at, _)| rank[*at] != NOWHERE).then(|| (lang.clone(), rank))
        };
        self.shown.iter().filter_map(of).collect()
    }
}

/// The rank of an entry that a language does not show.
const NOWHERE: usize = usize::MAX;

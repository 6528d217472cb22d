//! What was read of each file of the content folder, and what a change there
//! comes to.
//!
//! Enters: paths that something happened to. Leaves: sources that were read
//! anew. A file that cannot be read well keeps its last good source; one that
//! looks half-written is given time.

use crate::config::Site;
use crate::content::{self, Collection, Lies, SourceEntry, SourceFile, TextFile};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Level, codes};
use crate::markdown::Body;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// The content folder, read.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    texts: BTreeMap<String, TextFile>,
    files: BTreeMap<String, SourceFile>,
    /// By content path, as all below.
    sources: BTreeMap<String, SourceEntry>,
    /// What was found in the folder as a whole.
    whole: Diagnostics,
    /// What was found in the texts that are on the shelf.
    found: BTreeMap<String, Diagnostics>,
    /// What is wrong with texts whose last good source is here instead.
    broken: BTreeMap<String, Broken>,
    /// The good sources before changes that are not checked yet.
    before: BTreeMap<String, Before>,
}

/// What a text was before it changed.
#[derive(Debug)]
struct Before {
    /// When all was checked last.
    checked: SourceEntry,
    /// When it was shown last.
    shown: SourceEntry,
}

/// A text that was taken back, or never came so far.
#[derive(Debug)]
struct Broken {
    /// None if it cannot be read: nothing but another change of it helps.
    stage: Option<Stage>,
    found: Diagnostics,
}

/// How far a change has come when it turns out bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It was never shown.
    Joining,
    /// It was shown, and is checked.
    Checking,
}

/// What a change on disk comes to.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// Texts of which nothing but the body has changed.
    pub bodies: Vec<(String, Arc<Body>)>,
    /// Whether there are texts of which more has changed.
    pub fronts: bool,
    /// Whether anything but texts that were there before has changed.
    pub more: bool,
    /// Content paths of all texts that have changed.
    pub touched: BTreeSet<String>,
    /// Whether nothing has changed but what is wrong with the folder as a whole.
    pub look: bool,
    /// Paths to look at once more: their files look half-written.
    pub postponed: BTreeSet<PathBuf>,
}

impl Shelf {
    /// Reads a whole content folder.
    pub fn load(site: &Site) -> Self {
        let (listing, mut found) = content::list(site);
        let texts: BTreeMap<String, TextFile> =
            listing.texts.iter().map(|text| (text.rel.clone(), text.clone())).collect();
        let (collection, findings) = content::load_listed(site, listing, None);
        found.append(findings);
        found.relevel(&site.settings.levels);
        let sources = collection.entries.into_iter();
        let mut shelf = Self {
            texts,
            files: collection.files,
            sources: sources.map(|source| (source.location.path.clone(), source)).collect(),
            ..Self::default()
        };
        let folder = format!("{}/", site.settings.content.trim_end_matches('/'));
        for one in found {
            let rel = one.place.as_ref().and_then(|place| place.file.strip_prefix(&folder));
            match rel.filter(|rel| shelf.texts.contains_key(*rel)).map(str::to_owned) {
                Some(rel) => shelf.found.entry(rel).or_default().push(one),
                None => shelf.whole.push(one),
            }
        }
        shelf
    }

    /// All that is to be joined.
    pub fn collection(&self) -> Collection {
        let mut entries: Vec<SourceEntry> = self.sources.values().cloned().collect();
        entries.sort_by_cached_key(|entry| content::order(&entry.location.path));
        Collection { entries, files: self.files.clone() }
    }

    /// The path of a text for findings.
    pub fn file_of(&self, rel: &str) -> Option<&str> {
        self.texts.get(rel).map(|text| &*text.file)
    }

    /// What was read well of each text, by content path.
    pub fn sources(&self) -> &BTreeMap<String, SourceEntry> {
        &self.sources
    }

    /// What was found in all that was read, also in texts whose last good source
    /// stands for them.
    pub fn found(&self) -> impl Iterator<Item = &Diagnostic> {
        let of_broken = self.broken.values().map(|broken| &broken.found);
        let of_texts = self.found.values().chain(of_broken);
        self.whole.iter().chain(of_texts.flat_map(Diagnostics::iter))
    }

    /// Takes back the changes in which `found` has errors, where there were none
    /// `before`; says whether there were any.
    pub fn take_back(
        &mut self,
        stage: Stage,
        found: &Diagnostics,
        before: [&Diagnostics; 2],
    ) -> bool {
        let wrong = |found: &Diagnostics| -> BTreeMap<Arc<str>, Diagnostics> {
            let mut files: BTreeMap<Arc<str>, Diagnostics> = BTreeMap::new();
            for one in found.iter().filter(|one| one.level == Level::Error) {
                if let Some(place) = &one.place {
                    files.entry(place.file.clone()).or_default().push(one.clone());
                }
            }
            files
        };
        let before = before.map(wrong);
        let mut wrong = wrong(found);
        wrong.retain(|file, _| !before.iter().any(|before| before.contains_key(file)));
        let mut any = false;
        for (rel, before) in &self.before {
            let source = match stage {
                Stage::Joining => &before.shown,
                Stage::Checking => &before.checked,
            };
            // If it is that already, or that did not help, another file is to blame.
            let is_that = self.sources.get(rel).is_some_and(|now| now.is_same(source));
            let kept = is_that || self.broken.contains_key(rel);
            let Some(wrong) = wrong.remove(&source.file).filter(|_| !kept) else { continue };
            any = true;
            self.broken.insert(rel.clone(), Broken { stage: Some(stage), found: wrong });
            self.found.remove(rel);
            self.sources.insert(rel.clone(), source.clone());
        }
        any
    }

    /// Notes that all changes are shown.
    pub fn shown(&mut self) {
        for (rel, before) in &mut self.before {
            if let Some(source) = self.sources.get(rel) {
                before.shown.clone_from(source);
            }
        }
    }

    /// Notes that all changes were found good, and stay.
    pub fn checked(&mut self) {
        self.before.clear();
    }

    /// Looks at what happened to some paths. `patient` asks to wait for the
    /// rest of files that look half-written.
    pub fn follow(&mut self, site: &Site, paths: &BTreeSet<PathBuf>, patient: bool) -> Change {
        let mut change = Change::default();
        let mut named: BTreeSet<String> = BTreeSet::new();
        let mut relist = false;
        for path in paths {
            let Some(rel) = content::place_of(site, path) else { continue };
            match content::look(site, path, &rel) {
                Lies::Text(text) if self.texts.contains_key(&rel) => {
                    self.texts.insert(rel.clone(), text);
                    change.touched.insert(rel.clone());
                }
                Lies::File(file) if self.files.contains_key(&rel) => {
                    self.files.insert(rel.clone(), file);
                    change.more = true;
                }
                Lies::Nothing if !self.knows(&rel) => continue,
                _ => relist = true,
            }
            named.insert(rel);
        }
        if relist {
            self.relist(site, &named, &mut change);
        }
        self.read(site, change.touched.clone(), patient, &mut change);
        if change.more || change.fronts {
            self.try_again(site, Stage::Joining, &mut change);
        }
        change
    }

    /// Puts texts on the shelf once more that were taken back so far on their way:
    /// beside what has come since, they may be right.
    pub fn try_again(&mut self, site: &Site, stage: Stage, change: &mut Change) {
        let again = |(rel, broken): &(&String, &Broken)| {
            broken.stage == Some(stage) && broken.may_mend() && !change.touched.contains(*rel)
        };
        let again: BTreeSet<String> =
            self.broken.iter().filter(again).map(|(rel, _)| rel.clone()).collect();
        change.touched.extend(again.iter().cloned());
        self.read(site, again, false, change);
    }

    /// Whether a text's last good source stands for it.
    pub fn is_broken(&self, rel: &str) -> bool {
        self.broken.contains_key(rel)
    }

    /// Reads texts again.
    fn read(&mut self, site: &Site, rels: BTreeSet<String>, patient: bool, change: &mut Change) {
        let texts: Vec<TextFile> =
            rels.iter().filter_map(|rel| self.texts.get(rel)).cloned().collect();
        let read: Vec<_> = texts.par_iter().map(|text| content::read(site, text)).collect();
        for (text, (source, mut found)) in texts.into_iter().zip(read) {
            found.relevel(&site.settings.levels);
            let known = self.sources.contains_key(&text.rel);
            let half = text.size == 0 || source.as_ref().is_some_and(|source| !source.whole);
            if patient && half {
                // Until it is looked at again, nothing is said of it.
                change.touched.remove(&text.rel);
                change.postponed.insert(text.path);
            } else if known && found.has_errors() && !self.is_bad(&text.rel) {
                self.broken.insert(text.rel, Broken { stage: None, found });
            } else {
                self.put(text.rel, source, found, change);
            }
        }
    }

    /// Puts a text on the shelf that was read well, or as well as it can be.
    fn put(
        &mut self,
        rel: String,
        source: Option<SourceEntry>,
        found: Diagnostics,
        change: &mut Change,
    ) {
        let was_bad = self.is_bad(&rel);
        self.broken.remove(&rel);
        self.found.insert(rel.clone(), found);
        let Some(mut source) = source else { return change.more = true };
        let Some(old) = self.sources.remove(&rel) else {
            change.more = true;
            self.sources.insert(rel, source);
            return;
        };
        source.changed = old.changed;
        match source.whole && old.whole && source.front == old.front {
            true => change.bodies.push((rel.clone(), Arc::clone(&source.body))),
            false => change.fronts = true,
        }
        if !was_bad {
            let before = || Before { checked: old.clone(), shown: old };
            self.before.entry(rel.clone()).or_insert_with(before);
        }
        self.sources.insert(rel, source);
    }

    /// Lists the folder again: which files are new, which are gone. What lies
    /// at or under a `named` path is read again.
    fn relist(&mut self, site: &Site, named: &BTreeSet<String>, change: &mut Change) {
        let (mut listing, mut found) = content::list(site);
        found.relevel(&site.settings.levels);
        // What was said of links and the like is said anew.
        self.whole.retain(|one| one.place.is_none());
        let is_gone = listing.texts.is_empty() && found.has_errors();
        self.whole.append(found);
        if is_gone {
            // The folder is gone or cannot be read: what was in it stays on the shelf.
            return change.look = true;
        }
        let is_named = |rel: &str| {
            let folders = rel.match_indices('/').map(|(at, _)| &rel[..at]);
            named.contains("") || folders.chain([rel]).any(|part| named.contains(part))
        };
        let before = std::mem::take(&mut self.texts);
        for text in listing.texts {
            if !before.contains_key(&text.rel) || is_named(&text.rel) {
                change.touched.insert(text.rel.clone());
            }
            self.texts.insert(text.rel.clone(), text);
        }
        for rel in before.into_keys().filter(|rel| !self.texts.contains_key(rel)) {
            self.sources.remove(&rel);
            self.found.remove(&rel);
            self.broken.remove(&rel);
            self.before.remove(&rel);
            change.touched.insert(rel);
            change.more = true;
        }
        let files = listing.files.keys();
        change.more |=
            !files.eq(self.files.keys()) || listing.files.keys().any(|rel| is_named(rel));
        // What is as it was need not be measured again.
        for (rel, file) in listing.files.iter_mut().filter(|(rel, _)| !is_named(rel)) {
            if let Some(known) = self.files.remove(rel).filter(|known| known.size == file.size) {
                *file = known;
            }
        }
        self.files = listing.files;
    }

    /// Whether what stands on the shelf for a text has errors itself.
    fn is_bad(&self, rel: &str) -> bool {
        self.found.get(rel).is_some_and(Diagnostics::has_errors)
    }

    /// Whether a path is a known file or a folder of some.
    fn knows(&self, rel: &str) -> bool {
        if rel.is_empty() {
            return true;
        }
        let folder = format!("{rel}/");
        let inside = |next: Option<&String>| next.is_some_and(|next| next.starts_with(&folder));
        self.texts.contains_key(rel)
            || self.files.contains_key(rel)
            || inside(self.texts.range(folder.clone()..).next().map(|(rel, _)| rel))
            || inside(self.files.range(folder.clone()..).next().map(|(rel, _)| rel))
    }
}

/// Errors about one value by itself, which nothing but a change of it mends.
const OF_A_VALUE: [&Code; 6] = [
    &codes::CONTENT_WRONG_TYPE,
    &codes::CONTENT_UNKNOWN_TERM,
    &codes::CONTENT_UNKNOWN_TYPE,
    &codes::CONTENT_UNKNOWN_LANGUAGE,
    &codes::CONTENT_PATTERN,
    &codes::CONTENT_UNSAFE_URL,
];

impl Broken {
    /// Whether another file may put it right: what it names may come, what stands in
    /// its place may go, what it translates may change.
    fn may_mend(&self) -> bool {
        let mut errors = self.found.iter().filter(|one| one.level == Level::Error);
        !errors.any(|one| OF_A_VALUE.iter().any(|code| **code == *one.code))
    }
}

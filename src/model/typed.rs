//! What was read of entries, kept for when they are joined again.
//!
//! Enters: a source entry with its identity. Leaves: what was read of it the last
//! time, if all that it was read from is as it was then: the entry itself, what it
//! translates, the site, the files beside the entries, the day. A front matter or
//! a body is as it was if it is the very same one in memory, so nothing is compared
//! word by word. A build, which reads every entry once, keeps nothing.

use super::identity::Identity;
use super::read::{Read, Reader};
use super::{Entry, Lookup, PartialDate};
use crate::config::Site;
use crate::content::SourceEntry;
use crate::diagnostic::Diagnostics;
use std::collections::HashSet;
use std::sync::Arc;

/// What was read of the entries of one site.
#[derive(Debug)]
pub struct Typed {
    site: Arc<Site>,
    today: Option<PartialDate>,
    /// The content paths of the files beside the entries.
    files: Vec<String>,
    /// By the entry's file.
    known: Lookup<Known>,
}

/// What an entry is read from.
#[derive(Clone, Copy)]
pub(super) struct Sources<'a> {
    pub source: &'a SourceEntry,
    /// What it translates, and the language of that.
    pub original: Option<(&'a SourceEntry, &'a str)>,
}

/// What was read of one entry, and from what.
#[derive(Debug)]
struct Known {
    source: SourceEntry,
    original: Option<(SourceEntry, String)>,
    kind: String,
    lang: String,
    id: String,
    read: Read,
    found: Diagnostics,
}

impl Typed {
    /// Keeps what is read of a site's entries: nothing yet.
    pub fn of(site: Arc<Site>) -> Self {
        Self { site, today: None, files: Vec::new(), known: Lookup::default() }
    }

    /// Whether it is of this very site.
    pub fn is_of(&self, site: &Arc<Site>) -> bool {
        Arc::ptr_eq(&self.site, site)
    }

    /// The site that they are of.
    pub(super) fn site(&self) -> Arc<Site> {
        Arc::clone(&self.site)
    }

    /// Forgets the entries that are gone, and all if no such reader read them.
    pub(super) fn settle(&mut self, reader: &Reader<'_>, sources: &[SourceEntry]) {
        let there: HashSet<&str, foldhash::fast::RandomState> =
            sources.iter().map(|source| &*source.file).collect();
        self.known.retain(|file, _| there.contains(&**file));
        let same = self.today == Some(reader.today) && reader.files.keys().eq(&self.files);
        if !same {
            self.known.clear();
            self.today = Some(reader.today);
            self.files = reader.files.keys().cloned().collect();
        }
    }

    /// The day on which they were read, if any were.
    pub(super) fn today(&self) -> Option<PartialDate> {
        self.today
    }

    /// The source that an entry was read from, and what was found in it.
    pub(super) fn known(&self, entry: &Entry) -> Option<(&SourceEntry, &Diagnostics)> {
        self.known.get(&*entry.file).map(|known| (&known.source, &known.found))
    }

    /// Forgets entries, by file, whose sources came to nothing that is shown.
    pub fn forget<'f>(&mut self, files: impl IntoIterator<Item = &'f str>) {
        files.into_iter().for_each(|file| drop(self.known.remove(file)));
    }

    /// What was read of an entry, if the same would be read again.
    pub(super) fn recall(
        &self,
        Sources { source, original }: Sources<'_>,
        identity: &Identity<'_>,
    ) -> Option<(Read, Diagnostics)> {
        let known = self.known.get(&*source.file)?;
        let same_original = match (&known.original, original) {
            (None, None) => true,
            (Some((of, lang)), Some((now, lang_now))) => lang == lang_now && of.is_same(now),
            _ => false,
        };
        let same = same_original
            && known.source.is_same(source)
            && known.kind == identity.entry_type.id
            && known.lang == identity.lang
            && known.id == identity.id;
        same.then(|| (known.read.clone(), known.found.clone()))
    }

    /// Keeps what was read of an entry.
    pub(super) fn keep(
        &mut self,
        Sources { source, original }: Sources<'_>,
        identity: &Identity<'_>,
        (read, found): &mut (Read, Diagnostics),
    ) {
        read.lift(&source.body);
        let known = Known {
            source: source.clone(),
            original: original.map(|(of, lang)| (of.clone(), lang.to_owned())),
            kind: identity.entry_type.id.clone(),
            lang: identity.lang.clone(),
            id: identity.id.clone(),
            read: read.clone(),
            found: found.clone(),
        };
        self.known.insert(source.file.to_string(), known);
    }
}

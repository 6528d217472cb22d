//! Which entries are left out: those that are not to be published, and, with
//! `on_bad_entry = "skip"`, those that have errors.

use super::{Absence, Entry, Hidden, Options};
use crate::config::{OnBadEntry, Site};
use crate::content::Location;
use crate::diagnostic::{Diagnostic, Diagnostics, Level, Place, codes};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Takes out the entries that have errors, says so, makes warnings of those
/// errors, and returns the entries' ids and paths: none unless the site asks for it.
/// A file of which no entry came at all is named too, if it is one that `may_go`.
pub(super) fn bad(
    site: &Site,
    entries: &mut Vec<Entry>,
    found: &mut Diagnostics,
    may_go: fn(&str) -> bool,
) -> BTreeSet<String> {
    if site.settings.on_bad_entry == OnBadEntry::Stop {
        return BTreeSet::new();
    }
    let folder = format!("{}/", site.settings.content.trim_end_matches('/'));
    let mut files: BTreeSet<Arc<str>> = found
        .iter()
        .filter(|one| one.level == Level::Error)
        .filter_map(|one| Some(one.place.as_ref()?.file.clone()))
        .filter(|file| file.starts_with(&folder) && may_go(file))
        .collect();
    // A translation has its original's fields, and goes where that goes.
    let of_bad = |entry: &&Entry| {
        entry.original.as_ref().is_some_and(|original| files.contains(&original.file))
    };
    let translations: Vec<Arc<str>> =
        entries.iter().filter(of_bad).map(|entry| entry.file.clone()).collect();
    files.extend(translations);
    // An entry may call itself otherwise than its file does.
    let mut gone: BTreeSet<String> = entries
        .iter()
        .filter(|entry| files.contains(&entry.file))
        .map(|entry| entry.id.clone())
        .collect();
    entries.retain(|entry| !files.contains(&entry.file));
    found.soften(|place| files.contains(&place.file));
    let mut named = Diagnostics::default();
    for file in files {
        let path = file.strip_prefix(&folder).unwrap_or(&file);
        gone.insert(Location::of(path, &site.settings.languages).key);
        gone.insert(path.trim_end_matches(".md").to_owned());
        let message = "this is left out of the site because of its errors";
        let help = "mend what is said of it, and it comes back, with all that refers to it";
        named.push(
            Diagnostic::new(&codes::MODEL_SKIPPED_ENTRY, message).at(Place::file(file)).help(help),
        );
    }
    named.relevel(&site.settings.levels);
    // To skip an entry and to stop at having skipped it cannot both be meant.
    named.soften(|_| true);
    found.append(named);
    gone
}

/// Takes out what is not to be published. Returns the ids and paths of it; and those of
/// the entries with errors of which it cannot be said whether they should be.
pub(super) fn hide(
    entries: &mut Vec<Entry>,
    options: Options,
    found: &Diagnostics,
) -> (BTreeMap<String, Absence>, Vec<Entry>) {
    let absence = |entry: &Entry| match entry.hidden? {
        Hidden::Private => Some(Absence::Unpublished),
        Hidden::Doubtful => Some(Absence::Faulty),
        Hidden::Draft | Hidden::Future => (!options.drafts).then_some(Absence::Unpublished),
    };
    let mut gone = BTreeMap::new();
    let hidden: Vec<Entry> = entries.extract_if(.., |entry| absence(entry).is_some()).collect();
    for (entry, why) in hidden.iter().filter_map(|entry| Some((entry, absence(entry)?))) {
        gone.insert(entry.id.clone(), why);
        gone.insert(entry.location.path.trim_end_matches(".md").to_owned(), why);
    }
    let is_wrong = |entry: &Entry| {
        let mut errors = found.iter().filter(|one| one.level == Level::Error);
        errors.any(|one| one.place.as_ref().is_some_and(|place| place.file == entry.file))
    };
    let is_doubtful = |entry: &Entry| entry.hidden == Some(Hidden::Doubtful) && is_wrong(entry);
    (gone, hidden.into_iter().filter(is_doubtful).collect())
}

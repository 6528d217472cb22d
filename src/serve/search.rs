//! Search over the site as it stands, without waiting for an index.
//!
//! An index is made in a thread beside everything, once somebody searches. What
//! changes after it was made is indexed by itself, at once, and answers together
//! with the rest of the old index; in a quiet moment all is indexed anew, and
//! then answers, and the search pack, are those of a clean build.

use super::live::Live;
use crate::model::collation;
use crate::render::Renderer;
use crate::search::facets::Facet;
use crate::search::{Document, Error, Options, Results, Search, documents};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// Documents that are made before a writer may have a turn.
const AT_ONCE: usize = 512;
/// How long nothing changes before everything is indexed anew.
const QUIET: Duration = Duration::from_millis(300);

/// An answer; nothing while the first index is being made, or why there is none.
pub(super) type Answer<T> = Option<Result<T, String>>;

/// The index and what has changed since.
#[derive(Default)]
pub(super) struct LiveSearch {
    inner: Mutex<Inner>,
    wake: Condvar,
}

#[derive(Default)]
struct Inner {
    /// Whether anybody has searched yet.
    wanted: bool,
    index: Option<Made>,
    /// Entries that changed after it was made, by id: the version that they changed in last.
    changed: BTreeMap<String, u64>,
    /// Whether everything has changed since.
    all: bool,
    /// Counts the changes, so that a quiet moment is known.
    changes: u64,
}

/// An index, or why it could not be made.
type Made = Result<Arc<Indexed>, String>;

/// An index of one version of the site.
pub(super) struct Indexed {
    search: Search,
    pack: OnceLock<Result<BTreeMap<String, Vec<u8>>, String>>,
}

impl LiveSearch {
    /// Notes that an entry changed in a version.
    pub fn changed(&self, version: u64, id: &str) {
        let mut inner = self.lock();
        inner.changes += 1;
        if inner.wanted {
            inner.changed.insert(id.to_owned(), version);
        }
        self.wake.notify_all();
    }

    /// Notes that everything may have changed.
    pub fn all_changed(&self) {
        let mut inner = self.lock();
        inner.changes += 1;
        inner.all = true;
        self.wake.notify_all();
    }

    /// A file of the search pack, if it has one of that name. The first one that is asked
    /// for makes all, which takes a while.
    pub fn pack_file(&self, name: &str) -> Answer<Option<Vec<u8>>> {
        let pack = |index: &Indexed| {
            let make = || index.search.pack().map_err(|error| error.to_string());
            index
                .pack
                .get_or_init(make)
                .as_ref()
                .map(|pack| pack.get(name).cloned())
                .map_err(Clone::clone)
        };
        Some(self.index()?.0.and_then(|index| pack(&index)))
    }

    /// What the values of a facet read like in a language, if it has such a facet.
    pub fn facet(&self, name: &str, lang: &str) -> Answer<Option<serde_json::Value>> {
        let describe = |index: Arc<Indexed>| {
            let mut facets = index.search.index(lang)?.facets().iter();
            facets.find(|facet| facet.name == name).map(Facet::description)
        };
        Some(self.index()?.0.map(describe))
    }

    /// Answers a query in a language (none: the default one).
    pub fn query(
        &self,
        live: &Live,
        text: &str,
        lang: Option<&str>,
        options: &Options,
    ) -> Answer<Results> {
        let (index, changed) = self.index()?;
        let answer = |index: Arc<Indexed>| {
            let results = answer(live, &index, changed, text, lang, options);
            results.map_err(|error| error.to_string())
        };
        Some(index.and_then(answer))
    }

    /// The index, and the ids of what has changed since it was made.
    fn index(&self) -> Option<(Made, BTreeSet<String>)> {
        let mut inner = self.lock();
        if !inner.wanted {
            inner.wanted = true;
            self.wake.notify_all();
        }
        Some((inner.index.clone()?, inner.changed.keys().cloned().collect()))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until an index should be made; returns the number of changes so far.
    fn wait(&self) -> u64 {
        let mut inner = self.lock();
        while !inner.wanted || (inner.index.is_some() && !inner.all && inner.changed.is_empty()) {
            inner = self.wake.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        // The first one is waited for; a later one can wait for quiet.
        loop {
            let seen = inner.changes;
            if inner.index.is_none() {
                return seen;
            }
            let waited = self.wake.wait_timeout(inner, QUIET);
            inner = waited.unwrap_or_else(PoisonError::into_inner).0;
            if inner.changes == seen {
                return seen;
            }
        }
    }
}

/// Answers from the index, without what has changed since, and from what that
/// has become.
fn answer(
    live: &Live,
    index: &Indexed,
    changed: BTreeSet<String>,
    text: &str,
    lang: Option<&str>,
    options: &Options,
) -> Result<Results, Error> {
    if changed.is_empty() {
        return index.search.query(text, lang, options);
    }
    let whole = Options {
        limit: options.limit.saturating_add(options.offset),
        offset: 0,
        ..options.clone()
    };
    let since = {
        let state = live.read();
        let Some(ready) = &state.ready else { return Ok(Results::default()) };
        let renderer = &ready.renderer;
        let all = 0..renderer.model().entries.len();
        let documents = documents::some(renderer, all, &|entry| changed.contains(&entry.id));
        Search::build(documents, &documents::settings(renderer))?
    };
    let since = since.query(text, lang, &whole)?;
    let without = Options { without: changed, ..whole };
    let mut results = index.search.query(text, lang, &without)?;
    results.total += since.total;
    results.hits.extend(since.hits);
    match options.sort {
        crate::search::Sort::Title => {
            results.hits.sort_by_cached_key(|hit| (collation(&hit.title), hit.id.clone()));
        }
        crate::search::Sort::Relevance => {
            results.hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        }
        crate::search::Sort::Date => {
            results.hits.sort_by_cached_key(|hit| (Reverse(hit.date), hit.id.clone()));
        }
    }
    let end = (options.offset + options.limit).min(results.hits.len());
    results.hits = results.hits.drain(options.offset.min(end)..end).collect();
    for (facet, counts) in since.facets {
        let Some(known) =
            results.facets.entry(facet).or_insert(serde_json::json!({})).as_object_mut()
        else {
            continue;
        };
        for (value, count) in counts.as_object().into_iter().flatten() {
            let before = known.get(value).and_then(serde_json::Value::as_u64).unwrap_or(0);
            known.insert(value.clone(), (before + count.as_u64().unwrap_or(0)).into());
        }
    }
    if results.total > 0 {
        results.help.retain(|help| since.help.contains(help));
        results.suggestion = results.suggestion.filter(|_| since.total == 0);
    }
    Ok(results)
}

/// Keeps the index of a site, in a thread of its own.
pub(super) fn keep(live: &Arc<Live>) -> io::Result<()> {
    let live = Arc::clone(live);
    let run = move || {
        loop {
            let seen = live.search.wait();
            if let Some((version, index)) = make(&live) {
                let mut inner = live.search.lock();
                inner.changed.retain(|_, changed| *changed > version);
                inner.all &= inner.changes != seen;
                inner.index = Some(index.map(Arc::new).map_err(|error| error.to_string()));
            } else {
                // There is no site to index yet, or it is just being changed.
                std::thread::sleep(QUIET);
            }
        }
    };
    std::thread::Builder::new().name("search".into()).spawn(run).map(|_| ())
}

/// Indexes the site as it stands; gives up when entries are joined anew meanwhile.
/// Gives the version that it is of.
fn make(live: &Live) -> Option<(u64, Result<Indexed, Error>)> {
    let (joined, version, settings) = {
        let state = live.read();
        let renderer = &state.ready.as_ref()?.renderer;
        let settings = documents::settings(renderer);
        (state.joined, state.version, settings)
    };
    let mut made: Vec<Document> = Vec::new();
    let mut from = 0;
    loop {
        let state = live.read();
        let renderer: &Renderer =
            &state.ready.as_ref().filter(|_| state.joined == joined)?.renderer;
        let end = renderer.model().entries.len().min(from + AT_ONCE);
        made.extend(documents::some(renderer, from..end, &|_| true));
        if end == renderer.model().entries.len() {
            break;
        }
        from = end;
    }
    let search = Search::build(made, &settings);
    Some((version, search.map(|search| Indexed { search, pack: OnceLock::new() })))
}

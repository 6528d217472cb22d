//! The site as it stands, between its keeper and many readers.
//!
//! The keeper puts a site in, changes it in place or takes it out to rebuild it;
//! readers look at it for as long as one answer takes. A version counts the
//! changes, and open pages hear of it together with what is wrong.

use super::gallery::Gallery;
use super::pages::Pages;
use super::search::LiveSearch;
use crate::check;
use crate::config::{self, Site};
use crate::diagnostic::{Diagnostic, Diagnostics, text};
use crate::exports::Exports;
use crate::render::{Renderer, ThemeSet};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
};
use std::time::Duration;
use tokio::sync::watch;

/// Findings that are shown at once; nobody reads more of them.
const MOST_SHOWN: usize = 20;

/// A site that can be served.
pub(super) struct Ready {
    pub site: Arc<Site>,
    pub themes: ThemeSet,
    pub renderer: Renderer,
    pub exports: Exports,
}

impl Ready {
    /// What is wrong with it beyond what was found while it was made.
    pub fn check(&self) -> Diagnostics {
        let (mut found, (of_pages, of_exports)) = rayon::join(
            || check::check(&self.site, self.renderer.model()),
            || rayon::join(|| self.renderer.check(), || self.exports.check(&self.renderer)),
        );
        found.append(of_pages);
        found.append(of_exports);
        found.relevel(&self.site.settings.levels);
        found
    }
}

/// The site, or nothing while there has been no sound one.
#[derive(Default)]
pub(super) struct State {
    /// Counts the changes.
    pub version: u64,
    /// Counts the changes after which entries have other numbers.
    pub joined: u64,
    /// Counts the changes of which open pages need not hear: new copies of pictures.
    pub copied: u64,
    pub ready: Option<Ready>,
}

/// What open pages are told: how often the site has changed, and what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Word {
    pub version: u64,
    /// As text, with the source lines; empty when all is well.
    pub errors: String,
}

#[derive(Default)]
struct Errors {
    of_site: Vec<Diagnostic>,
    /// By address.
    of_pages: BTreeMap<String, Diagnostic>,
}

/// What the threads of the server share.
pub(super) struct Live {
    root: PathBuf,
    state: RwLock<State>,
    errors: Mutex<Errors>,
    word: watch::Sender<Word>,
    pub pages: Pages,
    pub search: LiveSearch,
    pub gallery: Arc<Gallery>,
}

impl Live {
    pub fn new(root: PathBuf) -> Self {
        Self {
            root,
            state: RwLock::default(),
            errors: Mutex::default(),
            word: watch::Sender::new(Word::default()),
            pages: Pages::default(),
            search: LiveSearch::default(),
            gallery: Arc::default(),
        }
    }

    pub fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hears of every change from now on; the present state counts as one.
    pub fn listen(&self) -> watch::Receiver<Word> {
        let mut receiver = self.word.subscribe();
        receiver.mark_changed();
        receiver
    }

    /// What is wrong now, as open pages show it.
    pub fn wrong(&self) -> String {
        self.word.borrow().errors.clone()
    }

    /// Says that the site has changed, and what is wrong with it now; returns
    /// that as text.
    pub fn say(&self, version: u64, wrong: Vec<Diagnostic>) -> String {
        let mut errors = self.errors();
        errors.of_site = wrong;
        if version != self.word.borrow().version {
            errors.of_pages.clear();
        }
        self.publish(&errors, Some(version))
    }

    /// Has pages made anew when they are next asked for, though no source of theirs has
    /// changed. Open pages need not hear of it. It waits until nobody looks at the site,
    /// without keeping anybody from looking.
    pub fn forget_pages(&self) {
        loop {
            let mut state = match self.state.try_write() {
                Ok(state) => state,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    std::thread::sleep(Duration::from_millis(2));
                    continue;
                }
            };
            state.copied += 1;
            if let Some(ready) = &mut state.ready {
                ready.renderer.forget();
            }
            return;
        }
    }

    /// Notes that a page cannot be rendered, or, with nothing, that it can.
    pub fn page_failed(&self, url: &str, failure: Option<Diagnostic>) {
        let mut errors = self.errors();
        let known = errors.of_pages.get(url);
        if known == failure.as_ref() {
            return;
        }
        match failure {
            Some(failure) => errors.of_pages.insert(url.to_owned(), failure),
            None => errors.of_pages.remove(url),
        };
        self.publish(&errors, None);
    }

    /// Tells what is wrong. Nobody changes that meanwhile, so the last word is the newest.
    fn publish(&self, errors: &Errors, version: Option<u64>) -> String {
        let file = |one: &Diagnostic| one.place.as_ref().map(|place| Arc::clone(&place.file));
        let of_site: BTreeSet<Arc<str>> = errors.of_site.iter().filter_map(file).collect();
        // A template that cannot be read is another than the one that failed on a page.
        let holds = |one: &&Diagnostic| file(one).is_none_or(|file| !of_site.contains(&file));
        let all = errors.of_site.iter().chain(errors.of_pages.values().filter(holds));
        let mut all: Diagnostics = all.cloned().collect();
        all.sort();
        let more = all.len().saturating_sub(MOST_SHOWN);
        let mut shown: Diagnostics = all.into_iter().take(MOST_SHOWN).collect();
        shown.sort();
        let source = |file: &str| config::source_text(&self.root, file);
        let mut text = text::render(shown.iter(), &source, false);
        if more > 0 {
            text.push_str(&format!("… and {more} more; `exempla build` tells them all\n"));
        }
        self.word.send_if_modified(|word| {
            let before = word.clone();
            word.version = version.unwrap_or(word.version);
            word.errors.clone_from(&text);
            *word != before
        });
        text
    }

    fn errors(&self) -> MutexGuard<'_, Errors> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

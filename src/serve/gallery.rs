//! The smaller copies of pictures, made once a page that shows the picture was asked for.
//!
//! Enters: pictures that pages show. Leaves: which copies there are, as soon as they are
//! made in a thread beside everything, and their bytes when a browser asks for them. Until
//! then pages offer the picture alone, which looks the same. Pictures count by their bytes,
//! so nothing is made twice, however often the site is joined anew. No more bytes are kept
//! than some pages need; the others are made again.

use super::live::Live;
use crate::model::Asset;
use crate::pictures::{self, Known, Settings};
use crate::render::Copies;
use hyper::body::Bytes;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes of copies that are kept; more, and all are let go.
const MOST: usize = 64 << 20;

/// The copies that were made so far.
#[derive(Default)]
pub(super) struct Gallery {
    inner: Mutex<Inner>,
    wake: Condvar,
}

#[derive(Default)]
struct Inner {
    /// Pictures whose copies are to be made, by what these depend on.
    wanted: BTreeMap<[u8; 32], Picture>,
    /// The copies that there are; of a picture that cannot be copied, none.
    known: HashMap<[u8; 32], Vec<Known>>,
    /// The picture that a copy is of, by the copy's path in the site.
    origins: HashMap<String, Picture>,
    /// By path in the site.
    bytes: HashMap<String, Bytes>,
    kept: usize,
}

/// A picture with what is wanted of it.
#[derive(Debug, Clone)]
struct Picture {
    /// Its content path.
    path: String,
    asset: Asset,
    settings: Settings,
}

impl Picture {
    fn key(&self) -> [u8; 32] {
        pictures::key(&self.asset.hash, &self.settings)
    }

    /// Its copies; none if it cannot be copied, which a build tells.
    fn copies(&self) -> Vec<(Known, Bytes)> {
        let bytes = self.asset.read().ok();
        let made = bytes.and_then(|bytes| pictures::renditions(&bytes, &self.settings).ok());
        let copies = made.into_iter().flatten();
        copies.map(|one| (Known::of(&one), Bytes::from(one.bytes))).collect()
    }
}

impl Copies for Gallery {
    fn of(&self, path: &str, asset: &Asset, settings: &Settings) -> Vec<Known> {
        let (path, asset, settings) = (path.to_owned(), asset.clone(), settings.clone());
        let picture = Picture { path, asset, settings };
        let key = picture.key();
        let mut inner = self.lock();
        let Some(known) = inner.known.get(&key).cloned() else {
            inner.wanted.insert(key, picture);
            self.wake.notify_all();
            return Vec::new();
        };
        // The same picture may lie at several places, with copies beside each.
        for one in &known {
            inner.origins.entry(one.url(&picture.path)).or_insert_with(|| picture.clone());
        }
        known
    }
}

impl Gallery {
    /// Whether a page has offered a copy at a path in the site.
    pub fn has(&self, path: &str) -> bool {
        self.lock().origins.contains_key(path)
    }

    /// The bytes of the copy at a path in the site, if a page has offered it.
    pub fn file(&self, path: &str) -> Option<Bytes> {
        let inner = self.lock();
        if let Some(bytes) = inner.bytes.get(path) {
            return Some(bytes.clone());
        }
        let picture = inner.origins.get(path)?.clone();
        drop(inner);
        let copies = picture.copies();
        self.lock().keep(&picture, &copies);
        let found = copies.into_iter().find(|(one, _)| one.url(&picture.path) == path);
        found.map(|(_, bytes)| bytes)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a picture whose copies are wanted.
    fn wait(&self) -> Picture {
        let mut inner = self.lock();
        loop {
            if let Some((_, picture)) = inner.wanted.pop_first() {
                return picture;
            }
            inner = self.wake.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Notes the copies of a picture; says whether no other picture waits for its own.
    fn take(&self, picture: &Picture, copies: &[(Known, Bytes)]) -> bool {
        let mut inner = self.lock();
        let known = copies.iter().map(|(one, _)| one.clone()).collect();
        inner.known.insert(picture.key(), known);
        inner.keep(picture, copies);
        inner.wanted.is_empty()
    }
}

impl Inner {
    fn keep(&mut self, picture: &Picture, copies: &[(Known, Bytes)]) {
        for (one, bytes) in copies {
            if self.kept + bytes.len() > MOST {
                (self.bytes, self.kept) = (HashMap::new(), 0);
            }
            if self.bytes.insert(one.url(&picture.path), bytes.clone()).is_none() {
                self.kept += bytes.len();
            }
        }
    }
}

/// Makes copies in a thread of its own.
pub(super) fn keep(live: &Arc<Live>) -> io::Result<()> {
    let live = Arc::clone(live);
    let run = move || {
        loop {
            let picture = live.gallery.wait();
            if live.gallery.take(&picture, &picture.copies()) {
                live.forget_pages();
            }
        }
    };
    std::thread::Builder::new().name("gallery".into()).spawn(run).map(|_| ())
}

//! The smaller copies of pictures, for pages that were asked for.
//!
//! Enters: pictures that pages show. Leaves: which copies there are, once they are made in
//! a thread beside everything, and the bytes of those asked for last. Until then pages
//! offer the picture alone, and so does the address of a copy whose bytes were let go:
//! nobody who asks for something waits for a copy. Pictures count by their bytes, however
//! often the site is joined anew.

use super::live::Live;
use crate::model::Asset;
use crate::pictures::{self, Known, Settings};
use crate::render::Copies;
use hyper::body::Bytes;
use indexmap::IndexMap;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes of copies that are kept; more, and all are let go.
const MOST: usize = 64 << 20;

/// What the copies of a picture depend on, as one hash.
type Key = [u8; 32];

/// The copies that were made so far.
#[derive(Default)]
pub(super) struct Gallery {
    inner: Mutex<Inner>,
    wake: Condvar,
}

#[derive(Default)]
struct Inner {
    /// Pictures whose copies are to be made; whoever asked last comes first.
    wanted: IndexMap<Key, (Asset, Settings)>,
    /// The copies that there are; of a picture that cannot be copied, none.
    known: HashMap<Key, Vec<Known>>,
    /// Of which picture a copy is, and how wide, by the path that a page has offered.
    offered: HashMap<String, (Key, u32, Asset, Settings)>,
    /// By picture and width.
    bytes: HashMap<(Key, u32), Bytes>,
    kept: usize,
}

/// What is at the path of a copy.
pub(super) enum Found {
    /// The copy.
    Copy(Bytes),
    /// The path of the picture itself: the bytes of the copy have to be made again.
    Picture(String),
}

impl Copies for Gallery {
    fn of(&self, path: &str, asset: &Asset, settings: &Settings) -> Vec<Known> {
        let key = pictures::key(&asset.hash, settings);
        let mut inner = self.lock();
        let Some(known) = inner.known.get(&key).cloned() else {
            inner.wanted.insert(key, (asset.clone(), settings.clone()));
            self.wake.notify_all();
            return Vec::new();
        };
        for one in &known {
            let origin = (key, one.width, asset.clone(), settings.clone());
            inner.offered.insert(one.url(path), origin);
        }
        known
    }
}

impl Gallery {
    /// What is at a path in the site, if a page has offered a copy there.
    pub fn find(&self, path: &str) -> Option<Found> {
        let mut inner = self.lock();
        let (key, width, asset, settings) = inner.offered.get(path)?.clone();
        if let Some(bytes) = inner.bytes.get(&(key, width)) {
            return Some(Found::Copy(bytes.clone()));
        }
        let url = asset.url.clone();
        inner.wanted.insert(key, (asset, settings));
        self.wake.notify_all();
        Some(Found::Picture(url))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a picture whose copies are wanted.
    fn wait(&self) -> (Key, Asset, Settings) {
        let mut inner = self.lock();
        loop {
            if let Some((key, (asset, settings))) = inner.wanted.last() {
                return (*key, asset.clone(), settings.clone());
            }
            inner = self.wake.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Makes the copies of a picture. One that changes just now is left until a page
    /// shows what it has become.
    fn make(&self, key: Key, asset: &Asset, settings: &Settings) {
        let made = asset.read().map(|bytes| pictures::renditions(&bytes, settings));
        let mut inner = self.lock();
        inner.wanted.shift_remove(&key);
        let Ok(made) = made else { return };
        // Why one cannot be copied is for a build to tell.
        let made = made.unwrap_or_default();
        inner.known.insert(key, made.iter().map(Known::of).collect());
        for one in made {
            if inner.kept + one.bytes.len() > MOST {
                (inner.bytes, inner.kept) = (HashMap::new(), 0);
            }
            inner.kept += one.bytes.len();
            if let Some(old) = inner.bytes.insert((key, one.width), one.bytes.into()) {
                inner.kept -= old.len();
            }
        }
    }
}

/// Makes copies in a thread of its own.
pub(super) fn keep(live: &Arc<Live>) -> io::Result<()> {
    let live = Arc::clone(live);
    let run = move || {
        loop {
            let (key, asset, settings) = live.gallery.wait();
            live.gallery.make(key, &asset, &settings);
            live.forget_pages();
        }
    };
    std::thread::Builder::new().name("gallery".into()).spawn(run).map(|_| ())
}

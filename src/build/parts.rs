//! The parts of a search index, kept from build to build beside the memory of the
//! last one: an edit changes one of them.
//!
//! Enters: the key of a part, and its bytes. Leaves: the same bytes under the same
//! key, if it was this very program that kept them. Whether they are whole is for
//! the reader to see.

use crate::output;
use crate::search::parts::Shelf;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The kept parts of the index of one language and one output folder.
pub(super) struct Parts {
    folder: PathBuf,
    /// The trace of this program: another may index otherwise.
    program: String,
    used: Mutex<BTreeSet<PathBuf>>,
}

impl Parts {
    /// The shelf of a language among those of all.
    pub fn new(all: &Path, lang: &str, program: &str) -> Self {
        let folder = all.join(lang);
        Self { folder, program: program.to_owned(), used: Mutex::default() }
    }

    /// Lets go of the parts that nobody asked for.
    pub fn tidy(&self) {
        output::forget_others(&self.folder, &self.used());
    }

    fn used(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self, key: &[u8; 32]) -> PathBuf {
        let hash = blake3::hash(&[self.program.as_bytes(), key].concat()).to_hex();
        let file = self.folder.join(&hash[..32]);
        self.used().insert(file.clone());
        file
    }
}

impl Shelf for Parts {
    fn recall(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        output::recall(&self.file(key))
    }

    fn keep(&self, key: &[u8; 32], bytes: &[u8]) {
        output::store(&self.file(key), bytes);
    }
}

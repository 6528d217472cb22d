//! Work that is kept from build to build beside the memory of the last one: texts as they
//! were read, and parts of the search index. An edit changes one piece of either.
//!
//! Enters: the key of a piece, and its bytes. Leaves: the same bytes under the same
//! key, if it was this very program that kept them. Whether they are whole is for
//! the reader to see.

use crate::output;
use crate::shelf::{HASH, Shelf};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A folder of kept work.
pub(super) struct Kept {
    folder: PathBuf,
    /// The trace of this program: another may work otherwise.
    program: String,
    used: Mutex<BTreeSet<PathBuf>>,
}

impl Kept {
    /// What this program kept in a folder.
    pub fn new(folder: PathBuf, program: &str) -> Self {
        Self { folder, program: program.to_owned(), used: Mutex::default() }
    }

    /// Lets go of what nobody asked for.
    pub fn tidy(&self) {
        output::forget_others(&self.folder, &self.used());
    }

    fn used(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self, key: &[u8; HASH]) -> PathBuf {
        let hash = blake3::hash(&[self.program.as_bytes(), key].concat()).to_hex();
        let file = self.folder.join(&hash[..32]);
        self.used().insert(file.clone());
        file
    }
}

impl Shelf for Kept {
    fn recall(&self, key: &[u8; HASH]) -> Option<Vec<u8>> {
        output::recall(&self.file(key))
    }

    fn keep(&self, key: &[u8; HASH], bytes: &[u8]) {
        output::store(&self.file(key), bytes);
    }
}

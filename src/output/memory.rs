//! What the program keeps beside a site, so that its next run has less to do.

use super::manifest::Manifest;
use super::{OWN, write_atomically};
use crate::trace::{Known, Trace};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Says that a folder is nothing to commit.
const IGNORE: &str = ".gitignore";

/// A trace, and the moment for which it was taken, in time since 1970.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The moment.
    pub at: Duration,
    /// The trace.
    pub trace: String,
}

/// The trace of an output folder: of every file that its last build wrote.
pub fn trace(root: &Path, at: Duration) -> Option<String> {
    let manifest = Manifest::read(&root.join(OWN).join("manifest"));
    trace_of(root, &manifest, at, None)
}

/// The same, with the manifest that lies there and what is known of files already.
pub(super) fn trace_of(
    root: &Path,
    manifest: &Manifest,
    at: Duration,
    known: Option<&mut Known>,
) -> Option<String> {
    let mut trace = Trace::at(&[at]);
    for own in ["notes", "manifest"] {
        trace.add_file(&root.join(OWN).join(own));
    }
    trace.add_files(root, &manifest.paths().collect::<Vec<_>>(), known);
    trace.so_far()?.pop()
}

/// Keeps a file for another run of the program, which goes well without it.
/// Its folder says for itself that it is nothing to publish or to commit.
pub fn store(path: &Path, bytes: &[u8]) {
    if let Some(folder) = path.parent() {
        let ignore = folder.join(IGNORE);
        let _ = fs::create_dir_all(folder);
        if !ignore.exists() {
            let _ = fs::write(ignore, "*\n");
        }
    }
    let _ = write_atomically(path, bytes);
}

/// What was kept.
pub fn recall(path: &Path) -> Option<Vec<u8>> {
    fs::read(path).ok()
}

/// What lies in a folder of kept files, its own word to git aside.
pub fn kept_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| !path.ends_with(IGNORE)).collect()
}

/// Removes all that is kept in a folder, but for these files or folders.
pub fn forget_others(folder: &Path, these: &BTreeSet<PathBuf>) {
    let others = kept_in(folder).into_iter().filter(|path| !these.contains(path));
    others.for_each(|path| forget(&path));
}

/// Removes what was kept: a file, or a folder of them.
pub fn forget(path: &Path) {
    let _ = fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
}

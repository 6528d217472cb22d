//! What the program keeps beside a site, so that its next run has less to do.

use super::manifest::Manifest;
use super::{OWN, write_atomically};
use crate::trace::Trace;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use std::time::Duration;

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
    let manifest_path = root.join(OWN).join("manifest");
    let mut trace = Trace::at(at);
    trace.add_file(&root.join(OWN).join("notes"));
    trace.add_file(&manifest_path);
    let manifest = Manifest::read(&manifest_path);
    trace.add_files(&manifest.paths().map(|path| root.join(path)).collect::<Vec<_>>());
    trace.finish()
}

/// Keeps a file for another run of the program, which goes well without it.
/// Its folder says for itself that it is nothing to publish or to commit.
pub fn store(path: &Path, bytes: &[u8]) {
    if let Some(folder) = path.parent() {
        let ignore = folder.join(".gitignore");
        let _ = fs::create_dir_all(folder);
        if !ignore.exists() {
            let _ = fs::write(ignore, "*\n");
        }
    }
    let _ = write_atomically(path, bytes);
}

/// Removes what was kept.
pub fn forget(path: &Path) {
    let _ = fs::remove_file(path);
}

//! From rendered bytes to a folder that is always whole.
//!
//! Enters: paths and bytes, from many threads. Leaves: an output folder that
//! differs from before only where the bytes differ. New files are first laid
//! out in a staging folder; only when everything is there are they renamed into
//! place, so that a failure before that changes nothing. Files that an earlier
//! build wrote and this one did not are removed, by the manifest; others are
//! never touched. This is the only room that writes to the disk.

mod manifest;
pub mod new_file;
mod notes;
mod place;

pub use manifest::Record;
pub use place::misplaced;

use crate::diagnostic::{Diagnostic, Diagnostics, codes, reason};
use manifest::Manifest;
use notes::Notes;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The folder in the output that is Exempla's own.
const OWN: &str = ".exempla";

/// What a build did to its output folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that are new or differ from before.
    pub written: usize,
    /// Files that were right already.
    pub unchanged: usize,
    /// Files of an earlier build that are gone.
    pub removed: usize,
}

/// An output folder while it is written. Dropped without [`Output::commit`],
/// it leaves the folder as it was.
#[derive(Debug)]
pub struct Output {
    root: PathBuf,
    /// Held until the end: one build at a time.
    _lock: File,
    before: Manifest,
    notes: Notes,
    state: Mutex<State>,
    next_stage: AtomicUsize,
}

#[derive(Debug, Default)]
struct State {
    now: BTreeMap<String, Record>,
    /// path → its file in the staging folder.
    staged: BTreeMap<String, PathBuf>,
    notes: BTreeMap<[u8; 32], String>,
}

impl Output {
    /// Opens an output folder, making it if need be, and takes its lock.
    pub fn open(root: &Path) -> Result<Self, Diagnostic> {
        let own = root.join(OWN);
        fs::create_dir_all(&own).map_err(|error| failed(root, &error))?;
        let lock_path = own.join("lock");
        let lock = File::options().create(true).append(true).open(&lock_path);
        let lock = lock.map_err(|error| failed(&lock_path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message = format!("another build is writing to {}", root.display());
                return Err(Diagnostic::new(&codes::OUTPUT_LOCKED, message)
                    .help("wait until it has ended, or choose another folder with --output"));
            }
            Err(TryLockError::Error(error)) => return Err(failed(&lock_path, &error)),
        }
        let staging = own.join("staging");
        // What a killed build left behind is of no use.
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(|error| failed(&staging, &error))?;
        }
        fs::create_dir_all(&staging).map_err(|error| failed(&staging, &error))?;
        let before = Manifest::read(&own.join("manifest"));
        Ok(Self {
            root: root.to_path_buf(),
            _lock: lock,
            before,
            notes: Notes::read(&own.join("notes")),
            state: Mutex::default(),
            next_stage: AtomicUsize::new(0),
        })
    }

    /// Whether an earlier build wrote a file from the same inputs and it is
    /// still as that build left it. If so, it stays.
    pub fn keep(&self, path: &str, fingerprint: &[u8; 32]) -> bool {
        let Some(record) = self.before.get(path).filter(|r| r.fingerprint == *fingerprint) else {
            return false;
        };
        let intact = self.is_plain(path)
            && fs::read(self.root.join(path))
                .is_ok_and(|bytes| *blake3::hash(&bytes).as_bytes() == record.content);
        if intact {
            self.state().now.insert(path.to_owned(), *record);
        }
        intact
    }

    /// Lays out a file. `path` has `/` between folders and stays within the
    /// output; `fingerprint` is the hash of all that the bytes were made from.
    pub fn put(&self, path: &str, fingerprint: [u8; 32], bytes: &[u8]) -> Result<(), Diagnostic> {
        let content = *blake3::hash(bytes).as_bytes();
        let target = self.root.join(path);
        let same = self.is_plain(path)
            && fs::metadata(&target).is_ok_and(|meta| meta.len() == bytes.len() as u64)
            && fs::read(&target).is_ok_and(|old| old == bytes);
        if !same {
            if self.before.get(path).is_none() && fs::symlink_metadata(&target).is_ok() {
                return Err(foreign(&target));
            }
            let number = self.next_stage.fetch_add(1, Ordering::Relaxed);
            let stage = self.root.join(OWN).join("staging").join(number.to_string());
            fs::write(&stage, bytes).map_err(|error| failed(&stage, &error))?;
            self.state().staged.insert(path.to_owned(), stage);
        }
        self.state().now.insert(path.to_owned(), Record { fingerprint, content });
        Ok(())
    }

    /// Lays out a file that is made of nothing but its bytes.
    pub fn put_bytes(&self, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.put(path, *blake3::hash(bytes).as_bytes(), bytes)
    }

    /// What an earlier build remembered under a key: the hash of all that it
    /// depends on.
    pub fn recall(&self, key: &[u8; 32]) -> Option<&str> {
        self.notes.get(key)
    }

    /// Remembers a line for the next build. What is not remembered anew is forgotten.
    pub fn remember(&self, key: [u8; 32], note: String) {
        debug_assert!(!note.contains('\n'), "a note is one line");
        self.state().notes.insert(key, note);
    }

    /// Moves everything into place and removes what is no longer produced.
    pub fn commit(self) -> Result<Summary, Diagnostics> {
        let manifest_path = self.root.join(OWN).join("manifest");
        let state = std::mem::take(&mut *self.state());
        let one = |error: Diagnostic| Diagnostics::from_iter([error]);
        let now = Manifest::new(state.now);
        let notes = Notes::new(state.notes);
        if notes != self.notes {
            write_atomically(&self.root.join(OWN).join("notes"), &notes.to_bytes()).map_err(one)?;
        }
        let removed: Vec<&str> =
            self.before.paths().filter(|path| now.get(path).is_none()).collect();
        if state.staged.is_empty() && removed.is_empty() && now == self.before {
            let _ = fs::remove_dir_all(self.root.join(OWN).join("staging"));
            return Ok(Summary { unchanged: now.len(), ..Summary::default() });
        }
        // Should this be killed half-way, the next build must know every file
        // that may be there: the old ones and the new ones.
        write_atomically(&manifest_path, &self.before.union(&now).to_bytes()).map_err(one)?;
        let mut folders = BTreeSet::new();
        let mut written = 0;
        for (path, stage) in &state.staged {
            let target = self.root.join(path);
            let moved = make_folders(&self.root, path, &mut folders)
                .and_then(|()| fs::rename(stage, &target));
            if let Err(error) = moved {
                return Err(interrupted(&target, &error, written, state.staged.len()));
            }
            written += 1;
        }
        let mut gone = 0;
        for path in removed {
            gone += usize::from(remove(&self.root, path));
        }
        write_atomically(&manifest_path, &now.to_bytes()).map_err(one)?;
        let _ = fs::remove_dir_all(self.root.join(OWN).join("staging"));
        Ok(Summary { written, unchanged: now.len() - written, removed: gone })
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Whether a path leads to a file through folders only, not through links
    /// that may lead out of the output.
    fn is_plain(&self, path: &str) -> bool {
        let mut at = self.root.clone();
        path.split('/').all(|part| {
            at.push(part);
            fs::symlink_metadata(&at).is_ok_and(|meta| !meta.is_symlink())
        })
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.root.join(OWN).join("staging"));
    }
}

/// Makes the folders above a path; a link in their place is an error.
fn make_folders(root: &Path, path: &str, known: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    let mut at = root.to_path_buf();
    let Some((folder, _)) = path.rsplit_once('/') else { return Ok(()) };
    for part in folder.split('/') {
        at.push(part);
        if known.contains(&at) {
            continue;
        }
        match fs::symlink_metadata(&at) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => {
                let message = format!("{} is in the way and is not a folder", at.display());
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
            }
            Err(_) => fs::create_dir(&at)?,
        }
        known.insert(at.clone());
    }
    Ok(())
}

/// Removes a file and the folders that it leaves empty.
fn remove(root: &Path, path: &str) -> bool {
    let target = root.join(path);
    let gone = fs::remove_file(&target).is_ok();
    let mut folder = target.parent();
    while let Some(at) = folder.filter(|at| *at != root) {
        // Fails on the first folder that still has something in it.
        if fs::remove_dir(at).is_err() {
            break;
        }
        folder = at.parent();
    }
    gone
}

/// Writes a file so that it is either the old one or the new one, whole.
fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    let temporary = path.with_extension("new");
    let write = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
    write.map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("{} cannot be written: {}", path.display(), reason(error));
    let help = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "allow writing to that folder, or choose another with --output"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "make room on the disk, or choose another folder with --output"
        }
        _ => "see what is at that place, or choose another folder with --output",
    };
    Diagnostic::new(&codes::OUTPUT_WRITE_FAILED, message).help(help)
}

fn foreign(target: &Path) -> Diagnostic {
    let message = format!("{} is in the way: Exempla did not write it", target.display());
    Diagnostic::new(&codes::OUTPUT_FOREIGN_FILE, message)
        .help("move it elsewhere (or into the theme's `static` folder), or choose another folder with --output")
}

fn interrupted(target: &Path, error: &io::Error, written: usize, all: usize) -> Diagnostics {
    let mut first = failed(target, error);
    first.message = format!(
        "{}; {written} of {all} new files are in place, each of them whole, and the others are as they were",
        first.message
    );
    Diagnostics::from_iter([
        first.help("mend that and build again: the next build puts the rest right")
    ])
}

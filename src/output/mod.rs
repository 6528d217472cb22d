//! From rendered bytes to a folder that is always whole.
//!
//! Enters: paths and bytes, from many threads. Leaves: an output folder that
//! differs from before only where the bytes differ. New files are first laid
//! out in a staging folder; only when everything is there are they renamed into
//! place, so that a failure before that changes nothing. Files that an earlier
//! build wrote and this one did not are removed, by the manifest; others are
//! never touched. This is the only room that writes to the disk.

mod manifest;
mod memory;
mod moves;
pub mod new_file;
mod notes;
mod place;
#[cfg(test)]
mod tests;

pub use manifest::Record;
pub use memory::{Seen, forget, forget_others, kept_in, recall, store, trace};
pub use place::misplaced;

use crate::diagnostic::{Diagnostic, Diagnostics, codes, reason};
use crate::trace::Known;
use manifest::Manifest;
use notes::Notes;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

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
    lock: Arc<File>,
    sight: OnceLock<Sight>,
    notes: Notes,
    state: Mutex<State>,
}

/// What an earlier build left.
#[derive(Debug)]
struct Sight {
    files: Manifest,
    /// What was seen of them, if all are known to be as that build left them.
    known: Option<Known>,
}

/// An output folder as a build left it: other builds are kept out until this is dropped.
#[derive(Debug)]
pub struct Left {
    root: PathBuf,
    files: Manifest,
    /// What was seen of files when they were looked at, but for those written since.
    known: Known,
    #[expect(dead_code, reason = "held, not read")]
    lock: Arc<File>,
}

impl Left {
    /// The trace of the folder, as [`trace`] takes it.
    pub fn trace(mut self, at: Duration) -> Option<String> {
        memory::trace_of(&self.root, &self.files, at, Some(&mut self.known))
    }
}

#[derive(Debug, Default)]
struct State {
    now: BTreeMap<String, Record>,
    /// Paths that lie in the staging folder, as they will in the output.
    staged: BTreeSet<String>,
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
        Ok(Self {
            root: root.to_path_buf(),
            lock: Arc::new(lock),
            sight: OnceLock::new(),
            notes: Notes::read(&own.join("notes")),
            state: Mutex::default(),
        })
    }

    /// Looks at the files before anything is kept or laid out. `left` is the [`trace`] of how
    /// an earlier run of this very program left them: if they still are so, none of them need
    /// be read.
    pub fn look(&self, left: &Seen) {
        let Sight { files, .. } = self.unseen();
        let mut known = Known::default();
        let trace = memory::trace_of(&self.root, &files, left.at, Some(&mut known));
        let known = (trace.as_ref() == Some(&left.trace)).then_some(known);
        let _ = self.sight.set(Sight { files, known });
    }

    /// What can be said without a look.
    fn unseen(&self) -> Sight {
        Sight { files: Manifest::read(&self.root.join(OWN).join("manifest")), known: None }
    }

    fn sight(&self) -> &Sight {
        self.sight.get_or_init(|| self.unseen())
    }

    fn before(&self) -> &Manifest {
        &self.sight().files
    }

    fn is_untouched(&self) -> bool {
        self.sight().known.is_some()
    }

    /// Whether an earlier build wrote a file from the same inputs and it is
    /// still as that build left it. If so, it stays.
    pub fn keep(&self, path: &str, fingerprint: &[u8; 32]) -> bool {
        let Some(record) = self.before().get(path).filter(|r| r.fingerprint == *fingerprint) else {
            return false;
        };
        let is_as_it_was = || {
            let bytes = fs::read(self.root.join(path));
            bytes.is_ok_and(|bytes| *blake3::hash(&bytes).as_bytes() == record.content)
        };
        let intact = self.is_untouched() || self.is_plain(path) && is_as_it_was();
        if intact {
            self.state().now.insert(path.to_owned(), *record);
        }
        intact
    }

    /// Keeps a file, whatever it was made from, if it is known to be as the last build
    /// left it.
    pub fn keep_untouched(&self, path: &str) -> bool {
        let known = self.before().get(path).filter(|_| self.is_untouched());
        if let Some(record) = known {
            self.state().now.insert(path.to_owned(), *record);
        }
        known.is_some()
    }

    /// Keeps all files of a folder, given with a `/` at its end, if they are known to be
    /// as the last build left them and [`Output::hash_of_folder`] said this of them.
    pub fn keep_folder(&self, folder: &str, hash: &str) -> bool {
        let kept = self.is_untouched() && manifest::hash(self.before().within(folder)) == hash;
        if kept {
            let own = self.before().within(folder).map(|(path, record)| (path.to_owned(), *record));
            self.state().now.extend(own);
        }
        kept
    }

    /// The hash of all files that were laid out in a folder so far.
    pub fn hash_of_folder(&self, folder: &str) -> String {
        manifest::hash(manifest::within(&self.state().now, folder))
    }

    /// Lays out a file. `path` has `/` between folders and stays within the
    /// output; `fingerprint` is the hash of all that the bytes were made from.
    pub fn put(&self, path: &str, fingerprint: [u8; 32], bytes: &[u8]) -> Result<(), Diagnostic> {
        let content = *blake3::hash(bytes).as_bytes();
        let target = self.root.join(path);
        if !manifest::can_name(path) {
            return Err(unnamable(path));
        }
        let known = self.before().get(path).filter(|_| self.is_untouched());
        // What is known is ours, and was looked at.
        let there = if known.is_some() { None } else { fs::symlink_metadata(&target).ok() };
        let same = match known {
            Some(record) => record.content == content,
            None => {
                there.as_ref().is_some_and(|meta| meta.len() == bytes.len() as u64)
                    && self.is_plain(path)
                    && fs::read(&target).is_ok_and(|old| old == bytes)
            }
        };
        if !same {
            if there.is_some_and(|meta| !self.is_ours(path, &meta)) {
                return Err(foreign(&target));
            }
            let stage = self.staging().join(path);
            write_with_folders(&stage, bytes).map_err(|error| failed(&stage, &error))?;
            self.state().staged.insert(path.to_owned());
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

    /// Moves everything into place and removes what is no longer produced. No other
    /// build changes the folder before the lock is let go.
    pub fn commit(mut self) -> Result<(Summary, Left), Diagnostics> {
        let manifest_path = self.root.join(OWN).join("manifest");
        let Sight { files: before, known } = self.sight.take().unwrap_or_else(|| self.unseen());
        let mut known = known.unwrap_or_default();
        let state = std::mem::take(&mut *self.state());
        let one = |error: Diagnostic| Diagnostics::from_iter([error]);
        let mut now = Manifest::new(state.now);
        let notes = Notes::new(state.notes);
        if notes != self.notes {
            write_atomically(&self.root.join(OWN).join("notes"), &notes.to_bytes()).map_err(one)?;
        }
        let removed: Vec<(&str, Record)> =
            before.records().filter(|(path, _)| now.get(path).is_none()).collect();
        if state.staged.is_empty() && removed.is_empty() && now == before {
            let summary = Summary { unchanged: now.len(), ..Summary::default() };
            return Ok((summary, self.left(now, known)));
        }
        state.staged.iter().for_each(|path| _ = known.remove(path));
        // Should this be killed half-way, the next build must know every file
        // that may be there: the old ones and the new ones.
        let mut list = now.to_bytes();
        let whole = list.len() as u64;
        manifest::write_lines(&mut list, removed.iter().copied());
        write_atomically(&manifest_path, &list).map_err(one)?;
        let unchanged = now.len() - state.staged.len();
        let (first, last): (Vec<_>, Vec<_>) = removed
            .iter()
            .copied()
            .partition(|(path, _)| moves::is_in_the_way(&state.staged, path));
        let mut gone = moves::remove_all(&self.root, &first, &mut now)?;
        let written = moves::place(&self.root, &self.staging(), &state.staged)?;
        match moves::remove_all(&self.root, &last, &mut now) {
            // What is gone stands at the end.
            Ok(_) if removed.is_empty() => {}
            Ok(more) => {
                let list = File::options().write(true).open(&manifest_path);
                let cut = list.and_then(|list| list.set_len(whole));
                cut.map_err(|error| one(failed(&manifest_path, &error)))?;
                gone += more;
            }
            Err(found) => {
                write_atomically(&manifest_path, &now.to_bytes()).map_err(one)?;
                return Err(found);
            }
        }
        let summary = Summary { written, unchanged, removed: gone };
        Ok((summary, self.left(now, known)))
    }

    fn left(&self, files: Manifest, known: Known) -> Left {
        Left { root: self.root.clone(), files, known, lock: Arc::clone(&self.lock) }
    }

    fn staging(&self) -> PathBuf {
        self.root.join(OWN).join("staging")
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Whether what is in a path's place came there by an earlier build, as far as the
    /// manifest tells.
    fn is_ours(&self, path: &str, there: &Metadata) -> bool {
        let before = self.before();
        before.get(path).is_some()
            || there.is_dir() && before.within(&format!("{path}/")).next().is_some()
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
        let _ = fs::remove_dir_all(self.staging());
    }
}

/// Writes a file, and makes the folders above it if they are missing.
fn write_with_folders(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match (fs::write(path, bytes), path.parent()) {
        (Err(error), Some(folder)) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            fs::write(path, bytes)
        }
        (written, _) => written,
    }
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

fn unnamable(path: &str) -> Diagnostic {
    let message = format!("`{}` cannot be the name of a published file", path.escape_debug());
    Diagnostic::new(&codes::OUTPUT_WRITE_FAILED, message)
        .help("rename it with letters, digits and hyphens")
}

fn foreign(target: &Path) -> Diagnostic {
    let message = format!("{} is in the way: Exempla did not write it", target.display());
    Diagnostic::new(&codes::OUTPUT_FOREIGN_FILE, message)
        .help("move it elsewhere (or into the theme's `static` folder), or choose another folder with --output")
}

//! The state of files on a disk, in short: whether any of them changed.
//!
//! Enters: files and folders. Leaves: what lies in them; what the system says of a file (size,
//! times, number); one hash of their names and of all that it says, so that thousands of files are
//! compared without reading one. A time says little of a file that was written
//! so shortly before it was looked at that a second writing may bear the same
//! time: such a file counts by its bytes. This room never writes.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};
use walkdir::{DirEntry, WalkDir};

/// A trace under construction, or several for which files are looked at but once.
pub struct Trace {
    hashers: Vec<blake3::Hasher>,
    /// What is yet to be hashed: much at once is hashed sooner than piece by piece.
    seen: Looked,
}

/// What the system said of files of a folder, by their paths in it, that had been written well
/// before it was asked: until somebody writes one of them, it says the same at any later moment.
pub type Known = HashMap<String, Vec<u8>, foldhash::fast::RandomState>;

/// What the system says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    size: u64,
    /// Since 1970.
    written: Duration,
    /// What no program can set back: when it last changed, in seconds and nanoseconds, and
    /// its number.
    unix: Option<(i64, i64, u64)>,
}

/// What was seen of some files, in bytes.
#[derive(Clone)]
struct Looked {
    /// For each moment.
    bytes: Vec<(Duration, Vec<u8>)>,
    /// Whether all could be looked at.
    whole: bool,
}

/// Bytes that are hashed at once: the hash takes whole powers of two many times as fast.
const AT_ONCE: usize = 1 << 16;

/// Files that one thread looks at in a row.
pub const IN_A_ROW: usize = 256;

/// Something that lies in a folder, with what the system says of it; nothing is said of
/// folders, and of what it cannot tell.
pub type Listed = Result<(DirEntry, Option<Metadata>), walkdir::Error>;

/// Lists all that lies in a folder, save what `passed_over` accepts, in one order on every
/// file system: by the bytes of the names. Links in it are not followed.
pub fn list(root: &Path, passed_over: impl Fn(&DirEntry) -> bool) -> Vec<Listed> {
    let walk = WalkDir::new(root).follow_root_links(true).sort_by_file_name().into_iter();
    let walk = walk.filter_entry(|entry| entry.depth() == 0 || !passed_over(entry));
    // Names come one after another; what lies there is looked at on all cores.
    let look = |entry: Result<DirEntry, _>| {
        let entry = entry?;
        let meta = (!entry.file_type().is_dir()).then(|| entry.metadata().ok());
        Ok((entry, meta.flatten()))
    };
    let entries: Vec<_> = walk.collect();
    entries.into_par_iter().with_min_len(IN_A_ROW).map(look).collect()
}

impl Trace {
    /// Begins a trace of files as they are now for each of some moments, in time since
    /// 1970: what was written shortly before a moment counts by its bytes.
    pub fn at(moments: &[Duration]) -> Self {
        let hashers = moments.iter().map(|_| blake3::Hasher::new()).collect();
        Self { hashers, seen: Looked::none(moments.iter().copied()) }
    }

    /// Adds words that are compared as they are.
    pub fn add_text(&mut self, text: &str) {
        self.seen.add_text(text);
        self.settle();
    }

    /// Adds a file, which need not be there; of a link, the file that it leads to.
    pub fn add_file(&mut self, path: &Path) {
        self.seen.add_text(&path.to_string_lossy());
        self.seen.add_meta(path, path.metadata());
        self.settle();
    }

    /// Adds files of a folder, which need not be there; of a link, the link itself. They are
    /// looked at on all cores, but for those of which it is `known` what there is to see; and
    /// that grows by what was seen, where somebody wants to know.
    pub fn add_files(&mut self, folder: &Path, paths: &[&str], mut known: Option<&mut Known>) {
        let (before, wanted) = (known.as_deref(), known.is_some());
        let seen = self.add_each(paths, |seen, path| {
            seen.add_text(path);
            if let Some(state) = before.and_then(|known| known.get(*path)) {
                seen.add(state);
                return None;
            }
            let path = folder.join(path);
            let from = seen.bytes.first()?.1.len();
            let lasts = seen.add_meta(&path, path.symlink_metadata());
            (lasts && wanted).then(|| seen.bytes[0].1[from..].to_vec())
        });
        let seen = paths.iter().zip(seen).filter_map(|(path, state)| Some((*path, state?)));
        if let Some(known) = &mut known {
            known.extend(seen.map(|(path, state)| (path.to_owned(), state)));
        }
    }

    /// Adds a folder and all that was [`list`]ed of it. A folder that is not there is empty.
    pub fn add_folder(&mut self, root: &Path, listed: &[Listed]) {
        if !root.is_dir() {
            return self.add_file(root);
        }
        self.add_each(listed, |seen, listed| {
            let Ok((entry, meta)) = listed else {
                seen.whole = false;
                return;
            };
            seen.add_text(&entry.path().to_string_lossy());
            match meta {
                Some(meta) => _ = seen.add_state(entry.path(), meta),
                None => seen.whole &= entry.file_type().is_dir(),
            }
        });
    }

    /// Says that something else counts too, which no trace can tell.
    pub fn give_up(&mut self) {
        self.seen.whole = false;
    }

    /// The trace so far for each moment; `None` if something could not be looked at.
    pub fn so_far(&self) -> Option<Vec<String>> {
        let hash = |(hasher, (_, bytes)): (&blake3::Hasher, &(Duration, Vec<u8>))| {
            hasher.clone().update(bytes).finalize().to_hex().to_string()
        };
        self.seen.whole.then(|| self.hashers.iter().zip(&self.seen.bytes).map(hash).collect())
    }

    /// Looks at many things on all cores, and adds them in their order; with what the
    /// looks gave.
    fn add_each<T: Sync, R: Send>(
        &mut self,
        all: &[T],
        look: impl Fn(&mut Looked, &T) -> R + Sync,
    ) -> Vec<R> {
        let none = Looked::none(self.seen.bytes.iter().map(|(at, _)| *at));
        let looked = all.par_chunks(IN_A_ROW).map(|row| {
            let mut seen = none.clone();
            let given: Vec<R> = row.iter().map(|one| look(&mut seen, one)).collect();
            (seen, given)
        });
        let mut all_given = Vec::with_capacity(all.len());
        for (more, given) in looked.collect::<Vec<_>>() {
            all_given.extend(given);
            for ((_, bytes), (_, more)) in self.seen.bytes.iter_mut().zip(more.bytes) {
                bytes.extend(more);
            }
            self.seen.whole &= more.whole;
            self.settle();
        }
        all_given
    }

    /// Hashes what waits, once it is much.
    fn settle(&mut self) {
        for (hasher, (_, bytes)) in self.hashers.iter_mut().zip(&mut self.seen.bytes) {
            let whole = bytes.len() - bytes.len() % AT_ONCE;
            hasher.update(&bytes[..whole]);
            bytes.drain(..whole);
        }
    }
}

impl Looked {
    fn none(moments: impl Iterator<Item = Duration>) -> Self {
        Self { bytes: moments.map(|at| (at, Vec::new())).collect(), whole: true }
    }

    fn add_text(&mut self, text: &str) {
        self.add(&(text.len() as u64).to_le_bytes());
        self.add(text.as_bytes());
    }

    fn add(&mut self, more: &[u8]) {
        self.bytes.iter_mut().for_each(|(_, bytes)| bytes.extend_from_slice(more));
    }

    fn add_meta(&mut self, path: &Path, meta: std::io::Result<Metadata>) -> bool {
        match meta {
            Ok(meta) => return self.add_state(path, &meta),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => self.add_text("none"),
            Err(_) => self.whole = false,
        }
        false
    }

    /// Adds what there is to see of a file; says whether that is what the system says alone.
    fn add_state(&mut self, path: &Path, meta: &Metadata) -> bool {
        let Some(state) = State::of(meta) else {
            self.whole = false;
            return false;
        };
        self.add(&state.size.to_le_bytes());
        self.add(&state.written.as_nanos().to_le_bytes());
        if let Some((seconds, nanos, number)) = state.unix {
            self.add(&seconds.to_le_bytes());
            self.add(&nanos.to_le_bytes());
            self.add(&number.to_le_bytes());
        }
        let is_fresh = |at: Duration| meta.is_file() && !state.is_settled(at);
        if !self.bytes.iter().any(|(at, _)| is_fresh(*at)) {
            return true;
        }
        match std::fs::read(path) {
            Ok(read) => {
                let hash = blake3::hash(&read);
                let fresh = self.bytes.iter_mut().filter(|(at, _)| is_fresh(*at));
                fresh.for_each(|(_, bytes)| bytes.extend_from_slice(hash.as_bytes()));
            }
            Err(_) => self.whole = false,
        }
        false
    }
}

impl State {
    /// What it says of one; nothing if it knows no time.
    pub fn of(meta: &Metadata) -> Option<Self> {
        let written = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Self { size: meta.len(), written, unix: unix(meta) })
    }

    /// Whether it had been written well before a moment, in time since 1970: whoever writes
    /// the file after that moment changes what the system says.
    pub fn is_settled(&self, at: Duration) -> bool {
        let changed = self.unix.and_then(|(seconds, nanos, _)| {
            Some(Duration::new(u64::try_from(seconds).ok()?, u32::try_from(nanos).ok()?))
        });
        let last = changed.unwrap_or(self.written).max(self.written);
        last + tick(last) < at
    }
}

#[cfg(unix)]
fn unix(meta: &Metadata) -> Option<(i64, i64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((meta.ctime(), meta.ctime_nsec(), meta.ino()))
}

#[cfg(not(unix))]
fn unix(_: &Metadata) -> Option<(i64, i64, u64)> {
    None
}

/// How long two writings may bear the same time: a system's clock for files
/// ticks every few milliseconds, but some disks keep whole seconds, or every other.
fn tick(time: Duration) -> Duration {
    match time.subsec_nanos() {
        0 => Duration::from_secs(2),
        _ => Duration::from_millis(50),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const LATER: Duration = Duration::from_secs(1 << 40);

    fn trace(root: &Path, at: Duration) -> Option<String> {
        let mut trace = Trace::at(&[at]);
        trace.add_folder(root, &list(root, |entry| entry.file_name() == "over"));
        trace.so_far()?.pop()
    }

    #[test]
    fn a_trace_tells_names_and_states_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::write(root.join("a"), "one").expect("a file");
        let first = trace(root, LATER);
        assert!(first.is_some());
        assert_eq!(first, trace(root, LATER));
        fs::write(root.join("over"), "passed over").expect("a file");
        assert_eq!(first, trace(root, LATER));
        fs::rename(root.join("a"), root.join("b")).expect("a name");
        let second = trace(root, LATER);
        assert_ne!(first, second);
        fs::write(root.join("b"), "longer").expect("a file");
        assert_ne!(second, trace(root, LATER));
        assert_eq!(trace(&root.join("none"), LATER), trace(&root.join("none"), LATER));
    }

    #[test]
    fn a_file_written_just_now_counts_by_its_bytes() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a");
        let state = |text: &str, at: Duration| {
            fs::write(&file, text).expect("a file");
            let mut trace = Trace::at(&[at]);
            // As if both writings bore one time.
            let mut meta = fs::metadata(&file).expect("a file");
            if let Ok(known) = fs::metadata(folder.path().join("first")) {
                meta = known;
            }
            trace.seen.add_state(&file, &meta);
            trace.so_far()
        };
        fs::write(folder.path().join("first"), "one").expect("a file");
        assert_ne!(state("one", Duration::ZERO), state("two", Duration::ZERO));
        assert_eq!(state("one", LATER), state("two", LATER));
    }
}

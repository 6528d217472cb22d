//! The list of the files that a build wrote, kept in the output folder.
//!
//! One line a file, sorted by path (while files are moved, those to be removed stand
//! at the end): the hash of what it was made from, the hash of its bytes, its path.
//! Equal sites have equal manifests. A manifest that cannot be read counts as empty;
//! so nothing is ever removed by mistake.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;

const HEAD: &str = "exempla manifest 1";

/// What is known of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// The hash of all that it was made from.
    pub fingerprint: [u8; 32],
    /// The hash of its bytes.
    pub content: [u8; 32],
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Manifest(BTreeMap<String, Record>);

impl Manifest {
    pub fn new(records: BTreeMap<String, Record>) -> Self {
        Self(records)
    }

    pub fn read(path: &Path) -> Self {
        std::fs::read_to_string(path).ok().and_then(|text| Self::parse(&text)).unwrap_or_default()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != HEAD {
            return None;
        }
        let hash = |word: &str| Some(*blake3::Hash::from_hex(word).ok()?.as_bytes());
        let record = |line: &str| {
            let mut words = line.splitn(3, ' ');
            let record =
                Record { fingerprint: hash(words.next()?)?, content: hash(words.next()?)? };
            let path = words.next()?;
            // What it names will be removed.
            can_name(path).then(|| (path.to_owned(), record))
        };
        lines.map(record).collect::<Option<_>>().map(Self)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let lines: usize = self.paths().map(|path| path.len() + LINE).sum();
        let mut out = Vec::with_capacity(HEAD.len() + 1 + lines);
        out.extend_from_slice(HEAD.as_bytes());
        out.push(b'\n');
        write_lines(&mut out, self.records());
        out
    }

    pub fn get(&self, path: &str) -> Option<&Record> {
        self.0.get(path)
    }

    pub fn records(&self) -> impl Iterator<Item = (&str, Record)> {
        self.0.iter().map(|(path, record)| (path.as_str(), *record))
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Keeps a file on the list.
    pub fn insert(&mut self, path: &str, record: Record) {
        self.0.insert(path.to_owned(), record);
    }

    pub fn within(&self, folder: &str) -> impl Iterator<Item = (&str, &Record)> {
        within(&self.0, folder)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// Bytes of a line without its path: two hashes, a blank behind each, the end.
const LINE: usize = 2 * (64 + 1) + 1;

/// Writes the lines of files.
pub(super) fn write_lines<'r>(out: &mut Vec<u8>, files: impl Iterator<Item = (&'r str, Record)>) {
    for (path, record) in files {
        for hash in [record.fingerprint, record.content] {
            out.extend_from_slice(blake3::Hash::from_bytes(hash).to_hex().as_bytes());
            out.push(b' ');
        }
        out.extend_from_slice(path.as_bytes());
        out.push(b'\n');
    }
}

/// Whether a path can stand in a manifest: on one line, and never out of the folder.
pub(super) fn can_name(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(|c: char| c == '\\' || c.is_control())
}

/// The records whose paths begin with that of a folder, which ends with `/`.
pub(super) fn within<'r>(
    records: &'r BTreeMap<String, Record>,
    folder: &str,
) -> impl Iterator<Item = (&'r str, &'r Record)> {
    let from = records.range::<str, _>((Bound::Included(folder), Bound::Unbounded));
    from.map(|(path, record)| (path.as_str(), record))
        .take_while(move |(path, _)| path.starts_with(folder))
}

/// The hash of files: their paths, what they were made from, their bytes.
pub(super) fn hash<'r>(files: impl Iterator<Item = (&'r str, &'r Record)>) -> String {
    let mut hasher = blake3::Hasher::new();
    for (path, record) in files {
        hasher.update(path.as_bytes()).update(&record.fingerprint).update(&record.content);
    }
    hasher.finalize().to_hex().to_string()
}

//! Parts that are kept from build to build: their key, and their form in bytes.
//!
//! A hash of the key and the rest; the size of the head; the head; tantivy's files;
//! where words begin. What was kept is believed only if it is whole.

use super::super::index::SearchedField;
use super::super::vocabulary::Vocabulary;
use super::super::{Document, each_text};
use super::Part;
use super::kept::Kept;
use super::starts::Starts;
use crate::shelf::{self, HASH};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use tantivy::Index;
use tantivy::directory::{Directory, OwnedBytes, RamDirectory};

/// The hash of all that a part is made from, but for the program.
pub(super) fn key(lang: &str, documents: &[Document], fields: &[SearchedField]) -> [u8; HASH] {
    let names: Vec<&str> = fields.iter().map(|field| &*field.name).collect();
    // In one piece: so the hash takes it many times as fast as text by text.
    let mut all = format!("{lang} {names:?}").into_bytes();
    for document in documents {
        // Where words begin is told of bodies whether they are searched or not.
        let body = ["body"].iter().filter(|name| !names.contains(name));
        for name in body.chain(&names) {
            each_text(document, name, |text| {
                all.extend((text.len() as u64).to_le_bytes());
                all.extend(text.as_bytes());
            });
            // Where a field ends: no text is so long.
            all.extend(u64::MAX.to_le_bytes());
        }
    }
    *blake3::hash(&all).as_bytes()
}

/// What stands before the bytes of tantivy's files: these with their sizes, the words, and
/// where the [`Starts`] of each document end.
type Head<'a, W, E> = (Vec<(&'a str, usize)>, W, E);

/// A part in bytes; `directory` is what tantivy wrote it to.
pub(super) fn write(
    key: &[u8; HASH],
    part: &Part,
    directory: &RamDirectory,
    vocabulary: &Vocabulary,
) -> Option<Vec<u8>> {
    let paths = part.index.directory().list_managed_files();
    let mut files = Vec::new();
    for path in &paths {
        files.push((path.to_str()?, directory.open_read(path).ok()?.read_bytes().ok()?));
    }
    let sizes = files.iter().map(|(name, file)| (*name, file.len())).collect();
    let head: Head<'_, _, _> = (sizes, vocabulary, &part.starts.ends);
    let head = rmp_serde::to_vec(&head).ok()?;
    let mut out = vec![0; HASH];
    out.extend((head.len() as u64).to_le_bytes());
    out.extend(head);
    files.iter().for_each(|(_, file)| out.extend_from_slice(file));
    out.extend_from_slice(&part.starts.distances);
    shelf::seal(key, &mut out);
    Some(out)
}

/// The part that was written so, with its words.
pub(super) fn read(key: &[u8; HASH], bytes: Vec<u8>, first: u32) -> Option<(Part, Vocabulary)> {
    let bytes = OwnedBytes::new(bytes);
    if !shelf::is_whole(key, &bytes) {
        return None;
    }
    let (size, rest) = bytes.get(HASH..)?.split_first_chunk()?;
    let (head, mut rest) = rest.split_at_checked(u64::from_le_bytes(*size) as usize)?;
    let (sizes, vocabulary, ends): Head<'_, Vocabulary, Vec<usize>> =
        rmp_serde::from_slice(head).ok()?;
    let mut files = HashMap::new();
    for (name, size) in sizes {
        let at = bytes.len() - rest.len();
        rest = rest.get(size..)?;
        files.insert(PathBuf::from(name), bytes.slice(at..at + size));
    }
    let starts = Starts { distances: rest.to_vec(), ends };
    let part = Part::of(Index::open(Kept(Arc::new(files))).ok()?, starts, first).ok()?;
    Some((part, vocabulary))
}

//! What a build remembers for the next one, kept in the output folder.
//!
//! One line a note, sorted by key: what cost much to find out, under the hash
//! of all that it depends on. The first line has the hash of the others; where
//! it does not fit, nothing is remembered, so that no note is ever wrong.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

const HEAD: &str = "exempla notes 1 ";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Notes(BTreeMap<[u8; 32], String>);

impl Notes {
    pub fn new(notes: BTreeMap<[u8; 32], String>) -> Self {
        Self(notes)
    }

    pub fn read(path: &Path) -> Self {
        std::fs::read_to_string(path).ok().and_then(|text| Self::parse(&text)).unwrap_or_default()
    }

    fn parse(text: &str) -> Option<Self> {
        let (head, rest) = text.split_once('\n')?;
        let hash = blake3::Hash::from_hex(head.strip_prefix(HEAD)?).ok()?;
        if blake3::hash(rest.as_bytes()) != hash {
            return None;
        }
        let note = |line: &str| {
            let (key, note) = line.split_once(' ')?;
            Some((*blake3::Hash::from_hex(key).ok()?.as_bytes(), note.to_owned()))
        };
        rest.lines().map(note).collect::<Option<_>>().map(Self)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut rest = String::new();
        for (key, note) in &self.0 {
            let _ = writeln!(rest, "{} {note}", blake3::Hash::from_bytes(*key).to_hex());
        }
        format!("{HEAD}{}\n{rest}", blake3::hash(rest.as_bytes()).to_hex()).into_bytes()
    }

    pub fn get(&self, key: &[u8; 32]) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_was_touched_is_forgotten() {
        let notes = Notes(BTreeMap::from([([1; 32], "a b".into()), ([2; 32], String::new())]));
        let bytes = notes.to_bytes();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert_eq!(Notes::parse(&text), Some(notes));
        for at in 0..bytes.len() {
            let mut wrong = bytes.clone();
            wrong[at] ^= 1;
            assert_eq!(Notes::parse(&String::from_utf8(wrong).unwrap()), None, "byte {at}");
            assert_eq!(Notes::parse(&text[..at]), None);
        }
    }
}

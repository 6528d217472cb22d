//! The bytes of a shard: varints, strings, deflate, and a name that is a checksum.
//!
//! A shard is a payload that begins with one byte of salt, deflated without a
//! wrapper (RFC 1951). Its name is a checksum of the deflated bytes, so a reader
//! sees at once when a file is cut, swapped or of another build. Should two
//! shards of one pack come to the same name, the later one's salt is raised.

use flate2::{Compression, write::DeflateEncoder};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::Write as _;

/// A payload under construction.
#[derive(Default)]
pub struct Payload(pub Vec<u8>);

impl Payload {
    /// A shard's payload, with its salt.
    pub fn shard() -> Self {
        Self(vec![0])
    }

    /// Adds an unsigned number: seven bits a byte, the lowest first, the top bit
    /// saying that more follow.
    pub fn number(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// Adds a count or length. No part of a pack comes near four thousand million.
    pub fn length(&mut self, value: usize) {
        self.number(u32::try_from(value).unwrap_or(u32::MAX));
    }

    /// Adds the distance from `from` to `to`: 0, −1, 1, −2, … become 0, 1, 2, 3, ….
    pub fn signed(&mut self, from: u32, to: u32) {
        let distance = to.wrapping_sub(from).cast_signed();
        self.number(((distance << 1) ^ (distance >> 31)).cast_unsigned());
    }

    /// Adds ascending numbers: the first, then each distance less one.
    pub fn ascending(&mut self, values: impl IntoIterator<Item = u32>) {
        let mut least = 0;
        for value in values {
            self.number(value.wrapping_sub(least));
            least = value.wrapping_add(1);
        }
    }

    /// Adds a length in bytes and that much UTF-8.
    pub fn string(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }
}

/// FNV-1a over 32 bits, stirred as MurmurHash3 ends.
pub fn checksum(bytes: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in bytes {
        hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// Compresses: the format of all files of a pack.
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(8));
    // Writing to memory has no way to fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// The files of a pack of one language, as they come.
#[derive(Default)]
pub struct Files {
    /// Content by checksum.
    taken: BTreeMap<u32, Vec<u8>>,
}

impl Files {
    /// Compresses payloads; returns their checksums, in order. Shards of one
    /// content are one file.
    pub fn seal(&mut self, payloads: Vec<Payload>) -> Vec<u32> {
        let pressed: Vec<Vec<u8>> =
            payloads.par_iter().map(|payload| deflate(&payload.0)).collect();
        let mut names = Vec::with_capacity(pressed.len());
        for (mut payload, mut bytes) in payloads.into_iter().zip(pressed) {
            while self.taken.get(&checksum(&bytes)).is_some_and(|other| *other != bytes) {
                payload.0[0] = payload.0[0].wrapping_add(1);
                bytes = deflate(&payload.0);
            }
            names.push(checksum(&bytes));
            self.taken.insert(checksum(&bytes), bytes);
        }
        names
    }

    /// The files: name without folder or suffix, content.
    pub fn named(self) -> impl Iterator<Item = (String, Vec<u8>)> {
        self.taken.into_iter().map(|(sum, bytes)| (name(sum), bytes))
    }
}

/// The names of shards, joined, as the manifest has them.
pub fn names(sums: &[u32]) -> String {
    sums.iter().map(|sum| name(*sum)).collect()
}

fn name(sum: u32) -> String {
    format!("{sum:08x}")
}

/// Where to cut a list of items into shards, so that an item more or less moves
/// few cuts: after an item whose key hashes to a multiple of four once the shard
/// has `least` bytes, at the latest when it has four times that; an item of
/// `least` bytes or more begins a shard. Returns the count of items of each.
pub fn cut<'a>(items: impl Iterator<Item = (&'a str, usize)>, least: usize) -> Vec<usize> {
    let mut counts = Vec::new();
    let (mut count, mut size) = (0, 0);
    for (key, bytes) in items {
        if bytes >= least && count > 0 {
            counts.push(count);
            (count, size) = (0, 0);
        }
        (count, size) = (count + 1, size + bytes);
        if size >= least && (checksum(key.as_bytes()).is_multiple_of(4) || size >= 4 * least) {
            counts.push(count);
            (count, size) = (0, 0);
        }
    }
    if count > 0 {
        counts.push(count);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_as_many_bytes_as_they_need() {
        let mut payload = Payload::default();
        payload.number(300);
        payload.signed(7, 5);
        payload.ascending([3, 4, 9]);
        payload.string("é");
        assert_eq!(payload.0, [0xac, 2, 3, 3, 0, 4, 2, 0xc3, 0xa9]);
    }

    #[test]
    fn equal_payloads_share_a_file_and_names_follow_content() {
        let mut files = Files::default();
        let payload = |byte| Payload(vec![0, byte]);
        let names = files.seal(vec![payload(1), payload(2), payload(1)]);
        let list: Vec<_> = files.named().collect();
        assert_eq!(list.len(), 2);
        assert_eq!(names[0], names[2]);
        assert!(list.iter().all(|(own, bytes)| *own == name(checksum(bytes))));
        assert!(list.iter().any(|(own, _)| *own == name(names[0])));
        assert_eq!(checksum(b""), 2_872_998_923, "as the reader computes it");
    }

    #[test]
    fn cuts_hold_still_when_an_item_is_added() {
        let mut keys: Vec<String> = (0..2000).map(|n| format!("{n:04}")).collect();
        let shards = |keys: &[String]| {
            let counts = cut(keys.iter().map(|key| (&**key, 50)), 1000);
            assert_eq!(counts.iter().sum::<usize>(), keys.len());
            let mut keys = keys.iter().cloned();
            counts.iter().map(|&n| keys.by_ref().take(n).collect()).collect::<Vec<Vec<String>>>()
        };
        let before = shards(&keys);
        keys.insert(500, "0499x".into());
        let after = shards(&keys);
        let new = after.iter().filter(|shard| !before.contains(shard)).count();
        assert!(new <= 12 && before.len() > 60, "{new} of {}", before.len());
    }
}

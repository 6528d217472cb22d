//! The bytes of a shard: varints, strings, deflate, and a name that is a checksum.
//!
//! A shard is a payload that begins with one byte of salt. Its name is a checksum of
//! the payload, so a reader sees at once when a file is cut, swapped or of another
//! build, and a writer knows the name before it compresses. Should two shards of one
//! pack come to the same name, the later one's salt is raised. Files are handed over
//! as they are made: nothing here holds a pack.

use libdeflater::{CompressionLvl, Compressor};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;

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
    stirred(bytes.iter().fold(START, |hash, byte| step(hash, *byte)))
}

/// The same of several. Each step waits for the one before it: side by side they
/// wait together.
fn checksums<const N: usize>(all: [&[u8]; N]) -> [u32; N] {
    let together = all.iter().map(|bytes| bytes.len()).min().unwrap_or(0);
    let mut hashes = [START; N];
    for at in 0..together {
        for (hash, bytes) in hashes.iter_mut().zip(all) {
            *hash = step(*hash, bytes[at]);
        }
    }
    for (hash, bytes) in hashes.iter_mut().zip(all) {
        *hash = stirred(bytes[together..].iter().fold(*hash, |hash, byte| step(hash, *byte)));
    }
    hashes
}

const START: u32 = 0x811c_9dc5;

fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

fn stirred(mut hash: u32) -> u32 {
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// What compresses: with the content it decides the bytes of a file.
const COMPRESSION: &str = "libdeflater 1.26.1, level 6";

/// Compresses without a wrapper (RFC 1951).
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    // Higher levels take two to twenty times as long for 1 to 3 % of the bytes.
    let mut compressor = Compressor::new(CompressionLvl::new(6).unwrap_or_default());
    let mut out = vec![0; compressor.deflate_compress_bound(bytes.len())];
    // There is room for the worst case, so it cannot fail.
    let length = compressor.deflate_compress(bytes, &mut out).unwrap_or(0);
    out.truncate(length);
    out
}

/// A file of a pack.
pub struct File<'a> {
    /// Where it lies in the pack's folder.
    pub path: String,
    /// What it says.
    pub content: &'a [u8],
    /// The hash of what it says.
    hash: [u8; 32],
}

impl<'a> File<'a> {
    /// A file at a place in the pack's folder.
    pub fn new(path: String, content: &'a [u8]) -> Self {
        Self { path, content, hash: *blake3::hash(content).as_bytes() }
    }

    /// The bytes that a host serves: all but JSON is deflated.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        if self.path.ends_with(".bin") {
            Cow::Owned(deflate(self.content))
        } else {
            Cow::Borrowed(self.content)
        }
    }

    /// The hash of all that the bytes are made from.
    pub fn fingerprint(&self) -> [u8; 32] {
        *blake3::Hasher::new()
            .update(&self.hash)
            .update(COMPRESSION.as_bytes())
            .finalize()
            .as_bytes()
    }
}

/// Whoever takes the files of a pack, from several threads.
pub type Take<'a> = dyn Fn(File<'_>) + Sync + 'a;

/// Names the shards of one language and hands them over.
pub struct Sealer<'a> {
    folder: &'a str,
    take: &'a Take<'a>,
    /// The hash of each one's payload, by checksum.
    taken: BTreeMap<u32, [u8; 32]>,
}

impl<'a> Sealer<'a> {
    /// For shards that will lie in a folder.
    pub fn new(folder: &'a str, take: &'a Take<'a>) -> Self {
        Self { folder, take, taken: BTreeMap::new() }
    }

    /// Hands payloads over; returns their checksums, in order. Shards of one
    /// content are one file.
    pub fn seal(&mut self, payloads: Vec<Payload>) -> Vec<u32> {
        let of_one = |Payload(bytes): &Payload| (checksum(bytes), *blake3::hash(bytes).as_bytes());
        let of_some = |some: &[Payload]| match some {
            [a, b, c, d] => {
                let sums = checksums([&a.0, &b.0, &c.0, &d.0]);
                let hash = |one: &Payload| *blake3::hash(&one.0).as_bytes();
                sums.into_iter().zip(some.iter().map(hash)).collect::<Vec<_>>()
            }
            fewer => fewer.iter().map(of_one).collect(),
        };
        let sealed: Vec<_> = payloads.par_chunks(4).flat_map_iter(of_some).collect();
        let mut names = Vec::with_capacity(sealed.len());
        let mut new = Vec::with_capacity(sealed.len());
        for (mut payload, (mut sum, mut hash)) in payloads.into_iter().zip(sealed) {
            while self.taken.get(&sum).is_some_and(|other| *other != hash) {
                payload.0[0] = payload.0[0].wrapping_add(1);
                (sum, hash) = of_one(&payload);
            }
            names.push(sum);
            if self.taken.insert(sum, hash).is_none() {
                new.push((sum, hash, payload));
            }
        }
        new.into_par_iter().for_each(|(sum, hash, payload)| {
            let path = format!("{}/{}.bin", self.folder, name(sum));
            (self.take)(File { path, content: &payload.0, hash });
        });
        names
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
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn side_by_side_checksums_are_the_same() {
        let texts: [&[u8]; 4] = [b"one", b"", b"three is longer", b"4"];
        assert_eq!(checksums(texts), texts.map(checksum));
        assert_eq!(checksums([texts[2]; 4]), [checksum(texts[2]); 4]);
    }

    #[test]
    fn what_compresses_is_named_as_it_is() {
        let (name, version) = COMPRESSION.split_once(',').unwrap().0.split_once(' ').unwrap();
        let package = format!("name = \"{name}\"\nversion = \"{version}\"");
        assert!(include_str!("../../../Cargo.lock").contains(&package), "{package}");
    }

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
        let taken = Mutex::new(Vec::new());
        let take =
            |file: File| taken.lock().unwrap().push((file.path.clone(), file.content.to_vec()));
        let payload = |byte| Payload(vec![0, byte]);
        let mut sealer = Sealer::new("en", &take);
        let names = sealer.seal(vec![payload(1), payload(2), payload(1)]);
        assert_eq!(names[0], names[2]);
        assert_eq!(sealer.seal(vec![payload(2)]), [names[1]]);
        let taken = taken.lock().unwrap();
        assert_eq!(taken.len(), 2);
        assert!(taken.iter().all(|(path, own)| *path == format!("en/{}.bin", name(checksum(own)))));
        assert!(taken.iter().any(|(path, _)| *path == format!("en/{}.bin", name(names[0]))));
        assert_eq!(checksum(b""), 2_872_998_923, "as the reader computes it");
    }

    #[test]
    fn a_second_shard_of_the_same_checksum_gets_another_name() {
        let count = AtomicUsize::new(0);
        let take = |_: File| _ = count.fetch_add(1, Ordering::Relaxed);
        let mut sealer = Sealer::new("en", &take);
        let payload = || Payload(vec![0, 7]);
        sealer.taken.insert(checksum(&payload().0), [1; 32]);
        let names = sealer.seal(vec![payload(), payload()]);
        assert_eq!(names, [checksum(&[1, 7]); 2]);
        assert_eq!(count.into_inner(), 1);
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

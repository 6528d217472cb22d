//! Work that is kept from one run of the program to the next.
//!
//! Enters: bytes, and a key that stands for what they are made from. Leaves: the bytes
//! sealed with a hash, and whether bytes that came back are whole and of that key. This
//! room never touches a disk.

/// Bytes of a key, and of the hash with which kept bytes begin.
pub const HASH: usize = 32;

/// Where work is kept. What it gives back is checked, and may well be damaged; what
/// it cannot keep is made again.
pub trait Shelf: Sync {
    /// What was kept under a key.
    fn recall(&self, key: &[u8; HASH]) -> Option<Vec<u8>>;
    /// Keeps something under a key.
    fn keep(&self, key: &[u8; HASH], bytes: &[u8]);
}

/// Fills in the hash that is to stand before the rest, by which [`is_whole`] knows them again.
pub fn seal(key: &[u8; HASH], bytes: &mut [u8]) {
    if let Some((hash, rest)) = bytes.split_first_chunk_mut() {
        *hash = sum(key, rest);
    }
}

/// Whether bytes are as they were sealed, under this key.
pub fn is_whole(key: &[u8; HASH], bytes: &[u8]) -> bool {
    bytes.split_first_chunk().is_some_and(|(hash, rest)| sum(key, rest) == *hash)
}

fn sum(key: &[u8; HASH], rest: &[u8]) -> [u8; HASH] {
    *blake3::Hasher::new_keyed(key).update(rest).finalize().as_bytes()
}

/// A shelf for tests.
#[cfg(test)]
#[derive(Default)]
pub struct InMemory(pub std::sync::Mutex<std::collections::BTreeMap<[u8; HASH], Vec<u8>>>);

#[cfg(test)]
impl Shelf for InMemory {
    fn recall(&self, key: &[u8; HASH]) -> Option<Vec<u8>> {
        self.0.lock().unwrap().get(key).cloned()
    }
    fn keep(&self, key: &[u8; HASH], bytes: &[u8]) {
        self.0.lock().unwrap().insert(*key, bytes.to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sealed_under_the_key_is_whole() {
        let key = [7; HASH];
        let mut bytes = [vec![0; HASH], b"some work".to_vec()].concat();
        seal(&key, &mut bytes);
        assert!(is_whole(&key, &bytes));
        assert!(!is_whole(&[8; HASH], &bytes));
        for at in 0..bytes.len() {
            assert!(!is_whole(&key, &bytes[..at]));
            bytes[at] ^= 1;
            assert!(!is_whole(&key, &bytes), "{at}");
            bytes[at] ^= 1;
        }
    }
}

//! What is remembered of a picture from build to build, in one line.
//!
//! The bytes of its copies are not kept twice: they lie where they are
//! published. A line says only which there are.

use super::{Refusal, Rendition, Settings};

/// Goes up when the same picture and settings would give other copies.
const VERSION: u32 = 2;

/// A copy as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Width in pixels.
    pub width: u32,
    /// The beginning of the hash of its bytes: part of its name.
    pub hash: String,
}

impl Known {
    /// What to remember of a copy.
    pub fn of(rendition: &Rendition) -> Self {
        let hash = blake3::hash(&rendition.bytes).to_hex()[..8].to_owned();
        Self { width: rendition.width, hash }
    }

    /// The copy's path in the site, beside its picture `path`.
    pub fn url(&self, path: &str) -> String {
        let (folder, name) = path.rsplit_once('/').map_or(("", path), |(f, n)| (f, n));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let slash = if folder.is_empty() { "" } else { "/" };
        format!("{folder}{slash}{stem}-{}.{}.webp", self.width, self.hash)
    }

    /// The line that says which copies there are, or why none.
    pub fn write(made: &Result<Vec<Self>, Refusal>) -> String {
        match made {
            Ok(known) => known
                .iter()
                .map(|one| format!("{}:{}", one.width, one.hash))
                .collect::<Vec<_>>()
                .join(" "),
            Err(Refusal::TooLarge) => "too-large".into(),
            Err(Refusal::Corrupt(reason)) => format!("corrupt {reason}"),
        }
    }

    /// Reads such a line; `None` when it is none.
    pub fn read(line: &str) -> Option<Result<Vec<Self>, Refusal>> {
        if line == "too-large" {
            return Some(Err(Refusal::TooLarge));
        }
        if let Some(reason) = line.strip_prefix("corrupt ") {
            return Some(Err(Refusal::Corrupt(reason.to_owned())));
        }
        let known = |word: &str| {
            let (width, hash) = word.split_once(':')?;
            let sound = hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            Some(Self { width: width.parse().ok()?, hash: sound.then(|| hash.to_owned())? })
        };
        line.split_whitespace().map(known).collect::<Option<_>>().map(Ok)
    }
}

/// What the copies of a picture depend on, as one hash: its bytes (by their
/// hash), what the site wants, and the way they are made.
pub fn key(source: &[u8; 32], settings: &Settings) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&VERSION.to_le_bytes());
    hasher.update(source);
    hasher.update(&[settings.quality]);
    settings.widths.iter().for_each(|width| {
        hasher.update(&width.to_le_bytes());
    });
    *hasher.finalize().as_bytes()
}

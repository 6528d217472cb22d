//! Texts that are kept as they were read, from one run of the program to the next.
//!
//! Enters: files, with what the system says of them. Leaves: what each says. Those of which
//! the system says the same as when they were kept are not read again. They are kept
//! some together, so that an edit changes little, and there are not too many.

use super::{Location, Reading, SourceEntry, TextFile, named_for_no_language, read_alone};
use crate::config::Site;
use crate::diagnostic::Diagnostics;
use crate::markdown::{Body, KeptBody};
use crate::raw::Table;
use crate::shelf::{self, HASH, Shelf};
use crate::trace::State;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Texts that are kept together, at most about.
const TOGETHER: usize = 200;

/// Texts that one core reads in a row.
const IN_A_ROW: usize = 16;

/// Where texts are kept.
#[derive(Clone, Copy)]
pub struct Shelved<'s> {
    /// What keeps them.
    pub shelf: &'s dyn Shelf,
    /// A moment before the files were looked at, in time since 1970.
    pub at: Duration,
}

/// A text as it was read.
#[derive(Serialize, Deserialize)]
struct Text<'t> {
    rel: Cow<'t, str>,
    state: State,
    front: Cow<'t, Table>,
    whole: bool,
    /// Of the file up to the body, and of the rest.
    hashes: [[u8; 32]; 2],
    found: Cow<'t, Diagnostics>,
    body: KeptBody<'t>,
}

impl Shelved<'_> {
    /// Reads files, in their order.
    pub(super) fn read_all(&self, site: &Site, files: &[TextFile]) -> Vec<Reading> {
        let count = files.len().div_ceil(TOGETHER).next_power_of_two();
        let mut groups: Vec<Vec<(usize, &TextFile)>> = vec![Vec::new(); count];
        for file in files.iter().enumerate() {
            groups[group_of(&file.1.rel, count)].push(file);
        }
        let read = |(number, group): (usize, &Vec<(usize, &TextFile)>)| {
            self.read_group(site, &key(site, number, count), group)
        };
        let read: Vec<Vec<(usize, Reading)>> = groups.par_iter().enumerate().map(read).collect();
        let mut all: Vec<Reading> = files.iter().map(|_| Reading::default()).collect();
        for (at, reading) in read.into_iter().flatten() {
            all[at] = reading;
        }
        all
    }

    fn read_group(
        &self,
        site: &Site,
        key: &[u8; HASH],
        group: &[(usize, &TextFile)],
    ) -> Vec<(usize, Reading)> {
        let bytes = Arc::new(self.shelf.recall(key).unwrap_or_default());
        let kept = texts(key, &bytes).unwrap_or_default().into_iter();
        let mut known: HashMap<String, Text<'static>> =
            kept.map(|text| (text.rel.to_string(), text)).collect();
        let files: Vec<_> = group
            .iter()
            .map(|(at, file)| {
                let kept = known.remove(&file.rel).filter(|kept| Some(kept.state) == file.state);
                (*at, *file, kept)
            })
            .collect();
        let read: Vec<(usize, &TextFile, bool, Reading)> = files
            .into_par_iter()
            .with_min_len(IN_A_ROW)
            .map(|(at, file, kept)| match kept {
                Some(kept) => (at, file, false, kept.recall(site, file, &bytes)),
                None => (at, file, true, read_alone(site, file)),
            })
            .collect();
        let to_keep = |file: &TextFile| file.state.filter(|state| state.is_settled(self.at));
        let texts = read.iter().filter_map(|(_, file, is_new, (entry, found))| {
            Some((*is_new, to_keep(file)?, entry.as_ref()?, found))
        });
        if texts.clone().any(|(is_new, ..)| is_new) {
            let texts = texts.map(|(_, state, entry, found)| (state, entry, found));
            self.shelf.keep(key, &in_bytes(key, texts));
        }
        read.into_iter()
            .map(|(at, file, _, (entry, mut found))| {
                if entry.is_some() {
                    found.extend(named_for_no_language(site, file));
                }
                (at, (entry, found))
            })
            .collect()
    }
}

/// Which of so many groups a text belongs to, whatever others there are.
fn group_of(rel: &str, count: usize) -> usize {
    let hash = blake3::hash(rel.as_bytes());
    let [first, second, ..] = *hash.as_bytes();
    usize::from(u16::from_le_bytes([first, second])) % count
}

/// The hash of all that a reading depends on, but for the file and the program.
fn key(site: &Site, number: usize, count: usize) -> [u8; HASH] {
    let (options, content) = (site.settings.markdown_options(), &site.settings.content);
    *blake3::hash(format!("{number} of {count} {content:?} {options:?}").as_bytes()).as_bytes()
}

/// Texts in bytes: room for a hash; what is seldom asked for; the rest; where that begins.
fn in_bytes<'t>(
    key: &[u8; HASH],
    texts: impl Iterator<Item = (State, &'t SourceEntry, &'t Diagnostics)>,
) -> Vec<u8> {
    let mut out = vec![0; HASH];
    let texts: Vec<Text<'_>> = texts
        .map(|(state, entry, found)| Text {
            rel: Cow::Borrowed(&entry.location.path),
            state,
            front: Cow::Borrowed(&entry.front),
            whole: entry.whole,
            hashes: [entry.front_hash, entry.body_hash].map(|hash| *hash.as_bytes()),
            found: Cow::Borrowed(found),
            body: entry.body.keep(&mut out),
        })
        .collect();
    let from = out.len() as u64;
    // Plain data: writing it cannot fail.
    out.extend(rmp_serde::to_vec(&texts).unwrap_or_default());
    out.extend(from.to_le_bytes());
    shelf::seal(key, &mut out);
    out
}

/// The texts that were written so.
fn texts(key: &[u8; HASH], bytes: &[u8]) -> Option<Vec<Text<'static>>> {
    if !shelf::is_whole(key, bytes) {
        return None;
    }
    let (rest, from) = bytes.split_last_chunk()?;
    rmp_serde::from_slice(rest.get(u64::from_le_bytes(*from) as usize..)?).ok()
}

impl Text<'static> {
    fn recall(self, site: &Site, file: &TextFile, bytes: &Arc<Vec<u8>>) -> Reading {
        let [front_hash, body_hash] = self.hashes.map(blake3::Hash::from_bytes);
        let entry = SourceEntry {
            file: file.file.clone(),
            location: Arc::new(Location::of(&file.rel, &site.settings.languages)),
            front: Arc::new(self.front.into_owned()),
            whole: self.whole,
            body: Arc::new(Body::recall(self.body, bytes)),
            changed: None,
            front_hash,
            body_hash,
        };
        (Some(entry), self.found.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::content::{self, Collection};
    use crate::markdown::AsWritten;
    use crate::shelf::InMemory;
    use std::fs;

    const LATER: Duration = Duration::from_secs(1 << 40);

    /// What is to be seen of a collection.
    fn seen((collection, found): (Collection, Diagnostics)) -> Vec<String> {
        let entry = |entry: SourceEntry| {
            let (html, text) = (entry.body.to_html(&AsWritten), entry.body.text().clone());
            let SourceEntry { file, location, front, whole, body_hash, front_hash, .. } = entry;
            format!("{file} {location:?} {front:?} {whole} {front_hash} {body_hash} {html} {text}")
        };
        let found = found.iter().map(|one| format!("{one:?}"));
        collection.entries.into_iter().map(entry).chain(found).collect()
    }

    #[test]
    fn a_text_that_is_kept_is_not_read_while_the_system_says_the_same_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::write(root.join("site.toml"), "title = \"Fen\"\nbase_url = \"https://fen.example/\"\n")
            .unwrap();
        fs::create_dir(root.join("content")).unwrap();
        let write =
            |name: &str, text: &str| fs::write(root.join("content").join(name), text).unwrap();
        let count = 450;
        for number in 0..count {
            let text =
                format!("---\ntitle: {number}\nnone: [1, {{a: b}}]\n---\n# A\n\n{{{{< b >}}}}\n");
            write(&format!("{number}.md"), &text);
        }
        write("broken.md", "---\ntitle: [\n---\n");
        write("1.de.md", "A name that looks like that of a translation.\n");
        fs::write(root.join("content/bytes.md"), b"\xff").unwrap();
        let site = config::load(root).0.unwrap();
        let shelf = InMemory::default();
        let load = |texts: &[TextFile], at| {
            let listing = content::Listing { texts: texts.to_vec(), ..Default::default() };
            seen(content::load_listed(&site, listing, Some(Shelved { shelf: &shelf, at })))
        };
        let texts = content::list(&site).0.texts;
        let first = seen(content::load(&site));
        assert_eq!(load(&texts, Duration::ZERO), first);
        let kept = |key: &[u8; HASH]| {
            super::texts(key, &shelf.0.lock().unwrap()[key]).map_or(0, |texts| texts.len())
        };
        let all = || shelf.0.lock().unwrap().keys().copied().collect::<Vec<_>>();
        assert_eq!(all().iter().map(kept).sum::<usize>(), 0, "all might be written again unseen");
        assert_eq!(load(&texts, LATER), first);
        assert_eq!(all().len(), 4);
        assert_eq!(all().iter().map(kept).sum::<usize>(), count + 2, "all that are texts");

        // What is not read need not be there.
        let (edited, gone) = ("7.md", "8.md");
        write(edited, "Other words.\n");
        fs::remove_file(root.join("content").join(gone)).unwrap();
        let before = shelf.0.lock().unwrap().clone();
        let listed = content::list(&site).0.texts;
        let of = |name: &str| texts.iter().find(|file| file.rel == name).unwrap().clone();
        let with_gone: Vec<TextFile> = texts
            .iter()
            .map(|file| listed.iter().find(|new| new.rel == file.rel).unwrap_or(file).clone())
            .collect();
        let second = load(&with_gone, LATER);
        let other = |(at, words): &(usize, &String)| first.get(*at) != Some(words);
        let others: Vec<_> =
            second.iter().enumerate().filter(other).map(|(_, words)| words).collect();
        assert!(others.iter().any(|words| words.contains("Other words.")), "{others:?}");
        assert!(second.iter().any(|words| words.starts_with(&*of(gone).file)), "{gone} was read");
        let changed = shelf
            .0
            .lock()
            .unwrap()
            .iter()
            .filter(|(key, bytes)| before.get(*key) != Some(bytes))
            .count();
        assert_eq!(changed, 1, "an edit changes one group");
        assert_eq!(load(&listed, LATER), seen(content::load(&site)), "{edited}");
    }
}

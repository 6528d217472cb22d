//! Whether a page would come out as in the last build.
//!
//! Enters: the sources, and what was made of them. Leaves: a [`Stamp`], which the next
//! build compares with its own, if settings, themes, program and options are what they
//! were. The page of an entry shows the words of its own body, and lists show those of
//! introductions; of all others a page shows at most what they say in their front matter,
//! the [`Shape`] of their bodies, whether they are published, and their files. So one hash
//! of all that, together with the hash of an entry's body, says what a page is made from.
//! So it does for what is found in an entry by itself: whatever rule looks at an entry, it
//! must see no more of others than this.
//!
//! [`Shape`]: crate::markdown::Shape

use crate::content::{Collection, SourceEntry};
use crate::model::{Absence, Model};
use crate::render::{Page, PageKind, Pictures, Renderer};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// What pages are made from.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// The hash of everything but the words of bodies that have a page to themselves.
    all: String,
    /// The hash of each body, by the file's path for findings.
    bodies: BTreeMap<String, String>,
}

impl Stamp {
    /// The stamp of what was read, before it is joined.
    pub fn of(collection: &Collection) -> Self {
        // Plain data: writing it cannot fail.
        let hash = |entry: &SourceEntry| {
            let front = entry.front_hash.as_bytes();
            let said = (&*entry.file, front, entry.whole, entry.changed, entry.body.shape());
            *blake3::hash(&rmp_serde::to_vec(&said).unwrap_or_default()).as_bytes()
        };
        let hashes = || collection.entries.par_iter().map(hash).collect::<Vec<[u8; 32]>>();
        let body =
            |entry: &SourceEntry| (entry.file.to_string(), entry.body_hash.to_hex().to_string());
        let bodies = || collection.entries.iter().map(body).collect();
        let (hashes, bodies): (_, BTreeMap<_, _>) = rayon::join(hashes, bodies);
        let mut all = add("", hashes.as_flattened());
        // Names that are no Unicode may be shown alike: then no body can be told from another.
        if bodies.len() < collection.entries.len() {
            let bodies = collection.entries.iter().map(|entry| *entry.body_hash.as_bytes());
            all = add(&all, bodies.collect::<Vec<_>>().as_flattened());
        }
        Self { all, bodies }
    }

    /// What all pages may show of all entries, with what shows only when they are joined: which
    /// are published, which are not and why, which files lie beside them.
    pub fn joined(&self, model: &Model) -> String {
        let entries: Vec<(&str, &str)> =
            model.entries.iter().map(|entry| (&*entry.file, &*entry.id)).collect();
        let intros = model.entries.iter().filter(|entry| entry.is_intro());
        let intros: Vec<_> = intros.map(|entry| self.bodies.get(&*entry.file)).collect();
        let assets = model.assets.values();
        let assets: Vec<(&str, &[u8; 32], u64)> =
            assets.map(|asset| (&*asset.url, &asset.hash, asset.source.size)).collect();
        let absent: Vec<(&str, bool)> =
            model.absent().map(|(name, why)| (name, why == Absence::Faulty)).collect();
        let files: Vec<&String> = model.files().keys().collect();
        let joined = (entries, intros, absent, assets, files);
        add(&self.all, &rmp_serde::to_vec(&joined).unwrap_or_default())
    }

    /// Adds what shows only then, with which copies of pictures there are.
    pub fn add_joined(&mut self, renderer: &Renderer, pictures: &Pictures) {
        let copies: Vec<(&String, Vec<(u32, &str)>)> = pictures
            .iter()
            .map(|(path, known)| (path, known.iter().map(|one| (one.width, &*one.hash)).collect()))
            .collect();
        let copies = rmp_serde::to_vec(&copies).unwrap_or_default();
        self.all = add(&self.joined(renderer.model()), &copies);
    }

    /// The files, by their paths for findings, whose bodies are not what they were `before`.
    pub fn others<'s>(&'s self, before: &Self) -> HashSet<&'s str> {
        let bodies =
            self.bodies.iter().filter(|(file, hash)| before.bodies.get(*file) != Some(hash));
        bodies.map(|(file, _)| &**file).collect()
    }

    /// Whether a page is made from what it was made from `before`.
    pub fn is_as(&self, before: &Self, page: &Page, model: &Model) -> bool {
        let text = match page.kind {
            PageKind::Entry(at) => Some(&*model.entries[at].file),
            _ => None,
        };
        let is_same = |file| self.bodies.get(file) == before.bodies.get(file);
        self.all == before.all && text.is_none_or(is_same)
    }
}

fn add(hash: &str, bytes: &[u8]) -> String {
    let both = blake3::Hasher::new().update(hash.as_bytes()).update(bytes).finalize();
    both.to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Options, PartialDate};
    use crate::render::ThemeSet;
    use crate::{config, content};
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    const SITE: &str = "title = \"Fen\"\nbase_url = \"https://fen.example/\"\n\
        on_bad_entry = \"skip\"\n[diagnostics]\n\"content/missing-field\" = \"off\"\n";

    const FILES: [(&str, &str); 6] = [
        ("site.toml", SITE),
        ("content/practices/_index.md", "Intro.\n"),
        ("content/practices/dig.md", "---\ntitle: Dig\n---\nWords.\n\n## Why\n"),
        ("content/practices/fill.md", "---\ntitle: Fill\n---\nSee [why](dig.md#why).\n"),
        ("content/practices/map.md", "---\ntitle: Map\n---\n[The plan](plan.txt)\n"),
        ("content/practices/plan.txt", "A plan"),
    ];

    /// The stamp of a site, and its pages with the model they are of.
    fn stamp(root: &Path) -> (Stamp, Renderer) {
        let (site, found) = config::load(root);
        assert!(!found.has_errors(), "{found:?}");
        let site = Arc::new(site.expect("a site"));
        let (collection, found) = content::load(&site);
        let mut stamp = Stamp::of(&collection);
        let today = PartialDate::parse("2024-06-01").expect("a day");
        let (model, _) = Model::build(&site, collection, found, Options { today, drafts: false });
        let (themes, _) = ThemeSet::new(&site);
        let sound = super::super::sound(&site, &themes.expect("a theme"), model, today, None);
        let renderer = sound.renderer.unwrap_or_else(|_| panic!("{:?}", sound.found));
        stamp.add_joined(&renderer, &Pictures::default());
        (stamp, renderer)
    }

    /// The pages that are made from something else after an edit of a file, or `all`.
    fn changed(path: &str, from: &str, to: &str) -> Vec<String> {
        changed_by(&|folder| {
            let file = folder.join(path);
            let text = fs::read_to_string(&file).unwrap_or_default();
            assert!(text.contains(from), "{path} has no {from:?}");
            fs::write(file, text.replace(from, to)).expect("a file");
        })
    }

    fn changed_by(edit: &dyn Fn(&Path)) -> Vec<String> {
        changed_from(&|_| {}, edit)
    }

    fn changed_from(begin: &dyn Fn(&Path), edit: &dyn Fn(&Path)) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in FILES {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        begin(folder.path());
        let (before, _) = stamp(folder.path());
        edit(folder.path());
        let (now, renderer) = stamp(folder.path());
        let is_other = |page: &&Page| !now.is_as(&before, page, renderer.model());
        let pages: Vec<String> =
            renderer.pages().iter().filter(is_other).map(|page| page.url.clone()).collect();
        match pages.len() == renderer.pages().len() {
            true => vec!["all".into()],
            false => pages,
        }
    }

    #[test]
    fn a_page_shows_the_words_of_its_own_body_alone() {
        assert_eq!(changed("content/practices/dig.md", "Words", "Words"), [""; 0]);
        assert_eq!(changed("content/practices/dig.md", "Words", "Others"), ["practices/dig/"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn bodies_of_files_that_are_shown_alike_count_for_all() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let write = |folder: &Path, name: &[u8], words: &str| {
            let text = format!("---\ntitle: T\nslug: t{}\n---\n{words}\n", name[1]);
            let path = folder.join("content/practices").join(OsStr::from_bytes(name));
            fs::write(path, text).expect("a file");
        };
        let both = |folder: &Path, words: &str| {
            write(folder, b"a\xfe.md", words);
            write(folder, b"a\xff.md", "Words.");
        };
        let changed = changed_from(&|folder| both(folder, "Words."), &|folder| both(folder, "So."));
        assert_eq!(changed, ["all"]);
    }

    #[test]
    fn what_cannot_be_read_counts_for_those_that_lead_there() {
        let bad = |folder: &Path| folder.join("content/practices/bad.md");
        let spoil = |folder: &Path| fs::write(bad(folder), b"\xff").expect("a file");
        assert_eq!(changed_by(&spoil), ["all"]);
        assert_eq!(changed_by(&|_| {}), [""; 0]);
    }

    #[test]
    fn what_others_may_show_counts_for_all() {
        for (path, from, to) in [
            ("dig.md", "title: Dig", "title: Ditch"),
            ("dig.md", "## Why", "## What for"),
            ("fill.md", "See", "# See"),
            ("fill.md", "dig.md#why", "dig.md"),
            ("_index.md", "Intro", "Introduction"),
            ("plan.txt", "A plan", "B plan"),
            ("map.md", "title: Map", "title: Map\ndraft: true"),
        ] {
            assert_eq!(changed(&format!("content/practices/{path}"), from, to), ["all"], "{to}");
        }
    }
}

//! Markdown files into source entries: walk, read, split, parse.
//!
//! Enters: the content folder. Leaves: a [`Collection`] of entries whose front
//! matter is still raw and whose body is parsed, in the order of their paths,
//! and the files that lie beside them. Nothing here knows what a type is.

mod front;
mod history;
mod kept;
mod listing;
mod location;

pub use kept::Shelved;
pub use listing::{Lies, Listing, TextFile, is_text, look_around};
pub use location::Location;

use crate::config::Site;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes, reason};
use crate::markdown::{self, Body};
use crate::pictures::{self, Head};
use crate::raw::Table;
use crate::trace::{Listed, Trace};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A text larger than this many bytes is not an article.
pub const LARGEST_TEXT: u64 = 8 * 1024 * 1024;

/// Everything that lies in the content folder.
#[derive(Debug, Default)]
pub struct Collection {
    /// The entries, sorted by path.
    pub entries: Vec<SourceEntry>,
    /// All other files, by content path.
    pub files: BTreeMap<String, SourceFile>,
}

/// One Markdown file. A copy shares its front matter and its body.
#[derive(Debug, Clone)]
pub struct SourceEntry {
    /// Its path for findings: relative to the site's root.
    pub file: Arc<str>,
    /// Where it lies in the content folder, and what that says.
    pub location: Arc<Location>,
    /// Its front matter; spans are bytes of the file.
    pub front: Arc<Table>,
    /// Whether the front matter could be read to its end. If not, it may have
    /// said that the entry is not to be published.
    pub whole: bool,
    /// Its body.
    pub body: Arc<Body>,
    /// When it was last changed, as git tells it: seconds since 1970 in UTC.
    pub changed: Option<i64>,
    /// The hash of the file up to where the body begins.
    pub front_hash: blake3::Hash,
    /// The hash of the rest.
    pub body_hash: blake3::Hash,
}

impl SourceEntry {
    /// Whether another is what was read together with this one: the very same front
    /// matter and body in memory, of one file.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.front, &other.front)
            && Arc::ptr_eq(&self.body, &other.body)
            && (self.whole, self.changed, &self.file) == (other.whole, other.changed, &other.file)
    }
}

/// One other file: an image, an attachment.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Where it lies on disk.
    pub path: PathBuf,
    /// Its path for findings.
    pub file: Arc<str>,
    /// Its size in bytes.
    pub size: u64,
    /// What its bytes say, once somebody has asked; shared by all copies of this.
    measured: Arc<OnceLock<Result<Measured, Diagnostic>>>,
}

/// What the bytes of a file say.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Their hash.
    pub hash: blake3::Hash,
    /// The head of a picture.
    pub head: Option<Head>,
}

impl SourceFile {
    /// A file at a place on disk, with its path for findings and its size in bytes.
    pub fn new(path: PathBuf, file: Arc<str>, size: u64) -> Self {
        Self { path, file, size, measured: Arc::default() }
    }

    /// Reads the file, the first time, for what its bytes say.
    pub fn measure(&self) -> &Result<Measured, Diagnostic> {
        self.measured.get_or_init(|| {
            let bytes = read_file(self)?;
            Ok(Measured { hash: blake3::hash(&bytes), head: pictures::head(&bytes) })
        })
    }
}

/// Reads a site's whole content folder.
pub fn load(site: &Site) -> (Collection, Diagnostics) {
    load_seen(site, look_around(site), None)
}

/// The same of what [`look_around`] saw, but for texts that are kept as they were read.
pub fn load_seen(
    site: &Site,
    seen: Vec<Listed>,
    kept: Option<Shelved<'_>>,
) -> (Collection, Diagnostics) {
    let (listing, mut found) = listing::tell_apart(site, seen);
    let (collection, findings) = load_listed(site, listing, kept);
    found.append(findings);
    (collection, found)
}

/// Reads the texts of a listing, but for those that are kept as they were read.
pub fn load_listed(
    site: &Site,
    listing: Listing,
    kept: Option<Shelved<'_>>,
) -> (Collection, Diagnostics) {
    let mut found = Diagnostics::default();
    let texts = &listing.texts;
    let paths = || texts.iter().map(|file| file.rel.clone()).collect();
    let ask = || site.settings.git.then(|| history::read(&site.content_dir(), paths()));
    let read_all = || match &kept {
        Some(kept) => kept.read_all(site, texts),
        None => texts.par_iter().map(|file| read(site, file)).collect(),
    };
    let (history, read) = rayon::join(ask, read_all);
    let mut collection = Collection { files: listing.files, ..Collection::default() };
    for (entry, findings) in read {
        collection.entries.extend(entry);
        found.append(findings);
    }
    if let Some((history, findings)) = history {
        for entry in &mut collection.entries {
            entry.changed = history.get(&entry.location.path).copied();
        }
        found.append(findings);
    }
    (collection, found)
}

/// Adds to a trace all that [`load_seen`] and [`read_file`] read of what [`look_around`] saw.
pub fn trace(site: &Site, seen: &[Listed], trace: &mut Trace) {
    trace.add_folder(&site.content_dir(), seen);
    if site.settings.git {
        match history::state(&site.content_dir()) {
            Some(state) => trace.add_text(&state),
            None => trace.give_up(),
        }
    }
}

/// Lists a site's content folder; nothing is read.
pub fn list(site: &Site) -> (Listing, Diagnostics) {
    listing::tell_apart(site, look_around(site))
}

/// What content paths are put in order by, as the content folder is listed: by
/// the bytes of names, folder by folder.
pub fn order(path: &str) -> String {
    // No name has a NUL, which comes before all.
    path.replace('/', "\0")
}

/// The place in the content folder of a path on disk, with `/` between folders;
/// empty for the folder itself, none outside it.
pub fn place_of(site: &Site, path: &Path) -> Option<String> {
    path.strip_prefix(site.content_dir()).ok().map(listing::slashed)
}

/// Looks at one path of the content folder, whose place in it is `rel`.
pub fn look(site: &Site, path: &Path, rel: &str) -> Lies {
    listing::look(site, path, rel)
}

/// One Markdown file, read; there is no entry when it is not text.
pub type Reading = (Option<SourceEntry>, Diagnostics);

/// Reads one Markdown file.
pub fn read(site: &Site, file: &TextFile) -> Reading {
    let (entry, mut found) = read_alone(site, file);
    if entry.is_some() {
        found.extend(named_for_no_language(site, file));
    }
    (entry, found)
}

/// What a file says by itself, whatever lies beside it.
fn read_alone(site: &Site, file: &TextFile) -> Reading {
    let mut found = Diagnostics::default();
    let Some(text) = read_text(file, &mut found) else { return (None, found) };
    let split = front::split(&text, &file.file, &mut found);
    let options = site.settings.markdown_options();
    let (body, findings) = markdown::parse(&text[split.body..], &file.file, split.body, &options);
    found.append(findings);
    let entry = SourceEntry {
        file: file.file.clone(),
        location: Arc::new(Location::of(&file.rel, &site.settings.languages)),
        front: Arc::new(split.front),
        whole: split.whole,
        body: Arc::new(body),
        changed: None,
        front_hash: blake3::hash(&text.as_bytes()[..split.body]),
        body_hash: blake3::hash(&text.as_bytes()[split.body..]),
    };
    (Some(entry), found)
}

/// The content path of a file that lies beside another.
fn beside(rel: &str, name: &str) -> String {
    rel.rsplit_once('/').map_or_else(|| name.to_owned(), |(folder, _)| format!("{folder}/{name}"))
}

/// The finding of a file that has the name of a translation, but into none of the site's languages.
fn named_for_no_language(site: &Site, file: &TextFile) -> Option<Diagnostic> {
    let (lang, original) = location::strange_language(&file.rel, &site.settings.languages)?;
    let lies_there = file.path.with_file_name(&original).symlink_metadata();
    if !lies_there.is_ok_and(|meta| meta.is_file())
        || listing::is_ignored(site, &beside(&file.rel, &original))
    {
        return None;
    }
    let message = format!(
        "this is no translation of `{original}`: `{lang}` is not among the site's languages"
    );
    let help = format!("add \"{lang}\" to `languages` in site.toml, or rename the file");
    let found = Diagnostic::new(&codes::CONTENT_STRANGE_LANGUAGE, message);
    Some(found.at(Place::file(file.file.clone())).help(help))
}

fn read_text(file: &TextFile, found: &mut Diagnostics) -> Option<String> {
    let place = Place::file(file.file.clone());
    if file.size > LARGEST_TEXT {
        let message = format!("this file has {} MB of text", file.size / 1_000_000);
        let help = format!(
            "an entry may have {} MB; is this a data file that belongs beside the entry under another name?",
            LARGEST_TEXT / 1_048_576
        );
        found.push(Diagnostic::new(&codes::CONTENT_TOO_LARGE, message).at(place).help(help));
        return None;
    }
    let bytes = match std::fs::read(&file.path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("this file cannot be read: {}", reason(&error));
            found.push(Diagnostic::new(&codes::CONTENT_UNREADABLE, message).at(place));
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let place = Place::span(file.file.clone(), at..at + 1);
            let message = "from here on this is not UTF-8 text";
            let help = "open the file in an editor and save it again with the encoding UTF-8";
            found.push(Diagnostic::new(&codes::CONTENT_NOT_UTF8, message).at(place).help(help));
            None
        }
    }
}

/// Opens a file that lies beside the entries, to be read piece by piece; gives
/// its size in bytes too. A link that has come into its place is not followed.
pub fn open_file(file: &SourceFile) -> std::io::Result<(std::fs::File, u64)> {
    let meta = file.path.symlink_metadata()?;
    if !meta.is_file() {
        return Err(std::io::ErrorKind::NotFound.into());
    }
    Ok((std::fs::File::open(&file.path)?, meta.len()))
}

/// Reads a file that lies beside the entries.
pub fn read_file(file: &SourceFile) -> Result<Vec<u8>, Diagnostic> {
    std::fs::read(&file.path).map_err(|error| {
        let message = format!("this file cannot be read: {}", reason(&error));
        Diagnostic::new(&codes::CONTENT_UNREADABLE, message).at(Place::file(file.file.clone()))
    })
}

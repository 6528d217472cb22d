//! Which files there are, in sorted order, each told apart: texts and others.

use super::SourceFile;
use crate::config::Site;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes, reason};
use crate::trace::{self, IN_A_ROW, Listed, State};
use globset::{Glob, GlobSet, GlobSetBuilder};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use walkdir::DirEntry;

/// A text to read.
#[derive(Debug, Clone)]
pub struct TextFile {
    /// Content path, with `/` between folders.
    pub rel: String,
    /// Path for findings.
    pub file: Arc<str>,
    /// Where it lies on disk.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// What the system says of it, if it can: a text of which it cannot is always read.
    pub state: Option<State>,
}

/// What lies in the content folder.
#[derive(Debug, Default)]
pub struct Listing {
    /// The texts, in order.
    pub texts: Vec<TextFile>,
    /// All other files, by content path.
    pub files: BTreeMap<String, SourceFile>,
}

/// What lies in a site's content folder, as the disk says: hidden and ignored files are passed
/// over.
pub fn look_around(site: &Site) -> Vec<Listed> {
    let ignored = globs(&site.settings.ignore);
    let root = site.content_dir();
    let is_ignored = |path: &Path| !ignored.is_empty() && ignored.is_match(relative(path, &root));
    trace::list(&root, |entry| is_passed_over(entry) || is_ignored(entry.path()))
}

/// Whether a content path is ignored.
pub(super) fn is_ignored(site: &Site, rel: &str) -> bool {
    globs(&site.settings.ignore).is_match(rel)
}

/// Tells apart what was seen; symbolic links are reported.
pub(super) fn tell_apart(site: &Site, listed: Vec<Listed>) -> (Listing, Diagnostics) {
    let root = site.content_dir();
    let mut out = Listing::default();
    let mut found = Diagnostics::default();
    if !root.is_dir() {
        let message = format!("the content folder `{}` is not there", site.settings.content);
        let help = "make it, or name another with `content = \"…\"`";
        found.push(
            Diagnostic::new(&codes::CONFIG_INVALID, message)
                .at(Place::file("site.toml"))
                .help(help),
        );
        return (out, found);
    }
    let content = &site.settings.content;
    let mut entries = Vec::new();
    for listed in listed {
        match listed {
            Ok((entry, _)) if entry.file_type().is_dir() => {}
            Ok(entry) => entries.push(entry),
            Err(error) => {
                let path = error.path().map(|path| display(content, &relative(path, &root)));
                let place = Place::file(path.unwrap_or_else(|| content.clone()));
                let message = format!("this cannot be read: {}", reason(&error.into()));
                found.push(Diagnostic::new(&codes::CONTENT_UNREADABLE, message).at(place));
            }
        }
    }
    let told_apart = entries.par_chunks(IN_A_ROW).map(|row| {
        let (mut out, mut found) = (Listing::default(), Diagnostics::default());
        row.iter().for_each(|(entry, meta)| {
            take(entry, meta.as_ref(), &root, content, &mut out, &mut found);
        });
        (out, found)
    });
    for (more, findings) in told_apart.collect::<Vec<_>>() {
        out.texts.extend(more.texts);
        out.files.extend(more.files);
        found.append(findings);
    }
    (out, found)
}

fn take(
    entry: &DirEntry,
    meta: Option<&Metadata>,
    root: &Path,
    content: &str,
    out: &mut Listing,
    found: &mut Diagnostics,
) {
    let rel = relative(entry.path(), root);
    let file: Arc<str> = display(content, &rel).into();
    if entry.path_is_symlink() {
        let help = "put the file itself here; links may lead outside the site or in circles";
        let message = "a symbolic link is not followed";
        found.push(
            Diagnostic::new(&codes::CONTENT_SYMLINK, message).at(Place::file(file)).help(help),
        );
        return;
    }
    if !entry.file_type().is_file() {
        // Reading a pipe or a device may never end.
        let message = "this is neither a file nor a folder";
        let help = "take it out of the content folder";
        found.push(
            Diagnostic::new(&codes::CONTENT_UNREADABLE, message).at(Place::file(file)).help(help),
        );
        return;
    }
    let (path, size) = (entry.path().to_path_buf(), meta.map_or(0, Metadata::len));
    if is_text(&rel) {
        out.texts.push(TextFile { rel, file, path, size, state: meta.and_then(State::of) });
        return;
    }
    if begins_like_an_entry(&path) {
        let message = "this file begins like an entry, but its name does not end in .md";
        let help = format!("rename it to {rel}.md, or leave it out with `ignore`");
        found.push(
            Diagnostic::new(&codes::CONTENT_NOT_MARKDOWN, message)
                .at(Place::file(file.clone()))
                .help(help),
        );
    }
    out.files.insert(rel, SourceFile::new(path, file, size));
}

/// What no site can ask for.
fn is_passed_over(entry: &DirEntry) -> bool {
    is_hidden(entry) || is_output(entry)
}

/// What lies at a path, as far as the content folder is concerned.
#[derive(Debug)]
pub enum Lies {
    /// A text.
    Text(TextFile),
    /// Another file.
    File(SourceFile),
    /// A folder, a link, a device: something that only a new listing can judge.
    Else,
    /// Nothing, or something hidden.
    Nothing,
}

/// Looks at one path, whose place in the content folder is `rel`.
pub(super) fn look(site: &Site, path: &Path, rel: &str) -> Lies {
    let hidden = rel.split('/').any(|part| part.starts_with('.'));
    let Some(meta) = path.symlink_metadata().ok().filter(|_| !hidden) else {
        return Lies::Nothing;
    };
    if !meta.is_file() {
        return Lies::Else;
    }
    let file: Arc<str> = display(&site.settings.content, rel).into();
    let (path, size) = (path.to_path_buf(), meta.len());
    match is_text(rel) {
        true => {
            let (rel, state) = (rel.to_owned(), State::of(&meta));
            Lies::Text(TextFile { rel, file, path, size, state })
        }
        false => Lies::File(SourceFile::new(path, file, size)),
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().first() == Some(&b'.')
}

/// Whether a folder is what a build wrote: it may lie among the entries.
fn is_output(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && entry.path().join(".exempla").is_dir()
}

/// Whether a path is that of a text, by its name.
pub fn is_text(rel: &str) -> bool {
    let name = rel.rsplit('/').next().unwrap_or(rel).to_ascii_lowercase();
    name.ends_with(".md") || name.ends_with(".markdown")
}

/// Whether a file without an extension opens with front matter.
fn begins_like_an_entry(path: &Path) -> bool {
    let mut head = [0; 4];
    path.extension().is_none()
        && std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok()
        && (head.starts_with(b"---\n") || head.starts_with(b"---\r") || head.starts_with(b"+++\n"))
}

/// A path under `root`, with `/` between folders on every system.
fn relative(path: &Path, root: &Path) -> String {
    slashed(path.strip_prefix(root).unwrap_or(path))
}

pub(super) fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn display(content: &str, rel: &str) -> String {
    format!("{}/{rel}", content.trim_end_matches('/'))
}

fn globs(patterns: &[String]) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    // Patterns that are no globs were reported with the configuration.
    for glob in patterns.iter().filter_map(|pattern| Glob::new(pattern).ok()) {
        builder.add(glob);
    }
    builder.build().unwrap_or_default()
}

//! What was laid out goes into place, and what is no longer produced goes.
//!
//! Enters: paths in the staging folder, and files of an earlier build. Leaves: the
//! output folder changed by renames and removals only, and a finding for each that
//! could not be done.

use super::failed;
use super::manifest::{Manifest, Record};
use crate::diagnostic::{Diagnostic, Diagnostics, codes, reason};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

/// Moves what was laid out into place: a folder that is new as a whole, in
/// other folders file by file. Returns the number of files.
pub(super) fn place(
    root: &Path,
    staging: &Path,
    staged: &BTreeSet<String>,
) -> Result<usize, Diagnostics> {
    let mut known = BTreeSet::new();
    // A folder that was moved; what lies in it follows it in the order of paths.
    let mut moved: Option<&str> = None;
    for (written, path) in staged.iter().enumerate() {
        let is_below =
            |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        if moved.is_some_and(is_below) {
            continue;
        }
        let step = first_missing(root, path, &mut known).and_then(|missing| {
            moved = missing;
            let part = missing.unwrap_or(path);
            fs::rename(staging.join(part), root.join(part))
        });
        if let Err(error) = step {
            return Err(interrupted(&root.join(path), &error, written, staged.len()));
        }
    }
    Ok(staged.len())
}

/// Removes files of an earlier build, and returns how many were there. One that
/// cannot be removed stays on the list, so that the next build tries again.
pub(super) fn remove_all(
    root: &Path,
    files: &[(&str, Record)],
    now: &mut Manifest,
) -> Result<usize, Diagnostics> {
    let (mut gone, mut found) = (0, Diagnostics::default());
    for (path, record) in files {
        match remove(root, path) {
            Ok(was_there) => gone += usize::from(was_there),
            Err(error) => {
                found.push(unremoved(&root.join(path), &error));
                now.insert(path, *record);
            }
        }
    }
    if found.is_empty() { Ok(gone) } else { Err(found) }
}

/// Whether a file must go before others can come: a folder of theirs stands in its
/// place, or it lies where one of them will.
pub(super) fn is_in_the_way(staged: &BTreeSet<String>, path: &str) -> bool {
    let folder = format!("{path}/");
    let next = staged.range(folder.clone()..).next();
    next.is_some_and(|next| next.starts_with(&folder))
        || path.match_indices('/').any(|(at, _)| staged.contains(&path[..at]))
}

/// Whether there is no file to remove: nothing is there, or a folder, or what should be
/// its folder is none.
fn is_gone(target: &Path) -> bool {
    match fs::symlink_metadata(target) {
        Ok(meta) => meta.is_dir(),
        Err(error) => {
            matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        }
    }
}

/// Removes a file, if there is one, and the folders that it leaves empty; says whether
/// there was.
fn remove(root: &Path, path: &str) -> io::Result<bool> {
    let target = root.join(path);
    let removed = match fs::remove_file(&target) {
        Ok(()) => true,
        Err(_) if is_gone(&target) => false,
        Err(error) => return Err(error),
    };
    let mut folder = target.parent();
    while let Some(at) = folder.filter(|at| *at != root) {
        // Fails on the first folder that still has something in it.
        if fs::remove_dir(at).is_err() {
            break;
        }
        folder = at.parent();
    }
    Ok(removed)
}

/// The topmost folder above a path that is not there yet; a link, or anything
/// else that stands in the place of a folder, is an error.
fn first_missing<'p>(
    root: &Path,
    path: &'p str,
    known: &mut BTreeSet<&'p str>,
) -> io::Result<Option<&'p str>> {
    for (at, _) in path.match_indices('/') {
        let folder = &path[..at];
        if known.contains(folder) {
            continue;
        }
        match fs::symlink_metadata(root.join(folder)) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => {
                let at = root.join(folder);
                let message = format!("{} is in the way and is not a folder", at.display());
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
            }
            Err(_) => return Ok(Some(folder)),
        }
        known.insert(folder);
    }
    Ok(None)
}

fn unremoved(target: &Path, error: &io::Error) -> Diagnostic {
    let message =
        format!("{} should be gone, but cannot be removed: {}", target.display(), reason(error));
    Diagnostic::new(&codes::OUTPUT_WRITE_FAILED, message)
        .help("until it is, it stays published: allow writing to its folder and build again")
}

fn interrupted(target: &Path, error: &io::Error, written: usize, all: usize) -> Diagnostics {
    let mut first = failed(target, error);
    first.message = format!(
        "{}; {written} of {all} new files are in place, each of them whole, and the others are as they were",
        first.message
    );
    Diagnostics::from_iter([
        first.help("mend that and build again: the next build puts the rest right")
    ])
}

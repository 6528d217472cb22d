//! Whether a folder may be an output folder at all.

use crate::diagnostic::{Diagnostic, codes};
use std::path::{Path, PathBuf};

/// Reports an output folder that people write in: one that holds one of the
/// folders in `kept` (the first of them the entries', the second the themes'), or
/// lies among the entries or the themes.
pub fn misplaced(output: &Path, kept: &[PathBuf]) -> Option<Diagnostic> {
    let folder = settled(output)?;
    let is_part = |name: &str| folder.components().any(|part| part.as_os_str() == name);
    let lies_in = |kept: Option<&PathBuf>| {
        kept.and_then(|path| path.canonicalize().ok()).is_some_and(|path| folder.starts_with(path))
    };
    let [entries, themes] = [kept.first(), kept.get(1)].map(lies_in);
    let kept: Vec<PathBuf> = kept.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let is_ours = folder.join(super::OWN).exists();
    let message = if is_part(".git") {
        format!("the output folder {} belongs to git", folder.display())
    } else if themes {
        format!("the output folder {} lies among the themes", folder.display())
    } else if kept.iter().any(|path| path.starts_with(&folder)) {
        format!("the output folder {} holds the site's own files", folder.display())
    } else if entries && !is_ours && !is_free(&folder) {
        format!("the output folder {} lies among the entries", folder.display())
    } else {
        return None;
    };
    let help = "choose a folder of its own with --output, such as public";
    Some(Diagnostic::new(&codes::OUTPUT_MISPLACED, message).help(help))
}

/// Where a folder is, or will be: links on the way to it are followed.
fn settled(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find_map(|above| {
        let below = folder.strip_prefix(above).ok()?;
        Some(above.canonicalize().ok()?.components().chain(below.components()).collect())
    })
}

/// Whether nothing is there, or an empty folder.
fn is_free(folder: &Path) -> bool {
    !folder.exists() || std::fs::read_dir(folder).is_ok_and(|mut all| all.next().is_none())
}

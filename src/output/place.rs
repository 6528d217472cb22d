//! Whether a folder may be an output folder at all.

use crate::diagnostic::{Diagnostic, codes};
use std::path::{Path, PathBuf};

/// Reports an output folder that people write in: one that holds one of the
/// folders in `kept` (the first of them the entries'), or lies among the entries.
pub fn misplaced(output: &Path, kept: &[PathBuf]) -> Option<Diagnostic> {
    // A folder that is not there yet holds nothing.
    let folder = output.canonicalize().ok()?;
    let kept: Vec<PathBuf> = kept.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let is_ours = folder.join(super::OWN).exists();
    let message = if kept.iter().any(|path| path.starts_with(&folder)) {
        format!("the output folder {} holds the site's own files", folder.display())
    } else if kept.first().is_some_and(|entries| folder.starts_with(entries))
        && !is_ours
        && !is_empty(&folder)
    {
        format!("the output folder {} lies among the entries", folder.display())
    } else {
        return None;
    };
    let help = "choose a folder of its own with --output, such as public";
    Some(Diagnostic::new(&codes::OUTPUT_MISPLACED, message).help(help))
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

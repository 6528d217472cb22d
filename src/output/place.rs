//! Whether a folder may be an output folder at all.

use crate::diagnostic::{Diagnostic, codes};
use std::path::{Path, PathBuf};

/// Reports an output folder that people write in: one that holds one of the folders in
/// `kept` (the entries', the themes' and the site's own, in this order), or lies among
/// the entries, the themes, or what git keeps of the site.
pub fn misplaced(output: &Path, kept: [&Path; 3]) -> Option<Diagnostic> {
    let folder = settled(output)?;
    let kept = kept.map(settled);
    let [entries, themes, root] = &kept;
    let lies_in =
        |kept: &Option<PathBuf>| kept.as_ref().is_some_and(|kept| folder.starts_with(kept));
    let git = root.as_ref().map(|root| root.join(".git"));
    let is_ours = folder.join(super::OWN).exists();
    let message = if lies_in(&git) {
        format!("the output folder {} belongs to git", folder.display())
    } else if lies_in(themes) {
        format!("the output folder {} lies among the themes", folder.display())
    } else if kept.iter().flatten().any(|path| path.starts_with(&folder)) {
        format!("the output folder {} holds the site's own files", folder.display())
    } else if lies_in(entries) && !is_ours && !is_free(&folder) {
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

//! Where an output folder must not lie.

use super::OWN;
use crate::diagnostic::{Diagnostic, codes};
use std::path::Path;

/// Reports an output folder that people write in: one that holds the site in
/// `root`, its themes or its `content`, or that lies among the entries.
pub fn misplaced(output: &Path, root: &Path, content: &Path) -> Option<Diagnostic> {
    // A folder that is not there yet cannot hold anything.
    let output = output.canonicalize().ok()?;
    let content = content.canonicalize().ok()?;
    let holds = |folder: &Path| folder.canonicalize().is_ok_and(|path| path.starts_with(&output));
    let message = if holds(&content) || holds(root) || holds(&root.join("themes")) {
        format!("the output folder {} holds the site's own files", output.display())
    } else if output.starts_with(&content) && !output.join(OWN).exists() && !is_empty(&output) {
        format!("the output folder {} lies among the entries", output.display())
    } else {
        return None;
    };
    let help = "choose a folder of its own with --output, such as public";
    Some(Diagnostic::new(&codes::OUTPUT_MISPLACED, message).help(help))
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

//! Files that are made once for an editor: a new site, a new entry.

use super::failed;
use crate::diagnostic::{Diagnostic, codes};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

const ELSEWHERE: &str = "choose another folder, or another name";

/// Writes a file that must not exist yet, with the folders above it.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| failed(folder, &error).help(ELSEWHERE))?;
    }
    let written = File::create_new(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            let message = format!("{} is there already; nothing was changed", path.display());
            Diagnostic::new(&codes::OUTPUT_FOREIGN_FILE, message).help("choose another name")
        }
        _ => failed(path, &error).help(ELSEWHERE),
    })
}

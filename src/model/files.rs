//! The files that entries use: where they lie, and under what name they are published.

use super::address::is_safe_name;
use super::scalar::Refusal;
use super::{Entry, Files, Model};
use crate::content::{self, Measured, SourceFile};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes, nearest::nearest};
use crate::pictures::{self, Head};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// A file that a published entry uses.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Where it lies.
    pub source: SourceFile,
    /// Its path in the site, with its content's hash in its name.
    pub url: String,
    /// Width and height in pixels, of a picture, as it is shown.
    pub pixels: Option<(u32, u32)>,
    /// The hash of its bytes.
    pub hash: [u8; 32],
    /// Whether smaller copies of it can be made.
    pub copied: bool,
}

impl Asset {
    /// Reads the file again, which must be the one that was measured.
    pub fn read(&self) -> Result<Vec<u8>, Diagnostic> {
        let bytes = content::read_file(&self.source)?;
        if blake3::hash(&bytes).as_bytes() == &self.hash {
            return Ok(bytes);
        }
        let message = "this file has changed while the site was being built";
        Err(Diagnostic::new(&codes::CONTENT_UNREADABLE, message)
            .at(Place::file(self.source.file.clone()))
            .help("build again when it is whole"))
    }
}

/// Finds the file that a path in an entry means: relative to the entry's
/// folder, or from the content folder when it begins with `/`. A file of just that name
/// comes before what it means as an address.
pub(super) fn locate(text: &str, folder: &str, files: &Files) -> Result<String, Refusal> {
    if let Some(path) = literal(text, folder, files) {
        return Ok(path);
    }
    let path = text.split(['?', '#']).next().unwrap_or("");
    let path = decode(path);
    let Some(joined) = join(folder, &path) else {
        return Err(Refusal {
            code: &codes::CONTENT_UNSAFE_PATH,
            message: format!("`{}` leads out of the content folder", text.escape_debug()),
            help: "put the file beside the entry and write its name".into(),
        });
    };
    if files.contains_key(&joined) {
        return Ok(joined);
    }
    let beside = files.keys().filter_map(|known| {
        let (place, name) = known.rsplit_once('/').unwrap_or(("", known));
        (place == folder).then_some(name)
    });
    let name = joined.rsplit('/').next().unwrap_or(&joined);
    let help = match nearest(name, beside) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "put it beside the entry; capital and small letters count".into(),
    };
    Err(Refusal {
        code: &codes::CONTENT_MISSING_FILE,
        message: format!("there is no file `{text}`"),
        help,
    })
}

/// The file of exactly this name, which may hold signs that mean something in addresses.
pub(super) fn literal(text: &str, folder: &str, files: &Files) -> Option<String> {
    let signs = text.contains(['?', '#', '%']);
    let path = if signs { join(folder, text) } else { None };
    path.filter(|path| files.contains_key(path))
}

/// Joins a path to a folder; `None` when it would leave the content folder or
/// has a part that no file could have.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = match path.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part if part.contains(['\0', '\\']) => return None,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `%20` and its like, where they give UTF-8.
pub(super) fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex =
            tail.get(..2).filter(|_| byte == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &tail[2..];
            }
            None => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

impl Model {
    /// Measures and names every file that a published entry uses, and reports
    /// the files that none does.
    pub(super) fn load_assets(&mut self) -> Diagnostics {
        let mut found = Diagnostics::default();
        let used = self.used_files();
        let files = &self.files;
        let loaded: Vec<_> = used
            .par_iter()
            .filter_map(|path| Some((path, files.get(path)?)))
            .map(|(path, file)| (path.clone(), asset(path, file)))
            .collect();
        for (path, asset) in loaded {
            match asset {
                Ok((asset, remark)) => {
                    self.assets.insert(path, asset);
                    found.extend(remark);
                }
                Err(finding) => found.push(finding),
            }
        }
        found.extend(files.iter().filter(|(path, _)| !used.contains(*path)).map(|(_, file)| {
            Diagnostic::new(
                &codes::CONTENT_UNUSED_FILE,
                "no published entry uses this file, so it is not published",
            )
            .at(Place::file(file.file.clone()))
        }));
        found
    }

    fn used_files(&self) -> BTreeSet<String> {
        self.entries.par_iter().flat_map_iter(|entry| self.files_used_by(entry)).collect()
    }

    /// The files that an entry uses.
    pub(super) fn files_used_by(&self, entry: &Entry) -> Vec<String> {
        let mut used = Vec::new();
        for stored in entry.values.values() {
            stored.value.walk(&mut |value| {
                used.extend(value.local_file().map(str::to_owned));
            });
        }
        for body in entry.bodies() {
            let images = body.images().iter().map(|image| &image.src);
            let links = body.links().iter().map(|link| &link.target);
            used.extend(images.chain(links).filter_map(|target| self.file_of(entry, target)));
        }
        used
    }
}

/// Names a file by what its bytes say, and remarks on a
/// picture that is none, or that says where it was taken.
fn asset(path: &str, file: &SourceFile) -> Result<(Asset, Option<Diagnostic>), Diagnostic> {
    let Measured { hash: own_hash, head } = file.measure().clone()?;
    let hash = own_hash.to_hex();
    let remark = remark(path, head).map(|found| found.at(Place::file(file.file.clone())));
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let dot = if extension.is_empty() { "" } else { "." };
    let name = format!("{stem}.{}{dot}{extension}", &hash[..8]);
    if let Some(bad) = folder
        .split('/')
        .filter(|part| !part.is_empty())
        .chain([name.as_str()])
        .find(|part| !is_safe_name(part))
    {
        let message = format!("`{}` cannot be the name of a published file", bad.escape_debug());
        let help = "rename it with letters, digits and hyphens";
        return Err(Diagnostic::new(&codes::CONTENT_UNSAFE_PATH, message)
            .at(Place::file(file.file.clone()))
            .help(help));
    }
    let slash = if folder.is_empty() { "" } else { "/" };
    let asset = Asset {
        source: file.clone(),
        url: format!("{folder}{slash}{name}"),
        pixels: head.map(|head| (head.width, head.height)),
        hash: *own_hash.as_bytes(),
        copied: head.is_some_and(|head| head.copied),
    };
    Ok((asset, remark))
}

fn remark(path: &str, head: Option<Head>) -> Option<Diagnostic> {
    match head {
        None if pictures::is_picture_name(path) => {
            let message = "this file is named like a picture, but is none that can be read";
            Some(
                Diagnostic::new(&codes::PICTURES_BROKEN, message).help(
                    "it is published as it is; save it anew, or take it from its source again",
                ),
            )
        }
        Some(Head { located: true, .. }) => {
            let message = "this picture says where on earth it was taken";
            Some(
                Diagnostic::new(&codes::PICTURES_PLACE, message)
                    .help("smaller copies do not, but the picture itself is published as it is; if nobody should know, save it without its metadata"),
            )
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_has_changed_is_not_taken_for_the_one_that_was_measured() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "one").expect("a file");
        let file = SourceFile::new(path.clone(), "content/a.txt".into(), 3);
        let (asset, _) = asset("a.txt", &file).expect("it can be read");
        assert_eq!(asset.read().expect("the same"), b"one");
        std::fs::write(&path, "two").expect("a file");
        let found = asset.read().expect_err("another");
        assert!(found.message.contains("changed") && found.help.is_some());
    }

    #[test]
    fn paths_stay_in_the_content_folder() {
        assert_eq!(join("a/b", "c.jpg").as_deref(), Some("a/b/c.jpg"));
        assert_eq!(join("a/b", "../c.jpg").as_deref(), Some("a/c.jpg"));
        assert_eq!(join("a/b", "/c.jpg").as_deref(), Some("c.jpg"));
        assert_eq!(join("a", "../../c.jpg"), None);
        assert_eq!(join("a", "b\0c"), None);
        assert_eq!(decode("a%20b%2"), "a b%2");
    }
}

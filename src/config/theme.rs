//! The files of a site's themes, read from its `themes/` folder.
//!
//! A theme may extend another by `extends` in its `theme.toml`; what it does
//! not have is looked for there, and at last in the theme that is part of the
//! binary, so this room reads only what a site has of its own.

use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes, reason};
use crate::raw::{Node, toml};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The theme that is part of the binary.
pub const DEFAULT: &str = "default";

/// The folder of the themes, in the site's.
pub(super) const FOLDER: &str = "themes";

/// A theme's folder, whole in memory.
#[derive(Debug, Clone)]
pub struct ThemeFiles {
    /// The folder's name.
    pub name: String,
    /// Contents by path under the folder, e.g. `templates/base.html`.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Reads a theme and those it extends, the nearest first. The default theme
/// is read only if the site has a folder of that name. `named` is the place
/// that asks for the theme.
pub(super) fn load(
    root: &Path,
    name: &str,
    mut named: Place,
    found: &mut Diagnostics,
) -> Vec<ThemeFiles> {
    let mut chain: Vec<ThemeFiles> = Vec::new();
    let mut next = Some(name.to_owned());
    while let Some(name) = next.take() {
        if chain.iter().any(|theme| theme.name == name) {
            let message = format!("the theme `{name}` extends itself");
            let help = "take `extends` out of one of the themes";
            found.push(Diagnostic::new(&codes::THEME_MISSING, message).at(named).help(help));
            break;
        }
        if name.contains(['/', '\\', '\0']) || name.starts_with('.') {
            let message = format!("`{name}` is not the name of a theme's folder");
            let help = "write the name of a folder in themes/, without a path";
            found.push(Diagnostic::new(&codes::THEME_MISSING, message).at(named).help(help));
            break;
        }
        let folder = root.join(FOLDER).join(&name);
        if !folder.is_dir() {
            if name != DEFAULT {
                let message = format!("there is no theme `{name}`");
                let help = format!("make the folder themes/{name}, or set theme = \"{DEFAULT}\"");
                found.push(Diagnostic::new(&codes::THEME_MISSING, message).at(named).help(help));
            }
            break;
        }
        let theme = ThemeFiles { files: read_folder(&folder, &name, found), name };
        next = extends(&theme);
        named = Place::file(format!("themes/{}/theme.toml", theme.name));
        chain.push(theme);
    }
    chain
}

/// The themes that are kept elsewhere: links in the folder of the themes.
pub(super) fn linked(themes: &Path) -> Vec<PathBuf> {
    let is_link = |path: &PathBuf| path.is_symlink();
    let all = std::fs::read_dir(themes).into_iter().flatten().flatten();
    let mut linked: Vec<PathBuf> = all.map(|entry| entry.path()).filter(is_link).collect();
    linked.sort();
    linked
}

/// The theme that another is built on: what it says, else the default.
fn extends(theme: &ThemeFiles) -> Option<String> {
    let manifest = theme.files.get("theme.toml").map(|bytes| String::from_utf8_lossy(bytes));
    let (table, _) = toml::parse(manifest.as_deref().unwrap_or_default(), 0);
    let named = table.get("extends").and_then(Node::text).map(str::to_owned);
    named.or_else(|| (theme.name != DEFAULT).then(|| DEFAULT.to_owned()))
}

fn read_folder(folder: &Path, name: &str, found: &mut Diagnostics) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(folder).follow_links(false).sort_by_file_name() {
        let read = entry.map_err(std::io::Error::from).and_then(|entry| {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if hidden || !entry.file_type().is_file() {
                return Ok(());
            }
            let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            files.insert(parts.join("/"), std::fs::read(entry.path())?);
            Ok(())
        });
        if let Err(error) = read {
            let message =
                format!("a file of the theme `{name}` cannot be read: {}", reason(&error));
            found.push(
                Diagnostic::new(&codes::CONFIG_UNREADABLE, message)
                    .at(Place::file(format!("themes/{name}"))),
            );
        }
    }
    files
}

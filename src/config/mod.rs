//! `site.toml`, its preset and its theme: everything that is settled before
//! the first entry is read.
//!
//! Enters: the folder of a site. Leaves: a [`Site`] and findings with their
//! places in `site.toml`. This room reads the disk and never writes it.

mod appearance;
mod base_url;
mod images;
mod links;
mod pointers;
mod read;
mod settings;
mod shortcodes;
pub mod theme;

pub use appearance::{Appearance, Colour};
pub use base_url::BaseUrl;
pub use settings::{
    DeclaredList, FooterColumn, Funding, Home, Link, LinkTarget, OnBadEntry, Publisher, Settings,
};
pub use theme::ThemeFiles;

use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes, reason};
use crate::raw::reader::{Layers, Reader};
use crate::raw::{Table, merge, toml};
use crate::schema::{self, Schema, presets};
use crate::trace::{Trace, list};
use std::path::{Path, PathBuf};

/// The file that makes a folder a site.
pub const SITE_FILE: &str = "site.toml";

/// A site, as its maintainers configured it.
#[derive(Debug, Clone)]
pub struct Site {
    /// The folder that holds `site.toml`.
    pub root: PathBuf,
    /// The settings.
    pub settings: Settings,
    /// How it looks, where it differs from its theme.
    pub appearance: Appearance,
    /// The effective model.
    pub schema: Schema,
    /// The theme and those it extends, the nearest first; the one in the binary is not among them.
    pub themes: Vec<ThemeFiles>,
    /// Where each part of the merged configuration was written.
    pub layers: Layers,
}

impl Site {
    /// The folder of the entries.
    pub fn content_dir(&self) -> PathBuf {
        self.root.join(&self.settings.content)
    }
}

/// The nearest folder at or above `start` that holds a `site.toml`.
pub fn find_root(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|folder| folder.join(SITE_FILE).is_file()).map(Path::to_path_buf)
}

/// The bytes of a file that the command line names.
pub fn read_bytes(file: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(file)
}

/// The text of a file that is no part of the configuration.
pub fn read_text(file: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(file)
}

/// The text of a file that a finding names, to show the lines it is about;
/// `None` when there is none to show.
pub fn source_text(root: &Path, file: &str) -> Option<String> {
    let path = root.join(file);
    // Reading a pipe or a device may never end.
    if !path.metadata().is_ok_and(|meta| meta.is_file()) {
        return None;
    }
    // What is not UTF-8 still has lines, and places before its first bad byte.
    let bytes = std::fs::read(path).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether [`load`] would find nothing in a file that it reads (`named` are those that
/// `site.toml` names): an editor that empties a file before it writes it may not be done.
pub fn is_emptied(root: &Path, named: &[PathBuf], file: &Path) -> bool {
    let own = file == root.join(SITE_FILE)
        || file.starts_with(root.join(theme::FOLDER))
        || named.iter().any(|named| named == file);
    own && std::fs::read(file).is_ok_and(|bytes| bytes.is_empty())
}

/// Adds to a trace what [`load`] is going to read: all but the files that
/// `site.toml` names, which are known only then ([`Appearance::trace`]).
pub fn trace(root: &Path, trace: &mut Trace) {
    trace.add_file(&root.join(SITE_FILE));
    let themes = root.join(theme::FOLDER);
    trace.add_folder(&themes, &list(&themes, |_| false));
    for theme in theme::linked(&themes) {
        trace.add_folder(&theme, &list(&theme, |_| false));
    }
}

/// Reads the configuration of the site in `root`. There is no site when
/// `site.toml` is absent or is not TOML; otherwise what is sound is returned
/// beside what was found wrong.
pub fn load(root: &Path) -> (Option<Site>, Diagnostics) {
    let mut found = Diagnostics::default();
    let Some(text) = read_site_file(root, &mut found) else { return (None, found) };
    let mut layers = Layers::default();
    let (core, _) = toml::parse(presets::CORE.1, layers.add(presets::CORE.0, presets::CORE.1));
    let probe = toml::parse(&text, 0).0;
    let preset = preset_of(&probe);
    let preset_text = presets::find(preset).unwrap_or_default();
    let (preset_table, _) =
        toml::parse(preset_text, layers.add(&format!("preset {preset}"), preset_text));
    let mut model = merge::overlay(core, model_part(&preset_table));
    for (_, lang, text) in presets::LABELS.iter().filter(|(of, _, _)| *of == preset) {
        let base = layers.add(&format!("preset {preset}, {lang}"), text);
        let labels = presets::labels_layer(toml::parse(text, base).0, lang);
        model = merge::overlay(model, labels);
    }
    let (own, errors) = toml::parse(&text, layers.add(SITE_FILE, &text));
    if !errors.is_empty() {
        found.extend(errors.into_iter().map(|error| {
            let place = error.span.map_or(Place::file(SITE_FILE), |span| layers.place(&span));
            let found = Diagnostic::new(&codes::CONFIG_SYNTAX, error.message).at(place);
            if error.help.is_empty() { found } else { found.help(error.help) }
        }));
        return (None, found);
    }
    let model = merge::overlay(model, model_part(&own));
    let mut reader = Reader::new(&layers);
    let schema = schema::read(&mut reader, &model);
    let settings = read::settings(&mut reader, &own, &schema);
    pointers::check(&mut reader, &own, &schema, &settings);
    let appearance = appearance::read(&mut reader, root, &own);
    untranslated(&mut reader, &settings);
    found.append(reader.found);
    let named = own.get("theme").map_or(Place::file(SITE_FILE), |node| layers.place(&node.span));
    let themes = theme::load(root, &settings.theme, named, &mut found);
    (Some(Site { root: root.to_path_buf(), settings, appearance, schema, themes, layers }), found)
}

/// Notes in which of the site's languages its own texts, or the labels of its model, are
/// not written.
fn untranslated(reader: &mut Reader<'_>, settings: &Settings) {
    for lang in &settings.languages {
        let missing = reader.given.iter().filter(|(_, text)| !text.is_empty() && !text.is_in(lang));
        let places = missing.map(|(span, _)| reader.layers.place(span));
        let (own, others): (Vec<_>, Vec<_>) = places.partition(|place| &*place.file == SITE_FILE);
        let seen = "visitors see them in another language";
        if let Some(first) = own.first() {
            let message = format!("not in `{lang}`: {} of site.toml; {seen}", texts(own.len()));
            let help = format!("add {lang} = \"…\" to each; this is the first");
            let found = Diagnostic::new(&codes::CONFIG_UNTRANSLATED, message).at(first.clone());
            reader.found.push(found.help(help));
        }
        if !others.is_empty() {
            let message = format!("not in `{lang}`: {} of the preset; {seen}", texts(others.len()));
            let help = format!(
                "give your own, such as [types.practice] with label = {{ {lang} = \"…\" }}; `exempla schema` shows them"
            );
            let found = Diagnostic::new(&codes::CONFIG_UNTRANSLATED, message).help(help);
            reader.found.push(found.at(Place::file(SITE_FILE)));
        }
    }
}

fn texts(count: usize) -> String {
    if count == 1 { "1 text".into() } else { format!("{count} texts") }
}

/// The keys that declare the model rather than the site.
const MODEL_KEYS: [&str; 4] = ["types", "fields", "fieldsets", "vocabulary"];

fn model_part(table: &Table) -> Table {
    let keep =
        |(key, _): &&(crate::raw::Key, crate::raw::Node)| MODEL_KEYS.contains(&key.text.as_str());
    Table { entries: table.entries.iter().filter(keep).cloned().collect() }
}

fn preset_of(table: &Table) -> &str {
    table.get("preset").and_then(|node| node.text()).unwrap_or("good-practices")
}

fn read_site_file(root: &Path, found: &mut Diagnostics) -> Option<String> {
    let path = root.join(SITE_FILE);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            found.push(
                Diagnostic::new(&codes::CONFIG_MISSING, format!("there is no {SITE_FILE} in {}", root.display()))
                    .help("run exempla in a site's folder, name one with --root, or make one with `exempla init`"),
            );
            return None;
        }
        Err(error) => {
            let message = format!("{SITE_FILE} cannot be read: {}", reason(&error));
            found.push(
                Diagnostic::new(&codes::CONFIG_UNREADABLE, message).at(Place::file(SITE_FILE)),
            );
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            found.push(
                Diagnostic::new(&codes::CONFIG_SYNTAX, "from here on this is not UTF-8 text")
                    .at(Place::span(SITE_FILE, at..at + 1))
                    .help("save the file with the encoding UTF-8"),
            );
            None
        }
    }
}

//! Which type an entry is of.

use super::Entry;
use crate::content::SourceEntry;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::raw::Node;
use crate::raw::reader::suggest;
use crate::schema::{EntryType, Schema};
use globset::{Glob, GlobMatcher};
use std::collections::BTreeMap;

/// The type of the files that introduce a list or the home page.
pub(super) const INDEX: &str = "index";

/// Finds the type of entries, by their own word, by glob or by folder.
pub(super) struct Claims<'s> {
    schema: &'s Schema,
    globs: Vec<(GlobMatcher, &'s EntryType)>,
    /// Longest folder first, so that the nearest claims.
    folders: Vec<(&'s str, &'s EntryType)>,
}

impl<'s> Claims<'s> {
    pub fn new(schema: &'s Schema) -> Self {
        let mut globs = Vec::new();
        let mut folders = Vec::new();
        for entry_type in schema.types.values() {
            // A glob that is none was reported with the schema.
            let sound = entry_type.globs.iter().filter_map(|glob| Glob::new(glob).ok());
            globs.extend(sound.map(|glob| (glob.compile_matcher(), entry_type)));
            folders.extend(entry_type.folders.iter().map(|folder| (folder.as_str(), entry_type)));
        }
        folders.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        Self { schema, globs, folders }
    }

    /// The type of an entry; reports when it has none.
    pub fn claim(&self, entry: &SourceEntry, found: &mut Diagnostics) -> Option<&'s EntryType> {
        if self.introduces(entry) {
            return self.schema.types.get(INDEX);
        }
        let place = self.by_place(entry);
        if let Some(node) = entry.front.get("type")
            && let Some(word) = node.text()
        {
            let word = word.trim();
            if let Some(entry_type) = self.schema.types.get(word) {
                return Some(entry_type);
            }
            // A folder that is claimed keeps its say: other tools use `type` too.
            let known: Vec<&str> = self.schema.types.keys().map(String::as_str).collect();
            let mut diagnostic =
                Diagnostic::new(&codes::CONTENT_UNKNOWN_TYPE, format!("there is no type `{word}`"))
                    .at(Place::span(entry.file.clone(), node.span.clone()))
                    .help(suggest(word, &known));
            if place.is_none() {
                found.push(diagnostic);
                return None;
            }
            diagnostic.level = crate::diagnostic::Level::Info;
            found.push(diagnostic);
        }
        if place.is_none() {
            found.push(
                Diagnostic::new(
                    &codes::CONTENT_UNCLAIMED,
                    "no type claims this file, so it is not a page",
                )
                .at(Place::file(entry.file.clone()))
                .help(
                    "move it to a type's folder, give it a `type`, or leave it out with `ignore`",
                ),
            );
        }
        place
    }

    fn by_place(&self, entry: &SourceEntry) -> Option<&'s EntryType> {
        let glob = self.globs.iter().find(|(glob, _)| glob.is_match(&entry.location.path));
        let under = |folder: &str| {
            folder.is_empty()
                || entry.location.key.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        glob.map(|(_, entry_type)| *entry_type).or_else(|| {
            self.folders.iter().find(|(folder, _)| under(folder)).map(|(_, entry_type)| *entry_type)
        })
    }

    /// Whether a file is the `index.md` of the site or of a type's folder.
    fn introduces(&self, entry: &SourceEntry) -> bool {
        let location = &entry.location;
        // A type whose folder is everything has no index of its own to introduce.
        location.is_index
            && entry
                .front
                .get("type")
                .and_then(Node::text)
                .is_none_or(|word| !self.schema.types.contains_key(word))
            && (location.key == INDEX
                || self
                    .folders
                    .iter()
                    .any(|(_, of)| of.list && of.folders.first() == Some(&location.key)))
    }
}

/// The introductions by key and language: `practices` or, for the home page, `index`.
pub(super) fn intros(entries: &[Entry]) -> BTreeMap<(String, String), usize> {
    entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.is_intro())
        .map(|(at, entry)| ((entry.location.key.clone(), entry.lang.clone()), at))
        .collect()
}

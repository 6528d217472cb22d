//! What the links and pictures of a body lead to, and those that lead nowhere.

use super::files::{decode, join, literal};
use super::index::{Absence, Found};
use super::{Entry, Model};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::markdown::Kind as LinkKind;

/// What a link in a body leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTo {
    /// An entry, and the fragment behind it with its `#`.
    Entry(usize, String),
    /// A file, by content path.
    File(String),
    /// A list of a type, by the type's id.
    List(String),
    /// A page of the site written as its address; whether it exists is for the audit to say.
    Address,
    /// An entry that is not part of the site.
    Absent(Absence),
    /// Nothing.
    Nowhere,
}

impl Model {
    /// What the target of a link in an entry's body leads to.
    pub fn link(&self, from: &Entry, target: &str) -> LinkTo {
        if let Some(path) = literal(target, from.location.folder(), &self.files) {
            return LinkTo::File(path);
        }
        let cut = target.find(['#', '?']).unwrap_or(target.len());
        let (path, fragment) = target.split_at(cut);
        let path = decode(path);
        let Some(joined) = join(from.location.folder(), &path) else { return LinkTo::Nowhere };
        let fragment = fragment.to_owned();
        for name in [
            joined.clone(),
            format!("{joined}.md"),
            format!("{joined}/index.md"),
            format!("{joined}/_index.md"),
        ] {
            if let Some(at) = self.index.paths.get(&name) {
                return self.reach(*at, &from.lang, fragment);
            }
        }
        if let Some(at) = self.index.urls.get(&format!("{}/", path.trim_matches('/'))) {
            return self.reach(*at, &self.entries[*at].lang, fragment);
        }
        if self.files.contains_key(&joined) {
            return LinkTo::File(joined);
        }
        let absent = || self.index.absence(joined.trim_end_matches(".md"));
        match (self.index.find(&path, &|_| true), absent()) {
            (Found::One(at), _) => self.reach(at, &from.lang, fragment),
            (Found::Absent(why), _) | (_, Some(why)) => LinkTo::Absent(why),
            _ if path.starts_with('/') && !path.ends_with(".md") => LinkTo::Address,
            _ => LinkTo::Nowhere,
        }
    }

    /// A link to an entry in a language, or to the list that it introduces.
    fn reach(&self, at: usize, lang: &str, fragment: String) -> LinkTo {
        let entry = &self.entries[at];
        match entry.is_intro() {
            true => LinkTo::List(entry.location.key.clone()),
            false => LinkTo::Entry(self.in_language(at, lang), fragment),
        }
    }

    /// The translation of an entry in a language, else the entry in the default
    /// language, else in the first that it is written in.
    pub fn in_language(&self, at: usize, lang: &str) -> usize {
        let mut group = self.index.group(&self.entries[at].id);
        let first = group.next().unwrap_or(at);
        let mut all = std::iter::once(first).chain(group);
        all.find(|other| self.entries[*other].lang == lang).unwrap_or(first)
    }

    /// The content path of the file that a target in a body means, if it is one.
    pub fn file_of(&self, from: &Entry, target: &str) -> Option<String> {
        let folder = from.location.folder();
        literal(target, folder, &self.files).or_else(|| {
            let path = decode(target.split(['?', '#']).next().unwrap_or(""));
            join(folder, &path).filter(|path| self.files.contains_key(path))
        })
    }

    /// Reports every link and image of an entry's bodies that leads nowhere.
    pub fn check_links(&self, entry: &Entry, found: &mut Diagnostics) {
        for body in entry.bodies() {
            for link in body.links().iter().filter(|link| link.kind == LinkKind::Local) {
                let place = Place::span(entry.file.clone(), link.span.clone());
                match self.link(entry, &link.target) {
                    LinkTo::Nowhere => found.push(self.dangling(&link.target).at(place)),
                    LinkTo::Absent(Absence::Unpublished) => {
                        let message =
                            format!("`{}` leads to an entry that is not published", link.target);
                        found.push(
                            Diagnostic::new(&codes::MODEL_UNPUBLISHED_REFERENCE, message)
                                .at(place)
                                .help(super::graph::PUBLISH),
                        );
                    }
                    _ => {}
                }
            }
            for image in body.images().iter().filter(|image| image.kind == LinkKind::Local) {
                if self.file_of(entry, &image.src).is_none() {
                    let message = format!("there is no picture `{}`", image.src);
                    let help = "put it beside the entry; capital and small letters count";
                    found.push(
                        Diagnostic::new(&codes::CONTENT_MISSING_IMAGE, message)
                            .at(Place::span(entry.file.clone(), image.span.clone()))
                            .help(help),
                    );
                }
            }
        }
    }

    fn dangling(&self, target: &str) -> Diagnostic {
        let message = format!("`{target}` leads nowhere");
        let name = target.trim_end_matches(".md").rsplit('/').next().unwrap_or(target);
        let diagnostic = Diagnostic::new(&codes::MODEL_DANGLING_LINK, message);
        match self.index.near(name) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(
                "write the path of the file it should lead to, or a whole address with https://",
            ),
        }
    }
}

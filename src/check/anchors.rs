//! Links to a part of an entry that has no such part.

use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes, nearest::nearest};
use crate::markdown::Body;
use crate::model::{Entry, LinkTo, Model};

pub(super) fn check(model: &Model, entry: &Entry, found: &mut Diagnostics) {
    for link in entry.bodies().into_iter().flat_map(Body::links) {
        let Some((_, part)) = link.target.split_once('#').filter(|(_, part)| !part.is_empty())
        else {
            continue;
        };
        let target = match model.link(entry, &link.target) {
            _ if link.target.starts_with('#') => entry,
            LinkTo::Entry(at, _) => &model.entries[at],
            _ => continue,
        };
        if let Some(diagnostic) = missing(target, part) {
            found.push(diagnostic.at(Place::span(entry.file.clone(), link.span.clone())));
        }
    }
}

/// Only headings are known here; an id that an editor wrote in HTML may still be
/// there, so this is no more than a note.
fn missing(target: &Entry, part: &str) -> Option<Diagnostic> {
    let ids = || target.body.headings().iter().map(|heading| heading.id.as_str());
    if ids().any(|id| id == part) || part.starts_with("fn") {
        return None;
    }
    let message = format!("`{}` has no heading with the anchor `#{part}`", target.title);
    let diagnostic = Diagnostic::new(&codes::CHECK_ANCHOR, message);
    Some(match nearest(part, ids()) {
        Some(near) => diagnostic.help(format!("did you mean `#{near}`?")),
        None => diagnostic,
    })
}

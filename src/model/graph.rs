//! References between entries, found in both directions.

use super::index::{Absence, Found, Index};
use super::{Entry, Origin, Reference, Value};
use crate::config::Site;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::schema::{Field, FieldKind};
use std::sync::Arc;

/// What to do about a reference to an entry that is not published.
pub(super) const PUBLISH: &str = "publish that entry, or take its name out here";

/// A link as its other end sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The entry that refers.
    pub from: usize,
    /// The field that it refers by, for its label at this end.
    pub field: String,
    /// The name of this end, as the field declares it.
    pub inverse: String,
}

/// Finds the target of every reference and returns, for each entry, who refers to it.
pub(super) fn join(
    site: &Site,
    entries: &mut [Entry],
    index: &Index,
    found: &mut Diagnostics,
) -> Vec<Vec<Incoming>> {
    let kinds: Vec<(String, String)> =
        entries.iter().map(|e| (e.id.clone(), e.kind.clone())).collect();
    let targets = Targets { index, named: &|at| (&kinds[at].0, &kinds[at].1) };
    let mut incoming = vec![Vec::new(); entries.len()];
    for (from, entry) in entries.iter_mut().enumerate() {
        targets.join(site, from, entry, found, &mut |end, link| {
            let links: &mut Vec<Incoming> = &mut incoming[end];
            if !links.contains(&link) {
                links.push(link);
            }
        });
    }
    incoming
}

/// Finds the targets of one entry's references among `entries`, and tells the links.
pub(super) fn join_one(
    site: &Site,
    entries: &[Entry],
    index: &Index,
    (from, entry): (usize, &mut Entry),
    found: &mut Diagnostics,
) -> Vec<(usize, Incoming)> {
    let targets = Targets { index, named: &|at| (&entries[at].id, &entries[at].kind) };
    let mut links = Vec::new();
    targets.join(site, from, entry, found, &mut |end, link| links.push((end, link)));
    links
}

/// Puts the links of one entry in the place of those that it had `before`.
pub(super) fn relink(
    incoming: &mut [Vec<Incoming>],
    index: &Index,
    entries: &[Entry],
    (from, before): (usize, &Entry),
    links: Vec<(usize, Incoming)>,
) {
    for stored in before.values.values() {
        stored.value.walk(&mut |value| {
            if let Value::Ref(Reference { target: Some(target), .. }) = value {
                for end in index.group(&entries[*target].id) {
                    incoming[end].retain(|link| link.from != from);
                }
            }
        });
    }
    for (end, link) in links {
        let known = &mut incoming[end];
        if !known.contains(&link) {
            known.insert(known.partition_point(|other| other.from <= from), link);
        }
    }
}

struct Targets<'a> {
    index: &'a Index,
    /// The id and type of each entry.
    named: &'a dyn Fn(usize) -> (&'a str, &'a str),
}

impl Targets<'_> {
    /// Finds the targets of an entry's references; for each that has an inverse the other
    /// end is told of the link.
    fn join(
        &self,
        site: &Site,
        from: usize,
        entry: &mut Entry,
        found: &mut Diagnostics,
        tell: &mut dyn FnMut(usize, Incoming),
    ) {
        let entry_type = &site.schema.types[entry.kind.as_str()];
        // What refers to nothing may stay what others hold too.
        if !entry.values.values().any(|stored| stored.value.refers()) {
            return;
        }
        for (name, stored) in Arc::make_mut(&mut entry.values) {
            let Some(field) = entry_type.fields.get(name) else { continue };
            // What the original gives is wrong there; told twice, it is shown once.
            let file = match (&stored.origin, &entry.original) {
                (Origin::Original, Some(original)) => &original.file,
                _ => &entry.file,
            };
            let mut joiner = Joiner { targets: self, file, found };
            joiner.value(field, &mut stored.value, &mut |field, target| {
                if let FieldKind::Ref { inverse: Some(inverse), .. } = &field.kind {
                    let link = Incoming { from, field: name.clone(), inverse: inverse.clone() };
                    // The other end is the entry in every language that it is written in.
                    for end in self.index.group((self.named)(target).0) {
                        tell(end, link.clone());
                    }
                }
            });
        }
    }

    /// Finds a reference's target among entries of the types that are allowed.
    fn find(&self, reference: &Reference, to: &[String]) -> Result<Option<usize>, Diagnostic> {
        let fits = |at: usize| to.is_empty() || to.iter().any(|kind| kind == (self.named)(at).1);
        let allowed = |id: &str| self.index.group(id).any(fits);
        match self.index.find(&reference.text, &allowed) {
            Found::One(at) if fits(at) => Ok(Some(at)),
            Found::One(at) => {
                let (id, kind) = (self.named)(at);
                let message =
                    format!("`{id}` is a {kind}, and this field names a {}", to.join(" or a "));
                let help = "name another entry, or move the name to a field that fits";
                Err(Diagnostic::new(&codes::MODEL_REFERENCE_TYPE, message).help(help))
            }
            Found::Several(ids) => {
                let message = format!("`{}` may mean {}", reference.text, ids.join(" or "));
                let help = "write the whole id of the one you mean";
                Err(Diagnostic::new(&codes::MODEL_AMBIGUOUS_REFERENCE, message).help(help))
            }
            Found::Absent(Absence::Faulty) => Ok(None),
            Found::Absent(Absence::Unpublished) => {
                let message = format!("`{}` is not published, so this is left out", reference.text);
                Err(Diagnostic::new(&codes::MODEL_UNPUBLISHED_REFERENCE, message).help(PUBLISH))
            }
            Found::None => {
                let message = format!("there is no entry `{}`", reference.text);
                let diagnostic = Diagnostic::new(&codes::MODEL_DANGLING_REFERENCE, message);
                Err(match self.index.near(&reference.text) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic
                        .help("write the id of an entry, such as practices/open-data-portal"),
                })
            }
        }
    }
}

struct Joiner<'a, 't> {
    targets: &'a Targets<'t>,
    file: &'a Arc<str>,
    found: &'a mut Diagnostics,
}

impl Joiner<'_, '_> {
    fn value(&mut self, field: &Field, value: &mut Value, joined: &mut dyn FnMut(&Field, usize)) {
        match (&field.kind, value) {
            (FieldKind::List(item), Value::List(values)) => {
                values.iter_mut().for_each(|value| self.value(item, value, joined));
            }
            (FieldKind::Table(fields), Value::Table(cells)) => {
                for (name, cell) in cells {
                    if let Some(field) = fields.get(name) {
                        self.value(field, cell, joined);
                    }
                }
            }
            (FieldKind::Ref { to, .. }, Value::Ref(reference)) => {
                // Entries may have been left out since they were last joined.
                reference.target = None;
                match self.targets.find(reference, to) {
                    Ok(target) => {
                        reference.target = target;
                        target.into_iter().for_each(|at| joined(field, at));
                    }
                    Err(diagnostic) => {
                        self.found.push(
                            diagnostic.at(Place::span(self.file.clone(), reference.span.clone())),
                        );
                    }
                }
            }
            _ => {}
        }
    }
}

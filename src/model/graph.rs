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
    let targets = Targets { index, kinds: &kinds };
    let mut incoming = vec![Vec::new(); entries.len()];
    for (from, entry) in entries.iter_mut().enumerate() {
        let entry_type = &site.schema.types[entry.kind.as_str()];
        // What refers to nothing may stay what others hold too.
        if !entry.values.values().any(|stored| stored.value.refers()) {
            continue;
        }
        for (name, stored) in Arc::make_mut(&mut entry.values) {
            let Some(field) = entry_type.fields.get(name) else { continue };
            // What the original gives is wrong there; told twice, it is shown once.
            let file = match (&stored.origin, &entry.original) {
                (Origin::Original, Some(original)) => &original.file,
                _ => &entry.file,
            };
            let mut joiner = Joiner { targets: &targets, file, found };
            joiner.value(field, &mut stored.value, &mut |field, target| {
                if let FieldKind::Ref { inverse: Some(inverse), .. } = &field.kind {
                    let link = Incoming { from, field: name.clone(), inverse: inverse.clone() };
                    // The other end is the entry in every language that it is written in.
                    for end in index.group(&kinds[target].0) {
                        let links: &mut Vec<Incoming> = &mut incoming[end];
                        if !links.contains(&link) {
                            links.push(link.clone());
                        }
                    }
                }
            });
        }
    }
    incoming
}

struct Targets<'a> {
    index: &'a Index,
    /// The id and type of each entry.
    kinds: &'a [(String, String)],
}

impl Targets<'_> {
    /// Finds a reference's target among entries of the types that are allowed.
    fn find(&self, reference: &Reference, to: &[String]) -> Result<Option<usize>, Diagnostic> {
        let fits = |at: usize| to.is_empty() || to.contains(&self.kinds[at].1);
        let allowed = |id: &str| self.index.group(id).any(fits);
        match self.index.find(&reference.text, &allowed) {
            Found::One(at) if fits(at) => Ok(Some(at)),
            Found::One(at) => {
                let (id, kind) = &self.kinds[at];
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

struct Joiner<'a> {
    targets: &'a Targets<'a>,
    file: &'a Arc<str>,
    found: &'a mut Diagnostics,
}

impl Joiner<'_> {
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

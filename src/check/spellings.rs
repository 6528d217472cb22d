//! Tags that are one tag in several spellings.

use crate::config::Site;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::model::{Facet, Model, Value, slug};
use crate::schema::{FacetField, FieldKind};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// Reports free values of a facet that differ in case, blanks or a plural only.
pub(super) fn check(site: &Site, model: &Model, found: &mut Diagnostics) {
    let Some(facets) = model.facets.get(site.settings.default_language()) else { return };
    let mut fields = IndexMap::new();
    for of in site.schema.types.values().flat_map(|entry_type| entry_type.facets()) {
        fields.entry(of.name()).or_insert(of);
    }
    for facet in facets.values() {
        let Some(of) = fields.get(&facet.field) else { continue };
        if matches!(of.field().item().kind, FieldKind::Text) {
            within(model, facet, *of, found);
            between(model, facet, found);
        }
    }
}

/// Spellings that already count as one value.
fn within(model: &Model, facet: &Facet, of: FacetField<'_>, found: &mut Diagnostics) {
    for value in &facet.values {
        let mut spellings: BTreeMap<&str, usize> = BTreeMap::new();
        for at in &value.entries {
            let values = model.entries[*at].facet_values(of);
            let texts = values.into_iter().flat_map(Value::items);
            for text in texts.filter_map(Value::as_text) {
                // A slug costs more than a look.
                if !spellings.contains_key(text) && slug(text) == value.id {
                    spellings.insert(text, *at);
                }
            }
        }
        if spellings.len() > 1 {
            let words: Vec<String> = spellings.keys().map(|word| format!("`{word}`")).collect();
            let message =
                format!("{} are spellings of one value of `{}`", words.join(" and "), facet.field);
            report(
                model,
                spellings.values().copied().max(),
                message,
                "use one spelling everywhere",
                found,
            );
        }
    }
}

/// Values that differ by a plural's ending or by hyphens only.
fn between(model: &Model, facet: &Facet, found: &mut Diagnostics) {
    let mut stems: BTreeMap<String, &str> = BTreeMap::new();
    for value in &facet.values {
        let joined = value.id.replace('-', "");
        let stem =
            joined.strip_suffix("es").or_else(|| joined.strip_suffix('s')).unwrap_or(&joined);
        if stem.chars().count() < 4 {
            continue;
        }
        match stems.get(stem) {
            Some(other) => {
                let message = format!(
                    "`{}` and `{other}` may be one value of `{}`",
                    value.label, facet.field
                );
                let help = "if they mean the same, use one of them everywhere";
                report(model, value.entries.first().copied(), message, help, found);
            }
            None => {
                stems.insert(stem.to_owned(), &value.label);
            }
        }
    }
}

fn report(model: &Model, at: Option<usize>, message: String, help: &str, found: &mut Diagnostics) {
    let Some(entry) = at.map(|at| &model.entries[at]) else { return };
    let place = Place::file(entry.file.clone());
    found.push(Diagnostic::new(&codes::CHECK_SPELLINGS, message).at(place).help(help));
}

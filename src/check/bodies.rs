//! Entries that say nothing yet: empty bodies and words left from a form.

use crate::config::Site;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::model::{Entry, Model, Value};

/// What a form or a skeleton leaves behind, in lower case.
const PLACEHOLDERS: &[&str] = &[
    "some text here",
    "lorem ipsum",
    "your text here",
    "to be completed",
    "[title here]",
    "[description here",
    "insert text",
];

pub(super) fn check(site: &Site, model: &Model, found: &mut Diagnostics) {
    for entry in &model.entries {
        let place = || Place::file(entry.file.clone());
        if is_silent(site, model, entry) {
            let message = "this entry has no text";
            let help = format!(
                "write what a visitor would want to know, or set `status = \"draft\"`; \
                 if a `{}` needs none, write `body = \"optional\"` in its type",
                entry.kind
            );
            found.push(Diagnostic::new(&codes::CHECK_EMPTY_BODY, message).at(place()).help(help));
        }
        if let Some(words) = placeholder(entry) {
            let message = format!("`{words}` looks like text that was to be replaced");
            let help = "write the real words, or leave the field out";
            found.push(Diagnostic::new(&codes::CHECK_PLACEHOLDER, message).at(place()).help(help));
        }
    }
}

/// Whether an entry has nothing to read where its type wants a text. What
/// introduces a list has the list.
fn is_silent(site: &Site, model: &Model, entry: &Entry) -> bool {
    !entry.is_intro()
        && model.type_of(&site.schema, entry).needs_body
        && entry.bodies().iter().all(|body| body.is_empty())
}

fn placeholder(entry: &Entry) -> Option<&'static str> {
    let mut texts =
        vec![entry.title.to_lowercase(), entry.summary.clone().unwrap_or_default().to_lowercase()];
    for stored in entry.values.values() {
        stored.value.walk(&mut |value| {
            if let Value::Text(text) = value {
                texts.push(text.to_lowercase());
            }
        });
    }
    texts.push(entry.body.text().to_lowercase());
    PLACEHOLDERS.iter().find(|words| texts.iter().any(|text| text.contains(**words))).copied()
}

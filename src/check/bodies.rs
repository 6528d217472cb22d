//! Entries that say nothing yet: empty bodies and words left from a form.

use crate::config::Site;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::model::{Entry, Model, Value};
use regex::Regex;
use std::sync::LazyLock;

/// What a form or a skeleton leaves behind.
static PLACEHOLDERS: LazyLock<Regex> = LazyLock::new(|| {
    let words = [
        "some text here",
        "lorem ipsum",
        "your text here",
        "to be completed",
        "[title here]",
        "[description here",
        "insert text",
    ];
    let any = words.map(regex::escape).join("|");
    Regex::new(&format!("(?i){any}")).expect("escaped words")
});

pub(super) fn check(site: &Site, model: &Model, entry: &Entry, found: &mut Diagnostics) {
    let place = || Place::file(entry.file.clone());
    if is_silent(site, model, entry) {
        let message = "this entry has no text";
        let help = format!(
            "write what a visitor would want to know, or make it a draft until then; \
             if a `{}` needs none, write `body = \"optional\"` in its type in site.toml",
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

/// Whether an entry has nothing to read where its type wants a text. What
/// introduces a list has the list.
fn is_silent(site: &Site, model: &Model, entry: &Entry) -> bool {
    !entry.is_intro()
        && entry.hidden.is_none()
        && model.type_of(&site.schema, entry).needs_body
        && entry.bodies().iter().all(|body| body.is_empty())
}

fn placeholder(entry: &Entry) -> Option<String> {
    let words = |text: &str| PLACEHOLDERS.find(text).map(|found| found.as_str().to_lowercase());
    let mut of_values = None;
    for stored in entry.values.values() {
        stored.value.walk(&mut |value| {
            if let Value::Text(text) = value {
                of_values = of_values.take().or_else(|| words(text));
            }
        });
    }
    words(&entry.title)
        .or_else(|| words(entry.summary.as_deref()?))
        .or(of_values)
        .or_else(|| words(entry.body.text()))
}

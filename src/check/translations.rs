//! Translations that their originals have left behind, those of which that is
//! unknown, and those that are missing.

use crate::config::Site;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::model::Model;
use indexmap::IndexMap;

pub(super) fn check(site: &Site, model: &Model, found: &mut Diagnostics) {
    for entry in &model.entries {
        let Some(original) = model.changed_original(entry) else { continue };
        let day = |entry| model.last_change(entry).map(|day| day.iso()).unwrap_or_default();
        let message = format!(
            "the original has changed on {}, after this translation of {}",
            day(original),
            day(entry)
        );
        found.push(
            Diagnostic::new(&codes::CHECK_OUTDATED_TRANSLATION, message)
                .at(Place::file(entry.file.clone()))
                .related(Place::file(original.file.clone()), "the original")
                .help("bring it up to date; if it is, write the day as its `updated`"),
        );
    }
    undated(site, model, found);
    for (lang, shown) in &model.shown {
        missing(site, model, lang, shown, found);
    }
}

/// One finding a site, with its reason.
fn undated(site: &Site, model: &Model, found: &mut Diagnostics) {
    let of_model = model.entries.iter();
    let translations = match of_model.filter(|entry| model.is_undated_translation(entry)).count() {
        0 => return,
        1 => "1 translation is up to date: it or its original has".to_owned(),
        n => format!("{n} translations are up to date: they or their originals have"),
    };
    let (why, help) = match site.settings.git {
        true => (
            "git does not tell when they last changed",
            "`content/history` says what git lacks; or write `updated` in both files",
        ),
        false => {
            ("git is not asked", "write `git = true` in site.toml, or `updated` in both files")
        }
    };
    let message = format!("it is unknown whether {translations} no `updated`, and {why}");
    found.push(Diagnostic::new(&codes::CHECK_UNDATED_TRANSLATIONS, message).help(help));
}

/// One finding a language: nobody wants one for each entry.
fn missing(site: &Site, model: &Model, lang: &str, shown: &[usize], found: &mut Diagnostics) {
    let mut types: IndexMap<&str, usize> = IndexMap::new();
    let missing = shown.iter().map(|at| &model.entries[*at]).filter(|entry| entry.lang != lang);
    for entry in missing {
        *types.entry(entry.kind.as_str()).or_default() += 1;
    }
    if types.is_empty() {
        return;
    }
    let default = site.settings.default_language();
    let count = |(kind, n): (&&str, &usize)| {
        let of = &site.schema.types[*kind];
        let label = if *n == 1 { &of.label } else { &of.plural };
        format!("{n} {}", label.get("en", default).to_lowercase())
    };
    let counts: Vec<String> = types.iter().map(count).collect();
    let all: usize = types.values().sum();
    let message =
        format!("not in `{lang}`: {all} of {} entries ({})", shown.len(), counts.join(", "));
    found.push(
        Diagnostic::new(&codes::CHECK_MISSING_TRANSLATIONS, message)
            .help("visitors see them in the language they are written in, marked so"),
    );
}

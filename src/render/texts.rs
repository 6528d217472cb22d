//! What is wrong with the UI texts of a site's themes, where pages can be made
//! all the same.
//!
//! Enters: the themes and the languages of a site. Leaves: findings on texts
//! that no page shows, and on languages that have none.

use super::Theme;
use crate::config::ThemeFiles;
use crate::diagnostic::{Diagnostic, Place, codes, nearest::nearest};
use crate::raw::{Key, Table, toml as raw};
use std::collections::BTreeSet;

/// Texts that neither the default theme has nor a template asks for.
pub(super) fn unknown(of_site: &[ThemeFiles], themes: &[Theme]) -> Vec<Diagnostic> {
    let mut known = BTreeSet::new();
    let english = Theme::default_theme().texts.remove("en").unwrap_or_default();
    paths_of(&english, "", &mut known);
    // A template may ask for a text, or for all the texts above it.
    let asked = |path: &str| {
        let above = path.match_indices('.').map(|(at, _)| &path[..at]);
        let asks = |call: &str| {
            let call = format!("t.{call}");
            let more = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
            let asks = |text: &String| {
                text.match_indices(&call).any(|(at, _)| !text[at + call.len()..].starts_with(more))
            };
            themes.iter().any(|theme| theme.templates.values().any(asks))
        };
        above.chain([path]).any(asks)
    };
    let mut found = Vec::new();
    for theme in of_site {
        for (file, bytes) in theme.files.iter().filter(|(path, _)| is_texts(path)) {
            let (table, _) = raw::parse(&String::from_utf8_lossy(bytes), 0);
            let mut texts = Vec::new();
            keys_of(&table, "", &mut texts);
            let strange =
                texts.into_iter().filter(|(path, _)| !known.contains(path) && !asked(path));
            found.extend(strange.map(|(path, key)| {
                let help = match nearest(&path, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("take it out, or show it in a template: `{{{{ t.{path} }}}}`"),
                };
                let place = format!("themes/{}/{file}", theme.name);
                Diagnostic::new(
                    &codes::THEME_UNKNOWN_TEXT,
                    format!("no page shows the text `{path}`"),
                )
                .at(Place::span(place, key.span.clone()))
                .help(help)
            }));
        }
    }
    found
}

/// The languages whose texts a language's pages show, the nearest first.
pub(super) fn chain<'l>(lang: &'l str, first: &'l str) -> [&'l str; 4] {
    [lang, lang.split('-').next().unwrap_or(lang), first, "en"]
}

/// Of which language the UI texts of a language's pages are, if not of their own.
pub(super) fn foreign<'l>(themes: &[Theme], lang: &'l str, first: &'l str) -> Option<&'l str> {
    let has = |lang: &str| themes.iter().any(|theme| theme.texts.contains_key(lang));
    let own = chain(lang, first);
    let at = own.iter().position(|lang| has(lang))?;
    (own[at] != own[0] && own[at] != own[1]).then_some(own[at])
}

/// Languages of which no theme has a text.
pub(super) fn missing(themes: &[Theme], languages: &[&str]) -> Vec<Diagnostic> {
    let first = languages.first().copied().unwrap_or("en");
    let missing = languages.iter().filter_map(|lang| Some((lang, foreign(themes, lang, first)?)));
    missing
        .map(|(lang, shown)| {
            let message = format!(
                "the theme has no texts in `{lang}`, so menus, buttons and dates of these pages are in `{shown}`"
            );
            let help = format!(
                "translate i18n/en.toml of the default theme, as `i18n/{lang}.toml` of a theme of your own"
            );
            Diagnostic::new(&codes::THEME_UNTRANSLATED, message).help(help)
        })
        .collect()
}

fn is_texts(path: &str) -> bool {
    path.starts_with("i18n/") && path.ends_with(".toml")
}

/// The dotted path of every text; plural forms are one text.
fn paths_of(table: &toml::Table, at: &str, out: &mut BTreeSet<String>) {
    for (key, value) in table {
        match value.as_table().filter(|forms| !forms.contains_key("other")) {
            Some(texts) => paths_of(texts, &format!("{at}{key}."), out),
            None => {
                out.insert(format!("{at}{key}"));
            }
        }
    }
}

/// The same, with the place of each.
fn keys_of<'t>(table: &'t Table, at: &str, out: &mut Vec<(String, &'t Key)>) {
    for (key, node) in &table.entries {
        match node.table().filter(|forms| forms.get("other").is_none()) {
            Some(texts) => keys_of(texts, &format!("{at}{}.", key.text), out),
            None => out.push((format!("{at}{}", key.text), key)),
        }
    }
}

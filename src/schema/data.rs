//! Names of countries, languages and licences, from the tables beside this file.

use crate::raw::reader::Localised;
use crate::raw::{Node, Table, toml};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A licence that a body of practices may carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// Its full name, in English.
    pub name: String,
    /// Where its text stands.
    pub url: String,
}

static COUNTRIES: LazyLock<BTreeMap<String, Localised>> =
    LazyLock::new(|| names(include_str!("data/countries.toml")));
static LANGUAGES: LazyLock<BTreeMap<String, Localised>> =
    LazyLock::new(|| names(include_str!("data/languages.toml")));
static LICENCES: LazyLock<BTreeMap<String, Licence>> = LazyLock::new(|| {
    let text = |table: &Table, key| table.get(key).and_then(Node::text).unwrap_or("").to_owned();
    tables(include_str!("data/licences.toml"))
        .map(|(id, table)| (id, Licence { name: text(&table, "name"), url: text(&table, "url") }))
        .collect()
});

/// The country of an ISO 3166-1 alpha-2 code in any case, or `EU`: code and names.
pub fn country(code: &str) -> Option<(&'static str, &'static Localised)> {
    COUNTRIES.get_key_value(&code.to_uppercase()).map(|(code, names)| (code.as_str(), names))
}

/// The country that has this name in one of the languages known.
pub fn country_named(name: &str) -> Option<&'static str> {
    named(&COUNTRIES, name)
}

/// All codes of countries.
pub fn country_codes() -> impl Iterator<Item = &'static str> {
    COUNTRIES.keys().map(String::as_str)
}

/// The names of a language by its BCP 47 tag: the whole tag's, else its primary subtag's.
pub fn language(tag: &str) -> Option<&'static Localised> {
    LANGUAGES.get(tag).or_else(|| LANGUAGES.get(tag.split('-').next()?))
}

/// The language that has this name in one of the languages known.
pub fn language_named(name: &str) -> Option<&'static str> {
    named(&LANGUAGES, name)
}

/// A language's own name, else its tag.
pub fn endonym(tag: &str) -> &str {
    language(tag).map_or(tag, |names| names.get("own", "en"))
}

/// A licence by its SPDX identifier, without regard to case.
pub fn licence(id: &str) -> Option<(&'static str, &'static Licence)> {
    LICENCES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(id))
        .map(|(id, licence)| (id.as_str(), licence))
}

/// All licences by identifier.
pub fn licences() -> impl Iterator<Item = (&'static str, &'static Licence)> {
    LICENCES.iter().map(|(id, licence)| (id.as_str(), licence))
}

/// Whether a language is written from right to left: by its script where the
/// tag names one, else by the language.
pub fn is_right_to_left(tag: &str) -> bool {
    const SCRIPTS: &[&str] = &["arab", "hebr", "thaa", "syrc", "nkoo", "adlm"];
    const LANGUAGES: &[&str] =
        &["ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"];
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    match parts.find(|part| part.len() == 4) {
        Some(script) => SCRIPTS.contains(&script.to_ascii_lowercase().as_str()),
        None => LANGUAGES.contains(&language),
    }
}

fn named(of: &'static BTreeMap<String, Localised>, name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    of.iter()
        .find(|(_, names)| names.iter().any(|(_, known)| known.to_lowercase() == name))
        .map(|(code, _)| code.as_str())
}

fn names(text: &str) -> BTreeMap<String, Localised> {
    let localised = |table: Table| {
        Localised::from_iter(
            table
                .entries
                .into_iter()
                .filter_map(|(lang, name)| Some((lang.text, name.text()?.to_owned()))),
        )
    };
    tables(text).map(|(code, table)| (code, localised(table))).collect()
}

fn tables(text: &str) -> impl Iterator<Item = (String, Table)> {
    let (table, _) = toml::parse(text, 0);
    table.entries.into_iter().filter_map(|(key, node)| Some((key.text, node.table()?.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        assert_eq!(
            country("no").map(|(code, names)| (code, names.get("it", "en"))),
            Some(("NO", "Norvegia"))
        );
        assert!(country_codes().count() >= 250);
        assert_eq!(country_named("latvija"), Some("LV"));
        assert_eq!(endonym("lv"), "latviešu");
        assert_eq!(licence("cc-by-4.0").map(|(id, _)| id), Some("CC-BY-4.0"));
        assert!(licences().all(|(_, licence)| licence.url.starts_with("https://")));
        assert!(is_right_to_left("ar") && !is_right_to_left("it"));
    }

    #[test]
    fn scripts_decide_the_direction_where_they_are_given() {
        assert!(is_right_to_left("ar") && is_right_to_left("he-IL") && is_right_to_left("az-Arab"));
        assert!(!is_right_to_left("en") && !is_right_to_left("ur-Latn"));
    }
}

//! The models that come with Exempla, in the syntax that a site uses.

use crate::raw::{Key, Node, Table, Value};

/// The fields that every entry has.
pub const CORE: (&str, &str) = ("preset core", include_str!("core.toml"));

/// The presets by name.
pub const PRESETS: &[(&str, &str)] =
    &[("good-practices", include_str!("presets/good-practices.toml"))];

/// The labels of a preset in more languages: the preset, the language, the text.
///
/// Such a text has the tables of its preset, with one text where the preset has
/// one a language: `label = "Autores"` beside `label = { en = "Authors" }`.
pub const LABELS: &[(&str, &str, &str)] = &[
    ("good-practices", "es", include_str!("presets/good-practices.es.toml")),
    ("good-practices", "lv", include_str!("presets/good-practices.lv.toml")),
    ("good-practices", "fr", include_str!("presets/good-practices.fr.toml")),
    ("good-practices", "de", include_str!("presets/good-practices.de.toml")),
    ("good-practices", "ar", include_str!("presets/good-practices.ar.toml")),
];

/// Labels in one language as a layer over their preset: each text or list
/// becomes a table with the language as its only key. What stands under the
/// language already, as the label of a term with a description does, stays.
pub fn labels_layer(labels: Table, lang: &str) -> Table {
    let settle = |(key, node): (Key, Node)| {
        let span = node.span.clone();
        let value = match node.value {
            Value::Table(table) => Value::Table(labels_layer(table, lang)),
            value if key.text == lang => value,
            value => {
                let only = Key { text: lang.to_owned(), span: key.span.clone() };
                let text = Node { value, span: span.clone() };
                Value::Table(Table { entries: vec![(only, text)] })
            }
        };
        (key, Node { value, span })
    };
    Table { entries: labels.entries.into_iter().map(settle).collect() }
}

/// The text of a preset; `none` is an empty one.
pub fn find(name: &str) -> Option<&'static str> {
    match name {
        "none" => Some(""),
        _ => PRESETS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::{merge, toml};
    use std::collections::{BTreeMap, BTreeSet};

    /// Path → languages of every text that is given one a language; helps, which
    /// only editors read, may lack some.
    fn localised(table: &Table, at: &str, out: &mut BTreeMap<String, BTreeSet<String>>) {
        for (key, node) in &table.entries {
            let Some(inner) = node.table() else { continue };
            let path = format!("{at}{}", key.text);
            let says = |(_, node): &&(Key, Node)| node.table().is_none();
            if inner.get("en").is_some_and(|node| node.table().is_none()) && key.text != "help" {
                let given = inner.entries.iter().filter(says).map(|(key, _)| key.text.clone());
                out.insert(path.clone(), given.filter(|lang| lang.len() == 2).collect());
            }
            localised(inner, &format!("{path}."), out);
        }
    }

    #[test]
    fn every_label_of_a_preset_is_given_in_every_language() {
        for (preset, text) in PRESETS {
            let own = toml::parse(text, 0).0;
            let mut before = BTreeMap::new();
            localised(&own, "", &mut before);
            let layers = LABELS.iter().filter(|(of, _, _)| of == preset);
            let mut all: BTreeSet<String> = ["en", "it"].map(str::to_owned).into();
            let merged = layers.fold(own, |below, (_, lang, text)| {
                let (labels, errors) = toml::parse(text, 0);
                assert_eq!(errors, []);
                all.insert((*lang).to_owned());
                merge::overlay(below, labels_layer(labels, lang))
            });
            let mut after = BTreeMap::new();
            localised(&merged, "", &mut after);
            assert!(before.len() > 500 && all.len() > 2);
            for (path, languages) in &after {
                assert_eq!(languages, &all, "{path}");
            }
            // A slip in a path would add a table that the preset does not have.
            assert_eq!(paths(&merged, &all), paths(&toml::parse(text, 0).0, &all));
        }
    }

    /// The paths of all tables, those of languages left out.
    fn paths(table: &Table, languages: &BTreeSet<String>) -> Vec<String> {
        let inner = table.entries.iter().filter(|(key, _)| !languages.contains(&key.text));
        let mut out: Vec<String> = inner
            .flat_map(|(key, node)| {
                let below = node.table().map(|table| paths(table, languages)).unwrap_or_default();
                let below = below.into_iter().map(|path| format!("{}.{path}", key.text));
                std::iter::once(key.text.clone()).chain(below)
            })
            .collect();
        out.sort();
        out
    }
}

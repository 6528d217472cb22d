//! Names in `site.toml` that point at something else in it: a block of the front page
//! at a list, a type or a facet, a type at its lists, a list at the fields of its entries.
//! One that points at nothing is told with the nearest name there is.

use super::settings::Settings;
use crate::diagnostic::codes;
use crate::raw::reader::{Reader, suggest};
use crate::raw::{Node, Span, Table};
use crate::schema::{EntryType, Field, FieldKind, Schema};

/// What a front page may show besides lists, types and facets.
const BLOCKS: &[&str] = &["intro"];

/// Follows the pointers of the site's own table.
pub(super) fn check(reader: &mut Reader<'_>, table: &Table, schema: &Schema, settings: &Settings) {
    let sub = |table: &Table, key: &str| table.get(key).and_then(Node::table).cloned();
    unused_vocabularies(reader, table, schema);
    let lists: Vec<&str> = settings.lists.keys().map(String::as_str).collect();
    if let Some(home) = sub(table, "home") {
        let facets: Vec<String> =
            schema.types.values().flat_map(EntryType::facets).map(|facet| facet.name()).collect();
        let known: Vec<&str> = BLOCKS
            .iter()
            .copied()
            .chain(lists.iter().copied())
            .chain(schema.types.keys().map(String::as_str))
            .chain(facets.iter().map(String::as_str))
            .collect();
        for (name, span) in names(home.get("blocks")) {
            known_name(reader, &name, &span, &known, "block of the front page");
        }
        let blocks: Vec<&str> = settings.home.blocks.iter().map(String::as_str).collect();
        for (key, _) in sub(&home, "titles").iter().flat_map(|titles| &titles.entries) {
            known_name(reader, &key.text, &key.span, &blocks, "block in `blocks`");
        }
    }
    for (_, node) in sub(table, "types").iter().flat_map(|types| &types.entries) {
        let Some(of) = node.table() else { continue };
        for (name, span) in names(of.get("lists")) {
            known_name(reader, &name, &span, &lists, "list");
        }
    }
    for (key, node) in sub(table, "lists").iter().flat_map(|lists| &lists.entries) {
        let (Some(list), Some(table)) = (settings.lists.get(&key.text), node.table()) else {
            continue;
        };
        let types: Vec<&EntryType> = schema
            .types
            .values()
            .filter(|of| list.types.is_empty() || list.types.contains(&of.id))
            .collect();
        let fields: Vec<&str> =
            types.iter().flat_map(|of| of.fields.keys()).map(String::as_str).collect();
        if fields.is_empty() {
            continue;
        }
        for (field, _) in sub(table, "where").iter().flat_map(|filter| &filter.entries) {
            known_name(reader, &field.text, &field.span, &fields, "field of its entries");
        }
        if let Some(node) = table.get("sort") {
            known_name(reader, &list.sort.field, &node.span, &fields, "field of its entries");
        }
    }
}

/// Reports the vocabularies that no field takes its terms from: as good as misspelt.
fn unused_vocabularies(reader: &mut Reader<'_>, table: &Table, schema: &Schema) {
    let mut used: Vec<&str> = Vec::new();
    let mut fields: Vec<&Field> = schema.types.values().flat_map(|of| of.fields.values()).collect();
    while let Some(field) = fields.pop() {
        fields.extend(field.nested());
        if let FieldKind::Term(name) = &field.item().kind {
            used.push(name);
        }
    }
    used.sort_unstable();
    used.dedup();
    // A name that leads nowhere is told where it stands.
    if used.iter().any(|name| !schema.vocabularies.contains_key(*name)) {
        return;
    }
    let own = table.get("vocabulary").and_then(Node::table);
    for (key, _) in own.iter().flat_map(|own| &own.entries) {
        if !used.contains(&key.text.as_str()) {
            let message = format!("no field takes its terms from the vocabulary `{}`", key.text);
            let help = suggest(&key.text, &used);
            reader.report(&codes::CONFIG_UNUSED_VOCABULARY, &key.span, message, &help);
        }
    }
}

/// The texts of a list (or one text) with their places.
fn names(node: Option<&Node>) -> Vec<(String, Span)> {
    let Some(node) = node else { return Vec::new() };
    let items = node.list().unwrap_or(std::slice::from_ref(node));
    items.iter().filter_map(|item| Some((item.text()?.to_owned(), item.span.clone()))).collect()
}

fn known_name(reader: &mut Reader<'_>, name: &str, span: &Span, known: &[&str], what: &str) {
    if !known.contains(&name) {
        let message = format!("`{name}` is no {what}");
        reader.report(&codes::CONFIG_INVALID, span, message, &suggest(name, known));
    }
}

//! The raw tables of a site into a [`Schema`].

use super::fields::Field;
use super::parse_fields::{fields, flag, title_case};
use super::{EntryType, Localised, Schema, Sort, Unknown, sound, vocabulary};
use crate::diagnostic::codes;
use crate::raw::reader::{Reader, suggest};
use crate::raw::{Node, Span, Table, merge};
use indexmap::IndexMap;

const TYPE_KEYS: &[&str] = &[
    "label",
    "plural",
    "folder",
    "glob",
    "url",
    "template",
    "unknown",
    "fieldsets",
    "schema_org",
    "sort",
    "list",
    "lists",
    "body",
    "fields",
];

/// Reads the merged tables `types`, `fields`, `fieldsets` and `vocabulary` of
/// `root`; other keys are not looked at. What cannot be used is reported and
/// left out, and the rest is read on.
pub fn read(reader: &mut Reader<'_>, root: &Table) -> Schema {
    let empty = Table::default();
    let part = |reader: &mut Reader<'_>, key: &str| -> Table {
        root.get(key).and_then(|node| reader.table(key, node)).unwrap_or(&empty).clone()
    };
    let mut schema = Schema::default();
    for (key, node) in &part(reader, "vocabulary").entries {
        if let Some(table) = reader.table(&key.text, node) {
            schema.vocabularies.insert(key.text.clone(), vocabulary::read(reader, table));
        }
    }
    let common = part(reader, "fields");
    let fieldsets = part(reader, "fieldsets");
    for (key, node) in &part(reader, "types").entries {
        if let Some(table) = declared(reader, &key.text, node) {
            let entry_type = entry_type(reader, &key.text, &key.span, table, &common, &fieldsets);
            schema.types.insert(key.text.clone(), entry_type);
        }
    }
    sound::check(reader, &schema);
    schema
}

/// A declaration; `name = false` where nothing lay below is none.
pub(super) fn declared<'n>(
    reader: &mut Reader<'_>,
    key: &str,
    node: &'n Node,
) -> Option<&'n Table> {
    if node.text() == Some("false") { None } else { reader.table(key, node) }
}

fn entry_type(
    reader: &mut Reader<'_>,
    id: &str,
    span: &Span,
    table: &Table,
    common: &Table,
    fieldsets: &Table,
) -> EntryType {
    reader.only("a type", table, TYPE_KEYS);
    let text =
        |reader: &mut Reader<'_>, key: &str| table.get(key).and_then(|n| reader.text(key, n));
    let texts = |reader: &mut Reader<'_>, key: &str| {
        table.get(key).map(|n| reader.texts(key, n)).unwrap_or_default()
    };
    let label = table
        .get("label")
        .map_or_else(|| Localised::plain(title_case(id)), |n| reader.localised("label", n));
    let plural =
        table.get("plural").map_or_else(|| label.clone(), |n| reader.localised("plural", n));
    let folders: Vec<String> =
        texts(reader, "folder").iter().map(|folder| folder.trim_matches('/').to_owned()).collect();
    // Jekyll marks its collections' folders so; no visitor needs to know.
    let base = folders.first().map_or(id, |folder| folder.trim_start_matches('_'));
    let default_url = if base.is_empty() { "{path}/".into() } else { format!("{base}/{{slug}}/") };
    let unknown = [("error", Unknown::Error), ("warn", Unknown::Warn), ("keep", Unknown::Keep)];
    EntryType {
        id: id.to_owned(),
        url: text(reader, "url").unwrap_or(default_url),
        template: text(reader, "template").unwrap_or_else(|| "entry".into()),
        unknown: table
            .get("unknown")
            .and_then(|node| reader.one_of("unknown", node, &unknown))
            .unwrap_or(Unknown::Warn),
        schema_org: text(reader, "schema_org"),
        sort: Sort::parse(&text(reader, "sort").unwrap_or_else(|| "title".into())),
        list: flag(reader, table, "list").unwrap_or(true),
        needs_body: table
            .get("body")
            .and_then(|node| {
                reader.one_of("body", node, &[("expected", true), ("optional", false)])
            })
            .unwrap_or(true),
        lists: texts(reader, "lists"),
        globs: texts(reader, "glob"),
        fields: type_fields(reader, table, common, fieldsets),
        span: span.clone(),
        label,
        plural,
        folders,
    }
}

/// The common fields, those of the type's fieldsets and its own, each laid over
/// what came before under the same name. In the order in which an editor meets
/// them: title and summary, then what makes the type, then what all types share.
fn type_fields(
    reader: &mut Reader<'_>,
    table: &Table,
    common: &Table,
    fieldsets: &Table,
) -> IndexMap<String, Field> {
    let mut merged = common.clone();
    if let Some(node) = table.get("fieldsets") {
        for name in reader.texts("fieldsets", node) {
            let set = fieldsets.get(&name).and_then(Node::table);
            match set.and_then(|set| set.get("fields")).and_then(Node::table) {
                Some(fields) => merged = merge::overlay(merged, fields.clone()),
                None => {
                    let known: Vec<&str> = fieldsets.keys().collect();
                    let message = format!("there is no fieldset `{name}`");
                    reader.report(
                        &codes::CONFIG_INVALID,
                        &node.span,
                        message,
                        &suggest(&name, &known),
                    );
                }
            }
        }
    }
    if let Some(own) = table.get("fields").and_then(|node| reader.table("fields", node)) {
        merged = merge::overlay(merged, own.clone());
    }
    let rank = |name: &str| match name {
        "title" => 0,
        "summary" => 1,
        name if common.get(name).is_none() => 2,
        _ => 3,
    };
    merged.entries.sort_by_key(|(key, _)| rank(&key.text));
    fields(reader, &merged)
}

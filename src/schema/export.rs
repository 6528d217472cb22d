//! The effective model, for people as text and for programs as JSON Schema.

use super::{EntryType, Field, FieldKind, Schema};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// The types, or one of them, with their fields, as text in a language.
pub fn text(schema: &Schema, only: Option<&str>, lang: &str, default: &str) -> String {
    let mut out = String::new();
    for entry_type in schema.types.values().filter(|of| only.is_none_or(|id| of.id == id)) {
        let _ = writeln!(out, "{} ({})", entry_type.id, entry_type.label.get(lang, default));
        if let Some(folder) = entry_type.folders.first().filter(|folder| !folder.is_empty()) {
            let _ = writeln!(out, "  in {folder}/, at {}", entry_type.url);
        }
        for field in entry_type.fields.values() {
            field_text(&mut out, field, lang, default, 1);
        }
        out.push('\n');
    }
    if only.is_none() {
        for (id, vocabulary) in &schema.vocabularies {
            let _ = writeln!(out, "vocabulary {id}");
            for (term, of) in &vocabulary.terms {
                let depth = vocabulary.ancestors(term).len();
                let _ =
                    writeln!(out, "{}{term} ({})", "  ".repeat(depth), of.label.get(lang, default));
            }
            out.push('\n');
        }
    }
    out
}

fn field_text(out: &mut String, field: &Field, lang: &str, default: &str, depth: usize) {
    let indent = "  ".repeat(depth);
    let needed = if field.required { ", required" } else { "" };
    let _ = writeln!(out, "{indent}{}: {}{needed}", field.name, kind_text(field));
    let help = field.help.get(lang, default);
    if !help.is_empty() && depth == 1 {
        let _ = writeln!(out, "{indent}    {help}");
    }
    for nested in field.nested() {
        field_text(out, nested, lang, default, depth + 1);
    }
}

fn kind_text(field: &Field) -> String {
    match &field.kind {
        FieldKind::List(item) => format!("list of {}", kind_text(item)),
        FieldKind::Term(vocabulary) => format!("term of {vocabulary}"),
        FieldKind::Choice(choices) => {
            format!("one of {}", choices.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
        }
        FieldKind::Ref { to, .. } if !to.is_empty() => format!("ref to {}", to.join(" or ")),
        kind => kind.name().to_owned(),
    }
}

/// A JSON Schema (draft 2020-12) of the front matter of each type, or of one of
/// them, by type id.
pub fn json_schema(schema: &Schema, only: Option<&str>, lang: &str, default: &str) -> Value {
    let types: Map<String, Value> = schema
        .types
        .values()
        .filter(|entry_type| only.is_none_or(|id| entry_type.id == id))
        .map(|entry_type| (entry_type.id.clone(), type_schema(schema, entry_type, lang, default)))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": types,
    })
}

fn type_schema(schema: &Schema, entry_type: &EntryType, lang: &str, default: &str) -> Value {
    let fields = entry_type.fields.values().filter(|field| !field.is_section());
    object(schema, fields, entry_type.label.get(lang, default), lang, default)
}

fn object<'f>(
    schema: &Schema,
    fields: impl Iterator<Item = &'f Field>,
    title: &str,
    lang: &str,
    default: &str,
) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        properties.insert(field.name.clone(), field_schema(schema, field, lang, default));
        // A title may stand in the body as its first heading.
        if field.required && field.name != "title" {
            required.push(json!(field.name));
        }
    }
    json!({ "type": "object", "title": title, "properties": properties, "required": required })
}

fn field_schema(schema: &Schema, field: &Field, lang: &str, default: &str) -> Value {
    let mut out = match &field.kind {
        FieldKind::Bool => json!({ "type": "boolean" }),
        FieldKind::Integer => json!({ "type": "integer" }),
        FieldKind::Number => json!({ "type": ["number", "string"] }),
        FieldKind::Date => json!({ "type": "string", "pattern": "^\\d{4}(-\\d{2}(-\\d{2})?)?" }),
        FieldKind::Url => json!({ "type": "string", "format": "uri-reference" }),
        FieldKind::Email => json!({ "type": "string", "format": "email" }),
        FieldKind::Choice(choices) => json!({ "enum": choices.keys().collect::<Vec<_>>() }),
        FieldKind::Term(name) => {
            let terms = schema.vocabularies.get(name).map(|v| v.terms.keys().collect::<Vec<_>>());
            json!({ "enum": terms.unwrap_or_default() })
        }
        FieldKind::List(item) => {
            let mut list =
                json!({ "type": "array", "items": field_schema(schema, item, lang, default) });
            for (bound, key) in [(&field.min, "minItems"), (&field.max, "maxItems")] {
                if let Some(number) = bound.as_ref().and_then(|bound| bound.number) {
                    list[key] = json!(number as u64);
                }
            }
            list
        }
        FieldKind::Table(fields) => object(schema, fields.values(), "", lang, default),
        FieldKind::Money
        | FieldKind::Period
        | FieldKind::Geo
        | FieldKind::Image
        | FieldKind::File => {
            json!({ "type": ["string", "object"] })
        }
        FieldKind::Text | FieldKind::Markdown => {
            let mut text = json!({ "type": "string" });
            for (bound, key) in [(&field.min, "minLength"), (&field.max, "maxLength")] {
                if let Some(number) = bound.as_ref().and_then(|bound| bound.number) {
                    text[key] = json!(number as u64);
                }
            }
            text
        }
        _ => json!({ "type": "string" }),
    };
    let label = field.label.get(lang, default);
    if !label.is_empty() {
        out["title"] = json!(label);
    }
    let help = field.help.get(lang, default);
    if !help.is_empty() {
        out["description"] = json!(help);
    }
    out
}

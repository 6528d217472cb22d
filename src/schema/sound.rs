//! Whether a schema holds together: names that other names point at exist.

use super::{EntryType, Field, FieldKind, Schema};
use crate::diagnostic::codes;
use crate::raw::Span;
use crate::raw::reader::{Reader, suggest};
use indexmap::IndexMap;

/// The words that may stand in braces in a type's `url`.
pub const URL_PLACEHOLDERS: &[&str] = &["slug", "path", "id", "folder", "year", "month", "day"];

/// Reports every pointer into nothing.
pub(super) fn check(reader: &mut Reader<'_>, schema: &Schema) {
    for entry_type in schema.types.values() {
        name(reader, &entry_type.id, &entry_type.span);
        path(reader, entry_type);
        url(reader, entry_type);
        globs(reader, entry_type);
        sort(reader, entry_type);
        for field in entry_type.fields.values() {
            name(reader, &field.name, &field.span);
            siblings(reader, &entry_type.id, &entry_type.fields, field);
            target(reader, schema, field);
            inside(reader, schema, field);
        }
    }
}

/// The fields of a table, and those of the tables in it.
fn inside(reader: &mut Reader<'_>, schema: &Schema, field: &Field) {
    let FieldKind::Table(fields) = &field.item().kind else { return };
    for nested in fields.values() {
        name(reader, &nested.name, &nested.span);
        siblings(reader, &field.name, fields, nested);
        target(reader, schema, nested);
        inside(reader, schema, nested);
    }
}

/// Names of types and fields become parts of addresses.
fn name(reader: &mut Reader<'_>, name: &str, span: &Span) {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.is_empty() || !name.bytes().all(fits) {
        let message = format!("`{name}` cannot be the name of a type or field");
        let help = "use letters without accents, digits, `-` and `_`";
        reader.report(&codes::CONFIG_INVALID, span, message, help);
    }
}

/// Addresses and folders stay within the site.
fn path(reader: &mut Reader<'_>, entry_type: &EntryType) {
    for path in entry_type.folders.iter().chain([&entry_type.url]) {
        let leaves = path.split('/').any(|part| part.starts_with('.'));
        if leaves || path.chars().any(|c| c.is_control() || "\\:*?\"<>|#%".contains(c)) {
            let message = format!("`{path}` cannot be a path of `{}`", entry_type.id);
            let help = "write folders with `/` between them, such as \"practices/{slug}/\"";
            reader.report(&codes::CONFIG_INVALID, &entry_type.span, message, help);
        }
    }
}

fn url(reader: &mut Reader<'_>, entry_type: &EntryType) {
    let mut rest = entry_type.url.as_str();
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            let message = format!("a `{{` in the url of `{}` is never closed", entry_type.id);
            let help = "write a `}` behind the name, such as \"practices/{slug}/\"";
            reader.report(&codes::CONFIG_INVALID, &entry_type.span, message, help);
            return;
        };
        if !URL_PLACEHOLDERS.contains(&name) {
            let message = format!("`{{{name}}}` cannot stand in the url of `{}`", entry_type.id);
            reader.report(
                &codes::CONFIG_INVALID,
                &entry_type.span,
                message,
                &suggest(name, URL_PLACEHOLDERS),
            );
        }
        rest = tail;
    }
}

fn globs(reader: &mut Reader<'_>, entry_type: &EntryType) {
    for glob in &entry_type.globs {
        if let Err(error) = globset::Glob::new(glob) {
            let message = format!("`{glob}` is not a glob: {}", error.kind());
            reader.report(&codes::CONFIG_INVALID, &entry_type.span, message, "");
        }
    }
}

fn sort(reader: &mut Reader<'_>, entry_type: &EntryType) {
    let field = &entry_type.sort.field;
    if !entry_type.fields.contains_key(field) {
        let known: Vec<&str> = entry_type.fields.keys().map(String::as_str).collect();
        let message = format!("`{}` sorts by `{field}`, which is not a field of it", entry_type.id);
        reader.report(&codes::CONFIG_INVALID, &entry_type.span, message, &suggest(field, &known));
    }
}

/// Fields at the same level that a field names; `of` is the type or table.
fn siblings(reader: &mut Reader<'_>, of: &str, fields: &IndexMap<String, Field>, field: &Field) {
    let named = field.after.iter().chain(field.required_if.iter().map(|(name, _)| name));
    for name in named {
        if !fields.contains_key(name) {
            let known: Vec<&str> = fields.keys().map(String::as_str).collect();
            let message =
                format!("`{}` names the field `{name}`, which `{of}` does not have", field.name);
            reader.report(&codes::CONFIG_INVALID, &field.span, message, &suggest(name, &known));
        }
    }
}

/// Vocabularies and types that a field names.
fn target(reader: &mut Reader<'_>, schema: &Schema, field: &Field) {
    match &field.item().kind {
        FieldKind::Term(name) if !schema.vocabularies.contains_key(name) => {
            let known: Vec<&str> = schema.vocabularies.keys().map(String::as_str).collect();
            let message = format!("there is no vocabulary `{name}`");
            reader.report(&codes::CONFIG_INVALID, &field.span, message, &suggest(name, &known));
        }
        FieldKind::Ref { to, .. } => {
            for name in to.iter().filter(|name| !schema.types.contains_key(*name)) {
                let known: Vec<&str> = schema.types.keys().map(String::as_str).collect();
                let message =
                    format!("`{}` points at the type `{name}`, which is not declared", field.name);
                reader.report(&codes::CONFIG_INVALID, &field.span, message, &suggest(name, &known));
            }
        }
        _ => {}
    }
}

//! The raw tables of fields into [`Field`]s.

use super::Localised;
use super::fields::{Bound, Condition, Field, FieldKind};
use super::parse::declared;
use crate::diagnostic::codes;
use crate::raw::reader::{Reader, boolean, suggest};
use crate::raw::{Node, Span, Table, Value};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// Reads the fields of a table; what cannot be used is reported and left out.
pub(super) fn fields(reader: &mut Reader<'_>, table: &Table) -> IndexMap<String, Field> {
    let mut out = IndexMap::new();
    for (key, node) in &table.entries {
        if let Some(attributes) = declared(reader, &key.text, node)
            && let Some(field) = field(reader, &key.text, &key.span, attributes)
        {
            out.insert(key.text.clone(), field);
        }
    }
    out
}

fn field(reader: &mut Reader<'_>, name: &str, span: &Span, table: &Table) -> Option<Field> {
    reader.only("a field", table, Field::ATTRIBUTES);
    let kind = kind(reader, name, span, table)?;
    let text =
        |reader: &mut Reader<'_>, key: &str| table.get(key).and_then(|n| reader.text(key, n));
    let bound = |reader: &mut Reader<'_>, key: &str| {
        text(reader, key).map(|text| Bound { number: text.replace('_', "").parse().ok(), text })
    };
    let weight = |reader: &mut Reader<'_>, key: &str| {
        let node = table.get(key)?;
        reader.parsed(key, node, "a number of at least 0", |text| {
            text.parse().ok().filter(|weight: &f32| weight.is_finite() && *weight >= 0.0)
        })
    };
    Some(Field {
        name: name.to_owned(),
        label: match table.get("label") {
            Some(node) => reader.localised("label", node),
            None => default_label(name, &kind),
        },
        help: table.get("help").map(|n| reader.localised("help", n)).unwrap_or_default(),
        required: flag(reader, table, "required").unwrap_or(false),
        required_if: conditions(reader, table),
        min: bound(reader, "min"),
        max: bound(reader, "max"),
        pattern: table.get("pattern").and_then(|node| pattern(reader, node)),
        after: text(reader, "after"),
        default: table.get("default").cloned(),
        aliases: table.get("aliases").map(|n| reader.texts("aliases", n)).unwrap_or_default(),
        facet: flag(reader, table, "facet").unwrap_or(false),
        search: weight(reader, "search").filter(|weight| *weight > 0.0),
        related: weight(reader, "related").unwrap_or(0.0),
        schema_org: text(reader, "schema_org"),
        span: span.clone(),
        kind,
    })
}

fn kind(reader: &mut Reader<'_>, name: &str, span: &Span, table: &Table) -> Option<FieldKind> {
    let Some(node) = table.get("type") else {
        let help = format!("for example: {name} = {{ type = \"text\" }}");
        reader.report(
            &codes::CONFIG_MISSING_KEY,
            span,
            format!("the field `{name}` has no type"),
            &help,
        );
        return None;
    };
    let word = reader.text("type", node)?;
    let plain = match word.as_str() {
        "text" => FieldKind::Text,
        "markdown" => FieldKind::Markdown,
        "bool" => FieldKind::Bool,
        "integer" => FieldKind::Integer,
        "number" => FieldKind::Number,
        "money" => FieldKind::Money,
        "date" => FieldKind::Date,
        "period" => FieldKind::Period,
        "url" => FieldKind::Url,
        "email" => FieldKind::Email,
        "doi" => FieldKind::Doi,
        "language" => FieldKind::Language,
        "country" => FieldKind::Country,
        "region" => FieldKind::Region,
        "licence" => FieldKind::Licence,
        "geo" => FieldKind::Geo,
        "image" => FieldKind::Image,
        "file" => FieldKind::File,
        "choice" => FieldKind::Choice(choices(reader, name, span, table)?),
        "term" => FieldKind::Term(need_text(reader, name, span, table, "vocabulary")?),
        "ref" => reference(reader, table),
        "section" => FieldKind::Section(headings(reader, name, span, table)?),
        "list" => FieldKind::List(Box::new(item(reader, name, span, table)?)),
        "table" => {
            let inner = need(reader, name, span, table, "fields")?;
            let inner = reader.table("fields", inner)?;
            FieldKind::Table(fields(reader, inner))
        }
        other => {
            let message = format!("`{other}` is not a type of field");
            reader.report(
                &codes::CONFIG_INVALID,
                &node.span,
                message,
                &suggest(other, &FieldKind::NAMES),
            );
            return None;
        }
    };
    Some(plain)
}

/// The field that a list's items are. `of = "date"` takes the item's own
/// attributes from the list's table; `of = { type = "date", … }` gives them apart.
fn item(reader: &mut Reader<'_>, name: &str, span: &Span, table: &Table) -> Option<Field> {
    let of = need(reader, name, span, table, "of")?;
    if let Some(attributes) = of.table() {
        return field(reader, name, span, attributes);
    }
    const ITEM_KEYS: &[&str] = &[
        "vocabulary",
        "choices",
        "to",
        "inverse",
        "inverse_label",
        "fields",
        "pattern",
        "label",
        "help",
    ];
    let mut attributes = Table::default();
    attributes.entries.extend(
        table.entries.iter().filter(|(key, _)| ITEM_KEYS.contains(&key.text.as_str())).cloned(),
    );
    let mut key = table.entry("of")?.0.clone();
    key.text = "type".into();
    attributes.entries.push((key, of.clone()));
    field(reader, name, span, &attributes)
}

fn reference(reader: &mut Reader<'_>, table: &Table) -> FieldKind {
    FieldKind::Ref {
        to: table.get("to").map(|node| reader.texts("to", node)).unwrap_or_default(),
        inverse: table.get("inverse").and_then(|node| reader.text("inverse", node)),
        inverse_label: table
            .get("inverse_label")
            .map(|n| reader.localised("inverse_label", n))
            .unwrap_or_default(),
    }
}

fn choices(
    reader: &mut Reader<'_>,
    name: &str,
    span: &Span,
    table: &Table,
) -> Option<IndexMap<String, Localised>> {
    let node = need(reader, name, span, table, "choices")?;
    // A list of words needs no labels: the words are the labels.
    if let Value::List(_) = node.value {
        let words = reader.texts("choices", node);
        return Some(
            words
                .into_iter()
                .map(|word| (word.clone(), Localised::plain(title_case(&word))))
                .collect(),
        );
    }
    let table = reader.table("choices", node)?;
    let mut out = IndexMap::new();
    for (key, label) in &table.entries {
        if label.text() != Some("false") {
            out.insert(key.text.clone(), reader.localised(&key.text, label));
        }
    }
    Some(out)
}

fn headings(
    reader: &mut Reader<'_>,
    name: &str,
    span: &Span,
    table: &Table,
) -> Option<BTreeMap<String, Vec<String>>> {
    let node = need(reader, name, span, table, "headings")?;
    if node.table().is_none() {
        return Some(BTreeMap::from([(String::new(), reader.texts("headings", node))]));
    }
    let table = reader.table("headings", node)?;
    Some(
        table
            .entries
            .iter()
            .map(|(lang, node)| (lang.text.clone(), reader.texts("headings", node)))
            .collect(),
    )
}

fn conditions(reader: &mut Reader<'_>, table: &Table) -> Vec<(String, Condition)> {
    let Some(node) = table.get("required_if") else { return Vec::new() };
    let Some(table) = reader.table("required_if", node) else { return Vec::new() };
    let condition = |reader: &mut Reader<'_>, node: &Node| match node.text() {
        Some("true") => Condition::Present,
        Some("false") => Condition::Absent,
        _ => match reader.texts("required_if", node) {
            words if words.is_empty() => Condition::Absent,
            words => Condition::OneOf(words),
        },
    };
    table.entries.iter().map(|(key, node)| (key.text.clone(), condition(reader, node))).collect()
}

fn pattern(reader: &mut Reader<'_>, node: &Node) -> Option<regex::Regex> {
    let text = reader.text("pattern", node)?;
    match regex::Regex::new(&format!("^(?:{text})$")) {
        Ok(regex) => Some(regex),
        Err(error) => {
            // The last line says what is wrong; those before it draw where.
            let error = error.to_string();
            let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let message = format!("`{text}` is not a regular expression: {why}");
            reader.report(&codes::CONFIG_INVALID, &node.span, message, "");
            None
        }
    }
}

pub(super) fn flag(reader: &mut Reader<'_>, table: &Table, key: &str) -> Option<bool> {
    table.get(key).and_then(|node| reader.parsed(key, node, "true or false", boolean))
}

fn need<'n>(
    reader: &mut Reader<'_>,
    name: &str,
    span: &Span,
    table: &'n Table,
    key: &str,
) -> Option<&'n Node> {
    let node = table.get(key);
    if node.is_none() {
        reader.report(
            &codes::CONFIG_MISSING_KEY,
            span,
            format!("the field `{name}` needs `{key}`"),
            "",
        );
    }
    node
}

fn need_text(
    reader: &mut Reader<'_>,
    name: &str,
    span: &Span,
    table: &Table,
    key: &str,
) -> Option<String> {
    let node = need(reader, name, span, table, key)?;
    reader.text(key, node)
}

/// A field's label where none is declared: a section's first heading, else its name.
fn default_label(name: &str, kind: &FieldKind) -> Localised {
    match kind {
        FieldKind::Section(headings) => headings
            .iter()
            .filter_map(|(lang, all)| Some((lang.clone(), all.first()?.clone())))
            .collect(),
        _ => Localised::plain(title_case(name)),
    }
}

/// `case-study` → `Case study`: a label where none is declared.
pub(super) fn title_case(id: &str) -> String {
    let words = id.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

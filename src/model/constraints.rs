//! What a schema asks of values: that they are there, and within bounds.

use super::read::OneEntry;
use super::scalar::Refusal;
use super::sections::has_section;
use super::{Origin, PartialDate, Stored, Value, Values};
use crate::diagnostic::{Code, Diagnostic, Place, codes};
use crate::raw::Span;
use crate::schema::{Bound, Condition, EntryType, Field, FieldKind};
use indexmap::IndexMap;
use std::cmp::Ordering;

/// Finds the value of another field at the same level.
type Sibling<'a> = &'a dyn Fn(&str) -> Option<&'a Value>;

/// Checks the values of one entry against its type. `has_title` says whether
/// a title was found, in front matter or as the first heading.
pub(super) fn check(
    of: &mut OneEntry<'_>,
    entry_type: &EntryType,
    values: &Values,
    has_title: bool,
) {
    let sibling = |name: &str| values.get(name).map(|stored| &stored.value);
    let is_bare = of.is_whole() && of.source.front.entries.is_empty();
    let mut absent: Vec<&str> = Vec::new();
    for field in entry_type.fields.values() {
        match values.get(&field.name) {
            Some(Stored { value, origin: Origin::Given(span) }) => {
                check_value(of, field, value, span);
                after(of, field, value, span, &sibling);
            }
            Some(_) => {}
            None => {
                let Some(why) = needed(field, &sibling) else { continue };
                let has = (field.name == "title" && has_title)
                    || (field.is_section()
                        && has_section(&of.source.body, entry_type, field, &of.identity.lang));
                // What was given but could not be read has been told already.
                let given = !of.is_whole() || of.gives(entry_type, &field.name);
                match !has && !given {
                    true if is_bare && !field.is_section() => absent.push(&field.name),
                    true => missing(of, entry_type, field, &why),
                    false => {}
                }
            }
        }
    }
    if !absent.is_empty() {
        without_fields(of, entry_type, &absent);
    }
}

/// Reports all at once what a file lacks that gives nothing at all.
fn without_fields(of: &mut OneEntry<'_>, entry_type: &EntryType, absent: &[&str]) {
    let what = match of.source.body.is_empty() {
        true => "this file is empty",
        false => "this file gives no field",
    };
    let verb = if absent.len() == 1 { "is" } else { "are" };
    let message = format!("{what}: `{}` {verb} missing", absent.join("`, `"));
    let help = format!(
        "a file begins with a line ---, then a line for each field, such as `{}: …`, then --- again; `exempla schema {}` tells all fields",
        absent[0], entry_type.id
    );
    let found = Diagnostic::new(&codes::CONTENT_MISSING_FIELD, message).help(help);
    of.found.push(found.at(Place::file(of.source.file.clone())));
}

/// Checks the cells of one table against each other: those that are needed,
/// and dates in their order.
pub(super) fn check_table(
    of: &mut OneEntry<'_>,
    fields: &IndexMap<String, Field>,
    cells: &[(String, Value)],
    span: &Span,
) {
    let sibling =
        |name: &str| cells.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    for field in fields.values() {
        match sibling(&field.name) {
            Some(value) => after(of, field, value, span, &sibling),
            None => {
                if let Some(why) = needed(field, &sibling) {
                    let message = format!("`{}` is missing here{why}", field.name);
                    let help = field.help.get("en", "en").to_owned();
                    report(of, &codes::CONTENT_MISSING_FIELD, message, help, span);
                }
            }
        }
    }
}

/// Why a field is needed, if it is.
fn needed(field: &Field, sibling: Sibling<'_>) -> Option<String> {
    if field.required {
        return Some(String::new());
    }
    if field.required_if.is_empty() {
        return None;
    }
    let holds = |name: &str, condition: &Condition| match (sibling(name), condition) {
        (value, Condition::Present) => value.is_some(),
        (value, Condition::Absent) => value.is_none(),
        (Some(value), Condition::OneOf(words)) => {
            value.items().filter_map(Value::key).any(|key| words.contains(&key))
        }
        (None, Condition::OneOf(_)) => false,
    };
    let reason = |(name, condition): &(String, Condition)| match condition {
        Condition::Present => format!("`{name}` is given"),
        Condition::Absent => format!("`{name}` is not given"),
        Condition::OneOf(words) => format!("`{name}` is {}", words.join(" or ")),
    };
    let all = field.required_if.iter().all(|(name, condition)| holds(name, condition));
    all.then(|| {
        let reasons: Vec<String> = field.required_if.iter().map(reason).collect();
        format!(" because {}", reasons.join(" and "))
    })
}

fn missing(of: &mut OneEntry<'_>, entry_type: &EntryType, field: &Field, why: &str) {
    let label = entry_type.label.get("en", "en").to_lowercase();
    let message = match field.is_section() {
        true => format!("the section `{}` is missing{why}", field.label.get("en", "en")),
        false => format!("`{}` is missing{why}", field.name),
    };
    let help = match (field.help.get("en", "en"), &field.kind) {
        ("", FieldKind::Section(_)) => {
            format!("add a heading `## {}` and write below it", field.label.get("en", "en"))
        }
        ("", _) if why.is_empty() => format!("every {label} needs it"),
        ("", _) => format!("write `{}` in the front matter", field.name),
        (help, _) => help.to_owned(),
    };
    let diagnostic = Diagnostic::new(&codes::CONTENT_MISSING_FIELD, message).help(help);
    of.found.push(diagnostic.at(Place::file(of.source.file.clone())));
}

/// Checks one value, and the items of a list, against their own bounds.
pub(super) fn check_value(of: &mut OneEntry<'_>, field: &Field, value: &Value, span: &Span) {
    if let Value::List(items) = value {
        let count = items.len();
        limits(of, field, span, &|bound| {
            let number = bound.number?;
            Some(((count as f64).total_cmp(&number), format!("{count} {}", plural(count, "item"))))
        });
        for item in items {
            check_value(of, field.item(), item, span);
        }
        return;
    }
    limits(of, field, span, &|bound| measure(value, bound));
    if let (Some(pattern), Some(text)) = (&field.pattern, value.key())
        && !pattern.is_match(&text)
    {
        let source = pattern.as_str().trim_start_matches("^(?:").trim_end_matches(")$");
        let help = match field.help.get("en", "en") {
            "" => format!("it must match the pattern {source}"),
            help => help.to_owned(),
        };
        report(
            of,
            &codes::CONTENT_PATTERN,
            format!("`{text}` does not have the form that `{}` needs", field.name),
            help,
            span,
        );
    }
}

type Measured = Option<(Ordering, String)>;

fn limits(of: &mut OneEntry<'_>, field: &Field, span: &Span, measure: &dyn Fn(&Bound) -> Measured) {
    let bounds =
        [(&field.min, Ordering::Less, "at least"), (&field.max, Ordering::Greater, "at most")];
    for (bound, wrong, words) in bounds {
        let Some(bound) = bound else { continue };
        if let Some((order, is)) = measure(bound)
            && order == wrong
        {
            let message = format!("`{}` has {is}; it needs {words} {}", field.name, bound.text);
            report(of, &codes::CONTENT_OUT_OF_RANGE, message, String::new(), span);
        }
    }
}

/// How a value compares with a bound, and what it is in words.
fn measure(value: &Value, bound: &Bound) -> Measured {
    let number =
        |value: f64| Some((value.partial_cmp(&bound.number?)?, format!("the value {value}")));
    match value {
        Value::Text(text) | Value::Region(text) => {
            let count = text.chars().count();
            Some((
                (count as f64).partial_cmp(&bound.number?)?,
                format!("{count} {}", plural(count, "character")),
            ))
        }
        Value::Markdown(body) => {
            let count = body.text().chars().count();
            Some((
                (count as f64).partial_cmp(&bound.number?)?,
                format!("{count} {}", plural(count, "character")),
            ))
        }
        Value::Integer(value) => number(*value as f64),
        Value::Number(text) => number(text.parse().ok()?),
        Value::Money { amount, .. } => number(amount.parse().ok()?),
        Value::Date(date) => {
            let limit = PartialDate::parse(&bound.text).ok()?;
            Some((date.first_day().cmp(&limit.first_day()), format!("the date {date}")))
        }
        _ => None,
    }
}

/// A date that must follow another one; a less precise date gets the benefit of the doubt.
fn after(of: &mut OneEntry<'_>, field: &Field, value: &Value, span: &Span, sibling: Sibling<'_>) {
    let Some(name) = &field.after else { return };
    let day = |value: &Value| match value {
        Value::Date(date) => Some(*date),
        Value::Period { start, .. } => Some(*start),
        _ => None,
    };
    let other = sibling(name).and_then(day);
    if let (Some(this), Some(other)) = (day(value), other)
        && this.last_day() < other.first_day()
    {
        let message = format!("`{}` ({this}) comes before `{name}` ({other})", field.name);
        report(of, &codes::CONTENT_DATE_ORDER, message, String::new(), span);
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

fn report(of: &mut OneEntry<'_>, code: &'static Code, message: String, help: String, span: &Span) {
    of.report(Refusal { code, message, help }, span);
}

//! What a schema asks of values: that they are there, and within bounds.

use super::read::OneEntry;
use super::scalar::Refusal;
use super::{PartialDate, Stored, Value};
use crate::diagnostic::{Code, Diagnostic, Place, codes};
use crate::raw::Span;
use crate::schema::{Bound, Condition, EntryType, Field};
use indexmap::IndexMap;
use std::cmp::Ordering;

type Values = IndexMap<String, Stored>;

/// Checks the values of one entry against its type. `has_title` says whether
/// a title was found, in front matter or as the first heading.
pub(super) fn check(
    of: &mut OneEntry<'_>,
    entry_type: &EntryType,
    values: &Values,
    has_title: bool,
) {
    for field in entry_type.fields.values().filter(|field| !field.is_section()) {
        let stored = values.get(&field.name);
        match stored {
            Some(Stored { value, span: Some(span) }) => {
                check_value(of, field, value, span);
                after(of, field, value, span, values);
            }
            Some(_) => {}
            None => {
                let has = field.name == "title" && has_title;
                if !has && of.source.whole && let Some(why) = needed(field, values) {
                    missing(of, entry_type, field, &why);
                }
            }
        }
    }
}

/// Why a field is needed, if it is.
fn needed(field: &Field, values: &Values) -> Option<String> {
    if field.required {
        return Some(String::new());
    }
    if field.required_if.is_empty() {
        return None;
    }
    let holds = |name: &str, condition: &Condition| {
        let value = values.get(name).map(|stored| &stored.value);
        match condition {
            Condition::Present => value.is_some(),
            Condition::Absent => value.is_none(),
            Condition::OneOf(words) => value.is_some_and(|value| {
                value.items().filter_map(Value::key).any(|key| words.contains(&key))
            }),
        }
    };
    let reason = |(name, condition): &(String, Condition)| match condition {
        Condition::Present => format!("`{name}` is given"),
        Condition::Absent => format!("`{name}` is not given"),
        Condition::OneOf(words) => format!("`{name}` is {}", words.join(" or ")),
    };
    let all = field.required_if.iter().all(|(name, condition)| holds(name, condition));
    all.then(|| {
        format!(
            " because {}",
            field.required_if.iter().map(reason).collect::<Vec<_>>().join(" and ")
        )
    })
}

fn missing(of: &mut OneEntry<'_>, entry_type: &EntryType, field: &Field, why: &str) {
    let label = entry_type.label.get("en", "en");
    let message = format!("`{}` is missing{why}", field.name);
    let help = match field.help.get("en", "en") {
        "" if why.is_empty() => format!("every {} needs it", label.to_lowercase()),
        "" => format!("write {} in the front matter", field.name),
        help => help.to_owned(),
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
fn after(of: &mut OneEntry<'_>, field: &Field, value: &Value, span: &Span, values: &Values) {
    let Some(name) = &field.after else { return };
    let day = |value: &Value| match value {
        Value::Date(date) => Some(*date),
        Value::Period { start, .. } => Some(*start),
        _ => None,
    };
    let other = values.get(name).and_then(|stored| day(&stored.value));
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

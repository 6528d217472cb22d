//! The pure functions and filters that templates may call.
//!
//! Each is registered for one language and sees only its arguments and that
//! language's [`Locale`]: nothing here reads a model, disk, clock or
//! environment. Errors are tera's, so they carry the template's line.

use super::locale::{Locale, put};
use std::sync::Arc;
use tera::{Error, Kwargs, Map, State, Tera, TeraResult, Value};

/// Registers everything a template may call beyond tera's own.
///
/// | filter | what it does |
/// |---|---|
/// | `iso \| date` | a date of any precision, in words |
/// | `value \| period` | `{start, end?}` in words |
/// | `n \| number` | a number (or its decimal text) with the language's separators |
/// | `value \| money` | `{amount, currency}` with the currency's sign |
/// | `bytes \| size` | the size of a file |
/// | `text \| fill(name=…)` | puts values in for `{name}` |
/// | `items \| group_by(attribute=…)` | a map from value to items, in order of first appearance |
/// | `items \| pick(names=[…])` | the values of a map, or the items of a list by `name`, in the order asked for |
/// | `items \| without(names=[…])` | the others, in their own order |
///
/// and the function `count(text=…, n=…)`: the plural form that fits, with `{n}` put in.
pub fn register(tera: &mut Tera, locale: &Arc<Locale>) {
    let l = Arc::clone(locale);
    tera.register_filter("date", move |iso: &str, _: Kwargs, _: &State| l.date(iso));
    let l = Arc::clone(locale);
    tera.register_filter("period", move |value: &Value, _: Kwargs, _: &State| period(&l, value));
    let l = Arc::clone(locale);
    tera.register_filter("number", move |n: String, _: Kwargs, _: &State| l.number(&n));
    let l = Arc::clone(locale);
    tera.register_filter("money", move |value: &Value, _: Kwargs, _: &State| money(&l, value));
    let l = Arc::clone(locale);
    tera.register_filter("size", move |bytes: u64, _: Kwargs, _: &State| l.size(bytes));
    let l = Arc::clone(locale);
    tera.register_function("count", move |arguments: Kwargs, _: &State| count(&l, &arguments));
    tera.register_filter("fill", fill);
    tera.register_filter("group_by", group_by);
    tera.register_filter("pick", pick);
    tera.register_filter("without", without);
}

fn period(locale: &Locale, value: &Value) -> TeraResult<String> {
    let end = attribute(value, "end").and_then(Value::as_str);
    Ok(locale.period(text_of(value, "start")?, end))
}

fn money(locale: &Locale, value: &Value) -> TeraResult<String> {
    Ok(locale.money(text_of(value, "amount")?, text_of(value, "currency")?))
}

fn count(locale: &Locale, arguments: &Kwargs) -> TeraResult<String> {
    let forms: &Value = arguments.must_get("text")?;
    let n: u64 = arguments.must_get("n")?;
    locale
        .count(n, |category| forms.get_from_path(category).and_then(Value::as_str))
        .ok_or_else(|| Error::message("`count` needs a text with the plural form `other`"))
}

fn fill(text: &str, arguments: Kwargs, _: &State) -> String {
    let values: Vec<(String, String)> = arguments
        .iter()
        .map(|(name, value)| (name.as_str().unwrap_or_default().to_owned(), value.to_string()))
        .collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    put(text, &values)
}

/// tera's own leaves the order of its groups to chance. Items without the
/// attribute are left out, as there.
fn group_by(items: Vec<Value>, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let path: &str = arguments.must_get("attribute")?;
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    for item in items {
        let Some(key) = item.get_from_path(path).filter(|key| !key.is_none()) else { continue };
        let key = key.to_string();
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(item),
            None => groups.push((key, vec![item])),
        }
    }
    let map: Map = groups.into_iter().map(|(key, items)| (key.into(), items.into())).collect();
    Ok(map.into())
}

fn pick(items: &Value, arguments: Kwargs, _: &State) -> TeraResult<Vec<Value>> {
    let named = by_name(items)?;
    let names: Vec<String> = arguments.must_get("names")?;
    let mut picked = Vec::new();
    for name in &names {
        picked.extend(named.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()));
    }
    Ok(picked)
}

fn without(items: &Value, arguments: Kwargs, _: &State) -> TeraResult<Vec<Value>> {
    let names: Vec<String> = arguments.must_get("names")?;
    Ok(by_name(items)?.into_iter().filter(|(n, _)| !names.contains(n)).map(|(_, v)| v).collect())
}

/// The items with their names: a map's keys, or each item's own `name`.
fn by_name(items: &Value) -> TeraResult<Vec<(String, Value)>> {
    if let Some(map) = items.as_map() {
        return Ok(map.iter().map(|(key, value)| (key.to_string(), value.clone())).collect());
    }
    let Some(list) = items.as_array() else {
        return Err(Error::message(format!("expected a map or a list, not a {}", items.name())));
    };
    let name = |item: &Value| {
        let name = attribute(item, "name").and_then(Value::as_str).unwrap_or_default();
        (name.to_owned(), item.clone())
    };
    Ok(list.iter().map(name).collect())
}

fn attribute<'a>(value: &'a Value, name: &'static str) -> Option<&'a Value> {
    value.get_from_path(name)
}

fn text_of<'a>(value: &'a Value, name: &'static str) -> TeraResult<&'a str> {
    attribute(value, name)
        .and_then(Value::as_str)
        .ok_or_else(|| Error::message(format!("the value has no `{name}`")))
}

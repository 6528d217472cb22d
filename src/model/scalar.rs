//! One raw scalar into one typed value, or plain words on why not.

use super::{PartialDate, Value};
use crate::diagnostic::{Code, codes, nearest::nearest};
use crate::schema::{FieldKind, Localised, Schema, data};

/// Why a text is not a value of a field.
pub(super) struct Refusal {
    /// Which kind of finding.
    pub code: &'static Code,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: String,
}

fn refuse<T>(message: String, help: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { code: &codes::CONTENT_WRONG_TYPE, message, help: help.into() })
}

fn unknown<T>(message: String, help: String) -> Result<T, Refusal> {
    Err(Refusal { code: &codes::CONTENT_UNKNOWN_TERM, message, help })
}

/// Reads a text as a kind of value that fits into one scalar.
pub(super) fn read(kind: &FieldKind, text: &str, schema: &Schema) -> Result<Value, Refusal> {
    let text = text.trim();
    if text.contains(|c: char| c.is_control() && !c.is_whitespace()) {
        let help = "delete it and write the value anew";
        return refuse("this holds a character that cannot be seen".to_owned(), help);
    }
    match kind {
        FieldKind::Text => Ok(Value::Text(text.to_owned())),
        FieldKind::Bool => boolean(text),
        FieldKind::Integer => integer(text),
        FieldKind::Number => decimal(text).map(Value::Number),
        FieldKind::Money => money(text),
        FieldKind::Date => date(text).map(Value::Date),
        FieldKind::Period => period(text),
        FieldKind::Url => url(text).map(Value::Url),
        FieldKind::Email => email(text),
        FieldKind::Doi => doi(text),
        FieldKind::Language => language(text),
        FieldKind::Country => country(text),
        FieldKind::Region => Ok(Value::Region(text.to_owned())),
        FieldKind::Licence => licence(text),
        FieldKind::Geo => {
            let parts: Vec<&str> = text.split(',').map(str::trim).collect();
            let [lat, lon] = parts[..] else {
                return refuse(format!("`{text}` is not a place on the map"), GEO_HELP);
            };
            geo(lat, lon)
        }
        FieldKind::Choice(choices) => {
            let fold = |word: &str| word.to_lowercase().replace([' ', '_'], "-");
            let folded = fold(text);
            let is_meant = |id: &str, label: &Localised| {
                fold(id) == folded || label.iter().any(|(_, label)| fold(label) == folded)
            };
            let alike = || choices.iter().find(|(id, label)| is_meant(id, label));
            // An id means itself before it is anyone's label, and mostly it is one.
            match choices.get_key_value(text).or_else(alike) {
                Some((id, _)) => Ok(Value::Choice(id.clone())),
                None => unknown(
                    format!("`{text}` is not one of the choices"),
                    near(text, choices.keys()),
                ),
            }
        }
        FieldKind::Term(name) => {
            let vocabulary = schema.vocabularies.get(name);
            match vocabulary.and_then(|vocabulary| vocabulary.resolve(text)) {
                Some(id) => Ok(Value::Term(id.to_owned())),
                None => {
                    let ids = vocabulary.into_iter().flat_map(|vocabulary| vocabulary.terms.keys());
                    unknown(
                        format!("`{text}` is not a term of the vocabulary `{name}`"),
                        near(text, ids),
                    )
                }
            }
        }
        // The reader handles what needs more than one scalar, a file or the graph.
        _ => refuse(format!("`{text}` cannot be read as {}", kind.name()), ""),
    }
}

/// "did you mean", or all that is allowed when that is a short list.
fn near<'a>(word: &str, ids: impl Iterator<Item = &'a String>) -> String {
    let ids: Vec<&str> = ids.map(String::as_str).collect();
    match nearest(word, ids.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if ids.len() <= 24 => format!("allowed are: {}", ids.join(", ")),
        None => format!("there are {} to choose from; see `exempla schema`", ids.len()),
    }
}

fn boolean(text: &str) -> Result<Value, Refusal> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" => Ok(Value::Bool(true)),
        "false" | "no" => Ok(Value::Bool(false)),
        _ => refuse(format!("`{text}` is neither true nor false"), "write true or false"),
    }
}

fn integer(text: &str) -> Result<Value, Refusal> {
    match text.replace('_', "").parse() {
        Ok(number) => Ok(Value::Integer(number)),
        Err(_) => {
            refuse(format!("`{text}` is not a whole number"), "write digits only, such as 1200")
        }
    }
}

/// Digits with at most one decimal point, perhaps a sign; the spelling is kept.
pub(super) fn decimal(text: &str) -> Result<String, Refusal> {
    let plain = text.replace('_', "");
    let digits = plain.trim_start_matches(['-', '+']);
    let sound =
        digits.chars().all(|c| c.is_ascii_digit() || c == '.') && plain.parse::<f64>().is_ok();
    if sound {
        Ok(plain)
    } else {
        refuse(
            format!("`{text}` is not a number"),
            "write digits with a decimal point, such as 0.5",
        )
    }
}

const MONEY_HELP: &str = "write the amount and the currency's three letters, such as \"1200 EUR\"";

fn money(text: &str) -> Result<Value, Refusal> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    match parts[..] {
        [a, b] if currency(b).is_some() => money_of(a, b),
        [a, b] => money_of(b, a),
        _ => refuse(format!("`{text}` is not a sum of money"), MONEY_HELP),
    }
}

/// An amount and a currency.
pub(super) fn money_of(amount: &str, code: &str) -> Result<Value, Refusal> {
    match (decimal(amount), currency(code)) {
        (Ok(amount), Some(currency)) => Ok(Value::Money { amount, currency }),
        _ => refuse(format!("`{amount} {code}` is not a sum of money"), MONEY_HELP),
    }
}

fn currency(code: &str) -> Option<String> {
    let sound = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    sound.then(|| code.to_ascii_uppercase())
}

/// A date of any precision.
pub(super) fn date(text: &str) -> Result<PartialDate, Refusal> {
    PartialDate::parse(text).or_else(|message| refuse(message, PartialDate::FORMS))
}

fn period(text: &str) -> Result<Value, Refusal> {
    let (start, end) = text.split_once('/').unwrap_or((text, ""));
    period_of(start, Some(end).filter(|end| !end.trim().is_empty() && end.trim() != ".."))
}

/// A start and perhaps an end that is not before it.
pub(super) fn period_of(start: &str, end: Option<&str>) -> Result<Value, Refusal> {
    let start = date(start)?;
    let end = end.map(date).transpose()?;
    if let Some(end) = end.filter(|end| end.last_day() < start.first_day()) {
        let message = format!("the period ends ({end}) before it starts ({start})");
        return refuse(message, "write what came first, a slash, and what came last: 2023-05/2024");
    }
    Ok(Value::Period { start, end })
}

/// An address that a visitor may safely follow: http, https, or a path within the site.
pub(super) fn url(text: &str) -> Result<String, Refusal> {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let named =
        scheme.filter(|s| s.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)));
    let inside = text.starts_with('/') && !text.starts_with("//");
    match named.as_deref() {
        Some("http" | "https") if !text.contains(char::is_whitespace) && text.len() > 8 => {
            Ok(text.to_owned())
        }
        None if inside && !text.contains(char::is_whitespace) => Ok(text.to_owned()),
        Some(scheme) if !matches!(scheme, "http" | "https") => Err(Refusal {
            code: &codes::CONTENT_UNSAFE_URL,
            message: format!("an address may not begin with `{scheme}:`"),
            help: "write an address that begins with https://".into(),
        }),
        _ => refuse(
            format!("`{text}` is not a web address"),
            "write the whole address, such as https://example.org/page",
        ),
    }
}

fn email(text: &str) -> Result<Value, Refusal> {
    let sound = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    }) && !text
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || "<>\"(),:;?&".contains(c))
        && text.matches('@').count() == 1;
    if sound {
        Ok(Value::Email(text.to_owned()))
    } else {
        refuse(format!("`{text}` is not a mail address"), "write it as name@example.org")
    }
}

fn doi(text: &str) -> Result<Value, Refusal> {
    let lower = text.to_ascii_lowercase();
    let prefixes = [
        "https://doi.org/",
        "http://doi.org/",
        "https://dx.doi.org/",
        "http://dx.doi.org/",
        "doi:",
    ];
    let cut =
        prefixes.iter().find(|prefix| lower.starts_with(**prefix)).map_or(0, |prefix| prefix.len());
    let bare = text[cut..].trim();
    let sound = bare.strip_prefix("10.").and_then(|rest| rest.split_once('/')).is_some_and(
        |(registrant, suffix)| {
            registrant.len() >= 4
                && registrant.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                && !suffix.is_empty()
                && !suffix.contains(char::is_whitespace)
        },
    );
    if sound {
        Ok(Value::Doi(bare.to_owned()))
    } else {
        refuse(
            format!("`{text}` is not a DOI"),
            "a DOI begins with 10., such as 10.1145/3543434.3543639",
        )
    }
}

fn language(text: &str) -> Result<Value, Refusal> {
    let tag = text.replace('_', "-");
    if crate::raw::reader::is_language_tag(&tag) && data::language(&tag).is_some() {
        return Ok(Value::Language(tag));
    }
    match data::language_named(text) {
        Some(tag) => Ok(Value::Language(tag.to_owned())),
        None => unknown(
            format!("`{text}` is not a language"),
            "write its code, such as en, it or lv".into(),
        ),
    }
}

fn country(text: &str) -> Result<Value, Refusal> {
    let code = data::country(text).map(|(code, _)| code).or_else(|| data::country_named(text));
    match code {
        Some(code) => Ok(Value::Country(code)),
        None => unknown(
            format!("`{text}` is not a country"),
            "write its two letters (ISO 3166-1), such as IT, LV or ES; EU is allowed too".into(),
        ),
    }
}

fn licence(text: &str) -> Result<Value, Refusal> {
    if let Some((id, _)) = data::licence(text) {
        return Ok(Value::Licence(id.to_owned()));
    }
    let sound = !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.+".contains(&byte));
    if sound {
        return Ok(Value::Licence(text.to_owned()));
    }
    let help = match nearest(text, data::licences().map(|(id, _)| id)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write its SPDX identifier, such as CC-BY-4.0".into(),
    };
    unknown(format!("`{text}` is not the identifier of a licence"), help)
}

const GEO_HELP: &str = "write latitude and longitude in degrees, such as \"44.70, 10.63\"";

/// A latitude and a longitude in degrees.
pub(super) fn geo(lat: &str, lon: &str) -> Result<Value, Refusal> {
    let within = |text: &str, limit: f64| {
        decimal(text).ok().filter(|d| d.parse::<f64>().is_ok_and(|value| value.abs() <= limit))
    };
    match (within(lat, 90.0), within(lon, 180.0)) {
        (Some(lat), Some(lon)) => Ok(Value::Geo { lat, lon }),
        _ => refuse(format!("`{lat}, {lon}` is not a place on the map"), GEO_HELP),
    }
}

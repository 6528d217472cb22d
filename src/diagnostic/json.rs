//! Findings as JSON: one array of objects, for editors' tools and CI.

use super::{Diagnostic, Place, text::line_column};
use serde_json::{Value, json};

/// Writes findings as a JSON array.
///
/// `source` gives a file's text, which turns byte spans into lines and columns
/// (both from 1). An object has `code`, `level`, `message`, and where known
/// `file`, `start`, `end` (bytes), `line`, `column`, `help`, `related`.
pub fn render<'a>(
    findings: impl IntoIterator<Item = &'a Diagnostic>,
    source: &dyn Fn(&str) -> Option<String>,
) -> String {
    let all: Vec<Value> = findings.into_iter().map(|found| object(found, source)).collect();
    let mut out = serde_json::to_string_pretty(&all).unwrap_or_default();
    out.push('\n');
    out
}

fn object(found: &Diagnostic, source: &dyn Fn(&str) -> Option<String>) -> Value {
    let mut object = json!({
        "code": found.code.name,
        "level": found.level,
        "message": found.message,
    });
    if let Some(place) = &found.place {
        put_place(&mut object, place, source);
    }
    if let Some(help) = &found.help {
        object["help"] = json!(help);
    }
    if let Some((place, label)) = found.related.as_deref() {
        let mut related = json!({ "message": label });
        put_place(&mut related, place, source);
        object["related"] = related;
    }
    object
}

fn put_place(object: &mut Value, place: &Place, source: &dyn Fn(&str) -> Option<String>) {
    object["file"] = json!(&*place.file);
    if let Some((start, end)) = place.span {
        object["start"] = json!(start);
        object["end"] = json!(end);
        if let Some(text) = source(&place.file) {
            let (line, column) = line_column(&text, start);
            object["line"] = json!(line);
            object["column"] = json!(column);
        }
    }
}

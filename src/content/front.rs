//! The line between front matter and body.

use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::raw::{Table, toml, yaml};
use std::sync::Arc;

/// A text, split.
pub(super) struct Split {
    /// The front matter; empty when there is none.
    pub front: Table,
    /// The byte at which the body begins.
    pub body: usize,
    /// Whether the front matter could be read to its end.
    pub whole: bool,
}

/// Front matter of more bytes than this is a slip or an attack.
const LONGEST: usize = 256 * 1024;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Splits a text whose first line may open front matter: `---` for YAML,
/// `+++` for TOML. Blank lines may stand before it, as Hugo allows. A front matter that never closes is an error, and the text
/// after its first line is the body, so that nothing is lost.
pub(super) fn split(text: &str, file: &Arc<str>, found: &mut Diagnostics) -> Split {
    let mark = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let none = Split { front: Table::default(), body: mark, whole: true };
    let start = mark + blank_lines(&text[mark..]);
    let first = text[start..].lines().next().unwrap_or("");
    let fence = match first.trim_end() {
        "---" => "---",
        "+++" => "+++",
        _ => return none,
    };
    let inside = start + line_length(&text[start..]);
    let end = closing(text, inside, fence);
    // Below blank lines, a rule across the page looks the same.
    if start > mark && (end.is_none() || !begins_with_key(&text[inside..])) {
        return none;
    }
    let Some((end, body)) = end else {
        found.push(
            Diagnostic::new(&codes::CONTENT_SYNTAX, "the front matter is not closed")
                .at(Place::span(file.clone(), start..start + fence.len()))
                .help(format!("end it with a line that has only {fence}")),
        );
        return Split { body: inside, whole: false, ..none };
    };
    if end - inside > LONGEST {
        found.push(
            Diagnostic::new(&codes::CONTENT_SYNTAX, "the front matter is longer than any form")
                .at(Place::span(file.clone(), start..start + fence.len()))
                .help("write long texts in the body, below the front matter"),
        );
        return Split { body, whole: false, ..none };
    }
    let parse = if fence == "---" { yaml::parse } else { toml::parse };
    let (front, errors) = parse(&text[inside..end], inside);
    let whole = errors.is_empty();
    for error in errors {
        let place = match error.span {
            Some(span) => Place::span(file.clone(), span),
            None => Place::file(file.clone()),
        };
        let message = format!("the front matter cannot be read here: {}", error.message);
        let help = if error.help.is_empty() { hint(fence) } else { &error.help };
        found.push(Diagnostic::new(&codes::CONTENT_SYNTAX, message).at(place).help(help));
    }
    Split { front, body, whole }
}

fn hint(fence: &str) -> &'static str {
    match fence {
        "---" => {
            "look for a missing quote, a tab, or a colon inside a text: such a text stands in quotes"
        }
        _ => "look for a missing quote or bracket; text always stands in quotes",
    }
}

/// Where the front matter ends and the body begins.
fn closing(text: &str, inside: usize, fence: &str) -> Option<(usize, usize)> {
    let mut at = inside;
    while at < text.len() {
        let length = line_length(&text[at..]);
        let line = text[at..at + length].trim_end();
        if line == fence || (fence == "---" && line == "...") {
            return Some((at, at + length));
        }
        at += length;
    }
    None
}

/// The length of the first line with its line break.
fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |newline| newline + 1)
}

/// The bytes of the blank lines at the start of a text.
fn blank_lines(text: &str) -> usize {
    let blanks = text.len() - text.trim_start().len();
    text[..blanks].rfind('\n').map_or(0, |end| end + 1)
}

/// Whether the first line that says something is `key:` or `key =`.
fn begins_with_key(text: &str) -> bool {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    let key = line.split([':', '=']).next().unwrap_or("");
    !line.starts_with('#') && key.len() < line.len() && !key.trim_end().contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Node;

    fn parts(text: &str) -> (Option<String>, String, usize) {
        let mut found = Diagnostics::default();
        let split = split(text, &"a.md".into(), &mut found);
        let title = split.front.get("title").and_then(Node::text).map(str::to_owned);
        (title, text[split.body..].to_owned(), found.len())
    }

    #[test]
    fn yaml_toml_or_none() {
        assert_eq!(parts("---\ntitle: A\n---\nBody"), (Some("A".into()), "Body".into(), 0));
        assert_eq!(parts("+++\ntitle = \"A\"\n+++\nBody"), (Some("A".into()), "Body".into(), 0));
        assert_eq!(parts("# A\n---\nBody"), (None, "# A\n---\nBody".into(), 0));
        assert_eq!(parts("\u{feff}---\r\ntitle: A\r\n---\r\nB"), (Some("A".into()), "B".into(), 0));
        assert_eq!(parts("\n \n---\ntitle: A\n---\nB"), (Some("A".into()), "B".into(), 0));
        assert_eq!(parts("\n---\nA rule\n---\nB"), (None, "\n---\nA rule\n---\nB".into(), 0));
        for text in ["\n---\n# A heading\nB", "\n---\nNote: B\n", "\n---\n# C: D\n---\nB"] {
            assert_eq!(parts(text), (None, text.into(), 0));
        }
        assert_eq!(parts(""), (None, String::new(), 0));
        assert_eq!(parts("---\n---\n"), (None, String::new(), 0));
    }

    #[test]
    fn what_never_closes_is_told_and_kept() {
        assert_eq!(parts("---\ntitle: A\nBody"), (None, "title: A\nBody".into(), 1));
    }
}

//! What the parsers of TOML and YAML say, in words for people who do not
//! write such files every day.

use super::SyntaxError;

/// What is said of lists and tables within lists and tables within …
pub(super) const TOO_DEEP: &str = "lists and tables are nested too deeply";

const SIMPLER: &str = "no field needs that: write its value more simply";

/// Rewrites a finding of the TOML parser; `written` is what stands at its place.
pub(super) fn toml(error: &mut SyntaxError, written: &str) {
    let (message, help) = match error.message.as_str() {
        m if m.starts_with("string values must be quoted") => {
            // A word processor makes other quotes than TOML knows.
            let bare = written.trim().trim_matches(['“', '”', '„', '‘', '’', '«', '»']);
            ("a text must stand in quotes", format!("write \"{bare}\""))
        }
        m if m.starts_with("missing opening quote") => (
            "this text ends with a quote and does not begin with one",
            "put a quote before it, as behind it".to_owned(),
        ),
        m if m.starts_with("invalid date") || m.starts_with("invalid datetime") => {
            return date(error, written);
        }
        m if m.starts_with("invalid basic string") || m.starts_with("invalid literal string") => {
            ("a text that begins with a quote must end with one on the same line", String::new())
        }
        m if m.starts_with("invalid multi-line") => {
            ("a text that begins with three quotes must end with three", String::new())
        }
        m if m.starts_with("unclosed array") || m.starts_with("unclosed table") => {
            ("a `[` has no `]`", String::new())
        }
        m if m.starts_with("unclosed inline table") => ("a `{` has no `}`", String::new()),
        m if m.starts_with("cannot recurse") => (TOO_DEEP, SIMPLER.to_owned()),
        m if m.starts_with("duplicate key") => {
            ("this key occurs twice", "keep one of the two".to_owned())
        }
        m if m.starts_with("key with no value") => {
            ("a key needs `=` and a value behind it", "write: key = \"value\"".to_owned())
        }
        m if m.starts_with("invalid unquoted key") => (
            "a key has letters without accents, digits, `-` and `_`, and `=` behind it",
            "write: key = \"value\"".to_owned(),
        ),
        m if m.starts_with("unexpected key or value") => (
            "something stands behind the value",
            "put the whole text in \"double quotes\", and write \\\" for a quote inside it"
                .to_owned(),
        ),
        m if m.starts_with("invalid escape") || m.contains("escape") => {
            ("a `\\` has a meaning in \"double quotes\"", "write \\\\ for it".to_owned())
        }
        _ => return,
    };
    (error.message, error.help) = (message.to_owned(), help);
}

fn date(error: &mut SyntaxError, written: &str) {
    let digits = |part: &str| part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = written.trim().split('-').collect();
    (error.message, error.help) = match parts[..] {
        [year, month] if digits(year) && digits(month) => (
            "a month without a day must stand in quotes".to_owned(),
            format!("write \"{}\"", written.trim()),
        ),
        _ => (
            format!("`{}` is not a day that exists", written.trim()),
            "write a day as 2024-05-31; other dates stand in quotes, such as \"2024-05\""
                .to_owned(),
        ),
    };
}

/// Rewrites a finding of the YAML parser.
pub(super) fn yaml(error: &mut SyntaxError) {
    let (message, help) = match error.message.as_str() {
        m if m.contains("mapping values are not allowed") => (
            "there is a colon too many",
            "a text with a colon in it must stand in quotes, such as title: \"One: two\"",
        ),
        m if m.contains("illegal placement of ':'") || m.contains("expected ',' or") => {
            ("a list or table above has no `]` or `}`", "close it, or write one `- item` a line")
        }
        m if m.contains("recursion limit") || m == TOO_DEEP => (TOO_DEEP, SIMPLER),
        m if m.starts_with("unexpected character") && m.contains("\\u{") => {
            ("a character that cannot be seen stands here", "delete it and write the line anew")
        }
        m if m.starts_with("unexpected character") => {
            ("a text cannot begin with this character", "put the text in quotes")
        }
        m if m.contains("unknown anchor") => {
            ("a text that begins with `*` must stand in quotes", "put the text in quotes")
        }
        m if m.contains("a tab") || m.contains("tabs") => {
            ("a tab cannot stand at the beginning of a line", "write blanks instead")
        }
        m if m.starts_with("invalid trailing content") => (
            "something stands behind the closing quote",
            "put the whole text in \"double quotes\", and write \\\" for a quote inside it",
        ),
        m if m.starts_with("there are more than") => return error.help.push_str(SIMPLER),
        m if m.contains("occurs twice") => return error.help.push_str("keep one of the two"),
        m if m.contains("unclosed quote") || m.contains("unexpected end of stream") => (
            "a text that begins with a quote must end with one",
            "look for a missing quote here or above",
        ),
        _ => return,
    };
    (error.message, error.help) = (message.to_owned(), help.to_owned());
}

//! What tags of other generators are mapped to, and how a tag's arguments fill
//! the templates of that mapping.
//!
//! A template is a text with `{name}` for a named argument, `{0}`, `{1}`, … for
//! those given by position, and `{name|text}` for one with a default.

use std::collections::BTreeMap;

use super::marks;

/// What becomes of a tag, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortcode {
    /// It goes; what it encloses stays.
    Inner,
    /// It is an address; in running text, a link.
    Link {
        /// The template of the address.
        href: String,
        /// The template of a link's words; without it they are the address.
        text: Option<String>,
    },
    /// It is a picture.
    Image {
        /// The template of its address.
        src: String,
        /// The template of its text alternative.
        alt: String,
    },
    /// It is a call of a component.
    Component {
        /// The component's name.
        name: String,
        /// Its attributes and their templates, in order.
        attributes: Vec<(String, String)>,
        /// The template of the Markdown that it encloses, of a tag that gives it as an argument.
        body: Option<String>,
    },
}

/// The mappings of a site, by the name of the tag.
pub type Shortcodes = BTreeMap<String, Shortcode>;

/// The arguments of a tag.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    positional: Vec<String>,
    named: Vec<(String, String)>,
}

impl Arguments {
    /// Reads what follows a tag's name: `"x" y=z title="a b"`.
    pub fn of(mut text: &str) -> Self {
        let mut out = Self::default();
        loop {
            text = text.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if matches!(text.trim_end(), "" | "/") {
                return out;
            }
            let name = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
            let (name, after) = text.split_at(name.unwrap_or(text.len()));
            match after.trim_start().strip_prefix(['=', ':']).filter(|_| !name.is_empty()) {
                Some(after) => {
                    let (value, rest) = value(after.trim_start());
                    out.named.push((name.to_owned(), value));
                    text = rest;
                }
                None => {
                    let (value, rest) = value(text);
                    out.positional.push(value);
                    text = rest;
                }
            }
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let named = self.named.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        let at = || name.parse().ok().and_then(|at: usize| self.positional.get(at));
        named.or_else(at).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A template, filled; `None` when it asks for arguments and none of them is given.
    pub fn fill(&self, template: &str) -> Option<String> {
        let mut out = String::with_capacity(template.len());
        let (mut asked, mut given) = (false, false);
        let mut rest = template;
        while let Some((before, name, after)) = placeholder(rest) {
            out.push_str(before);
            let (name, default) = match name.split_once('|') {
                Some((name, default)) => (name, Some(default)),
                None => (name, None),
            };
            asked = true;
            if let Some(value) = self.get(name).or(default) {
                given = true;
                out.push_str(&marks::unforged(value));
            }
            rest = after;
        }
        out.push_str(rest);
        (given || !asked).then_some(out)
    }
}

/// The first `{…}` of a template: what stands before, within and after.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// The value at the start of a text, and what follows it.
fn value(text: &str) -> (String, &str) {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    let Some(quote) = quote else {
        let end = text.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.to_owned(), rest);
    };
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            // A Hugo text in backquotes is raw.
            '\\' if quote != '`' => out.extend(chars.next().map(|(_, c)| c)),
            c if c == quote => return (out, &text[at + 1..]),
            c => out.push(c),
        }
    }
    (out, "")
}

/// An address that can stand in a link's target and in an attribute alike: what
/// would end either is percent-encoded.
pub(super) fn address(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\'' | '`' | '\\' | '*' | '{' | '}' | ' ' => {
                out.push_str(&format!("%{:02X}", c as u32));
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Text that means in Markdown what it says.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_fill_templates() {
        let arguments = Arguments::of(r#" "a b" c title="x \"y\"" id=7 raw=`a\b` empty="" / "#);
        let fill = |template: &str| arguments.fill(template);
        for (template, want) in [
            ("{0}", Some("a b")),
            ("{1}-{id}", Some("c-7")),
            ("{title}", Some("x \"y\"")),
            ("{raw}", Some("a\\b")),
            ("{2}", None),
            ("{empty}", None),
            ("{empty|none}", Some("none")),
            ("{2}/{id}", Some("/7")),
            ("plain", Some("plain")),
            ("{open", Some("{open")),
        ] {
            assert_eq!(fill(template).as_deref(), want, "{template}");
        }
        assert_eq!(Arguments::of("content: 'x', y"), Arguments::of("content='x' y"));
        let forged = Arguments::of("\u{FDD2}0\u{FDD3}").fill("{0}");
        assert_eq!(forged.as_deref(), Some("\u{FFFD}0\u{FFFD}"), "no mark comes from a tag");
        assert_eq!(Arguments::of("\"never ends").fill("{0}").as_deref(), Some("never ends"));
    }

    #[test]
    fn filled_texts_stay_what_they_are() {
        assert_eq!(address(" a b(1).md#x'\n"), "a%20b%281%29.md#x%27");
        assert_eq!(literal("a *b*\n[c]"), "a \\*b\\* \\[c\\]");
    }
}

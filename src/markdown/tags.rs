//! The grammar of other generators' template tags: what stands at a brace.
//!
//! Enters: a text and the place of a brace. Leaves: the tag there, an opening
//! that never ends, or nothing; and in what a tag stands. What becomes of a tag is `foreign`'s matter.

use std::ops::Range;

/// Which language a tag belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// `{{< name … >}}`
    Angle,
    /// `{{% name … %}}`
    Percent,
    /// `{{ expression }}`
    Expression,
    /// `{% name … %}`
    Liquid,
    /// `{: .class #id}`, `{:toc}`, `{::options /}`
    Kramdown,
}

impl Form {
    /// The bytes that open a kramdown tag.
    pub const OPENS_KRAMDOWN: usize = "{:".len();

    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Angle, "{{<", ">}}"),
        (Self::Percent, "{{%", "%}}"),
        (Self::Expression, "{{", "}}"),
        (Self::Liquid, "{%", "%}"),
        (Self::Kramdown, "{:", "}"),
    ];
}

/// A tag as it stands in the text.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub form: Form,
    pub name: &'a str,
    /// What follows the name.
    pub rest: &'a str,
    pub closing: bool,
    pub range: Range<usize>,
}

impl<'a> Tag<'a> {
    /// The name without what makes it the end of another, and whether it is one.
    /// Liquid closes `x` with `endx`.
    pub fn ends(&self) -> (&'a str, bool) {
        match self.name.strip_prefix("end").filter(|_| self.form == Form::Liquid) {
            Some(name) => (name, true),
            None => (self.name, self.closing),
        }
    }
}

/// What stands at a brace.
pub(super) enum Read<'a> {
    Tag(Tag<'a>),
    /// Hugo's way to show a tag instead of calling it, `{{</* x */>}}`: what is shown.
    Shown(Range<usize>, String),
    /// A template's comment.
    Comment(Range<usize>),
    /// An opening of so many bytes that has no end.
    Unclosed(usize),
    Nothing,
}

/// Reads what a brace at a place opens.
pub(super) fn tag_at(text: &str, at: usize) -> Read<'_> {
    let rest = &text[at..];
    let Some((form, open, close)) = Form::ALL.into_iter().find(|(_, o, _)| rest.starts_with(o))
    else {
        return Read::Nothing;
    };
    let inner = &rest[open.len()..];
    if form == Form::Kramdown {
        let end = inner.find(['}', '{', '\n']).filter(|end| inner[*end..].starts_with('}'));
        let starts = inner.starts_with([' ', '.', '#', ':', '/'])
            || inner.starts_with(|c: char| c.is_ascii_alphabetic());
        let Some(end) = end.filter(|_| starts) else { return Read::Nothing };
        let words = inner[..end].trim_matches([':', '/', ' ']);
        return Read::Tag(tag(form, words, "", false, at..at + open.len() + end + 1));
    }
    let Some(end) = end_of_content(inner, close) else { return Read::Unclosed(open.len()) };
    let range = at..at + open.len() + end + close.len();
    let content = inner[..end].trim_matches(|c: char| c.is_whitespace() || c == '-');
    if let Some(inside) = content.strip_prefix("/*") {
        let inside = inside.strip_suffix("*/").unwrap_or(inside).trim();
        return match form {
            Form::Angle | Form::Percent => Read::Shown(range, format!("{open} {inside} {close}")),
            _ => Read::Comment(range),
        };
    }
    let closing = content.starts_with('/');
    let content = content.trim_start_matches('/').trim_start();
    let name_end = content.find(|c: char| c.is_whitespace() || matches!(c, '|' | '(' | '"'));
    let (name, rest) = content.split_at(name_end.unwrap_or(content.len()));
    Read::Tag(tag(form, name, rest, closing, range))
}

/// Where a tag's end begins. A tag does not hold another: what is never closed
/// must not swallow the next.
fn end_of_content(inner: &str, close: &str) -> Option<usize> {
    let bytes = inner.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if bytes[at..].starts_with(close.as_bytes()) {
            return Some(at);
        }
        if *byte == b'{' && matches!(bytes.get(at + 1), Some(b'{' | b'%')) {
            return None;
        }
    }
    None
}

fn tag<'a>(
    form: Form,
    name: &'a str,
    rest: &'a str,
    closing: bool,
    range: Range<usize>,
) -> Tag<'a> {
    Tag { form, name, rest, closing, range }
}

/// Whether a link's target begins right after a text: `[x](` or `[x]: `.
pub(super) fn ends_with_target(text: &str) -> bool {
    text.ends_with("](") || text.trim_end_matches([' ', '\t']).ends_with("]:")
}

/// Whether the end of a text stands inside an HTML tag. Only so much is read
/// as a tag with its attributes may take.
pub(super) fn in_html_tag(text: &str) -> bool {
    const LONGEST: usize = 2000;
    let mut start = text.len().saturating_sub(LONGEST);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let near = &text[start..];
    let open = near.rfind('<').filter(|open| near.rfind('>').is_none_or(|close| close < *open));
    open.is_some_and(|open| {
        let tag = &near[open + 1..];
        // A blank line ends a paragraph, and a `<` in it opened no tag.
        tag.starts_with(|c: char| c.is_ascii_alphabetic())
            && !tag.contains("\n\n")
            && !tag.contains("\n\r\n")
    })
}

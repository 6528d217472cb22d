//! Looks at HTML as an editor wrote it: its tags, what of them is not wanted,
//! and how deeply they nest. It changes nothing; `sanitise` does.

use std::collections::HashMap;
use std::ops::Range;

/// A tag in raw HTML.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub name: &'a str,
    pub closing: bool,
    pub range: Range<usize>,
    /// The text between name and `>`, and where it begins.
    attributes: &'a str,
    attributes_at: usize,
}

/// An attribute of a tag; its value is as written, entities and all.
#[derive(Debug)]
pub(super) struct Attribute<'a> {
    pub name: &'a str,
    pub value: &'a str,
    pub range: Range<usize>,
}

/// The tags of raw HTML, in order; comments are passed over.
pub(super) fn tags(html: &str) -> Tags<'_> {
    Tags { html, at: 0 }
}

/// The tag that begins at a place.
pub(super) fn tag_at(html: &str, at: usize) -> Option<Tag<'_>> {
    Tags { html, at }.next().filter(|tag| tag.range.start == at)
}

/// See [`tags`].
pub(super) struct Tags<'a> {
    html: &'a str,
    at: usize,
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        let bytes = self.html.as_bytes();
        loop {
            let start = self.at + self.html.get(self.at..)?.find('<')?;
            if self.html[start..].starts_with("<!--") {
                self.at = start + 4 + self.html[start + 4..].find("-->")? + 3;
                continue;
            }
            let closing = bytes.get(start + 1) == Some(&b'/');
            let name_at = start + 1 + usize::from(closing);
            if !bytes.get(name_at).is_some_and(u8::is_ascii_alphabetic) {
                self.at = start + 1;
                continue;
            }
            let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>');
            let name_end = bytes[name_at..].iter().position(ends_name);
            let name_end = name_end.map_or(bytes.len(), |len| name_at + len);
            let end = end_of_tag(bytes, name_end);
            self.at = (end + 1).min(bytes.len());
            return Some(Tag {
                name: &self.html[name_at..name_end],
                closing,
                range: start..self.at,
                attributes: &self.html[name_end..end],
                attributes_at: name_end,
            });
        }
    }
}

/// The place of the `>` that ends a tag, or the end of a tag that has none.
fn end_of_tag(bytes: &[u8], from: usize) -> usize {
    let mut quote = None;
    for (at, &byte) in bytes.iter().enumerate().skip(from) {
        match (byte, quote) {
            (b'>', None) => return at,
            (b'"' | b'\'', None) if bytes[at - 1] == b'=' || blank_before(bytes, at) => {
                quote = Some(byte);
            }
            (_, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    bytes.len()
}

/// Whether only blanks stand between a quote and the `=` before it.
fn blank_before(bytes: &[u8], at: usize) -> bool {
    let before = bytes[..at].iter().rev().find(|b| !b.is_ascii_whitespace());
    before == Some(&b'=')
}

impl<'a> Tag<'a> {
    /// The attributes, in order.
    pub fn attributes(&self) -> Vec<Attribute<'a>> {
        let text = self.attributes;
        let bytes = text.as_bytes();
        let mut found = Vec::new();
        let mut at = 0;
        let skip = |mut at: usize, stop: &dyn Fn(u8) -> bool| {
            while at < bytes.len() && !stop(bytes[at]) {
                at += 1;
            }
            at
        };
        loop {
            let start = skip(at, &|b| !b.is_ascii_whitespace() && b != b'/');
            if start == bytes.len() {
                return found;
            }
            let name_end =
                skip(start + 1, &|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'/'));
            let mut value = name_end..name_end;
            at = name_end;
            let equals = skip(name_end, &|b| !b.is_ascii_whitespace());
            if bytes.get(equals) == Some(&b'=') {
                let from = skip(equals + 1, &|b| !b.is_ascii_whitespace());
                value = match bytes.get(from) {
                    Some(&quote @ (b'"' | b'\'')) => from + 1..skip(from + 1, &|b| b == quote),
                    _ => from..skip(from, &|b| b.is_ascii_whitespace()),
                };
                at = if value.start > from { (value.end + 1).min(bytes.len()) } else { value.end };
            }
            found.push(Attribute {
                name: &text[start..name_end],
                value: &text[value],
                range: self.attributes_at + start..self.attributes_at + at,
            });
        }
    }
}

/// Counts open elements, so that no parser is given a tree without bottom.
#[derive(Debug, Default)]
pub(super) struct Depth {
    open: HashMap<String, usize>,
    all: usize,
    formatting: usize,
}

impl Depth {
    /// More open elements than any article has; browsers stop at 512.
    const ALL: usize = 100;
    /// More open formatting elements than any article has. A parser opens all
    /// of them again in each later paragraph.
    const FORMATTING: usize = 16;

    /// Takes the next piece of raw HTML; `false` when it leads too deep.
    pub fn follow(&mut self, html: &str) -> bool {
        for tag in tags(html) {
            let name = tag.name.to_ascii_lowercase();
            if LEAVES.contains(&name.as_str()) {
                continue;
            }
            let formatting = usize::from(FORMATTING.contains(&name.as_str()));
            let open = self.open.entry(name).or_insert(0);
            if !tag.closing {
                *open += 1;
                self.all += 1;
                self.formatting += formatting;
            } else if *open > 0 {
                *open -= 1;
                self.all -= 1;
                self.formatting -= formatting;
            }
            if self.all > Self::ALL || self.formatting > Self::FORMATTING {
                return false;
            }
        }
        true
    }
}

/// Elements that have no content or end by themselves.
const LEAVES: &[&str] = &[
    "area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "img", "input",
    "li", "link", "meta", "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead",
    "tr", "track", "wbr",
];

/// Elements that an HTML parser opens again where they were left open.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_attributes_have_their_places() {
        let html = "x <a HREF = 'a>b' title=c disabled><!-- <b> --></a><img src=\"x\"/>";
        let found: Vec<_> = tags(html).map(|t| (t.name, t.closing, &html[t.range])).collect();
        assert_eq!(
            found,
            [
                ("a", false, "<a HREF = 'a>b' title=c disabled>"),
                ("a", true, "</a>"),
                ("img", false, "<img src=\"x\"/>"),
            ]
        );
        let first = tags(html).next().expect("there is a tag");
        let attributes: Vec<_> =
            first.attributes().iter().map(|a| (a.name, a.value, &html[a.range.clone()])).collect();
        assert_eq!(
            attributes,
            [
                ("HREF", "a>b", "HREF = 'a>b'"),
                ("title", "c", "title=c"),
                ("disabled", "", "disabled")
            ]
        );
    }

    #[test]
    fn what_is_never_closed_ends_the_search() {
        assert_eq!(tags(&"<a title=\"".repeat(10_000)).count(), 1);
        assert_eq!(tags("<!-- <b>").count(), 0);
    }

    #[test]
    fn depth_counts_what_stays_open() {
        let mut depth = Depth::default();
        assert!(depth.follow(&"<div><b>x</b></div>".repeat(1000)));
        assert!(depth.follow(&"<li><p>".repeat(1000)));
        assert!(!depth.follow(&"<div>".repeat(101)));
        assert!(!Depth::default().follow(&"<b title=x>".repeat(17)));
    }
}

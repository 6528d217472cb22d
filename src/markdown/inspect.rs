//! Raw HTML in a body: what an editor should know of it, and where.
//!
//! Enters: the stretches of HTML as the Markdown parser hands them over.
//! Leaves: findings, the places of links and images, and the warning that the
//! whole nests too deeply. Only wholly harmless pieces are taken out here.

use std::ops::Range;

use super::HtmlPolicy;
use super::chunk::Chunk;
use super::escape;
use super::findings::Findings;
use super::raw::{self, Depth, Tag};
use super::sanitise;
use super::targets;
use super::url;
use crate::diagnostic::codes;

/// The raw HTML of a body.
#[derive(Debug, Default)]
pub(super) struct RawHtml {
    /// Whether there is any that a sanitiser must see.
    pub any: bool,
    /// Whether it nests too deeply for a parser, and where it does.
    pub too_deep: Option<Range<usize>>,
    /// The targets of links and images, with their places in the file.
    pub targets: Vec<(String, Range<usize>)>,
    depth: Depth,
    /// How much there was before the present stretch.
    start: (usize, usize, usize),
    /// Where each line stands in the output and in the edited text.
    lines: Vec<(usize, usize)>,
}

impl RawHtml {
    /// A stretch begins.
    pub fn begin(&mut self, chunk: &Chunk) {
        self.start = chunk.size();
        self.lines.clear();
    }

    /// The next line of it, from a place in the edited text.
    pub fn push(&mut self, html: &str, at: usize, chunk: &mut Chunk) {
        self.lines.push((chunk.html.len(), at));
        chunk.raw(html);
    }

    /// A stretch ends.
    pub fn end(&mut self, policy: HtmlPolicy, chunk: &mut Chunk, findings: &mut Findings) {
        if policy == HtmlPolicy::Allow {
            return;
        }
        let html = &chunk.html[self.start.0..];
        // What is held stands beside a comment, never in one.
        if is_comment(html) && chunk.size().2 == self.start.2 {
            return chunk.truncate(self.start);
        }
        if self.too_deep.is_none() && !self.depth.follow(html) {
            self.too_deep = Some(self.place(0..html.len()));
        }
        let mut swallows = false;
        for tag in raw::tags(html) {
            self.inspect(html, &tag, findings);
            let whole = tag.range == (0..html.len());
            swallows = whole && SWALLOWS.iter().any(|name| name.eq_ignore_ascii_case(tag.name));
        }
        if swallows {
            // In a line of text, such a tag would take the rest of the page with it.
            return chunk.truncate(self.start);
        }
        self.any = true;
    }

    fn inspect(&mut self, html: &str, tag: &Tag, findings: &mut Findings) {
        if tag.closing {
            return;
        }
        let name = tag.name.to_ascii_lowercase();
        let span = |range: &Range<usize>| self.place(range.clone());
        let mut unwanted = |what: String, range: &Range<usize>| {
            if findings.first(&codes::MARKDOWN_UNSAFE_HTML, &what) {
                findings.push(
                    &codes::MARKDOWN_UNSAFE_HTML,
                    span(range),
                    format!("{what} is not allowed in a text and was taken out"),
                    "write it in Markdown, or leave it to the theme",
                );
            }
        };
        if !sanitise::keeps(&name) {
            unwanted(format!("`<{name}>`"), &tag.range);
        }
        let attributes = tag.attributes();
        for attribute in &attributes {
            let lower = attribute.name.to_ascii_lowercase();
            if lower.starts_with("on") || lower == "style" {
                unwanted(format!("`{lower}=`"), &attribute.range);
            }
        }
        let value = |name: &str| {
            let found = attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name));
            found.map(|attribute| escape::unescape(attribute.value))
        };
        let (target, what, became) = match name.as_str() {
            "a" => (value("href"), "link", "plain text"),
            "img" => (value("src"), "image", "its text"),
            _ => return,
        };
        let range = findings.source.original(self.place(tag.range.clone()));
        // An empty `alt` says that a picture only decorates.
        if name == "img" && value("alt").is_none() {
            targets::report_no_alt(findings, range.clone());
        }
        if let Some(target) = target {
            if let Err(refused) = url::classify(&target) {
                targets::report(findings, &refused, what, became, range.clone());
            }
            debug_assert!(tag.range.end <= html.len());
            self.targets.push((target, range));
        }
    }

    /// Where a range of the present stretch stands in the edited text.
    fn place(&self, range: Range<usize>) -> Range<usize> {
        let find = |at: usize| {
            let at = at + self.start.0;
            let after = self.lines.partition_point(|(html, _)| *html <= at);
            let line = after.checked_sub(1).and_then(|index| self.lines.get(index));
            line.map_or(0, |(html, source)| source + (at - html))
        };
        find(range.start)..find(range.end.saturating_sub(1).max(range.start)) + 1
    }
}

fn is_comment(html: &str) -> bool {
    let html = html.trim();
    html.starts_with("<!--") && html.len() >= 7 && html.find("-->") == Some(html.len() - 3)
}

/// Elements whose content is no HTML: left open, they never end.
const SWALLOWS: &[&str] = &[
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "xmp",
];

//! kramdown's `markdown="1"`: Markdown inside an HTML element, without the
//! blank lines that CommonMark asks for.
//!
//! Enters: a body and its layout. Leaves: edits that take the attribute away
//! and put the blank lines in. Nothing else is changed.

use std::borrow::Cow;
use std::ops::Range;

use super::layout::Layout;
use super::raw::{self, Tag};
use super::source::Edit;

/// Whether a text may have such elements; most have none.
pub(super) fn suspected(text: &str) -> bool {
    text.contains("markdown=")
}

/// An open element with the attribute.
struct Open<'a> {
    name: &'a str,
    /// Elements of the same name that are open inside it.
    same: usize,
    /// The indentation of its first line, which its other lines lose, too.
    indent: Option<usize>,
}

/// The edits that a text needs.
pub(super) fn edits(text: &str, layout: &Layout) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        if layout.hidden_end(at).is_some() && !layout.in_html(at) && open.is_empty() {
            continue;
        }
        if !open.is_empty() || (line.contains("markdown=") && line.trim_start().starts_with('<')) {
            read_line(line, at, &mut open, &mut edits);
        } else if line.contains("markdown=") {
            let attributes = raw::tags(line).filter_map(|tag| attribute(line, &tag));
            edits.extend(attributes.map(|range| cut(at + range.start..at + range.end, "")));
        }
    }
    edits
}

fn read_line<'a>(line: &'a str, at: usize, open: &mut Vec<Open<'a>>, edits: &mut Vec<Edit>) {
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    if let Some(inner) = open.last_mut()
        && !line.trim().is_empty()
    {
        let drop = indent.min(*inner.indent.get_or_insert(indent));
        edits.push(cut(at..at + drop, ""));
    }
    let mut ended = 0;
    for tag in raw::tags(line) {
        ended = tag.range.end;
        if tag.closing {
            close(line, at, &tag, open, edits);
        } else if let Some(range) = attribute(line, &tag) {
            edits.push(cut(at + range.start..at + range.end, ""));
            if BLOCKS.contains(&tag.name) {
                rename(at, &tag, edits);
                edits.push(cut(at + ended..at + ended, "\n\n"));
                open.push(Open { name: tag.name, same: 0, indent: None });
            }
        } else if let Some(inner) = open.last_mut()
            && inner.name == tag.name
        {
            inner.same += 1;
        }
    }
    // A line that is nothing but tags would make HTML of the lines after it.
    if !open.is_empty() && ended > 0 && line[ended..].trim().is_empty() {
        edits.push(cut(at + ended..at + ended, "\n\n"));
    }
}

fn close<'a>(line: &str, at: usize, tag: &Tag, open: &mut Vec<Open<'a>>, edits: &mut Vec<Edit>) {
    let Some(inner) = open.last_mut().filter(|inner| inner.name == tag.name) else { return };
    if inner.same > 0 {
        inner.same -= 1;
        return;
    }
    open.pop();
    let start = at + tag.range.start;
    if !line[..tag.range.start].trim().is_empty() || !line.starts_with('<') {
        edits.push(cut(start..start, "\n\n"));
    } else {
        edits.push(cut(start..start, "\n"));
    }
    rename(at, tag, edits);
}

/// Paragraphs stand in it, so a `p` becomes a `div`.
fn rename(at: usize, tag: &Tag, edits: &mut Vec<Edit>) {
    if tag.name.eq_ignore_ascii_case("p") {
        let name = at + tag.range.start + 1 + usize::from(tag.closing);
        edits.push(cut(name..name + 1, "div"));
    }
}

/// The range of a `markdown` attribute with the blanks before it.
fn attribute(line: &str, tag: &Tag) -> Option<Range<usize>> {
    let found = tag.attributes().into_iter().find(|a| a.name.eq_ignore_ascii_case("markdown"))?;
    let blanks = line[..found.range.start].trim_end().len();
    Some(blanks..found.range.end)
}

fn cut(range: Range<usize>, with: &'static str) -> Edit {
    Edit { range, with: Cow::Borrowed(with) }
}

/// Elements that may hold paragraphs; in others only the attribute goes.
const BLOCKS: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "div",
    "figcaption",
    "figure",
    "footer",
    "header",
    "li",
    "main",
    "nav",
    "p",
    "section",
    "td",
    "th",
];

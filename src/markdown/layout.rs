//! Where code, comments and raw HTML stand in a text, before anything in it is changed.
//!
//! Asked only about texts that seem to have template tags: it costs a parse.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

/// Ranges in order, none inside another of its kind.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Code, formulas and comments: nothing in them is a tag.
    hidden: Vec<Range<usize>>,
    html: Vec<Range<usize>>,
}

impl Layout {
    /// Reads the blocks of a text.
    pub fn of(text: &str, options: pulldown_cmark::Options) -> Self {
        let mut layout = Self::default();
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            match event {
                // Braces mean something else in a formula, too.
                Event::Start(Tag::CodeBlock(_))
                | Event::Code(_)
                | Event::InlineMath(_)
                | Event::DisplayMath(_) => layout.hidden.push(range),
                Event::Start(Tag::HtmlBlock) => {
                    layout.hidden.extend(comments(text, &range));
                    layout.html.push(range);
                }
                Event::InlineHtml(html) if html.starts_with("<!--") => layout.hidden.push(range),
                _ => {}
            }
        }
        layout
    }

    /// The end of the code or comment that a byte stands in.
    pub fn hidden_end(&self, at: usize) -> Option<usize> {
        find(&self.hidden, at).map(|range| range.end)
    }

    /// Whether a byte stands in a block of raw HTML.
    pub fn in_html(&self, at: usize) -> bool {
        find(&self.html, at).is_some()
    }
}

/// The comments in a block of HTML.
fn comments(text: &str, block: &Range<usize>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = block.start;
    while let Some(open) = text[at..block.end].find("<!--").map(|open| at + open) {
        at = text[open..block.end].find("-->").map_or(block.end, |end| open + end + 3);
        out.push(open..at);
    }
    out
}

fn find(ranges: &[Range<usize>], at: usize) -> Option<&Range<usize>> {
    let index = ranges.partition_point(|range| range.start <= at).checked_sub(1)?;
    Some(&ranges[index]).filter(|range| at < range.end)
}

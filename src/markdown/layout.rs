//! Where code and raw HTML stand in a text, before anything in it is changed.
//!
//! Asked only about texts that seem to have template tags: it costs a parse.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

/// Ranges in order, none inside another of its kind.
#[derive(Debug, Default)]
pub(super) struct Layout {
    code: Vec<Range<usize>>,
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
                | Event::DisplayMath(_) => layout.code.push(range),
                Event::Start(Tag::HtmlBlock) => layout.html.push(range),
                _ => {}
            }
        }
        layout
    }

    /// The end of the code that a byte stands in.
    pub fn code_end(&self, at: usize) -> Option<usize> {
        find(&self.code, at).map(|range| range.end)
    }

    /// Whether a byte stands in a block of raw HTML.
    pub fn in_html(&self, at: usize) -> bool {
        find(&self.html, at).is_some()
    }
}

fn find(ranges: &[Range<usize>], at: usize) -> Option<&Range<usize>> {
    let index = ranges.partition_point(|range| range.start <= at).checked_sub(1)?;
    Some(&ranges[index]).filter(|range| at < range.end)
}

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
    /// In the order of their beginnings, the outer before the inner.
    blocks: Vec<Block>,
}

/// A block as it stands in the text.
#[derive(Debug)]
pub(super) struct Block {
    pub range: Range<usize>,
    pub heading: bool,
    /// The number of the block around it.
    outer: Option<usize>,
}

impl Layout {
    /// Reads the blocks of a text.
    pub fn of(text: &str, options: pulldown_cmark::Options) -> Self {
        let mut layout = Self::default();
        let mut inside: Option<usize> = None;
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            if let Event::Start(tag) = &event
                && is_block(tag)
            {
                let heading = matches!(tag, Tag::Heading { .. });
                while let Some(outer) = inside
                    && layout.blocks[outer].range.end <= range.start
                {
                    inside = layout.blocks[outer].outer;
                }
                layout.blocks.push(Block { range: range.clone(), heading, outer: inside });
                inside = Some(layout.blocks.len() - 1);
            }
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

    /// The blocks that a byte stands in, from the innermost outwards.
    pub fn blocks_at(&self, at: usize) -> impl Iterator<Item = &Block> {
        // A text may nest as deep as it is long; nobody's does.
        const DEEPEST: usize = 100;
        let before = self.blocks.partition_point(|block| block.range.start <= at);
        std::iter::successors(before.checked_sub(1), |index| self.blocks[*index].outer)
            .take(DEEPEST)
            .map(|index| &self.blocks[index])
            .filter(move |block| block.range.contains(&at))
    }

    /// Whether a byte stands in a block of raw HTML.
    pub fn in_html(&self, at: usize) -> bool {
        find(&self.html, at).is_some()
    }
}

/// Blocks that can stand by themselves: no parts of lists or tables.
fn is_block(tag: &Tag) -> bool {
    matches!(
        tag,
        Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::List(_)
            | Tag::DefinitionList
            | Tag::Table(_)
    )
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

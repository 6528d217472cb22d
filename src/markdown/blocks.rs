//! The block half of the writer: headings, quotes, code and the cells of tables.

use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, HeadingLevel};

use super::body::Heading;
use super::chunk::{Hold, Hole};
use super::outline;
use super::resolve::Label;
use super::writer::{DEEPEST, Writer};
use crate::diagnostic::codes;

impl Writer<'_, '_> {
    pub(super) fn heading(
        &mut self,
        level: HeadingLevel,
        id: Option<CowStr>,
        classes: &[CowStr],
        range: Range<usize>,
    ) {
        let level = level as u8;
        let line = self.findings.source.text[range.clone()].trim_end().len();
        let range = range.start..range.start + line;
        let last = self.headings.last().map_or(level, |heading| heading.written);
        if level > last + 1 {
            self.findings.push(
                &codes::MARKDOWN_HEADING_JUMP,
                range.clone(),
                format!("a heading of level {level} follows one of level {last}"),
                "use the next level: those who listen to a page find their way by its headings",
            );
        }
        let id = id.map(CowStr::into_string).unwrap_or_default();
        let free = id.is_empty() || self.ids.claim(&id);
        if !free {
            self.findings.push(
                &codes::MARKDOWN_DUPLICATE_ID,
                range.clone(),
                format!("`{id}` cannot be the id of this heading: it is in use on this page, or has blanks"),
                "choose another id, without blanks",
            );
        }
        let index = self.headings.len();
        self.headings.push(Heading {
            level,
            written: level,
            id: if free { id } else { String::new() },
            text: String::new(),
            class: classes.join(" "),
            span: self.findings.source.original(range),
            nested: self.depth > 0 || !self.open_calls.is_empty(),
        });
        self.in_heading = true;
        self.chunk.line();
        self.chunk.element(Hold::HeadingOpen(level), Hole::HeadingOpen(index));
    }

    pub(super) fn end_heading(&mut self, level: HeadingLevel) {
        self.in_heading = false;
        let index = self.headings.len() - 1;
        let heading = &mut self.headings[index];
        heading.text.truncate(heading.text.trim_end().len());
        if heading.id.is_empty() {
            heading.id = self.ids.unique(outline::slug(&heading.text));
        }
        self.chunk.element(Hold::HeadingClose(level as u8), Hole::HeadingClose(index));
        self.chunk.raw("\n");
    }

    /// Tells of cells for which a table has no column: they are not shown.
    pub(super) fn surplus_cells(&mut self, range: &Range<usize>) {
        let row = self.findings.source.text[range.clone()].trim_end();
        let whole = row.len();
        let row = row.trim_start();
        let row = row.strip_prefix('|').unwrap_or(row);
        let last = row.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(row);
        let mut before = ' ';
        let mut bars = 0;
        for c in last.chars() {
            bars += usize::from(c == '|' && before != '\\');
            before = c;
        }
        let columns = self.alignments.len();
        if bars + 1 > columns {
            self.findings.push(
                &codes::MARKDOWN_SURPLUS_CELL,
                range.start..range.start + whole,
                format!("this row has {} cells, and its table {columns} columns: the rest is not shown", bars + 1),
                "give the table's first row as many cells, or write `\\|` for a bar that is part of a text",
            );
        }
    }

    pub(super) fn quote(&mut self, kind: Option<BlockQuoteKind>, range: Range<usize>) {
        if !self.enter(DEEPEST, &range) {
            return;
        }
        self.chunk.line();
        let (class, label) = match kind {
            None => return self.chunk.raw("<blockquote>\n"),
            Some(BlockQuoteKind::Note) => ("note", Label::Note),
            Some(BlockQuoteKind::Tip) => ("tip", Label::Tip),
            Some(BlockQuoteKind::Important) => ("important", Label::Important),
            Some(BlockQuoteKind::Warning) => ("warning", Label::Warning),
            Some(BlockQuoteKind::Caution) => ("caution", Label::Caution),
        };
        self.chunk.open("aside", |chunk| {
            chunk.raw(" class=\"alert alert-");
            chunk.raw(class);
            chunk.raw("\" role=\"note\"");
        });
        self.chunk.open("p", |chunk| chunk.raw(" class=\"alert-title\""));
        self.chunk.element(Hold::Element, Hole::Label(label));
        self.chunk.raw("</p>\n");
    }

    pub(super) fn code_block(&mut self, kind: &CodeBlockKind) {
        self.in_code = true;
        self.chunk.line();
        // A block that scrolls must be reachable with the keyboard.
        self.chunk.open("pre", |chunk| chunk.raw(" tabindex=\"0\""));
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split([' ', ',', '{', '\t']).next().unwrap_or(""),
            CodeBlockKind::Indented => "",
        };
        if language.is_empty() {
            return self.chunk.raw("<code>");
        }
        self.chunk.open("code", |chunk| {
            chunk.raw(" class=\"language-");
            chunk.text(language);
            chunk.raw("\"");
        });
    }

    pub(super) fn cell(&mut self) {
        let align = match self.alignments.get(self.column) {
            Some(Alignment::Left) => " class=\"align-left\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-right\"",
            Some(Alignment::None) | None => "",
        };
        let head = self.in_table_head;
        self.chunk.open(if head { "th" } else { "td" }, |chunk| {
            chunk.raw(if head { " scope=\"col\"" } else { "" });
            chunk.raw(align);
        });
    }
}

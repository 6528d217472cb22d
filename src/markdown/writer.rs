//! Markdown events into HTML with holes.
//!
//! It writes what a reader sees and notes what an editor should know. Raw HTML
//! is passed on as it is: [`super::sanitise`] deals with it afterwards.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

use super::body::{Cut, Heading};
use super::calls::Call;
use super::chunk::{Chunk, Hold, Hole};
use super::components::{Marks, OpenCall};
use super::findings::Findings;
use super::inspect::RawHtml;
use super::math::Formula;
use super::notes::Notes;
use super::outline::Ids;
use super::resolve::Label;
use super::targets::{Targets, Written};
use super::{HtmlPolicy, Options, escape};
use crate::diagnostic::codes;

/// Deeper nesting of quotes, lists and emphasis is written flat.
pub(super) const DEEPEST: usize = 100;

/// Writes one body.
pub(super) struct Writer<'a, 'f> {
    pub chunk: Chunk,
    pub headings: Vec<Heading>,
    pub targets: Targets<'a>,
    pub ids: Ids,
    pub raw: RawHtml,
    pub formulas: Vec<Formula>,
    pub calls: Vec<Call>,
    pub(super) html: HtmlPolicy,
    pub(super) notes: Notes,
    pub(super) marks: Marks<'a>,
    /// Calls that enclose what is being written, the outermost first.
    pub(super) open_calls: Vec<OpenCall>,
    /// Whether the present block of HTML is marks only.
    pub(super) lone_marks: bool,
    pub(super) findings: &'f mut Findings<'a>,
    /// Open quotes, lists, items, … and emphasis.
    pub(super) depth: usize,
    pub(super) in_heading: bool,
    pub(super) in_code: bool,
    pub(super) link: Option<OpenLink>,
    /// The image whose alternative text is being read, and images inside it.
    pub(super) image: Option<(Written, usize)>,
    /// Where a paragraph begins that has, as yet, nothing or only an image.
    pub(super) paragraph: usize,
    pub(super) alignments: Vec<Alignment>,
    pub(super) column: usize,
    pub(super) in_table_head: bool,
    /// Whether formulas are read at all.
    pub(super) formulas_are_read: bool,
}

/// A link whose text is being read: whether it is written, and where its text begins.
pub(super) struct OpenLink {
    pub written: bool,
    pub html: usize,
    pub slots: usize,
}

impl<'a, 'f> Writer<'a, 'f> {
    /// A writer that has written nothing.
    pub fn new(
        options: &'a Options,
        html: HtmlPolicy,
        marks: Marks<'a>,
        findings: &'f mut Findings<'a>,
    ) -> Self {
        let text = findings.source.text.len();
        Self {
            chunk: Chunk { html: String::with_capacity(text + text / 4), ..Chunk::default() },
            headings: Vec::new(),
            targets: Targets::new(options),
            ids: Ids::default(),
            raw: RawHtml::default(),
            formulas: Vec::new(),
            calls: Vec::new(),
            html,
            notes: Notes::default(),
            marks,
            open_calls: Vec::new(),
            lone_marks: false,
            findings,
            depth: 0,
            in_heading: false,
            in_code: false,
            link: None,
            image: None,
            paragraph: usize::MAX,
            alignments: Vec::new(),
            column: 0,
            in_table_head: false,
            formulas_are_read: options.math,
        }
    }

    /// Takes the next event and its range in the edited text.
    pub fn event(&mut self, event: Event, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => {
                self.space_in_target(range.clone());
                self.unclosed_formula(&text, range);
                self.text_with_marks(&text);
            }
            Event::Code(text) => self.code(&text),
            Event::SoftBreak | Event::HardBreak if self.image.is_some() => self.text(" "),
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => {
                self.heading_text(" ");
                self.chunk.raw("<br>\n");
            }
            Event::Rule => {
                self.chunk.line();
                self.chunk.raw("<hr>\n");
            }
            Event::Html(html) => self.raw_html(&html, range),
            Event::InlineHtml(html) => self.inline_html(&html, range),
            Event::FootnoteReference(label) => {
                if self.image.is_none() {
                    let hole = self.notes.refer(&label);
                    match (&self.link, hole) {
                        (Some(_), Hole::Note { note, .. }) => self.text(&note.to_string()),
                        _ => self.chunk.element(Hold::Element, hole),
                    }
                }
            }
            Event::TaskListMarker(done) => {
                self.chunk.element(Hold::Element, Hole::Task(done));
                self.chunk.raw(" ");
            }
            Event::InlineMath(latex) => self.math(&latex, false, range),
            Event::DisplayMath(latex) => self.math(&latex, true, range),
        }
    }

    /// Ends the body; returns where its footnotes begin.
    pub fn finish(&mut self) -> Cut {
        self.close_calls(0);
        let end = Cut { html: self.chunk.html.len(), slot: self.chunk.slots.len() };
        std::mem::take(&mut self.notes).write(&mut self.chunk);
        end
    }

    fn start(&mut self, tag: Tag, range: Range<usize>) {
        if self.image.is_some() && !matches!(tag, Tag::Image { .. }) {
            return;
        }
        match tag {
            Tag::Paragraph => {
                self.chunk.line();
                self.chunk.raw("<p>");
                self.paragraph = self.chunk.html.len();
            }
            Tag::Heading { level, id, classes, .. } => self.heading(level, id, &classes, range),
            Tag::BlockQuote(kind) => self.quote(kind, range),
            Tag::CodeBlock(kind) => self.code_block(&kind),
            Tag::HtmlBlock if self.is_marks(&range) => self.lone_marks = true,
            Tag::HtmlBlock => match self.html {
                HtmlPolicy::Escape => self.chunk.raw("<p>"),
                _ => self.raw.begin(&self.chunk),
            },
            Tag::List(start) => {
                if self.enter(DEEPEST, &range) {
                    self.chunk.line();
                    match start {
                        None => self.chunk.raw("<ul>\n"),
                        Some(1) => self.chunk.raw("<ol>\n"),
                        Some(start) => self.chunk.raw(&format!("<ol start=\"{start}\">\n")),
                    }
                }
            }
            Tag::Item => self.part("<li>", &range),
            Tag::DefinitionList => {
                if self.enter(DEEPEST, &range) {
                    self.chunk.line();
                    self.chunk.raw("<dl>\n");
                }
            }
            Tag::DefinitionListTitle => self.part("<dt>", &range),
            Tag::DefinitionListDefinition => self.part("<dd>", &range),
            Tag::FootnoteDefinition(label) => {
                self.depth += 1;
                self.notes.begin(&label, &mut self.chunk);
            }
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.chunk.line();
                self.chunk.open("div", |chunk| {
                    chunk.raw(
                        " class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"",
                    );
                    chunk.hole(Hole::Label(Label::Table));
                    chunk.raw("\"");
                });
                self.chunk.raw("<table>");
            }
            Tag::TableHead => {
                self.in_table_head = true;
                self.column = 0;
                self.chunk.raw("<thead><tr>");
            }
            Tag::TableRow => {
                self.surplus_cells(&range);
                self.column = 0;
                self.chunk.raw("<tr>");
            }
            Tag::TableCell => self.cell(),
            Tag::Emphasis => self.part("<em>", &range),
            Tag::Strong => self.part("<strong>", &range),
            Tag::Strikethrough => self.part("<del>", &range),
            Tag::Superscript => self.chunk.raw("<sup>"),
            Tag::Subscript => self.chunk.raw("<sub>"),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.open_link(link_type, &dest_url, &title, range);
            }
            Tag::Image { dest_url, title, .. } => match &mut self.image {
                Some((_, inside)) => *inside += 1,
                None => {
                    let image = Written {
                        src: dest_url.into_string(),
                        alt: String::new(),
                        title: title.into_string(),
                        in_link: self.link.as_ref().is_some_and(|link| link.written),
                    };
                    self.image = Some((image, 0));
                }
            },
            Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        if self.image.is_some() && tag != TagEnd::Image {
            return;
        }
        self.close_calls_in(&tag);
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::BlockQuote(kind) => {
                if self.leave(DEEPEST) {
                    self.chunk.line();
                    self.chunk.raw(if kind.is_some() { "</aside>\n" } else { "</blockquote>\n" });
                }
            }
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.chunk.raw("</code></pre>\n");
            }
            TagEnd::HtmlBlock if self.lone_marks => self.lone_marks = false,
            TagEnd::HtmlBlock => match self.html {
                HtmlPolicy::Escape => self.chunk.raw("</p>\n"),
                policy => self.raw.end(policy, &mut self.chunk, self.findings),
            },
            TagEnd::List(ordered) => {
                if self.leave(DEEPEST) {
                    self.chunk.raw(if ordered { "</ol>\n" } else { "</ul>\n" });
                }
            }
            TagEnd::Item => self.end_part("</li>\n"),
            TagEnd::DefinitionList => {
                if self.leave(DEEPEST) {
                    self.chunk.raw("</dl>\n");
                }
            }
            TagEnd::DefinitionListTitle => self.end_part("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.end_part("</dd>\n"),
            TagEnd::FootnoteDefinition => {
                self.depth -= 1;
                self.notes.end(&mut self.chunk);
            }
            TagEnd::Table => self.chunk.raw("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.in_table_head = false;
                self.chunk.raw("</tr></thead><tbody>\n");
            }
            TagEnd::TableRow => self.chunk.raw("</tr>\n"),
            TagEnd::TableCell => {
                self.column += 1;
                self.chunk.raw(if self.in_table_head { "</th>" } else { "</td>" });
            }
            TagEnd::Emphasis => self.end_part("</em>"),
            TagEnd::Strong => self.end_part("</strong>"),
            TagEnd::Strikethrough => self.end_part("</del>"),
            TagEnd::Superscript => self.chunk.raw("</sup>"),
            TagEnd::Subscript => self.chunk.raw("</sub>"),
            TagEnd::Link => self.close_link(range),
            TagEnd::Image => self.end_image(range),
            TagEnd::MetadataBlock(_) => {}
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if let Some((image, _)) = &mut self.image {
            image.alt.push_str(text);
            return;
        }
        self.heading_text(text);
        if self.in_code {
            escape::code(&mut self.chunk.html, text);
        } else {
            self.chunk.text(text);
        }
    }

    pub(super) fn code(&mut self, text: &str) {
        if self.image.is_some() {
            return self.text(text);
        }
        let text = &*self.unmarked(text);
        self.heading_text(text);
        self.chunk.raw("<code>");
        escape::code(&mut self.chunk.html, text);
        self.chunk.raw("</code>");
    }

    pub(super) fn heading_text(&mut self, text: &str) {
        if self.in_heading
            && let Some(heading) = self.headings.last_mut()
        {
            heading.text.push_str(text);
        }
    }

    /// Goes one level down; `false` when it is too deep to be written.
    pub(super) fn enter(&mut self, deepest: usize, range: &Range<usize>) -> bool {
        self.depth += 1;
        if self.depth <= deepest {
            return true;
        }
        if self.findings.first(&codes::MARKDOWN_TOO_DEEP, "markdown") {
            self.findings.push(
                &codes::MARKDOWN_TOO_DEEP,
                range.clone(),
                format!("quotes, lists or emphasis are nested more than {DEEPEST} deep here"),
                "what is deeper is shown without its marks",
            );
        }
        false
    }

    /// Comes back up; `false` when the level was not written.
    fn leave(&mut self, deepest: usize) -> bool {
        self.depth -= 1;
        self.depth < deepest
    }

    /// Opens an element that belongs to the list around it, or emphasis.
    fn part(&mut self, tag: &str, range: &Range<usize>) {
        // One deeper than lists may go: an item is written if its list was.
        if self.enter(DEEPEST + 1, range) {
            self.chunk.raw(tag);
        }
    }

    fn end_part(&mut self, tag: &str) {
        if self.leave(DEEPEST + 1) {
            self.chunk.raw(tag);
        }
    }
}

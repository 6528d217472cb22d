//! The part of the writer for calls of components and mapped pictures, in
//! the places of their marks.
//!
//! A call that encloses a text must close in the list item, quote or footnote in
//! which it opens. One that does not is closed at its end, with a finding, so
//! that what is written always nests.

use std::ops::Range;

use pulldown_cmark::TagEnd;

use super::HtmlPolicy;
use super::calls::{Attribute, Call, CallTag, Form, Literal, Role};
use super::chunk::{Hold, Hole};
use super::marks::{self, Marked, Piece};
use super::targets::{self, Written};
use super::writer::Writer;
use crate::diagnostic::codes;

/// Deeper calls are taken out; what they enclose stays.
const DEEPEST: usize = 16;

/// What the marks in the edited text stand for.
#[derive(Clone, Copy)]
pub(super) struct Marks<'a> {
    /// The text as it was, and the bytes that stand before it in the file.
    pub text: &'a str,
    pub offset: usize,
    pub all: &'a [Marked],
}

impl Marks<'_> {
    /// What a mark stands for, as it was written.
    fn original(&self, number: usize) -> String {
        let range = match self.all.get(number) {
            Some(Marked::Call(tag)) => tag.range.clone(),
            Some(Marked::Image { range, .. }) => range.clone(),
            None => return String::new(),
        };
        self.text[range].to_owned()
    }

    fn in_file(&self, range: &Range<usize>) -> Range<usize> {
        range.start + self.offset..range.end + self.offset
    }
}

/// A call whose end is awaited.
pub(super) struct OpenCall {
    index: usize,
    /// How many lists, quotes and the like are open around it.
    depth: usize,
}

impl Writer<'_, '_> {
    /// Text in which no mark is left.
    pub(super) fn unmarked<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        match self.marks.all.is_empty() {
            true => text.into(),
            false => marks::written(text, &|number| self.marks.original(number)),
        }
    }

    /// Whether a block of HTML is nothing but marks.
    pub(super) fn is_marks(&self, range: &Range<usize>) -> bool {
        !self.marks.all.is_empty() && marks::only_marks(&self.findings.source.text[range.clone()])
    }

    /// Text outside code, in which marks may be.
    pub(super) fn text_with_marks(&mut self, text: &str) {
        if self.marks.all.is_empty() || self.in_code || self.image.is_some() {
            let text = self.unmarked(text);
            return self.text(&text);
        }
        for piece in marks::pieces(text) {
            match piece {
                Piece::Text(text, _) => self.text(text),
                Piece::Mark(number) => self.mark(number, true),
            }
        }
    }

    /// Raw HTML of a block or line, cut at its marks.
    pub(super) fn html_with_marks(&mut self, html: &str, at: usize, inline: bool) {
        if self.marks.all.is_empty() {
            return self.html_piece(html, at);
        }
        for piece in marks::pieces(html) {
            match piece {
                Piece::Text(html, from) => self.html_piece(html, at + from),
                Piece::Mark(number) => self.mark(number, inline),
            }
        }
    }

    fn html_piece(&mut self, html: &str, at: usize) {
        match self.html {
            HtmlPolicy::Escape => self.text(html),
            _ if self.lone_marks => {}
            _ => self.raw.push(html, at, &mut self.chunk),
        }
    }

    /// Writes what a mark stands for.
    pub(super) fn mark(&mut self, number: usize, inline: bool) {
        let marks = self.marks;
        match marks.all.get(number) {
            Some(Marked::Image { src, alt, range }) => self.mapped_image(src, alt, range),
            Some(Marked::Call(tag)) => match tag.form {
                Form::Close => self.close_call(tag),
                _ => self.open_call(tag, inline),
            },
            None => {}
        }
    }

    fn mapped_image(&mut self, src: &str, alt: &str, range: &Range<usize>) {
        let span = self.marks.in_file(range);
        self.heading_text(alt);
        let in_link = self.link.as_ref().is_some_and(|link| link.written);
        let (src, alt) = (src.to_owned(), alt.to_owned());
        let image = Written { src, alt: alt.clone(), title: String::new(), in_link };
        if alt.trim().is_empty() {
            targets::report_no_alt(self.findings, span.clone());
        }
        match self.targets.image(image, span.clone(), self.findings) {
            Ok(index) => self.chunk.element(Hold::Element, Hole::Image(index)),
            Err(refused) => {
                targets::report(self.findings, &refused, "image", "its text", span);
                self.chunk.text(&alt);
            }
        }
    }

    fn open_call(&mut self, tag: &CallTag, inline: bool) {
        let span = self.marks.in_file(&tag.range);
        let opens = tag.form == Form::Open;
        if opens && (inline || self.open_calls.len() >= DEEPEST) {
            let (message, help) = match inline {
                true => {
                    ("a call that encloses a text cannot stand here", "give it lines of its own")
                }
                false => ("calls are nested too deeply here", "close those that are left open"),
            };
            return self.misplaced(tag, message.into(), help);
        }
        let attributes = tag.attributes.iter().map(|one| self.call_attribute(tag, one)).collect();
        let index = self.calls.len();
        self.calls.push(Call {
            name: tag.name.clone(),
            attributes,
            name_span: self.marks.in_file(&tag.name_at),
            span,
            inline,
            body: opens,
            mapped: tag.mapped,
        });
        if inline {
            self.chunk.element(Hold::Element, Hole::CallOpen(index));
            return self.chunk.element(Hold::Element, Hole::CallClose(index));
        }
        self.chunk.line();
        self.chunk.element(Hold::CallOpen, Hole::CallOpen(index));
        if opens {
            self.open_calls.push(OpenCall { index, depth: self.depth });
        } else {
            self.end_call(index);
        }
    }

    /// An attribute, with the link or picture that its name makes of it.
    fn call_attribute(
        &mut self,
        tag: &CallTag,
        (name, value, range): &(String, Literal, Range<usize>),
    ) -> Attribute {
        let span = self.marks.in_file(range);
        let role = match (name.as_str(), value) {
            // Of a picture or link that may be absent, nothing is asked.
            (_, Literal::Text(text)) if text.is_empty() => Role::Plain,
            ("src" | "poster", Literal::Text(src)) => {
                let alt = tag.attributes.iter().find_map(|(name, value, _)| match value {
                    Literal::Text(alt) if name == "alt" => Some(alt.clone()),
                    _ => None,
                });
                let alt = alt.filter(|_| name == "src").unwrap_or_default();
                let in_link = name == "poster";
                let image = Written { src: src.clone(), alt, title: String::new(), in_link };
                match self.targets.image(image, span.clone(), self.findings) {
                    Ok(index) => Role::Picture(index),
                    Err(refused) => {
                        targets::report(
                            self.findings,
                            &refused,
                            "picture",
                            "nothing",
                            span.clone(),
                        );
                        Role::Refused
                    }
                }
            }
            ("href" | "entry", Literal::Text(target)) => {
                match self.targets.link(target, span.clone()) {
                    Ok(index) if name == "entry" => Role::Entry(index),
                    Ok(index) => Role::Link(index),
                    Err(refused) => {
                        targets::report(self.findings, &refused, "link", "nothing", span.clone());
                        Role::Refused
                    }
                }
            }
            _ => Role::Plain,
        };
        Attribute { name: name.clone(), value: value.clone(), role, span }
    }

    fn close_call(&mut self, tag: &CallTag) {
        let here = |open: &OpenCall, writer: &Self| {
            open.depth == writer.depth && writer.calls[open.index].name == tag.name
        };
        let Some(at) = self.open_calls.iter().rposition(|open| here(open, self)) else {
            let message = format!("this closes `{}`, which is not open here", tag.name);
            return self.misplaced(tag, message, "open it in the same list item, quote or text");
        };
        self.close_calls(at + 1);
        if let Some(open) = self.open_calls.pop() {
            self.end_call(open.index);
        }
    }

    /// Closes what is left open in a container that ends.
    pub(super) fn close_calls_in(&mut self, ends: &TagEnd) {
        let container = matches!(
            ends,
            TagEnd::BlockQuote(_)
                | TagEnd::Item
                | TagEnd::DefinitionListDefinition
                | TagEnd::FootnoteDefinition
        );
        if container {
            let depth = self.depth;
            self.close_calls(self.open_calls.partition_point(|open| open.depth < depth));
        }
    }

    /// Closes all open calls but so many, with a finding for each.
    pub(super) fn close_calls(&mut self, keep: usize) {
        while self.open_calls.len() > keep {
            let Some(OpenCall { index, .. }) = self.open_calls.pop() else { return };
            let call = &self.calls[index];
            let (name, span) = (call.name.clone(), call.span.clone());
            let (code, help) = match call.mapped {
                true => (&codes::MARKDOWN_UNCLOSED_TAG, "close it where it is to end".to_owned()),
                false => (
                    &codes::MARKDOWN_COMPONENT_CALL,
                    format!(
                        "write {{% </{name}> %}} where it is to end, in the same list item, quote or text"
                    ),
                ),
            };
            let message = format!("`{name}` is opened here and not closed");
            self.findings.push_original(code, span, message, &help);
            self.end_call(index);
        }
    }

    fn end_call(&mut self, index: usize) {
        self.chunk.element(Hold::CallClose, Hole::CallClose(index));
        self.chunk.raw("\n");
    }

    fn misplaced(&mut self, tag: &CallTag, message: String, help: &str) {
        let span = self.marks.in_file(&tag.range);
        let code = match tag.mapped {
            true => &codes::MARKDOWN_UNCLOSED_TAG,
            false => &codes::MARKDOWN_COMPONENT_CALL,
        };
        self.findings.push_original(code, span, format!("{message}; it was taken out"), help);
    }
}

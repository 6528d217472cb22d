//! Markdown into safe HTML with holes, and an outline of it.
//!
//! Enters: the text of a body and where it stands in its file. Leaves: a
//! [`Body`], parsed once, in which what only the model knows (URLs of other
//! entries, sizes of pictures, words of the theme) is left open, and findings
//! with their places. This room knows nothing of entries, disk or templates.
//!
//! The way of a text: calls of components (`calls`) and template tags of other
//! generators (`tags`) are found, and cut out or replaced by `marks` (`foreign`
//! with `shortcodes` and `attributes`, `kramdown`, with `layout` to spare code and `source` to keep
//! places), the parser's events are written (`writer` with `blocks`, `inline`,
//! `components` and `math`, `targets`, `notes`, `outline`, into a `chunk`), and
//! only a body with raw HTML goes through `inspect`, `sanitise` and `restore`.

mod attributes;
mod blocks;
mod body;
mod calls;
mod chunk;
mod components;
mod escape;
mod fill;
mod findings;
mod foreign;
mod inline;
mod inspect;
mod kept;
mod kramdown;
mod layout;
mod mapped;
mod marks;
mod math;
mod notes;
mod outline;
mod raw;
mod resolve;
mod restore;
mod sanitise;
mod shortcodes;
mod source;
mod tags;
mod targets;
mod url;
mod writer;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::Parser;

use crate::diagnostic::{Diagnostics, codes};

pub use body::{Body, Heading, Image, Link, Shape, Shown};
pub use calls::{Attribute, Call, Literal, Role};
pub use kept::KeptBody;
pub use resolve::{AsWritten, Filled, ImageView, Label, Resolve};
pub use shortcodes::{Shortcode, Shortcodes};
pub use url::{Kind, host};

use body::Html;
use chunk::Hole;
use components::Marks;
use findings::Findings;
use layout::Layout;
use restore::Restore;
use source::{Edit, Source};
use writer::Writer;

/// What becomes of raw HTML in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HtmlPolicy {
    /// What is harmless stays.
    #[default]
    Sanitise,
    /// It is shown as text.
    Escape,
    /// All of it stays, and links and pictures in it are left alone: only for
    /// repositories whose every editor may run scripts in a visitor's browser.
    Allow,
}

/// Text as HTML: what means something to HTML is escaped.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape::html(&mut out, text);
    out
}

/// How bodies are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What becomes of raw HTML.
    pub html: HtmlPolicy,
    /// Hosts whose pictures are shown; others become links.
    pub allow_hosts: Vec<String>,
    /// Whether `$…$` and `$$…$$` are formulas in LaTeX.
    pub math: bool,
    /// Whether quotes, dashes and ellipses are set as a printer would.
    pub smart: bool,
    /// What tags of other generators are mapped to.
    pub shortcodes: Shortcodes,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            html: HtmlPolicy::Sanitise,
            allow_hosts: Vec::new(),
            math: false,
            smart: true,
            shortcodes: Shortcodes::new(),
        }
    }
}

/// Reads a body. `offset` is the number of bytes that stand before `text` in
/// `file`; every place in the findings and in the body counts from the file's start.
pub fn parse(text: &str, file: &Arc<str>, offset: usize, options: &Options) -> (Body, Diagnostics) {
    let (edits, found) = foreign_edits(text, options);
    let source = Source::new(text, offset, edits);
    let mut findings = Findings::new(file, &source);
    findings.foreign(&found, offset);
    let mut diagnostics = std::mem::take(&mut findings.list);
    let marked = Marks { text, offset, all: &found.marked };
    let body = match read(&source, options, options.html, marked, &mut findings) {
        Ok(body) => body,
        Err(span) => {
            findings = Findings::new(file, &source);
            findings.push(
                &codes::MARKDOWN_TOO_DEEP,
                span,
                "the HTML in this text nests too deeply from here; all of it is shown as text"
                    .into(),
                "close the elements that are left open",
            );
            read(&source, options, HtmlPolicy::Escape, marked, &mut findings).unwrap_or_default()
        }
    };
    diagnostics.append(findings.list);
    (body, diagnostics)
}

/// Reads the edited text; `Err` says where raw HTML leads too deep.
fn read<'a>(
    source: &'a Source<'a>,
    options: &'a Options,
    html: HtmlPolicy,
    marks: Marks<'a>,
    findings: &mut Findings<'a>,
) -> Result<Body, Range<usize>> {
    let mut writer = Writer::new(options, html, marks, findings);
    for (event, range) in Parser::new_ext(&source.text, parser_options(options)).into_offset_iter()
    {
        writer.event(event, range);
    }
    let mut notes = writer.finish();
    let Writer { mut chunk, mut headings, mut targets, mut ids, raw, formulas, calls, .. } = writer;
    if let Some(span) = raw.too_deep {
        return Err(span);
    }
    if raw.any {
        let clean = sanitise::clean(&chunk);
        let mut restore =
            Restore { written: &chunk, targets: &mut targets, ids: &mut ids, raw: &raw, findings };
        let mut restored = restore.run(&clean, headings.len());
        keep_headings(&mut headings, &mut restored);
        (chunk, notes) = (restored.chunk, restored.notes);
    }
    let targets::Targets { mut links, images, .. } = targets;
    let (mut html, mut slots) = (chunk.html, chunk.slots);
    // What was taken in advance goes back: a site holds many bodies for long.
    html.shrink_to_fit();
    slots.shrink_to_fit();
    headings.shrink_to_fit();
    links.shrink_to_fit();
    let html = Html { html, slots, formulas, calls, notes };
    Ok(Body::new(html, headings, links, images))
}

/// Drops headings that a sanitiser dropped (inside a `<style>`, say) and
/// numbers the others anew.
fn keep_headings(headings: &mut Vec<Heading>, restored: &mut restore::Restored) {
    let mut number = 0;
    let numbers: Vec<usize> = restored
        .nested
        .iter()
        .map(|nested| {
            number += usize::from(nested.is_some());
            number.saturating_sub(1)
        })
        .collect();
    for slot in &mut restored.chunk.slots {
        if let Hole::HeadingOpen(index) | Hole::HeadingClose(index) = &mut slot.hole {
            *index = numbers[*index];
        }
    }
    let mut nested = restored.nested.iter();
    headings.retain_mut(|heading| match nested.next() {
        Some(Some(nested)) => {
            heading.nested |= nested;
            true
        }
        _ => false,
    });
}

fn parser_options(options: &Options) -> pulldown_cmark::Options {
    use pulldown_cmark::Options as Of;
    let mut of = Of::ENABLE_TABLES
        | Of::ENABLE_FOOTNOTES
        | Of::ENABLE_STRIKETHROUGH
        | Of::ENABLE_TASKLISTS
        | Of::ENABLE_HEADING_ATTRIBUTES
        | Of::ENABLE_GFM
        | Of::ENABLE_DEFINITION_LIST;
    of.set(Of::ENABLE_MATH, options.math);
    of.set(Of::ENABLE_SMART_PUNCTUATION, options.smart);
    of
}

/// The edits that take foreign template tags and byte-order marks out.
fn foreign_edits(text: &str, options: &Options) -> (Vec<Edit>, foreign::Search) {
    let (tags, kramdown) = (foreign::suspected(text), kramdown::suspected(text));
    let mut search = foreign::Search::default();
    let mut edits = Vec::new();
    if tags || kramdown {
        let layout = Layout::of(text, parser_options(options));
        if tags {
            search = foreign::search(text, &layout, &options.shortcodes);
            edits.append(&mut search.edits);
        }
        if kramdown {
            edits.append(&mut kramdown::edits(text, &layout));
        }
    }
    for (at, mark) in text.match_indices('\u{FEFF}') {
        edits.push(Edit { range: at..at + mark.len(), with: Cow::Borrowed("") });
    }
    if !search.marked.is_empty() {
        edits.extend(marks::forged(text));
    }
    (edits, search)
}

//! Findings about one body, each with its place in the file.

use std::ops::Range;
use std::sync::Arc;

use super::foreign::Search;
use super::source::Source;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, codes};

/// Collects findings while a body is read.
pub(super) struct Findings<'a> {
    pub file: &'a Arc<str>,
    pub source: &'a Source<'a>,
    pub list: Diagnostics,
    /// Kinds that are reported once for a file.
    once: Vec<(&'static Code, String)>,
}

impl<'a> Findings<'a> {
    /// None as yet.
    pub fn new(file: &'a Arc<str>, source: &'a Source<'a>) -> Self {
        Self { file, source, list: Diagnostics::default(), once: Vec::new() }
    }

    /// A finding about a range of the edited text.
    pub fn push(&mut self, code: &'static Code, span: Range<usize>, message: String, help: &str) {
        self.push_original(code, self.source.original(span), message, help);
    }

    /// A finding about a range of the file.
    pub fn push_original(
        &mut self,
        code: &'static Code,
        span: Range<usize>,
        message: String,
        help: &str,
    ) {
        let place = Place::span(self.file.clone(), span);
        let mut found = Diagnostic::new(code, message).at(place);
        if !help.is_empty() {
            found = found.help(help);
        }
        self.list.push(found);
    }

    /// Whether something is the first of its kind in the file. Of unlike things
    /// no more than a page can name are told apart.
    pub fn first(&mut self, code: &'static Code, what: &str) -> bool {
        const MANY: usize = 50;
        let known = self.once.iter().any(|(c, w)| std::ptr::eq(*c, code) && w == what);
        let first = !known && self.once.len() < MANY;
        if first {
            self.once.push((code, what.to_owned()));
        }
        first
    }

    /// What was found of template tags and calls before Markdown is read, at
    /// so many bytes from the file's start.
    pub fn foreign(&mut self, search: &Search, offset: usize) {
        let in_file = |range: &Range<usize>| range.start + offset..range.end + offset;
        // Of unlike tags no more than an editor can take in.
        for found in search.found.iter().take(50) {
            let often = match found.count {
                1 => "once".to_owned(),
                count => format!("{count} times"),
            };
            self.push_original(
                &codes::MARKDOWN_FOREIGN_TAG,
                in_file(&found.first),
                format!(
                    "`{}` is a template tag of another generator; it stands here {often} and was taken out",
                    found.shown
                ),
                &match found.name.as_str() {
                    name @ ("ref" | "relref" | "post_url") => format!(
                        "write `{name} = \"link\"` under [shortcodes] in site.toml, and it gives the address of the entry that it names"
                    ),
                    _ => "what it encloses was kept; write what it made in Markdown, or map it in [shortcodes] in site.toml".to_owned(),
                },
            );
        }
        if let Some(first) = search.unclosed.first() {
            let others = match search.unclosed.len() {
                1 => String::new(),
                count => format!(", as do {} others", count - 1),
            };
            self.push_original(
                &codes::MARKDOWN_UNCLOSED_TAG,
                in_file(first),
                format!("this opens a template tag that never ends; it stays as text{others}"),
                "put it in `backquotes` if it is meant to be read",
            );
        }
        for slip in &search.slips {
            self.push_original(
                &codes::MARKDOWN_COMPONENT_CALL,
                in_file(&slip.range),
                format!("{}; it stays as text", slip.message),
                slip.help,
            );
        }
        for range in &search.crowded {
            self.push_original(
                &codes::MARKDOWN_COMPONENT_CALL,
                in_file(range),
                "something else stands on the line of this call".into(),
                "give the call a line of its own",
            );
        }
    }
}

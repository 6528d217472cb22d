//! Findings about one body, each with its place in the file.

use std::ops::Range;
use std::sync::Arc;

use super::source::Source;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place};

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
}

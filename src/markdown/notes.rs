//! Footnotes: numbered by their first reference, written at the end of a body.

use std::collections::HashMap;

use super::chunk::{Chunk, Hold, Hole};
use super::resolve::Label;

/// The footnotes of a body, as they are found.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// The number of each label that was referred to, from 1.
    numbers: HashMap<String, usize>,
    /// How often each number was referred to.
    references: Vec<usize>,
    /// Definitions, in the order of the file.
    defined: Vec<(String, Chunk)>,
    /// The text around a definition that is being written, and its label.
    around: Vec<(String, Chunk)>,
}

impl Notes {
    /// A reference to a label.
    pub fn refer(&mut self, label: &str) -> Hole {
        let next = self.numbers.len() + 1;
        let note = *self.numbers.entry(label.to_owned()).or_insert(next);
        if note > self.references.len() {
            self.references.push(0);
        }
        let nth = self.references[note - 1];
        self.references[note - 1] += 1;
        Hole::Note { note, nth }
    }

    /// A definition begins: what follows goes into a chunk of its own.
    pub fn begin(&mut self, label: &str, chunk: &mut Chunk) {
        self.around.push((label.to_owned(), std::mem::take(chunk)));
    }

    /// A definition ends.
    pub fn end(&mut self, chunk: &mut Chunk) {
        if let Some((label, around)) = self.around.pop() {
            self.defined.push((label, std::mem::replace(chunk, around)));
        }
    }

    /// Appends all definitions: in the order of their numbers, then those that
    /// nothing refers to.
    pub fn write(mut self, chunk: &mut Chunk) {
        if self.defined.is_empty() {
            return;
        }
        let mut unused = self.numbers.len();
        let mut notes: Vec<(usize, Chunk)> = Vec::with_capacity(self.defined.len());
        for (label, definition) in std::mem::take(&mut self.defined) {
            // Of two definitions of a label the first counts; the parser drops the other.
            let number = self.numbers.remove(&label).unwrap_or_else(|| {
                unused += 1;
                unused
            });
            notes.push((number, definition));
        }
        notes.sort_by_key(|(number, _)| *number);
        chunk.line();
        chunk.open("section", |chunk| {
            chunk.raw(" class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
            chunk.hole(Hole::Label(Label::Footnotes));
            chunk.raw("\"");
        });
        chunk.raw("<ol>\n");
        for (note, mut definition) in notes {
            chunk.open("li", |chunk| chunk.raw(&format!(" id=\"fn:{note}\"")));
            let paragraph = definition.html.ends_with(PARAGRAPH_END);
            if paragraph {
                definition.html.truncate(definition.html.len() - PARAGRAPH_END.len());
            }
            for nth in 0..self.references.get(note - 1).copied().unwrap_or(0) {
                definition.element(Hold::Element, Hole::Back { note, nth });
            }
            if paragraph {
                definition.raw(PARAGRAPH_END);
            }
            chunk.append(definition);
            chunk.raw("</li>\n");
        }
        chunk.raw("</ol></section>\n");
    }
}

const PARAGRAPH_END: &str = "</p>\n";

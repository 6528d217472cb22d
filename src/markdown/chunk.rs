//! HTML with holes: what the writer fills and a [`super::Body`] keeps.
//!
//! A *slot* marks a place where something is written later, when the model is
//! known. A *held* part is HTML of our own that a sanitiser must not see.

use std::ops::Range;

use super::escape;
use super::resolve::Label;

/// What is written into a slot. Numbers index the body's own lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) enum Hole {
    /// The URL of a link, inside its `href`.
    Link(usize),
    /// A whole `<img>`, or the link that stands for it.
    Image(usize),
    HeadingOpen(usize),
    HeadingClose(usize),
    /// A reference to a footnote: its number, and how many came before it.
    Note {
        note: usize,
        nth: usize,
    },
    /// The way back from a footnote to its nth reference.
    Back {
        note: usize,
        nth: usize,
    },
    /// The start of a component's body, or of nothing.
    CallOpen(usize),
    /// Its end, where the component is written around it.
    CallClose(usize),
    /// The box of a task.
    Task(bool),
    /// A whole `<math>`.
    Formula(usize),
    /// Words that a theme translates.
    Label(Label),
}

/// A hole and the byte of the HTML before which it stands.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(super) struct Slot {
    pub at: usize,
    pub hole: Hole,
}

/// How a held part comes back after sanitising.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// Attributes of a start tag that stands right before them.
    Attributes,
    /// A slot that stands for whole elements.
    Element,
    /// The start of a call, which a sanitiser sees as that of an element.
    CallOpen,
    /// Its end.
    CallClose,
    /// The start tag of a heading of this level.
    HeadingOpen(u8),
    /// Its end tag.
    HeadingClose(u8),
}

/// A held part: its bytes and its slots.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub hold: Hold,
    pub html: Range<usize>,
    pub slots: Range<usize>,
}

/// HTML, its slots in order of place, and its held parts in the same order.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub html: String,
    pub slots: Vec<Slot>,
    pub held: Vec<Held>,
}

impl Chunk {
    /// Appends HTML of our own.
    pub fn raw(&mut self, html: &str) {
        self.html.push_str(html);
    }

    /// Appends text.
    pub fn text(&mut self, text: &str) {
        escape::html(&mut self.html, text);
    }

    /// Ends a line, unless it has ended.
    pub fn line(&mut self) {
        if !self.html.is_empty() && !self.html.ends_with('\n') {
            self.html.push('\n');
        }
    }

    /// How much there is: HTML, slots and held parts.
    pub fn size(&self) -> (usize, usize, usize) {
        (self.html.len(), self.slots.len(), self.held.len())
    }

    /// Takes back everything that was appended since it had a size.
    pub fn truncate(&mut self, (html, slots, held): (usize, usize, usize)) {
        self.html.truncate(html);
        self.slots.truncate(slots);
        self.held.truncate(held);
    }

    /// Appends a hole inside attributes that are held as a whole.
    pub fn hole(&mut self, hole: Hole) {
        self.slots.push(Slot { at: self.html.len(), hole });
    }

    /// Appends a hole that stands for whole elements, or for a heading's tags.
    pub fn element(&mut self, hold: Hold, hole: Hole) {
        self.hole(hole);
        let (at, slot) = (self.html.len(), self.slots.len());
        self.held.push(Held { hold, html: at..at, slots: slot - 1..slot });
    }

    /// Takes back the element that was appended last.
    pub fn take_element(&mut self) -> Option<Hole> {
        self.held.pop();
        self.slots.pop().map(|slot| slot.hole)
    }

    /// Appends a start tag whose attributes are ours: each begins with a blank.
    pub fn open(&mut self, name: &str, attributes: impl FnOnce(&mut Self)) {
        self.html.push('<');
        self.html.push_str(name);
        let (html, slot) = (self.html.len(), self.slots.len());
        attributes(self);
        self.held.push(Held {
            hold: Hold::Attributes,
            html: html..self.html.len(),
            slots: slot..self.slots.len(),
        });
        self.html.push('>');
    }

    /// Appends another chunk.
    pub fn append(&mut self, other: Chunk) {
        let (html, slot) = (self.html.len(), self.slots.len());
        self.html.push_str(&other.html);
        self.slots.extend(other.slots.iter().map(|s| Slot { at: s.at + html, hole: s.hole }));
        self.held.extend(other.held.into_iter().map(|held| Held {
            hold: held.hold,
            html: held.html.start + html..held.html.end + html,
            slots: held.slots.start + slot..held.slots.end + slot,
        }));
    }
}

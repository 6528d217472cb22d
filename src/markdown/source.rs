//! A text with some of it cut out or replaced, that still knows where every
//! byte of it stood in the file.

use std::borrow::Cow;
use std::ops::Range;

/// One change to a text: a range of bytes and what stands there instead.
#[derive(Debug)]
pub(super) struct Edit {
    pub range: Range<usize>,
    pub with: Cow<'static, str>,
}

/// The edited text. Positions in it are translated by [`Source::original`].
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub text: Cow<'a, str>,
    /// The stretches that were kept, in order; empty when nothing was changed.
    kept: Vec<Kept>,
    /// Bytes of the file that stand before the text.
    offset: usize,
}

#[derive(Debug)]
struct Kept {
    at: usize,
    original: usize,
    len: usize,
}

impl<'a> Source<'a> {
    /// Applies edits; of two that overlap both are made, the first one whole.
    pub fn new(text: &'a str, offset: usize, mut edits: Vec<Edit>) -> Self {
        if edits.is_empty() {
            return Self { text: Cow::Borrowed(text), kept: Vec::new(), offset };
        }
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let mut out = String::with_capacity(text.len());
        let mut kept = Vec::with_capacity(edits.len() + 1);
        let mut done = 0;
        for edit in edits {
            if edit.range.end < done {
                continue;
            }
            let piece = &text[done..edit.range.start.max(done)];
            kept.push(Kept { at: out.len(), original: done, len: piece.len() });
            out.push_str(piece);
            out.push_str(&edit.with);
            done = edit.range.end;
        }
        kept.push(Kept { at: out.len(), original: done, len: text.len() - done });
        out.push_str(&text[done..]);
        Self { text: Cow::Owned(out), kept, offset }
    }

    /// Where a range of the edited text stands in the file.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.position(range.start);
        // The end belongs to the last byte inside, not to what follows it.
        let end = if range.end > range.start { self.position(range.end - 1) + 1 } else { start };
        self.offset + start..self.offset + end.max(start)
    }

    fn position(&self, at: usize) -> usize {
        // Among stretches that begin at the same place the last is the one with bytes.
        let after = self.kept.partition_point(|kept| kept.at <= at);
        match after.checked_sub(1).and_then(|index| self.kept.get(index)) {
            Some(kept) => kept.original + (at - kept.at).min(kept.len),
            None => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kept_byte_knows_its_place() {
        let text = "aé{{x}}bc{%y%}d";
        let edit = |what: &str, with: &'static str| {
            let start = text.find(what).expect("the text has it");
            Edit { range: start..start + what.len(), with: Cow::Borrowed(with) }
        };
        let source = Source::new(text, 100, vec![edit("{%y%}", "<>"), edit("{{x}}", "")]);
        assert_eq!(source.text, "aébc<>d");
        for (clean, byte) in source.text.char_indices() {
            if !"<>".contains(byte) {
                let range = source.original(clean..clean + byte.len_utf8());
                assert_eq!(&text[range.start - 100..range.end - 100], byte.to_string());
            }
        }
        assert_eq!(source.original(0..source.text.len()), 100..100 + text.len());
        assert_eq!(source.original(1..3), 101..103, "an end does not jump over a cut");
    }

    #[test]
    fn an_unchanged_text_is_not_copied() {
        let source = Source::new("abc", 7, Vec::new());
        assert!(matches!(source.text, Cow::Borrowed(_)));
        assert_eq!(source.original(1..2), 8..9);
    }
}

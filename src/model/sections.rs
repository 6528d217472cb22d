//! Sections: which part of a body a declared section field means.

use super::Entry;
use crate::markdown::Body;
use crate::schema::{EntryType, Field, FieldKind};
use unicode_normalization::UnicodeNormalization;

/// The section field that a heading means: by the field's headings in the
/// entry's language first, then in any other; case, blanks and marks such as
/// `:` do not count.
pub fn section_of<'s>(entry_type: &'s EntryType, heading: &str, lang: &str) -> Option<&'s Field> {
    let means = |field: &&Field, only: Option<&str>| match &field.kind {
        FieldKind::Section(headings) => headings
            .iter()
            .filter(|(tag, _)| only.is_none_or(|lang| *tag == lang))
            .any(|(_, known)| known.iter().any(|known| letters(known).eq(letters(heading)))),
        _ => false,
    };
    let mut fields = entry_type.fields.values();
    let own = fields.find(|field| means(field, Some(lang)));
    own.or_else(|| entry_type.fields.values().find(|field| means(field, None)))
}

/// What counts of a heading. Nothing is gathered, for most differ in the first letter.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.nfc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric())
}

/// The places among a body's headings of the sections that have a field, with the field's name.
pub(super) fn sections<'s>(
    body: &Body,
    entry_type: &'s EntryType,
    lang: &str,
) -> Vec<(usize, &'s str)> {
    let headings = body.headings().iter().enumerate().filter(|(_, heading)| !heading.nested);
    headings
        .filter_map(|(at, heading)| {
            Some((at, section_of(entry_type, &heading.text, lang)?.name.as_str()))
        })
        .collect()
}

/// Whether a body has the part that a section field means.
pub(super) fn has_section(body: &Body, entry_type: &EntryType, field: &Field, lang: &str) -> bool {
    sections(body, entry_type, lang).iter().any(|(_, name)| *name == field.name)
}

impl Entry {
    /// The places among the body's headings of the sections that have a field, with the field's name.
    pub fn sections<'s>(&self, entry_type: &'s EntryType) -> Vec<(usize, &'s str)> {
        sections(&self.body, entry_type, &self.lang)
    }
}

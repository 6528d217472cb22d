//! Sections: which part of a body a declared section field means.

use super::{Entry, slug};
use crate::markdown::{Body, Heading};
use crate::schema::{EntryType, Field, FieldKind};

/// The section field that a heading means: by the field's headings in the
/// entry's language first, then in any other; case and blanks do not count.
pub fn section_of<'s>(entry_type: &'s EntryType, heading: &str, lang: &str) -> Option<&'s Field> {
    let wanted = slug(heading);
    let means = |field: &&Field, only: Option<&str>| match &field.kind {
        FieldKind::Section(headings) => headings
            .iter()
            .filter(|(tag, _)| only.is_none_or(|lang| *tag == lang))
            .any(|(_, known)| known.iter().any(|known| slug(known) == wanted)),
        _ => false,
    };
    let mut fields = entry_type.fields.values();
    let own = fields.find(|field| means(field, Some(lang)));
    own.or_else(|| entry_type.fields.values().find(|field| means(field, None)))
}

/// Whether a body has the part that a section field means.
pub(super) fn has_section(body: &Body, entry_type: &EntryType, field: &Field, lang: &str) -> bool {
    let means = |heading: &Heading| {
        !heading.nested
            && section_of(entry_type, &heading.text, lang).is_some_and(|of| of.name == field.name)
    };
    body.headings().iter().any(means)
}

impl Entry {
    /// The places among the body's headings of the sections that have a field, with the field's name.
    pub fn sections<'s>(&self, entry_type: &'s EntryType) -> Vec<(usize, &'s str)> {
        let headings = self.body.headings().iter().enumerate();
        headings
            .filter(|(_, heading)| !heading.nested)
            .filter_map(|(at, heading)| {
                Some((at, section_of(entry_type, &heading.text, &self.lang)?.name.as_str()))
            })
            .collect()
    }
}

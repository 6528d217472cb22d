//! The body of an entry as its page shows it: in parts, with a table of contents.
//!
//! Enters: a parsed body and the links of its page. Leaves: pieces of HTML, each
//! known by the section that its heading means, and the headings as a tree.

use super::links::BodyLinks;
use super::{Renderer, view};
use crate::markdown::{self, Heading};
use crate::model::{Entry, section_of};
use crate::schema::EntryType;

/// How the footnotes of a body begin.
const FOOTNOTES: &str = "<section class=\"footnotes\"";

impl Renderer {
    /// The body in parts, each known by the section field that its heading means.
    pub(super) fn parts(
        &self,
        entry: &Entry,
        entry_type: &EntryType,
        links: &BodyLinks<'_>,
    ) -> Vec<view::Part> {
        let headings = entry.body.headings();
        let top =
            headings.iter().filter(|heading| !heading.nested).map(|heading| heading.level).min();
        let tops: Vec<usize> = (0..headings.len())
            .filter(|at| !headings[*at].nested && Some(headings[*at].level) == top)
            .collect();
        let rest = entry.body.rest_html(&tops, links);
        // Footnotes belong to the whole text, and end it.
        let (rest, notes) = rest.split_at(rest.rfind(FOOTNOTES).unwrap_or(rest.len()));
        let mut parts = Vec::new();
        if !rest.trim().is_empty() {
            parts.push(view::Part { html: rest.to_owned(), ..view::Part::default() });
        }
        parts.extend(tops.into_iter().map(|at| {
            view::Part {
                name: section_of(entry_type, &headings[at].text, &entry.lang)
                    .map(|field| field.name.clone()),
                id: Some(headings[at].id.clone()),
                title: Some(markdown::escape(&headings[at].text)),
                html: one_level_down(&entry.body.section_html(at, links)),
            }
        }));
        if !notes.is_empty() {
            let name = Some("footnotes".to_owned());
            parts.push(view::Part { name, html: notes.to_owned(), ..view::Part::default() });
        }
        parts
    }
}

/// Headings one level deeper. Text is escaped, so `<h` opens only headings.
fn one_level_down(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<h").into_iter().chain(rest.find("</h")).min() {
        let name = at + if rest[at..].starts_with("</") { 2 } else { 1 };
        out.push_str(&rest[..name]);
        rest = &rest[name..];
        let level = rest.as_bytes().get(1).copied().filter(|byte| (b'1'..=b'5').contains(byte));
        let ends = rest.as_bytes().get(2).is_some_and(|byte| matches!(byte, b' ' | b'>'));
        if let Some(level) = level.filter(|_| ends) {
            out.push('h');
            out.push(char::from(level + 1));
            rest = &rest[2..];
        }
    }
    out.push_str(rest);
    out
}

/// The headings of a body as a tree. A heading that skips a level stands under
/// the nearest one above it.
pub(super) fn contents(headings: &[Heading]) -> Vec<view::TocItem> {
    let mut out: Vec<view::TocItem> = Vec::new();
    for heading in headings.iter().filter(|heading| !heading.nested && heading.level <= 3) {
        let item = view::TocItem {
            level: heading.level,
            id: heading.id.clone(),
            text: heading.text.clone(),
            children: Vec::new(),
        };
        match out.last_mut() {
            Some(parent) if parent.level < item.level => parent.children.push(item),
            _ => out.push(item),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_go_one_level_down_and_nothing_else_changes() {
        assert_eq!(
            one_level_down("<h3 id=\"a\">A</h3><hr><h6>x</h6>"),
            "<h4 id=\"a\">A</h4><hr><h6>x</h6>"
        );
        assert_eq!(one_level_down("<p>&lt;h3&gt;</p>"), "<p>&lt;h3&gt;</p>");
    }
}

//! An entry's own page.

use super::{Card, Link};
use crate::render::shown::{File, Image, Piece};
use indexmap::IndexMap;
use serde::Serialize;
use std::sync::Arc;

/// An entry's own page.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Entry {
    /// Stable id.
    pub id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EntryType,
    /// Path of its page.
    pub url: String,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: Option<String>,
    /// The language it is written in, which is not the page's where a
    /// translation is missing.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: String,
    /// The whole body, as safe HTML, in the editor's order.
    pub body: String,
    /// The same body in parts, cut at its top-level headings, for templates that
    /// place them themselves. Joined, they are the body.
    pub parts: Vec<Part>,
    /// The body's headings.
    pub toc: Vec<TocItem>,
    /// The fields that have a value, by name, in the schema's order, without
    /// sections (they are `parts`) and without what has a place of its own in this
    /// view: title, summary, image, tags, attachments, dates of publication.
    pub fields: IndexMap<String, Field>,
    /// `published`; `draft` and `review` are seen in previews only.
    pub status: String,
    /// When it was published.
    pub date: Option<String>,
    /// When it was last changed.
    pub updated: Option<String>,
    /// The entry that this one translates, if that has changed since.
    pub outdated: Option<Original>,
    /// Whether `review_by` has passed.
    pub overdue: bool,
    /// Whether it is an event, and its last day has passed.
    pub over: bool,
    /// How complete it is.
    pub completeness: Option<Completeness>,
    /// Links to other entries, in both directions.
    pub relations: Vec<Relation>,
    /// Entries like it.
    pub related: Vec<Arc<Card>>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Files that come with it.
    pub attachments: Vec<File>,
    /// Its main image.
    pub image: Option<Image>,
    /// Where to suggest an edit.
    pub edit_url: Option<String>,
    /// Where its source lies, relative to the site's root.
    pub source_path: String,
    /// How to cite it.
    pub cite: Option<Cite>,
    /// Whom to ask, if it names nobody and the organisation that leads it does.
    pub lead: Option<Lead>,
}

/// An organisation that leads something, and its contact.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lead {
    /// The organisation's page.
    pub organisation: Link,
    /// Its field `contact`.
    pub contact: Field,
}

/// What a translation translates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Original {
    /// Its title, in its language.
    pub title: String,
    /// Path of its page.
    pub url: String,
    /// Its language.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: String,
}

/// A type as visitors see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EntryType {
    /// As the schema spells it.
    pub id: String,
    /// One of them.
    pub label: String,
    /// Many of them.
    pub plural: String,
    /// Its list page, if it has one.
    pub url: Option<String>,
}

/// A part of a body: from one top-level heading to the next. A body's beginning
/// before its first heading is a part without title.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The section field that it is, if the schema declares one; `footnotes` for
    /// those of the whole body, which are the last part.
    pub name: Option<String>,
    /// The heading's anchor.
    pub id: Option<String>,
    /// The heading, as safe inline HTML.
    pub title: Option<String>,
    /// What stands under the heading, as safe HTML, its own headings one level
    /// deeper than in `body` (the first at `h4`), since a template that places
    /// parts prints their titles as `h3`.
    pub html: String,
}

/// A heading of the body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TocItem {
    /// 2 to 6.
    pub level: u8,
    /// Anchor.
    pub id: String,
    /// Plain text.
    pub text: String,
    /// Headings below it.
    pub children: Vec<TocItem>,
}

/// A field with a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// As the schema spells it.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What the schema says about it.
    pub help: Option<String>,
    /// `type`, `html`, `text` and `value`.
    #[serde(flatten)]
    pub piece: Piece,
    /// Whether it deserves the full width ([`crate::render::Shown::wide`]).
    pub wide: bool,
    /// Whether it names other entries only, which then stand in `relations` too.
    pub relation: bool,
}

/// How many of the fields that matter are filled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// Filled.
    pub score: u32,
    /// Asked for.
    pub of: u32,
}

/// The entries at the other end of one reference field.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Relation {
    /// The field's name, or its inverse's.
    pub name: String,
    /// Its label, or its inverse's.
    pub label: String,
    /// The other entries.
    pub cards: Vec<Arc<Card>>,
}

/// A tag.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tag {
    /// What it says.
    pub label: String,
    /// Its language, if that is not the page's.
    pub lang: Option<String>,
    /// The page of what has it.
    pub url: Option<String>,
}

/// How to cite an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cite {
    /// A formatted citation, in plain text.
    pub text: String,
    /// The same for reference managers.
    pub formats: Vec<Link>,
}

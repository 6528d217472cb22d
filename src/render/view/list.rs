//! Pages that list entries, and the cards on them.

use super::{EntryType, Link};
use crate::render::shown::Image;
use serde::Serialize;
use std::sync::Arc;

/// The small part of an entry that other pages may show.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Card {
    /// Path of its page.
    pub url: String,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: Option<String>,
    /// The type's id.
    #[serde(rename = "type")]
    pub kind: String,
    /// The type's label.
    pub type_label: String,
    /// The language it is written in.
    pub lang: String,
    /// When it was published, or when an event starts.
    pub date: Option<String>,
    /// Small.
    pub image: Option<Image>,
    /// `published`, `archived`, …
    pub status: String,
    /// What helps to choose.
    pub facts: Vec<Fact>,
    /// Labels only: a card is one link.
    pub tags: Vec<String>,
}

/// One line of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The field's name; `outcome`, `stage`, `maturity` get their shape.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Its value in plain words.
    pub text: String,
    /// The value's code, if it is a choice or a term.
    pub id: Option<String>,
}

/// A declared list, computed beforehand.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CardList {
    /// Its heading.
    pub title: String,
    /// Where all of them are.
    pub url: Option<String>,
    /// The first of them.
    pub cards: Vec<Arc<Card>>,
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct List {
    /// If all are of one type.
    #[serde(rename = "type")]
    pub kind: Option<EntryType>,
    /// Its heading.
    pub title: String,
    /// What they are, as safe HTML.
    pub intro: Option<String>,
    /// What they have in common, as the search page filters by it; none if there is
    /// nothing to choose from.
    pub only: Option<Choice>,
    /// Their order: `title` or `date` (the newest first); none if it is another.
    pub sort: Option<&'static str>,
    /// The entries on this page.
    pub cards: Vec<Arc<Card>>,
    /// The same cards type by type, if they are of several.
    pub groups: Vec<Group>,
    /// How many there are on all pages.
    pub total: usize,
    /// The other pages.
    pub pagination: Pagination,
    /// Ways to narrow the list.
    pub facets: Vec<Facet>,
}

/// The entries of one type among those of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The anchor of its heading.
    pub id: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: EntryType,
    /// How many there are on all pages.
    pub count: usize,
    /// Its first card on this page, by its place among `cards`.
    pub start: usize,
    /// Where its cards end.
    pub end: usize,
}

/// One value of a facet, both as search names them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// `type`, or the facet's name.
    pub facet: String,
    /// The value's code.
    pub value: String,
}

/// Where a page stands among the pages of its list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pagination {
    /// From 1.
    pub page: usize,
    /// How many.
    pub pages: usize,
    /// The page before.
    pub prev_url: Option<String>,
    /// The page after.
    pub next_url: Option<String>,
    /// What to show between them: the first, the last, and those near this one.
    pub links: Vec<PageLink>,
}

/// A link to a page of a list; without number it stands for a gap.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PageLink {
    /// From 1.
    pub page: Option<usize>,
    /// Where it is.
    pub url: Option<String>,
    /// Whether it is this page.
    pub current: bool,
}

/// A field that a visitor can filter by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// The field's name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Its values, a tree's in depth-first order.
    pub values: Vec<FacetValue>,
    /// How many values it has in all.
    pub total: usize,
    /// The page of all its values, if these are not all.
    pub all_url: Option<String>,
}

/// A value of a facet, with a page of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FacetValue {
    /// The value's code.
    pub id: String,
    /// Its label.
    pub label: String,
    /// How many entries have it: of the site, or of the list that it stands beside.
    pub count: usize,
    /// Its page, or the place on it where they stand.
    pub url: String,
    /// 0 for a root of the vocabulary.
    pub depth: usize,
    /// Whether this page is it.
    pub current: bool,
}

/// What the entries on a term's page have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The field's name.
    pub field: String,
    /// Its label.
    pub field_label: String,
    /// The value's code.
    pub id: String,
    /// Its label.
    pub label: String,
    /// What it means.
    pub description: Option<String>,
    /// The term above it.
    pub broader: Option<Link>,
    /// The terms below it.
    pub narrower: Vec<FacetValue>,
}

/// The front page.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Home {
    /// A line under the title; the site's description if absent.
    pub intro: Option<String>,
    /// The language of that line, if it is not the page's.
    pub intro_lang: Option<String>,
    /// What the site holds, in figures.
    pub figures: Vec<Figure>,
    /// What it shows, in the site's order.
    pub blocks: Vec<Block>,
}

/// How many there are of something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Of what.
    pub label: String,
    /// How many.
    pub count: usize,
    /// Where they are.
    pub url: Option<String>,
}

/// A block of the front page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Block {
    /// The values of a facet.
    Facet {
        /// Its heading.
        title: String,
        /// The facet.
        facet: Facet,
    },
    /// A declared list.
    List {
        /// Its heading.
        title: String,
        /// Where all of them are.
        url: Option<String>,
        /// The first of them.
        cards: Vec<Arc<Card>>,
    },
    /// Words.
    Text {
        /// Its heading.
        title: Option<String>,
        /// Safe HTML.
        html: String,
    },
}

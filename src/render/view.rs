//! Views: all that a template gets for one page.
//!
//! The model's side of this room fills them by value; a template reads nothing
//! else but `t` (UI texts) and `assets` (addresses of static files), which the
//! engine adds. A page's fingerprint is the hash of its view, so a view holds
//! what the page shows and nothing more. Labels are in the page's language,
//! addresses are ready to link, `body` and `html` are safe HTML.

use super::shown::{Image, Piece};
use indexmap::IndexMap;
use serde::Serialize;

/// The view of any page. Which of the optional parts are there depends on
/// `page.kind`: an entry has `entry`; a list, a term and a type's index have
/// `list`; a term has `term` as well; home has `home`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PageView {
    /// What all pages share.
    pub site: Site,
    /// What the frame of the page says about it.
    pub page: Page,
    /// An entry.
    pub entry: Option<Entry>,
    /// A list of entries.
    pub list: Option<List>,
    /// What the entries of the list have in common.
    pub term: Option<Term>,
    /// The front page.
    pub home: Option<Home>,
    /// The declared lists that this page asks for, by name.
    pub lists: IndexMap<String, CardList>,
}

/// The site, as one page sees it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Site {
    /// Title in the page's language.
    pub title: String,
    /// Description in the page's language.
    pub description: Option<String>,
    /// The page's language.
    pub lang: String,
    /// Absolute address of the site, with a slash at its end.
    pub url: String,
    /// `/`, or `/repo/` below a path.
    pub base_path: String,
    /// The front page in the page's language.
    pub home_url: String,
    /// The search page in the page's language, if there is one.
    pub search_url: Option<String>,
    /// The description by which a browser offers the site's search, if there is search.
    pub opensearch_url: Option<String>,
    /// The web manifest.
    pub manifest_url: Option<String>,
    /// The languages of the site, in its order, if there are two or more.
    pub languages: Vec<LanguageLink>,
    /// The main menu.
    pub navigation: Vec<NavItem>,
    /// The foot of every page.
    pub footer: Footer,
    /// Who paid.
    pub funding: Option<Funding>,
    /// Of the content, where an entry says nothing else.
    pub licence: Option<Licence>,
    /// Who publishes.
    pub publisher: Option<Publisher>,
    /// `Exempla 0.1.0`.
    pub generator: String,
}

/// A language, and this page in it (or its nearest page, the language's home).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LanguageLink {
    /// BCP 47 tag.
    pub code: String,
    /// In its own words: `Italiano`.
    pub name: String,
    /// Where to go.
    pub url: String,
    /// Whether it is this page's.
    pub current: bool,
}

/// An item of the main menu. One with children needs no address of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NavItem {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub url: Option<String>,
    /// Whether this page is it or lies below it.
    pub current: bool,
    /// Its sub-menu.
    pub children: Vec<NavItem>,
}

/// A link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it leads; the last breadcrumb leads nowhere.
    pub url: Option<String>,
}

/// The foot of every page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Footer {
    /// A sentence or two on what the site is for.
    pub mission: Option<String>,
    /// Columns of links.
    pub columns: Vec<FooterColumn>,
}

/// A column of links in the foot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FooterColumn {
    /// Its heading.
    pub title: String,
    /// Its links.
    pub links: Vec<Link>,
}

/// The funding block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Funding {
    /// `Horizon 2020`.
    pub programme: Option<String>,
    /// Number of the grant agreement.
    pub grant: Option<String>,
    /// `eu`: the European flag.
    pub emblem: Option<String>,
    /// The sentence that the grant asks for.
    pub statement: Option<String>,
    /// What the funder is not answerable for.
    pub disclaimer: Option<String>,
}

/// A licence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Licence {
    /// SPDX id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Its text.
    pub url: Option<String>,
}

/// Who publishes the site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Publisher {
    /// Name.
    pub name: String,
    /// Home page.
    pub url: Option<String>,
    /// Role mailbox.
    pub email: Option<String>,
    /// Image, for the head of the page.
    pub logo: Option<String>,
}

/// The frame of a page.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Page {
    /// `home`, `list`, `entry`, `term`, `static-page`, `search`, `404` or `redirect`.
    pub kind: String,
    /// The template it is rendered with.
    pub template: String,
    /// Path from the root of the host.
    pub url: String,
    /// Absolute address; a redirect's is its target's.
    pub canonical: String,
    /// For the window and for others that link here, without the site's title.
    pub title: String,
    /// One or two sentences, for the same.
    pub description: Option<String>,
    /// BCP 47.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: String,
    /// From home to here; the last is this page, without address.
    pub breadcrumbs: Vec<Link>,
    /// The same page in other languages, with absolute addresses.
    pub alternates: Vec<Alternate>,
    /// Feeds that a reader may follow from here.
    pub feeds: Vec<Feed>,
    /// Absolute address of an image that stands for the page.
    pub image: Option<String>,
    /// JSON-LD, already safe inside a script element.
    pub json_ld: Option<String>,
    /// What else the head says about the page, to reference managers and to
    /// those who show a link to it.
    pub meta: Vec<Meta>,
    /// Whether search engines should leave it out.
    pub noindex: bool,
}

/// A `meta` element.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Meta {
    /// The attribute that holds its name: `name`, or `property` (OpenGraph).
    pub attribute: String,
    /// `citation_title`, `og:locale`, …
    pub name: String,
    /// What it says.
    pub content: String,
}

/// The same page in another language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Alternate {
    /// BCP 47.
    pub lang: String,
    /// In its own words.
    pub name: String,
    /// Absolute address.
    pub url: String,
}

/// A feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Feed {
    /// What it carries.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Media type.
    #[serde(rename = "type")]
    pub media_type: String,
}

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
    /// Whether `review_by` has passed.
    pub overdue: bool,
    /// How complete it is.
    pub completeness: Option<Completeness>,
    /// Links to other entries, in both directions.
    pub relations: Vec<Relation>,
    /// Entries like it.
    pub related: Vec<Card>,
    /// Tags.
    pub tags: Vec<Link>,
    /// Files that come with it.
    pub attachments: Vec<Attachment>,
    /// Its main image.
    pub image: Option<Image>,
    /// Where to suggest an edit.
    pub edit_url: Option<String>,
    /// Where its source lies, relative to the site's root.
    pub source_path: String,
    /// How to cite it.
    pub cite: Option<Cite>,
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
    /// The section field that it is, if the schema declares one.
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
    /// Whether it deserves the full width ([`super::Shown::wide`]).
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
    pub cards: Vec<Card>,
}

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

/// A file to download.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// What to call it.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Bytes.
    pub size: Option<u64>,
    /// Short and upper case: `PDF`.
    pub format: Option<String>,
}

/// How to cite an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cite {
    /// A formatted citation, in plain text.
    pub text: String,
    /// The same for reference managers.
    pub formats: Vec<Link>,
}

/// A declared list, computed beforehand.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CardList {
    /// Its heading.
    pub title: String,
    /// Where all of them are.
    pub url: Option<String>,
    /// The first of them.
    pub cards: Vec<Card>,
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
    /// The entries on this page.
    pub cards: Vec<Card>,
    /// How many there are on all pages.
    pub total: usize,
    /// The other pages.
    pub pagination: Pagination,
    /// Ways to narrow the list.
    pub facets: Vec<Facet>,
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
    /// How many entries have it.
    pub count: usize,
    /// Its page.
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
    /// A search field, if the site has search.
    Search {
        /// Its heading.
        title: Option<String>,
    },
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
        cards: Vec<Card>,
    },
    /// Words.
    Text {
        /// Its heading.
        title: Option<String>,
        /// Safe HTML.
        html: String,
    },
}

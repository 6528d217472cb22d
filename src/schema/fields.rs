//! A field: what may be written under one key, and what it is for.

use super::Localised;
use crate::raw::{Node, Span};
use indexmap::IndexMap;
use regex::Regex;
use std::collections::BTreeMap;

/// One declared field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name, as front matter spells it.
    pub name: String,
    /// What its value is.
    pub kind: FieldKind,
    /// What visitors see before the value.
    pub label: Localised,
    /// What editors are told.
    pub help: Localised,
    /// Whether every entry needs it.
    pub required: bool,
    /// It is needed when every one of these holds: field name → condition.
    pub required_if: Vec<(String, Condition)>,
    /// The least value, length, number of items, or date.
    pub min: Option<Bound>,
    /// The greatest.
    pub max: Option<Bound>,
    /// What the whole text must match.
    pub pattern: Option<Regex>,
    /// The date field that this one must not precede.
    pub after: Option<String>,
    /// The value of an entry that gives none.
    pub default: Option<Node>,
    /// Other keys that mean this field.
    pub aliases: Vec<String>,
    /// Whether visitors can filter by it.
    pub facet: bool,
    /// Weight in search; `None` when it is not searched.
    pub search: Option<f32>,
    /// Weight of a shared value among related entries.
    pub related: f32,
    /// Its schema.org property.
    pub schema_org: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// The type of a field, with what only that type has.
#[derive(Debug, Clone)]
pub enum FieldKind {
    /// One line of words.
    Text,
    /// Words with Markdown.
    Markdown,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// A decimal number; its spelling is kept.
    Number,
    /// An amount and an ISO 4217 currency.
    Money,
    /// A date, perhaps only a year or a month.
    Date,
    /// A start and perhaps an end.
    Period,
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// A digital object identifier.
    Doi,
    /// A BCP 47 language.
    Language,
    /// An ISO 3166-1 country, or the EU.
    Country,
    /// A NUTS code, or a region's name.
    Region,
    /// An SPDX licence.
    Licence,
    /// A latitude and a longitude in degrees.
    Geo,
    /// A picture with a text alternative.
    Image,
    /// A file to download.
    File,
    /// One of a few words declared with the field: id → label.
    Choice(IndexMap<String, Localised>),
    /// A term of a vocabulary, by the vocabulary's id.
    Term(String),
    /// Another entry.
    Ref {
        /// The types it may have; empty means any.
        to: Vec<String>,
        /// The link's name at the other end.
        inverse: Option<String>,
        /// What visitors see before the links at the other end.
        inverse_label: Localised,
    },
    /// A part of the body under one of these headings: language → headings.
    Section(BTreeMap<String, Vec<String>>),
    /// Several values of one kind; the item's own attributes are the inner field's.
    List(Box<Field>),
    /// Named values of their own kinds.
    Table(IndexMap<String, Field>),
}

/// What another field must be for a field to be required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It has any value.
    Present,
    /// It has none.
    Absent,
    /// It is one of these texts.
    OneOf(Vec<String>),
}

/// A limit, as written and as a number if it is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The limit as declared: a number or an ISO date.
    pub text: String,
    /// Its number.
    pub number: Option<f64>,
}

impl FieldKind {
    /// The word that declares this type in TOML.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Bool => "bool",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Money => "money",
            Self::Date => "date",
            Self::Period => "period",
            Self::Url => "url",
            Self::Email => "email",
            Self::Doi => "doi",
            Self::Language => "language",
            Self::Country => "country",
            Self::Region => "region",
            Self::Licence => "licence",
            Self::Geo => "geo",
            Self::Image => "image",
            Self::File => "file",
            Self::Choice(_) => "choice",
            Self::Term(_) => "term",
            Self::Ref { .. } => "ref",
            Self::Section(_) => "section",
            Self::List(_) => "list",
            Self::Table(_) => "table",
        }
    }

    /// All words that declare a type, in the order of the manual.
    pub const NAMES: [&'static str; 24] = [
        "text", "markdown", "bool", "integer", "number", "money", "date", "period", "url", "email",
        "doi", "language", "country", "region", "licence", "geo", "image", "file", "choice",
        "term", "ref", "section", "list", "table",
    ];
}

impl Field {
    /// All words that declare something about a field, in the order of the manual.
    pub const ATTRIBUTES: &'static [&'static str] = &[
        "type",
        "of",
        "vocabulary",
        "choices",
        "to",
        "inverse",
        "inverse_label",
        "fields",
        "headings",
        "required",
        "required_if",
        "min",
        "max",
        "pattern",
        "after",
        "default",
        "aliases",
        "facet",
        "search",
        "related",
        "label",
        "help",
        "schema_org",
    ];

    /// The kind of one value: a list's items, else the field itself.
    pub fn item(&self) -> &Field {
        match &self.kind {
            FieldKind::List(item) => item.item(),
            _ => self,
        }
    }

    /// The field, and the fields of its table or of its items' table.
    pub fn nested(&self) -> impl Iterator<Item = &Field> {
        let fields = match &self.item().kind {
            FieldKind::Table(fields) => Some(fields),
            _ => None,
        };
        fields.into_iter().flat_map(IndexMap::values)
    }

    /// Whether this is a section view rather than a value of front matter.
    pub fn is_section(&self) -> bool {
        matches!(self.kind, FieldKind::Section(_))
    }
}

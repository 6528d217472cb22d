//! A field's value, ready to be shown, and what became of it.
//!
//! Enters: a [`Shown`], which says everything a visitor may read about a value
//! (labels already in the page's language, addresses already resolved). The
//! engine hands it to the component `field.<kind>` of the theme. Leaves: a
//! [`Piece`], which is HTML, plain text and structure side by side.

use indexmap::IndexMap;
use serde::Serialize;

/// A value to show. Each variant names the component that shows it; its fields
/// are that component's `value`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Shown {
    /// `field.text`: a plain string.
    Text(String),
    /// `field.markdown`: HTML that is already safe.
    Markdown(Html),
    /// `field.section`: the part of a body under a heading, as safe HTML.
    Section(Html),
    /// `field.bool`.
    Bool(bool),
    /// `field.integer`: decimal digits, as the editor wrote them.
    Integer(String),
    /// `field.number`: decimal digits with a point, as the editor wrote them.
    Number(String),
    /// `field.money`.
    Money {
        /// Decimal digits with a point.
        amount: String,
        /// ISO 4217 code.
        currency: String,
    },
    /// `field.date`: ISO 8601, of any precision (`2021`, `2021-05`, `2021-05-03`).
    Date(String),
    /// `field.period`: two dates; an open period has no end.
    Period {
        /// ISO 8601, of any precision.
        start: String,
        /// ISO 8601, of any precision.
        end: Option<String>,
    },
    /// `field.url`: an address whose scheme is allowed.
    Url {
        /// The address.
        url: String,
        /// What to call it; the address itself if absent.
        label: Option<String>,
    },
    /// `field.email`.
    Email(String),
    /// `field.doi`.
    Doi {
        /// Without the resolver's address: `10.1145/3543434.3543639`.
        doi: String,
        /// With it, and with what an address may not hold written as `%..`.
        url: String,
    },
    /// `field.language`.
    Language(Named),
    /// `field.country`.
    Country(Named),
    /// `field.region`.
    Region(Named),
    /// `field.licence`.
    Licence(Named),
    /// `field.choice`.
    Choice(Named),
    /// `field.term`.
    Term(Named),
    /// `field.geo`: decimal degrees.
    Geo {
        /// North is positive.
        lat: String,
        /// East is positive.
        lon: String,
    },
    /// `field.image`.
    Image(Image),
    /// `field.file`.
    File(File),
    /// `field.ref`: another entry.
    Ref {
        /// Where it is published.
        url: String,
        /// Its title.
        title: String,
        /// Its type's label.
        type_label: String,
        /// Its language, if that is not the page's.
        lang: Option<String>,
    },
    /// `field.list`: values of one kind; see [`Shown::Records`] for lists of tables.
    List(Vec<Shown>),
    /// `field.table`: one set of named values.
    Table(Vec<Cell>),
    /// `field.records`: many sets of the same named values, shown as a table.
    Records {
        /// In the order of the schema, without those that no row fills.
        columns: Vec<Column>,
        /// A value or nothing for each column.
        rows: Vec<Vec<Option<Shown>>>,
    },
}

/// HTML that is safe to place in a page as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Html(pub String);

/// A code with its label, and the page that lists what shares it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The code, as the schema spells it.
    pub id: String,
    /// In the page's language.
    pub label: String,
    /// A facet value's page; a licence's text.
    pub url: Option<String>,
}

/// An image with what must be said about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Image {
    /// Where it is published.
    pub src: String,
    /// Copies of it and their widths, as HTML's `srcset` has them.
    pub srcset: Option<String>,
    /// What it shows, for those who do not see it; empty if it only adorns.
    pub alt: String,
    /// Shown under it.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
    /// The language of these words, where nothing around them says it.
    pub lang: Option<String>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
}

/// A file to download.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct File {
    /// Where it is published.
    pub url: String,
    /// What to call it.
    pub title: String,
    /// The language of its title, where nothing around it says it.
    pub lang: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// Short and upper case: `PDF`.
    pub format: Option<String>,
}

/// One named value of a [`Shown::Table`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// The field's name in the schema.
    pub name: String,
    /// Its label in the page's language.
    pub label: String,
    /// Its value.
    pub value: Shown,
}

/// One column of [`Shown::Records`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The field's name in the schema.
    pub name: String,
    /// Its label in the page's language.
    pub label: String,
    /// The kind of its values, so that a theme may align numbers.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A value as templates get it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Piece {
    /// The kind of value: the part of the component's name after `field.`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What the component made of it.
    pub html: String,
    /// The same in plain words, for cards, meta tags and search.
    pub text: String,
    /// The same as data.
    pub value: Structure,
}

/// The structured side of a [`Piece`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Structure {
    /// A value without parts: a string, a boolean, or a map like [`Named`].
    Plain(Shown),
    /// The items of a list.
    List(Vec<Piece>),
    /// The values of a table by name: `value.level.text`.
    Table(IndexMap<String, Labelled>),
    /// The rows of a table, each by column name: `value.rows[0].stage.text`.
    Records {
        /// As in [`Shown::Records`].
        columns: Vec<Column>,
        /// Without the values that a row lacks.
        rows: Vec<IndexMap<String, Piece>>,
    },
}

/// A value of a table, with its label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Labelled {
    /// In the page's language.
    pub label: String,
    /// `type`, `html`, `text` and `value`.
    #[serde(flatten)]
    pub piece: Piece,
}

impl Shown {
    /// The kind of value: `field.<kind>` is the component that shows it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Markdown(_) => "markdown",
            Self::Section(_) => "section",
            Self::Bool(_) => "bool",
            Self::Integer(_) => "integer",
            Self::Number(_) => "number",
            Self::Money { .. } => "money",
            Self::Date(_) => "date",
            Self::Period { .. } => "period",
            Self::Url { .. } => "url",
            Self::Email(_) => "email",
            Self::Doi { .. } => "doi",
            Self::Language(_) => "language",
            Self::Country(_) => "country",
            Self::Region(_) => "region",
            Self::Licence(_) => "licence",
            Self::Choice(_) => "choice",
            Self::Term(_) => "term",
            Self::Geo { .. } => "geo",
            Self::Image(_) => "image",
            Self::File(_) => "file",
            Self::Ref { .. } => "ref",
            Self::List(_) => "list",
            Self::Table(_) => "table",
            Self::Records { .. } => "records",
        }
    }

    /// Whether it deserves the full width of a page rather than a line of facts.
    pub fn wide(&self) -> bool {
        match self {
            Self::Markdown(_) | Self::Section(_) | Self::Image(_) | Self::Records { .. } => true,
            Self::Table(cells) => cells.len() > 3 || cells.iter().any(|cell| cell.value.wide()),
            Self::List(items) => items.iter().any(Self::wide),
            _ => false,
        }
    }
}

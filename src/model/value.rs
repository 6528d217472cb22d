//! What a field of an entry holds, once its type has read it.

use super::PartialDate;
use crate::markdown::Body;
use crate::raw::Span;

/// A typed value.
#[derive(Debug, Clone)]
pub enum Value {
    /// Words.
    Text(String),
    /// Words with Markdown.
    Markdown(Box<Body>),
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A decimal number, spelled as the editor did.
    Number(String),
    /// An amount, spelled as the editor did, and an ISO 4217 code.
    Money {
        /// Decimal digits.
        amount: String,
        /// Three capital letters.
        currency: String,
    },
    /// A date of any precision.
    Date(PartialDate),
    /// A start and perhaps an end.
    Period {
        /// The first day, month or year.
        start: PartialDate,
        /// The last; absent while it lasts.
        end: Option<PartialDate>,
    },
    /// An address with an allowed scheme, or a path within the site.
    Url(String),
    /// A mail address.
    Email(String),
    /// A DOI without the resolver.
    Doi(String),
    /// A BCP 47 tag.
    Language(String),
    /// An ISO 3166-1 alpha-2 code, or EU.
    Country(&'static str),
    /// A NUTS code or a name.
    Region(String),
    /// An SPDX identifier.
    Licence(String),
    /// Degrees, spelled as the editor did.
    Geo {
        /// North is positive.
        lat: String,
        /// East is positive.
        lon: String,
    },
    /// A picture.
    Image(Box<ImageValue>),
    /// A file to download.
    File {
        /// Where it is.
        source: FileSource,
        /// What to call it.
        title: Option<String>,
    },
    /// The id of a choice.
    Choice(String),
    /// The id of a term.
    Term(String),
    /// Another entry.
    Ref(Reference),
    /// Several values.
    List(Vec<Value>),
    /// Named values, in the order of the schema.
    Table(Vec<(String, Value)>),
}

/// A picture with what must be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageValue {
    /// Where it is.
    pub source: FileSource,
    /// What it shows.
    pub alt: String,
    /// Shown under it.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
}

/// Where a picture or file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileSource {
    /// In the content folder, by content path.
    Local(String),
    /// On another host.
    Remote(String),
}

/// A field that names another entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// As the editor wrote it.
    pub text: String,
    /// Where.
    pub span: Span,
    /// The entry, once the graph has found it; stays `None` if it is not published.
    pub target: Option<usize>,
}

/// A value of a field, and whence it is.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The value.
    pub value: Value,
    /// Who wrote it.
    pub origin: Origin,
}

/// Who wrote a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The entry itself, in these bytes of its file.
    Given(Span),
    /// The entry that it translates, in its own file.
    Original,
    /// The schema, as a default, or a computation.
    Default,
}

impl Stored {
    /// The bytes of the entry's own file, if it stands there.
    pub fn span(&self) -> Option<&Span> {
        match &self.origin {
            Origin::Given(span) => Some(span),
            _ => None,
        }
    }

    /// Whether somebody wrote it, here or in the original.
    pub fn is_given(&self) -> bool {
        self.origin != Origin::Default
    }
}

impl Value {
    /// Whether it names another entry.
    pub fn refers(&self) -> bool {
        match self {
            Self::Ref(_) => true,
            Self::List(values) => values.iter().any(Self::refers),
            Self::Table(cells) => cells.iter().any(|(_, value)| value.refers()),
            _ => false,
        }
    }

    /// The content path of the picture or file that it names, if that lies there.
    pub fn local_file(&self) -> Option<&str> {
        let source = match self {
            Self::Image(image) => &image.source,
            Self::File { source, .. } => source,
            _ => return None,
        };
        match source {
            FileSource::Local(path) => Some(path),
            FileSource::Remote(_) => None,
        }
    }

    /// Every value inside, the value itself included, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Value)) {
        visit(self);
        match self {
            Self::List(items) => items.iter().for_each(|item| item.walk(visit)),
            Self::Table(cells) => cells.iter().for_each(|(_, cell)| cell.walk(visit)),
            _ => {}
        }
    }

    /// The text that identifies a value among others of its field, for
    /// comparison, conditions and facets; `None` for values without one.
    pub fn key(&self) -> Option<String> {
        Some(match self {
            Self::Text(text)
            | Self::Url(text)
            | Self::Email(text)
            | Self::Doi(text)
            | Self::Language(text)
            | Self::Region(text)
            | Self::Licence(text)
            | Self::Choice(text)
            | Self::Term(text)
            | Self::Number(text) => text.clone(),
            Self::Country(code) => (*code).to_owned(),
            Self::Bool(flag) => flag.to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Date(date) => date.iso(),
            Self::Ref(reference) => reference.text.clone(),
            _ => return None,
        })
    }

    /// The single values: a list's items, else the value itself.
    pub fn items(&self) -> std::slice::Iter<'_, Value> {
        match self {
            Self::List(items) => items.iter(),
            single => std::slice::from_ref(single).iter(),
        }
    }

    /// Whether it has words of a language, rather than codes, numbers and names of entries.
    pub fn has_words(&self) -> bool {
        let mut words = false;
        self.walk(&mut |value| {
            words |= match value {
                Self::Text(_) | Self::Markdown(_) | Self::Image(_) => true,
                Self::File { title, .. } => title.is_some(),
                _ => false,
            };
        });
        words
    }

    /// The date of a date.
    pub fn as_date(&self) -> Option<PartialDate> {
        match self {
            Self::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// The text of a text value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Choice(text) | Self::Term(text) => Some(text),
            _ => None,
        }
    }
}

//! How to cite an entry.
//!
//! Enters: an entry. Leaves: a [`Work`], and from it words for readers and
//! records for reference managers. Which entries can be cited, and what is
//! whose author or date, follows from the schema's `schema_org` mapping.

mod formats;

use super::{address, changed};
use crate::model::{Entry, PartialDate, Value};
use crate::render::{Locale, PageKind, Renderer};
use crate::schema::EntryType;

pub use formats::{Format, file};

/// The field by which a type says that its entries describe works that were
/// published by themselves, and of what form they are (in the words of CSL).
const FORM: &str = "csl_type";

/// What a citation says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// A name for reference managers: letters, digits, `-` and `:` of ASCII.
    pub key: String,
    /// The word of CSL for its form: `webpage`, `article-journal`, …
    pub form: String,
    /// Title.
    pub title: String,
    /// Who wrote it, in order.
    pub authors: Vec<Author>,
    /// When it appeared.
    pub date: Option<PartialDate>,
    /// What it is a part of: a site, a journal, a book.
    pub container: Option<String>,
    /// Volume, perhaps with its issue.
    pub volume: Option<String>,
    /// From and to.
    pub pages: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// DOI.
    pub doi: Option<String>,
    /// Where it can be read.
    pub url: String,
    /// Its language.
    pub lang: String,
}

/// Who wrote something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// As the person signs, or `Last, First`; an organisation's name.
    pub name: String,
    /// Whether it is a person, whose name has parts.
    pub person: bool,
}

/// Whether an entry can be cited: articles and the like, and works that the
/// site only describes. News, events and pages about people cannot.
pub fn is_citable(renderer: &Renderer, entry: &Entry) -> bool {
    const CLASSES: &[&str] = &["Article", "TechArticle", "ScholarlyArticle", "Report", "HowTo"];
    let entry_type = renderer.model().type_of(&renderer.site().schema, entry);
    let class = entry_type.schema_org.as_deref().unwrap_or("");
    CLASSES.contains(&class) || describes(entry_type)
}

/// Whether entries of a type describe works that were published by themselves.
pub fn describes(entry_type: &EntryType) -> bool {
    entry_type.fields.contains_key(FORM)
}

/// The output path of an entry's record: beside its page, by the same name.
pub fn path(entry: &Entry, format: Format) -> String {
    let folder = entry.url.trim_end_matches('/');
    let name = folder.rsplit('/').next().unwrap_or(folder);
    format!("{folder}/{name}.{}", format.extension())
}

/// The entry and the format of a record, by its output path.
pub fn at_path<'r>(renderer: &'r Renderer, path: &str) -> Option<(&'r Entry, Format)> {
    let folder = path.rsplit_once('/')?.0;
    let page = renderer.page(&format!("{folder}/")).or_else(|| renderer.page(folder))?;
    let PageKind::Entry(at) = page.kind else { return None };
    let entry = renderer.model().entries.get(at).filter(|entry| is_citable(renderer, entry))?;
    Some((entry, Format::ALL.into_iter().find(|format| self::path(entry, *format) == path)?))
}

/// The authors that an entry names.
pub fn authors(renderer: &Renderer, entry: &Entry) -> Vec<Author> {
    let model = renderer.model();
    let name = |item: &Value| match item {
        Value::Text(name) => Some(Author { name: line(name), person: true }),
        Value::Ref(reference) => {
            let at = model.in_language(reference.target?, &entry.lang);
            let author = &model.entries[at];
            let class = model.type_of(&renderer.site().schema, author).schema_org.as_deref();
            Some(Author { name: line(&author.title), person: class == Some("Person") })
        }
        _ => None,
    };
    let entry_type = model.type_of(&renderer.site().schema, entry);
    said(entry, entry_type, "author")
        .flat_map(|(_, value)| value.items())
        .filter_map(name)
        .filter(|author| !author.name.is_empty())
        .collect()
}

impl Work {
    /// What to cite when one cites this entry.
    pub fn new(renderer: &Renderer, entry: &Entry) -> Self {
        let site = renderer.site();
        let entry_type = renderer.model().type_of(&site.schema, entry);
        let text = |property: &str| {
            said(entry, entry_type, property).find_map(|(_, value)| value.as_text().map(line))
        };
        let doi = said(entry, entry_type, "sameAs").find_map(|(_, value)| match value {
            Value::Doi(doi) => Some(doi.clone()),
            _ => None,
        });
        let base = &site.settings.base_url;
        let page = address::of_path(base, &entry.url);
        let mut work = Self {
            key: key(entry, site.settings.default_language()),
            title: line(&entry.title),
            authors: authors(renderer, entry),
            doi,
            lang: entry.lang.clone(),
            ..Self::default()
        };
        let publisher = site.settings.publisher.as_ref();
        let publisher = publisher.map(|one| line(one.name.get(&entry.lang, &work.lang)));
        let publisher = publisher.filter(|name| !name.is_empty());
        if describes(entry_type) {
            let form = entry.value(FORM).and_then(Value::as_text);
            let url = said(entry, entry_type, "url").find_map(|(_, value)| match value {
                Value::Url(url) => Some(address::of_url(base, url)),
                _ => None,
            });
            let at_doi = || work.doi.as_deref().map(address::of_doi);
            return Self {
                form: form.unwrap_or("document").to_owned(),
                url: url.or_else(at_doi).unwrap_or(page),
                date: appeared(entry, entry_type),
                container: text("isPartOf"),
                volume: entry.value("volume").and_then(Value::as_text).map(line),
                pages: text("pagination"),
                ..work
            };
        }
        let default = site.settings.default_language();
        if work.authors.is_empty() {
            let name = publisher.clone();
            work.authors.extend(name.map(|name| Author { name, person: false }));
        }
        Self {
            form: "webpage".to_owned(),
            url: page,
            date: entry.date("date").or_else(|| changed(entry)),
            container: Some(line(site.settings.title.get(&entry.lang, default))),
            publisher: publisher.filter(|name| work.authors.iter().all(|a| a.name != *name)),
            ..work
        }
    }
}

/// The values by which an entry says a property of schema.org, with their fields.
fn said<'e>(
    entry: &'e Entry,
    entry_type: &'e EntryType,
    property: &'e str,
) -> impl Iterator<Item = (&'e str, &'e Value)> {
    entry
        .values
        .iter()
        .filter(move |(name, _)| {
            let field = entry_type.fields.get(name.as_str());
            field.is_some_and(|field| field.schema_org.as_deref() == Some(property))
        })
        .map(|(name, stored)| (name.as_str(), &stored.value))
}

/// When a work appeared: by a field of its own, else by the date of its entry.
fn appeared(entry: &Entry, entry_type: &EntryType) -> Option<PartialDate> {
    let own = said(entry, entry_type, "datePublished").filter(|(name, _)| *name != "date");
    own.filter_map(|(_, value)| match value {
        Value::Date(date) => Some(*date),
        Value::Integer(year) => PartialDate::parse(&format!("{year:04}")).ok(),
        _ => None,
    })
    .next()
    .or_else(|| entry.date("date"))
}

/// One line: control characters and blanks become single spaces.
fn line(text: &str) -> String {
    let plain = text.replace(char::is_control, " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A key in ASCII that no other entry has: the id, and the language of a translation.
fn key(entry: &Entry, default: &str) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let plain = |c: char| if c == '/' { Some(':') } else { keep(c).then_some(c) };
    let mut key: String = entry.id.chars().filter_map(plain).collect();
    // Where letters were lost, two ids might become one.
    if !entry.id.chars().all(|c| keep(c) || c == '/') {
        key.push('-');
        key.push_str(&blake3::hash(entry.id.as_bytes()).to_hex()[..6]);
    }
    if entry.lang != default {
        key.extend(["-", &entry.lang]);
    }
    key
}

/// A citation in plain words: authors (date). Title. Container, volume, pages.
/// Publisher. Address.
pub fn text(work: &Work, locale: &Locale) -> String {
    let authors: Vec<&str> = work.authors.iter().map(|author| author.name.as_str()).collect();
    let authors = authors.join("; ");
    let date = work.date.map(|date| locale.date(&date.iso()));
    let container = [&work.container, &work.volume, &work.pages].into_iter().flatten();
    let container = container.map(String::as_str).collect::<Vec<_>>().join(", ");
    let head = match (authors.is_empty(), date) {
        (false, Some(date)) => format!("{authors} ({date})"),
        (false, None) => authors,
        (true, Some(date)) => format!("{} ({date})", work.title),
        (true, None) => work.title.clone(),
    };
    let mut parts = vec![head.as_str()];
    if !work.authors.is_empty() {
        parts.push(&work.title);
    }
    parts.push(&container);
    parts.extend(work.publisher.as_deref());
    let mut out = String::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        out.push_str(part);
        out.push_str(if part.ends_with(['.', '?', '!', '…']) { " " } else { ". " });
    }
    out + &work.doi.as_deref().map_or_else(|| work.url.clone(), address::of_doi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_line_without_control_characters() {
        assert_eq!(line(" a\r\nER  - b\u{0}\u{1b}c\u{85}d\u{2028}e "), "a ER - b c d e");
    }
}

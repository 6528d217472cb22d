//! What the head of a page says to those who show a link to it (OpenGraph) and
//! to reference managers (the tags of Highwire Press, which Zotero and Google
//! Scholar read), beyond what its template says of every page.

use super::cite::Work;
use crate::model::{Entry, PartialDate};
use crate::render::view;

/// The `meta` elements of a page.
pub fn of(view: &view::PageView, entry: Option<&Entry>, work: Option<&Work>) -> Vec<view::Meta> {
    let mut out = Vec::new();
    if let Some(locale) = territory(&view.page.lang) {
        out.push(meta("property", "og:locale", locale));
        let others = view.page.alternates.iter().filter(|other| other.lang != view.page.lang);
        for locale in others.filter_map(|other| territory(&other.lang)) {
            out.push(meta("property", "og:locale:alternate", locale));
        }
    }
    if let Some(image) = &view.page.image {
        let size = |pixels: Option<u32>| pixels.map(|n| n.to_string());
        let alt = view.entry.as_ref().and_then(|entry| Some(entry.image.as_ref()?.alt.clone()));
        let said = [
            ("og:image:alt", alt.filter(|alt| !alt.is_empty())),
            ("og:image:width", size(image.width)),
            ("og:image:height", size(image.height)),
        ];
        let said = said.into_iter().filter_map(|(name, value)| Some((name, value?)));
        out.extend(said.map(|(name, value)| meta("property", name, value)));
    }
    if let Some(entry) = entry.filter(|_| view.page.kind == "entry") {
        out.extend(article(entry));
        let tags = view.entry.iter().flat_map(|entry| &entry.tags);
        out.extend(tags.map(|tag| meta("property", "article:tag", tag.label.clone())));
    }
    if let Some(work) = work {
        out.extend(highwire(work));
    }
    out
}

/// The dates of OpenGraph's `article`: whole days only.
fn article(entry: &Entry) -> Vec<view::Meta> {
    let day = |field: &str| entry.date(field).filter(|date| date.day.is_some());
    let dates = [("article:published_time", "date"), ("article:modified_time", "updated")];
    let dates = dates.into_iter().filter_map(|(name, field)| Some((name, day(field)?.iso())));
    dates.map(|(name, value)| meta("property", name, value)).collect()
}

/// The tags of Highwire Press.
fn highwire(work: &Work) -> Vec<view::Meta> {
    let mut out = vec![meta("name", "citation_title", work.title.clone())];
    let authors = work.authors.iter();
    out.extend(authors.map(|author| meta("name", "citation_author", author.name.clone())));
    if let Some(date) = work.date {
        out.push(meta("name", "citation_publication_date", slashes(date)));
    }
    let container = match work.form.as_str() {
        "article-journal" | "article-newspaper" => Some("citation_journal_title"),
        "paper-conference" => Some("citation_conference_title"),
        "chapter" => Some("citation_inbook_title"),
        _ => None,
    };
    let others = [
        (container, work.container.as_ref()),
        (Some("citation_volume"), work.volume.as_ref()),
        (Some("citation_publisher"), work.publisher.as_ref()),
        (Some("citation_doi"), work.doi.as_ref()),
        (Some("citation_language"), Some(&work.lang)),
    ];
    let others = others.into_iter().filter_map(|(name, value)| Some((name?, value?.clone())));
    out.extend(others.map(|(name, value)| meta("name", name, value)));
    out
}

/// A date as far as it is known: `2024/05/31`, `2024/05`, `2024`.
fn slashes(date: PartialDate) -> String {
    date.iso().replace('-', "/")
}

fn meta(attribute: &str, name: &str, content: impl Into<String>) -> view::Meta {
    view::Meta { attribute: attribute.to_owned(), name: name.to_owned(), content: content.into() }
}

/// A language as OpenGraph writes it, with a country: the tag's own, else the
/// one where most people speak it, for the languages of the European Union
/// whose country is not their own code.
fn territory(lang: &str) -> Option<String> {
    let mut parts = lang.split('-');
    let language = parts.next()?;
    let own = parts.find(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let country = match (own, language) {
        (Some(country), _) => country.to_uppercase(),
        (None, "en") => "GB".to_owned(),
        (None, "cs") => "CZ".to_owned(),
        (None, "da") => "DK".to_owned(),
        (None, "el") => "GR".to_owned(),
        (None, "et") => "EE".to_owned(),
        (None, "ga") => "IE".to_owned(),
        (None, "sl") => "SI".to_owned(),
        (None, "sv") => "SE".to_owned(),
        (None, "uk") => "UA".to_owned(),
        (
            None,
            "bg" | "de" | "es" | "fi" | "fr" | "hr" | "hu" | "it" | "lt" | "lv" | "mt" | "nl"
            | "pl" | "pt" | "ro" | "sk",
        ) => language.to_uppercase(),
        _ => return None,
    };
    Some(format!("{language}_{country}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_gets_a_country_or_nothing() {
        let known = ["it", "en", "pt-BR", "zh-Hant-TW", "la"].map(territory);
        let expected = [Some("it_IT"), Some("en_GB"), Some("pt_BR"), Some("zh_TW"), None];
        assert_eq!(known, expected.map(|one| one.map(str::to_owned)));
    }
}

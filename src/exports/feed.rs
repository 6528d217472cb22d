//! Atom feeds (RFC 4287): one for each language, and in each language one for
//! each type that has a list.
//!
//! A feed holds the newest entries that are written in its language and say
//! when they were published or changed; the others have no place in an order of
//! time. A feed that would hold none is not made.

use super::xml::Xml;
use super::{address, changed, cite};
use crate::config::{Publisher, Site};
use crate::model::{Entry, Model, PartialDate};
use crate::render::{Page, PageKind, Renderer};
use crate::schema::data;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The media type of a feed.
pub const MEDIA_TYPE: &str = "application/atom+xml";

/// How many entries a feed holds.
const NEWEST: usize = 20;

/// A feed to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its output path: `it/news/feed.xml`.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The path of the page that shows the same.
    page: String,
    lang: String,
    /// Its entries, the newest first.
    entries: Vec<usize>,
}

/// The feeds of a site by language and type; the site's own have the empty type.
pub fn feeds(site: &Site, model: &Model, pages: &[Page]) -> BTreeMap<(String, String), Feed> {
    let default = site.settings.default_language();
    let of_page = |page: &Page| {
        let lang = page.lang.as_str();
        let (kind, title) = match &page.kind {
            PageKind::Home => ("", None),
            PageKind::List(id, 1) => {
                (id.as_str(), Some(site.schema.types[id.as_str()].plural.get(lang, default)))
            }
            _ => return None,
        };
        let entries = newest(site, model, lang, kind);
        if entries.is_empty() {
            return None;
        }
        let of_site = site.settings.title.get(lang, default);
        let title = title.map_or(of_site.to_owned(), |title| format!("{of_site}: {title}"));
        let feed = Feed {
            path: format!("{}feed.xml", page.url),
            title,
            page: page.url.clone(),
            lang: lang.to_owned(),
            entries,
        };
        Some(((lang.to_owned(), kind.to_owned()), feed))
    };
    pages.par_iter().filter_map(of_page).collect()
}

fn newest(site: &Site, model: &Model, lang: &str, kind: &str) -> Vec<usize> {
    let listed = |entry: &Entry| match kind {
        "" => site.schema.types.get(&entry.kind).is_some_and(|of| of.list),
        kind => entry.kind == kind,
    };
    let shown = model.shown.get(lang).into_iter().flatten().copied();
    let mut dated: Vec<(PartialDate, usize)> = shown
        .filter(|at| model.entries[*at].lang == lang && listed(&model.entries[*at]))
        .filter_map(|at| Some((changed(&model.entries[at])?, at)))
        .collect();
    dated.sort_by(|(a, first), (b, second)| b.cmp(a).then(first.cmp(second)));
    dated.into_iter().take(NEWEST).map(|(_, at)| at).collect()
}

/// The feed as Atom.
pub fn atom(renderer: &Renderer, feed: &Feed) -> Vec<u8> {
    let site = renderer.site();
    let settings = &site.settings;
    let default = settings.default_language();
    let whole = |path: &str| address::of_path(&settings.base_url, path);
    let (home, own) = (whole(&feed.page), whole(&feed.path));
    let entries = || feed.entries.iter().map(|at| &renderer.model().entries[*at]);
    let mut xml = Xml::new(
        "feed",
        &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &feed.lang), ("xml:base", &home)],
    );
    xml.text("id", &[], &own);
    xml.text("title", &[], &feed.title);
    let description = settings.description.get(&feed.lang, default);
    if !description.is_empty() {
        xml.text("subtitle", &[], description);
    }
    if let Some(newest) = entries().filter_map(changed).max() {
        xml.text("updated", &[], &moment(newest));
    }
    xml.empty("link", &[("rel", "self"), ("type", MEDIA_TYPE), ("href", &own)]);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &home)]);
    author(&mut xml, site, &feed.lang);
    if let Some(licence) = &settings.licence {
        xml.text("rights", &[], data::licence(licence).map_or(licence, |(_, known)| &known.name));
    }
    for entry in entries() {
        write(&mut xml, renderer, entry);
    }
    xml.finish()
}

/// Whoever publishes the site answers for entries that name nobody.
fn author(xml: &mut Xml, site: &Site, lang: &str) {
    let settings = &site.settings;
    let default = settings.default_language();
    let Publisher { name, url, email } = settings.publisher.clone().unwrap_or_default();
    let name = Some(name.get(lang, default)).filter(|name| !name.trim().is_empty());
    xml.open("author", &[]);
    xml.text("name", &[], name.unwrap_or(settings.title.get(lang, default)));
    if let Some(url) = url {
        xml.text("uri", &[], &address::of_url(&settings.base_url, &url));
    }
    if let Some(email) = email.filter(|email| email.contains('@')) {
        xml.text("email", &[], &email);
    }
    xml.close();
}

fn write(xml: &mut Xml, renderer: &Renderer, entry: &Entry) {
    let Some(updated) = changed(entry) else { return };
    let url = address::of_path(&renderer.site().settings.base_url, &entry.url);
    xml.open("entry", &[("xml:lang", &entry.lang)]);
    xml.text("id", &[], &url);
    xml.text("title", &[], &entry.title);
    xml.text("updated", &[], &moment(updated));
    if let Some(date) = entry.date("date") {
        xml.text("published", &[], &moment(date));
    }
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &url)]);
    for author in cite::authors(renderer, entry) {
        xml.open("author", &[]);
        xml.text("name", &[], &author.name);
        xml.close();
    }
    let site = renderer.site();
    for (_, tag) in entry.tags(&site.schema, &entry.lang, site.settings.default_language()) {
        xml.empty("category", &[("term", &tag)]);
    }
    if let Some(summary) = &entry.summary {
        xml.text("summary", &[], summary);
    }
    if !entry.body.is_empty() {
        let attributes = [("type", "html"), ("xml:base", url.as_str())];
        xml.text("content", &attributes, &renderer.body_elsewhere(entry));
    }
    xml.close();
}

/// A moment as Atom writes it. Of a date that is known in part, the first that
/// it can mean; entries name no time zone, so UTC stands for it.
fn moment(date: PartialDate) -> String {
    let (year, month, day) = date.first_day();
    let (hour, minute) = date.time.unwrap_or((0, 0));
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z")
}

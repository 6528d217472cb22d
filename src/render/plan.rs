//! Which pages a site has, each with its address: nothing is rendered here.
//!
//! Enters: the model. Leaves: the pages in the order of their addresses, and a
//! finding for every two that would collide on a disk that ignores case or
//! folds Unicode forms.

use super::collisions;
use crate::config::Site;
use crate::diagnostic::{Diagnostics, Place};
use crate::model::{Facet, FacetValue, Model};
use crate::schema::EntryType;
use std::collections::BTreeMap;

/// The folder of the pages by which visitors browse.
pub(super) const BROWSE: &str = "browse";

/// A page to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its path in the site, without a leading slash: `it/practices/water/`.
    pub url: String,
    /// Its language.
    pub lang: String,
    /// What it shows.
    pub kind: PageKind,
}

/// What a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageKind {
    /// The front page of a language.
    Home,
    /// The entries of a type: the type's id and the number of the page, from 1.
    List(String, usize),
    /// An entry, by its place in the model.
    Entry(usize),
    /// All that visitors can browse by.
    Browse,
    /// The values of a facet, by field.
    Facet(String),
    /// The entries with a value: field, place of the value, number of the page from 1.
    Term(String, usize, usize),
    /// The search page of a language.
    Search,
    /// What a visitor gets who asks for what is not there.
    NotFound,
    /// A former address; the entry it leads to.
    Redirect(usize),
}

impl Page {
    /// Its file in the output folder.
    pub fn file(&self) -> String {
        file_of(&self.url)
    }
}

fn file_of(url: &str) -> String {
    if url.is_empty() || url.ends_with('/') { format!("{url}index.html") } else { url.to_owned() }
}

/// The address of a type's list: the fixed part of its entries' addresses,
/// else its folder, else its id.
pub fn list_url(entry_type: &EntryType) -> String {
    let fixed = entry_type.url.split('{').next().unwrap_or("");
    let fixed = fixed.rsplit_once('/').map_or("", |(folders, _)| folders.trim_matches('/'));
    let folder = entry_type.folders.first().map_or("", String::as_str);
    let part = [fixed, folder, &entry_type.id].into_iter().find(|part| !part.is_empty());
    format!("{}/", part.unwrap_or_default())
}

/// The address of page `number` of a list that begins at `url`.
pub fn numbered(url: &str, number: usize) -> String {
    if number <= 1 { url.to_owned() } else { format!("{url}page/{number}/") }
}

/// The address of the page of a facet's value, or of all its values.
pub fn facet_url(field: &str, value: Option<&str>) -> String {
    match value {
        Some(slug) => format!("{BROWSE}/{field}/{slug}/"),
        None => format!("{BROWSE}/{field}/"),
    }
}

/// Lists every page of a site, and reports collisions among them and with
/// `files`, the other paths that will be written.
pub fn plan(
    site: &Site,
    model: &Model,
    files: &[(String, Option<Place>)],
) -> (Vec<Page>, Diagnostics) {
    let mut pages = Vec::new();
    for lang in &site.settings.languages {
        of_language(site, model, lang, &mut pages);
    }
    for (at, entry) in model.entries.iter().enumerate().filter(|(_, entry)| !entry.is_intro()) {
        let page = |url: &String, kind| Page { url: url.clone(), lang: entry.lang.clone(), kind };
        pages.push(page(&entry.url, PageKind::Entry(at)));
        // An entry that moved and came back may still list where it is.
        let former = entry.redirects.iter().filter(|url| **url != entry.url);
        pages.extend(former.map(|url| page(url, PageKind::Redirect(at))));
    }
    let lang = site.settings.default_language().to_owned();
    pages.push(Page { url: "404.html".into(), lang, kind: PageKind::NotFound });
    // A page comes before a redirect from its address.
    let is_redirect = |page: &Page| matches!(page.kind, PageKind::Redirect(_));
    pages.sort_by(|a, b| a.url.cmp(&b.url).then_with(|| is_redirect(a).cmp(&is_redirect(b))));
    let found = collisions::settle(model, &mut pages, files);
    (pages, found)
}

fn of_language(site: &Site, model: &Model, lang: &str, pages: &mut Vec<Page>) {
    let prefix = site.settings.prefix(lang);
    let mut add = |url: String, kind| {
        pages.push(Page { url: format!("{prefix}{url}"), lang: lang.to_owned(), kind })
    };
    add(String::new(), PageKind::Home);
    if site.settings.search {
        add("search/".into(), PageKind::Search);
    }
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    let shown = model.shown.get(lang).map(Vec::as_slice).unwrap_or_default();
    for at in shown {
        *count.entry(&model.entries[*at].kind).or_default() += 1;
    }
    let per_page = site.settings.per_page;
    for entry_type in site.schema.types.values().filter(|entry_type| entry_type.list) {
        let entries = count.get(entry_type.id.as_str()).copied().unwrap_or(0);
        if entries == 0 && !model.intros.contains_key(&(list_key(entry_type), lang.to_owned())) {
            continue;
        }
        for number in 1..=entries.div_ceil(per_page).max(1) {
            add(
                numbered(&list_url(entry_type), number),
                PageKind::List(entry_type.id.clone(), number),
            );
        }
    }
    let Some(facets) = model.facets.get(lang).filter(|facets| !facets.is_empty()) else { return };
    add(format!("{BROWSE}/"), PageKind::Browse);
    pages.extend(facets.values().flat_map(|facet| of_facet(site, lang, facet)));
}

/// The page of a facet, and those of its values.
fn of_facet(site: &Site, lang: &str, facet: &Facet) -> Vec<Page> {
    let prefix = site.settings.prefix(lang);
    let page = |url: String, kind| Page { url: format!("{prefix}{url}"), lang: lang.into(), kind };
    let of_value = |(at, value): (usize, &FacetValue)| {
        let url = facet_url(&facet.field, Some(&value.slug));
        let numbers = 1..=value.entries.len().div_ceil(site.settings.per_page);
        numbers.map(move |number| {
            page(numbered(&url, number), PageKind::Term(facet.field.clone(), at, number))
        })
    };
    let whole = page(facet_url(&facet.field, None), PageKind::Facet(facet.field.clone()));
    let of_values = facet.values.iter().enumerate().flat_map(of_value);
    std::iter::once(whole).chain(of_values).collect()
}

/// Whether nothing but what visitors browse by stands where that does, so that the
/// pages of values may come and go without a collision.
pub(super) fn keeps_apart<'a>(
    site: &Site,
    pages: &[Page],
    files: impl IntoIterator<Item = &'a str>,
) -> bool {
    let roots: Vec<String> =
        site.settings.languages.iter().map(|lang| site.settings.prefix(lang) + BROWSE).collect();
    let intrudes = |path: &str| roots.iter().any(|root| collisions::is_under(path, root));
    let is_ours = |page: &Page| {
        matches!(page.kind, PageKind::Browse | PageKind::Facet(_) | PageKind::Term(..))
    };
    !pages.iter().any(|page| !is_ours(page) && intrudes(&page.url))
        && !files.into_iter().any(intrudes)
}

/// Plans the pages of a facet anew, which [`keeps_apart`] has found to stand alone.
pub(super) fn plan_again(site: &Site, pages: &mut Vec<Page>, lang: &str, facet: &Facet) {
    let mut new = of_facet(site, lang, facet);
    new.sort_by(|a, b| a.url.cmp(&b.url));
    let Some(root) = new.first().map(|page| page.url.clone()) else { return };
    let from = pages.partition_point(|page| page.url < root);
    let count = pages[from..].partition_point(|page| page.url.starts_with(&root));
    drop(pages.splice(from..from + count, new));
}

/// The key under which the introduction of a type's list is found.
pub fn list_key(entry_type: &EntryType) -> String {
    entry_type.folders.first().cloned().unwrap_or_default()
}

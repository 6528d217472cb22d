//! `sitemap.xml`: the pages that search engines should know.
//!
//! Enters: the planned pages. Leaves: one file, or, past the limits of the
//! protocol (50,000 addresses or 50 MB a file, <https://www.sitemaps.org/protocol.html>),
//! an index and its parts. Lists and terms stand with their first page only:
//! what the others show has pages of its own, and moves with every new entry.

use super::xml::Xml;
use super::{address, changed};
use crate::config::Site;
use crate::model::{Model, PartialDate};
use crate::render::{Page, PageKind};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// The path of the sitemap, or of the index of its parts.
pub const PATH: &str = "sitemap.xml";

/// What one file may hold.
#[derive(Debug, Clone, Copy)]
struct Limits {
    addresses: usize,
    bytes: usize,
}

const LIMITS: Limits = Limits { addresses: 50_000, bytes: 50_000_000 };

/// Bytes of the tag that closes a file.
const END: usize = "</urlset>\n".len();

/// What makes pages of several languages one: a kind, and what it shows.
type Group<'a> = (u8, &'a str, &'a str);

/// The sitemap of a site: path and bytes of each file.
pub fn files(site: &Site, model: &Model, pages: &[Page]) -> Vec<(String, Vec<u8>)> {
    of(site, model, pages, LIMITS)
}

fn of(site: &Site, model: &Model, pages: &[Page], limits: Limits) -> Vec<(String, Vec<u8>)> {
    let address = |page: &Page| address::of_path(&site.settings.base_url, &page.url);
    let known: Vec<(&Page, Group<'_>, String)> = pages
        .par_iter()
        .filter_map(|page| Some((page, group(model, page)?, address(page))))
        .collect();
    let mut languages: HashMap<Group<'_>, Vec<(&str, &str)>> = HashMap::new();
    for (page, group, url) in &known {
        languages.entry(*group).or_default().push((&page.lang, url));
    }
    let last = Lastmod::new(site, model);
    let one = |(page, group, url): &(&Page, Group<'_>, String)| {
        let mut xml = Xml::fragment();
        write(&mut xml, url, last.of(page), &languages[group]);
        xml
    };
    let written: Vec<Xml> = known.par_iter().map(one).collect();
    let mut parts: Vec<Xml> = Vec::new();
    let mut addresses = 0;
    for own in written {
        let is_full = |part: &Xml| {
            addresses == limits.addresses || part.len() + own.len() + END > limits.bytes
        };
        if parts.last().is_none_or(is_full) {
            parts.push(Xml::new(
                "urlset",
                &[
                    ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"),
                    ("xmlns:xhtml", "http://www.w3.org/1999/xhtml"),
                ],
            ));
            addresses = 0;
        }
        addresses += 1;
        if let Some(part) = parts.last_mut() {
            part.append(own);
        }
    }
    if parts.len() == 1 {
        return parts.into_iter().map(|part| (PATH.to_owned(), part.finish())).collect();
    }
    let mut index =
        Xml::new("sitemapindex", &[("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")]);
    let mut out = Vec::new();
    for (number, part) in (1..).zip(parts) {
        let path = format!("sitemap-{number}.xml");
        index.open("sitemap", &[]);
        index.text("loc", &[], &address::of_path(&site.settings.base_url, &path));
        index.close();
        out.push((path, part.finish()));
    }
    out.push((PATH.to_owned(), index.finish()));
    out
}

fn write(xml: &mut Xml, url: &str, changed: Option<PartialDate>, translations: &[(&str, &str)]) {
    xml.open("url", &[]);
    xml.text("loc", &[], url);
    // The protocol's schema knows whole days only.
    if let Some(day) = changed.filter(|date| date.day.is_some()) {
        xml.text("lastmod", &[], &day.iso());
    }
    if translations.len() > 1 {
        for (lang, url) in translations {
            let attributes = [("rel", "alternate"), ("hreflang", *lang), ("href", *url)];
            xml.empty("xhtml:link", &attributes);
        }
    }
    xml.close();
}

/// What a page shares with its translations; none for a page that is left out.
fn group<'a>(model: &'a Model, page: &'a Page) -> Option<Group<'a>> {
    Some(match &page.kind {
        PageKind::Home => (0, "", ""),
        PageKind::Browse => (1, "", ""),
        PageKind::Facet(field) => (2, field, ""),
        PageKind::Term(field, at, 1) => {
            (3, field, &model.facets.get(&page.lang)?.get(field)?.values.get(*at)?.id)
        }
        PageKind::List(id, 1) => (4, id, ""),
        PageKind::Entry(at) => (5, &model.entries[*at].id, ""),
        PageKind::List(..)
        | PageKind::Term(..)
        | PageKind::Search
        | PageKind::NotFound
        | PageKind::Redirect(_) => {
            return None;
        }
    })
}

/// When pages last changed, as far as the dates of their entries tell.
struct Lastmod<'a> {
    model: &'a Model,
    /// By language and type; home counts under the empty type.
    newest: BTreeMap<(&'a str, &'a str), PartialDate>,
}

impl<'a> Lastmod<'a> {
    fn new(site: &Site, model: &'a Model) -> Self {
        let mut newest: BTreeMap<(&str, &str), PartialDate> = BTreeMap::new();
        for (lang, shown) in &model.shown {
            for entry in shown.iter().map(|at| &model.entries[*at]) {
                let Some(date) = changed(entry) else { continue };
                let listed = site.schema.types.get(&entry.kind).is_some_and(|of| of.list);
                for kind in [Some(entry.kind.as_str()), listed.then_some("")].into_iter().flatten()
                {
                    let known = newest.entry((lang, kind)).or_insert(date);
                    *known = date.max(*known);
                }
            }
        }
        Self { model, newest }
    }

    fn of(&self, page: &Page) -> Option<PartialDate> {
        let newest = |kind: &str| self.newest.get(&(page.lang.as_str(), kind)).copied();
        match &page.kind {
            PageKind::Home => newest(""),
            PageKind::List(id, _) => newest(id),
            PageKind::Entry(at) => changed(&self.model.entries[*at]),
            PageKind::Term(field, at, _) => {
                let value = self.model.facets.get(&page.lang)?.get(field)?.values.get(*at)?;
                value.entries.iter().filter_map(|at| changed(&self.model.entries[*at])).max()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Options;
    use crate::render::plan;
    use crate::{config, content};
    use std::collections::BTreeSet;

    fn addresses(bytes: &[u8]) -> Vec<String> {
        let text = std::str::from_utf8(bytes).expect("UTF-8");
        let document = roxmltree::Document::parse(text).expect("XML");
        let found = document.descendants().filter(|node| node.tag_name().name() == "loc");
        found.filter_map(|node| node.text()).map(str::to_owned).collect()
    }

    #[test]
    fn past_its_limits_a_sitemap_is_an_index_of_parts() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sites/fictional");
        let (site, _) = config::load(root.as_ref());
        let site = site.expect("sound");
        let (collection, found) = content::load(&site);
        let today = PartialDate::parse("2026-01-01").expect("a day");
        let (model, _) = Model::build(&site, collection, found, Options { today, drafts: false });
        let (pages, _) = plan::plan(&site, &model, &[]);
        let whole = files(&site, &model, &pages);
        assert_eq!(whole.len(), 1);
        let expected = addresses(&whole[0].1);
        for limits in [
            Limits { addresses: 7, bytes: usize::MAX },
            Limits { addresses: usize::MAX, bytes: 5_000 },
        ] {
            let mut parts = of(&site, &model, &pages, limits);
            let (path, index) = parts.pop().expect("an index");
            assert_eq!(path, PATH);
            let named: Vec<String> = addresses(&index);
            let base = site.settings.base_url.absolute("");
            let paths: Vec<String> =
                parts.iter().map(|(path, _)| format!("{base}{path}")).collect();
            assert!(parts.len() > 3 && named == paths);
            assert!(parts.iter().all(|(_, bytes)| bytes.len() <= limits.bytes));
            assert!(parts.iter().all(|(_, bytes)| addresses(bytes).len() <= limits.addresses));
            let found: Vec<String> = parts.iter().flat_map(|(_, bytes)| addresses(bytes)).collect();
            assert_eq!(found, expected);
            assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len());
        }
    }
}

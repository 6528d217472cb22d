//! What other machines get of a site: feeds, sitemap, citations, linked data,
//! and the files that hosts and browsers look for.
//!
//! Enters: the renderer, with the site, the model and the planned pages.
//! Leaves: files (path and bytes) for the output, each made when it is asked
//! for, and small parts of page views ([`Exports::furnish`]). Nothing here
//! depends on the day of the build: a feed is as new as its newest entry.

mod address;
pub mod cite;
pub mod feed;
pub mod hosting;
mod jsonld;
mod meta;
mod sitemap;
mod xml;

use crate::diagnostic::Diagnostics;
use crate::model::{Entry, PartialDate, Revised};
use crate::render::{Page, PageKind, Renderer, SEARCH_PACK, collisions, view};
use cite::Work;
use feed::Feed;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Everything that is published besides pages, the theme's files and those of entries.
pub struct Exports {
    /// By language and type; the site's own feed goes by the empty type.
    feeds: BTreeMap<(String, String), Feed>,
    /// The files that tell of the site as a whole, by output path.
    of_site: OnceLock<BTreeMap<String, Vec<u8>>>,
}

impl Exports {
    /// Prepares what pages say of exports.
    pub fn new(renderer: &Renderer) -> Self {
        let feeds = feed::feeds(renderer.site(), renderer.model(), renderer.pages());
        Self { feeds, of_site: OnceLock::new() }
    }

    /// Takes up that some entries of a renderer's model were revised.
    pub fn revise(&mut self, renderer: &Renderer, revised: &Revised) {
        let entries = &renderer.model().entries;
        let mut pairs = revised.before.iter().map(|(at, before)| (before, &entries[*at]));
        if pairs.any(|(before, now)| changed(before) != changed(now)) {
            self.feeds = feed::feeds(renderer.site(), renderer.model(), renderer.pages());
        }
        self.of_site = OnceLock::new();
    }

    /// Reports what stands where an export must go.
    pub fn check(&self, renderer: &Renderer) -> Diagnostics {
        let paths = self.paths(renderer);
        let pack = renderer.site().settings.search.then(|| SEARCH_PACK.trim_end_matches('/'));
        let paths = paths.iter().map(String::as_str).chain(pack);
        collisions::encroaching(renderer.model(), renderer.pages(), paths)
    }

    /// The output paths of the files.
    pub fn paths(&self, renderer: &Renderer) -> Vec<String> {
        let of_site = self.of_site(renderer).keys().cloned();
        let feeds = self.feeds.values().map(|feed| feed.path.clone());
        let entries = renderer.model().entries.iter().filter(|entry| !entry.is_intro());
        let citable = entries.filter(|entry| cite::is_citable(renderer, entry));
        let cites =
            citable.flat_map(|entry| cite::Format::ALL.map(|format| cite::path(entry, format)));
        of_site.chain(feeds).chain(cites).collect()
    }

    /// The bytes of a file, by its output path.
    pub fn file(&self, renderer: &Renderer, path: &str) -> Option<Cow<'_, [u8]>> {
        if let Some(bytes) = self.of_site(renderer).get(path) {
            return Some(Cow::Borrowed(bytes));
        }
        if let Some(feed) = self.feeds.values().find(|feed| feed.path == path) {
            return Some(Cow::Owned(feed::atom(renderer, feed)));
        }
        let (entry, format) = cite::at_path(renderer, path)?;
        Some(Cow::Owned(cite::file(&Work::new(renderer, entry), format).into_bytes()))
    }

    fn of_site(&self, renderer: &Renderer) -> &BTreeMap<String, Vec<u8>> {
        if let Some(known) = self.of_site.get() {
            return known;
        }
        // Before anybody has to wait for it: all cores make it, and one that waits for another
        // may take up work meanwhile that asks for the same.
        let sitemap = sitemap::files(renderer.site(), renderer.model(), renderer.pages());
        let made = sitemap.into_iter().chain(hosting::files(renderer)).collect();
        self.of_site.get_or_init(|| made)
    }

    /// Adds to the view of a page what other machines read in it.
    pub fn furnish(&self, renderer: &Renderer, page: &Page, view: &mut view::PageView) {
        let base = &renderer.site().settings.base_url;
        view.site.manifest_url = Some(base.link(hosting::MANIFEST));
        view.site.opensearch_url = view
            .site
            .search_url
            .as_ref()
            .map(|_| base.link(&hosting::opensearch_path(renderer, &page.lang)));
        if matches!(page.kind, PageKind::NotFound | PageKind::Redirect(_)) {
            return;
        }
        view.page.feeds = self.feeds_of(renderer, page);
        let entry = match page.kind {
            PageKind::Entry(at) => Some(&renderer.model().entries[at]),
            _ => None,
        };
        let work = entry
            .filter(|entry| cite::is_citable(renderer, entry))
            .map(|entry| Work::new(renderer, entry));
        view.page.meta = meta::of(view, entry, work.as_ref());
        if let (Some(shown), Some(entry), Some(work)) = (&mut view.entry, entry, &work) {
            shown.cite = Some(view::Cite {
                text: cite::text(work, renderer.locale(&page.lang)),
                formats: cite::Format::ALL.map(|format| link(base, entry, format)).to_vec(),
            });
        }
        view.page.json_ld = Some(jsonld::of(renderer, page, view));
    }

    /// The feed of the page's language, and that of the type it shows.
    fn feeds_of(&self, renderer: &Renderer, page: &Page) -> Vec<view::Feed> {
        let kind = match &page.kind {
            PageKind::List(id, _) => Some(id.as_str()),
            PageKind::Entry(at) => Some(renderer.model().entries[*at].kind.as_str()),
            _ => None,
        };
        let kinds = [Some(""), kind].into_iter().flatten();
        let feeds = kinds.filter_map(|kind| self.feeds.get(&(page.lang.clone(), kind.to_owned())));
        feeds
            .map(|feed| view::Feed {
                title: feed.title.clone(),
                url: renderer.site().settings.base_url.link(&feed.path),
                media_type: feed::MEDIA_TYPE.to_owned(),
            })
            .collect()
    }
}

fn link(base: &crate::config::BaseUrl, entry: &Entry, format: cite::Format) -> view::Link {
    let url = address::within(base, &cite::path(entry, format));
    view::Link::new(format.label(), Some(url))
}

/// When an entry last changed, as far as it says.
fn changed(entry: &Entry) -> Option<PartialDate> {
    entry.date("updated").or_else(|| entry.date("date"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Model, Options};
    use crate::render::ThemeSet;
    use crate::{config, content};
    use std::sync::Arc;

    #[test]
    fn who_asks_for_a_file_while_all_are_checked_waits_for_nobody_who_waits() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sites/fictional");
        let site = Arc::new(config::load(root.as_ref()).0.expect("sound"));
        let (collection, found) = content::load(&site);
        let today = PartialDate::parse("2026-01-01").expect("a day");
        let options = Options { today, drafts: false };
        let model = Model::build(&site, collection, found, options).0;
        let themes = ThemeSet::new(&site).0.expect("sound");
        let renderer = Renderer::new(Arc::clone(&site), &themes, model, today).0;
        for _ in 0..100 {
            let exports = Exports::new(&renderer);
            let check = || exports.check(&renderer);
            std::thread::scope(|scope| {
                // As a visitor asks for it: from outside the threads that share the work.
                let asked = scope.spawn(|| exports.file(&renderer, "sitemap.xml").is_some());
                rayon::join(check, || rayon::join(check, check));
                assert!(asked.join().expect("an answer"));
            });
        }
    }
}

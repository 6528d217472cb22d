//! The view of the search page: what it can say before it has fetched anything.

use super::frame::{Head, direction};
use super::plan::Page;
use super::{Renderer, view};
use crate::schema::data;

impl Renderer {
    pub(super) fn search_page(&self, page: &Page) -> view::PageView {
        let lang = page.lang.as_str();
        let title = self.engine.locale(lang).text("search.title").to_owned();
        let head = Head {
            kind: "search",
            template: "search".into(),
            title,
            description: None,
            alternates: self.in_languages("search/"),
        };
        let types = self.site.schema.types.values();
        view::PageView {
            site: self.site_view(page, &head.alternates),
            page: self.page_view(page, head, Vec::new()),
            search: Some(view::Search {
                types: types.map(|entry_type| self.type_view(entry_type, lang)).collect(),
                facets: self.searched_facets(lang),
                languages: self.written_languages(lang),
            }),
            ..view::PageView::default()
        }
    }

    /// The type of an entry, which is a facet in search alone, and then those of the
    /// model: without those that all entries have the one value of.
    fn searched_facets(&self, lang: &str) -> Vec<view::Facet> {
        let shown = self.model.shown.get(lang).map_or(0, Vec::len);
        let of_model = self.model.facets.get(lang).into_iter().flat_map(|facets| facets.values());
        let narrowing =
            of_model.filter(|facet| facet.values.iter().any(|value| value.entries.len() < shown));
        let mut facets: Vec<view::Facet> =
            narrowing.map(|facet| self.facet_view(lang, facet, 0)).collect();
        let types = self.of_type.range((lang.to_owned(), String::new())..);
        let total = types.take_while(|((own, _), _)| own == lang).count();
        if total > 1 && facets.iter().all(|facet| facet.name != "type") {
            let label = self.engine.locale(lang).text("search.type").to_owned();
            let name = "type".into();
            facets.insert(0, view::Facet { name, label, total, ..Default::default() });
        }
        facets
    }

    /// The languages that entries are written in, each of which has an index: the
    /// page's own first, then the site's in their order, then others.
    fn written_languages(&self, own: &str) -> Vec<view::Language> {
        let entries = self.model.entries.iter().filter(|entry| !entry.is_intro());
        let mut written: Vec<&str> = entries.map(|entry| entry.lang.as_str()).collect();
        let order = &self.site.settings.languages;
        let place = |lang: &str| {
            (lang != own, order.iter().position(|known| known == lang).unwrap_or(order.len()))
        };
        written.sort_by(|a, b| (place(a), a).cmp(&(place(b), b)));
        written.dedup();
        let language = |lang: &str| view::Language {
            code: lang.to_owned(),
            name: data::endonym(lang).to_owned(),
            dir: direction(lang).to_owned(),
        };
        written.into_iter().map(language).collect()
    }
}

//! The view of the front page.

use super::frame::Head;
use super::lists::FACET_VALUES;
use super::plan::Page;
use super::{Renderer, view};

/// Entries of a type that the front page shows.
const FIRST: usize = 6;
/// Types, and facets, that a front page shows of which nothing was said.
const UNASKED: usize = 3;

impl Renderer {
    /// The front page.
    pub(super) fn home_page(&self, page: &Page) -> view::PageView {
        let lang = page.lang.as_str();
        let default = self.site.settings.default_language();
        let types = self.site.schema.types.values().filter(|entry_type| entry_type.list);
        let figures = types.filter_map(|entry_type| {
            let entries = self.of_type.get(&(lang.to_owned(), entry_type.id.clone()))?;
            let label = if entries.len() == 1 { &entry_type.label } else { &entry_type.plural };
            Some(view::Figure {
                label: label.get(lang, default).to_owned(),
                count: entries.len(),
                url: self.type_view(entry_type, lang).url,
            })
        });
        let alternates = self.in_languages("");
        let head = Head {
            kind: "home",
            template: "home".into(),
            title: self.site.settings.title.get(lang, default).to_owned(),
            description: self.frames.get(lang).and_then(|site| site.description.clone()),
            alternates: alternates.clone(),
        };
        view::PageView {
            site: self.site_view(page, &alternates),
            page: self.page_view(page, head, Vec::new()),
            home: Some(view::Home {
                intro: self.home_intro(lang),
                intro_lang: self.site.settings.home.intro.foreign(lang, default).map(str::to_owned),
                figures: figures.collect(),
                blocks: self.home_blocks(lang),
            }),
            ..view::PageView::default()
        }
    }

    /// The line under the title, if the site has one for it.
    fn home_intro(&self, lang: &str) -> Option<String> {
        let settings = &self.site.settings;
        let intro = settings.home.intro.get(lang, settings.default_language());
        Some(intro.to_owned()).filter(|intro| !intro.is_empty())
    }

    /// The blocks that `site.toml` names; without any, its introduction, its
    /// lists (or the first entries of its types) and the ways to browse.
    fn home_blocks(&self, lang: &str) -> Vec<view::Block> {
        let settings = &self.site.settings;
        let facets = self.model.facets.get(lang);
        let mut names: Vec<&str> = settings.home.blocks.iter().map(String::as_str).collect();
        if names.is_empty() {
            names.push("intro");
            names.extend(settings.lists.keys().map(String::as_str));
            if settings.lists.is_empty() {
                let types = self.site.schema.types.values().filter(|of| of.list);
                let types =
                    types.map(|of| of.id.as_str()).filter(|id| self.first(id, lang).is_some());
                names.extend(types.take(UNASKED));
            }
            let facets = facets.into_iter().flat_map(|facets| facets.keys().take(UNASKED));
            names.extend(facets.map(String::as_str));
        }
        let default = settings.default_language();
        let own_title = |name: &str| {
            let title = settings.home.titles.get(name)?.get(lang, default);
            Some(title.to_owned()).filter(|title| !title.is_empty())
        };
        let block = |name: &str| {
            if name == "intro" {
                let at = self.model.intros.get(&("index".to_owned(), lang.to_owned()))?;
                return Some(view::Block::Text {
                    title: own_title(name),
                    html: self.intro(&self.model.entries[*at]),
                });
            }
            if let Some(list) = self.lists.get(&(lang.to_owned(), name.to_owned())) {
                let view::CardList { title, url, cards } = self.card_list(list, lang, None);
                let title = own_title(name).unwrap_or(title);
                return Some(view::Block::List { title, url, cards });
            }
            if let Some(facet) = facets.and_then(|facets| facets.get(name)) {
                return Some(view::Block::Facet {
                    title: own_title(name).unwrap_or_else(|| facet.label.clone()),
                    facet: self.facet_view(lang, facet, FACET_VALUES),
                });
            }
            let view::CardList { title, url, cards } = self.first(name, lang)?;
            Some(view::Block::List { title: own_title(name).unwrap_or(title), url, cards })
        };
        names.into_iter().filter_map(block).collect()
    }

    /// The first entries of a type, in the order of its list.
    fn first(&self, id: &str, lang: &str) -> Option<view::CardList> {
        let entries = self.of_type.get(&(lang.to_owned(), id.to_owned()))?;
        let of = self.type_view(&self.site.schema.types[id], lang);
        Some(view::CardList {
            title: of.plural,
            url: of.url,
            cards: entries.iter().take(FIRST).map(|at| self.card(*at, lang)).collect(),
        })
    }
}

//! The views of lists: a type's, a term's, all that can be browsed.

use super::declared::ComputedList;
use super::frame::Head;
use super::links::BodyLinks;
use super::plan::{self, BROWSE, Page, numbered};
use super::{Renderer, view};
use crate::model::{Entry, Facet, FacetValue};
use crate::schema::{FieldKind, Sort};
use indexmap::IndexMap;

/// Values of a facet that a list page shows before it points at all of them.
pub(super) const FACET_VALUES: usize = 12;
impl Renderer {
    /// The list of a type, page by page.
    pub(super) fn type_list(&self, page: &Page, id: &str, number: usize) -> view::PageView {
        let entry_type = &self.site.schema.types[id];
        let default = self.site.settings.default_language();
        let lang = page.lang.as_str();
        let entries = self
            .of_type
            .get(&(lang.to_owned(), id.to_owned()))
            .map(Vec::as_slice)
            .unwrap_or_default();
        let intro = self.model.intros.get(&(plan::list_key(entry_type), lang.to_owned()));
        let intro = intro.map(|at| &self.model.entries[*at]);
        let title = match intro.filter(|intro| !intro.title.is_empty()) {
            Some(intro) => intro.title.clone(),
            None => entry_type.plural.get(lang, default).to_owned(),
        };
        let list = view::List {
            kind: Some(self.type_view(entry_type, lang)),
            intro: intro.map(|intro| self.intro(intro)).filter(|_| number == 1),
            facets: self
                .narrowing
                .get(&(lang.to_owned(), id.to_owned()))
                .cloned()
                .unwrap_or_default(),
            only: only(entries, "type", id),
            sort: match entry_type.sort {
                Sort { ref field, descending: false } if field == "title" => Some("title"),
                Sort { ref field, descending: true } if field == "date" => Some("date"),
                _ => None,
            },
            ..self.list(&title, entries, &page.lang, &plan::list_url(entry_type), number)
        };
        let head = Head {
            kind: "list",
            template: "list".into(),
            description: intro.and_then(|intro| intro.summary.clone()),
            alternates: self.in_languages(&numbered(&plan::list_url(entry_type), number)),
            title,
        };
        self.list_page(page, head, list, Vec::new(), None)
    }

    /// The entries with one value of a facet, page by page.
    pub(super) fn term_list(
        &self,
        page: &Page,
        field: &str,
        at: usize,
        number: usize,
    ) -> view::PageView {
        let lang = page.lang.as_str();
        let facet = &self.model.facets[lang][field];
        let value = &facet.values[at];
        let label = self.value_label(lang, field, value);
        let url = plan::facet_url(field, Some(&value.slug));
        let list = view::List {
            only: only(&value.entries, field, &value.id),
            groups: self.groups(lang, field, value, number),
            ..self.list(label, &value.entries, lang, &url, number)
        };
        let link = |id: &str| {
            let value = facet.values.iter().find(|value| value.id == id)?;
            Some(view::Link::new(value.label.clone(), self.facet_page(lang, field, id)))
        };
        // Values stand in depth-first order, so those below this one follow it.
        let below = facet.values[at + 1..].iter().take_while(|other| other.depth > value.depth);
        let narrower = below.filter(|other| other.broader.as_deref() == Some(&value.id));
        let term = view::Term {
            field: field.to_owned(),
            field_label: facet.label.clone(),
            id: value.id.clone(),
            label: label.to_owned(),
            description: self.description(field, &value.id, lang),
            broader: value.broader.as_deref().and_then(link),
            narrower: narrower.map(|value| self.facet_value(lang, field, value)).collect(),
        };
        let head = Head {
            kind: "term",
            template: "term".into(),
            title: label.to_owned(),
            description: term.description.clone(),
            alternates: self.term_in_languages(field, &value.id, number),
        };
        let trail = vec![self.browse_link(lang), self.facet_link(lang, facet)];
        self.list_page(page, head, list, trail, Some(term))
    }

    /// All values of one facet, or, without one, the facets.
    pub(super) fn browse(&self, page: &Page, field: Option<&str>) -> view::PageView {
        let lang = page.lang.as_str();
        let facets = &self.model.facets[lang];
        let (title, url, shown, trail) = match field.map(|field| &facets[field]) {
            Some(facet) => {
                let shown = vec![self.facet_view(lang, facet, usize::MAX)];
                (
                    facet.label.clone(),
                    plan::facet_url(&facet.field, None),
                    shown,
                    vec![self.browse_link(lang)],
                )
            }
            None => {
                let shown = facets
                    .values()
                    .map(|facet| self.facet_view(lang, facet, FACET_VALUES))
                    .collect();
                (self.browse_link(lang).label, format!("{BROWSE}/"), shown, Vec::new())
            }
        };
        let head = Head {
            kind: "list",
            template: "browse".into(),
            title: title.clone(),
            description: None,
            alternates: self.in_languages(&url),
        };
        let list = view::List { title, facets: shown, ..view::List::default() };
        self.list_page(page, head, list, trail, None)
    }

    /// The declared lists of some names, without one entry.
    pub(super) fn lists_for(
        &self,
        names: &[String],
        lang: &str,
        without: Option<usize>,
    ) -> IndexMap<String, view::CardList> {
        names
            .iter()
            .filter_map(|name| Some((name, self.lists.get(&(lang.to_owned(), name.clone()))?)))
            .map(|(name, list)| (name.clone(), self.card_list(list, lang, without)))
            .collect()
    }

    pub(super) fn card_list(
        &self,
        list: &ComputedList,
        lang: &str,
        without: Option<usize>,
    ) -> view::CardList {
        let entries =
            list.entries.iter().copied().filter(|at| Some(*at) != without).take(list.limit);
        view::CardList {
            title: list.title.clone(),
            url: list
                .kind
                .as_deref()
                .and_then(|id| self.type_view(&self.site.schema.types[id], lang).url),
            cards: entries.map(|at| self.card(at, lang)).collect(),
        }
    }

    fn list(
        &self,
        title: &str,
        entries: &[usize],
        lang: &str,
        url: &str,
        number: usize,
    ) -> view::List {
        let per_page = self.site.settings.per_page;
        let pages = entries.len().div_ceil(per_page).max(1);
        let prefix = self.site.settings.prefix(lang);
        let of = |number: usize| self.link(&format!("{prefix}{}", numbered(url, number)));
        view::List {
            title: title.to_owned(),
            cards: entries
                .iter()
                .skip((number - 1) * per_page)
                .take(per_page)
                .map(|at| self.card(*at, lang))
                .collect(),
            total: entries.len(),
            pagination: view::Pagination {
                page: number,
                pages,
                prev_url: (number > 1).then(|| of(number - 1)),
                next_url: (number < pages).then(|| of(number + 1)),
                links: page_links(number, pages, &of),
            },
            ..view::List::default()
        }
    }

    fn list_page(
        &self,
        page: &Page,
        head: Head,
        list: view::List,
        trail: Vec<view::Link>,
        term: Option<view::Term>,
    ) -> view::PageView {
        view::PageView {
            site: self.site_view(page, &head.alternates),
            page: self.page_view(page, head, trail),
            list: Some(list),
            term,
            ..view::PageView::default()
        }
    }

    pub(super) fn intro(&self, intro: &Entry) -> String {
        let links = BodyLinks { renderer: self, entry: intro, lang: &intro.lang };
        intro.body.to_html(&links)
    }

    /// The languages in which a page of the same path exists.
    pub(super) fn in_languages(&self, url: &str) -> Vec<(String, String)> {
        let languages = self.site.settings.languages.iter();
        languages
            .map(|lang| (lang.clone(), format!("{}{url}", self.site.settings.prefix(lang))))
            .filter(|(_, url)| self.has_page(url))
            .collect()
    }

    fn term_in_languages(&self, field: &str, id: &str, number: usize) -> Vec<(String, String)> {
        let url = |lang: &String| {
            let slug = self.facet_slugs.get(lang)?.get(field)?.get(id)?;
            let url = numbered(&plan::facet_url(field, Some(slug)), number);
            Some((lang.clone(), format!("{}{url}", self.site.settings.prefix(lang))))
        };
        self.site
            .settings
            .languages
            .iter()
            .filter_map(url)
            .filter(|(_, url)| self.has_page(url))
            .collect()
    }

    fn browse_link(&self, lang: &str) -> view::Link {
        let url = self.link(&format!("{}{BROWSE}/", self.site.settings.prefix(lang)));
        view::Link::new(self.engine.locale(lang).text("list.browse"), Some(url))
    }

    pub(super) fn facet_link(&self, lang: &str, facet: &Facet) -> view::Link {
        let url =
            format!("{}{}", self.site.settings.prefix(lang), plan::facet_url(&facet.field, None));
        view::Link::new(facet.label.clone(), Some(self.link(&url)))
    }

    /// The first values of a facet, and the way to all of them.
    pub(super) fn facet_view(&self, lang: &str, facet: &Facet, limit: usize) -> view::Facet {
        view::Facet {
            name: facet.field.clone(),
            label: facet.label.clone(),
            values: facet
                .values
                .iter()
                .take(limit)
                .map(|value| self.facet_value(lang, &facet.field, value))
                .collect(),
            total: facet.values.len(),
            all_url: if facet.values.len() > limit {
                self.facet_link(lang, facet).url
            } else {
                None
            },
        }
    }

    pub(super) fn facet_value(
        &self,
        lang: &str,
        field: &str,
        value: &FacetValue,
    ) -> view::FacetValue {
        view::FacetValue {
            id: value.id.clone(),
            label: self.value_label(lang, field, value).to_owned(),
            count: value.entries.len(),
            url: self.facet_page(lang, field, &value.id).unwrap_or_default(),
            depth: value.depth,
            current: false,
        }
    }

    fn description(&self, facet: &str, id: &str, lang: &str) -> Option<String> {
        let default = self.site.settings.default_language();
        let mut facets = self.site.schema.types.values().flat_map(|entry_type| entry_type.facets());
        let field = facets.find(|of| of.name() == facet)?.field();
        let FieldKind::Term(vocabulary) = &field.item().kind else { return None };
        let term = self.site.schema.vocabularies.get(vocabulary)?.terms.get(id)?;
        Some(term.description.get(lang, default).to_owned()).filter(|text| !text.is_empty())
    }
}

/// What entries have in common, if there are several to choose from.
fn only(entries: &[usize], facet: &str, value: &str) -> Option<view::Choice> {
    let choice = || view::Choice { facet: facet.to_owned(), value: value.to_owned() };
    (entries.len() > 1).then(choice)
}

/// The first page, the last, and those within two of this one.
fn page_links(number: usize, pages: usize, url: &dyn Fn(usize) -> String) -> Vec<view::PageLink> {
    let mut out: Vec<view::PageLink> = Vec::new();
    let mut last = 0;
    let near = number.saturating_sub(2).max(1)..=(number + 2).min(pages);
    for shown in std::iter::once(1).chain(near).chain([pages]).filter(|shown| *shown <= pages) {
        if shown <= last {
            continue;
        }
        if shown > last + 1 {
            out.push(view::PageLink::default());
        }
        out.push(view::PageLink {
            page: Some(shown),
            url: Some(url(shown)),
            current: shown == number,
        });
        last = shown;
    }
    out
}

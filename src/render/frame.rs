//! What every page has around it: the site as one page sees it, and its head.

use super::plan::{self, Page, PageKind};
use super::{Renderer, values, view};
use crate::config::{Link, LinkTarget, Settings, Site};
use crate::diagnostic::{Diagnostic, Diagnostics, Level, codes};
use crate::model::Model;
use crate::schema::data;
use std::collections::BTreeMap;

/// The parts of the frame that are the same on all pages of a language.
pub(super) fn sites(
    site: &Site,
    model: &Model,
    pages: &[Page],
    found: &mut Diagnostics,
) -> BTreeMap<String, view::Site> {
    let languages = site.settings.languages.iter();
    languages.map(|lang| (lang.clone(), of_language(site, model, lang, pages, found))).collect()
}

fn of_language(
    site: &Site,
    model: &Model,
    lang: &str,
    pages: &[Page],
    found: &mut Diagnostics,
) -> view::Site {
    let settings = &site.settings;
    let default = settings.default_language();
    let text = |text: &crate::schema::Localised| {
        Some(text.get(lang, default).to_owned()).filter(|text| !text.is_empty())
    };
    let foreign = |text: &crate::schema::Localised| text.foreign(lang, default).map(str::to_owned);
    let mut links = Links { site, model, lang, pages, found };
    view::Site {
        title: settings.title.get(lang, default).to_owned(),
        title_lang: foreign(&settings.title),
        description: text(&settings.description),
        description_lang: foreign(&settings.description),
        lang: lang.to_owned(),
        url: settings.base_url.absolute(""),
        base_path: settings.base_url.path().to_owned(),
        home_url: settings.base_url.link(&settings.prefix(lang)),
        logo: None,
        search_url: settings
            .search
            .then(|| settings.base_url.link(&format!("{}search/", settings.prefix(lang)))),
        search_pack: settings.search.then(|| settings.base_url.link(super::SEARCH_PACK)),
        opensearch_url: None,
        manifest_url: None,
        languages: Vec::new(),
        navigation: settings.navigation.iter().map(|link| links.nav(link)).collect(),
        footer: view::Footer {
            mission: text(&settings.mission),
            mission_lang: foreign(&settings.mission),
            columns: settings
                .footer
                .iter()
                .map(|column| view::FooterColumn {
                    title: column.title.get(lang, default).to_owned(),
                    lang: foreign(&column.title),
                    links: column.links.iter().map(|link| links.plain(link)).collect(),
                })
                .collect(),
        },
        funding: settings.funding.as_ref().map(|funding| view::Funding {
            programme: text(&funding.programme),
            grant: funding.grant.clone(),
            emblem: funding.emblem.clone(),
            statement: text(&funding.statement),
            disclaimer: text(&funding.disclaimer),
        }),
        licence: settings.licence.as_deref().map(|id| {
            let named = values::licence(id);
            view::Licence { id: named.id, label: named.label, url: named.url }
        }),
        publisher: settings.publisher.as_ref().map(|publisher| view::Publisher {
            name: publisher.name.get(lang, default).to_owned(),
            url: publisher.url.clone(),
            email: publisher.email.clone(),
        }),
        contact: contact(settings, &mut links),
        generator: format!("Exempla {}", env!("CARGO_PKG_VERSION")),
    }
}

/// The site's contact page, else the mailbox or the address of who publishes it.
fn contact(settings: &Settings, links: &mut Links<'_>) -> Option<view::Link> {
    let page = settings.contact.as_ref().map(|link| links.plain(link));
    page.filter(|link| link.url.is_some()).or_else(|| {
        let publisher = settings.publisher.as_ref()?;
        let mailbox = publisher.email.as_ref().map(|mail| (mail, format!("mailto:{mail}")));
        let (label, url) = mailbox.or_else(|| {
            let url = publisher.url.as_ref()?;
            Some((url, url.clone()))
        })?;
        Some(view::Link::new(label, Some(url)))
    })
}

/// Links of the configuration, found in the model.
struct Links<'a> {
    site: &'a Site,
    model: &'a Model,
    lang: &'a str,
    pages: &'a [Page],
    found: &'a mut Diagnostics,
}

impl Links<'_> {
    fn nav(&mut self, link: &Link) -> view::NavItem {
        let view::Link { label, lang, url } = self.plain(link);
        let children = link.children.iter().map(|child| self.nav(child)).collect();
        view::NavItem { label, lang, url, current: false, children }
    }

    /// A link's words and address. Words that are not given are the title of its target.
    fn plain(&mut self, link: &Link) -> view::Link {
        let settings = &self.site.settings;
        let default = settings.default_language();
        let given = view::Link {
            label: link.label.get(self.lang, default).to_owned(),
            lang: link.label.foreign(self.lang, default).map(str::to_owned),
            url: None,
        };
        let or = |title: &str, lang: Option<&str>| match given.label.is_empty() {
            true => view::Link { label: title.into(), lang: lang.map(str::to_owned), url: None },
            false => given.clone(),
        };
        let to = |link: view::Link, url: String| view::Link { url: Some(url), ..link };
        match &link.target {
            LinkTarget::None => given,
            LinkTarget::Url(url) if url.starts_with('/') => {
                to(or(url, None), settings.base_url.link(&self.translated(url)))
            }
            LinkTarget::Url(url) => to(or(url, None), url.clone()),
            LinkTarget::Type(id) => {
                let entry_type = &self.site.schema.types[id.as_str()];
                let url = format!("{}{}", settings.prefix(self.lang), plan::list_url(entry_type));
                let plural = &entry_type.plural;
                let link_to =
                    or(plural.get(self.lang, default), plural.foreign(self.lang, default));
                if self.pages.binary_search_by(|page| page.url.as_str().cmp(&url)).is_err() {
                    let message =
                        format!("the type `{id}` has no list to link to in `{}`", self.lang);
                    let mut found = Diagnostic::new(&codes::MODEL_DANGLING_LINK, message)
                        .at(self.site.layers.place(&link.span))
                        .help("it comes back with the first published entry of this type");
                    found.level = Level::Info;
                    self.found.push(found);
                    return link_to;
                }
                to(link_to, settings.base_url.link(&url))
            }
            LinkTarget::Entry(word) => {
                if let Some(entry) = self.model.find(word, self.lang) {
                    let lang = Some(entry.lang.as_str()).filter(|lang| *lang != self.lang);
                    return to(or(&entry.title, lang), settings.base_url.link(&entry.url));
                }
                let (code, message, help) = match self.model.is_absent(word) {
                    true => (
                        &codes::MODEL_UNPUBLISHED_REFERENCE,
                        format!("`{word}` is not published, so it is left out here"),
                        "publish that entry, or take the link out".to_owned(),
                    ),
                    false => (
                        &codes::CONFIG_INVALID,
                        format!("there is no entry `{word}` to link to"),
                        match self.model.near(word) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => "write the id of an entry: its path in the content folder, without .md".to_owned(),
                        },
                    ),
                };
                let place = self.site.layers.place(&link.span);
                self.found.push(Diagnostic::new(code, message).at(place).help(help));
                given
            }
        }
    }

    /// A path within the site in the page's language, where that page has a translation.
    fn translated(&self, url: &str) -> String {
        let cut = url.find(['?', '#']).unwrap_or(url.len());
        let (path, rest) = url.split_at(cut);
        let path = path.trim_start_matches('/');
        let prefix = self.site.settings.prefix(self.lang);
        let entry = self.model.entries.iter().find(|entry| entry.url == path);
        let own = entry.and_then(|entry| self.model.find(&entry.id, self.lang));
        let same = format!("{prefix}{path}");
        let is_page =
            |url: &str| self.pages.binary_search_by(|page| page.url.as_str().cmp(url)).is_ok();
        let found = match own {
            Some(entry) => entry.url.clone(),
            None if is_page(&same) => same,
            None => path.to_owned(),
        };
        format!("{found}{rest}")
    }
}

impl Renderer {
    /// The site as one page sees it: where it stands in the menu, and its other languages.
    pub(super) fn site_view(&self, page: &Page, alternates: &[(String, String)]) -> view::Site {
        let mut site = self.frames.get(&page.lang).cloned().unwrap_or_default();
        let here = self.link(&page.url);
        for item in &mut site.navigation {
            mark_current(item, &here);
        }
        let languages = &self.site.settings.languages;
        if languages.len() > 1 {
            site.languages = languages
                .iter()
                .map(|lang| {
                    let same = alternates.iter().find(|(known, _)| known == lang);
                    let (url, instead) = match same {
                        Some((_, url)) => (self.link(url), None),
                        None => self.instead(page, lang),
                    };
                    view::LanguageLink {
                        code: lang.clone(),
                        name: data::endonym(lang).to_owned(),
                        url,
                        instead,
                        current: *lang == page.lang,
                    }
                })
                .collect();
        }
        site
    }

    /// What a language has nearest to a page that it lacks: the list that the page is in,
    /// else its home; and words that say so, if there is a page to be translated.
    fn instead(&self, page: &Page, lang: &str) -> (String, Option<String>) {
        let facet = |field: &str| self.model.facets.get(lang)?.get(field);
        let listed = |kind: &str| {
            let of = self.type_view(&self.site.schema.types[kind], lang);
            Some((of.plural, of.url?))
        };
        let near = match &page.kind {
            PageKind::Entry(at) => listed(&self.model.entries[*at].kind),
            PageKind::List(kind, _) => listed(kind),
            PageKind::Term(field, ..) => facet(field).and_then(|facet| {
                let link = self.facet_link(lang, facet);
                Some((link.label, link.url?))
            }),
            _ => None,
        };
        let locale = self.engine.locale(lang);
        let (title, url) = near.unwrap_or_else(|| {
            let home = self.link(&self.site.settings.prefix(lang));
            (locale.text("nav.home").to_owned(), home)
        });
        let is_made = !matches!(page.kind, PageKind::NotFound | PageKind::Redirect(_));
        (url, is_made.then(|| locale.text("nav.instead").replace("{title}", &title)))
    }

    /// The head of a page. `trail` leads from home to the page, both left out.
    pub(super) fn page_view(&self, page: &Page, head: Head, trail: Vec<view::Link>) -> view::Page {
        let settings: &Settings = &self.site.settings;
        let home = view::Link::new(
            self.engine.locale(&page.lang).text("nav.home").to_owned(),
            Some(self.link(&settings.prefix(&page.lang))),
        );
        let here = view::Link::new(head.title.clone(), None);
        let breadcrumbs = match head.kind {
            "home" | "404" | "redirect" => Vec::new(),
            _ => std::iter::once(home).chain(trail).chain([here]).collect(),
        };
        view::Page {
            kind: head.kind.to_owned(),
            template: head.template,
            url: self.link(&page.url),
            canonical: settings.base_url.absolute(&page.url),
            title: head.title,
            description: head.description,
            lang: page.lang.clone(),
            dir: direction(&page.lang).to_owned(),
            breadcrumbs,
            alternates: if head.alternates.len() > 1 {
                self.alternates(&head.alternates)
            } else {
                Vec::new()
            },
            feeds: Vec::new(),
            image: None,
            json_ld: None,
            meta: Vec::new(),
            noindex: matches!(page.kind, PageKind::NotFound | PageKind::Redirect(_)),
        }
    }

    fn alternates(&self, pages: &[(String, String)]) -> Vec<view::Alternate> {
        let alternate = |(lang, url): &(String, String)| view::Alternate {
            lang: lang.clone(),
            name: data::endonym(lang).to_owned(),
            url: self.site.settings.base_url.absolute(url),
        };
        pages.iter().map(alternate).collect()
    }

    /// The link to a file that an entry uses.
    pub(super) fn file_link(&self, url: &str) -> String {
        encode_output(&self.site.settings.base_url.link(url))
    }

    /// The link to a page of the site.
    pub fn link(&self, url: &str) -> String {
        encode(&self.site.settings.base_url.link(url))
    }
}

/// What a page says about itself.
pub(super) struct Head {
    pub kind: &'static str,
    pub template: String,
    pub title: String,
    pub description: Option<String>,
    /// The same page in the site's languages, its own included: language, page path.
    pub alternates: Vec<(String, String)>,
}

/// `ltr` or `rtl`.
pub(super) fn direction(lang: &str) -> &'static str {
    if data::is_right_to_left(lang) { "rtl" } else { "ltr" }
}

fn mark_current(item: &mut view::NavItem, here: &str) {
    item.current = item.url.as_deref() == Some(here);
    for child in &mut item.children {
        mark_current(child, here);
    }
}

/// A path with what a URL cannot carry as `%…`; letters of every script stay
/// readable, since HTML is UTF-8 and browsers encode them alike.
pub(super) fn encode(path: &str) -> String {
    encode_but(path, "/-._~!$&'()*+,;=:@%#?")
}

/// The path of an output, in which `%`, `#` and `?` are letters of a name.
pub(super) fn encode_output(path: &str) -> String {
    encode_but(path, "/-._~!$&'()*+,;=:@")
}

fn encode_but(path: &str, kept: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || kept.contains(c) || !c.is_ascii();
    if path.chars().all(|c| plain(c) && !c.is_whitespace()) {
        return path.to_owned();
    }
    let mut out = String::with_capacity(path.len() + 8);
    for c in path.chars() {
        if plain(c) && !c.is_whitespace() {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            out.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    out
}

//! The renderer: a model and a theme, ready to make any page on its own.
//!
//! What several pages share (menus, declared lists, the order of each list) is
//! computed once, so that a page costs what it shows and not what the site holds.

use super::cards::Cards;
use super::components::Components;
use super::declared::{self, ComputedList};
use super::engine::ROOM;
use super::frame::{self, Head};
use super::narrowing::{self, Shares};
use super::plan::{self, Page, PageKind};
use super::{Assets, Engine, Locale, ThemeSet, view};
use crate::config::Site;
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::markdown::Body;
use crate::model::{Asset, Facet, Model, PartialDate};
use crate::pictures::{self, Known};
use indexmap::IndexMap;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};

/// The folder of the theme's static files in the output.
pub(super) const ASSETS: &str = "assets/";

/// Makes pages of a model, which it owns: what leaves entries out gives it back first
/// ([`Renderer::into_model`]).
pub struct Renderer {
    pub(super) site: Arc<Site>,
    pub(super) model: Model,
    pub(super) engine: Arc<Engine>,
    /// Those that texts may call.
    pub(super) components: Components,
    /// By file and place of the call: what went wrong while components were written.
    pub(super) failures: Mutex<BTreeMap<(String, usize), Diagnostic>>,
    pub(super) today: PartialDate,
    /// By language.
    pub(super) frames: BTreeMap<String, view::Site>,
    /// By language and name.
    pub(super) lists: BTreeMap<(String, String), ComputedList>,
    /// By language and type: the entries of its list, in order.
    pub(super) of_type: BTreeMap<(String, String), Vec<usize>>,
    /// By language and field.
    pub(super) shares: BTreeMap<String, BTreeMap<String, Shares>>,
    /// By language and type: the facets beside its list.
    pub(super) narrowing: BTreeMap<(String, String), Vec<view::Facet>>,
    /// By language and type: those that have a list page.
    pub(super) listed: BTreeSet<(String, String)>,
    /// By language, field and value: the last part of the value's address.
    pub(super) facet_slugs: BTreeMap<String, BTreeMap<String, HashMap<String, String>>>,
    pub(super) cards: Cards,
    /// The content paths of the files of entries, by output path.
    addresses: HashMap<String, String>,
    assets: Arc<Assets>,
    /// The output paths of all other files.
    files: HashSet<String>,
    pub(super) pages: Vec<Page>,
    /// Whether the pages of values may come and go without a collision.
    pub(super) apart: bool,
    copies: OnceLock<Arc<dyn Copies>>,
}

/// Knows which smaller copies of a picture there are.
pub trait Copies: Send + Sync {
    /// The copies of the picture at a content path that pages may offer, narrowest first.
    fn of(&self, path: &str, asset: &Asset, settings: &pictures::Settings) -> Vec<Known>;
}

/// The copies of pictures that are published, by content path.
pub type Pictures = BTreeMap<String, Vec<Known>>;

impl Copies for Pictures {
    fn of(&self, path: &str, _: &Asset, _: &pictures::Settings) -> Vec<Known> {
        self.get(path).cloned().unwrap_or_default()
    }
}

impl Renderer {
    /// Prepares everything that pages share, and plans the pages.
    pub fn new(
        site: Arc<Site>,
        themes: &ThemeSet,
        model: Model,
        today: PartialDate,
    ) -> (Self, Diagnostics) {
        let mut found = Diagnostics::default();
        let ThemeSet { engine, assets } = themes.clone();
        let files = model
            .assets
            .values()
            .map(|asset| (asset.url.clone(), Some(Place::file(asset.source.file.clone()))));
        let static_files = assets.files.keys().map(|path| (format!("{ASSETS}{path}"), None));
        let files: Vec<(String, Option<Place>)> = files.chain(static_files).collect();
        let ((pages, collisions), (lists, of_type)) = rayon::join(
            || plan::plan(&site, &model, &files),
            || (declared_lists(&site, &model), of_type(&site, &model)),
        );
        let paths = files.iter().map(|(path, _)| path.as_str());
        let apart = collisions.is_empty() && plan::keeps_apart(&site, &pages, paths);
        found.append(collisions);
        let addresses =
            model.assets.iter().map(|(path, asset)| (asset.url.clone(), path.clone())).collect();
        let mut renderer = Self {
            frames: frame::sites(&site, &model, &pages, &mut found),
            lists,
            of_type,
            listed: listed(&pages),
            facet_slugs: of_facets(&model, slugs_of),
            shares: of_facets(&model, |facet| narrowing::shares(&model, facet)),
            narrowing: BTreeMap::new(),
            cards: Cards::new(&site.settings.languages, model.entries.len()),
            site,
            model,
            components: Components::of(&engine),
            failures: Mutex::default(),
            engine,
            today,
            addresses,
            assets,
            files: files.into_iter().map(|(path, _)| path).collect(),
            pages,
            apart,
            copies: OnceLock::new(),
        };
        renderer.fit();
        (renderer, found)
    }

    /// The pages of the site, in the order of their addresses.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The page at an address, if it is planned.
    pub fn page(&self, url: &str) -> Option<&Page> {
        let at = self.pages.binary_search_by(|page| page.url.as_str().cmp(url)).ok()?;
        self.pages.get(at)
    }

    /// The site whose pages these are.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The model whose pages these are.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Puts a body in the place of an entry's, where [`Model::replace_body`] can.
    pub fn replace_body(&mut self, path: &str, body: &Arc<Body>) -> bool {
        self.failures = Mutex::default();
        self.model.replace_body(path, body)
    }

    /// Dresses the pages in other themes.
    pub fn dress(&mut self, themes: &ThemeSet) {
        ThemeSet { engine: self.engine, assets: self.assets } = themes.clone();
        self.components = Components::of(&self.engine);
        self.forget();
        self.fit();
    }

    /// Forgets what was made for pages, when it may be another now.
    pub fn forget(&mut self) {
        self.failures = Mutex::default();
        self.cards = Cards::new(&self.site.settings.languages, self.model.entries.len());
    }

    /// Computes what pages share and has to do with the theme.
    pub(super) fn fit(&mut self) {
        self.narrowing = self.narrowing();
        if let Some((suffix, _)) = &self.site.appearance.logo {
            let logo = self.asset(&format!("img/logo.{suffix}"));
            let logo = logo.map(|path| self.site.settings.base_url.link(&path));
            self.frames.values_mut().for_each(|frame| frame.logo.clone_from(&logo));
        }
    }

    /// Gives the model back, to be changed.
    pub fn into_model(self) -> Model {
        self.model
    }

    /// The UI texts and formats of a language.
    pub fn locale(&self, lang: &str) -> &Locale {
        self.engine.locale(lang)
    }

    /// What is the same on all pages of a language.
    pub fn frame(&self, lang: &str) -> Option<&view::Site> {
        self.frames.get(lang)
    }

    /// The output path of a static file, by its name in the theme.
    pub fn asset(&self, name: &str) -> Option<String> {
        Some(format!("{ASSETS}{}", self.assets.names.get(name)?))
    }

    /// The theme's static files: output path and bytes.
    pub fn static_files(&self) -> impl Iterator<Item = (String, &[u8])> {
        self.assets.files.iter().map(|(path, bytes)| (format!("{ASSETS}{path}"), bytes.as_slice()))
    }

    /// A static file of the theme, by its output path.
    pub fn static_file(&self, path: &str) -> Option<&[u8]> {
        self.assets.files.get(path.strip_prefix(ASSETS)?).map(Vec::as_slice)
    }

    /// A file of entries, by its output path.
    pub fn content_file(&self, path: &str) -> Option<&Asset> {
        self.model.assets.get(self.addresses.get(path)?)
    }

    /// The files of entries, by output path.
    pub fn content_files(&self) -> impl Iterator<Item = &Asset> {
        self.model.assets.values()
    }

    /// Says who knows which copies of pictures pages may offer; without it they offer
    /// none. Counts once, before the first page is made.
    pub fn set_copies(&self, copies: Arc<dyn Copies>) {
        let _ = self.copies.set(copies);
    }

    /// The copies of a picture that pages may offer, narrowest first.
    pub(super) fn copies(&self, path: &str, asset: &Asset) -> Vec<Known> {
        let settings = &self.site.settings.images;
        let copies = self.copies.get().filter(|_| asset.copied && !settings.widths.is_empty());
        copies.map(|copies| copies.of(path, asset, settings)).unwrap_or_default()
    }

    /// The copies of a picture and, if none is as wide, the picture itself, as
    /// HTML's `srcset` has it; `None` for a picture that has no copies.
    pub(super) fn srcset(&self, path: &str, asset: &Asset) -> Option<String> {
        let copies = self.copies(path, asset);
        if copies.is_empty() {
            return None;
        }
        let copy = |one: &Known| format!("{} {}w", self.file_link(&one.url(path)), one.width);
        let mut all: Vec<String> = copies.iter().map(copy).collect();
        let (width, _) = asset.pixels?;
        let widest = self.site.settings.images.widths.last();
        if copies.iter().all(|one| one.width != width) && widest.is_some_and(|most| width <= *most)
        {
            all.push(format!("{} {width}w", self.file_link(&asset.url)));
        }
        Some(all.join(", "))
    }

    /// The hash of all that a page is made from: its view, and what all pages share.
    pub fn fingerprint(&self, view: &view::PageView) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        // A view is plain data: writing it cannot fail. With the names of its parts,
        // of which some are left out; in one piece and first, for the hash takes large
        // pieces that begin at a round place many times as fast as small ones.
        let mut bytes = Vec::with_capacity(ROOM);
        let _ = rmp_serde::encode::write_named(&mut bytes, view);
        hasher.update(&bytes);
        hasher.update(&self.engine.fingerprint());
        *hasher.finalize().as_bytes()
    }

    /// Everything that the template of a page gets.
    pub fn view(&self, page: &Page) -> Result<view::PageView, Box<Diagnostic>> {
        Ok(match &page.kind {
            PageKind::Home => self.home_page(page),
            PageKind::List(id, number) => self.type_list(page, id, *number),
            PageKind::Entry(at) => self.entry_page(page, *at)?,
            PageKind::Browse => self.browse(page, None),
            PageKind::Facet(field) => self.browse(page, Some(field)),
            PageKind::Term(field, at, number) => self.term_list(page, field, *at, *number),
            PageKind::Search => self.search_page(page),
            PageKind::NotFound => self.not_found(page),
            PageKind::Redirect(at) => self.redirect(page, *at),
        })
    }

    /// Renders a page from its view.
    pub fn render(&self, page: &Page, view: &view::PageView) -> Result<String, Box<Diagnostic>> {
        self.engine.render_page(&page.lang, &view.page.template, view, &self.subject(page))
    }

    /// What a page is made from, for messages: an entry's file, else its address.
    fn subject(&self, page: &Page) -> String {
        match page.kind {
            PageKind::Entry(at) | PageKind::Redirect(at) => self.model.entries[at].file.to_string(),
            _ => format!("the page /{}", page.url),
        }
    }

    pub(super) fn has_page(&self, url: &str) -> bool {
        self.page(url).is_some()
    }

    pub(super) fn has_file(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    fn not_found(&self, page: &Page) -> view::PageView {
        let title = self.engine.locale(&page.lang).text("notfound.title").to_owned();
        let head = Head {
            kind: "404",
            template: "404".into(),
            title,
            description: None,
            alternates: Vec::new(),
        };
        view::PageView {
            site: self.site_view(page, &[]),
            page: self.page_view(page, head, Vec::new()),
            ..view::PageView::default()
        }
    }

    fn redirect(&self, page: &Page, at: usize) -> view::PageView {
        let entry = &self.model.entries[at];
        let head = Head {
            kind: "redirect",
            template: "redirect".into(),
            title: entry.title.clone(),
            description: None,
            alternates: Vec::new(),
        };
        let target = view::Page {
            canonical: self.site.settings.base_url.absolute(&entry.url),
            ..self.page_view(page, head, Vec::new())
        };
        view::PageView {
            site: self.site_view(page, &[]),
            page: target,
            ..view::PageView::default()
        }
    }
}

fn declared_lists(site: &Site, model: &Model) -> BTreeMap<(String, String), ComputedList> {
    let default = site.settings.default_language();
    let mut out = BTreeMap::new();
    for (lang, shown) in &model.shown {
        for (name, list) in &site.settings.lists {
            let computed = declared::compute(list, &model.entries, shown, lang, default);
            out.insert((lang.clone(), name.clone()), computed);
        }
    }
    out
}

fn of_type(site: &Site, model: &Model) -> BTreeMap<(String, String), Vec<usize>> {
    let mut out: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (lang, shown) in &model.shown {
        for at in shown {
            out.entry((lang.clone(), model.entries[*at].kind.clone())).or_default().push(*at);
        }
    }
    out.par_iter_mut().for_each(|((_, kind), list)| {
        declared::sort(list, &model.entries, &site.schema.types[kind.as_str()].sort);
    });
    out
}

fn listed(pages: &[Page]) -> BTreeSet<(String, String)> {
    let of = |page: &Page| match &page.kind {
        PageKind::List(id, 1) => Some((page.lang.clone(), id.clone())),
        _ => None,
    };
    pages.iter().filter_map(of).collect()
}

/// By value: the last part of its address.
pub(super) fn slugs_of(facet: &Facet) -> HashMap<String, String> {
    facet.values.iter().map(|value| (value.id.clone(), value.slug.clone())).collect()
}

/// Something of every facet, by language and field.
fn of_facets<T>(model: &Model, of: impl Fn(&Facet) -> T) -> BTreeMap<String, BTreeMap<String, T>> {
    let of_language = |facets: &IndexMap<String, Facet>| {
        facets.values().map(|facet| (facet.field.clone(), of(facet))).collect()
    };
    model.facets.iter().map(|(lang, facets)| (lang.clone(), of_language(facets))).collect()
}

//! A typed value into what a visitor may read of it.

use super::Renderer;
use super::frame;
use super::links::BodyLinks;
use super::plan;
use super::shown::{Cell, Column, File, Html, Image, Named, Shown};
use crate::markdown;
use crate::model::{Entry, FacetValue, FileSource, ImageValue, Value, slug};
use crate::schema::{Field, FieldKind, data};
use indexmap::IndexMap;

/// Shows the values of one entry, in the language of one page.
pub(super) struct Values<'a> {
    pub renderer: &'a Renderer,
    pub entry: &'a Entry,
    pub lang: &'a str,
}

impl Values<'_> {
    /// What a field's value shows; nothing when it only names entries that are not published.
    pub fn show(&self, field: &Field, value: &Value) -> Option<Shown> {
        self.show_in(&field.name, field, value)
    }

    /// The same for a value inside a field; `facet` is the name that its facet would have.
    fn show_in(&self, facet: &str, field: &Field, value: &Value) -> Option<Shown> {
        let named = |id: &str| self.named(facet, field, id);
        Some(match value {
            Value::Text(text) => Shown::Text(text.clone()),
            Value::Markdown(body) => {
                let links =
                    BodyLinks { renderer: self.renderer, entry: self.entry, lang: self.lang };
                Shown::Markdown(Html(body.to_html(&links)))
            }
            Value::Bool(flag) => Shown::Bool(*flag),
            Value::Integer(number) => Shown::Integer(number.to_string()),
            Value::Number(text) => Shown::Number(text.clone()),
            Value::Money { amount, currency } => {
                Shown::Money { amount: amount.clone(), currency: currency.clone() }
            }
            Value::Date(date) => Shown::Date(date.iso()),
            Value::Period { start, end } => {
                Shown::Period { start: start.iso(), end: end.map(|end| end.iso()) }
            }
            Value::Url(url) => Shown::Url { url: self.renderer.link_of_url(url), label: None },
            Value::Email(mail) => Shown::Email(mail.clone()),
            Value::Doi(doi) => Shown::Doi { doi: doi.clone(), url: doi_url(doi) },
            Value::Language(tag) => Shown::Language(named(tag)),
            Value::Country(code) => Shown::Country(named(code)),
            Value::Region(text) => Shown::Region(named(text)),
            Value::Licence(id) => Shown::Licence(licence(id)),
            Value::Geo { lat, lon } => Shown::Geo { lat: lat.clone(), lon: lon.clone() },
            Value::Image(image) => Shown::Image(self.image(image)?),
            Value::File { source, title } => Shown::File(self.file(source, title.as_deref())?),
            Value::Choice(id) => Shown::Choice(named(id)),
            Value::Term(id) => Shown::Term(named(id)),
            Value::Ref(reference) => self.reference(reference.target?),
            Value::List(items) => self.list(facet, field, items)?,
            Value::Table(cells) => Shown::Table(self.cells(facet, fields_of(field)?, cells)),
        })
    }

    /// A code with its label in the page's language, and its page if visitors browse by it.
    fn named(&self, facet: &str, field: &Field, id: &str) -> Named {
        let renderer = self.renderer;
        let site = &renderer.site;
        let default = site.settings.default_language();
        let label = crate::model::value_label(
            &site.schema,
            &field.item().kind,
            id,
            self.lang,
            default,
            &|_| None,
        );
        let key = match &field.item().kind {
            FieldKind::Text | FieldKind::Region => slug(id),
            _ => id.to_owned(),
        };
        Named { id: id.to_owned(), label, url: renderer.facet_page(self.lang, facet, &key) }
    }

    fn list(&self, facet: &str, field: &Field, items: &[Value]) -> Option<Shown> {
        if let FieldKind::Table(fields) = &field.item().kind {
            return self.records(facet, fields, items);
        }
        let shown: Vec<Shown> =
            items.iter().filter_map(|item| self.show_in(facet, field.item(), item)).collect();
        (!shown.is_empty()).then_some(Shown::List(shown))
    }

    /// Many tables with the same columns, without the columns that no row fills.
    fn records(
        &self,
        facet: &str,
        fields: &IndexMap<String, Field>,
        items: &[Value],
    ) -> Option<Shown> {
        let rows: Vec<Vec<Cell>> = items
            .iter()
            .filter_map(|item| match item {
                Value::Table(cells) => Some(self.cells(facet, fields, cells)),
                _ => None,
            })
            .filter(|row| !row.is_empty())
            .collect();
        let filled = |name: &str| rows.iter().flatten().find(|cell| cell.name == name);
        let columns: Vec<Column> = fields
            .keys()
            .filter_map(|name| filled(name))
            .map(|cell| Column {
                name: cell.name.clone(),
                label: cell.label.clone(),
                kind: cell.value.kind().into(),
            })
            .collect();
        let row = |mut cells: Vec<Cell>| {
            let mut take = |column: &Column| {
                let at = cells.iter().position(|cell| cell.name == column.name)?;
                Some(cells.swap_remove(at).value)
            };
            columns.iter().map(&mut take).collect()
        };
        let rows: Vec<Vec<Option<Shown>>> = rows.into_iter().map(row).collect();
        (!rows.is_empty()).then_some(Shown::Records { columns, rows })
    }

    fn cells(
        &self,
        facet: &str,
        fields: &IndexMap<String, Field>,
        cells: &[(String, Value)],
    ) -> Vec<Cell> {
        let default = self.renderer.site.settings.default_language();
        cells
            .iter()
            .filter_map(|(name, value)| {
                let field = fields.get(name)?;
                let label = field.label.get(self.lang, default).to_owned();
                Some(Cell {
                    name: name.clone(),
                    label,
                    value: self.show_in(&format!("{facet}-{name}"), field, value)?,
                })
            })
            .collect()
    }

    fn reference(&self, target: usize) -> Shown {
        let renderer = self.renderer;
        let entry = &renderer.model.entries[renderer.model.in_language(target, self.lang)];
        let entry_type = renderer.model.type_of(&renderer.site.schema, entry);
        let default = renderer.site.settings.default_language();
        Shown::Ref {
            url: renderer.link(&entry.url),
            title: entry.title.clone(),
            type_label: entry_type.label.get(self.lang, default).to_owned(),
            lang: (entry.lang != self.lang).then(|| entry.lang.clone()),
        }
    }

    /// An image with its published address; nothing when its host is not allowed.
    pub fn image(&self, image: &ImageValue) -> Option<Image> {
        let (src, pixels, srcset) = match &image.source {
            FileSource::Local(path) => {
                let asset = self.renderer.model.assets.get(path)?;
                let srcset = self.renderer.srcset(path, asset);
                (self.renderer.file_link(&asset.url), asset.pixels, srcset)
            }
            FileSource::Remote(url) => (self.renderer.allowed_image(url)?, None, None),
        };
        Some(Image {
            src,
            srcset,
            alt: image.alt.clone(),
            caption: image.caption.clone(),
            credit: image.credit.clone(),
            lang: None,
            width: pixels.map(|(width, _)| width),
            height: pixels.map(|(_, height)| height),
        })
    }

    /// A file to download, with its size and format.
    pub fn file(&self, source: &FileSource, title: Option<&str>) -> Option<File> {
        let (url, size, name) = match source {
            FileSource::Local(path) => {
                let asset = self.renderer.model.assets.get(path)?;
                (self.renderer.file_link(&asset.url), Some(asset.source.size), path.as_str())
            }
            FileSource::Remote(url) => (url.clone(), None, url.as_str()),
        };
        let name = name.split(['?', '#']).next().unwrap_or(name).rsplit('/').next().unwrap_or(name);
        let format = name.rsplit_once('.').map(|(_, extension)| extension.to_uppercase());
        Some(File {
            url,
            title: title.unwrap_or(name).to_owned(),
            lang: None,
            size,
            format: format.filter(|f| f.len() <= 5),
        })
    }
}

/// The fields of a table, or of a list's items' table.
fn fields_of(field: &Field) -> Option<&IndexMap<String, Field>> {
    match &field.item().kind {
        FieldKind::Table(fields) => Some(fields),
        _ => None,
    }
}

/// The resolver's address of a DOI, which may hold what ends a path elsewhere.
fn doi_url(doi: &str) -> String {
    let doi = doi.replace('%', "%25").replace('#', "%23").replace('?', "%3F");
    frame::encode(&format!("https://doi.org/{doi}"))
}

/// A licence with its name and text.
pub(super) fn licence(id: &str) -> Named {
    let known = data::licence(id).map(|(_, licence)| licence);
    Named {
        id: id.to_owned(),
        label: known.map_or_else(|| id.to_owned(), |licence| licence.name.clone()),
        url: known.map(|licence| licence.url.clone()),
    }
}

impl Renderer {
    /// The words of an entry's searched fields, by field, in its own language. A
    /// section's are those under its heading; the body has them too.
    pub fn searched_words(&self, entry: &Entry) -> Vec<(String, String)> {
        let values = Values { renderer: self, entry, lang: &entry.lang };
        let locale = self.engine.locale(&entry.lang);
        let entry_type = self.model.type_of(&self.site.schema, entry);
        let searched = || entry_type.fields.values().filter(|field| field.search.is_some());
        let mut words: Vec<(String, String)> = searched()
            .filter_map(|field| {
                let shown = values.show(field, entry.value(&field.name)?)?;
                Some((field.name.clone(), locale.plain(&shown)))
            })
            .collect();
        if searched().any(Field::is_section) {
            let sections = entry.sections(entry_type).into_iter();
            words.extend(
                sections
                    .filter(|(_, name)| searched().any(|field| field.name == *name))
                    .map(|(at, name)| (name.to_owned(), entry.body.section_text(at))),
            );
        }
        words
    }

    /// What visitors call a value of a facet in a language: a yes or a no by the theme's word.
    pub fn value_label<'a>(&'a self, lang: &str, facet: &str, value: &'a FacetValue) -> &'a str {
        let is_answer = || {
            let all = self.site.schema.types.values().flat_map(|of| of.facets());
            let mut own = all.filter(|field| field.name() == facet);
            own.all(|field| matches!(field.field().item().kind, FieldKind::Bool))
        };
        match &*value.id {
            "true" | "false" if is_answer() => self.engine.locale(lang).answer(value.id == "true"),
            _ => &value.label,
        }
    }

    /// The page of a facet's value in a language, if it has one.
    pub(super) fn facet_page(&self, lang: &str, field: &str, id: &str) -> Option<String> {
        let slug = self.facet_slugs.get(lang)?.get(field)?.get(id)?;
        let prefix = self.site.settings.prefix(lang);
        Some(self.link(&format!("{prefix}{}", plan::facet_url(field, Some(slug)))))
    }

    /// The link of an address in a url field: a path within the site gets the base's path.
    pub(super) fn link_of_url(&self, url: &str) -> String {
        if url.starts_with('/') { self.link(url) } else { url.to_owned() }
    }

    /// A remote image's address, if its host may be embedded.
    pub(super) fn allowed_image(&self, url: &str) -> Option<String> {
        let host = markdown::host(url);
        let allowed =
            self.site.settings.allow_hosts.iter().any(|known| known.eq_ignore_ascii_case(host));
        allowed.then(|| url.to_owned())
    }
}

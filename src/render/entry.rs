//! The view of an entry's own page.

use super::frame::{Head, direction, encode_output};
use super::links::BodyLinks;
use super::parts::contents;
use super::plan::{self, Page};
use super::shown::{File, Image};
use super::values::Values;
use super::{Renderer, view};
use crate::diagnostic::Diagnostic;
use crate::markdown;
use crate::model::{Entry, Origin, Stored, Value};
use crate::schema::{EntryType, Field, FieldKind};
use indexmap::IndexMap;

/// Fields that have a place of their own in the view.
const PLACED: &[&str] =
    &["title", "summary", "image", "tags", "attachments", "date", "updated", "status"];

/// The field in which every entry may say whom to ask.
const CONTACT: &str = "contact";

impl Renderer {
    /// Everything the template of an entry gets.
    pub(super) fn entry_page(
        &self,
        page: &Page,
        at: usize,
    ) -> Result<view::PageView, Box<Diagnostic>> {
        let entry = &self.model.entries[at];
        let entry_type = self.model.type_of(&self.site.schema, entry);
        let mut alternates: Vec<(String, String)> = self
            .model
            .translations(entry)
            .map(|other| (other.lang.clone(), other.url.clone()))
            .collect();
        alternates.push((entry.lang.clone(), entry.url.clone()));
        let place =
            |lang: &str| self.site.settings.languages.iter().position(|known| known == lang);
        alternates.sort_by_key(|(lang, _)| place(lang));
        let template = match self.engine.has_template(&entry_type.template) {
            true => entry_type.template.clone(),
            false => "entry".to_owned(),
        };
        let head = Head {
            kind: if entry_type.template == "static-page" { "static-page" } else { "entry" },
            template,
            title: entry.title.clone(),
            description: entry.summary.clone(),
            alternates: alternates.clone(),
        };
        let view = self.entry_view(entry, entry_type, at)?;
        let trail = match &view.kind.url {
            Some(url) => {
                vec![view::Link::new(view.kind.plural.clone(), Some(url.clone()))]
            }
            None => Vec::new(),
        };
        let mut page_view = self.page_view(page, head, trail);
        page_view.image = view.image.as_ref().map(|image| self.preview(entry, image));
        Ok(view::PageView {
            site: self.site_view(page, &alternates),
            page: page_view,
            lists: self.lists_for(&entry_type.lists, &entry.lang, Some(at)),
            entry: Some(view),
            ..view::PageView::default()
        })
    }

    fn entry_view(
        &self,
        entry: &Entry,
        entry_type: &EntryType,
        at: usize,
    ) -> Result<view::Entry, Box<Diagnostic>> {
        let lang = entry.lang.as_str();
        let values = Values { renderer: self, entry, lang };
        let links = BodyLinks { renderer: self, entry, lang };
        let date = |field: &str| entry.date(field).map(|date| date.iso());
        let (score, of) = entry.completeness;
        Ok(view::Entry {
            id: entry.id.clone(),
            kind: self.type_view(entry_type, lang),
            url: self.link(&entry.url),
            title: entry.title.clone(),
            summary: entry.summary.clone(),
            lang: lang.to_owned(),
            dir: direction(lang).to_owned(),
            body: entry.body.to_html(&links),
            parts: self.parts(entry, entry_type, &links),
            toc: contents(entry.body.headings()),
            fields: self.fields(entry, entry_type, &values)?,
            status: entry.status().to_owned(),
            date: date("date"),
            updated: date("updated"),
            outdated: self.model.changed_original(entry).map(|original| view::Original {
                title: original.title.clone(),
                url: self.link(&original.url),
                lang: original.lang.clone(),
                dir: direction(&original.lang).to_owned(),
            }),
            overdue: entry
                .date("review_by")
                .is_some_and(|by| by.last_day() < self.today.first_day()),
            over: entry_type.schema_org.as_deref() == Some("Event")
                && entry
                    .date("end")
                    .or_else(|| entry.date("start"))
                    .is_some_and(|day| day.last_day() < self.today.first_day()),
            completeness: Some(view::Completeness { score, of }),
            relations: self.relations(entry, entry_type, at),
            related: self
                .model
                .related(at)
                .into_iter()
                .map(|other| self.card(other, lang))
                .collect(),
            tags: self.tags(entry),
            attachments: self.attachments(entry, &values),
            image: self.main_image(entry, &values),
            edit_url: self.edit_url(entry),
            source_path: entry.file.to_string(),
            cite: None,
            lead: self.lead(entry, lang)?,
        })
    }

    /// Where to suggest an edit of an entry: of its own file, a translation's too.
    fn edit_url(&self, entry: &Entry) -> Option<String> {
        let pattern = self.site.settings.edit_url.as_ref()?;
        let path = entry.file.trim_start_matches("./");
        let url = pattern.replace("{path}", &encode_output(path));
        Some(url.replace("{file}", &encode_output(&entry.location.path)))
    }

    /// A type as visitors of a language see it.
    pub(super) fn type_view(&self, entry_type: &EntryType, lang: &str) -> view::EntryType {
        let default = self.site.settings.default_language();
        let listed =
            entry_type.list && self.listed.contains(&(lang.to_owned(), entry_type.id.clone()));
        let url = || {
            self.link(&format!("{}{}", self.site.settings.prefix(lang), plan::list_url(entry_type)))
        };
        view::EntryType {
            id: entry_type.id.clone(),
            label: entry_type.label.get(lang, default).to_owned(),
            plural: entry_type.plural.get(lang, default).to_owned(),
            url: listed.then(url),
        }
    }

    fn fields(
        &self,
        entry: &Entry,
        entry_type: &EntryType,
        values: &Values<'_>,
    ) -> Result<IndexMap<String, view::Field>, Box<Diagnostic>> {
        let mut out = IndexMap::new();
        for name in entry.values.keys().filter(|name| !PLACED.contains(&name.as_str())) {
            if let Some(field) = self.field(entry, entry_type, name, values)? {
                out.insert(name.clone(), field);
            }
        }
        Ok(out)
    }

    fn field(
        &self,
        entry: &Entry,
        entry_type: &EntryType,
        name: &str,
        values: &Values<'_>,
    ) -> Result<Option<view::Field>, Box<Diagnostic>> {
        let declared = entry_type.fields.get(name).zip(entry.values.get(name));
        let Some((field, stored)) = declared else { return Ok(None) };
        let Some(shown) = values.show(field, &stored.value) else { return Ok(None) };
        let default = self.site.settings.default_language();
        let help = field.help.get(values.lang, default);
        let mut piece = self.engine.show(values.lang, &shown, &entry.file)?;
        if let Some(lang) = other_language(entry, stored, values.lang) {
            piece.html = in_language(&lang, &piece.html);
        }
        Ok(Some(view::Field {
            name: name.to_owned(),
            label: field.label.get(values.lang, default).to_owned(),
            help: Some(help.to_owned()).filter(|help| !help.is_empty()),
            wide: shown.wide(),
            relation: matches!(field.item().kind, FieldKind::Ref { .. }),
            piece,
        }))
    }

    /// The organisation to ask about an entry that names no contact.
    fn lead(&self, entry: &Entry, lang: &str) -> Result<Option<view::Lead>, Box<Diagnostic>> {
        let lead = leading(entry).filter(|_| !entry.values.contains_key(CONTACT));
        let Some(at) = lead else { return Ok(None) };
        let organisation = &self.model.entries[self.model.in_language(at, lang)];
        let entry_type = self.model.type_of(&self.site.schema, organisation);
        let values = Values { renderer: self, entry: organisation, lang };
        let contact = self.field(organisation, entry_type, CONTACT, &values)?;
        Ok(contact.map(|contact| view::Lead {
            organisation: view::Link::new(
                organisation.title.clone(),
                Some(self.link(&organisation.url)),
            ),
            contact,
        }))
    }

    /// The entries at the other ends of an entry's references, in both directions.
    fn relations(&self, entry: &Entry, entry_type: &EntryType, at: usize) -> Vec<view::Relation> {
        let default = self.site.settings.default_language();
        let lang = entry.lang.as_str();
        // Both directions of one kind of link stand under one heading.
        let mut groups: IndexMap<String, (String, Vec<usize>)> = IndexMap::new();
        let mut add = |name: &str, label: &str, target: usize| {
            let target = self.model.in_language(target, lang);
            let (_, targets) =
                groups.entry(name.to_owned()).or_insert_with(|| (label.to_owned(), Vec::new()));
            if !targets.contains(&target) && target != at {
                targets.push(target);
            }
        };
        for (name, stored) in &*entry.values {
            let Some(field) = entry_type.fields.get(name) else { continue };
            if matches!(field.item().kind, FieldKind::Ref { .. }) {
                let targets = stored.value.items().filter_map(|item| match item {
                    Value::Ref(reference) => reference.target,
                    _ => None,
                });
                targets.for_each(|target| add(name, field.label.get(lang, default), target));
            }
        }
        for incoming in &self.model.incoming[at] {
            let from = &self.model.entries[incoming.from];
            let field = self.model.type_of(&self.site.schema, from).fields.get(&incoming.field);
            let label = field.and_then(|field| inverse_label(field, lang, default));
            let label = label.unwrap_or_else(|| incoming.inverse.replace(['_', '-'], " "));
            // Every translation of an entry may refer; one of them stands here.
            let target = self.model.in_language(incoming.from, lang);
            add(&incoming.inverse, &label, target);
        }
        groups
            .into_iter()
            .filter(|(_, (_, targets))| !targets.is_empty())
            .map(|(name, (label, targets))| view::Relation {
                cards: targets.into_iter().map(|target| self.card(target, lang)).collect(),
                name,
                label,
            })
            .collect()
    }

    fn tags(&self, entry: &Entry) -> Vec<view::Tag> {
        let default = self.site.settings.default_language();
        let stored = entry.values.get("tags");
        let lang = stored.and_then(|stored| other_language(entry, stored, &entry.lang));
        let tag = |(id, label): (String, String)| view::Tag {
            label,
            lang: lang.clone(),
            url: self.facet_page(&entry.lang, "tags", &id),
        };
        entry.tags(&self.site.schema, &entry.lang, default).into_iter().map(tag).collect()
    }

    fn attachments(&self, entry: &Entry, values: &Values<'_>) -> Vec<File> {
        let Some(stored) = entry.values.get("attachments") else { return Vec::new() };
        let lang = other_language(entry, stored, values.lang);
        let file = |item: &Value| match item {
            Value::File { source, title } => {
                let file = values.file(source, title.as_deref())?;
                // A file without a title is called by its name.
                Some(File { lang: lang.clone().filter(|_| title.is_some()), ..file })
            }
            _ => None,
        };
        stored.value.items().filter_map(file).collect()
    }

    /// The image in the field `image`.
    pub(super) fn main_image(&self, entry: &Entry, values: &Values<'_>) -> Option<Image> {
        let stored = entry.values.get("image")?;
        let Value::Image(image) = &stored.value else { return None };
        let lang = other_language(entry, stored, values.lang);
        Some(Image { lang, ..values.image(image)? })
    }

    /// The picture for those who show a link to an entry's page: its own, or the
    /// widest copy that is not larger than they take where that is.
    fn preview(&self, entry: &Entry, image: &Image) -> view::Picture {
        const WIDEST: u32 = 2000;
        let own = view::Picture {
            url: self.absolute(&image.src),
            width: image.width,
            height: image.height,
        };
        let copy = || {
            let (width, height) = (image.width.filter(|width| *width > WIDEST)?, image.height?);
            let path = entry.value("image")?.local_file()?;
            let asset = self.model.assets.get(path)?;
            let copies = self.copies(path, asset);
            let copy = copies.iter().rfind(|copy| copy.width <= WIDEST)?;
            Some(view::Picture {
                url: self.absolute(&self.file_link(&copy.url(path))),
                width: Some(copy.width),
                height: u32::try_from(u64::from(height) * u64::from(copy.width) / u64::from(width))
                    .ok(),
            })
        };
        copy().unwrap_or(own)
    }

    /// The whole address of a link within the site.
    pub(super) fn absolute(&self, link: &str) -> String {
        if link.starts_with('/') {
            format!("{}{link}", self.site.settings.base_url.origin())
        } else {
            link.to_owned()
        }
    }
}

/// The organisation that leads what an entry tells: its `lead`, else the first of its
/// `organisations` that has this role.
fn leading(entry: &Entry) -> Option<usize> {
    let target = |value: &Value| match value {
        Value::Ref(reference) => reference.target,
        _ => None,
    };
    let lead = |row: &Value| {
        let Value::Table(cells) = row else { return None };
        let leads =
            cells.iter().any(|(_, cell)| matches!(cell, Value::Choice(role) if role == "lead"));
        cells.iter().filter(|_| leads).find_map(|(_, cell)| target(cell))
    };
    let named = || entry.value("organisations")?.items().find_map(lead);
    entry.value("lead").and_then(target).or_else(named)
}

/// The language of a value's words, if it is not that of the page.
fn other_language(entry: &Entry, stored: &Stored, page: &str) -> Option<String> {
    let original = entry.original.as_ref().filter(|_| stored.origin == Origin::Original);
    let lang = original.map_or(&entry.lang, |original| &original.lang);
    (lang != page && stored.value.has_words()).then(|| lang.clone())
}

/// What a component made, marked as being in another language than its page.
fn in_language(lang: &str, html: &str) -> String {
    let lang_text = markdown::escape(lang);
    format!("<div lang=\"{lang_text}\" dir=\"{}\">{html}</div>", direction(lang))
}

/// The label of a reference at its other end.
fn inverse_label(field: &Field, lang: &str, default: &str) -> Option<String> {
    let label = |field: &Field| match &field.item().kind {
        FieldKind::Ref { inverse_label, .. } if !inverse_label.is_empty() => {
            Some(inverse_label.get(lang, default).to_owned())
        }
        _ => None,
    };
    label(field).or_else(|| field.nested().find_map(label))
}

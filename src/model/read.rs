//! A source entry into a typed one: its type, its keys, its values.

use super::claim::Claims;
use super::scalar::{self, Refusal};
use super::sections::has_section;
use super::{Entry, FileSource, Files, Hidden, ImageValue, PartialDate, Reference, Stored, Value};
use super::{address, constraints, files};
use crate::config::Site;
use crate::content::SourceEntry;
use crate::diagnostic::{Diagnostic, Diagnostics, Level, Place, codes, nearest::nearest};
use crate::markdown::{self, Body};
use crate::raw::reader::suggest;
use crate::raw::{Node, Span, Table, Value as Raw};
use crate::schema::{EntryType, Field, FieldKind, Unknown};
use indexmap::IndexMap;
use rayon::prelude::*;

/// Reads source entries by the schema of a site.
pub(super) struct Reader<'s> {
    pub site: &'s Site,
    pub files: &'s Files,
    pub today: PartialDate,
}

/// Keys that the model itself reads; they are declared as fields so that a
/// schema can label them.
const BOOKKEEPING: &[&str] =
    &["id", "type", "lang", "slug", "draft", "private", "redirects", "title", "summary"];

impl Reader<'_> {
    /// Reads all entries, in parallel, in their order.
    pub fn read_all(&self, sources: Vec<SourceEntry>) -> (Vec<Entry>, Diagnostics) {
        let claims = Claims::new(&self.site.schema);
        let read: Vec<_> =
            sources.into_par_iter().map(|source| self.read(source, &claims)).collect();
        let mut entries = Vec::with_capacity(read.len());
        let mut found = Diagnostics::default();
        for (entry, findings) in read {
            entries.extend(entry);
            found.append(findings);
        }
        (entries, found)
    }

    fn read(&self, mut source: SourceEntry, claims: &Claims<'_>) -> (Option<Entry>, Diagnostics) {
        let mut found = Diagnostics::default();
        let Some(entry_type) = claims.claim(&source, &mut found) else { return (None, found) };
        let unknown = entry_type.unknown;
        let mut of = OneEntry { reader: self, source: &source, unknown, found };
        let mut values = of.values(entry_type);
        let title = match take_text(&mut values, "title") {
            Some(title) => Some(title),
            None => source.body.title().map(|heading| heading.text.clone()),
        };
        let mut of = OneEntry { reader: self, source: &source, unknown, found: of.found };
        constraints::check(&mut of, entry_type, &values, title.is_some());
        let address = of.address(entry_type, &mut values);
        let hidden = match of.doubtful(entry_type, &values) {
            true => Some(Hidden::Private),
            false => of.hidden(&mut values),
        };
        let OneEntry { found, .. } = of;
        // The template writes the title; a first heading that says it again goes.
        if source
            .body
            .title()
            .is_some_and(|h| title.as_ref().is_none_or(|title| same_words(&h.text, title)))
        {
            source.body.lift_title();
        }
        let entry = Entry {
            title: title.unwrap_or_else(|| source.location.name().replace(['-', '_'], " ")),
            summary: take_text(&mut values, "summary"),
            completeness: completeness(entry_type, &values, &source.body, &address.lang),
            kind: entry_type.id.clone(),
            id: address.id,
            lang: address.lang,
            url: address.url,
            redirects: address.redirects,
            file: source.file,
            location: source.location,
            body: source.body,
            hash: source.hash,
            hidden,
            values,
        };
        (Some(entry), found)
    }
}

/// The names of an entry.
struct Address {
    id: String,
    lang: String,
    url: String,
    redirects: Vec<String>,
}

/// One entry being read.
pub(super) struct OneEntry<'r> {
    pub reader: &'r Reader<'r>,
    pub source: &'r SourceEntry,
    /// What its type makes of keys that nobody declared.
    pub unknown: Unknown,
    pub found: Diagnostics,
}

impl OneEntry<'_> {
    /// Reports something about a range of the file.
    pub fn report(&mut self, refusal: Refusal, span: &Span) {
        let place = Place::span(self.source.file.clone(), span.clone());
        let found = Diagnostic::new(refusal.code, refusal.message).at(place);
        self.found.push(if refusal.help.is_empty() { found } else { found.help(refusal.help) });
    }

    /// The language that the file's place gives it, else the site's first.
    pub fn lang(&self) -> &str {
        let default = self.reader.site.settings.default_language();
        self.source.location.lang.as_deref().unwrap_or(default)
    }

    /// Reads every key by the field that it means, in the order of the schema;
    /// fields that are absent take their default.
    fn values(&mut self, entry_type: &EntryType) -> IndexMap<String, Stored> {
        let front: &Table = &self.source.front;
        let mut given: IndexMap<&str, &(crate::raw::Key, Node)> = IndexMap::new();
        for pair in &front.entries {
            let (key, _) = pair;
            match entry_type.field_of_key(&key.text) {
                None => self.unknown_key(entry_type, key),
                Some(field) => match given.get(field.name.as_str()) {
                    Some((first, _)) => {
                        let message = format!(
                            "`{}` and `{}` both mean the field `{}`",
                            first.text, key.text, field.name
                        );
                        let place = Place::span(self.source.file.clone(), key.span.clone());
                        let help = format!("`{}` counts; remove the other", first.text);
                        self.found.push(
                            Diagnostic::new(&codes::CONTENT_REPEATED_FIELD, message)
                                .at(place)
                                .help(help),
                        );
                    }
                    None => {
                        given.insert(&field.name, pair);
                    }
                },
            }
        }
        let mut values = IndexMap::new();
        for field in entry_type.fields.values().filter(|field| !field.is_section()) {
            let node = given
                .get(field.name.as_str())
                .map(|(_, node)| node)
                .filter(|node| !node.is_blank());
            let stored = match node {
                Some(node) => self
                    .value(field, node)
                    .map(|value| Stored { value, span: Some(node.span.clone()) }),
                None => field.default.as_ref().and_then(|node| {
                    self.value(field, node).map(|value| Stored { value, span: None })
                }),
            };
            if let Some(stored) = stored {
                values.insert(field.name.clone(), stored);
            }
        }
        values
    }

    fn unknown_key(&mut self, entry_type: &EntryType, key: &crate::raw::Key) {
        let message = format!("`{}` has no field `{}`", entry_type.id, key.text);
        let names =
            entry_type.fields.values().flat_map(|f| std::iter::once(&f.name).chain(&f.aliases));
        let help = match nearest(&key.text, names.map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`exempla schema {}` lists the fields it has", entry_type.id),
        };
        self.undeclared(key, message, help);
    }

    /// Reports every key of a table in front matter that means nothing there.
    fn only(&mut self, table: &Table, known: &[&str]) {
        for (key, _) in &table.entries {
            if !known.contains(&key.text.as_str()) {
                let message = format!("there is no `{}` here", key.text);
                self.undeclared(key, message, suggest(&key.text, known));
            }
        }
    }

    /// Reports a key that nobody declared, as its type wants it.
    fn undeclared(&mut self, key: &crate::raw::Key, message: String, help: String) {
        if self.unknown == Unknown::Keep {
            return;
        }
        let mut found = Diagnostic::new(&codes::CONTENT_UNKNOWN_FIELD, message)
            .at(Place::span(self.source.file.clone(), key.span.clone()))
            .help(help);
        if self.unknown == Unknown::Error {
            found.level = Level::Error;
        }
        self.found.push(found);
    }

    /// Reads a node as a field's value; reports and returns nothing if it is none.
    pub fn value(&mut self, field: &Field, node: &Node) -> Option<Value> {
        let result = match (&field.kind, &node.value) {
            (FieldKind::List(item), Raw::List(nodes)) => {
                let items = nodes.iter().filter(|node| !node.is_blank());
                return Some(Value::List(
                    items.filter_map(|node| self.value(item, node)).collect(),
                ));
            }
            // One value where several may stand is a list of one.
            (FieldKind::List(item), _) => return Some(Value::List(vec![self.value(item, node)?])),
            (FieldKind::Table(fields), Raw::Table(table)) => {
                return self.table(fields, table, node);
            }
            (FieldKind::Money, Raw::Table(table)) => {
                self.only(table, &["amount", "currency"]);
                let text = |key| table.get(key).and_then(Node::text).unwrap_or("");
                scalar::money_of(text("amount"), text("currency"))
            }
            (FieldKind::Period, Raw::Table(table)) => {
                self.only(table, &["start", "end"]);
                let text = |key| table.get(key).and_then(Node::text);
                scalar::period_of(
                    text("start").unwrap_or(""),
                    text("end").filter(|end| !end.trim().is_empty()),
                )
            }
            (FieldKind::Geo, Raw::Table(table)) => {
                self.only(table, &["lat", "lon", "latitude", "longitude"]);
                let text = |keys: [&str; 2]| {
                    keys.iter().find_map(|key| table.get(key)).and_then(Node::text).unwrap_or("")
                };
                scalar::geo(text(["lat", "latitude"]), text(["lon", "longitude"]))
            }
            (FieldKind::Geo, Raw::List(nodes)) => match nodes.as_slice() {
                [lat, lon] => scalar::geo(lat.text().unwrap_or(""), lon.text().unwrap_or("")),
                _ => scalar::geo("", ""),
            },
            (FieldKind::Image, _) => return self.image(node),
            (FieldKind::File, _) => return self.file(node),
            (FieldKind::Ref { .. }, Raw::Scalar(text)) => Ok(Value::Ref(Reference {
                text: text.trim().to_owned(),
                span: node.span.clone(),
                target: None,
            })),
            (FieldKind::Markdown, Raw::Scalar(text)) => return Some(self.markdown(text, node)),
            (kind, Raw::Scalar(text)) => scalar::read(kind, text, &self.reader.site.schema),
            (kind, _) => Err(Refusal {
                code: &codes::CONTENT_WRONG_TYPE,
                message: format!(
                    "`{}` needs {}, but this is {}",
                    field.name,
                    describe(kind),
                    node.kind()
                ),
                help: String::new(),
            }),
        };
        match result {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.report(refusal, &node.span);
                None
            }
        }
    }

    fn table(
        &mut self,
        fields: &IndexMap<String, Field>,
        table: &Table,
        node: &Node,
    ) -> Option<Value> {
        let keys = fields.values().flat_map(|f| std::iter::once(&f.name).chain(&f.aliases));
        let keys: Vec<&str> = keys.map(String::as_str).collect();
        self.only(table, &keys);
        let mut cells = Vec::new();
        for field in fields.values() {
            let keys = std::iter::once(&field.name).chain(&field.aliases);
            let given = keys.filter_map(|key| table.get(key)).find(|node| !node.is_blank());
            if let Some(inner) = given.or(field.default.as_ref())
                && let Some(value) = self.value(field, inner)
            {
                constraints::check_value(self, field, &value, &inner.span);
                cells.push((field.name.clone(), value));
            }
        }
        constraints::check_table(self, fields, &cells, &node.span);
        (!cells.is_empty()).then_some(Value::Table(cells))
    }

    fn markdown(&mut self, text: &str, node: &Node) -> Value {
        let settings = &self.reader.site.settings;
        let options = markdown::Options {
            html: settings.html,
            allow_hosts: settings.allow_hosts.clone(),
            ..markdown::Options::default()
        };
        // A folded or quoted text has no byte-for-byte place; its start is near enough.
        let (body, findings) = markdown::parse(text, &self.source.file, node.span.start, &options);
        self.found.extend(findings.into_iter().map(|mut found| {
            found.place = Some(Place::span(self.source.file.clone(), node.span.clone()));
            found
        }));
        Value::Markdown(Box::new(body))
    }

    fn image(&mut self, node: &Node) -> Option<Value> {
        if let Some(table) = node.table() {
            const KEYS: [&str; 8] =
                ["src", "alt", "caption", "credit", "file", "url", "image", "title"];
            self.only(table, &KEYS);
        }
        let part = |keys: &[&str]| match &node.value {
            Raw::Table(table) => {
                keys.iter().find_map(|key| table.get(key)).filter(|node| !node.is_blank())
            }
            _ => None,
        };
        let text =
            |keys: &[&str]| part(keys).and_then(Node::text).map(|text| text.trim().to_owned());
        let source =
            if node.text().is_some() { Some(node) } else { part(&["src", "file", "url", "image"]) };
        let Some(source) = source else {
            let message = "an image needs the name of its file".to_owned();
            let help = "write { src = \"photo.jpg\", alt = \"what the photo shows\" }".into();
            self.report(Refusal { code: &codes::CONTENT_WRONG_TYPE, message, help }, &node.span);
            return None;
        };
        if part(&["alt"]).is_none() {
            let message = "this image has no text alternative".to_owned();
            let help =
                "add `alt`: say in a sentence what the image shows to those who cannot see it"
                    .into();
            self.report(Refusal { code: &codes::CONTENT_MISSING_ALT, message, help }, &node.span);
        }
        Some(Value::Image(ImageValue {
            source: self.source_file(source)?,
            alt: text(&["alt"]).unwrap_or_default(),
            caption: text(&["caption", "title"]),
            credit: text(&["credit"]),
        }))
    }

    fn file(&mut self, node: &Node) -> Option<Value> {
        let table = node.table();
        if let Some(table) = table {
            self.only(table, &["src", "title", "file", "url", "label"]);
        }
        let source = match table {
            Some(table) => ["src", "file", "url"].iter().find_map(|key| table.get(key)),
            None => Some(node),
        };
        let Some(source) = source else {
            let message = "a file needs its name".to_owned();
            let help = "write its name, or { src = \"report.pdf\", title = \"The report\" }".into();
            self.report(Refusal { code: &codes::CONTENT_WRONG_TYPE, message, help }, &node.span);
            return None;
        };
        let title = table.and_then(|table| table.get("title").or_else(|| table.get("label")));
        let title = title.and_then(Node::text).map(str::to_owned);
        Some(Value::File { source: self.source_file(source)?, title })
    }

    fn source_file(&mut self, node: &Node) -> Option<FileSource> {
        let text = node.text().unwrap_or("").trim();
        let head = text.find([':', '/', '.']).map(|at| &text[at..]);
        let has_scheme = head.is_some_and(|rest| rest.starts_with(':'));
        let result = if has_scheme || text.starts_with("//") {
            scalar::url(text).map(FileSource::Remote)
        } else {
            files::locate(text, self.source.location.folder(), self.reader.files)
                .map(FileSource::Local)
        };
        match result {
            Ok(source) => Some(source),
            Err(refusal) => {
                self.report(refusal, &node.span);
                None
            }
        }
    }

    /// Id, language, page path and redirects.
    fn address(
        &mut self,
        entry_type: &EntryType,
        values: &mut IndexMap<String, Stored>,
    ) -> Address {
        let location = &self.source.location;
        let settings = &self.reader.site.settings;
        let date = values.get("date").and_then(|stored| match &stored.value {
            Value::Date(date) => Some(*date),
            _ => None,
        });
        let named = match values.shift_remove("lang").map(|stored| stored.value) {
            Some(Value::Language(tag)) => {
                settings.languages.iter().find(|lang| lang.eq_ignore_ascii_case(&tag)).cloned()
            }
            _ => None,
        };
        let lang = named
            .or_else(|| location.lang.clone())
            .unwrap_or_else(|| settings.default_language().to_owned());
        values.shift_remove("type");
        let id = self.safe_text(values, "id", true).unwrap_or_else(|| location.key.clone());
        let own = self.safe_text(values, "slug", false).map(|text| address::slug(&text));
        let mut own_slug =
            own.filter(|s| !s.is_empty()).unwrap_or_else(|| address::slug(location.name()));
        if own_slug.is_empty() && entry_type.url.contains("{slug}") {
            let message =
                "the name of this file has no letter or digit to make an address of".into();
            let help = "rename the file, or give the entry a `slug`".into();
            self.report(Refusal { code: &codes::CONTENT_UNSAFE_PATH, message, help }, &(0..0));
            own_slug = "unnamed".to_owned();
        }
        let prefix = settings.prefix(&lang);
        let url = if entry_type.id == super::claim::INDEX {
            // An introduction has no page of its own: it is part of the list's or home's.
            format!("{prefix}{}", location.key)
        } else {
            address::page_path(entry_type, location, &id, &own_slug, date, &prefix)
        };
        Address { redirects: self.redirects(values), id, lang, url }
    }

    /// A text that must not lead out of the site.
    fn safe_text(
        &mut self,
        values: &mut IndexMap<String, Stored>,
        field: &str,
        folders: bool,
    ) -> Option<String> {
        let stored = values.shift_remove(field)?;
        let text = stored.value.as_text()?.trim_matches('/').to_owned();
        let sound = if folders {
            text.split('/').all(address::is_safe_name)
        } else {
            address::is_safe_name(&text)
        };
        if !sound {
            let message = format!("`{}` cannot be the {field} of an entry", text.escape_debug());
            let help = "use letters, digits and hyphens".into();
            let span = stored.span.unwrap_or(0..0);
            self.report(Refusal { code: &codes::CONTENT_UNSAFE_PATH, message, help }, &span);
            return None;
        }
        Some(text)
    }

    fn redirects(&mut self, values: &mut IndexMap<String, Stored>) -> Vec<String> {
        let Some(stored) = values.shift_remove("redirects") else { return Vec::new() };
        let mut out = Vec::new();
        for text in stored.value.items().filter_map(Value::as_text) {
            match address::redirect(text) {
                Ok(path) => out.push(path),
                Err(message) => {
                    let help = "write a path within this site, such as /old/name/".into();
                    let span = stored.span.clone().unwrap_or(0..0);
                    self.report(
                        Refusal { code: &codes::CONTENT_UNSAFE_PATH, message, help },
                        &span,
                    );
                }
            }
        }
        out
    }

    /// Whether the entry says something on its publication that cannot be read.
    /// Findings may be turned off; what may be private is never published.
    fn doubtful(&self, entry_type: &EntryType, values: &IndexMap<String, Stored>) -> bool {
        let unread = |field| !values.contains_key(field) && self.gives(entry_type, field);
        !self.source.whole || ["private", "draft", "status", "date"].into_iter().any(unread)
    }

    /// Whether the front matter has something for a field, sound or not.
    pub fn gives(&self, entry_type: &EntryType, field: &str) -> bool {
        self.source.front.entries.iter().any(|(key, node)| {
            !node.is_blank() && entry_type.field_of_key(&key.text).is_some_and(|f| f.name == field)
        })
    }

    fn hidden(&self, values: &mut IndexMap<String, Stored>) -> Option<Hidden> {
        let mut flag = |field: &str| {
            matches!(values.shift_remove(field), Some(Stored { value: Value::Bool(true), .. }))
        };
        let (private, draft) = (flag("private"), flag("draft"));
        let status = values.get("status").and_then(|stored| stored.value.as_text());
        let date = values.get("date").map(|stored| &stored.value);
        let future = matches!(date, Some(Value::Date(date)) if date.first_day() > self.reader.today.first_day());
        match () {
            () if private || status == Some("private") => Some(Hidden::Private),
            () if draft || matches!(status, Some("draft" | "review")) => Some(Hidden::Draft),
            () if future => Some(Hidden::Future),
            () => None,
        }
    }
}

fn take_text(values: &mut IndexMap<String, Stored>, field: &str) -> Option<String> {
    match values.shift_remove(field)?.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn same_words(a: &str, b: &str) -> bool {
    address::slug(a) == address::slug(b)
}

/// Of the fields a type asks for, those that are filled, and all.
fn completeness(
    entry_type: &EntryType,
    values: &IndexMap<String, Stored>,
    body: &Body,
    lang: &str,
) -> (u32, u32) {
    let asked =
        entry_type.fields.values().filter(|field| !BOOKKEEPING.contains(&field.name.as_str()));
    let (mut filled, mut all) = (0, 0);
    for field in asked {
        let has = match field.is_section() {
            true => has_section(body, entry_type, field, lang),
            false => values.get(&field.name).is_some_and(|stored| stored.span.is_some()),
        };
        all += 1;
        filled += u32::from(has);
    }
    (filled, all)
}

/// What an editor should write, in a word or two.
fn describe(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::List(_) => "a list",
        FieldKind::Table(_) => "a table of keys and values",
        FieldKind::Money => "an amount and a currency",
        FieldKind::Period => "a start and perhaps an end",
        _ => "a single value",
    }
}

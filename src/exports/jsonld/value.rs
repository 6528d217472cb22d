//! A value of a field in the words of schema.org.

use super::super::address;
use super::class;
use crate::model::{Entry, FileSource, ImageValue, Value, value_label};
use crate::render::Renderer;
use crate::schema::{Field, FieldKind, data};
use serde_json::{Map, Value as Json, json};

/// Says the values of one entry.
pub(super) struct Speaker<'a> {
    pub renderer: &'a Renderer,
    pub entry: &'a Entry,
}

impl Speaker<'_> {
    /// A value of a field as the value of a property; nothing where it has no
    /// words in schema.org, or names only what is not published.
    pub fn say(&self, field: &Field, property: &str, value: &Value) -> Option<Json> {
        Some(match value {
            Value::Text(text) if property == "sameAs" => Json::String(same_as(text)?),
            Value::Text(text) | Value::Region(text) => named(property, text),
            Value::Bool(flag) => json!(flag),
            // A year is a date, which JSON-LD writes as a string.
            Value::Integer(year) if property.starts_with("date") => json!(format!("{year:04}")),
            Value::Integer(number) => json!(number),
            Value::Number(digits) => number(digits),
            Value::Money { amount, currency } => json!({
                "@type": "MonetaryAmount", "value": number(amount), "currency": currency,
            }),
            Value::Date(date) => Json::String(self.moment(field, date.iso())),
            Value::Period { start, end } => {
                let end = end.map_or("..".to_owned(), |end| end.iso());
                Json::String(format!("{}/{end}", start.iso()))
            }
            Value::Url(url) => {
                let url = address::of_url(self.base(), url);
                match property {
                    "offers" => json!({ "@type": "Offer", "url": url }),
                    _ => Json::String(url),
                }
            }
            Value::Doi(doi) => Json::String(address::of_doi(doi)),
            Value::Email(text) | Value::Language(text) => Json::String(text.clone()),
            Value::Country(code) => self.country(field, property, code),
            Value::Licence(id) => Json::String(licence(id)),
            Value::Geo { lat, lon } => json!({
                "@type": "GeoCoordinates", "latitude": number(lat), "longitude": number(lon),
            }),
            Value::Image(image) => self.image(image)?,
            Value::File { source, title } => self.file(source, title.as_deref())?,
            Value::Choice(id) if property == "eventAttendanceMode" => attendance(id)?,
            Value::Choice(id) => named(property, &self.label(field, id)),
            Value::Term(id) => self.term(field, property, id),
            Value::Ref(reference) => {
                let model = self.renderer.model();
                let at = model.in_language(reference.target?, &self.entry.lang);
                thing(self.renderer, &model.entries[at])
            }
            Value::List(items) => {
                let said = |item| self.say(field.item(), property, item);
                let said: Vec<Json> = items.iter().filter_map(said).collect();
                if said.is_empty() {
                    return None;
                }
                Json::Array(said)
            }
            Value::Table(cells) if property == "timeRequired" => duration(cells)?,
            Value::Table(cells) => self.table(field, property, cells)?,
            Value::Markdown(_) => return None,
        })
    }

    /// What the cells of a table say of the entry itself: a table without a
    /// property of its own is only a way to write several things together.
    /// Names and addresses are the row's, not the entry's.
    pub fn hoisted(&self, field: &Field, value: &Value) -> Vec<(String, Json)> {
        let FieldKind::Table(fields) = &field.item().kind else { return Vec::new() };
        let mut out = Vec::new();
        for row in value.items() {
            let Value::Table(cells) = row else { continue };
            for (name, cell) in cells {
                let Some(field) = fields.get(name) else { continue };
                let Some(property) = field.schema_org.as_deref() else { continue };
                if matches!(property, "name" | "url" | "description") {
                    continue;
                }
                out.extend(self.say(field, property, cell).map(|said| (property.to_owned(), said)));
            }
        }
        out
    }

    fn table(&self, field: &Field, property: &str, cells: &[(String, Value)]) -> Option<Json> {
        let FieldKind::Table(fields) = &field.item().kind else { return None };
        let mut out = Map::new();
        for (name, cell) in cells {
            let Some(field) = fields.get(name) else { continue };
            let own = match name.as_str() {
                "name" | "title" => Some("name"),
                _ => None,
            };
            let Some(property) = field.schema_org.as_deref().or(own) else { continue };
            if let Some(said) = self.say(field, property, cell) {
                out.insert(property.to_owned(), said);
            }
        }
        if out.is_empty() {
            return None;
        }
        out.insert("@type".to_owned(), class::range(property).unwrap_or("Thing").into());
        Some(Json::Object(out))
    }

    /// A date, with the time of day that stands in a field beside it.
    fn moment(&self, field: &Field, day: String) -> String {
        let time = self.entry.value(&format!("{}_time", field.name)).and_then(Value::as_text);
        time.map_or(day.clone(), |time| format!("{day}T{time}"))
    }

    fn country(&self, field: &Field, property: &str, code: &str) -> Json {
        match property {
            "address" => json!({ "@type": "PostalAddress", "addressCountry": code }),
            _ => json!({
                "@type": if code == "EU" { "Place" } else { "Country" },
                "name": self.label(field, code),
                "identifier": code,
            }),
        }
    }

    fn term(&self, field: &Field, property: &str, id: &str) -> Json {
        let label = self.label(field, id);
        if property == "audience" {
            return json!({ "@type": "Audience", "audienceType": label });
        }
        let FieldKind::Term(vocabulary) = &field.item().kind else { return Json::String(label) };
        let terms = self.renderer.site().schema.vocabularies.get(vocabulary);
        let iri = terms.and_then(|known| known.terms.get(id)).and_then(|term| term.iri.as_deref());
        let mut term = json!({ "@type": "DefinedTerm", "name": label, "termCode": id });
        if let Some(iri) = iri {
            term["sameAs"] = iri.into();
        }
        term
    }

    fn label(&self, field: &Field, id: &str) -> String {
        let site = self.renderer.site();
        let default = site.settings.default_language();
        let lang = &self.entry.lang;
        value_label(&site.schema, &field.item().kind, id, lang, default, &|_| None)
    }

    fn image(&self, image: &ImageValue) -> Option<Json> {
        let mut out = json!({ "@type": "ImageObject", "url": self.published(&image.source)? });
        if let FileSource::Local(path) = &image.source {
            let pixels = self.renderer.model().assets.get(path).and_then(|asset| asset.pixels);
            if let Some((width, height)) = pixels {
                out["width"] = width.into();
                out["height"] = height.into();
            }
        }
        for (property, text) in [("caption", &image.caption), ("creditText", &image.credit)] {
            if let Some(text) = text {
                out[property] = text.as_str().into();
            }
        }
        Some(out)
    }

    fn file(&self, source: &FileSource, title: Option<&str>) -> Option<Json> {
        let mut out = json!({ "@type": "MediaObject", "contentUrl": self.published(source)? });
        if let Some(title) = title {
            out["name"] = title.into();
        }
        if let FileSource::Local(path) = source {
            let size = self.renderer.model().assets.get(path).map(|asset| asset.source.size);
            out["contentSize"] = size.map(|bytes| bytes.to_string()).into();
        }
        Some(out)
    }

    fn published(&self, source: &FileSource) -> Option<String> {
        Some(match source {
            FileSource::Local(path) => {
                address::of_path(self.base(), &self.renderer.model().assets.get(path)?.url)
            }
            FileSource::Remote(url) => address::of_url(self.base(), url),
        })
    }

    fn base(&self) -> &crate::config::BaseUrl {
        &self.renderer.site().settings.base_url
    }
}

/// Another entry, as far as one needs to know it here.
pub(super) fn thing(renderer: &Renderer, entry: &Entry) -> Json {
    let entry_type = renderer.model().type_of(&renderer.site().schema, entry);
    let class = class::of(entry, entry_type);
    json!({ "@type": class, "@id": id(renderer, entry, class), "name": entry.title })
}

/// What an entry is about is known by its page's address, with a mark to tell
/// it from the page.
pub(super) fn id(renderer: &Renderer, entry: &Entry, class: &str) -> String {
    let page = address::of_path(&renderer.site().settings.base_url, &entry.url);
    if class::is_page(class) { page } else { format!("{page}#entry") }
}

/// The address of a licence's text, else its SPDX id.
pub(super) fn licence(id: &str) -> String {
    data::licence(id).map_or_else(|| id.to_owned(), |(_, known)| known.url.clone())
}

/// Words, or a thing of which only the name is known.
fn named(property: &str, name: &str) -> Json {
    match class::range(property) {
        Some(class) => json!({ "@type": class, "name": name }),
        None => Json::String(name.to_owned()),
    }
}

/// Words that name the same thing elsewhere: an address, or the sixteen digits of an ORCID.
fn same_as(text: &str) -> Option<String> {
    let orcid = text.len() == 19 && text.bytes().all(|b| b.is_ascii_digit() || b"-X".contains(&b));
    match orcid {
        true => Some(format!("https://orcid.org/{text}")),
        false => text.starts_with("https://").then(|| text.to_owned()),
    }
}

/// A number in the editor's digits, where JSON has the same.
fn number(digits: &str) -> Json {
    serde_json::from_str::<serde_json::Number>(digits)
        .map_or_else(|_| Json::String(digits.to_owned()), Json::Number)
}

fn attendance(mode: &str) -> Option<Json> {
    let word = match mode {
        "in-person" => "Offline",
        "online" => "Online",
        "hybrid" => "Mixed",
        _ => return None,
    };
    Some(Json::String(format!("https://schema.org/{word}EventAttendanceMode")))
}

/// The longest that something takes, as an ISO 8601 duration.
fn duration(cells: &[(String, Value)]) -> Option<Json> {
    let cell = |wanted: &str| {
        let (_, value) = cells.iter().find(|(name, _)| name == wanted)?;
        value.key()
    };
    let count = cell("max").or_else(|| cell("min"))?;
    let (before, after) = match cell("unit")?.as_str() {
        "hours" => ("PT", "H"),
        "days" => ("P", "D"),
        "weeks" => ("P", "W"),
        "months" => ("P", "M"),
        "years" => ("P", "Y"),
        _ => return None,
    };
    Some(Json::String(format!("{before}{count}{after}")))
}

//! What an entry is called and where: id, language, page path, redirects; and
//! whether it is published at all.

use super::read::OneEntry;
use super::scalar::Refusal;
use super::{Hidden, Stored, Value, address};
use crate::diagnostic::codes;
use crate::schema::EntryType;
use indexmap::IndexMap;

/// The names of an entry.
pub(super) struct Address {
    pub id: String,
    pub lang: String,
    pub url: String,
    pub redirects: Vec<String>,
}

impl OneEntry<'_> {
    /// Id, language, page path and redirects.
    pub fn address(
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
    pub fn doubtful(&self, entry_type: &EntryType, values: &IndexMap<String, Stored>) -> bool {
        let unread = |field| !values.contains_key(field) && self.gives(entry_type, field);
        !self.source.whole || ["private", "draft", "status", "date"].into_iter().any(unread)
    }

    /// Whether the front matter has something for a field, sound or not.
    pub fn gives(&self, entry_type: &EntryType, field: &str) -> bool {
        self.source.front.entries.iter().any(|(key, node)| {
            !node.is_blank() && entry_type.field_of_key(&key.text).is_some_and(|f| f.name == field)
        })
    }

    pub fn hidden(&self, values: &mut IndexMap<String, Stored>) -> Option<Hidden> {
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

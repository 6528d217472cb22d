//! Where an entry is found: its page path and redirects; and whether it is
//! published at all.

use super::read::OneEntry;
use super::scalar::Refusal;
use super::{Hidden, Origin, Stored, Value, Values, address};
use crate::diagnostic::codes;
use crate::schema::EntryType;

/// The fields that say whether an entry is published.
pub(super) const DECIDING: &[&str] = &["private", "draft", "status", "date"];

/// Where an entry is found.
pub(super) struct Address {
    pub url: String,
    pub redirects: Vec<String>,
}

impl OneEntry<'_> {
    /// Page path and redirects; takes out the fields that have done their work.
    pub fn address(&mut self, values: &mut Values) -> Address {
        let entry_type = self.identity.entry_type;
        let location = &self.source.location;
        let settings = &self.reader.site.settings;
        let date = values.get("date").and_then(|stored| stored.value.as_date());
        self.known_language(values);
        for field in ["type", "translation_key"] {
            values.shift_remove(field);
        }
        // What is wrong with it is told; the identity has passed over it.
        self.safe_text(values, "id", true);
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
        let prefix = settings.prefix(&self.identity.lang);
        let url = if entry_type.id == super::claim::INDEX {
            // An introduction has no page of its own: it is part of the list's or home's.
            format!("{prefix}{}", location.key)
        } else {
            address::page_path(entry_type, location, &self.identity.id, &own_slug, date, &prefix)
        };
        Address { redirects: self.redirects(values), url }
    }

    /// Reports a language that the site does not have.
    fn known_language(&mut self, values: &mut Values) {
        let Some(Stored { value: Value::Language(tag), origin: Origin::Given(span) }) =
            values.shift_remove("lang")
        else {
            return;
        };
        let settings = &self.reader.site.settings;
        if settings.language(&tag).is_none() {
            let message = format!("`{tag}` is not among the site's languages");
            let help = format!(
                "write `languages = [\"{}\", \"{tag}\"]` in site.toml, or leave this file out with `ignore`",
                settings.languages.join("\", \"")
            );
            let code = &codes::CONTENT_UNKNOWN_LANGUAGE;
            self.report(Refusal { code, message, help }, &span);
        }
    }

    /// A text that must not lead out of the site.
    fn safe_text(&mut self, values: &mut Values, field: &str, folders: bool) -> Option<String> {
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
            let span = stored.span().cloned().unwrap_or(0..0);
            self.report(Refusal { code: &codes::CONTENT_UNSAFE_PATH, message, help }, &span);
            return None;
        }
        Some(text)
    }

    fn redirects(&mut self, values: &mut Values) -> Vec<String> {
        let Some(stored) = values.shift_remove("redirects") else { return Vec::new() };
        let mut out = Vec::new();
        for text in stored.value.items().filter_map(Value::as_text) {
            match address::redirect(text) {
                Ok(path) => out.push(path),
                Err(message) => {
                    let help = "write a path within this site, such as /old/name/".into();
                    let span = stored.span().cloned().unwrap_or(0..0);
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
    pub fn doubtful(&self, entry_type: &EntryType, values: &Values) -> bool {
        let unread = |field| !values.contains_key(field) && self.gives(entry_type, field);
        !self.is_whole() || DECIDING.iter().copied().any(unread)
    }

    /// Whether all front matter that counts here could be read to its end.
    pub fn is_whole(&self) -> bool {
        self.source.whole && self.original.is_none_or(|original| original.whole)
    }

    /// Whether the front matter has something for a field, sound or not.
    pub fn gives(&self, entry_type: &EntryType, field: &str) -> bool {
        let of_original = entry_type.fields.get(field);
        if of_original.is_some_and(|field| self.original_of(entry_type, field).is_some()) {
            return true;
        }
        self.source.front.entries.iter().any(|(key, node)| {
            !node.is_blank() && entry_type.field_of_key(&key.text).is_some_and(|f| f.name == field)
        })
    }

    pub fn hidden(&self, values: &mut Values) -> Option<Hidden> {
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

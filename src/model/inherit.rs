//! What an entry has without giving it: a translation, the fields of its
//! original; every entry, the day in its name and the one that git knows.

use super::read::OneEntry;
use super::{Origin, PartialDate, Stored, Value, Values};
use crate::content::SourceEntry;
use crate::raw::Node;
use crate::schema::{EntryType, Field, FieldKind};

impl<'r> OneEntry<'r> {
    /// What the original gives for a field that a translation may leave to it.
    pub fn original_of(
        &self,
        entry_type: &EntryType,
        field: &Field,
    ) -> Option<(&'r SourceEntry, &'r Node)> {
        let original = self.original.filter(|_| is_inherited(field))?;
        let means = |key: &str| entry_type.field_of_key(key).is_some_and(|f| f.name == field.name);
        let mut given = original.front.entries.iter().filter(|(key, _)| means(&key.text));
        let (_, node) = given.next().filter(|(_, node)| !node.is_blank())?;
        Some((original, node))
    }

    /// Reads a value where the original gives it: paths lead from there, and what
    /// is wrong is told there, once.
    pub fn inherited(
        &mut self,
        original: &'r SourceEntry,
        field: &Field,
        node: &Node,
    ) -> Option<Stored> {
        let found = std::mem::take(&mut self.found);
        let mut of = OneEntry { source: original, original: None, found, ..*self };
        let value = of.value(field, node);
        self.found = of.found;
        Some(Stored { value: value?, origin: Origin::Original })
    }

    /// `date`, where the file's name begins with it: `2024-01-05-hello.md`, as
    /// Jekyll wants it.
    pub fn day_of_name(&self, field: &Field) -> Option<Value> {
        if field.name != "date" || !matches!(field.kind, FieldKind::Date) {
            return None;
        }
        let (day, rest) = self.source.location.name().split_at_checked(10)?;
        let date = PartialDate::parse(day).ok().filter(|date| date.day.is_some());
        date.filter(|_| rest.starts_with('-')).map(Value::Date)
    }

    /// `updated`, where the entry does not give it and git knows: a commit before
    /// the day of publication says nothing.
    pub fn last_change(&self, values: &mut Values) {
        let Some(day) = self.source.changed.and_then(PartialDate::of_seconds) else { return };
        let published = values.get("date").and_then(|stored| stored.value.as_date());
        let known = self.identity.entry_type.fields.contains_key("updated");
        let later = published.is_none_or(|date| day.first_day() > date.last_day());
        if known && later && !values.contains_key("updated") {
            let stored = Stored { value: Value::Date(day), origin: Origin::Default };
            values.insert("updated".to_owned(), stored);
        }
    }
}

/// Whether a translation has its original's value of a field that it does not
/// give. What is the file's own, and what says the entry in words, it has not.
fn is_inherited(field: &Field) -> bool {
    const OWN: &[&str] = &[
        "id",
        "type",
        "lang",
        "translation_key",
        "slug",
        "redirects",
        "title",
        "summary",
        "updated",
    ];
    let of_words =
        |field: &Field| matches!(field.item().kind, FieldKind::Markdown | FieldKind::Section(_));
    !of_words(field) && !field.nested().any(of_words) && !OWN.contains(&field.name.as_str())
}

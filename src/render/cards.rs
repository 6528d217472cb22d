//! Cards: the small part of an entry that other pages show.

use super::values::Values;
use super::{Renderer, view};
use crate::model::{Entry, Value};
use crate::schema::{EntryType, Field, FieldKind};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Facts on a card.
const FACTS: usize = 3;

/// The cards of all entries by language, each made when a page first shows it:
/// an entry stands in many lists, and beside others.
pub(super) struct Cards(BTreeMap<String, Box<[OnceLock<Arc<view::Card>>]>>);

impl Cards {
    /// None made yet, for so many entries.
    pub fn new(languages: &[String], entries: usize) -> Self {
        let none = || (0..entries).map(|_| OnceLock::new()).collect();
        Self(languages.iter().map(|lang| (lang.clone(), none())).collect())
    }
}

impl Renderer {
    /// The small part of an entry that other pages show, in a page's language.
    pub(super) fn card(&self, at: usize, lang: &str) -> Arc<view::Card> {
        let make = || Arc::new(self.new_card(at, lang));
        match self.cards.0.get(lang).and_then(|cards| cards.get(at)) {
            Some(card) => Arc::clone(card.get_or_init(make)),
            None => make(),
        }
    }

    fn new_card(&self, at: usize, lang: &str) -> view::Card {
        let entry = &self.model.entries[at];
        let entry_type = self.model.type_of(&self.site.schema, entry);
        let values = Values { renderer: self, entry, lang };
        let default = self.site.settings.default_language();
        let tags = entry.tags(&self.site.schema, lang, default);
        view::Card {
            url: self.link(&entry.url),
            title: entry.title.clone(),
            summary: entry.summary.clone(),
            kind: entry_type.id.clone(),
            type_label: entry_type.label.get(lang, default).to_owned(),
            lang: entry.lang.clone(),
            date: entry.date("start").or_else(|| entry.date("date")).map(|date| date.iso()),
            image: self.main_image(entry, &values),
            status: entry.status().to_owned(),
            facts: self.facts(entry, entry_type, &values),
            tags: tags.into_iter().map(|(_, label)| label).collect(),
        }
    }

    /// What helps to choose: the first choices, countries and terms that
    /// visitors filter by, in this order.
    fn facts(&self, entry: &Entry, entry_type: &EntryType, values: &Values<'_>) -> Vec<view::Fact> {
        let default = self.site.settings.default_language();
        let rank = |field: &&Field| match &field.item().kind {
            FieldKind::Choice(_) => Some(0),
            FieldKind::Country => Some(1),
            FieldKind::Term(_) => Some(2),
            _ => None,
        };
        let given = entry_type
            .fields
            .values()
            .filter(|field| field.facet && entry.values.contains_key(&field.name))
            // A card has a place of its own for them.
            .filter(|field| field.name != "tags");
        let mut fields: Vec<&Field> = given.filter(|field| rank(field).is_some()).collect();
        fields.sort_by_key(rank);
        fields
            .into_iter()
            .filter_map(|field| {
                let value = entry.value(&field.name)?;
                // What an entry has that says nothing is no help to choose.
                let usual = field.default.as_ref().and_then(|node| node.text());
                if usual.is_some() && value.key().as_deref() == usual {
                    return None;
                }
                Some(view::Fact {
                    name: field.name.clone(),
                    label: field.label.get(values.lang, default).to_owned(),
                    text: self.engine.locale(values.lang).plain(&values.show(field, value)?),
                    id: match value {
                        Value::Choice(id) | Value::Term(id) => Some(id.clone()),
                        _ => None,
                    },
                })
            })
            .take(FACTS)
            .collect()
    }
}

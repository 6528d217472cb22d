//! Who is who, before any value is read: the type and language of every source
//! entry, and which of them are one entry in several languages.
//!
//! Enters: source entries. Leaves: an [`Identity`] for each that is an entry at
//! all. Translations share an id: they have the same path but for the language,
//! give the same `id`, or give a `translation_key`. Such a key is either one that
//! they share, or names the entry that they translate.

use super::address::is_safe_name;
use super::claim::{Claims, INDEX};
use super::{Entry, Lookup};
use crate::config::{Settings, Site};
use crate::content::SourceEntry;
use crate::diagnostic::Diagnostics;
use crate::raw::Key;
use crate::schema::EntryType;
use indexmap::IndexMap;
use rayon::prelude::*;

/// What a source entry is.
pub(super) struct Identity<'s> {
    pub entry_type: &'s EntryType,
    /// One of the site's languages.
    pub lang: String,
    /// The same for all translations.
    pub id: String,
    /// The key that it has its id by; `None` where that is its path.
    pub named_by: Option<NamedBy>,
    /// The place among the sources of the entry that this one translates, if that
    /// is of the same type.
    pub original: Option<usize>,
}

/// A key in front matter by which an entry has its id.
#[derive(Debug, Clone)]
pub(super) struct NamedBy {
    /// As it is written there, with its place.
    pub key: Key,
    /// Whether it is the `translation_key`; else it is the `id`.
    pub translates: bool,
}

/// Entries that say the same, by what they say.
type Groups<'b> = IndexMap<&'b str, Vec<usize>, foldhash::fast::RandomState>;

/// What one file says of itself.
struct Own<'s> {
    entry_type: Option<&'s EntryType>,
    lang: String,
    id: Option<String>,
    key: Option<String>,
    slug: Option<String>,
    named_by: Option<NamedBy>,
    found: Diagnostics,
}

/// Identifies every source entry, in their order; `None` where no type claims
/// one, which is reported.
pub(super) fn identify<'s>(
    site: &'s Site,
    sources: &[SourceEntry],
    found: &mut Diagnostics,
) -> Vec<Option<Identity<'s>>> {
    let claims = Claims::new(&site.schema);
    let own: Vec<Own<'_>> =
        sources.par_iter().map(|source| Own::of(source, site, &claims)).collect();
    let ids = Names { settings: &site.settings, sources, own: &own }.ids();
    let mut originals: Lookup<(usize, usize)> = Lookup::default();
    for (at, (own, id)) in
        own.iter().zip(&ids).enumerate().filter(|(_, (own, _))| own.entry_type.is_some())
    {
        let place = site.settings.languages.iter().position(|lang| *lang == own.lang);
        let this = (place.unwrap_or(usize::MAX), at);
        let first = originals.entry(id.clone()).or_insert(this);
        *first = (*first).min(this);
    }
    let types: Vec<Option<&EntryType>> = own.iter().map(|own| own.entry_type).collect();
    let langs: Vec<String> = own.iter().map(|own| own.lang.clone()).collect();
    own.into_iter()
        .zip(ids)
        .map(|(own, id)| {
            let original = originals.get(&id).map(|(_, original)| *original);
            let of_original = original.and_then(|at| types[at]);
            // A translation may lie where no type claims it: it is what its original is.
            let entry_type = own.entry_type.or(own.key.as_ref().and(of_original));
            if own.entry_type.is_some() || entry_type.is_none() {
                found.append(own.found);
            }
            let entry_type = entry_type?;
            // Two of one language are no translations, whatever they say of themselves.
            let translates = |of: &usize| {
                langs[*of] != own.lang && types[*of].is_some_and(|known| known.id == entry_type.id)
            };
            let original = original.filter(translates);
            let Own { lang, named_by, .. } = own;
            Some(Identity { entry_type, lang, id, named_by, original })
        })
        .collect()
}

impl<'s> Identity<'s> {
    /// What an entry is whose source was read anew, if that says of itself what the one
    /// `before` said: then every other entry is what it was too. The original is not sought.
    pub fn again(
        site: &'s Site,
        entry: &Entry,
        before: &SourceEntry,
        source: &SourceEntry,
    ) -> Option<Self> {
        let claims = Claims::new(&site.schema);
        let [was, is] = [before, source].map(|source| Own::of(source, site, &claims));
        was.says_the_same(&is).then_some(())?;
        Some(Self {
            entry_type: site.schema.types.get(&entry.kind)?,
            lang: entry.lang.clone(),
            id: entry.id.clone(),
            named_by: is.named_by,
            original: None,
        })
    }
}

impl<'s> Own<'s> {
    /// Whether two say the same, and nothing was found in either.
    fn says_the_same(&self, other: &Self) -> bool {
        let kind = |own: &Self| own.entry_type.map(|of| of.id.clone());
        let translates = |own: &Self| own.named_by.as_ref().map(|by| by.translates);
        (kind(self), translates(self)) == (kind(other), translates(other))
            && (&self.lang, &self.id, &self.key, &self.slug)
                == (&other.lang, &other.id, &other.key, &other.slug)
            && self.found.is_empty()
            && other.found.is_empty()
    }

    fn of(source: &SourceEntry, site: &'s Site, claims: &Claims<'s>) -> Self {
        let mut found = Diagnostics::default();
        let entry_type = claims.claim(source, &mut found);
        // Every type has the core's fields, under the names that the site gives them.
        let keys = entry_type.or_else(|| site.schema.types.get(INDEX));
        let entry = |field: &str| {
            let means = |key: &str| {
                keys.and_then(|of| of.field_of_key(key)).is_some_and(|known| known.name == field)
            };
            let (key, node) = source.front.entries.iter().find(|(key, _)| means(&key.text))?;
            let text = node.text().map(str::trim).filter(|text| !text.is_empty())?;
            Some((key, text))
        };
        let given = |field: &str| entry(field).map(|(_, text)| text);
        let settings = &site.settings;
        let lang = given("lang").and_then(|tag| settings.language(tag)).map(str::to_owned);
        let sound = |id: &&str| id.split('/').all(is_safe_name);
        let id = given("id").map(|id| id.trim_matches('/')).filter(sound);
        let named_by = |field: &str| {
            let (key, _) = entry(field)?;
            Some(NamedBy { key: key.clone(), translates: field == "translation_key" })
        };
        Self {
            entry_type,
            lang: lang
                .or_else(|| source.location.lang.clone())
                .unwrap_or_else(|| settings.default_language().to_owned()),
            id: id.map(str::to_owned),
            key: given("translation_key").map(|key| key.trim_matches('/').to_owned()),
            slug: given("slug").map(str::to_owned),
            named_by: named_by("translation_key").or_else(|| id.and_then(|_| named_by("id"))),
            found,
        }
    }
}

/// Finds the id that each entry shares with its translations.
struct Names<'a, 's> {
    settings: &'a Settings,
    sources: &'a [SourceEntry],
    own: &'a [Own<'s>],
}

impl Names<'_, '_> {
    fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = (0..self.own.len()).map(|at| self.own_name(at)).collect();
        // By path: a translation without an id has its original's.
        for group in self.groups(|at| Some(&self.sources[at].location.key)).values() {
            let original = ids[self.first(group)].clone();
            for at in group.iter().filter(|at| self.own[**at].id.is_none()) {
                ids[*at].clone_from(&original);
            }
        }
        // By key.
        let keyed = self.groups(|at| self.own[at].key.as_deref());
        if keyed.is_empty() {
            return ids;
        }
        let (exact, loose) = self.names(&ids);
        for (key, group) in keyed {
            let named = [&exact, &loose].into_iter().filter_map(|names| names.get(key));
            let mut fitting = named.filter(|named| self.may_join(named, &group, &ids));
            let original = fitting.next().map_or_else(|| self.first(&group), |named| named[0]);
            let id = ids[original].clone();
            group.into_iter().for_each(|at| ids[at].clone_from(&id));
        }
        ids
    }

    /// What an entry would be called if it stood alone.
    fn own_name(&self, at: usize) -> String {
        self.own[at].id.clone().unwrap_or_else(|| self.sources[at].location.key.clone())
    }

    /// Entries that say the same, where they say anything.
    fn groups<'b>(&'b self, said: impl Fn(usize) -> Option<&'b str>) -> Groups<'b> {
        let mut groups = Groups::default();
        for at in 0..self.own.len() {
            if let Some(word) = said(at) {
                groups.entry(word).or_default().push(at);
            }
        }
        groups
    }

    /// The original among translations: the one in the earliest of the site's languages.
    fn first(&self, group: &[usize]) -> usize {
        let place = |at: &&usize| {
            self.settings.languages.iter().position(|lang| *lang == self.own[**at].lang)
        };
        // A group is made with its first member.
        *group.iter().min_by_key(place).unwrap_or(&group[0])
    }

    /// What a key may call an entry that has none itself: exactly, by its id or
    /// path; else by its slug or the last part of its id.
    fn names(&self, ids: &[String]) -> (Lookup<Vec<usize>>, Lookup<Vec<usize>>) {
        let (mut exact, mut loose) = (Lookup::default(), Lookup::default());
        let add = |names: &mut Lookup<Vec<usize>>, name: &str, at: usize| {
            let named = names.entry(name.to_owned()).or_default();
            if named.last() != Some(&at) {
                named.push(at);
            }
        };
        for (at, own) in self.own.iter().enumerate().filter(|(_, own)| own.key.is_none()) {
            let location = &self.sources[at].location;
            for name in [&ids[at], &location.key, &location.path] {
                add(&mut exact, name, at);
            }
            let tail = ids[at].rsplit('/').next();
            for name in tail.into_iter().chain(own.slug.as_deref()) {
                add(&mut loose, name, at);
            }
        }
        (exact, loose)
    }

    /// Whether entries are one and the same, and in languages that a group lacks.
    fn may_join(&self, named: &[usize], group: &[usize], ids: &[String]) -> bool {
        let lacks = |at: &usize| group.iter().all(|of| self.own[*of].lang != self.own[*at].lang);
        named.iter().all(|at| ids[*at] == ids[named[0]] && lacks(at))
    }
}

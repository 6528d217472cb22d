//! A source entry into a typed one: its type, its keys, its values.

use super::identity::{Identity, identify};
use super::naming::{Address, DECIDING};
use super::scalar::Refusal;
use super::sections::sections;
use super::typed::{Sources, Typed};
use super::{Entry, Files, Hidden, Origin, Original, PartialDate, Stored, Value, Values};
use super::{address, constraints};
use crate::config::Site;
use crate::content::SourceEntry;
use crate::diagnostic::{Diagnostic, Diagnostics, Level, Place, codes, nearest::nearest};
use crate::markdown::{Body, Heading};
use crate::raw::reader::suggest;
use crate::raw::{Node, Span, Table};
use crate::schema::{EntryType, Field, Unknown};
use indexmap::IndexMap;
use rayon::prelude::*;
use std::sync::Arc;

/// Reads source entries by the schema of a site.
pub(super) struct Reader<'s> {
    pub site: &'s Site,
    pub files: &'s Files,
    pub today: PartialDate,
}

/// Keys that the model itself reads; they are declared as fields so that a
/// schema can label them.
const BOOKKEEPING: &[&str] = &[
    "id",
    "type",
    "lang",
    "translation_key",
    "slug",
    "draft",
    "private",
    "redirects",
    "title",
    "summary",
];

impl Reader<'_> {
    /// Reads all entries, in parallel, in their order; those that are as they were
    /// when they were `typed` before need not be read again.
    pub fn read_all(
        &self,
        sources: Vec<SourceEntry>,
        typed: Option<&mut Typed>,
    ) -> (Vec<Entry>, Diagnostics) {
        let mut found = Diagnostics::default();
        let identities = identify(self.site, &sources, &mut found);
        let sources_of = |at: usize, identity: &Identity<'_>| {
            let original = identity
                .original
                .and_then(|of| Some((&sources[of], identities[of].as_ref()?.lang.as_str())));
            Sources { source: &sources[at], original }
        };
        let read_each = |typed: Option<&Typed>| -> Vec<_> {
            let each = identities.par_iter().enumerate().map(|(at, identity)| {
                let identity = identity.as_ref()?;
                let from = sources_of(at, identity);
                let known = typed.and_then(|typed| typed.recall(from, identity));
                let is_new = known.is_none();
                Some((known.unwrap_or_else(|| self.read(from, identity)), is_new))
            });
            each.collect()
        };
        let read = match typed {
            None => read_each(None),
            Some(typed) => {
                typed.settle(self, &sources);
                let mut read = read_each(Some(typed));
                for (at, (identity, read)) in identities.iter().zip(&mut read).enumerate() {
                    if let (Some(identity), Some((read, true))) = (identity, read) {
                        typed.keep(sources_of(at, identity), identity, read);
                    }
                }
                read
            }
        };
        let mut entries = Vec::with_capacity(read.len());
        for ((source, identity), read) in sources.into_iter().zip(identities).zip(read) {
            if let (Some(identity), Some(((read, findings), _))) = (identity, read) {
                entries.push(read.entry(source, identity));
                found.append(findings);
            }
        }
        (entries, found)
    }

    /// Reads one entry; what it translates lies beside it.
    pub fn read(
        &self,
        Sources { source, original }: Sources<'_>,
        identity: &Identity<'_>,
    ) -> (Read, Diagnostics) {
        let entry_type = identity.entry_type;
        let found = Diagnostics::default();
        let of_original = original.map(|(source, _)| source);
        let mut of = OneEntry { reader: self, source, identity, original: of_original, found };
        let mut values = of.values(entry_type);
        let title = match take_text(&mut values, "title") {
            Some(title) => Some(title),
            None => source.body.title().map(|heading| heading.text.clone()),
        };
        constraints::check(&mut of, entry_type, &values, title.is_some());
        let Address { url, redirects } = of.address(&mut values);
        let doubtful = of.doubtful(entry_type, &values);
        let hidden = if doubtful { Some(Hidden::Doubtful) } else { of.hidden(&mut values) };
        let OneEntry { mut found, .. } = of;
        // What is not published may be unfinished: the site is right without it.
        if hidden.is_some() && !doubtful {
            found.soften(|_| true);
        }
        let says_title =
            |heading: &Heading| title.as_ref().is_none_or(|title| same_words(&heading.text, title));
        let summary = take_text(&mut values, "summary");
        values.shrink_to_fit();
        let read = Read {
            says_title_again: source.body.title().is_some_and(says_title),
            lifted: None,
            // An introduction without a title leaves its list the type's name.
            title: match title {
                None if entry_type.id != super::claim::INDEX => {
                    source.location.name().replace(['-', '_'], " ")
                }
                title => title.unwrap_or_default(),
            },
            summary,
            completeness: completeness(entry_type, &values, &source.body, &identity.lang),
            original: original
                .map(|(of, lang)| Original { file: of.file.clone(), lang: lang.to_owned() }),
            url,
            redirects,
            hidden,
            values: Arc::new(values),
        };
        (read, found)
    }
}

/// What was read of an entry.
#[derive(Debug, Clone)]
pub(super) struct Read {
    title: String,
    /// Whether the body opens with a heading that says the title again. It is
    /// taken out, for the template writes the title.
    says_title_again: bool,
    /// The body without it, where that is kept for another time.
    lifted: Option<Arc<Body>>,
    summary: Option<String>,
    values: Arc<Values>,
    url: String,
    redirects: Vec<String>,
    hidden: Option<Hidden>,
    original: Option<Original>,
    completeness: (u32, u32),
}

impl Read {
    /// Keeps the body as the entry will have it.
    pub fn lift(&mut self, body: &Arc<Body>) {
        self.lifted = self.says_title_again.then(|| lifted(Arc::clone(body)));
    }

    /// The entry itself.
    pub fn entry(self, source: SourceEntry, identity: Identity<'_>) -> Entry {
        let body = match self.says_title_again {
            true => self.lifted.unwrap_or_else(|| lifted(source.body)),
            false => source.body,
        };
        Entry {
            id: identity.id,
            named_by: identity.named_by,
            kind: identity.entry_type.id.clone(),
            lang: identity.lang,
            file: source.file,
            location: source.location,
            url: self.url,
            title: self.title,
            summary: self.summary,
            values: self.values,
            body,
            redirects: self.redirects,
            hidden: self.hidden,
            original: self.original,
            changed: source.changed,
            completeness: self.completeness,
        }
    }
}

/// One entry being read.
pub(super) struct OneEntry<'r> {
    pub reader: &'r Reader<'r>,
    pub source: &'r SourceEntry,
    pub identity: &'r Identity<'r>,
    /// What it translates.
    pub original: Option<&'r SourceEntry>,
    pub found: Diagnostics,
}

impl<'r> OneEntry<'r> {
    /// Reports something about a range of the file.
    pub fn report(&mut self, refusal: Refusal, span: &Span) {
        let place = Place::span(self.source.file.clone(), span.clone());
        let found = Diagnostic::new(refusal.code, refusal.message).at(place);
        self.found.push(if refusal.help.is_empty() { found } else { found.help(refusal.help) });
    }

    /// Reads every key by the field that it means, in the order of the schema;
    /// fields that are absent take their default.
    fn values(&mut self, entry_type: &EntryType) -> Values {
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
        let mut values = Values::default();
        for field in entry_type.fields.values().filter(|field| !field.is_section()) {
            let node = given
                .get(field.name.as_str())
                .map(|(_, node)| node)
                .filter(|node| !node.is_blank());
            let of_original = self.original_of(entry_type, field);
            let stored = match (node, of_original) {
                (Some(node), _) => {
                    let origin = Origin::Given(node.span.clone());
                    self.value(field, node).map(|value| Stored { value, origin })
                }
                (None, Some((original, node))) => self.inherited(original, field, node),
                (None, None) => {
                    let value = self.day_of_name(field).or_else(|| self.default_value(field));
                    value.map(|value| Stored { value, origin: Origin::Default })
                }
            };
            let given = node.is_some() || of_original.is_some();
            match stored {
                Some(stored) => {
                    values.insert(field.name.clone(), stored);
                }
                None if given && DECIDING.contains(&field.name.as_str()) => {
                    self.found.add_to_help("until then this entry is not published");
                }
                None => {}
            }
        }
        self.last_change(&mut values);
        values
    }

    /// A field's default. What is wrong with it is wrong in `site.toml`, once,
    /// and not in every entry.
    pub(super) fn default_value(&mut self, field: &Field) -> Option<Value> {
        let node = field.default.as_ref()?;
        let before = std::mem::take(&mut self.found);
        let value = self.value(field, node);
        let raised = std::mem::replace(&mut self.found, before);
        let layers = &self.reader.site.layers;
        self.found.extend(raised.into_iter().map(|mut found| {
            let span = found.place.as_ref().and_then(|place| place.span);
            found.place = span.map(|(start, end)| layers.place(&(start..end)));
            found
        }));
        value
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
    pub fn only(&mut self, table: &Table, known: &[&str]) {
        for (key, _) in &table.entries {
            if !known.contains(&key.text.as_str()) {
                let message = format!("there is no `{}` here", key.text);
                self.undeclared(key, message, suggest(&key.text, known));
            }
        }
    }

    /// Reports a key that nobody declared, as its type wants it.
    fn undeclared(&mut self, key: &crate::raw::Key, message: String, help: String) {
        let unknown = self.identity.entry_type.unknown;
        if unknown == Unknown::Keep {
            return;
        }
        let mut found = Diagnostic::new(&codes::CONTENT_UNKNOWN_FIELD, message)
            .at(Place::span(self.source.file.clone(), key.span.clone()))
            .help(help);
        if unknown == Unknown::Error {
            found.level = Level::Error;
        }
        self.found.push(found);
    }
}

/// A body without its first heading. One that nobody else holds is not copied.
fn lifted(mut body: Arc<Body>) -> Arc<Body> {
    Arc::make_mut(&mut body).lift_title();
    body
}

fn take_text(values: &mut Values, field: &str) -> Option<String> {
    match values.shift_remove(field)?.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn same_words(a: &str, b: &str) -> bool {
    a == b || address::slug(a) == address::slug(b)
}

/// Of the fields a type asks for, those that are filled, and all.
fn completeness(entry_type: &EntryType, values: &Values, body: &Body, lang: &str) -> (u32, u32) {
    let asked =
        entry_type.fields.values().filter(|field| !BOOKKEEPING.contains(&field.name.as_str()));
    let sections = sections(body, entry_type, lang);
    let (mut filled, mut all) = (0, 0);
    for field in asked {
        let has = match field.is_section() {
            true => sections.iter().any(|(_, name)| *name == field.name),
            false => values.get(&field.name).is_some_and(|stored| stored.is_given()),
        };
        all += 1;
        filled += u32::from(has);
    }
    (filled, all)
}

//! Typed entries, joined: references both ways, facets, translations, related.
//!
//! Enters: the [`Collection`] of the content room and the schema. Leaves: a
//! [`Model`], plain data that everything after it only looks at, and findings.
//! This room never reads the disk or the clock: today is given to it.

mod address;
mod claim;
mod constraints;
mod date;
mod facets;
mod files;
mod graph;
mod identity;
mod index;
mod inherit;
mod links;
mod naming;
mod parts;
mod read;
mod related;
mod revise;
mod scalar;
mod skip;
mod sections;
mod translations;
mod typed;
mod value;

pub use address::{collation, slug};
pub use date::PartialDate;
pub use facets::{Facet, FacetValue, value_label};
pub use files::Asset;
pub use graph::Incoming;
pub use index::Absence;
pub use links::LinkTo;
pub use revise::{Revised, Revision};
pub use sections::section_of;
pub use typed::Typed;
pub use value::{FileSource, ImageValue, Origin, Reference, Stored, Value};

use crate::config::Site;
use crate::content::{self, Collection, Location, SourceFile};
use crate::diagnostic::{Diagnostics, Place};
use crate::markdown::Body;
use crate::schema::{EntryType, Schema};
use indexmap::IndexMap;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What a build is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The day of the build.
    pub today: PartialDate,
    /// Whether drafts and future entries are part of the site (never private ones).
    pub drafts: bool,
}

/// The whole site as data.
#[derive(Debug, Default)]
pub struct Model {
    /// The published entries, sorted by path.
    pub entries: Vec<Entry>,
    /// For each entry, who refers to it.
    pub incoming: Vec<Vec<Incoming>>,
    /// For each language, the entries its lists show: one a translation group.
    pub shown: BTreeMap<String, Vec<usize>>,
    /// For each language, what visitors can filter by.
    pub facets: BTreeMap<String, IndexMap<String, Facet>>,
    /// The files that published entries use, by content path.
    pub assets: BTreeMap<String, Asset>,
    /// The pages that introduce a list or the home page, by key and language.
    pub intros: BTreeMap<(String, String), usize>,
    doubtful: Vec<Entry>,
    index: index::Index,
    /// For each language, what its entries have in common.
    spaces: BTreeMap<String, related::Space>,
    /// Every file beside the entries, by content path.
    files: Files,
}

/// What fields hold, by name, in the order of the schema.
pub type Values = IndexMap<String, Stored, foldhash::fast::RandomState>;

/// One entry.
#[derive(Debug)]
pub struct Entry {
    /// Its id, the same for all its translations.
    pub id: String,
    /// The key that it has its id by; `None` where that is its path.
    named_by: Option<identity::NamedBy>,
    /// The id of its type.
    pub kind: String,
    /// Its language.
    pub lang: String,
    /// Its file, for findings.
    pub file: Arc<str>,
    /// Where it lies in the content folder.
    pub location: Arc<Location>,
    /// The path of its page, without a leading slash: `it/practices/water/`.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its summary.
    pub summary: Option<String>,
    /// What its other fields hold, by name, in the order of the schema.
    pub values: Arc<Values>,
    /// Its body.
    pub body: Arc<Body>,
    /// Former addresses that lead here, as page paths.
    pub redirects: Vec<String>,
    /// Why it is not published, if it is not.
    pub hidden: Option<Hidden>,
    /// What it translates, if it does.
    pub original: Option<Original>,
    /// When its file was last changed, as git tells it: seconds since 1970 in UTC.
    pub changed: Option<i64>,
    /// How many of the fields that matter are filled, and how many there are.
    pub completeness: (u32, u32),
}

/// What a translation translates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its file, for findings.
    pub file: Arc<str>,
    /// Its language.
    pub lang: String,
}

/// Why an entry is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// It is a draft, or in review.
    Draft,
    /// Its date has not come.
    Future,
    /// It is private.
    Private,
    /// What it says of its publication cannot be read: it may be private.
    Doubtful,
}

impl Entry {
    /// The value of a field.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.values.get(field).map(|stored| &stored.value)
    }

    /// The date in a field.
    pub fn date(&self, field: &str) -> Option<PartialDate> {
        match self.value(field)? {
            Value::Date(date) => Some(*date),
            Value::Period { start, .. } => Some(*start),
            _ => None,
        }
    }

    /// Whether it introduces a list or the home page instead of having a page.
    pub fn is_intro(&self) -> bool {
        self.kind == claim::INDEX
    }

    /// The publication status: `published` unless the entry says otherwise.
    pub fn status(&self) -> &str {
        let said = self.value("status").and_then(Value::as_text).unwrap_or("published");
        match self.hidden {
            // By `draft = true`.
            Some(Hidden::Draft) if said == "published" => "draft",
            _ => said,
        }
    }

    /// Every body: the entry's own and those of its Markdown fields.
    pub fn bodies(&self) -> Vec<&Body> {
        let mut bodies = vec![&*self.body];
        for stored in self.values.values() {
            stored.value.walk(&mut |value| {
                if let Value::Markdown(body) = value {
                    bodies.push(body);
                }
            });
        }
        bodies
    }

    fn place(&self) -> Place {
        Place::file(self.file.clone())
    }
}

impl Model {
    /// Types and joins a collection; where its links lead is checked by `check`.
    ///
    /// With `on_bad_entry = "skip"`, entries with errors are left out and
    /// named; their errors become warnings, since the site is right without them.
    pub fn build(
        site: &Site,
        collection: Collection,
        found: Diagnostics,
        options: Options,
    ) -> (Self, Diagnostics) {
        Self::make(site, collection, found, options, None)
    }

    /// As [`Model::build`], of the site whose entries were `typed`; those that are as
    /// they were then are not typed again.
    pub fn build_again(
        typed: &mut Typed,
        collection: Collection,
        found: Diagnostics,
        options: Options,
    ) -> (Self, Diagnostics) {
        Self::make(&typed.site(), collection, found, options, Some(typed))
    }

    fn make(
        site: &Site,
        collection: Collection,
        mut found: Diagnostics,
        options: Options,
        typed: Option<&mut Typed>,
    ) -> (Self, Diagnostics) {
        let Collection { entries, files } = collection;
        let reader = read::Reader { site, files: &files, today: options.today };
        let (mut entries, findings) = reader.read_all(entries, typed);
        found.append(findings);
        found.relevel(&site.settings.levels);
        let bad = skip::bad(site, &mut entries, &mut found, |_| true);
        let (mut absent, doubtful) = skip::hide(&mut entries, options, &found);
        absent.extend(bad.into_iter().map(|id| (id, Absence::Faulty)));
        let (mut model, findings) = Self::join(site, entries, absent, files);
        model.doubtful = doubtful;
        found.append(findings);
        while model.leave_out_bad(site, &mut found) {}
        (model, found)
    }

    /// Puts a body in the place of that of an entry, given by content path, if
    /// no other entry and no list can look otherwise for it; says whether it did.
    pub fn replace_body(&mut self, path: &str, body: &Arc<Body>) -> bool {
        let entry = self.index.path(path).and_then(|at| self.entries.get_mut(at));
        let Some(entry) = entry.filter(|entry| entry.body.shape() == body.shape()) else {
            return false;
        };
        let lifted = entry.body.is_lifted();
        entry.body = Arc::clone(body);
        if lifted {
            Arc::make_mut(&mut entry.body).lift_title();
        }
        true
    }

    /// Names of entries that are not part of the site, with the reason, in order.
    pub fn absent(&self) -> impl Iterator<Item = (&str, Absence)> {
        self.index.absent.iter().map(|(name, why)| (name.as_str(), *why))
    }

    /// The entry of a file, by content path.
    pub fn of_path(&self, path: &str) -> Option<&Entry> {
        self.entries.get(self.index.path(path)?)
    }

    /// The entries most like one, of those shown in its language, best first.
    pub fn related(&self, at: usize) -> Vec<usize> {
        let space = self.entries.get(at).and_then(|entry| self.spaces.get(&entry.lang));
        space.map(|space| space.most_alike(at)).unwrap_or_default()
    }

    /// Entries with errors of which it cannot be said whether they should be published.
    pub fn doubtful(&self) -> &[Entry] {
        &self.doubtful
    }

    /// Every file beside the entries, by content path.
    pub fn files(&self) -> &BTreeMap<String, SourceFile> {
        &self.files
    }

    /// Leaves out, where the site asks for it, the entries that findings call
    /// bad, makes warnings of those findings, and says whether there were any.
    /// What refers to such an entry is as good as what refers to a draft.
    pub fn leave_out_bad(&mut self, site: &Site, found: &mut Diagnostics) -> bool {
        // What is said of a file that entries use would be said again, and again.
        let gone = skip::bad(site, &mut self.entries, found, content::is_text);
        if gone.is_empty() {
            return false;
        }
        let Self { entries, files, index, .. } = std::mem::take(self);
        let mut absent = index.absent;
        absent.extend(gone.into_iter().map(|id| (id, Absence::Faulty)));
        let (model, findings) = Self::join(site, entries, absent, files);
        *self = model;
        found.append(findings);
        true
    }

    /// Builds everything that needs all entries at once.
    fn join(
        site: &Site,
        mut entries: Vec<Entry>,
        absent: BTreeMap<String, Absence>,
        files: Files,
    ) -> (Self, Diagnostics) {
        let mut found = Diagnostics::default();
        let index = index::Index::new(&entries, &site.settings.languages, absent, &mut found);
        let incoming = graph::join(site, &mut entries, &index, &mut found);
        let shown = shown(site, &entries);
        let (facets, spaces) = rayon::join(
            || facets::collect(site, &entries, &shown),
            || related::spaces(&site.schema, &entries, &shown),
        );
        let intros = claim::intros(&entries);
        let mut model = Self {
            entries,
            incoming,
            shown,
            facets,
            intros,
            index,
            spaces,
            files,
            ..Self::default()
        };
        found.append(model.load_assets());
        found.relevel(&site.settings.levels);
        (model, found)
    }

    /// The type of an entry.
    pub fn type_of<'s>(&self, schema: &'s Schema, entry: &Entry) -> &'s EntryType {
        // Reading gave the entry this type, so the schema has it.
        &schema.types[entry.kind.as_str()]
    }

    /// The entries with the same id in other languages.
    pub fn translations<'m>(&'m self, entry: &'m Entry) -> impl Iterator<Item = &'m Entry> {
        self.index
            .group(&entry.id)
            .map(|at| &self.entries[at])
            .filter(|other| other.lang != entry.lang)
    }

    /// Whether a word names an entry that is there but not part of the site.
    pub fn is_absent(&self, word: &str) -> bool {
        matches!(self.index.find(word, &|_| true), index::Found::Absent(_))
    }

    /// The id nearest to a word that names no entry.
    pub fn near(&self, word: &str) -> Option<&str> {
        self.index.near(word)
    }

    /// The entry that a word of the configuration or a reference names.
    pub fn find(&self, word: &str, lang: &str) -> Option<&Entry> {
        match self.index.find(word, &|_| true) {
            index::Found::One(at) if !self.entries[at].is_intro() => {
                self.entries.get(self.in_language(at, lang))
            }
            _ => None,
        }
    }
}

/// For each language of the site: one entry a translation group, in that
/// language if there is one, else in the default language, else in any.
fn shown(site: &Site, entries: &[Entry]) -> BTreeMap<String, Vec<usize>> {
    let mut groups: IndexMap<&str, Vec<usize>, foldhash::fast::RandomState> = IndexMap::default();
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| !entry.is_intro()) {
        groups.entry(&entry.id).or_default().push(at);
    }
    let default = site.settings.default_language();
    let pick = |group: &[usize], lang: &str| {
        let speaks = |lang: &str| group.iter().copied().find(|at| entries[*at].lang == lang);
        speaks(lang).or_else(|| speaks(default)).or_else(|| group.first().copied())
    };
    let languages = site.settings.languages.iter();
    languages
        .map(|lang| (lang.clone(), groups.values().filter_map(|group| pick(group, lang)).collect()))
        .collect()
}

/// A map that is looked up. Whoever lists it must sort what comes: its order is any.
type Lookup<V> = HashMap<String, V, foldhash::fast::RandomState>;

/// The files beside the entries.
type Files = BTreeMap<String, SourceFile>;

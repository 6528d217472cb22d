//! Whether a build would come to what the last one came to.
//!
//! Enters: all that a build is made from (site, theme, entries, options, the
//! program itself) and the output folder, as [`crate::trace`] sees them. Leaves:
//! what the last build found and wrote, if none of it has changed since, else what
//! spares this one some of the work. The memory lies in the site's own folder and
//! never in the output, for findings name entries that are not published. Beside it
//! lie texts as they were read and the parts of the search index ([`super::kept`]), and
//! where the output is, so that nothing is kept of one that is gone. A memory that is absent, damaged or of
//! another place is none: then everything is built.

use super::kept::Kept;
use super::stamp::Stamp;
use super::{BuildOptions, Built};
use crate::config::{self, Site};
use crate::content;
use crate::diagnostic::Diagnostics;
use crate::output::{self, Left, Seen};
use crate::trace::{Listed, Trace};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The folder of the memory, in the site's.
const FOLDER: &str = ".exempla-cache";

/// Ends the name of the folder with the parts of an output's search index.
const INDEX: &str = "index";

/// The folder with texts as they were read, whatever the output.
const TEXTS: &str = "texts";

/// Ends the name of the file that says where an output lies.
const PLACE: &str = "place";

/// What it takes to remember.
#[derive(Debug, Clone)]
pub struct Cache {
    /// The time since 1970.
    pub clock: fn() -> Duration,
    /// The program that builds: another may build otherwise.
    pub program: PathBuf,
}

/// The memory of the builds of one site into one folder.
pub(super) struct Memory {
    file: PathBuf,
    output: PathBuf,
    clock: fn() -> Duration,
    /// The trace of this program.
    program: String,
    /// The last build.
    before: Option<Record>,
    /// The moment of this one.
    at: Duration,
    /// What is looked at, for this moment and for that of the last build.
    looked: Trace,
    /// The traces of what this build reads.
    now: Option<Traces>,
    /// Whether all outside the content folder is as in the last build.
    same_set_up: bool,
}

/// Traces of what a build reads.
struct Traces {
    /// Of all but the content folder.
    set_up: String,
    all: String,
}

/// What spares the next build some of its work.
#[derive(Serialize, Deserialize)]
pub(super) struct Spared {
    pub stamp: Stamp,
    pub in_entries: Option<InEntries>,
}

/// What was found in entries, each by itself.
#[derive(Serialize, Deserialize)]
pub(super) struct InEntries {
    /// [`Stamp::joined`] of what was looked at.
    pub joined: String,
    pub found: Diagnostics,
}

#[derive(Serialize, Deserialize)]
struct Record {
    inputs: Seen,
    outputs: Seen,
    /// The trace of all inputs but the content folder.
    set_up: String,
    spared: Spared,
    program: String,
    entries: BTreeMap<String, BTreeMap<String, usize>>,
    pages: usize,
    files: usize,
    found: Diagnostics,
}

impl Memory {
    /// Opens the memory of a site. What a build reads must be looked at before
    /// it is read, so this comes before the configuration.
    pub fn open(root: &Path, options: &BuildOptions) -> Option<Self> {
        let cache = options.cache.as_ref()?;
        let output = root.join(&options.output);
        let output = std::path::absolute(&output).unwrap_or(output);
        let name = blake3::hash(output.to_string_lossy().as_bytes()).to_hex();
        let file = root.join(FOLDER).join(&name[..16]);
        let before = config::read_text(&file).ok().and_then(|text| Record::read(&text));
        let at = (cache.clock)();
        let mut program = Trace::at(&[at]);
        program.add_file(&cache.program);
        let program = program.so_far()?.pop()?;
        // What counted by its bytes in the last build must do so again.
        let moments = [at].into_iter().chain(before.as_ref().map(|record| record.inputs.at));
        let looked = begin(root, options, cache, &moments.collect::<Vec<_>>());
        let (clock, now, same_set_up) = (cache.clock, None, false);
        Some(Self { file, output, clock, program, before, at, looked, now, same_set_up })
    }

    /// What the last build came to, if this one would come to the same. Otherwise the
    /// last one is forgotten, for this one is about to change the output.
    pub fn recall(&mut self, site: &Site, seen: &[Listed]) -> Option<Built> {
        site.appearance.trace(&mut self.looked);
        let set_up = self.looked.so_far();
        content::trace(site, seen, &mut self.looked);
        let all = self.looked.so_far();
        let inputs = all.as_ref().and_then(|all| all.get(1));
        let is_same = |record: &Record| {
            inputs == Some(&record.inputs.trace)
                && output::trace(&self.output, record.outputs.at).as_ref()
                    == Some(&record.outputs.trace)
        };
        if let Some(record) = self.before.take_if(|record| is_same(record)) {
            return Some(record.into());
        }
        let then = set_up.as_ref().and_then(|traces| traces.get(1));
        self.same_set_up = self.before.as_ref().is_some_and(|last| then == Some(&last.set_up));
        let now = |traces: Option<Vec<String>>| traces?.into_iter().next();
        self.now = now(set_up).zip(now(all)).map(|(set_up, all)| Traces { set_up, all });
        self.before.take_if(|record| record.program != self.program);
        output::forget(&self.file);
        None
    }

    /// How the last build left the output, if this very program ran it.
    pub fn last_left(&self) -> Option<&Seen> {
        self.before.as_ref().map(|record| &record.outputs)
    }

    /// What pages were made from in the last build, if all but the content folder is as it
    /// was then.
    pub fn stamp(&self) -> Option<&Stamp> {
        self.spared().map(|last| &last.stamp)
    }

    /// What the last build found in entries, each by itself, if all that they are held
    /// against is as it was then.
    pub fn in_entries(&self, joined: &str) -> Option<&Diagnostics> {
        let last = self.spared()?.in_entries.as_ref()?;
        (last.joined == joined).then_some(&last.found)
    }

    fn spared(&self) -> Option<&Spared> {
        self.before.as_ref().filter(|_| self.same_set_up).map(|record| &record.spared)
    }

    /// Where the parts of the search index of a language are kept.
    pub fn parts(&self, lang: &str) -> Kept {
        Kept::new(self.file.with_extension(INDEX).join(lang), &self.program)
    }

    /// Where texts are kept as they were read, and a moment before they are looked at.
    pub fn texts(&self) -> (Kept, Duration) {
        (Kept::new(self.file.with_file_name(TEXTS), &self.program), self.at)
    }

    /// Lets go of what no build will ask for: the parts of languages but these, and all
    /// that is remembered of output folders that are gone.
    fn tidy<'l>(&self, languages: impl Iterator<Item = &'l str>) {
        let [index, own] = [INDEX, PLACE].map(|end| self.file.with_extension(end));
        output::forget_others(&index, &languages.map(|lang| index.join(lang)).collect());
        output::store(&own, self.output.to_string_lossy().as_bytes());
        let kept = self.file.parent().map(output::kept_in).unwrap_or_default();
        let is_of_another =
            |path: &&PathBuf| **path != own && path.extension().is_some_and(|end| end == PLACE);
        for place in kept.iter().filter(is_of_another) {
            let output = config::read_text(place).unwrap_or_default();
            if !Path::new(&output).is_dir() {
                let all = [INDEX, "", PLACE].map(|end| place.with_extension(end));
                all.iter().for_each(|path| output::forget(path));
            }
        }
    }

    /// Remembers a build that ended well, with what may spare the next some work. What
    /// cannot be remembered is built again.
    pub fn keep(self, built: &Built, spared: Spared, left: Left) {
        let at = (self.clock)();
        let Some(summary) = built.summary else { return };
        self.tidy(built.searched.iter().map(String::as_str));
        let Some((inputs, outputs)) = self.now.zip(left.trace(at)) else {
            return;
        };
        let mut entries: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for ((kind, lang), count) in &built.entries {
            entries.entry(kind.clone()).or_default().insert(lang.clone(), *count);
        }
        let record = Record {
            inputs: Seen { at: self.at, trace: inputs.all },
            outputs: Seen { at, trace: outputs },
            set_up: inputs.set_up,
            spared,
            program: self.program,
            entries,
            pages: built.pages,
            files: summary.written + summary.unchanged,
            found: built.found.clone(),
        };
        if let Some(text) = record.write() {
            output::store(&self.file, text.as_bytes());
        }
    }
}

impl From<Record> for Built {
    fn from(record: Record) -> Self {
        let entries = record.entries.into_iter().flat_map(|(kind, languages)| {
            languages.into_iter().map(move |(lang, count)| ((kind.clone(), lang), count))
        });
        Self {
            summary: Some(output::Summary { unchanged: record.files, ..Default::default() }),
            entries: entries.collect(),
            pages: record.pages,
            found: record.found,
            broken: false,
            recalled: true,
            searched: BTreeSet::new(),
        }
    }
}

impl Record {
    /// A line with the hash of the rest, which is JSON: damage is no memory.
    fn write(&self) -> Option<String> {
        let rest = serde_json::to_string(self).ok()?;
        Some(format!("{}\n{rest}", blake3::hash(rest.as_bytes()).to_hex()))
    }

    fn read(text: &str) -> Option<Self> {
        let (hash, rest) = text.split_once('\n')?;
        let sound = blake3::hash(rest.as_bytes()).to_hex().as_str() == hash;
        if sound { serde_json::from_str(rest).ok() } else { None }
    }
}

/// Begins the trace of all that a build is made from.
fn begin(root: &Path, options: &BuildOptions, cache: &Cache, moments: &[Duration]) -> Trace {
    // Taken apart, so that a new option cannot be left out.
    let BuildOptions { output, base_url, today, drafts, progress: _, cache: _ } = options;
    let mut trace = Trace::at(moments);
    trace.add_text(&format!("{output:?} {base_url:?} {today:?} {drafts}"));
    trace.add_file(&cache.program);
    config::trace(root, &mut trace);
    trace
}

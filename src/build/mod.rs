//! A whole build: the way of the data, once, from a folder to a folder.
//!
//! Enters: the folder of a site and what is asked for. Leaves: a [`Built`],
//! which says what was found and what was written. Nothing is printed here, and
//! nothing is written while a finding is an error.

mod kept;
mod memory;
mod pack;
mod pictures;
mod sound;
mod stamp;

pub use memory::Cache;
pub use sound::{Known, Sound, sound};

use crate::config::{self, BaseUrl, Site};
use crate::content::Shelved;
use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::exports::Exports;
use crate::model::{Asset, Model, Options, PartialDate};
use crate::output::{self, Left, Output, Summary};
use crate::render::{Page, Renderer, ThemeSet};
use crate::trace::Listed;
use crate::{check, content};
use memory::{InEntries, Memory, Spared};
use pack::Pack;
use rayon::prelude::*;
use stamp::Stamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What a build is made from, besides the site itself.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// Where the site goes; relative to the site's folder.
    pub output: PathBuf,
    /// Instead of the site's own.
    pub base_url: Option<BaseUrl>,
    /// The day of the build.
    pub today: PartialDate,
    /// Whether drafts and future entries are included.
    pub drafts: bool,
    /// Told how many of how many pages are done.
    pub progress: Option<fn(usize, usize)>,
    /// With it, a build that would change nothing is recognised and spared.
    pub cache: Option<Cache>,
}

/// What a build came to.
#[derive(Debug, Default)]
pub struct Built {
    /// What was written, if anything was to be.
    pub summary: Option<Summary>,
    /// Published entries by type and language.
    pub entries: BTreeMap<(String, String), usize>,
    /// How many pages there are.
    pub pages: usize,
    /// The languages that have a search index.
    searched: BTreeSet<String>,
    /// Everything that was found, sorted.
    pub found: Diagnostics,
    /// Whether the set-up is broken or a write failed, rather than an entry bad.
    pub broken: bool,
    /// Whether nothing had changed since an earlier build, whose findings these are.
    pub recalled: bool,
}

/// Builds the site in `root`. Nothing is printed; nothing is written when a
/// finding is an error.
pub fn build(root: &Path, options: &BuildOptions) -> Built {
    let mut built = Built::default();
    let mut memory = Memory::open(root, options);
    let (site, found) = config::load(root);
    built.found = found;
    let Some(mut site) = site.filter(|_| !built.found.has_errors()) else {
        built.broken = true;
        built.found.sort();
        return built;
    };
    let kept = [&*site.content_dir(), &root.join("themes"), root];
    if let Some(found) = output::misplaced(&root.join(&options.output), kept) {
        built.found.push(found);
        built.broken = true;
        return built;
    }
    let seen = content::look_around(&site);
    if let Some(built) = memory.as_mut().and_then(|memory| memory.recall(&site, &seen)) {
        return built;
    }
    if let Some(base_url) = &options.base_url {
        site.settings.base_url = base_url.clone();
    }
    // What is remembered is looked at before another build may change it.
    let written = built.run(Arc::new(site), seen, root, options, memory.as_ref());
    built.found.sort();
    if let Some((memory, (left, spared))) = memory.zip(written) {
        memory.keep(&built, spared, left);
    }
    built
}

/// Lets go of a whole site, which takes a while, while nobody waits for it.
pub fn let_go(site: impl Send + 'static) {
    let thread = std::thread::Builder::new().name("let-go".into());
    // Without a thread to spare it is let go here and now.
    let _ = thread.spawn(move || drop(site));
}

impl Built {
    /// What the program ends with: 0 fine, 1 findings at level error, 2 a
    /// broken set-up or a failed write.
    pub fn exit_code(&self) -> u8 {
        let of_set_up =
            |one: &Diagnostic| one.level == Level::Error && one.code.name.starts_with("config/");
        match () {
            () if self.broken || self.found.iter().any(of_set_up) => 2,
            () if self.found.has_errors() => 1,
            () => 0,
        }
    }

    /// Builds what is not remembered whole. If the output was written: how it was left, and
    /// what may spare the next build some work.
    fn run(
        &mut self,
        site: Arc<Site>,
        seen: Vec<Listed>,
        root: &Path,
        options: &BuildOptions,
        memory: Option<&Memory>,
    ) -> Option<(Left, Spared)> {
        let texts = memory.map(Memory::texts);
        let kept = texts.as_ref().map(|(kept, at)| Shelved { shelf: kept, at: *at });
        let ((collection, found), (themes, mut of_theme)) =
            rayon::join(|| content::load_seen(&site, seen, kept), || ThemeSet::new(&site));
        texts.iter().for_each(|(kept, _)| kept.tidy());
        of_theme.relevel(&site.settings.levels);
        self.found.append(of_theme);
        let mut stamp = Stamp::of(&collection);
        let model_options = Options { today: options.today, drafts: options.drafts };
        let (model, found) = Model::build(&site, collection, found, model_options);
        self.found.append(found);
        let Some(themes) = themes else {
            self.found.append(check::check(&site, &model));
            self.count(&model);
            self.broken = true;
            return None;
        };
        let joined = stamp.joined(&model);
        let before = memory.and_then(|memory| memory.stamp().zip(memory.in_entries(&joined)));
        let known = before.map(|(before, found)| Known { found, others: stamp.others(before) });
        let Sound { renderer, found, in_entries } =
            sound(&site, &themes, model, options.today, known);
        self.found.append(found);
        let renderer = match renderer {
            Ok(renderer) => renderer,
            Err(model) => {
                self.count(&model);
                return None;
            }
        };
        self.count(renderer.model());
        self.pages = renderer.pages().len();
        let exports = Exports::new(&renderer);
        let (mut found, documents) =
            rayon::join(|| exports.check(&renderer), || pack::documents(&renderer));
        found.relevel(&site.settings.levels);
        self.found.append(found);
        if self.found.has_errors() {
            return None;
        }
        let output = Output::open(&root.join(&options.output)).map_err(Stopped::disk);
        self.searched = documents.iter().flat_map(|own| own.keys().cloned()).collect();
        let written = output.and_then(|output| {
            write(&renderer, &exports, output, documents, &mut stamp, memory, options.progress)
        });
        match written {
            Ok((summary, left, found)) => {
                self.summary = Some(summary);
                self.found.append(found);
                let_go((renderer, exports));
                let in_entries = in_entries.map(|found| InEntries { joined, found });
                Some((left, Spared { stamp, in_entries }))
            }
            Err(Stopped { found, broken }) => {
                self.found.append(found);
                self.broken = broken;
                None
            }
        }
    }

    fn count(&mut self, model: &Model) {
        for entry in model.entries.iter().filter(|entry| !entry.is_intro()) {
            *self.entries.entry((entry.kind.clone(), entry.lang.clone())).or_default() += 1;
        }
    }
}

/// Why nothing, or not everything, was written.
struct Stopped {
    found: Diagnostics,
    /// Whether the disk is to blame rather than a template.
    broken: bool,
}

impl Stopped {
    fn disk(found: Diagnostic) -> Self {
        Self { found: Diagnostics::from_iter([found]), broken: true }
    }
}

fn write(
    renderer: &Renderer,
    exports: &Exports,
    output: Output,
    documents: Option<pack::Documents>,
    stamp: &mut Stamp,
    memory: Option<&Memory>,
    progress: Option<fn(usize, usize)>,
) -> Result<(Summary, Left, Diagnostics), Stopped> {
    let mut pack = documents.map(|documents| Pack::new(renderer, documents, memory));
    if let Some(left) = memory.and_then(Memory::last_left) {
        // One core waits for the part of an index that was edited; the other looks at the disk.
        let index = || pack.as_mut().map_or(Ok(()), |pack| pack.index(&output));
        rayon::join(index, || output.look(left)).0?;
    }
    let (pictures, mut found) = pictures::copy(renderer, &output)?;
    found.relevel(&renderer.site().settings.levels);
    if found.has_errors() {
        return Err(Stopped { found, broken: false });
    }
    stamp.add_joined(renderer, &pictures);
    let before = memory.and_then(Memory::stamp);
    let is_as_before =
        |page: &Page| before.is_some_and(|before| stamp.is_as(before, page, renderer.model()));
    renderer.set_copies(Arc::new(pictures));
    let put = |path: &str, bytes: &[u8]| output.put_bytes(path, bytes).map_err(Stopped::disk);
    // Neither needs the other, and each has moments when it leaves cores idle.
    let (pages, pack) = rayon::join(
        || write_pages(renderer, exports, &output, &is_as_before, progress),
        || pack.map_or(Ok(()), |pack| pack.write(&output)),
    );
    pages?;
    pack?;
    for (path, bytes) in renderer.static_files() {
        put(&path, bytes)?;
    }
    let assets: Vec<&Asset> = renderer.content_files().collect();
    assets.par_iter().try_for_each(|asset| match output.keep(&asset.url, &asset.hash) {
        true => Ok(()),
        false => put(&asset.url, &asset.read().map_err(Stopped::disk)?),
    })?;
    exports
        .paths(renderer)
        .par_iter()
        .try_for_each(|path| put(path, &exports.file(renderer, path).unwrap_or_default()))?;
    // A feed may show what no page does.
    let failures = renderer.failures();
    if !failures.is_empty() {
        return Err(Stopped { found: failures, broken: false });
    }
    let (summary, left) = output.commit().map_err(|found| Stopped { found, broken: true })?;
    Ok((summary, left, found))
}

fn write_pages(
    renderer: &Renderer,
    exports: &Exports,
    output: &Output,
    is_as_before: &(dyn Fn(&Page) -> bool + Sync),
    progress: Option<fn(usize, usize)>,
) -> Result<(), Stopped> {
    let done = AtomicUsize::new(0);
    // What one file meets on the disk, all would.
    let stopped = AtomicBool::new(false);
    let pages = renderer.pages();
    let failures: Vec<Failure> = pages
        .par_iter()
        .filter_map(|page| {
            let result = match is_as_before(page) && output.keep_untouched(&page.file()) {
                true => None,
                false if stopped.load(Ordering::Relaxed) => None,
                false => write_page(renderer, exports, output, page).err(),
            };
            if result.as_ref().is_some_and(|failure: &Failure| failure.disk) {
                stopped.store(true, Ordering::Relaxed);
            }
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if let Some(progress) = progress {
                progress(done, pages.len());
            }
            result
        })
        .collect();
    let broken = failures.iter().any(|failure| failure.disk);
    let mut found: Diagnostics = failures.into_iter().map(|failure| *failure.found).collect();
    found.append(renderer.failures());
    if found.is_empty() { Ok(()) } else { Err(Stopped { found, broken }) }
}

/// A page that could not be made or written.
struct Failure {
    found: Box<Diagnostic>,
    disk: bool,
}

fn write_page(
    renderer: &Renderer,
    exports: &Exports,
    output: &Output,
    page: &Page,
) -> Result<(), Failure> {
    let template = |found| Failure { found, disk: false };
    let mut view = renderer.view(page).map_err(template)?;
    exports.furnish(renderer, page, &mut view);
    let fingerprint = renderer.fingerprint(&view);
    let file = page.file();
    if output.keep(&file, &fingerprint) {
        return Ok(());
    }
    let html = renderer.render(page, &view).map_err(template)?;
    output
        .put(&file, fingerprint, html.as_bytes())
        .map_err(|found| Failure { found: Box::new(found), disk: true })
}

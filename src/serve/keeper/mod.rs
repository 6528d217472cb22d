//! Keeps the site as its files say: the one who changes it.
//!
//! Enters: paths that something happened to. Leaves: a changed site, with word
//! of what is wrong. A change of words in one body puts that body in its place
//! at once; entries that say something else, but are who they were, are put right
//! with what hangs on them; any other change of entries joins what was read anew, as a
//! build does; `site.toml` begins from the start. What a page does not need to be shown
//! (whether every link leads somewhere, and the like) is checked in a quiet moment.

mod told;

use super::live::{Live, Ready};
use super::shelf::{Change, Shelf, Stage};
use super::{News, Options, Tell};
use crate::build;
use crate::config::{self, BaseUrl, OnBadEntry, Site};
use crate::diagnostic::Diagnostics;
use crate::exports::Exports;
use crate::model::{self, Model, Typed};
use crate::render::{Copies, Renderer, ThemeSet};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Follows a site's files.
pub(super) struct Keeper {
    options: Options,
    /// Where the site is served; its own path comes behind.
    base: BaseUrl,
    live: Arc<Live>,
    tell: Tell,
    shelf: Shelf,
    /// What was read of the entries on it when they were last joined or revised.
    typed: Option<Typed>,
    content_dir: Option<PathBuf>,
    /// The files that `site.toml` names.
    named: Vec<PathBuf>,
    /// Why `site.toml` or the theme cannot be used.
    trouble: Diagnostics,
    /// What was found when entries were last joined or revised.
    found: Diagnostics,
    /// What was found when they were last checked.
    late: Diagnostics,
    /// Whether anything has changed since.
    unchecked: bool,
    /// The version beside which all was tried again that a check had taken back.
    tried: u64,
    /// The site wants bad entries left out: only those are pointed out that
    /// someone works on.
    forgiving: bool,
    worked_on: BTreeSet<String>,
    /// What was told last.
    told: String,
    /// What was pointed out last.
    noticed: Diagnostics,
    /// Whether it was said where the site will be.
    waiting: bool,
    /// Whether it was said how many warnings there are.
    counted: bool,
}

impl Keeper {
    pub fn new(options: Options, base: BaseUrl, live: Arc<Live>, tell: Tell) -> Self {
        Self {
            options,
            base,
            live,
            tell,
            shelf: Shelf::default(),
            typed: None,
            content_dir: None,
            named: Vec::new(),
            trouble: Diagnostics::default(),
            found: Diagnostics::default(),
            late: Diagnostics::default(),
            unchecked: false,
            tried: 0,
            forgiving: false,
            worked_on: BTreeSet::new(),
            told: String::new(),
            noticed: Diagnostics::default(),
            waiting: false,
            counted: false,
        }
    }

    /// The site's folder.
    pub fn root(&self) -> &Path {
        &self.options.root
    }

    /// The folders whose files matter, as far as the settings tell; each with whether
    /// what lies below it matters too.
    pub fn folders(&self) -> BTreeMap<PathBuf, bool> {
        let themes = Some(self.root().join("themes"));
        let whole: Vec<PathBuf> = themes.into_iter().chain(self.content_dir.clone()).collect();
        let named = self.named.iter().flat_map(|file| self.above(file));
        let single = named.chain([self.root()]);
        let single = single.filter(|folder| !whole.iter().any(|whole| folder.starts_with(whole)));
        let mut folders: BTreeMap<PathBuf, bool> =
            single.map(|folder| (folder.to_path_buf(), false)).collect();
        folders.extend(whole.into_iter().map(|folder| (folder, true)));
        folders
    }

    /// The folders of a file of the site, up to the site's own and without it.
    fn above<'f>(&'f self, file: &'f Path) -> impl Iterator<Item = &'f Path> {
        file.ancestors().skip(1).take_while(|folder| *folder != self.root())
    }

    /// Learns from the settings where the files of the site are.
    pub fn find_files(&mut self) {
        if let (Some(site), _) = config::load(self.root()) {
            self.place(&site);
        }
    }

    fn place(&mut self, site: &Site) {
        self.content_dir = Some(site.content_dir());
        self.named.clone_from(&site.appearance.files);
    }

    /// Whether not all that was changed is checked yet.
    pub fn is_unchecked(&self) -> bool {
        self.unchecked
    }

    /// Tells whoever started the server.
    pub fn tell(&self, news: News) {
        (self.tell)(news);
    }

    /// Reads everything. A site that cannot be used leaves the last one in its place.
    pub fn load(&mut self) {
        let first = self.live.read().ready.is_none();
        if let Some((site, themes)) = self.configure() {
            self.shelf = Shelf::load(&site);
            self.join(&Arc::new(site), &themes);
            self.live.search.all_changed();
            if first && let Some(ready) = &self.live.read().ready {
                self.tell(News::Ready(
                    ready.site.settings.base_url.absolute(""),
                    ready.renderer.model().entries.iter().filter(|entry| !entry.is_intro()).count(),
                    ready.renderer.pages().len(),
                ));
            }
        }
        self.say();
        let is_waiting = self.live.read().ready.is_none();
        if is_waiting && !std::mem::replace(&mut self.waiting, true) {
            self.tell(News::Waiting(self.base.absolute("")));
        }
    }

    /// Reads `site.toml` and the themes; none if one of them cannot be used.
    fn configure(&mut self) -> Option<(Site, ThemeSet)> {
        let (site, found) = config::load(self.root());
        self.trouble = found;
        // Also of a site that cannot be used: what mends it may lie in one of its files.
        site.iter().for_each(|site| self.place(site));
        let mut site = site.filter(|_| !self.trouble.has_errors())?;
        site.settings.base_url = self.base.under(site.settings.base_url.path());
        self.forgiving = site.settings.on_bad_entry == OnBadEntry::Skip;
        site.settings.on_bad_entry = OnBadEntry::Stop;
        let (themes, mut found) = ThemeSet::new(&site);
        found.relevel(&site.settings.levels);
        self.trouble.append(found);
        Some((site, themes?))
    }

    /// Joins what is on the shelf, as a build would, and shows it.
    fn join(&mut self, site: &Arc<Site>, themes: &ThemeSet) {
        let (ready, found) = self.make_sound(site, themes);
        self.show(ready, found);
        self.unchecked = true;
    }

    /// Joins what is on the shelf. Changes that turn out bad are taken back: the
    /// last good page stays.
    fn make_sound(&mut self, site: &Arc<Site>, themes: &ThemeSet) -> (Ready, Diagnostics) {
        loop {
            let (ready, found) = self.make(site, themes);
            if !self.shelf.take_back(Stage::Joining, &found, [&self.found, &self.late]) {
                return (ready, found);
            }
        }
    }

    fn show(&mut self, ready: Ready, found: Diagnostics) {
        self.found = found;
        self.shelf.shown();
        let mut state = self.live.write();
        let before = state.ready.replace(ready);
        state.version += 1;
        state.joined += 1;
        drop(state);
        build::let_go(before);
    }

    fn make(&mut self, site: &Arc<Site>, themes: &ThemeSet) -> (Ready, Diagnostics) {
        let options = model::Options { today: self.options.today, drafts: self.options.drafts };
        let collection = self.shelf.collection();
        let found = Diagnostics::default();
        self.typed.take_if(|typed| !typed.is_of(site));
        let typed = self.typed.get_or_insert_with(|| Typed::of(Arc::clone(site)));
        let (model, mut all) = Model::build_again(typed, collection, found, options);
        let (renderer, mut found) =
            Renderer::new(Arc::clone(site), themes, model, self.options.today);
        renderer.set_copies(Arc::clone(&self.live.gallery) as Arc<dyn Copies>);
        let exports = Exports::new(&renderer);
        found.relevel(&site.settings.levels);
        all.append(found);
        (Ready { site: Arc::clone(site), themes: themes.clone(), renderer, exports }, all)
    }

    /// Looks at what happened to some paths; returns those to look at again.
    pub fn follow(&mut self, paths: &BTreeSet<PathBuf>, patient: bool) -> BTreeSet<PathBuf> {
        let emptied =
            |path: &PathBuf| patient && config::is_emptied(self.root(), &self.named, path);
        let (mut postponed, paths): (BTreeSet<_>, BTreeSet<_>) =
            paths.iter().cloned().partition(emptied);
        let themes = self.root().join("themes");
        let site_file = self.root().join(config::SITE_FILE);
        // Of a folder that was not watched before, anything may have changed.
        let is_touched = |file: &PathBuf| {
            paths.contains(file) || self.above(file).any(|folder| paths.contains(folder))
        };
        let of_settings = paths.contains(&site_file) || self.named.iter().any(is_touched);
        if of_settings || self.live.read().ready.is_none() {
            self.load();
            return postponed;
        }
        if paths.iter().any(|path| path.starts_with(&themes)) {
            self.dress();
        }
        postponed.append(&mut self.read(&paths, patient));
        postponed
    }

    /// Compiles the themes anew.
    fn dress(&mut self) {
        if let Some((_, themes)) = self.configure() {
            let mut state = self.live.write();
            state.version += 1;
            if let Some(ready) = &mut state.ready {
                ready.renderer.dress(&themes);
                ready.exports = Exports::new(&ready.renderer);
                ready.themes = themes;
            }
            self.unchecked = true;
            // Words of the theme are searched too.
            self.live.search.all_changed();
        }
        self.say();
    }

    fn read(&mut self, paths: &BTreeSet<PathBuf>, patient: bool) -> BTreeSet<PathBuf> {
        let Some((site, themes)) = self.present() else { return BTreeSet::new() };
        let mut change = self.shelf.follow(&site, paths, patient);
        let folder = site.settings.content.trim_end_matches('/');
        self.worked_on.extend(change.touched.iter().map(|rel| format!("{folder}/{rel}")));
        let postponed = std::mem::take(&mut change.postponed);
        if change.touched.is_empty() && !change.more {
            if change.look {
                self.say();
            }
            return postponed;
        }
        if !self.put(&change) && !self.revise(&change) {
            let before = self.ids(&change);
            self.join(&site, &themes);
            self.index_again(&before, &change);
        }
        self.say();
        postponed
    }

    /// Puts bodies in their places, if that is all that has changed; says
    /// whether it was.
    fn put(&mut self, change: &Change) -> bool {
        if change.more || change.fronts {
            return false;
        }
        let mut state = self.live.write();
        let version = state.version + 1;
        let Some(ready) = &mut state.ready else { return false };
        for (rel, body) in &change.bodies {
            if !ready.renderer.replace_body(rel, body) {
                return false;
            }
            self.unchecked = true;
            if let Some(entry) = ready.renderer.model().of_path(rel) {
                self.live.search.changed(version, &entry.id);
            }
        }
        state.version = version;
        self.shelf.shown();
        true
    }

    /// Takes up what texts say of themselves now, if that changes nothing else and no
    /// error comes of it; says whether it was so.
    fn revise(&mut self, change: &Change) -> bool {
        let Some(typed) = self.typed.as_mut().filter(|_| !change.more) else { return false };
        let state = self.live.read();
        let ready = state.ready.as_ref().filter(|ready| typed.is_of(&ready.site));
        let revision = ready.and_then(|ready| {
            ready.renderer.revision(typed, self.shelf.sources(), &change.touched)
        });
        drop(state);
        let Some(revision) = revision else { return false };
        let mut state = self.live.write();
        let version = state.version + 1;
        // Nobody else has taken it away meanwhile.
        let Some(ready) = &mut state.ready else { return false };
        let revised = ready.renderer.revise(typed, revision);
        ready.exports.revise(&ready.renderer, &revised);
        state.version = version;
        drop(state);
        for (_, entry) in &revised.before {
            self.live.search.changed(version, &entry.id);
        }
        revised.settle(&mut self.found);
        self.shelf.shown();
        self.unchecked = true;
        true
    }

    /// The ids of the entries that a change touches, as far as they are published.
    fn ids(&self, change: &Change) -> BTreeSet<String> {
        let state = self.live.read();
        let model = state.ready.as_ref().map(|ready| ready.renderer.model());
        let entry = |rel: &String| Some(model?.of_path(rel)?.id.clone());
        change.touched.iter().filter_map(entry).collect()
    }

    /// Has the entries indexed anew that a change touches, or did before it.
    fn index_again(&self, before: &BTreeSet<String>, change: &Change) {
        let version = self.live.read().version;
        for id in before.union(&self.ids(change)) {
            self.live.search.changed(version, id);
        }
    }

    fn present(&self) -> Option<(Arc<Site>, ThemeSet)> {
        let state = self.live.read();
        let ready = state.ready.as_ref()?;
        Some((Arc::clone(&ready.site), ready.themes.clone()))
    }

    /// Checks what has changed. What turns out bad is taken back.
    pub fn check(&mut self) {
        self.unchecked = false;
        let late = self.live.read().ready.as_ref().map(Ready::check);
        let Some((late, (site, themes))) = late.zip(self.present()) else { return };
        if self.shelf.take_back(Stage::Checking, &late, [&self.found, &self.late]) {
            self.join(&site, &themes);
            // Right after that there is nothing that could have put it right.
            self.tried = self.live.read().version;
        } else {
            self.late = late;
            self.shelf.checked();
            self.try_again(&site, &themes);
        }
        self.say();
        self.notice();
    }

    /// Tries once more what a check has taken back: a theme may have the component
    /// now, an entry the heading. Nobody sees it before it is checked again.
    fn try_again(&mut self, site: &Arc<Site>, themes: &ThemeSet) {
        let version = self.live.read().version;
        if std::mem::replace(&mut self.tried, version) == version {
            return;
        }
        let mut change = Change::default();
        self.shelf.try_again(site, Stage::Checking, &mut change);
        let before = self.ids(&change);
        while !change.touched.iter().all(|rel| self.shelf.is_broken(rel)) {
            let (ready, found) = self.make_sound(site, themes);
            let late = ready.check();
            if !self.shelf.take_back(Stage::Checking, &late, [&self.found, &self.late]) {
                self.late = late;
                self.show(ready, found);
                self.index_again(&before, &change);
                break;
            }
            // What was read of them is not what is shown.
            let files = change.touched.iter().filter_map(|rel| self.shelf.file_of(rel));
            if let Some(typed) = &mut self.typed {
                typed.forget(files);
            }
        }
        self.shelf.checked();
    }
}

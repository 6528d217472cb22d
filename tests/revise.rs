//! A model in which one entry after another says something else is, with all that is made
//! of it, what joining everything anew would give.

mod built;

use built::{Dice, TODAY, copy, listed, test_site};
use exempla::config::{self, Site};
use exempla::content::{self, Collection, SourceEntry, SourceFile, TextFile};
use exempla::diagnostic::{Diagnostic, Diagnostics};
use exempla::exports::Exports;
use exempla::model::{Model, Options, PartialDate, Typed};
use exempla::render::{Renderer, ThemeSet};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;
use tempfile::TempDir;

/// A site that is kept, as `exempla serve` keeps one.
struct Kept {
    site: Arc<Site>,
    themes: ThemeSet,
    typed: Typed,
    /// By content path.
    sources: BTreeMap<String, SourceEntry>,
    files: BTreeMap<String, SourceFile>,
    made: Made,
    found: Diagnostics,
}

/// What is made of a model.
struct Made {
    renderer: Renderer,
    exports: Exports,
}

fn options() -> Options {
    Options { today: PartialDate::parse(TODAY).expect("a date"), drafts: true }
}

/// Whether a finding is of what entries say, not of where they stand.
fn is_of_words(one: &Diagnostic) -> bool {
    !["model/duplicate-id", "output/collision"].contains(&one.code.name)
}

impl Kept {
    fn new(site: Site) -> Self {
        let site = Arc::new(site);
        let themes = ThemeSet::new(&site).0.expect("a theme");
        let Collection { entries, files } = content::load(&site).0;
        let sources = entries.into_iter().map(|one| (one.location.path.clone(), one)).collect();
        let typed = Typed::of(Arc::clone(&site));
        let (model, _) =
            Model::build(&site, Collection::default(), Diagnostics::default(), options());
        let (made, found) = make(&site, &themes, model);
        let mut kept = Self { site, themes, typed, sources, files, made, found };
        kept.join();
        kept
    }

    fn collection(&self) -> Collection {
        let mut entries: Vec<SourceEntry> = self.sources.values().cloned().collect();
        entries.sort_by_cached_key(|entry| content::order(&entry.location.path));
        Collection { entries, files: self.files.clone() }
    }

    /// The same site joined anew, of which nothing was kept.
    fn afresh(&self) -> (Made, Diagnostics) {
        let (model, mut found) =
            Model::build(&self.site, self.collection(), Diagnostics::default(), options());
        let (made, more) = make(&self.site, &self.themes, model);
        found.append(more);
        (made, found)
    }

    /// Joins everything.
    fn join(&mut self) {
        let collection = self.collection();
        let none = Diagnostics::default();
        let (model, mut found) = Model::build_again(&mut self.typed, collection, none, options());
        let (made, more) = make(&self.site, &self.themes, model);
        found.append(more);
        (self.made, self.found) = (made, found);
    }

    /// Takes up a source; says whether no more was joined than hangs on it. `None` if
    /// errors come of it: then it is as it was.
    fn take(&mut self, text: &TextFile) -> Option<bool> {
        let (source, found) = content::read(&self.site, text);
        let source = source.filter(|source| source.whole && !found.has_errors())?;
        let before = self.sources.insert(text.rel.clone(), source);
        let touched = BTreeSet::from([text.rel.clone()]);
        let Self { typed, sources, made: Made { renderer, exports }, .. } = self;
        let Some(revised) = renderer.revise(typed, sources, &touched, options()) else {
            self.join();
            if !self.found.has_errors() {
                return Some(false);
            }
            self.sources.insert(text.rel.clone(), before.expect("it was there"));
            self.join();
            return None;
        };
        exports.revise(renderer, &revised);
        let has = |one: &Diagnostic| {
            one.place.as_ref().is_some_and(|place| revised.has(&place.file)) && is_of_words(one)
        };
        self.found.retain(|one| !has(one));
        self.found.append(revised.found);
        Some(true)
    }
}

fn make(site: &Arc<Site>, themes: &ThemeSet, model: Model) -> (Made, Diagnostics) {
    let (renderer, mut found) = Renderer::new(Arc::clone(site), themes, model, options().today);
    found.relevel(&site.settings.levels);
    let exports = Exports::new(&renderer);
    (Made { renderer, exports }, found)
}

impl Made {
    /// Everything that would be published, by path: pages as what templates get.
    fn files(&self) -> BTreeMap<String, String> {
        let page = |page| {
            let mut view = self.renderer.view(page).expect("a view");
            self.exports.furnish(&self.renderer, page, &mut view);
            (page.file(), serde_json::to_string(&view).expect("plain data"))
        };
        let pages = self.renderer.pages().iter().map(page);
        let paths = self.exports.paths(&self.renderer).into_iter();
        let export = |path: String| {
            let bytes = self.exports.file(&self.renderer, &path).expect("a file");
            let text = String::from_utf8_lossy(&bytes).into_owned();
            (path, text)
        };
        pages.chain(paths.map(export)).collect()
    }
}

/// An edit of a text: of a line of its front matter, mostly to what stands in another.
fn edit(dice: &mut Dice, text: &str, other: &str, round: u64) -> Option<String> {
    let fence = text.lines().next().filter(|line| ["---", "+++"].contains(line))?;
    let (front, body) = text[fence.len() + 1..].split_once(&format!("\n{fence}"))?;
    let mut lines: Vec<String> = front.lines().map(str::to_owned).collect();
    let key = |line: &str| {
        let plain = line.starts_with(|c: char| c.is_ascii_lowercase());
        let key = line.split([':', '=']).next().map(|key| key.trim().to_owned());
        key.filter(|_| plain && !line.trim_end().ends_with([':', '|', '>', '[', '{']))
    };
    let at = dice.below(lines.len().max(1));
    let mut body = body.to_owned();
    match dice.below(8) {
        0 => lines.iter_mut().for_each(|line| {
            *line = line.replace("title: ", &format!("title: Round {round}, "));
        }),
        1 => drop(lines.get(at).and_then(|line| key(line)).map(|_| lines.remove(at))),
        2 => body += &format!("\n## A heading of round {round}\n\nText [there](/practices/).\n"),
        3 => {
            let tags = ["eels", "Lanterns", "lanterns", "tide tables", "fog"];
            let (a, b) = (tags[dice.below(5)], tags[dice.below(5)]);
            lines.retain(|line| !line.starts_with("tags"));
            lines.push(match fence {
                "---" => format!("tags: [{a}, {b}]"),
                _ => format!("tags = [\"{a}\", \"{b}\"]"),
            });
        }
        _ => {
            // The line of another entry for the same key, or one that was not there.
            let theirs: Vec<&str> = other.lines().filter(|line| key(line).is_some()).collect();
            let taken = theirs.get(dice.below(theirs.len().max(1)))?;
            if !other.starts_with(fence) || ["id", "slug", "lang"].contains(&&*key(taken)?) {
                return None;
            }
            match lines.iter().position(|line| key(line) == key(taken)) {
                Some(same) => lines[same] = (*taken).to_owned(),
                None => lines.insert(at, (*taken).to_owned()),
            }
        }
    }
    Some(format!("{fence}\n{}\n{fence}{body}", lines.join("\n")))
}

#[test]
fn what_is_revised_is_what_joining_anew_gives() {
    let folder = TempDir::new().expect("a temporary folder");
    copy(&test_site("fictional"), folder.path());
    let site = config::load(folder.path()).0.expect("a site");
    let listing = content::list(&site).0;
    let mut kept = Kept::new(site);
    assert!(!kept.found.has_errors(), "{}", listed(&kept.found));
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let mut dice = Dice(number("EXEMPLA_SEED").unwrap_or(7));
    let (mut revised, mut joined, mut refused) = (0, 0, 0);
    for round in 0..number("EXEMPLA_REVISIONS").unwrap_or(120) {
        let text = &listing.texts[dice.below(listing.texts.len())];
        let other = &listing.texts[dice.below(listing.texts.len())];
        let [was, theirs] = [text, other].map(|of| fs::read_to_string(&of.path).expect("a text"));
        let Some(now) = edit(&mut dice, &was, &theirs, round).filter(|now| *now != was) else {
            continue;
        };
        fs::write(&text.path, &now).expect("written");
        match kept.take(text) {
            Some(true) => revised += 1,
            Some(false) => {
                joined += 1;
                continue;
            }
            None => {
                refused += 1;
                fs::write(&text.path, &was).expect("written");
                continue;
            }
        }
        let (made, found) = kept.afresh();
        let said = |found: &Diagnostics| {
            let mut all: Vec<String> = found.iter().map(|one| format!("{one:?}")).collect();
            all.sort();
            all
        };
        let what = format!("round {round}, {}:\n{was}\n{now}", text.rel);
        assert_eq!(said(&kept.found), said(&found), "{what}");
        let (ours, clean) = (kept.made.files(), made.files());
        assert!(ours.keys().eq(clean.keys()), "{what}");
        for (path, clean) in clean {
            assert_eq!(ours[&path], clean, "{path}, {what}");
        }
    }
    println!("{revised} revised, {joined} joined, {refused} refused");
    assert!(revised > 40 && joined > 2 && refused > 2);
}

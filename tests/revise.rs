//! A model in which one entry after another says something else is, with all that is made
//! of it, what joining everything anew would give.

mod built;

use built::{Dice, TODAY, copy, listed, test_site};
use exempla::config::{self, Site};
use exempla::content::{self, Collection, SourceEntry, SourceFile, TextFile};
use exempla::diagnostic::Diagnostics;
use exempla::exports::Exports;
use exempla::model::{Model, Options, PartialDate, Typed};
use exempla::render::{Renderer, ThemeSet};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
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
    options: Options,
    made: Made,
    found: Diagnostics,
}

/// What is made of a model.
struct Made {
    renderer: Renderer,
    exports: Exports,
}

impl Kept {
    fn new(site: Site, drafts: bool) -> Self {
        let site = Arc::new(site);
        let options = Options { today: PartialDate::parse(TODAY).expect("a date"), drafts };
        let themes = ThemeSet::new(&site).0.expect("a theme");
        let Collection { entries, files } = content::load(&site).0;
        let sources = entries.into_iter().map(|one| (one.location.path.clone(), one)).collect();
        let typed = Typed::of(Arc::clone(&site));
        let (made, found) = make(&site, &themes, Model::default(), options);
        let mut kept = Self { site, themes, typed, sources, files, options, made, found };
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
            Model::build(&self.site, self.collection(), Diagnostics::default(), self.options);
        let (made, more) = make(&self.site, &self.themes, model, self.options);
        found.append(more);
        (made, found)
    }

    /// Compares everything that is found and would be published with what joining anew gives.
    fn is_as_afresh(&self, what: &dyn Fn() -> String) {
        let (made, found) = self.afresh();
        let said = |found: &Diagnostics| -> BTreeSet<String> {
            found.iter().map(|one| format!("{one:?}")).collect()
        };
        assert_eq!(said(&self.found), said(&found), "{}", what());
        let (ours, clean) = (self.made.files(), made.files());
        assert!(ours.keys().eq(clean.keys()), "{}", what());
        for (path, clean) in clean {
            assert_eq!(ours[&path], clean, "{path}, {}", what());
        }
    }

    /// Joins everything.
    fn join(&mut self) {
        let collection = self.collection();
        let none = Diagnostics::default();
        let (model, mut found) =
            Model::build_again(&mut self.typed, collection, none, self.options);
        let (made, more) = make(&self.site, &self.themes, model, self.options);
        found.append(more);
        (self.made, self.found) = (made, found);
    }

    /// Takes up texts; says whether no more was joined than hangs on them. `None` if
    /// errors come of it: then all is as it was.
    fn take(&mut self, texts: &[&TextFile]) -> Option<bool> {
        let mut before = BTreeMap::new();
        for text in texts {
            let (source, found) = content::read(&self.site, text);
            let source = source.filter(|source| source.whole && !found.has_errors());
            let Some(source) = source else {
                self.sources.extend(before);
                return None;
            };
            let known = self.sources.insert(text.rel.clone(), source);
            before.entry(text.rel.clone()).or_insert(known.expect("it was there"));
        }
        let touched: BTreeSet<String> = before.keys().cloned().collect();
        let Self { typed, sources, made: Made { renderer, exports }, .. } = self;
        if let Some(revision) = renderer.revision(typed, sources, &touched) {
            let revised = renderer.revise(typed, revision);
            exports.revise(renderer, &revised);
            revised.settle(&mut self.found);
            return Some(true);
        }
        self.join();
        if !self.found.has_errors() {
            return Some(false);
        }
        self.sources.extend(before);
        self.join();
        None
    }
}

fn make(
    site: &Arc<Site>,
    themes: &ThemeSet,
    model: Model,
    options: Options,
) -> (Made, Diagnostics) {
    let (renderer, mut found) = Renderer::new(Arc::clone(site), themes, model, options.today);
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
        2 => {
            let link = ["[there](/practices/)", "![A gauge](/plan.svg)", "[plan](/plan.svg)"];
            let link = link[dice.below(3)];
            body += &format!("\n## A heading of round {round}\n\nText {link}.\n");
        }
        3 | 4 if text.contains("\nkind: p") => {
            let kind = ["partner", "project"][dice.below(2)];
            let is_kind = |line: &&mut String| line.starts_with("kind: ");
            lines.iter_mut().filter(is_kind).for_each(|line| *line = format!("kind: {kind}"));
        }
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

/// The fictional site, with more of what hangs together.
fn site(folder: &Path) -> Site {
    copy(&test_site("fictional"), folder);
    let write = |path: &str, text: &str| fs::write(folder.join(path), text).expect("written");
    // Two types have a field `kind` with other choices each.
    for (n, kind) in ["partner", "project", "external", "partner"].into_iter().enumerate() {
        let text = format!("---\ntitle: Paper {n}\nsummary: A paper.\nkind: {kind}\n---\nText.\n");
        write(&format!("content/publications/paper-{n}.md"), &text);
    }
    write("content/plan.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    let text = fs::read_to_string(folder.join("site.toml")).expect("site.toml");
    let more = "[[navigation]]\nentry = \"pages/about-the-fen\"\n\n\
                [[navigation]]\nlabel = \"Fog\"\nurl = \"/browse/tags/fog/\"\n\n[publisher]";
    let mut text = text.replacen("[publisher]", more, 1);
    text += "\n[types.practice.fields.authors]\nfacet = true\n";
    let twin = "[types.instrument.fields.twin]\n";
    text = text.replacen(twin, &format!("{twin}facet = true\n"), 1);
    write("site.toml", &text);
    let (site, found) = config::load(folder);
    assert!(!found.has_errors(), "{}", listed(&found));
    site.expect("a site")
}

/// Edits a site at random; returns how often it was revised, joined, left alone.
fn script(seed: u64, rounds: u64) -> [usize; 3] {
    let folder = TempDir::new().expect("a temporary folder");
    let site = site(folder.path());
    let texts = content::list(&site).0.texts;
    let mut kept = Kept::new(site, seed.is_multiple_of(2));
    assert!(!kept.found.has_errors(), "{}", listed(&kept.found));
    let mut dice = Dice(seed);
    let mut counts = [0; 3];
    for round in 0..rounds {
        let read = |text: &TextFile| fs::read_to_string(&text.path).expect("a text");
        let mut edited: BTreeMap<usize, (String, String)> = BTreeMap::new();
        for _ in 0..=dice.below(2) {
            let at = dice.below(texts.len());
            let (was, other) = (read(&texts[at]), read(&texts[dice.below(texts.len())]));
            let now = edit(&mut dice, &was, &other, round).filter(|now| *now != was);
            edited.extend(now.map(|now| (at, (was, now))));
        }
        let touched: Vec<&TextFile> = edited.keys().map(|at| &texts[*at]).collect();
        edited.iter().for_each(|(at, (_, now))| fs::write(&texts[*at].path, now).expect("written"));
        if edited.is_empty() {
            continue;
        }
        match kept.take(&touched) {
            Some(true) => counts[0] += 1,
            Some(false) => {
                counts[1] += 1;
                continue;
            }
            None => {
                counts[2] += 1;
                edited.iter().for_each(|(at, (was, _))| {
                    fs::write(&texts[*at].path, was).expect("written");
                });
                continue;
            }
        }
        let what = || {
            let edits = edited.iter().map(|(at, (was, now))| (&texts[*at].rel, was, now));
            let edits = edits.map(|(rel, was, now)| format!("{rel}:\n{was}\nnow:\n{now}"));
            format!("seed {seed}, round {round}\n{}", edits.collect::<String>())
        };
        kept.is_as_afresh(&what);
    }
    counts
}

#[test]
fn what_is_revised_is_what_joining_anew_gives() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let (seed, rounds) =
        (number("EXEMPLA_SEED").unwrap_or(7), number("EXEMPLA_REVISIONS").unwrap_or(60));
    let mut counts = [0; 3];
    for seed in [seed, seed + 1] {
        counts.iter_mut().zip(script(seed, rounds)).for_each(|(all, own)| *all += own);
    }
    let [revised, joined, refused] = counts;
    println!("{revised} revised, {joined} joined, {refused} refused");
    assert!(revised > 40 && joined > 2 && refused > 2, "{counts:?}");
}

/// What chance seldom makes: each was a fault that the random edits did not find.
#[test]
fn rare_edits_too_give_what_joining_anew_gives() {
    let folder = TempDir::new().expect("a temporary folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join("content").join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    };
    site(folder.path());
    write("people/eel.md", "---\ntitle: Eel\nsummary: Swims.\n---\n");
    write("people/eel.it.md", "---\ntitle: Anguilla\nsummary: Nuota.\n---\n");
    write("practices/rod.md", "---\ntitle: Rod\nsummary: Rods.\nauthors: [people/eel]\n---\n");
    write("practices/pole.md", "---\ntitle: Pole\nsummary: Poles.\n---\n");
    write("practices/pole.it.md", "---\ntitle: Pertica\ndraft: true\n---\n");
    let text = fs::read_to_string(folder.path().join("site.toml")).expect("site.toml");
    let lenient =
        "[diagnostics]\n\"content/missing-field\" = \"off\"\n\"content/out-of-range\" = \"off\"\n";
    let text = text.replace("[diagnostics]\n", lenient);
    fs::write(folder.path().join("site.toml"), text).expect("written");
    let (site, _) = config::load(folder.path());
    let mut kept = Kept::new(site.expect("a site"), false);
    let texts = content::list(&kept.site).0.texts;
    for (rel, from, to, is_revised) in [
        // A choice that the first of two types does not know is now met before another.
        ("publications/paper-0.md", "kind: partner", "kind: project", true),
        ("publications/paper-3.md", "kind: partner", "kind: external", true),
        // The same entry in another language has another title.
        ("practices/rod.md", "[people/eel]", "[people/eel.it.md]", true),
        // What its hidden translation has of it is found there too.
        ("practices/pole.md", "summary: Poles.", "tags: [x, x]", false),
    ] {
        let text = texts.iter().find(|text| text.rel == rel).expect("a text");
        let was = fs::read_to_string(&text.path).expect("a text");
        assert!(was.contains(from), "{rel}: {was}");
        fs::write(&text.path, was.replace(from, to)).expect("written");
        assert_eq!(kept.take(&[text]), Some(is_revised), "{rel}: {to}\n{}", listed(&kept.found));
        kept.is_as_afresh(&|| format!("{rel}: {to}"));
    }
}

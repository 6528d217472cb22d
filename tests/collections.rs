//! Collections that others wrote are adopted without an edit: every file is a
//! page or is named in a finding, no word is lost, no foreign tag is shown.
//!
//! The collections lie beside the project, in `../shared/corpora`.

mod built;

use built::page::Page;
use built::source::{front_matter, lost_words};
use built::{Site, files, project, shared, test_site};
use exempla::config::Settings;
use exempla::model::{Entry, Model, Options, PartialDate};
use exempla::render::plan;
use exempla::schema::EntryType;
use exempla::{config, content};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A collection, built, and the entries behind its pages.
struct Adopted {
    built: Site,
    model: Model,
    types: Vec<EntryType>,
    folder: PathBuf,
    /// How the site is set up.
    settings: Settings,
}

impl Adopted {
    fn new(root: &Path) -> Self {
        Self::on(root, built::TODAY)
    }

    /// As it is built on a day.
    fn on(root: &Path, today: &str) -> Self {
        let built = Site::build_on(root, None, today);
        let (site, _) = config::load(root);
        let site = site.expect("it was built");
        let (collection, found) = content::load(&site);
        let today = PartialDate::parse(today).expect("a date");
        let (model, _) = Model::build(&site, collection, found, Options { today, drafts: false });
        let folder = site.content_dir();
        let types = site.schema.types.into_values().collect();
        Self { built, model, types, folder, settings: site.settings }
    }

    fn entry(&self, path: &str) -> Option<&Entry> {
        self.model.entries.iter().find(|entry| entry.location.path == path)
    }

    /// The page of an entry, or the one that it introduces.
    fn page(&self, entry: &Entry) -> Option<&Page> {
        if entry.kind != "index" {
            return self.built.page(&entry.url);
        }
        let introduced = self.types.iter().find(|of| plan::list_key(of) == entry.location.key);
        let prefix = self.settings.prefix(&entry.lang);
        let url = introduced.map(plan::list_url).unwrap_or_default();
        self.built.page(&format!("{prefix}{url}"))
    }

    /// Files that are neither a page, nor published beside one, nor named in a finding,
    /// nor call themselves drafts.
    fn unaccounted(&self) -> Vec<String> {
        let named: BTreeSet<&str> = self
            .built
            .built
            .found
            .iter()
            .filter_map(|one| Some(&*one.place.as_ref()?.file))
            .collect();
        let is_known = |path: &str| {
            let page = self.entry(path).and_then(|entry| self.page(entry));
            page.is_some()
                || self.model.assets.contains_key(path)
                || self.is_draft(path)
                || named.contains(format!("{}/{path}", self.settings.content).as_str())
        };
        files(&self.folder).into_keys().filter(|path| !is_known(path)).collect()
    }

    fn is_draft(&self, path: &str) -> bool {
        let text = std::fs::read_to_string(self.folder.join(path)).unwrap_or_default();
        text.lines().any(|line| line.trim_end() == "draft: true")
    }

    /// The words of bodies that do not stand on their pages, and how many were looked for.
    fn lost_words(&self) -> (Vec<String>, usize) {
        let (mut lost, mut all) = (Vec::new(), 0);
        for entry in &self.model.entries {
            let Some(page) = self.page(entry) else { continue };
            let path = self.folder.join(&entry.location.path);
            let text = std::fs::read_to_string(path).expect("it was read before");
            let (words, count) = lost_words(&text[front_matter(&text)..], page);
            lost.extend(words.into_iter().map(|word| format!("{}: {word}", entry.location.path)));
            all += count;
        }
        (lost, all)
    }

    fn check(&self, entries: usize, words: usize) {
        self.check_but(entries, words, 0);
    }

    /// The same, but for so many words that the rough reading of the source makes up:
    /// parts of addresses in HTML that is not well-formed.
    fn check_but(&self, entries: usize, words: usize, made_up: usize) {
        assert_eq!(self.model.entries.len(), entries);
        assert_eq!(self.unaccounted(), Vec::<String>::new(), "silently left out");
        let (lost, all) = self.lost_words();
        assert!(all >= words, "only {all} words were looked for");
        assert!(
            lost.len() <= made_up,
            "{} of {all} words are lost:\n{}",
            lost.len(),
            lost.join("\n")
        );
        for (path, page) in &self.built.pages {
            for tag in ["{{", "{%", "%}"] {
                assert!(!page.outside_code.contains(tag), "{path} shows {tag}");
            }
        }
    }
}

/// The bytes of a collection, to prove that they are not touched.
fn snapshot(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    files(folder)
}

#[test]
fn methods_of_18f() {
    let Some(folder) = shared("corpora/18f-methods") else { return };
    let before = snapshot(&folder);
    let adopted = Adopted::new(&test_site("18f-methods"));
    // Of 38 files, one has no `.md` and one is a template; both are named.
    adopted.check(36, 7_000);
    assert_eq!(before, snapshot(&folder));
    let page = adopted.built.page("methods/card-sorting/").expect("a method has its page");
    assert!(page.main.contains("Considerations for use in government"), "{}", page.main);
    let old = adopted.built.page("card-sorting/");
    assert!(old.is_none_or(|page| page.is_redirect));
}

#[test]
fn standard_for_public_code() {
    let Some(folder) = shared("corpora/standard-for-public-code") else { return };
    let before = snapshot(&folder);
    let adopted = Adopted::new(&test_site("standard-for-public-code"));
    adopted.check(17, 7_000);
    assert_eq!(before, snapshot(&folder));
    let criteria = &adopted.built.page("criteria/").expect("a list of criteria").main;
    let place = |title: &str| criteria.find(title).unwrap_or_else(|| panic!("{title}: {criteria}"));
    assert!(place("Code in the open") < place("Use a coherent style"), "not in their order");
    let code = adopted.built.page("criteria/code-in-the-open/").expect("a criterion");
    assert!(code.main.contains("Public policy makers: what you need to do"));
}

/// How many findings of a code a build has.
fn count(adopted: &Adopted, code: &str) -> usize {
    adopted.built.built.found.iter().filter(|found| found.code.name == code).count()
}

#[test]
fn open_source_guides() {
    let Some(folder) = shared("corpora/opensource-guide") else { return };
    let before = snapshot(&folder);
    let adopted = Adopted::new(&test_site("opensource-guide"));
    adopted.check(28, 50_000);
    assert_eq!(before, snapshot(&folder));
    for lang in ["ar/", "el/", "es/", "it/", "ja/", "zh-hans/", ""] {
        let url = format!("{lang}building-community/");
        let page = adopted.built.page(&url).unwrap_or_else(|| panic!("no page {url}"));
        // kramdown's asides hold Markdown: no mark of it is left.
        assert!(!page.main.contains("](") && !page.main.contains("markdown="), "{url}");
    }
    let guide = adopted.entry("building-community.md").expect("it is there");
    assert_eq!(adopted.model.translations(guide).count(), 6);
    let html = |lang: &str| {
        let path = adopted.built.out.path().join(lang).join("building-community/index.html");
        std::fs::read_to_string(path).expect("a page")
    };
    let arabic = html("ar");
    assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\""), "{}", &arabic[..300]);
    assert!(arabic.contains("انتقل إلى المحتوى") && !arabic.contains("Skip to"));
    // The theme speaks no Greek, Japanese and Chinese: that is told, and marked where it speaks.
    assert_eq!(count(&adopted, "theme/untranslated"), 3);
    let skip = r##"<a class="skip" href="#_main" lang="en" dir="ltr">Skip to the content</a>"##;
    assert!(html("el").contains(skip) && !html("it").contains("dir=\"ltr\">Skip"));
    // What they name and do not have.
    assert!(count(&adopted, "model/dangling-reference") >= 20);
    assert!(count(&adopted, "model/dangling-link") >= 50);
}

#[test]
fn digital_gov() {
    let Some(folder) = shared("corpora/digitalgov/content") else { return };
    let adopted = Adopted::on(&test_site("digitalgov"), "2026-01-01");
    let all = files(&folder).len();
    let entries = adopted.model.entries.len();
    assert!(entries * 100 >= all * 99, "only {entries} of {all} files are pages");
    adopted.check_but(entries, 1_000_000, 80);
    // The shortcodes do what they did: links lead to entries, videos and notes are there.
    let links: usize = adopted.model.entries.iter().map(|entry| entry.body.links().len()).sum();
    let dead = count(&adopted, "model/dangling-link");
    assert!(dead * 100 < links, "{dead} of {links} links are dead");
    let calls: Vec<&str> = adopted
        .model
        .entries
        .iter()
        .flat_map(|entry| entry.body.calls())
        .map(|call| call.name.as_str())
        .collect();
    for (name, least) in [("Callout", 230), ("Details", 45), ("Video", 80), ("Quote", 45)] {
        let found = calls.iter().filter(|call| **call == name).count();
        assert!(found >= least, "{found} × {name}");
    }
    // What is wrong in it is named: every entry without a text, counted in the files ...
    let silent = |entry: &&Entry| {
        let text = std::fs::read_to_string(folder.join(&entry.location.path)).unwrap_or_default();
        entry.kind != "index" && text[front_matter(&text)..].trim().is_empty()
    };
    let empty: BTreeSet<String> = adopted
        .model
        .entries
        .iter()
        .filter(silent)
        .map(|entry| format!("{}/{}", adopted.settings.content, entry.location.path))
        .collect();
    assert!(empty.len() >= 390, "{}", empty.len());
    let of_kind =
        adopted.built.built.found.iter().filter(|one| one.code.name == "check/empty-body");
    let named: BTreeSet<String> =
        of_kind.filter_map(|one| Some(one.place.as_ref()?.file.to_string())).collect();
    assert_eq!(named, empty);
    // ... and the rest.
    for (code, least) in [
        ("check/spellings", 3),
        ("content/syntax", 10),
        ("markdown/image-without-alt", 400),
        ("model/dangling-link", 80),
        ("output/collision", 50),
    ] {
        assert!(count(&adopted, code) >= least, "{code}: {}", count(&adopted, code));
    }
}

#[test]
fn the_example() {
    let adopted = Adopted::new(project());
    assert!(!adopted.built.built.found.has_errors());
    adopted.check(adopted.model.entries.len(), 10_000);
    for (url, words) in [
        ("pilots/italy/", "Reggio Emilia"),
        ("practices/service-blueprint/", "Service blueprint"),
        ("project/interlink/", "Horizon 2020"),
    ] {
        let page = adopted.built.page(url).unwrap_or_else(|| panic!("no page {url}"));
        assert!(page.main.contains(words), "{url} does not say {words}: {}", page.main);
    }
}

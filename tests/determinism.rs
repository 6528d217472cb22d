//! Same input, same bytes: across processes, folders, time zones, locales and
//! thread counts; and a build upon a build equals a clean one, byte for byte.

mod built;

use built::{Dice, TODAY, copy, files, options, test_site};
use exempla::build::{BuildOptions, Built, Cache, build};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

type Tree = BTreeMap<String, Vec<u8>>;

/// A copy of the fictional site that a test may change.
struct Copy {
    folder: TempDir,
    out: PathBuf,
}

impl Copy {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        copy(&test_site("fictional"), folder.path());
        // An edit may leave a reference dangling: that entry is left out, and the build goes on.
        let site = folder.path().join("site.toml");
        let text = std::fs::read_to_string(&site).expect("site.toml");
        let text = text.replace("on_bad_entry = \"stop\"", "on_bad_entry = \"skip\"");
        std::fs::write(site, text).expect("site.toml");
        let out = folder.path().join("public");
        Self { folder, out }
    }

    fn content(&self, path: &str) -> PathBuf {
        self.folder.path().join("content").join(path)
    }

    fn build(&self) -> Built {
        self.build_into(&self.out)
    }

    /// As the program builds: with the memory of what was built before.
    fn build_into(&self, out: &Path) -> Built {
        let cache = Some(Cache { clock, program: env!("CARGO_BIN_EXE_exempla").into() });
        let built = build(self.folder.path(), &BuildOptions { cache, ..options(out) });
        assert!(built.summary.is_some(), "nothing was written:\n{}", built::listed(&built.found));
        built
    }

    /// Has the program build, and kills it after a while.
    fn build_and_kill(&self, after: Duration, how: &[&str]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_exempla"));
        command.arg("--root").arg(self.folder.path()).args(["build", "--quiet"]).args(how);
        command.env("SOURCE_DATE_EPOCH", "1717200001").stderr(Stdio::null());
        let mut child = command.spawn().expect("the program runs");
        std::thread::sleep(after);
        child.kill().expect("it may have ended");
        child.wait().expect("it ends");
    }

    /// Builds, and holds what was written and found against a build that knows of no other.
    fn build_as_clean(&self, told: &str) -> Built {
        let built = self.build();
        let folder = TempDir::new().expect("a temporary folder");
        let clean = self.build_into(folder.path());
        let (now, pages) = (self.tree(), files(folder.path()));
        let differ = differing(&now, &pages);
        assert!(differ.is_empty(), "{differ:?} differ after\n{told}");
        let (found, clean) = (built::listed(&built.found), built::listed(&clean.found));
        assert_eq!(found, clean, "found after\n{told}");
        built
    }

    fn replace(&self, path: &str, from: &str, to: &str) {
        let file = self.content(path);
        let text = std::fs::read_to_string(&file).expect("the entry");
        assert!(text.contains(from), "{path} has no {from:?}");
        std::fs::write(&file, text.replace(from, to)).expect("the entry");
    }

    fn tree(&self) -> Tree {
        files(&self.out)
    }
}

/// How many builds a test kills.
fn kills() -> usize {
    std::env::var("EXEMPLA_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6)
}

fn clock() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock that is set")
}

/// Paths that differ between two trees, those that only one has included.
fn differing<'t>(a: &'t Tree, b: &'t Tree) -> BTreeSet<&'t str> {
    let paths = a.keys().chain(b.keys());
    paths.filter(|path| a.get(*path) != b.get(*path)).map(String::as_str).collect()
}

fn pages<'t>(paths: &BTreeSet<&'t str>) -> Vec<&'t str> {
    paths.iter().copied().filter(|path| path.ends_with(".html")).collect()
}

fn exempla(root: &Path, out: &Path, env: &[(&str, &str)]) -> Tree {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exempla"));
    command.arg("--root").arg(root).args(["build", "--quiet", "--output"]).arg(out);
    command.current_dir(root).envs(env.iter().copied());
    let output = command.output().expect("the program runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{env:?}: {errors}");
    files(out)
}

#[test]
fn same_bytes_in_other_processes_folders_zones_locales_and_threads() {
    let shallow = TempDir::new().expect("a temporary folder");
    let deep = TempDir::new().expect("a temporary folder");
    let deep = deep.path().join("a folder/with blanks/and ütf-8");
    copy(&test_site("fictional"), shallow.path());
    copy(&test_site("fictional"), &deep);
    // The day is an input: 2024-06-01, at different hours.
    let morning = ("SOURCE_DATE_EPOCH", "1717200001");
    let evening = ("SOURCE_DATE_EPOCH", "1717286399");
    let first = exempla(shallow.path(), &shallow.path().join("public"), &[morning]);
    assert!(first.len() > 100);
    for (at, env) in [
        [morning, ("TZ", "Pacific/Kiritimati"), ("RAYON_NUM_THREADS", "1")],
        [evening, ("TZ", "America/Los_Angeles"), ("RAYON_NUM_THREADS", "2")],
        [evening, ("LC_ALL", "tr_TR.UTF-8"), ("RAYON_NUM_THREADS", "8")],
        [morning, ("LANG", "ar_EG.UTF-8"), ("LC_ALL", "C")],
    ]
    .iter()
    .enumerate()
    {
        let out = deep.join(format!("out-{at}"));
        let again = exempla(&deep, &out, env);
        assert_eq!(differing(&first, &again), BTreeSet::new(), "with {env:?}");
    }
}

#[test]
fn a_second_build_writes_nothing() {
    let site = Copy::new();
    let first = site.build().summary.expect("written");
    let times = modified(&site.out);
    // Coarse clocks of file systems tick once in this time.
    std::thread::sleep(std::time::Duration::from_millis(20));
    let second = site.build().summary.expect("written");
    assert_eq!((second.written, second.removed, second.unchanged), (0, 0, first.written));
    assert_eq!(times, modified(&site.out));
    // The same by another process.
    let day = [("SOURCE_DATE_EPOCH", "1717200001")];
    exempla(site.folder.path(), &site.out, &day);
    assert_eq!(times, modified(&site.out));
}

/// When each file of a folder was last written.
fn modified(root: &Path) -> BTreeMap<String, std::time::SystemTime> {
    let time = |path: &String| {
        root.join(path).metadata().and_then(|meta| meta.modified()).expect("a time")
    };
    files(root).keys().map(|path| (path.clone(), time(path))).collect()
}

#[test]
fn an_edit_changes_only_the_pages_it_must() {
    let site = Copy::new();
    site.build();
    let before = site.tree();
    site.replace("practices/reed-bed-walks/index.md", "Walk slowly.", "Walk backwards.");
    site.build();
    let after = site.tree();
    assert_eq!(pages(&differing(&before, &after)), ["practices/reed-bed-walks/index.html"]);

    // A title stands on many pages; those without it stay as they are.
    let title = "The County of Lower Fen";
    site.replace("organisations/county-of-lower-fen.md", "name: County", "name: The County");
    site.build();
    let retitled = site.tree();
    let shows = |path: &str| String::from_utf8_lossy(&retitled[path]).contains(title);
    let changed = differing(&after, &retitled);
    let changed = pages(&changed);
    assert!(changed.len() > 3 && changed.len() < retitled.len() / 2, "{changed:?}");
    for path in changed {
        // Their place in a list by title changes too.
        assert!(shows(path) || path.contains("organisations/"), "{path} changed without need");
    }
}

#[test]
fn a_removed_entry_loses_its_page_and_strangers_stay() {
    let site = Copy::new();
    site.build();
    let stranger = site.out.join("practices/tar-every-boat/notes.txt");
    std::fs::write(&stranger, "mine").expect("a file");
    std::fs::write(site.out.join("CNAME"), "fen.example").expect("a file");
    let page = site.out.join("practices/tar-every-boat/index.html");
    let lonely = site.out.join("events/spring-ditch-day");
    assert!(page.is_file() && lonely.is_dir());
    std::fs::remove_file(site.content("practices/tar-every-boat.md")).expect("an entry");
    std::fs::remove_file(site.content("events/spring-ditch-day.md")).expect("an entry");
    let summary = site.build().summary.expect("written");
    assert!(summary.removed >= 2);
    assert!(!page.exists(), "the page of a removed entry stays");
    assert!(!lonely.exists(), "an empty folder stays");
    assert_eq!(std::fs::read_to_string(&stranger).expect("it stays"), "mine");
    assert!(site.out.join("CNAME").is_file());
}

#[test]
fn what_somebody_broke_in_the_output_is_mended() {
    let site = Copy::new();
    site.build();
    let before = site.tree();
    let page = site.out.join("practices/reed-bed-walks/index.html");
    std::fs::write(&page, "oops").expect("a file");
    std::fs::remove_file(site.out.join("404.html")).expect("a file");
    let summary = site.build().summary.expect("written");
    assert_eq!(summary.written, 2);
    assert_eq!(differing(&before, &site.tree()), BTreeSet::new());
}

#[test]
fn a_build_that_would_change_nothing_is_recalled() {
    let site = Copy::new();
    std::fs::write(site.content("practices/bare.md"), "---\ntitle: Bare\n---\n").expect("an entry");
    let first = site.build();
    assert!(!first.recalled);
    let again = site.build();
    assert!(again.recalled);
    assert_eq!((&again.entries, again.pages), (&first.entries, first.pages));
    assert!(!first.found.is_empty(), "an entry without anything in it is found");
    assert!(first.found.iter().eq(again.found.iter()));

    // Whatever changes, it is seen: an entry, though its size and time stay; an option; the output.
    let entry = site.content("practices/reed-bed-walks/index.md");
    let time = entry.metadata().and_then(|meta| meta.modified()).expect("a time");
    site.replace("practices/reed-bed-walks/index.md", "Walk slowly.", "Walk softly.");
    let file = std::fs::File::options().append(true).open(&entry).expect("the entry");
    file.set_modified(time).expect("a time");
    assert!(!site.build().recalled);
    assert!(site.build().recalled);
    let drafts = BuildOptions { drafts: true, ..options(&site.out) };
    assert!(!build(site.folder.path(), &drafts).recalled);
    assert!(!site.build().recalled, "another build has written since");
    std::fs::write(site.out.join("404.html"), "oops").expect("a file");
    assert!(!site.build().recalled);
    assert!(site.build().recalled);
}

#[test]
fn files_that_the_settings_name_and_links_count_too() {
    let site = Copy::new();
    let root = site.folder.path();
    let settings = root.join("site.toml");
    let text = std::fs::read_to_string(&settings).expect("site.toml");
    std::fs::create_dir(root.join("look")).expect("a folder");
    std::fs::write(root.join("look/own.css"), "p { color: red }").expect("a file");
    let named = format!("{text}\n[appearance]\ncss = \"look/own.css\"\n");
    std::fs::write(&settings, &named).expect("site.toml");
    let shows = |words: &str| {
        assert!(!site.build().recalled, "{words}");
        let sheets = site.tree().into_iter().filter(|(path, _)| path.ends_with(".css"));
        let text: Vec<String> =
            sheets.map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()).collect();
        assert!(text.join("\n").contains(words), "{words}");
        assert!(site.build().recalled, "{words}");
    };
    shows("color: red");
    std::fs::write(root.join("look/own.css"), "p { color: tan }").expect("a file");
    shows("color: tan");
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        let away = TempDir::new().expect("a temporary folder");
        let theme = away.path().join("css");
        std::fs::create_dir_all(theme.join("static")).expect("a folder");
        let manifest = "name = 'mine'\nversion = '1'\nexempla = '>=0.1'\n";
        std::fs::write(theme.join("theme.toml"), manifest).expect("a file");
        std::fs::write(theme.join("static/mine.css"), "p { color: teal }").expect("a file");
        std::fs::create_dir(root.join("themes")).expect("a folder");
        symlink(&theme, root.join("themes/mine")).expect("a link");
        let themed = named.replace("theme = \"default\"", "theme = \"mine\"");
        assert_ne!(themed, named);
        std::fs::remove_file(&settings).expect("removed");
        std::fs::write(away.path().join("site.toml"), themed).expect("site.toml");
        symlink(away.path().join("site.toml"), &settings).expect("a link");
        shows("color: teal");
        std::fs::write(theme.join("static/mine.css"), "p { color: gold }").expect("a file");
        shows("color: gold");
        std::fs::write(root.join("look/own.css"), "p { color: pink }").expect("a file");
        let renamed = std::fs::read_to_string(&settings).expect("site.toml");
        std::fs::write(away.path().join("site.toml"), renamed.replace("own.css", "new.css"))
            .expect("site.toml");
        std::fs::rename(root.join("look/own.css"), root.join("look/new.css")).expect("renamed");
        shows("color: pink");
    }
}

#[test]
fn a_memory_that_is_cleared_damaged_or_foreign_is_none() {
    let site = Copy::new();
    site.build();
    let before = site.tree();
    let memory = site.folder.path().join(".exempla-cache");
    let names: Vec<String> = files(&memory).into_keys().collect();
    let name = names.iter().find(|name| !name.starts_with('.')).expect("a memory");
    let (whole, mut dice) = (std::fs::read(memory.join(name)).expect("a memory"), Dice(7));
    for _ in 0..4 {
        let mut damaged = whole.clone();
        match dice.below(3) {
            0 => damaged.truncate(dice.below(whole.len())),
            1 => damaged[dice.below(whole.len())] ^= 1 << dice.below(8),
            _ => damaged.clear(),
        }
        std::fs::write(memory.join(name), damaged).expect("a memory");
        assert!(!site.build().recalled);
        assert_eq!(differing(&before, &site.tree()), BTreeSet::new());
    }
    // A copy of the whole site has the memory of another place.
    let copied = TempDir::new().expect("a temporary folder");
    copy(site.folder.path(), copied.path());
    let other = Copy { out: copied.path().join("public"), folder: copied };
    assert!(!other.build().recalled);
    assert_eq!(differing(&before, &other.tree()), BTreeSet::new());
}

#[test]
fn parts_of_the_index_that_were_kept_and_damaged_make_no_difference() {
    let site = Copy::new();
    site.build();
    let memory = site.folder.path().join(".exempla-cache");
    let parts = || {
        let all = files(&memory).into_iter();
        all.filter(|(path, _)| path.contains(".index/") && !path.ends_with(".gitignore"))
            .collect::<BTreeMap<_, _>>()
    };
    let before = parts();
    assert!(before.keys().any(|path| path.contains("/en/")), "{:?}", before.keys());
    let entry = "practices/reed-bed-walks/index.md";
    for (from, to) in [("Walk slowly.", "Walk softly."), ("Walk softly.", "Walk gently.")] {
        for (path, mut bytes) in parts() {
            let at = bytes.len() / 2;
            bytes[at] ^= 1;
            std::fs::write(memory.join(path), bytes).expect("a part");
        }
        site.replace(entry, from, to);
        assert!(!site.build().recalled);
        let clean = TempDir::new().expect("a temporary folder");
        build(site.folder.path(), &options(clean.path()));
        assert_eq!(differing(&files(clean.path()), &site.tree()), BTreeSet::new());
    }
    // There is a new part in the place of the old one.
    assert_eq!(parts().len(), before.len());
    assert_ne!(parts().keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
}

#[test]
fn what_nobody_will_ask_for_is_not_kept() {
    let site = Copy::new();
    site.build();
    let kept = || files(&site.folder.path().join(".exempla-cache")).into_keys();
    let parts =
        |lang: &str| kept().filter(|path| path.contains(&format!(".index/{lang}/"))).count();
    assert!(parts("en") > 0);
    let before = kept().count();
    let away = TempDir::new().expect("a temporary folder");
    site.build_into(away.path());
    assert!(kept().count() > before);
    drop(away);
    let settings = site.folder.path().join("site.toml");
    let text = std::fs::read_to_string(&settings).expect("site.toml");
    std::fs::write(&settings, format!("search = false\n{text}")).expect("site.toml");
    assert!(!site.build().recalled);
    assert_eq!(parts("en"), 0, "nothing is searched");
    std::fs::write(&settings, text).expect("site.toml");
    assert!(!site.build().recalled);
    assert_eq!(kept().count(), before, "the other output is gone, and all of it");
}

#[test]
fn a_build_killed_at_any_moment_leaves_files_whole_and_the_next_is_right() {
    let site = Copy::new();
    let clean = TempDir::new().expect("a temporary folder");
    site.build_into(clean.path());
    let clean = files(clean.path());
    let began = std::time::Instant::now();
    site.build();
    let takes = began.elapsed();
    let mut dice = Dice(11);
    for _ in 0..kills() {
        std::fs::remove_dir_all(&site.out).expect("the output");
        std::fs::create_dir(&site.out).expect("a folder");
        site.build_and_kill(takes.mul_f64(dice.below(1200) as f64 / 1000.0), &[]);
        for (path, bytes) in &site.tree() {
            let own = path.starts_with(".exempla/");
            assert!(own || clean.get(path) == Some(bytes), "{path} is not whole");
        }
        site.build();
        assert_eq!(differing(&clean, &site.tree()), BTreeSet::new());
    }
}

#[test]
fn a_build_killed_over_an_earlier_one_misleads_no_later_one() {
    let site = Copy::new();
    site.build();
    let mut dice = Dice(12);
    for kill in 0..kills() {
        edit(&site, &mut dice, kill);
        let began = std::time::Instant::now();
        let clean = TempDir::new().expect("a temporary folder");
        site.build_into(clean.path());
        let takes = began.elapsed();
        // With its memory and without, which then is that of the build before.
        let how: &[&str] = if kill % 2 == 0 { &["--no-cache"] } else { &[] };
        site.build_and_kill(takes.mul_f64(0.5 + dice.below(600) as f64 / 1000.0), how);
        site.build();
        let clean = files(clean.path());
        let now = site.tree();
        assert_eq!(differing(&clean, &now), BTreeSet::new(), "killed {kill} times");
    }
}

#[test]
fn a_build_after_random_edits_equals_a_clean_one() {
    let site = Copy::new();
    let mut dice = Dice(0x005e_ed0f_fe17);
    let mut told = String::new();
    site.build();
    for step in 0..33 {
        told.push_str(&format!("{step}: {}\n", edit(&site, &mut dice, step)));
        // A clean build at every third step keeps the test quick.
        if step % 3 == 2 {
            site.build_as_clean(&told);
            assert!(site.tree().contains_key(".exempla/manifest"));
        } else {
            site.build();
        }
    }
    let tried = ["body", "title", "renamed", "deleted", "added", "drafted", "spoilt"];
    assert!(tried.iter().all(|word| told.contains(word)), "not every edit was tried:\n{told}");
}

/// Changes one entry of a site and says what was done.
fn edit(site: &Copy, dice: &mut Dice, step: usize) -> String {
    // The pages stay: the menu names them.
    let is_entry = |path: &String| path.ends_with(".md") && !path.starts_with("pages/");
    let entries: Vec<String> = files(&site.content("")).into_keys().filter(is_entry).collect();
    let path = &entries[dice.below(entries.len())];
    let file = site.content(path);
    let text = std::fs::read_to_string(&file).expect("an entry");
    let write = |text: String| std::fs::write(&file, text).expect("an entry");
    match dice.below(8) {
        6 | 7 => {
            let faults = ["[gone](#gone)", "Lorem ipsum.", "[none](none.md)", "![none](none.png)"];
            let fault = faults[dice.below(faults.len())];
            write(format!("{text}\n{fault} It was so at step {step}.\n"));
            format!("spoilt {path} with {fault}")
        }
        0 => {
            write(format!("{text}\nWritten at step {step}.\n"));
            format!("body of {path}")
        }
        1 => {
            let title = text.lines().find(|line| line.starts_with("title")).unwrap_or("title");
            let changed = format!("{} {step}", title.trim_end_matches('"'));
            let quote = if title.ends_with('"') { "\"" } else { "" };
            write(text.replacen(title, &format!("{changed}{quote}"), 1));
            format!("title of {path}")
        }
        2 => {
            let renamed = path.replacen(".md", &format!("-{step}.md"), 1);
            std::fs::rename(&file, site.content(&renamed)).expect("a new name");
            format!("renamed {path}")
        }
        3 => {
            std::fs::remove_file(&file).expect("an entry");
            format!("deleted {path}")
        }
        4 => {
            let added = format!("practices/added-{step}.md");
            let text = format!(
                "---\ntitle: Added at step {step}\nsummary: {}\npolicy_areas: [reeds]\n\
                 related: [{}]\ntags: [added]\n---\n## Steps\n\nOne.\n",
                "A practice that a test has added to see what its coming changes. ".repeat(2),
                path.trim_end_matches(".md"),
            );
            std::fs::write(site.content(&added), text).expect("an entry");
            format!("added {added}")
        }
        _ => {
            let line = if text.starts_with("+++") { "draft = true\n" } else { "draft: true\n" };
            let fence = text.find('\n').map_or(0, |at| at + 1);
            write(match text.contains(line) {
                true => text.replacen(line, "", 1),
                false => format!("{}{line}{}", &text[..fence], &text[fence..]),
            });
            format!("drafted {path}")
        }
    }
}

#[test]
fn what_is_wrong_in_an_entry_is_told_until_it_is_mended() {
    let site = Copy::new();
    let summary = "A practice that shows what is told of its text. ".repeat(3);
    let front = format!("---\ntitle: Told\nsummary: {summary}\npolicy_areas: [reeds]\n---\n");
    let write = |name: &str, body: &str| {
        let path = format!("practices/{name}.md");
        std::fs::write(site.content(&path), format!("{front}{body}\n\n## Steps\n\nOne.\n"))
            .expect("an entry");
    };
    write("leads", "See [how](led.md#how). Lorem ipsum.");
    write("led", "Words.\n\n## How\n\nSo.");
    let of = |built: Built, name: &str| -> Vec<(&str, Option<(usize, usize)>)> {
        let file = format!("content/practices/{name}.md");
        let here = built.found.iter().filter_map(|one| Some((one, one.place.as_ref()?)));
        let here = here.filter(|(_, place)| *place.file == *file);
        let here = here.map(|(one, place)| (one.code.name, place.span));
        here.filter(|(code, _)| matches!(*code, "check/placeholder" | "check/anchor")).collect()
    };
    let placeholder = ("check/placeholder", None);
    assert_eq!(of(site.build_as_clean("at first"), "leads"), [placeholder]);
    write("led", "Other words.\n\n## How\n\nSo.");
    assert_eq!(of(site.build_as_clean("other words"), "leads"), [placeholder]);
    write("led", "Other words.\n\n## When\n\nSo.");
    let anchor = |words: &str| {
        let at = front.len() + words.len();
        ("check/anchor", Some((at, at + "[how](led.md#how)".len())))
    };
    assert_eq!(of(site.build_as_clean("another heading"), "leads"), [placeholder, anchor("See ")]);
    write("led", "Words.\n\n## When\n\nSo.");
    assert_eq!(of(site.build_as_clean("the first words"), "leads"), [placeholder, anchor("See ")]);
    write("leads", "Please see [how](led.md#how).");
    assert_eq!(of(site.build_as_clean("a mended word"), "leads"), [anchor("Please see ")]);
    write("led", "Words.\n\n## How\n\nLorem ipsum.");
    let built = site.build_as_clean("the first heading");
    assert_eq!(of(built, "led"), [placeholder]);
    assert_eq!(of(site.build(), "leads"), []);
}

#[test]
fn the_day_is_an_input() {
    let site = Copy::new();
    let root = site.folder.path();
    let by_epoch = exempla(root, &root.join("a"), &[("SOURCE_DATE_EPOCH", "1717200001")]);
    let mut by_option = options(&root.join("b"));
    by_option.today = exempla::model::PartialDate::parse(TODAY).expect("a date");
    build(root, &by_option);
    assert_eq!(differing(&by_epoch, &files(&root.join("b"))), BTreeSet::new());
    // What was dated ahead is published on a later day.
    let later = exempla(root, &root.join("c"), &[("SOURCE_DATE_EPOCH", "4102444800")]);
    assert!(later.len() > by_epoch.len());
}

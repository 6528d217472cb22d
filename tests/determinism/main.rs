//! Same input, same bytes: across processes, folders, time zones, locales and
//! thread counts; and a build upon a build equals a clean one, byte for byte.

#[path = "../built/mod.rs"]
mod built;
mod copy;
mod edits;
mod killed;
mod memory;

use built::{TODAY, copy, files, options, test_site};
use copy::Copy;
use exempla::build::build;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

type Tree = BTreeMap<String, Vec<u8>>;

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

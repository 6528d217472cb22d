//! When an entry last changed, as git tells it.

use super::built::{self, Site, files, options};
use exempla::build::{BuildOptions, Cache, build};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A repository whose commits have the days that a test gives them.
struct Repository(TempDir);

impl Repository {
    /// `None`, with a word on it, where there is no git.
    fn new(site: &str) -> Option<Self> {
        if Command::new("git").arg("--version").output().is_err() {
            eprintln!("passed over: the program `git` is not installed");
            return None;
        }
        let folder = Self(TempDir::new().expect("a temporary folder"));
        folder.git(&["init", "-q", "-b", "main"], "2020-01-01");
        folder.write("site/site.toml", &format!("title = \"T\"\npreset = \"none\"\n{site}"));
        Some(folder)
    }

    fn git(&self, arguments: &[&str], day: &str) {
        let moment = format!("{day}T23:30:00-0500");
        let mut git = Command::new("git");
        for kept in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            git.env_remove(kept);
        }
        let output = git
            .current_dir(self.0.path())
            .envs([
                ("GIT_COMMITTER_DATE", moment.as_str()),
                ("GIT_AUTHOR_DATE", "2001-01-01T00:00Z"),
            ])
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")])
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
            .args(["-c", "commit.gpgSign=false", "-c", "protocol.file.allow=always"])
            .args(arguments)
            .output()
            .expect("git runs");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn commit(&self, day: &str) {
        self.git(&["add", "-A"], day);
        self.git(&["commit", "-q", "--allow-empty", "-m", "."], day);
    }

    fn root(&self) -> std::path::PathBuf {
        self.0.path().join("site")
    }

    fn build(&self) -> Site {
        Site::build(&self.root(), None)
    }
}

const NOTES: &str = "git = true\nlanguages = [\"en\", \"it\"]\n[types.note]\nfolder = \"notes\"\n";

fn note(title: &str) -> String {
    format!("---\ntitle: {title}\n---\nA note that is long enough to be known again.\n")
}

/// The days in the sitemap by address.
fn days(site: &Site) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(site.out.path().join("sitemap.xml")).expect("a sitemap");
    let of = |part: &str, tag: &str| {
        let after = part.split_once(&format!("<{tag}>"))?.1;
        Some(after.split_once('<')?.0.to_owned())
    };
    let pages =
        text.split("<url>").filter_map(|part| Some((of(part, "loc")?, of(part, "lastmod")?)));
    let tail = |(url, day): (String, String)| Some((url.split_once("/notes/")?.1.to_owned(), day));
    pages.filter_map(tail).filter(|(url, _)| !url.is_empty()).collect()
}

fn said(site: &Site) -> Vec<String> {
    let of_git = site.built.found.iter().filter(|one| one.code.name == "content/history");
    of_git.map(|one| one.message.clone()).collect()
}

#[test]
fn an_entry_is_dated_by_the_commit_that_changed_it() {
    let Some(of) = Repository::new(NOTES) else { return };
    for name in ["changed", "moved", "à la carte", "given", "kept"] {
        of.write(&format!("site/content/notes/{name}.md"), &note(name));
    }
    of.write("site/content/notes/given.md", "---\ntitle: G\nupdated: 2019-05-05\n---\nText.\n");
    of.commit("2022-01-01");
    of.write("site/content/notes/changed.md", &note("Changed"));
    of.git(&["mv", "site/content/notes/moved.md", "site/content/notes/moved-on.md"], "2022-02-02");
    of.commit("2022-02-02");
    // A change elsewhere, and one in a branch that comes in by a merge.
    of.write("elsewhere.txt", "x");
    of.commit("2022-03-03");
    of.git(&["checkout", "-q", "-b", "side"], "2022-03-03");
    of.write("site/content/notes/kept.md", &note("Kept"));
    of.commit("2022-04-04");
    of.git(&["checkout", "-q", "main"], "2022-05-05");
    of.write("elsewhere.txt", "y");
    of.commit("2022-05-05");
    of.git(&["merge", "-q", "--no-ff", "-m", ".", "side"], "2022-06-06");
    let site = of.build();
    assert!(said(&site).is_empty(), "{:?}", said(&site));
    let expected = [
        // Half past eleven at night in New York is the next day in UTC.
        ("changed/", "2022-02-03"),
        ("given/", "2019-05-05"),
        ("kept/", "2022-04-05"),
        ("moved-on/", "2022-01-02"),
        ("%C3%A0-la-carte/", "2022-01-02"),
    ];
    for (url, day) in expected {
        let found = days(&site).into_iter().find(|(known, _)| known == url);
        assert_eq!(found.map(|(_, found)| found).as_deref(), Some(day), "{url}: {:?}", days(&site));
    }
    // The same commit elsewhere gives the same bytes.
    let copy = TempDir::new().expect("a temporary folder");
    let whole = copy.path().to_str().expect("UTF-8");
    of.git(&["clone", "-q", of.0.path().to_str().expect("UTF-8"), whole], "2023-01-01");
    let again = Site::build(&copy.path().join("site"), None);
    assert!(files(site.out.path()) == files(again.out.path()));
}

#[test]
fn a_translation_older_than_its_original_is_told() {
    let Some(of) = Repository::new(NOTES) else { return };
    of.write("site/content/notes/a.md", &note("A"));
    of.write("site/content/notes/a.it.md", &note("A"));
    of.write("site/content/notes/b.md", &note("B"));
    of.write("site/content/notes/b.it.md", &note("B"));
    of.commit("2022-01-01");
    of.write("site/content/notes/a.md", &note("Anew"));
    of.commit("2022-02-02");
    let site = of.build();
    let outdated = |found: &exempla::diagnostic::Diagnostics| -> Vec<String> {
        let of_kind = found.iter().filter(|one| one.code.name == "check/outdated-translation");
        of_kind.filter_map(|one| Some(one.place.as_ref()?.file.to_string())).collect()
    };
    assert_eq!(outdated(&site.built.found), ["content/notes/a.it.md"]);
}

#[test]
fn what_git_cannot_tell_is_said_once_and_not_guessed() {
    let Some(of) = Repository::new(NOTES) else { return };
    of.write("site/content/notes/old.md", &note("Old"));
    of.write("site/content/notes/older.md", &note("Older"));
    of.commit("2022-01-01");
    of.write("site/content/notes/new.md", &note("New"));
    of.commit("2022-02-02");
    // A shallow clone knows its last commit, and not who made the rest when.
    let copy = TempDir::new().expect("a temporary folder");
    let from = format!("file://{}", of.0.path().display());
    let clone = |depth: &str, to: &Path| {
        let to = to.to_str().expect("UTF-8");
        of.git(&["clone", "-q", "--depth", depth, &from, to], "2023-01-01");
    };
    clone("2", &copy.path().join("two"));
    clone("1", &copy.path().join("one"));
    of.git(&["-C", copy.path().join("two").to_str().expect("UTF-8"), "log"], "2023-01-01");
    let one = Site::build(&copy.path().join("one/site"), None);
    assert_eq!(days(&one), []);
    assert!(matches!(&said(&one)[..], [m] if m.contains("a part") && m.contains("3 entries")));
    // Of files that are not committed there is no date.
    of.write("site/content/notes/draft.md", &note("Draft"));
    let site = of.build();
    assert_eq!(days(&site).len(), 3);
    assert!(matches!(&said(&site)[..], [m] if m.contains("no history of 1 entry")));
    assert_eq!(site.built.found.count(exempla::diagnostic::Level::Warning), 0);
    // And none where there is no repository.
    let bare = TempDir::new().expect("a temporary folder");
    built::copy(&of.root(), bare.path());
    let site = Site::build(bare.path(), None);
    assert_eq!(days(&site), []);
    assert!(matches!(&said(&site)[..], [m] if m.contains("no git repository")));
}

#[test]
fn where_dates_are_not_known_the_state_of_translations_is_not_either() {
    let Some(of) = Repository::new(NOTES) else { return };
    for name in ["a.md", "a.it.md", "b.md", "b.it.md", "alone.md"] {
        of.write(&format!("site/content/notes/{name}"), &note(name));
    }
    let dated = "---\ntitle: Dated\nupdated: 2022-01-01\n---\nText.\n";
    of.write("site/content/notes/c.md", dated);
    of.write("site/content/notes/c.it.md", dated);
    of.commit("2022-01-01");
    // What is clear in a whole clone ...
    of.write("site/content/notes/a.md", &note("Anew"));
    of.commit("2022-02-02");
    let states = |site: &Site| -> Vec<(&str, String)> {
        let of_kind = site.built.found.iter().filter(|one| {
            matches!(one.code.name, "check/outdated-translation" | "check/undated-translations")
        });
        of_kind.map(|one| (one.code.name, one.message.clone())).collect()
    };
    assert!(matches!(&states(&of.build())[..], [("check/outdated-translation", _)]));
    // ... is unknown in a shallow one, and that is said once, with the reason beside it.
    let copy = TempDir::new().expect("a temporary folder");
    let from = format!("file://{}", of.0.path().display());
    let to = copy.path().to_str().expect("UTF-8");
    of.git(&["clone", "-q", "--depth", "1", &from, to], "2023-01-01");
    let shallow = Site::build(&copy.path().join("site"), None);
    let said_of = states(&shallow);
    let [("check/undated-translations", message)] = &said_of[..] else { panic!("{said_of:?}") };
    assert!(message.contains("2 translations") && message.contains("git does not tell"));
    assert!(matches!(&said(&shallow)[..], [m] if m.contains("a part of git's history")));
    // Where git is not asked, that is the reason.
    let text = std::fs::read_to_string(of.root().join("site.toml")).expect("a site");
    of.write("site/site.toml", &text.replace("git = true\n", ""));
    let said_of = states(&of.build());
    let [("check/undated-translations", message)] = &said_of[..] else { panic!("{said_of:?}") };
    assert!(message.contains("2 translations") && message.contains("git is not asked"));
}

#[test]
fn without_the_program_git_a_site_is_built_all_the_same() {
    let Some(of) = Repository::new(NOTES) else { return };
    of.write("site/content/notes/a.md", &note("A"));
    of.commit("2022-01-01");
    let nowhere = TempDir::new().expect("a temporary folder");
    let output = Command::new(env!("CARGO_BIN_EXE_exempla"))
        .arg("build")
        .current_dir(of.root())
        .env("PATH", nowhere.path())
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.matches("the program `git` is not installed").count(), 1, "{said}");
    assert!(of.root().join("public/notes/a/index.html").is_file());
}

/// What the program says when it builds a site in an environment.
fn program(root: &Path, environment: &[(&str, &Path)]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_exempla"))
        .arg("build")
        .current_dir(root)
        .envs(environment.iter().copied())
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

#[test]
fn neither_the_caller_nor_the_repository_can_lead_git_astray() {
    let Some(of) = Repository::new(NOTES) else { return };
    let Some(other) = Repository::new("") else { return };
    other.write("other.txt", "x");
    other.commit("2024-01-01");
    of.write("site/content/notes/a.md", &note("A"));
    of.write(".gitattributes", "*.md diff=spy\n");
    of.commit("2022-01-01");
    // A program that a setting names would leave a mark.
    let spy = of.0.path().join("spy");
    of.write("spy", "#!/bin/sh\ntouch \"$0.ran\"\ncat\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&spy, std::fs::Permissions::from_mode(0o755)).expect("a program");
    }
    let program_of = spy.to_str().expect("UTF-8");
    for key in [
        "diff.external",
        "diff.spy.command",
        "diff.spy.textconv",
        "core.fsmonitor",
        "core.pager",
        "pager.diff-tree",
        "pager.rev-list",
        "gpg.program",
        "core.sshCommand",
        "alias.rev-list",
    ] {
        of.git(&["config", key, program_of], "2022-01-01");
    }
    for (key, value) in [
        ("log.showSignature", "true"),
        ("diff.renames", "copies"),
        ("diff.noprefix", "true"),
        ("color.ui", "always"),
        ("core.quotePath", "true"),
        ("log.date", "relative"),
    ] {
        of.git(&["config", key, value], "2022-01-01");
    }
    let (git, objects) = (other.0.path().join(".git"), other.0.path().join(".git/objects"));
    let said = program(
        &of.root(),
        &[
            ("GIT_DIR", git.as_path()),
            ("GIT_WORK_TREE", other.0.path()),
            ("GIT_COMMON_DIR", git.as_path()),
            ("GIT_OBJECT_DIRECTORY", objects.as_path()),
            ("GIT_INDEX_FILE", Path::new("/nowhere")),
            ("GIT_CEILING_DIRECTORIES", of.0.path()),
            ("GIT_NAMESPACE", Path::new("nobody")),
            ("GIT_SHALLOW_FILE", spy.as_path()),
            ("GIT_LITERAL_PATHSPECS", Path::new("1")),
            ("GIT_EXTERNAL_DIFF", spy.as_path()),
            ("GIT_PAGER", spy.as_path()),
        ],
    );
    assert!(!said.contains("content/history"), "{said}");
    let page = std::fs::read_to_string(of.root().join("public/sitemap.xml")).expect("a sitemap");
    assert!(page.contains("<lastmod>2022-01-02</lastmod>"), "{page}");
    assert!(!of.0.path().join("spy.ran").exists(), "a setting ran a program");
}

#[test]
fn a_history_that_breaks_off_is_told() {
    let Some(of) = Repository::new(NOTES) else { return };
    of.write("site/content/notes/a.md", &note("A"));
    of.commit("2022-01-01");
    of.write("site/content/notes/b.md", &note("B"));
    of.commit("2022-02-02");
    assert!(said(&of.build()).is_empty());
    // The folders of the first commit are lost.
    let output = Command::new("git")
        .current_dir(of.0.path())
        .args(["rev-parse", "HEAD~1^{tree}"])
        .output()
        .expect("git runs");
    let tree = String::from_utf8(output.stdout).expect("UTF-8");
    let object = of.0.path().join(".git/objects").join(&tree[..2]).join(tree[2..].trim());
    std::fs::remove_file(object).expect("the object lies loose");
    let site = of.build();
    assert!(matches!(&said(&site)[..], [m] if m.contains("cannot be read to the end")));
    assert_eq!(days(&site), []);
    // Where nothing is committed yet, nothing is wrong.
    let Some(of) = Repository::new(NOTES) else { return };
    of.write("site/content/notes/a.md", &note("A"));
    let site = of.build();
    assert!(matches!(&said(&site)[..], [m] if m.contains("no history of 1 entry")));
}

#[test]
fn a_content_folder_in_another_repository_has_that_ones_history() {
    let Some(of) = Repository::new(&format!("content = \"../texts\"\n{NOTES}")) else { return };
    let Some(texts) = Repository::new("") else { return };
    texts.write("notes/a.md", &note("A"));
    texts.commit("2021-01-01");
    let from = texts.0.path().to_str().expect("UTF-8");
    of.git(&["submodule", "add", "-q", from, "texts"], "2022-01-01");
    of.commit("2022-01-01");
    let site = of.build();
    assert_eq!(days(&site), [("a/".to_owned(), "2021-01-02".to_owned())]);
}

#[test]
fn a_change_is_suggested_where_the_file_lies() {
    let site = "edit_url = \"https://git.example/edit/main/docs/{path}\"\n[types.note]\nfolder = \"notes\"\n";
    let (_folder, site) = super::site(&[
        (
            "site.toml",
            &format!("title = \"T\"\npreset = \"none\"\nlanguages = [\"en\", \"it\"]\n{site}"),
        ),
        ("content/notes/a b#.md", &note("A")),
        ("content/notes/a b#.it.md", &note("A")),
    ]);
    for (url, file) in [("notes/a-b/", "a%20b%23.md"), ("it/notes/a-b/", "a%20b%23.it.md")] {
        let page = site.page(url).unwrap_or_else(|| panic!("no {url}"));
        let whole = format!("https://git.example/edit/main/docs/content/notes/{file}");
        assert!(page.links.iter().any(|link| link.url == whole), "{:?}", page.links);
    }
}

#[test]
fn a_change_to_content_elsewhere_is_suggested_by_its_path_there() {
    let texts = TempDir::new().expect("a temporary folder");
    let file = texts.path().join("notes/b/a.md");
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    std::fs::write(file, note("A")).expect("a file");
    let absolute = texts.path().to_str().expect("UTF-8").to_owned();
    let build = |content: &str, pattern: &str| {
        let folder = TempDir::new().expect("a temporary folder");
        let toml = format!(
            "title = \"T\"\npreset = \"none\"\ncontent = '{content}'\n\
             edit_url = \"https://git.example/edit/main/{pattern}\"\n[types.note]\nfolder = \"notes\"\n"
        );
        std::fs::write(folder.path().join("site.toml"), toml).expect("a file");
        let out = TempDir::new().expect("a temporary folder");
        let built = exempla::build::build(folder.path(), &built::options(out.path()));
        let page = std::fs::read_to_string(out.path().join("notes/a/index.html"));
        (built.found, page)
    };
    let (found, page) = build(&absolute, "{file}");
    assert!(!found.has_errors(), "{}", built::listed(&found));
    assert!(page.expect("a page").contains("\"https://git.example/edit/main/notes/b/a.md\""));
    // A path below the site's folder there is none, and nothing is made up.
    for outside in [absolute.as_str(), "../texts", "texts/../../texts"] {
        let (found, page) = build(outside, "{path}");
        let told = found.iter().filter(|one| one.code.name == "config/invalid");
        let told: Vec<&str> = told.filter_map(|one| one.help.as_deref()).collect();
        assert!(told.iter().any(|help| help.contains("{file}")), "{outside}: {told:?}");
        assert!(page.is_err(), "{outside}");
    }
}

#[test]
fn a_build_is_recalled_until_git_has_another_commit() {
    let Some(of) = Repository::new(NOTES) else { return };
    of.write("site/content/notes/a.md", &note("A"));
    of.commit("2022-01-01");
    let clock = || std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    let cache = || Some(Cache { clock, program: std::env::current_exe().expect("a program") });
    let out = TempDir::new().expect("a temporary folder");
    let recalled = || {
        let built = build(&of.root(), &BuildOptions { cache: cache(), ..options(out.path()) });
        assert!(built.summary.is_some(), "nothing was written");
        built.recalled
    };
    assert!(!recalled());
    assert!(recalled());
    // The files are as they were, and yet git would date them otherwise.
    of.git(&["commit", "-q", "--amend", "-m", ".", "--reset-author"], "2022-02-02");
    assert!(!recalled());
    assert!(recalled());
}

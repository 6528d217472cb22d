//! Small sites and all that comes of them, byte for byte: see `tests/golden/README.md`.

mod built;

use built::{copy, files, options, project};
use exempla::build::build;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

type Tree = BTreeMap<String, Vec<u8>>;

/// Builds the site in `folder/in` with the shared theme.
fn produced(folder: &Path) -> Tree {
    let site = TempDir::new().expect("a temporary folder");
    copy(&folder.join("in"), site.path());
    copy(&project().join("tests/golden/theme"), &site.path().join("themes/tiny"));
    let out = site.path().join("public");
    let built = build(site.path(), &options(&out));
    assert!(built.summary.is_some(), "{}", built::listed(&built.found));
    let mut tree = files(&out);
    // The manifest is a list of hashes; the default theme's files stand behind
    // every theme's own and are not this test's subject.
    let theme = project().join("tests/golden/theme/static");
    tree.retain(|path, _| {
        let own = |asset| theme.join(without_hash(asset)).is_file();
        path.strip_prefix("assets/").is_none_or(own) && !path.starts_with(".exempla/")
    });
    tree.insert("findings.txt".into(), built::listed(&built.found).into_bytes());
    tree
}

/// The name of a static file as its theme has it: `img/x.svg` for `img/x.0123456789.svg`.
fn without_hash(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('.').collect();
    if parts.len() > 2 {
        parts.remove(parts.len() - 2);
    }
    parts.join(".")
}

fn check(name: &str) {
    let folder = project().join("tests/golden").join(name);
    let produced = produced(&folder);
    let out = folder.join("out");
    if std::env::var_os("EXEMPLA_UPDATE_GOLDEN").is_some() {
        let _ = std::fs::remove_dir_all(&out);
        for (path, bytes) in &produced {
            let target = out.join(path);
            std::fs::create_dir_all(target.parent().expect("a file has a folder"))
                .expect("a folder");
            std::fs::write(target, bytes).expect("a file");
        }
        return;
    }
    let expected = files(&out);
    let names = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&expected), names(&produced), "other files than in {name}/out");
    for (path, bytes) in &expected {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(bytes), text(&produced[path]), "{name}/out/{path} differs");
        assert_eq!(bytes, &produced[path], "{name}/out/{path} differs");
    }
}

#[test]
fn what_markdown_becomes() {
    check("one-page");
}

#[test]
fn two_languages_facets_and_pages_of_a_list() {
    check("two-languages");
}

#[test]
fn typed_fields_and_references() {
    check("references");
}

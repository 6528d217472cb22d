//! The example in its four languages: what is translated stands in the language
//! of the page, what is not stands in the default one, and nothing in a third.

#[path = "../built/mod.rs"]
mod built;
mod fields;
mod history;
mod marks;
mod pairs;
mod sections;

use built::{Site, project};
use std::sync::OnceLock;

const LANGUAGES: [&str; 3] = ["it", "es", "lv"];
const BASE: &str = "https://pages.example/";

fn example() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| Site::build(project(), Some(BASE)))
}

#[test]
fn only_the_language_switch_leads_to_a_third_language() {
    for (path, page) in example().pages.iter().filter(|(_, page)| !page.is_redirect) {
        let lang = page.lang.as_deref().expect("a page says its language");
        for other in LANGUAGES.iter().filter(|other| **other != lang) {
            let prefix = format!("/{other}/");
            let links = page.links.iter().filter(|link| link.tag == "a");
            let found: Vec<&str> = links
                .map(|link| link.url.as_str())
                .filter(|url| url.starts_with(&prefix))
                .collect();
            assert_eq!(found.len(), 1, "{path} leads to {found:?}");
        }
    }
}

#[test]
fn a_list_shows_each_entry_once_in_the_nearest_language() {
    let page = |url: &str| &example().page(url).unwrap_or_else(|| panic!("no {url}")).main;
    for (url, own, fallback, never) in [
        ("it/practices/", "Punto di accesso unico ai servizi", "Open urban lab", "Single access"),
        ("es/practices/", "Laboratorio urbano abierto", "Single access point", "Open urban lab"),
        ("lv/pilots/", "Latvija: klientu apkalpošanas", "Spain: open", "España"),
    ] {
        let main = page(url);
        assert!(main.contains(own) && main.contains(fallback), "{url}: {main}");
        assert!(!main.contains(never), "{url} has {never}");
    }
}

#[test]
fn a_tag_is_one_and_the_same_in_all_languages() {
    for (url, label) in [
        ("browse/tags/first-steps/", "first steps"),
        ("it/browse/tags/first-steps/", "primi passi"),
        ("es/browse/tags/first-steps/", "primeros pasos"),
        ("lv/browse/tags/first-steps/", "pirmie soļi"),
    ] {
        let page = example().page(url).unwrap_or_else(|| panic!("no {url}"));
        assert!(page.main.contains(label), "{url}: {}", page.main);
        let counted = page.links.iter().filter(|link| link.url.contains("/practices/")).count();
        let reference = example().page("browse/tags/first-steps/").expect("it was asked for");
        let expected = reference.links.iter().filter(|link| link.url.contains("/practices/"));
        assert_eq!(counted, expected.count(), "{url}");
    }
    // An entry links the tag by the label of its own language.
    let italian = example().page("it/practices/single-access-point/").expect("the translation");
    assert!(italian.main.contains("primi passi"));
    assert!(italian.links.iter().any(|link| link.url == "/it/browse/tags/first-steps/"));
}

/// Writes the files of a site, given as path and text, into a folder and builds it.
fn site(files: &[(&str, &str)]) -> (tempfile::TempDir, Site) {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let site = Site::build(folder.path(), Some(BASE));
    (folder, site)
}

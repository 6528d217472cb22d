//! What a translation has of its original.

use super::{built, site};

const SITE: &str = r#"
title = "T"
preset = "none"
languages = ["en", "it"]
[types.place]
folder = "places"
[types.place.fields]
level = { type = "integer", required = true, facet = true }
motto = { type = "text" }
story = { type = "markdown" }
see = { type = "ref", inverse = "seen" }
plan = { type = "file" }
"#;

#[test]
fn a_translation_has_the_fields_that_it_does_not_give() {
    let (_folder, site) = site(&[
        ("site.toml", SITE),
        (
            "content/places/hill.md",
            "---\ntitle: Hill\nsummary: High.\nlevel: 7\nmotto: Up we go\nstory: Once *up*.\n\
             see: river\nplan: plan.txt\nredirects: [/old/]\ntags: [green]\n---\nA hill.\n",
        ),
        ("content/places/plan.txt", "The plan.\n"),
        // It lies elsewhere: the original's files are found from the original.
        ("content/it/places/hill.md", "---\ntitle: Colle\n---\nUn colle.\n"),
        ("content/places/river.md", "---\ntitle: River\nlevel: 1\n---\nA river.\n"),
        ("content/places/river.it.md", "---\ntitle: Fiume\nlevel: 2\n---\nUn fiume.\n"),
    ]);
    assert!(!site.built.found.has_errors(), "{}", built::listed(&site.built.found));
    let html = |path: &str| {
        std::fs::read_to_string(site.out.path().join(path)).unwrap_or_else(|_| panic!("no {path}"))
    };
    let page = site.page("it/places/hill/").expect("the translation");
    let links: Vec<&str> = page.links.iter().map(|link| link.url.as_str()).collect();
    assert!(page.main.contains('7'), "{}", page.main);
    assert!(links.contains(&"/it/places/river/"), "{links:?}");
    assert!(links.contains(&"/it/browse/tags/green/"), "{links:?}");
    assert!(links.iter().any(|url| url.starts_with("/places/plan.")), "{links:?}");
    // What is said in words is the original's, and marked, or it is not there.
    assert!(!page.main.contains("High.") && !page.main.contains("Once"), "{}", page.main);
    let words = html("it/places/hill/index.html");
    assert!(words.contains(r#"<div lang="en" dir="ltr">Up we go</div>"#), "{words}");
    assert!(!words.contains(r#"<div lang="en" dir="ltr">7"#));
    // What a translation gives itself is its own.
    let river = site.page("it/places/river/").expect("the other translation");
    assert!(river.main.contains('2') && river.main.contains("Colle"), "{}", river.main);
    // An address that the original had before leads to the original.
    let old = site.page("old/").expect("the former address");
    assert!(old.links.iter().any(|link| link.url.ends_with("/places/hill/")), "{:?}", old.links);
    assert!(!old.links.iter().any(|link| link.url.contains("/it/")), "{:?}", old.links);
    assert!(site.page("it/browse/level/7/").is_some_and(|page| page.main.contains("Colle")));
}

#[test]
fn what_is_not_published_is_not_in_any_language() {
    let (_folder, site) = site(&[
        ("site.toml", SITE),
        ("content/places/a.md", "---\ntitle: A\nlevel: 1\nprivate: true\n---\nA.\n"),
        ("content/places/a.it.md", "---\ntitle: Secretum\n---\nA.\n"),
        ("content/places/b.md", "---\ntitle: B\nlevel: 1\nstatus: draft\n---\nB.\n"),
        ("content/places/b.it.md", "---\ntitle: Secretum\n---\nB.\n"),
        ("content/places/c.md", "---\ntitle: C\nlevel: 1\n---\nC.\n"),
        ("content/places/c.it.md", "---\ntitle: Secretum\ndraft: true\n---\nC.\n"),
    ]);
    for (path, bytes) in built::files(site.out.path()) {
        assert!(!String::from_utf8_lossy(&bytes).contains("Secretum"), "{path}");
    }
    assert!(site.page("places/c/").is_some());
}

#[test]
fn a_page_says_that_its_original_has_changed() {
    let (_folder, site) = site(&[
        ("site.toml", SITE),
        ("content/places/a.md", "---\ntitle: Alpha\nlevel: 1\nupdated: 2024-02-02\n---\nA.\n"),
        ("content/places/a.it.md", "---\ntitle: Alfa\nupdated: 2024-02-01\n---\nA.\n"),
        ("content/places/b.md", "---\ntitle: Beta\nlevel: 1\nupdated: 2024-02-01\n---\nB.\n"),
        ("content/places/b.it.md", "---\ntitle: Bi\nupdated: 2024-02-01\n---\nB.\n"),
    ]);
    let says = |url: &str| {
        let page = site.page(url).unwrap_or_else(|| panic!("no {url}"));
        let links = page.links.iter().any(|link| link.tag == "a" && link.url == "/places/a/");
        page.main.contains("L'originale è cambiato") && links
    };
    assert!(says("it/places/a/"));
    assert!(!says("it/places/b/") && !says("places/a/"));
}

#[test]
fn a_bad_original_takes_its_translations_along() {
    let (_folder, site) = site(&[
        ("site.toml", &format!("on_bad_entry = \"skip\"\n{SITE}")),
        ("content/places/a.md", "---\ntitle: Secretum\nlevel: many\n---\nA.\n"),
        ("content/places/a.it.md", "---\ntitle: Secretum\n---\nA.\n"),
        // A bad translation goes alone.
        ("content/places/b.md", "---\ntitle: Beta\nlevel: 1\n---\nB.\n"),
        ("content/places/b.it.md", "---\ntitle: Secretum\nlevel: tanti\n---\nB.\n"),
        // Bad only once all is joined.
        ("content/places/c.md", "---\ntitle: Secretum\nlevel: 1\nsee: nobody\n---\nC.\n"),
        ("content/places/c.it.md", "---\ntitle: Secretum\n---\nC.\n"),
    ]);
    assert!(!site.built.found.has_errors());
    for (path, bytes) in built::files(site.out.path()) {
        assert!(!String::from_utf8_lossy(&bytes).contains("Secretum"), "{path}");
    }
    let of_kind = site.built.found.iter().filter(|one| one.code.name == "model/skipped-entry");
    let files: Vec<&str> = of_kind.filter_map(|one| Some(&*one.place.as_ref()?.file)).collect();
    let expected = ["a.it.md", "a.md", "b.it.md", "c.it.md", "c.md"];
    assert_eq!(files, expected.map(|name| format!("content/places/{name}")));
    assert!(site.page("places/b/").is_some() && site.page("it/places/").is_some());
}

#[test]
fn two_of_one_language_lend_each_other_nothing() {
    let (_folder, site) = site(&[
        ("site.toml", &format!("on_bad_entry = \"skip\"\n{SITE}")),
        ("content/places/a.md", "---\ntitle: A\nid: one\nlevel: 7\ndraft: true\n---\nA.\n"),
        ("content/places/b.md", "---\ntitle: B\nid: one\n---\nB.\n"),
    ]);
    let missing = site.built.found.iter().find(|one| one.code.name == "content/missing-field");
    let place = missing.and_then(|one| one.place.as_ref()).expect("b has no level of its own");
    assert_eq!(&*place.file, "content/places/b.md");
}

#[test]
fn a_name_that_begins_with_a_day_gives_the_date_that_the_entry_does_not() {
    let (_folder, site) = site(&[
        ("site.toml", "title = \"T\"\npreset = \"none\"\n[types.post]\nfolder = \"_posts\"\n"),
        ("content/_posts/2024-01-05-one.md", "---\ntitle: One\n---\nText.\n"),
        ("content/_posts/2024-01-05-two.md", "---\ntitle: Two\ndate: 2023-02-03\n---\nText.\n"),
        ("content/_posts/2024-13-05-three.md", "---\ntitle: Three\n---\nText.\n"),
        ("content/_posts/2024-01-05.md", "---\ntitle: Four\n---\nText.\n"),
    ]);
    assert!(!site.built.found.has_errors(), "{}", built::listed(&site.built.found));
    for (name, date) in [
        ("2024-01-05-one", Some("5 January 2024")),
        ("2024-01-05-two", Some("3 February 2023")),
        ("2024-13-05-three", None),
        ("2024-01-05", None),
    ] {
        // What a folder is marked with is not in the address.
        let page = site.page(&format!("posts/{name}/")).unwrap_or_else(|| panic!("no {name}"));
        let months = ["January", "February"].map(|month| page.main.contains(month));
        assert_eq!(months.contains(&true), date.is_some(), "{}", page.main);
        assert!(date.is_none_or(|date| page.main.contains(date)), "{}", page.main);
    }
}

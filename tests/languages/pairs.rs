//! What makes entries translations of each other.

use super::{built, site};

const SITE: &str = "title = \"T\"\npreset = \"none\"\nlanguages = [\"en\", \"it\", \"zh-hans\"]\n\
    [diagnostics]\n\"theme/untranslated\" = \"off\"\n\
    [types.note]\nfolder = \"notes\"\n[types.note.fields.see]\ntype = \"ref\"\ninverse = \"seen\"\n";

/// The addresses of a page's other languages, as it names them itself.
fn others(site: &built::Site, url: &str) -> Vec<String> {
    let page = site.page(url).unwrap_or_else(|| panic!("no {url}"));
    let links = page.links.iter().filter(|link| link.tag == "link");
    let languages = links.filter(|link| link.url.starts_with(super::BASE));
    let mut urls: Vec<String> =
        languages.map(|link| link.url[super::BASE.len()..].to_owned()).collect();
    urls.sort();
    urls.dedup();
    urls.retain(|other| other != url && other.contains("notes/"));
    urls
}

#[test]
fn entries_pair_by_path_by_id_and_by_key() {
    let pairs: [[(&str, &str); 2]; 8] = [
        [("notes/a.md", "title: A"), ("notes/a.it.md", "title: A")],
        [("notes/a.md", "title: A\nid: first"), ("it/notes/a.md", "title: A")],
        [("notes/a.md", "title: A\nid: one"), ("notes/b.md", "title: A\nid: one\nlang: it")],
        // A key that both share.
        [
            ("notes/a.md", "title: A\ntranslation_key: x"),
            ("notes/b.md", "title: A\nlang: it-IT\ntranslationKey: x"),
        ],
        // A key that names the original: by id, path, slug or the last part of its id.
        [("notes/a.md", "title: A"), ("notes/b.it.md", "title: A\ntranslation_key: notes/a")],
        [("notes/a.md", "title: A"), ("notes/b.it.md", "title: A\ntranslation_key: notes/a.md")],
        [("notes/a.md", "title: A\nslug: s"), ("notes/b.it.md", "title: A\ntranslation_key: s")],
        // A file that no type claims is what its original is.
        [("notes/a.md", "title: A"), ("note/b.md", "title: A\nlang: it\ntranslation_key: a")],
    ];
    for [original, translation] in pairs {
        let text = |(path, front): (&str, &str)| {
            (format!("content/{path}"), format!("---\n{front}\n---\nText.\n"))
        };
        let (original, translation) = (text(original), text(translation));
        let mut files = vec![("site.toml", SITE)];
        files.extend([&original, &translation].map(|(p, t)| (p.as_str(), t.as_str())));
        let (_folder, site) = site(&files);
        let listed = built::listed(&site.built.found);
        assert!(listed.is_empty(), "{translation:?}: {listed}");
        let slug = if original.1.contains("slug") { "s" } else { "a" };
        let own = if translation.0.contains("/b") { "b" } else { "a" };
        let (original, translation) = (format!("notes/{slug}/"), format!("it/notes/{own}/"));
        assert_eq!(others(&site, &original), [translation.as_str()]);
        assert_eq!(others(&site, &translation), [original.as_str()]);
    }
}

#[test]
fn a_key_joins_nothing_that_has_the_language_already() {
    let (_folder, site) = site(&[
        ("site.toml", SITE),
        ("content/notes/a.md", "---\ntitle: A\ntranslation_key: about\n---\nText.\n"),
        ("content/notes/b.md", "---\ntitle: B\nlang: it\ntranslation_key: about\n---\nText.\n"),
        // It has the same name, and is another entry.
        ("content/notes/about.md", "---\ntitle: C\n---\nText.\n"),
        ("content/notes/zh.md", "---\ntitle: D\nlang: zh\ntranslation_key: alone\n---\nText.\n"),
    ]);
    assert_eq!(others(&site, "notes/a/"), ["it/notes/b/"]);
    assert!(others(&site, "notes/about/").is_empty());
    assert!(others(&site, "zh-hans/notes/zh/").is_empty());
}

#[test]
fn a_reference_finds_an_entry_by_its_path_whatever_its_id() {
    let (_folder, site) = site(&[
        ("site.toml", SITE),
        ("content/notes/a.md", "---\ntitle: A\nid: first\n---\nText.\n"),
        ("content/notes/b.md", "---\ntitle: B\nsee: notes/a\n---\nText.\n"),
    ]);
    let page = site.page("notes/b/").expect("the page");
    assert!(page.links.iter().any(|link| link.tag == "a" && link.url == "/notes/a/"));
}

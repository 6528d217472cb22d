//! What a page says of languages: its own, those of the same page elsewhere, and
//! those of what it shows of other pages.

use super::{BASE, built, example, site};
use built::page::Page;
use std::collections::{BTreeMap, BTreeSet};

/// The pages that visitors read, by address in the site.
fn pages() -> BTreeMap<&'static str, &'static Page> {
    let read =
        example().pages.iter().filter(|(path, page)| !page.is_redirect && *path != "404.html");
    read.filter_map(|(path, page)| Some((path.strip_suffix("index.html")?, page))).collect()
}

/// A page's other languages, as its head names them: language → address.
fn alternates(page: &Page) -> BTreeMap<&str, &str> {
    let links = page.links.iter().filter(|link| link.tag == "link");
    let named = links.filter_map(|link| {
        let lang = link.hreflang.as_deref().filter(|lang| *lang != "x-default")?;
        Some((lang, link.url.strip_prefix(BASE).expect("a whole address of this site")))
    });
    named.collect()
}

#[test]
fn pages_in_several_languages_name_each_other_and_themselves() {
    let pages = pages();
    let mut entries: BTreeSet<&str> = BTreeSet::new();
    for (url, page) in &pages {
        let named = alternates(page);
        if named.is_empty() {
            continue;
        }
        assert_eq!(named.get(page.lang.as_deref().expect("a language")), Some(url), "{url}");
        for (lang, other) in &named {
            let there = pages.get(other).unwrap_or_else(|| panic!("{url} names {other}"));
            assert_eq!(there.lang.as_deref(), Some(*lang), "{url} names {other}");
            assert_eq!(alternates(there), named, "{other} does not name what {url} names");
        }
        entries.extend(named.get("it"));
    }
    assert!(entries.contains("it/practices/single-access-point/"), "{entries:?}");
    assert!(entries.contains("it/") && entries.contains("it/practices/"), "{entries:?}");
    // What nobody has translated has no other languages.
    assert!(alternates(pages["practices/urban-lab/"]).keys().all(|lang| *lang != "it"));
}

#[test]
fn the_language_switch_leads_to_the_same_page_or_to_its_list_or_home() {
    let pages = pages();
    for (url, page) in &pages {
        let named = alternates(page);
        let lang = page.lang.as_deref().expect("a language");
        let switch: BTreeMap<&str, &str> = page
            .links
            .iter()
            .filter(|link| link.tag == "a" && link.lang.is_some() && link.hreflang == link.lang)
            .filter_map(|link| Some((link.hreflang.as_deref()?, link.url.strip_prefix('/')?)))
            // The switch stands first on a page, and names each language once.
            .rev()
            .collect();
        for other in ["en", "it", "es", "lv"].iter().filter(|other| **other != lang) {
            let home = if *other == "en" { String::new() } else { format!("{other}/") };
            let folder = url.trim_start_matches(&format!("{lang}/")).split('/').next();
            let list = format!("{home}{}/", folder.unwrap_or_default());
            let near = if pages.contains_key(list.as_str()) { list } else { home };
            let same = named.get(other).map_or(near.as_str(), |url| url);
            assert_eq!(switch.get(other), Some(&same), "{url}, {other}");
        }
    }
}

#[test]
fn what_is_not_translated_is_marked_where_it_is_shown() {
    let pages = pages();
    let mut marked = 0;
    for (url, page) in &pages {
        let path = example().out.path().join(url).join("index.html");
        let html = std::fs::read_to_string(path).expect("a page");
        // Cards that say the title of a page in another language.
        let cards = html.split("class=\"card-title\"><a ").skip(1);
        for link in cards.filter_map(|part| part.split_once("</a>")) {
            let Some((attributes, words)) = link.0.split_once('>') else { continue };
            let to = attributes.split("href=\"/").nth(1).and_then(|rest| rest.split('"').next());
            let there = to.and_then(|to| pages.get(to));
            let says = |there: &&&Page| !words.is_empty() && there.title.starts_with(words);
            let Some(there) = there.filter(|there| there.lang != page.lang).filter(says) else {
                continue;
            };
            let lang = there.lang.as_deref().expect("a language");
            let mark = format!("hreflang=\"{lang}\" lang=\"{lang}\"");
            assert!(attributes.contains(&mark), "{url}: {attributes}: {words}");
            marked += 1;
        }
    }
    assert!(marked > 500, "{marked}");
}

const SITE: &str = "title = \"T\"\npreset = \"none\"\nlanguages = [\"en\", \"it\"]\n\
    [types.note]\nfolder = \"notes\"\n\
    [types.note.fields]\nlevel = { type = \"integer\", facet = true }\n\
    image = { type = \"image\" }\nattachments = { type = \"list\", of = \"file\" }\n";

#[test]
fn words_of_the_original_are_marked_in_a_translation() {
    let (_folder, site) = site(&[
        ("site.toml", SITE),
        (
            "content/notes/a.md",
            "---\ntitle: Alpha\ntags: [green]\nimage: { src: a.svg, alt: A hill, caption: In May }\n\
             attachments: [{ src: plan.txt, title: The plan }, { src: bare.txt }]\n---\nA.\n",
        ),
        (
            "content/notes/a.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>",
        ),
        ("content/notes/plan.txt", "The plan."),
        ("content/notes/bare.txt", "Bare."),
        ("content/notes/a.it.md", "---\ntitle: Alfa\n---\nA.\n"),
        ("content/notes/b.md", "---\ntitle: Beta\ntags: [red]\n---\nB.\n"),
        ("content/notes/b.it.md", "---\ntitle: Bi\ntags: [rosso]\n---\nB.\n"),
    ]);
    assert!(!site.built.found.has_errors(), "{}", built::listed(&site.built.found));
    let html = |url: &str| {
        let path = site.out.path().join(url).join("index.html");
        std::fs::read_to_string(path).unwrap_or_else(|_| panic!("no {url}"))
    };
    let (original, translation) = (html("notes/a/"), html("it/notes/a/"));
    let mark = r#" lang="en" dir="auto""#;
    for (before, after) in
        [("<figure class=\"picture\"", ">"), ("", ">The plan</a>"), ("", ">green</a>")]
    {
        assert!(translation.contains(&format!("{before}{mark}{after}")), "{after}: {translation}");
    }
    // A name of a file is in no language, and what is at home is not marked.
    assert!(translation.contains("bare.txt</a>") && !translation.contains(&format!("{mark}>bare")));
    assert!(!original.contains(mark) && !html("it/notes/b/").contains(mark));
}

#[test]
fn lists_and_facets_are_those_of_the_language() {
    let (_folder, site) = site(&[
        ("site.toml", SITE),
        ("content/notes/a.md", "---\ntitle: Alpha\nlevel: 1\ntags: [green]\n---\nA.\n"),
        ("content/notes/a.it.md", "---\ntitle: Alfa\nlevel: 2\ntags: [verde]\n---\nA.\n"),
        ("content/notes/b.md", "---\ntitle: Beta\nlevel: 1\n---\nB.\n"),
        ("content/notes/c.it.md", "---\ntitle: Gamma\nlevel: 2\n---\nSolo qui.\n"),
    ]);
    let shows = |url: &str, titles: &[&str]| {
        let page = site.page(url).unwrap_or_else(|| panic!("no {url}"));
        let all = ["Alpha", "Alfa", "Beta", "Gamma"];
        let found: Vec<&str> = all.into_iter().filter(|title| page.main.contains(title)).collect();
        assert_eq!(found, titles, "{url}");
    };
    shows("notes/", &["Alpha", "Beta", "Gamma"]);
    shows("it/notes/", &["Alfa", "Beta", "Gamma"]);
    shows("browse/level/1/", &["Alpha", "Beta"]);
    shows("browse/level/2/", &["Gamma"]);
    shows("it/browse/level/1/", &["Beta"]);
    shows("it/browse/level/2/", &["Alfa", "Gamma"]);
    shows("browse/tags/green/", &["Alpha"]);
    shows("it/browse/tags/verde/", &["Alfa"]);
    assert!(
        site.page("browse/tags/verde/").is_none() && site.page("it/browse/tags/green/").is_none()
    );
}

#[test]
fn words_of_the_settings_are_marked_where_they_are_not_translated() {
    let (_folder, site) = site(&[
        (
            "site.toml",
            "title = { en = \"Works\" }\ndescription = { en = \"What works\", it = \"Ciò che funziona\" }\n\
             preset = \"none\"\nlanguages = [\"en\", \"it\"]\n\
             [[navigation]]\nlabel = { en = \"Start\" }\nurl = \"/\"\n\
             [[navigation]]\nlabel = { en = \"Notes\", it = \"Note\" }\nurl = \"/notes/\"\n\
             [[navigation]]\nentry = \"notes/a\"\n\
             [footer]\nmission = { en = \"A mission\" }\n\
             [[footer.columns]]\ntitle = \"Everywhere\"\nlinks = [{ label = { en = \"Home\" }, url = \"/\" }]\n\
             [types.note]\nfolder = \"notes\"\n",
        ),
        ("content/notes/a.md", "---\ntitle: Alpha\n---\nA.\n"),
    ]);
    let body = |path: &str| {
        let html = std::fs::read_to_string(site.out.path().join(path)).expect("a page");
        html.split_once("<body").expect("a body").1.to_owned()
    };
    let marked = |html: &str, words: &str| {
        let at = html.find(&format!(">{words}<")).unwrap_or_else(|| panic!("no {words}"));
        let tag = html[..at].rfind('<').expect("a tag");
        html[tag..at].contains("lang=\"en\"")
    };
    let (english, italian) = (body("index.html"), body("it/index.html"));
    for words in ["Works", "Start", "Alpha", "A mission", "Home"] {
        assert!(marked(&italian, words), "{words}");
        assert!(!marked(&english, words), "{words}");
    }
    for words in ["Note", "Ciò che funziona", "Everywhere"] {
        assert!(!marked(&italian, words), "{words}");
    }
}

//! Parts of a body and trees of terms, in every language.

use super::site;
use std::process::Command;

const SITE: &str = r#"
title = "T"
preset = "none"
languages = ["en", "it"]
[vocabulary.theme]
water = { en = "Water", it = "Acqua" }
river = { en = "Rivers", it = "Fiumi", broader = "water" }
brook = { en = "Brooks", it = "Ruscelli", broader = "river" }
[types.note]
folder = "notes"
template = "note"
[types.note.fields]
themes = { type = "list", of = "term", vocabulary = "theme", facet = true }
steps = { type = "section", search = 3.0, headings = { en = ["Steps", "How to"], it = ["Passi"] }, required = true }
risks = { type = "section", headings = { en = ["Risks"], it = ["Rischi"] } }
"#;

/// Places the steps first, and then the rest.
const TEMPLATE: &str = r#"{% extends "base.html" %}{% block main %}<h1>{{ entry.title }}</h1>
{% for part in entry.parts %}{% if part.name == "steps" %}<aside>{{ part.title | safe }}: {{ part.html | safe }}</aside>{% endif %}{% endfor %}
{% for part in entry.parts %}{% if part.name != "steps" %}{{ part.html | safe }}{% endif %}{% endfor %}
<p>{{ entry.completeness.score }} of {{ entry.completeness.of }}</p>{% endblock main %}"#;

fn notes() -> (tempfile::TempDir, super::built::Site) {
    site(&[
        ("site.toml", &format!("theme = \"mine\"\n{SITE}")),
        ("themes/mine/theme.toml", "name = \"Mine\"\nversion = \"1.0.0\"\nexempla = \">=0.1\"\n"),
        ("themes/mine/templates/note.html", TEMPLATE),
        (
            "content/notes/a.md",
            "---\ntitle: Alpha\nthemes: [brook]\n---\nFirst.\n\n## Risks\n\nNone.\n\n## HOW TO:\n\nDig and wait.\n",
        ),
        (
            "content/notes/a.it.md",
            "---\ntitle: Alfa\n---\nPrima.\n\n## Passi\n\nScavare e aspettare.\n\n## Altro\n\nBasta.\n",
        ),
        ("content/notes/b.md", "---\ntitle: Beta\nthemes: [water]\n---\n## Steps\n\nNone.\n"),
    ])
}

#[test]
fn a_section_is_found_by_alias_and_language() {
    let (folder, site) = notes();
    assert!(!site.built.found.has_errors(), "{}", super::built::listed(&site.built.found));
    let html = |path: &str| {
        let text = std::fs::read_to_string(site.out.path().join(path)).expect("a page");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    // In templates; what they do not place comes after, and nothing is lost.
    let english = html("notes/a/index.html");
    assert!(english.contains("<aside>HOW TO:: <p>Dig and wait.</p>"), "{english}");
    assert!(english.contains("First.") && english.contains("None."), "{english}");
    let italian = html("it/notes/a/index.html");
    assert!(italian.contains("<aside>Passi: <p>Scavare e aspettare.</p>"), "{italian}");
    assert!(italian.contains("Basta."), "{italian}");
    // In completeness: the Italian page lacks one section that the English has.
    let score = |html: &str| {
        let paragraphs = html.split("<p>").filter_map(|part| part.split_once("</p>"));
        let numbers = |text: &str| {
            let (score, of) = text.split_once(" of ")?;
            Some((score.parse::<u32>().ok()?, of.parse::<u32>().ok()?))
        };
        paragraphs.filter_map(|(text, _)| numbers(text)).last().expect("a score")
    };
    let ((full, all), (less, same)) = (score(&english), score(&italian));
    assert_eq!((all, full), (same, less + 1));
    // In search, by the words under it.
    let output = Command::new(env!("CARGO_BIN_EXE_exempla"))
        .args(["search", "dig", "--json"])
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(json["total"], 1, "{json}");
    assert_eq!(json["hits"][0]["title"], "Alpha");
}

#[test]
fn a_broader_term_has_the_entries_of_narrower_ones() {
    let (_folder, site) = notes();
    for (lang, label, narrower, title) in
        [("", "Water", "Rivers", "Alpha"), ("it/", "Acqua", "Fiumi", "Alfa")]
    {
        let page = |term: &str| {
            let url = format!("{lang}browse/themes/{term}/");
            site.page(&url).unwrap_or_else(|| panic!("no {url}"))
        };
        let leads = |term: &str, to: &str| {
            let to = format!("/{lang}{to}");
            page(term).links.iter().any(|link| link.tag == "a" && link.url == to)
        };
        for term in ["water", "river", "brook"] {
            assert!(page(term).main.contains(title), "{lang}{term}: {}", page(term).main);
        }
        assert!(page("water").main.contains("Beta") && !page("river").main.contains("Beta"));
        // The tree, both ways.
        assert!(page("water").main.contains(label) && page("water").main.contains(narrower));
        assert!(leads("water", "browse/themes/river/") && leads("river", "browse/themes/brook/"));
        assert!(leads("river", "browse/themes/water/"));
        // On the page of all of them, each with its number.
        let all = site
            .page(&format!("{lang}browse/"))
            .or_else(|| site.page(&format!("{lang}browse/themes/")));
        let all = &all.expect("a page of facets").main;
        let words: Vec<&str> = all.split_whitespace().collect();
        let number = |label: &str| {
            let at = words.iter().position(|word| *word == label)?;
            words[at + 1..]
                .iter()
                .find_map(|word| word.trim_matches(['(', ')']).parse::<u32>().ok())
        };
        assert_eq!((number(label), number(narrower)), (Some(2), Some(1)), "{all}");
    }
}

#[test]
fn a_section_counts_in_search_by_its_own_weight() {
    let (folder, _site) = site(&[
        ("site.toml", SITE),
        (
            "content/notes/a.md",
            "---\ntitle: A\n---\n## Steps\n\nDig deep.\n\n## Risks\n\nFall down.\n",
        ),
        (
            "content/notes/b.md",
            "---\ntitle: B\n---\n## Steps\n\nFall down.\n\n## Risks\n\nDig deep.\n",
        ),
    ]);
    let titles = |word: &str| -> Vec<String> {
        let output = Command::new(env!("CARGO_BIN_EXE_exempla"))
            .args(["search", word, "--json"])
            .current_dir(folder.path())
            .output()
            .expect("the program runs");
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let hits = json["hits"].as_array().expect("hits").iter();
        hits.filter_map(|hit| hit["title"].as_str().map(str::to_owned)).collect()
    };
    // Each word stands once in each entry: only the part that it stands in tells them apart.
    let search = |toml: &str| {
        std::fs::write(folder.path().join("site.toml"), toml).expect("a file");
        (titles("dig"), titles("fall"))
    };
    let (by_dig, by_fall) = search(SITE);
    assert_eq!((by_dig, by_fall), (vec!["A".into(), "B".into()], vec!["B".into(), "A".into()]));
    let risks = SITE
        .replace("search = 3.0, ", "")
        .replace("headings = { en = [\"Risks\"]", "search = 3.0, headings = { en = [\"Risks\"]");
    let (by_dig, by_fall) = search(&risks);
    assert_eq!((by_dig, by_fall), (vec!["B".into(), "A".into()], vec!["A".into(), "B".into()]));
}

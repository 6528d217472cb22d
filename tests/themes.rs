//! A theme that changes one thing of the default one, in a site of its own.

use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A site in an empty folder whose theme is this one file, built by the program.
fn with(file: &str, text: &str) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let site = "title = \"T\"\npreset = \"none\"\ntheme = \"mine\"\n[types.note]\nfolder = \"notes\"\n\
        [types.note.fields.site]\ntype = \"url\"\n";
    write("site.toml", site);
    write("content/notes/a.md", "---\ntitle: Alpha\nsite: https://a.example/\n---\nA note.\n");
    let manifest =
        "name = \"Mine\"\nversion = \"1.0.0\"\nexempla = \">=0.1, <1\"\nextends = \"default\"\n";
    write("themes/mine/theme.toml", manifest);
    write(&format!("themes/mine/{file}"), text);
    let output = build(folder.path());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("0 errors, 0 warnings"), "{said}");
    folder
}

fn build(folder: &Path) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_exempla"))
        .arg("build")
        .current_dir(folder)
        .output()
        .expect("the program runs")
}

fn page(folder: &TempDir, path: &str) -> String {
    std::fs::read_to_string(folder.path().join("public").join(path)).expect("a page")
}

#[test]
fn one_template() {
    let template = "{% extends \"base.html\" %}{% block main %}<h1>Mine: {{ entry.title }}</h1>{% endblock main %}";
    let folder = with("templates/entry.html", template);
    let entry = page(&folder, "notes/a/index.html");
    assert!(entry.contains("<h1>Mine: Alpha</h1>") && entry.contains("class=\"skip\""), "{entry}");
    assert!(page(&folder, "notes/index.html").contains("Alpha"));
}

#[test]
fn one_block() {
    let template = "{% extends \"default:base.html\" %}{% block head %}<meta name=\"mine\" content=\"yes\">{% endblock head %}";
    let folder = with("templates/base.html", template);
    for path in ["index.html", "notes/index.html", "notes/a/index.html"] {
        let html = page(&folder, path);
        assert!(html.contains("<meta name=\"mine\" content=\"yes\">"), "{path}: {html}");
        assert!(html.contains("class=\"skip\""), "{path}");
    }
    assert!(page(&folder, "notes/a/index.html").contains("A note."));
}

#[test]
fn one_component() {
    let component = "{% component field.url(value) %}<b class=\"mine\">{{ value.url }}</b>{% endcomponent field.url %}";
    let folder = with("templates/components/mine.html", component);
    let entry = page(&folder, "notes/a/index.html");
    assert!(entry.contains("<b class=\"mine\">https://a.example/</b>"), "{entry}");
}

#[test]
fn a_component_that_takes_less_than_the_one_it_replaces_is_told_what_to_take() {
    let component = "{% component cards(cards) %}{{ cards | length }}{% endcomponent cards %}";
    let folder = with("i18n/en.toml", "[nav]\nskip = \"S\"\n");
    let path = folder.path().join("themes/mine/templates/components/mine.html");
    std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
    std::fs::write(path, component).expect("a file");
    let output = build(folder.path());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("Unknown argument(s) `brief`, `level` in"), "{said}");
    assert!(said.contains("declare what the other takes"), "{said}");
}

#[test]
fn one_text() {
    let folder = with("i18n/en.toml", "[nav]\nskip = \"To the matter\"\n");
    let entry = page(&folder, "notes/a/index.html");
    assert!(entry.contains("To the matter") && entry.contains("A note."), "{entry}");
}

#[test]
fn a_theme_says_which_versions_it_works_with() {
    let folder = with("i18n/en.toml", "[nav]\nskip = \"S\"\n");
    let manifest =
        "name = \"Mine\"\nversion = \"1.0.0\"\nexempla = \">=99\"\nextends = \"default\"\n";
    std::fs::write(folder.path().join("themes/mine/theme.toml"), manifest).expect("a file");
    let output = build(folder.path());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("theme/version"), "{said}");
}

#[test]
fn a_logo_in_svg_is_the_icon_unless_the_theme_has_one() {
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><rect width=\"1\" height=\"1\"/></svg>";
    let icon = |folder: &TempDir| {
        let path = folder.path().join("site.toml");
        let site = std::fs::read_to_string(&path).expect("a site");
        std::fs::write(&path, site + "[appearance]\nlogo = \"logo.svg\"\n").expect("a file");
        std::fs::write(folder.path().join("logo.svg"), logo).expect("a file");
        assert!(build(folder.path()).status.success());
        let home = page(folder, "index.html");
        let link = home.split("<link rel=\"icon\"").nth(1).expect("an icon");
        let href = link.split("href=\"/").nth(1).and_then(|rest| rest.split('"').next());
        let manifest = page(folder, "site.webmanifest");
        let touch = home.contains("apple-touch-icon");
        assert_eq!(manifest.contains("image/png"), touch, "{manifest}");
        assert!(manifest.contains(href.expect("an address")), "{manifest}");
        (page(folder, href.expect("an address")), touch)
    };
    assert_eq!(icon(&with("static/own.txt", "")), (logo.to_owned(), false));
    let own = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    assert_eq!(icon(&with("static/img/favicon.svg", own)), (own.to_owned(), true));
}

#[test]
fn a_front_page_of_which_nothing_was_said_shows_the_first_entries() {
    let folder = with("static/own.txt", "");
    let home = page(&folder, "index.html");
    assert!(home.contains("<a href=\"/notes/a/\">Alpha</a>"), "{home}");
    let site = std::fs::read_to_string(folder.path().join("site.toml")).expect("a site");
    std::fs::write(folder.path().join("site.toml"), site + "[home]\nblocks = [\"note\"]\n")
        .expect("a file");
    assert!(build(folder.path()).status.success(), "a type is a block of its own");
    assert!(page(&folder, "index.html").contains("Alpha</a>"));
    let text = std::fs::read_to_string(folder.path().join("site.toml")).expect("a site");
    std::fs::write(folder.path().join("site.toml"), text.replace("[\"note\"]", "[\"intro\"]"))
        .expect("a file");
    assert!(build(folder.path()).status.success());
    assert!(!page(&folder, "index.html").contains("Alpha</a>"));
}

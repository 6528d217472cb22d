//! The default theme, rendered: every template with a full and a minimal view,
//! every component with a value of its type.

mod style;

use super::fixtures::{every_type, full, minimal};
use super::*;
use crate::diagnostic::Diagnostic;
use std::collections::BTreeMap;

/// Templates for one type of entry each.
const MADE_TO_MEASURE: [&str; 9] = [
    "practice",
    "case-study",
    "pilot",
    "organisation",
    "person",
    "news",
    "event",
    "publication",
    "resource",
];

/// Templates for all others.
const OTHERS: [&str; 8] =
    ["home", "browse", "list", "term", "entry", "static-page", "404", "redirect"];

fn templates() -> impl Iterator<Item = &'static str> {
    OTHERS.into_iter().chain(MADE_TO_MEASURE)
}

fn engine_with(themes: &[Theme], folder: &str) -> Engine {
    let urls = Assets::new(themes).urls(folder);
    Engine::new(themes, &urls, &["en", "it", "ar"]).unwrap_or_else(|findings| {
        panic!("{:#?}", findings.iter().map(|found| &found.message).collect::<Vec<_>>())
    })
}

fn engine() -> Engine {
    engine_with(&[Theme::default_theme()], "/assets/")
}

fn render(engine: &Engine, template: &str, lang: &str, view: &view::PageView) -> String {
    engine
        .render_page(lang, template, view, "content/a.md")
        .unwrap_or_else(|found| panic!("{template}: {}", found.message))
}

#[test]
fn every_template_renders_with_a_full_and_with_a_minimal_view() {
    let engine = engine();
    for template in templates() {
        for lang in ["en", "it"] {
            let page = render(&engine, template, lang, &full(&engine, template, lang));
            assert!(page.starts_with("<!doctype html>") && page.contains("</html>"), "{template}");
            render(&engine, template, lang, &minimal(&engine, template, lang));
        }
    }
}

#[test]
fn what_a_search_opens_by_itself_is_quickly_fetched() {
    let engine = engine();
    let page = |total: usize| {
        let mut view = minimal(&engine, "search", "en");
        let facet =
            |name: &str, total| view::Facet { name: name.into(), total, ..Default::default() };
        let facets = vec![facet("tags", total), facet("topics", 3)];
        view.search = Some(view::Search { facets, ..Default::default() });
        render(&engine, "search", "en", &view)
    };
    assert!(page(12).contains("data-facet=\"tags\" open"));
    let many = page(5_000);
    assert!(many.contains("data-facet=\"tags\"") && !many.contains("\" open"), "{many}");
}

#[test]
fn no_page_carries_an_inline_style_or_script_or_fetches_from_elsewhere() {
    let engine = engine();
    for template in templates() {
        let page = render(&engine, template, "en", &full(&engine, template, "en"));
        for forbidden in [
            " style=",
            "<style",
            " onclick=",
            "javascript:",
            "src=\"http",
            "stylesheet\" href=\"http",
        ] {
            assert!(!page.contains(forbidden), "{template} contains {forbidden}");
        }
        for script in page.split("<script").skip(1) {
            assert!(script.contains("src=\"/assets/"), "{template}: {script:.80}");
        }
    }
}

#[test]
fn the_page_of_an_undeclared_kind_shows_every_field() {
    let engine = engine();
    let view = full(&engine, "entry", "en");
    let page = render(&engine, "entry", "en", &view);
    for field in view.entry.iter().flat_map(|entry| entry.fields.values()) {
        if !field.relation {
            assert!(page.contains(&field.piece.html), "{} is missing", field.name);
        }
    }
}

/// What is read on a page, without the space between.
fn words(html: &str) -> String {
    let told = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    let plain: String = told.collect();
    let plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    plain.split_whitespace().collect()
}

#[test]
fn the_made_to_measure_pages_lose_no_field_and_no_part() {
    let engine = engine();
    for template in MADE_TO_MEASURE {
        let view = full(&engine, template, "en");
        let page = render(&engine, template, "en", &view);
        let entry = view.entry.unwrap();
        let read = words(&page);
        for field in entry.fields.values().filter(|field| !field.relation) {
            for word in field.piece.text.split([',', ';', ':']) {
                let known = ["Atleast", "Atmost", "Unit", "Level"];
                let word: String = word.split_whitespace().collect();
                assert!(
                    known.contains(&word.as_str()) || read.contains(&word) || page.contains(&word),
                    "{template}: {} lacks `{word}`",
                    field.name
                );
            }
        }
        // The pages that tell show the body whole, the others part by part.
        let once = |html: &str| page.matches(html).count() == 1;
        let parts = entry.parts.iter().all(|part| once(&part.html));
        assert!(parts || once(&entry.body), "{template} does not show its body once");
    }
}

#[test]
fn whether_it_works_is_said_before_what_it_took() {
    let engine = engine();
    for (template, verdict) in
        [("practice", "_works"), ("case-study", "_happened"), ("pilot", "_works")]
    {
        let page = render(&engine, template, "en", &full(&engine, template, "en"));
        let questions = page.split("class=\"answer\" aria-labelledby=\"").skip(1);
        let asked: Vec<_> = questions.filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(asked[..2], ["_what", verdict], "{template}: {asked:?}");
    }
}

#[test]
fn a_level_of_evidence_alone_is_said_once() {
    let engine = engine();
    let mut view = full(&engine, "practice", "en");
    let (.., evidence) =
        fixtures::known().into_iter().find(|(name, ..)| *name == "evidence").unwrap();
    let Shown::Table(mut cells) = evidence else { panic!("evidence is a table") };
    cells.truncate(1);
    let fields = &mut view.entry.as_mut().unwrap().fields;
    fields["evidence"].piece = engine.show("en", &Shown::Table(cells), "a test").unwrap();
    let page = render(&engine, "practice", "en", &view);
    let section = page.split("aria-labelledby=\"_works\"").nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    assert_eq!(section.matches("Compared: a comparison group").count(), 1, "{section}");
    assert!(!section.contains("<dl"), "{section}");
}

#[test]
fn each_type_of_field_has_its_component_and_its_plain_words() {
    let engine = engine();
    for (name, _, shown) in every_type() {
        assert!(engine.has_component(&format!("field.{}", shown.kind())), "{}", shown.kind());
        let piece = engine.show("it", &shown, "a test").unwrap();
        assert!(!piece.html.is_empty() && !piece.text.is_empty(), "{name}");
    }
    let show = |name: &str, lang: &str| {
        let (.., shown) = every_type().into_iter().find(|(n, ..)| *n == name).unwrap();
        engine.show(lang, &shown, "a test").unwrap()
    };
    assert_eq!(show("note", "en").html, "Plain &lt;words&gt; &amp; signs");
    assert_eq!(show("cost", "it").text, "184.000,50\u{a0}€");
    assert_eq!(show("started", "it").html, "<time datetime=\"2021-05\">maggio 2021</time>");
    assert_eq!(show("open", "it").html, "Sì");
    assert_eq!(show("duration", "en").text, "At least: 2; At most: 6; Unit: weeks");
    assert!(
        show("results", "en")
            .html
            .contains("<td class=\"end\"><span class=\"num\">23,150</span></td>")
    );
}

#[test]
fn hostile_words_stay_words() {
    let engine = engine();
    let mut view = full(&engine, "entry", "en");
    let hostile = "\"><script>alert(1)</script> ]]> {{ 7*7 }}";
    view.page.title = hostile.into();
    view.site.title = hostile.into();
    if let Some(entry) = &mut view.entry {
        entry.title = hostile.into();
        entry.tags[0].label = hostile.into();
    }
    let page = render(&engine, "entry", "en", &view);
    assert!(!page.contains("<script>alert") && !page.contains("\"><script"));
    assert!(page.contains("{{ 7*7 }}"));
}

#[test]
fn a_failing_template_names_its_line_and_what_was_rendered() {
    let mut theme = Theme { name: "mine".into(), ..Theme::default() };
    theme.templates.insert("entry.html".into(), "one\ntwo {{ entry.nothing }}\n".into());
    let engine = engine_with(&[theme, Theme::default_theme()], "/");
    let view = full(&engine, "entry", "en");
    let found: Box<Diagnostic> =
        engine.render_page("en", "entry", &view, "content/practices/lab.md").unwrap_err();
    assert_eq!(found.code.name, "render/failed");
    assert!(found.message.contains("`entry.html`, line 2"), "{}", found.message);
    assert!(found.message.contains("content/practices/lab.md"), "{}", found.message);
    let place = found.place.unwrap();
    assert_eq!(&*place.file, "themes/mine/templates/entry.html");
    assert!(place.span.is_some());
}

#[test]
fn a_template_that_does_not_compile_is_a_finding() {
    let mut theme = Theme { name: "mine".into(), ..Theme::default() };
    theme.templates.insert("entry.html".into(), "{% if %}".into());
    let found = Engine::new(&[theme, Theme::default_theme()], &BTreeMap::new(), &["en"]);
    let found = found.err().unwrap();
    let found = found.iter().next().unwrap();
    assert_eq!(found.code.name, "theme/template");
    assert_eq!(&*found.place.as_ref().unwrap().file, "themes/mine/templates/entry.html");
}

#[test]
fn a_theme_may_replace_a_component_and_extend_what_it_overrides() {
    let mut theme = Theme { name: "mine".into(), ..Theme::default() };
    theme.templates.insert(
        "mine.html".into(),
        "{% component field.bool(value) %}oui{% endcomponent field.bool %}".into(),
    );
    theme.templates.insert(
        "404.html".into(),
        "{% extends \"default:404.html\" %}{% block head %}<!-- mine -->{% endblock head %}".into(),
    );
    let engine = engine_with(&[theme, Theme::default_theme()], "/");
    assert_eq!(engine.show("en", &Shown::Bool(true), "").unwrap().html, "oui");
    let page = render(&engine, "404", "en", &full(&engine, "404", "en"));
    assert!(page.contains("<!-- mine -->") && page.contains("Page not found"));
}

#[test]
fn filters_keep_order_and_say_what_is_wrong() {
    let mut theme = Theme { name: "mine".into(), ..Theme::default() };
    theme.templates.insert(
        "x.html".into(),
        "{% for k, items in rows | group_by(attribute=\"k\") %}{{ k }}{{ items | length }}{% endfor %} \
         {% for v in map | pick(names=[\"z\", \"no\", \"a\"]) %}{{ v }}{% endfor %} \
         {% for v in map | without(names=[\"z\"]) %}{{ v }}{% endfor %} \
         {{ count(text=t.count.results, n=1) }} {{ count(text=t.count.results, n=12000) }} \
         {{ \"{a}-{b}\" | fill(a=1, b=\"<\") }} {{ 1200 | size }}"
            .into(),
    );
    theme.templates.insert("bad.html".into(), "\n{{ count(text=\"x\", n=1) }}".into());
    let engine = engine_with(&[theme, Theme::default_theme()], "/");
    let row = |k: &str| BTreeMap::from([("k", k.to_owned())]);
    let view = serde_json::json!({
        "rows": [row("z"), row("a"), row("z")],
        "map": { "z": 1, "a": 2, "m": 3 },
    });
    let page = engine.render_page("en", "x", &view, "").unwrap();
    assert_eq!(page, "z2a1 12 23 1 entry 12,000 entries 1-&lt; 1.2\u{a0}kB");
    let found = engine.render_page("en", "bad", &view, "a.md").unwrap_err();
    assert!(found.message.contains("`bad.html`, line 2"), "{}", found.message);
}

#[test]
fn the_fingerprint_follows_templates_texts_and_assets() {
    let theme = Theme::default_theme();
    let of = |theme: &Theme, folder: &str| {
        engine_with(std::slice::from_ref(theme), folder).fingerprint()
    };
    let base = of(&theme, "/assets/");
    assert_eq!(base, of(&theme, "/assets/"));
    assert_ne!(base, of(&theme, "/elsewhere/"));
    let mut other = theme.clone();
    other.templates.insert("more.html".into(), String::new());
    assert_ne!(base, of(&other, "/assets/"));
}

/// Writes all pages into a folder to be looked at:
/// `EXEMPLA_PREVIEW=/tmp/preview cargo test preview`.
#[test]
fn preview() {
    let Ok(folder) = std::env::var("EXEMPLA_PREVIEW") else { return };
    let folder = std::path::Path::new(&folder);
    let themes = [Theme::default_theme()];
    let engine = engine_with(&themes, "assets/");
    for (path, bytes) in Assets::new(&themes).files {
        let path = folder.join("assets").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    for template in templates() {
        for lang in ["en", "it", "ar"] {
            let page = render(&engine, template, lang, &full(&engine, template, lang));
            std::fs::write(folder.join(format!("{template}.{lang}.html")), page).unwrap();
        }
        let page = render(&engine, template, "en", &minimal(&engine, template, "en"));
        std::fs::write(folder.join(format!("{template}.minimal.html")), page).unwrap();
    }
}

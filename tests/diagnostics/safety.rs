//! Nothing that an editor writes, in a body or in a field of any type, can run
//! in a visitor's browser.

use super::site::Site;

/// Every place of an entry gets one of these.
const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "<img src=x onerror=\"alert(1)\">",
    "<svg/onload=alert(1)>",
    "<style>body{background:url(javascript:alert(1))}</style>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<form action=\"javascript:alert(1)\"><button formaction=\"data:text/html,x\">x</button></form>",
    "[x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,AAAA)",
    "[x](<java\nscript:alert(1)>)",
    "<https://x/\"onmouseover=alert(1)>",
    "{{ alert(1) }} {% include \"x\" %}",
    "</title></textarea></script><script>alert(1)</script>",
    "<base href=\"https://evil.example/\"><meta http-equiv=refresh content=0>",
    "` onmouseover=alert(1) x=`",
];

const TYPES: &str = r#"title = "A test"
preset = "none"
licence = "CC-BY-4.0"

[types.note]
folder = "notes"
schema_org = "Article"
[types.note.fields]
plain = { type = "text", facet = true }
words = { type = "markdown" }
area = { type = "region" }
many = { type = "list", of = "text" }
mixed = { type = "list", of = "markdown" }
rows = { type = "list", of = "table", fields = { one = { type = "text" }, two = { type = "markdown" } } }
report = { type = "file" }
photo = { type = "image" }
"#;

/// A note that says the same words in every place that takes words.
fn note(attack: &str) -> String {
    let text = serde_json::to_string(attack).unwrap();
    format!(
        "---\ntitle: {text}\nsummary: {text}\ntags: [{text}]\nplain: {text}\nwords: {text}\n\
         area: {text}\nmany: [{text}]\nmixed: [{text}]\nrows: [{{one: {text}, two: {text}}}]\n\
         report: {{src: r.txt, title: {text}}}\n\
         photo: {{src: p.png, alt: {text}, caption: {text}, credit: {text}}}\n---\n\n\
         {attack}\n\n## {attack}\n\n- {attack}\n\n| a |\n|---|\n| {attack} |\n\n\
         [text]: <x> \"{attack}\"\n\n![{attack}](p.png \"{attack}\")\n\n```{attack}\n{attack}\n```\n"
    )
}

#[test]
fn nothing_that_editors_write_can_run() {
    let site = Site::empty();
    site.write("site.toml", TYPES);
    site.write("content/notes/r.txt", "A report.");
    site.write("content/notes/p.png", "not really a picture");
    for (n, attack) in ATTACKS.iter().enumerate() {
        site.write(&format!("content/notes/n{n}.md"), note(attack));
    }
    let built = site.build();
    assert_eq!(built.exit_code(), 0, "{}", site.printed(&built));
    let pages = site.public();
    assert!((0..ATTACKS.len()).all(|n| pages.contains_key(&format!("notes/n{n}/index.html"))));
    for (path, bytes) in &pages {
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        if path.ends_with(".html") {
            harmless(path, text);
        } else if path.ends_with(".xml") || path.ends_with(".atom") {
            assert!(!text.contains("<script"), "{path}");
        }
    }
}

/// Start tags as a browser reads them: `<`, a letter, and on to a `>` that is not in quotes.
fn tags(html: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let letter = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic());
        let mut quote = None;
        let end = rest.char_indices().skip(1).find(|(_, c)| match (quote, *c) {
            (None, '>') => true,
            (None, '"' | '\'') => {
                quote = Some(*c);
                false
            }
            (Some(open), c) if open == c => {
                quote = None;
                false
            }
            _ => false,
        });
        let end = end.map_or(rest.len(), |(end, _)| end + 1);
        if letter {
            out.push(rest[..end].to_ascii_lowercase());
            rest = &rest[end..];
        } else {
            rest = &rest[1..];
        }
    }
    out
}

fn harmless(path: &str, html: &str) {
    for tag in tags(html) {
        let name: String =
            tag[1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let bad = ["style", "iframe", "object", "embed", "base", "math"];
        assert!(!bad.contains(&name.as_str()), "{path}: {tag}");
        assert!(name != "script" || is_own(&tag), "{path}: {tag}");
        // Quoted values are words; what stands outside them are names of attributes.
        let mut outside = String::new();
        for (n, part) in tag.split('"').enumerate() {
            if n % 2 == 0 {
                outside.push_str(part);
            } else {
                let value = part.replace("&#58;", ":").replace("&colon;", ":");
                let value = value.trim_start_matches(|c: char| c <= ' ').to_owned();
                let address = outside.ends_with("href=") || outside.ends_with("src=");
                let scheme = ["javascript:", "data:", "vbscript:"];
                assert!(!(address && scheme.iter().any(|s| value.starts_with(s))), "{path}: {tag}");
            }
        }
        assert!(!outside.contains(" on"), "{path}: {tag}");
        assert!(!outside.contains(" style="), "{path}: {tag}");
        assert!(!outside.contains("srcdoc") && !outside.contains("formaction"), "{path}: {tag}");
    }
}

/// A file of the theme's, whose name is its content's hash; or JSON-LD, which is
/// data to a browser whatever it says, and cannot close its own element.
fn is_own(tag: &str) -> bool {
    let file = tag.strip_prefix("<script type=\"module\" src=\"/assets/");
    file.is_some_and(|rest| rest.ends_with(".js\">") && rest.matches('"').count() == 1)
        || tag == "<script type=\"application/ld+json\">"
}

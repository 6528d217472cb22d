//! What other machines get, read back with parsers that others wrote.

use biblatex::ChunksExt;
use exempla::build::{BuildOptions, Built, build};
use exempla::model::PartialDate;
use roxmltree::{Document, Node};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Files = BTreeMap<String, Vec<u8>>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(site: &Path, output: &Path, day: &str) -> Built {
    let options = BuildOptions {
        output: output.to_path_buf(),
        base_url: None,
        today: PartialDate::parse(day).expect("a day"),
        drafts: false,
        progress: None,
        cache: None,
    };
    build(site, &options)
}

/// Builds a site and gives what was published.
fn published(site: &Path, day: &str) -> Files {
    let output = tempfile::tempdir().expect("a folder");
    let built = run(site, output.path(), day);
    let errors: Vec<&str> = built
        .found
        .iter()
        .filter(|one| one.level == exempla::diagnostic::Level::Error)
        .map(|one| one.message.as_str())
        .collect();
    assert_eq!(errors, [""; 0]);
    let mut files = Files::new();
    collect(output.path(), output.path(), &mut files);
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Files) {
    for item in fs::read_dir(folder).expect("readable") {
        let path = item.expect("readable").path();
        let name = path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
        if name == ".exempla" {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.insert(name, fs::read(&path).expect("readable"));
        }
    }
}

fn text<'f>(files: &'f Files, path: &str) -> &'f str {
    let bytes = files.get(path).unwrap_or_else(|| panic!("there is no {path}"));
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn with_ending<'f>(files: &'f Files, ending: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
    let of =
        move |path: &'f String| path.ends_with(ending).then(|| (path.as_str(), text(files, path)));
    files.keys().filter_map(of)
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<&'a str> {
    node.children().find(|child| child.has_tag_name(name_of(node, name)))?.text()
}

fn name_of<'n, 'a>(node: Node<'a, 'a>, name: &'n str) -> (&'n str, &'n str)
where
    'a: 'n,
{
    (node.tag_name().namespace().unwrap_or(""), name)
}

/// The linked data of a page, cut out as a browser would: at the first end tag.
fn graph(html: &str) -> Option<Json> {
    let (_, rest) = html.split_once("<script type=\"application/ld+json\">")?;
    let (json, _) = rest.split_once("</script>").expect("closed");
    Some(serde_json::from_str(json).expect("JSON"))
}

fn node<'j>(graph: &'j Json, class: &str) -> &'j Json {
    let nodes = graph["@graph"].as_array().expect("a graph");
    let is = |node: &&Json| node["@type"] == class || node["@type"][0] == class;
    nodes.iter().find(is).unwrap_or_else(|| panic!("no {class} in {graph:#}"))
}

fn fictional() -> Files {
    published(&root().join("tests/sites/fictional"), "2026-01-01")
}

/// The output file of an address.
fn file_of(url: &str, base: &str) -> String {
    let path = url.strip_prefix(base).unwrap_or_else(|| panic!("{url} is not of the site"));
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte == b'%' {
            let code = std::str::from_utf8(&tail[..2]).expect("ASCII");
            bytes.push(u8::from_str_radix(code, 16).expect("hexadecimal"));
            rest = &tail[2..];
        } else {
            bytes.push(byte);
        }
    }
    let path = String::from_utf8(bytes).expect("UTF-8");
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path }
}

fn check_everything_parses(files: &Files) {
    for (path, xml) in with_ending(files, ".xml") {
        Document::parse(xml).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    for (path, html) in with_ending(files, ".html") {
        let noindex = html.contains("content=\"noindex\"");
        assert_eq!(graph(html).is_none(), noindex, "{path}");
    }
    for (path, bibtex) in with_ending(files, ".bib") {
        let parsed = biblatex::Bibliography::parse(bibtex);
        let parsed = parsed.unwrap_or_else(|error| panic!("{path}: {error:?}\n{bibtex}"));
        assert_eq!(parsed.len(), 1, "{path}");
    }
    for (path, ris) in with_ending(files, ".ris") {
        let lines: Vec<&str> = ris.split_terminator("\r\n").collect();
        let sound = |line: &&str| line.len() >= 6 && line.get(2..6) == Some("  - ");
        assert!(lines.iter().all(sound), "{path}");
        assert!(lines.first().is_some_and(|line| line.starts_with("TY")), "{path}");
        assert!(lines.last().is_some_and(|line| line.starts_with("ER")), "{path}");
    }
    let manifest: Json = serde_json::from_str(text(files, "site.webmanifest")).expect("JSON");
    let mut sizes = Vec::new();
    for icon in manifest["icons"].as_array().expect("icons") {
        let start = manifest["start_url"].as_str().expect("an address");
        let file =
            icon["src"].as_str().and_then(|src| src.strip_prefix(start)).expect("of the site");
        assert!(files.contains_key(file), "{file}");
        if let Some((width, height)) = icon["sizes"].as_str().and_then(|size| size.split_once('x'))
        {
            let size = imagesize::blob_size(&files[file]).expect("a picture");
            assert_eq!(
                (size.width.to_string(), size.height.to_string()),
                (width.into(), height.into())
            );
            sizes.push(size.width);
        }
    }
    assert_eq!(sizes, [192, 512], "what a home screen wants");
}

fn check_sitemap(files: &Files, base: &str) {
    let document = Document::parse(text(files, "sitemap.xml")).expect("XML");
    let mut groups: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for url in document.root_element().children().filter(Node::is_element) {
        let loc = child(url, "loc").expect("an address");
        let html = text(files, &file_of(loc, base));
        assert!(!html.contains("content=\"noindex\""), "{loc}");
        assert!(!loc.contains("/page/"), "{loc}");
        if let Some(day) = child(url, "lastmod") {
            assert!(PartialDate::parse(day).is_ok_and(|date| date.day.is_some()), "{day}");
        }
        let links = url.children().filter(|child| child.tag_name().name() == "link");
        let links = links.map(|link| {
            let attribute = |name| link.attribute(name).expect("given").to_owned();
            (attribute("hreflang"), attribute("href"))
        });
        assert!(groups.insert(loc.to_owned(), links.collect()).is_none(), "{loc} stands twice");
    }
    for (loc, links) in groups.iter().filter(|(_, links)| !links.is_empty()) {
        assert!(links.iter().any(|(_, url)| url == loc), "{loc} is not among its languages");
        for (_, url) in links {
            assert_eq!(groups.get(url), Some(links), "{loc} and {url} do not name each other");
        }
    }
    let robots = text(files, "robots.txt");
    assert!(robots.contains(&format!("\nSitemap: {base}sitemap.xml\n")), "{robots}");
}

fn check_feeds(files: &Files, base: &str) -> usize {
    let feeds: Vec<&str> = with_ending(files, "feed.xml").map(|(path, _)| path).collect();
    let mut linked = BTreeSet::new();
    for (_, html) in with_ending(files, ".html") {
        for part in html.split("<link rel=\"alternate\" type=\"application/atom+xml\"").skip(1) {
            let (_, rest) = part.split_once("href=\"").expect("an address");
            let (href, _) = rest.split_once('"').expect("closed");
            let path = base.split('/').skip(3).collect::<Vec<_>>().join("/");
            linked.insert(href.strip_prefix(&format!("/{path}")).expect("of the site").to_owned());
        }
    }
    assert_eq!(linked.iter().map(String::as_str).collect::<Vec<_>>(), feeds);
    for path in &feeds {
        let document = Document::parse(text(files, path)).expect("XML");
        let feed = document.root_element();
        assert!(feed.has_tag_name(("http://www.w3.org/2005/Atom", "feed")));
        assert_eq!(child(feed, "id"), Some(format!("{base}{path}").as_str()));
        let author = feed.children().find(|node| node.tag_name().name() == "author");
        assert!(
            author.and_then(|author| child(author, "name")).is_some_and(|name| !name.is_empty())
        );
        let entries = feed.children().filter(|node| node.tag_name().name() == "entry");
        let entries: Vec<Node> = entries.collect();
        assert!((1..=20).contains(&entries.len()), "{path}");
        let updated: Vec<&str> = entries.iter().filter_map(|one| child(*one, "updated")).collect();
        assert!(updated.is_sorted_by(|a, b| a >= b), "{path}: {updated:?}");
        assert!(updated.iter().all(|moment| moment.parse::<jiff::Timestamp>().is_ok()));
        assert_eq!(child(feed, "updated"), updated.first().copied());
        let ids: BTreeSet<&str> = entries.iter().filter_map(|one| child(*one, "id")).collect();
        assert_eq!(ids.len(), entries.len(), "{path}");
        for entry in entries {
            let link = entry.children().find(|node| node.attribute("rel") == Some("alternate"));
            let href = link.and_then(|link| link.attribute("href")).expect("an address");
            assert!(files.contains_key(&file_of(href, base)), "{href}");
            assert!(child(entry, "title").is_some());
            let content = child(entry, "content").unwrap_or_default();
            for attribute in ["href=\"/", "src=\"/"] {
                assert!(!content.contains(attribute), "{path}: an address is not whole");
            }
        }
    }
    feeds.len()
}

#[test]
fn the_example_is_read_by_others() {
    let files = published(&root(), "2026-01-01");
    let base = "https://example.org/interlink/";
    check_everything_parses(&files);
    check_sitemap(&files, base);
    assert!(check_feeds(&files, base) >= 2);
    let home = graph(text(&files, "index.html")).expect("linked data");
    assert_eq!(node(&home, "WebSite")["url"], base);
    assert_eq!(
        node(&home, "DataCatalog")["license"],
        "https://creativecommons.org/licenses/by/4.0/"
    );
    let path = "publications/ict-in-co-production/";
    let paper = graph(text(&files, &format!("{path}index.html"))).expect("linked data");
    let work = node(&paper, "ScholarlyArticle");
    assert_eq!(work["author"][0]["name"], "Chiara Leonardi");
    assert_eq!(work["author"][0]["@type"], "Person");
    assert_eq!(work["publisher"], Json::Null, "the site did not publish what it describes");
    let page = node(&paper, "WebPage");
    assert_eq!(page["breadcrumb"]["itemListElement"][0]["item"], base);
    assert_eq!(page["breadcrumb"]["itemListElement"][2]["item"], format!("{base}{path}"));
    assert_eq!(
        text(&files, &format!("{path}ict-in-co-production.bib")),
        "@misc{publications:ict-in-co-production,\n  \
         author = {Chiara Leonardi and Elena Not},\n  \
         title = {{Challenges and Opportunities for ICT in Co-production: A Case Study of Public Service Innovation in an Italian Municipality}},\n  \
         url = {https://example.org/interlink/publications/ict-in-co-production/},\n  \
         language = {en},\n}\n"
    );
    assert!(!files.contains_key("people/elena-not/elena-not.bib"), "people are not cited");
}

#[test]
fn the_fictional_site_is_read_by_others_in_both_languages() {
    let files = fictional();
    let base = "https://fen.example/archive/";
    check_everything_parses(&files);
    check_sitemap(&files, base);
    assert!(check_feeds(&files, base) >= 4);
    assert!(files.contains_key("it/news/feed.xml") && files.contains_key("it/feed.xml"));
    let sitemap = text(&files, "sitemap.xml");
    assert!(sitemap.contains("hreflang=\"it\" href=\"https://fen.example/archive/it/\""));
    let search = Document::parse(text(&files, "it/opensearch.xml")).expect("XML");
    let url = search.descendants().find(|node| node.tag_name().name() == "Url").expect("given");
    let template = url.attribute("template").expect("given");
    let page = template.strip_suffix("?q={searchTerms}").expect("a query");
    assert!(files.contains_key(&file_of(page, base)), "{page}");
    let name = child(search.root_element(), "ShortName").expect("given");
    assert!((1..=16).contains(&name.chars().count()), "{name}");
    let headers = text(&files, "_headers");
    assert!(headers.starts_with("/archive/*\n  Content-Security-Policy: default-src 'self'; img-src 'self' https://pictures.fen.example;"));
    assert_eq!(files[".nojekyll"], b"");
}

#[test]
fn an_entry_says_what_it_is_to_each_kind_of_reader() {
    let files = fictional();
    let html = text(&files, "practices/lantern-ferry-vote/index.html");
    let graph = graph(html).expect("linked data");
    let practice = node(&graph, "Article");
    assert_eq!(practice["@id"], "https://fen.example/archive/practices/lantern-ferry-vote/#entry");
    assert_eq!(practice["headline"], practice["name"]);
    let page = node(&graph, "WebPage");
    assert_eq!(page["mainEntity"]["@id"], practice["@id"]);
    for wanted in [
        "<meta property=\"og:locale\" content=\"en_GB\">",
        "<meta property=\"og:locale:alternate\" content=\"it_IT\">",
        "<meta name=\"citation_title\" content=\"",
        "<meta name=\"citation_author\" content=\"",
        "<link rel=\"manifest\" href=\"/archive/site.webmanifest\">",
        "href=\"/archive/practices/lantern-ferry-vote/lantern-ferry-vote.bib\">BibTeX</a>",
        "href=\"/archive/practices/lantern-ferry-vote/lantern-ferry-vote.ris\">RIS</a>",
    ] {
        assert!(html.contains(wanted), "no {wanted}");
    }
    let italian = text(&files, "it/practices/lantern-ferry-vote/lantern-ferry-vote.bib");
    assert!(
        italian.contains("{practices:lantern-ferry-vote-it,")
            && italian.contains("language = {it}")
    );
    let organisation = text(&files, "organisations/county-of-lower-fen/index.html");
    assert!(!organisation.contains("citation_title"));
}

#[test]
fn exports_do_not_depend_on_the_day() {
    let of = |day: &str| {
        let mut files = published(&root().join("tests/sites/fictional"), day);
        files.retain(|path, _| !path.ends_with(".html"));
        files
    };
    assert!(of("2026-01-01") == of("2027-06-30"));
}

#[test]
fn nothing_unpublished_is_exported() {
    let hidden = [
        "quillabract",
        "snorfelquay",
        "vorpelmint",
        "grimblewick",
        "zindlewort",
        "brumsattle",
        "dappleguff",
        "thrumplefen",
    ];
    for (path, bytes) in fictional() {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for word in hidden {
            assert!(!text.contains(word) && !path.contains(word), "{word} in {path}");
        }
    }
}

/// Titles that break careless writers of one format or another. Control
/// characters are not among them: reading refuses them, and the writers' own
/// tests show that they would come to no harm.
fn hostile() -> Vec<String> {
    let long = "ten thousand & <characters> % ".repeat(334);
    let mut titles: Vec<String> = [
        "\"double\" 'single' `back` ’curly’",
        "]]> <![CDATA[ x ]]>",
        "</script><script>alert(1)</script>",
        "<!-- comment --><title>&amp;&#x3c;",
        "\u{202e}drawkcab\u{2069}\u{200f}",
        "🦆 👩‍👩‍👧‍👦 \u{1f1ee}\u{1f1f9}",
        "100 % {of} #1 $5 a_b ~ ^ \\end{document} }{",
        "and and AND, others et al.",
        "line\u{2028}separator\u{2029}paragraph",
        "\u{fffe}\u{ffff} no characters",
        "{{ 7 * 7 }} {% raw %}",
        "TY  - JOUR\r\nER  - .",
    ]
    .map(str::to_owned)
    .to_vec();
    titles.push(long.trim().to_owned());
    titles
}

/// A site whose every text is `title`.
fn hostile_site(folder: &Path, title: &str) {
    let quoted = toml::Value::String(title.to_owned()).to_string();
    let site = format!(
        "title = {quoted}\ndescription = {quoted}\nbase_url = \"https://x.example/é/\"\n\
         languages = [\"en\", \"it\"]\nlicence = \"CC-BY-4.0\"\n[publisher]\nname = {quoted}\n"
    );
    let entry = format!(
        "+++\ntitle = {quoted}\nsummary = {quoted}\ndate = 2024-05-31\nslug = \"the-one\"\n\
         tags = [{quoted}]\nother_authors = [{quoted}]\n\
         policy_areas = [\"water\"]\n\
         [[links]]\ntitle = {quoted}\nurl = \"https://y.example/?a=1&b=%22\"\n+++\n\n\
         ## Steps\n\nWords, and [a link](https://z.example/?a=1&b=2), and [back](#steps).\n"
    );
    let site = site + "[types.practice.fields.summary]\nmin = 0\nmax = 20000\n";
    fs::create_dir_all(folder.join("content/practices")).expect("writable");
    fs::write(folder.join("site.toml"), site).expect("writable");
    fs::write(folder.join("content/practices/the-one.md"), &entry).expect("writable");
    fs::write(folder.join("content/practices/the-one.it.md"), entry).expect("writable");
}

#[test]
fn hostile_titles_harm_no_format() {
    for title in hostile() {
        let folder = tempfile::tempdir().expect("a folder");
        hostile_site(folder.path(), &title);
        let files = published(folder.path(), "2026-01-01");
        let base = "https://x.example/%C3%A9/";
        check_everything_parses(&files);
        check_sitemap(&files, base);
        let carried: String = title
            .chars()
            .filter(|c| {
                matches!(c, '\t' | '\n' | '\r')
                    || !matches!(c, '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
            })
            .collect();
        let feed = Document::parse(text(&files, "practices/feed.xml")).expect("XML");
        let entry = feed.descendants().find(|node| node.tag_name().name() == "entry");
        let entry = entry.expect("an entry");
        assert_eq!(child(entry, "title"), Some(carried.as_str()));
        assert_eq!(child(entry, "summary"), Some(carried.as_str()));
        let content = child(entry, "content").expect("a body");
        assert!(content.contains("href=\"https://z.example/?a=1&amp;b=2\""), "{content}");
        let html = text(&files, "practices/the-one/index.html");
        assert_eq!(html.matches("</script>").count(), html.matches("<script").count(), "{title}");
        let graph = graph(html).expect("linked data");
        assert_eq!(node(&graph, "Article")["name"], title.as_str());
        assert_eq!(
            node(&graph, "Article")["author"]["name"].as_str().map(words),
            Some(words(&title))
        );
        let ris = text(&files, "practices/the-one/the-one.ris");
        let titles: Vec<&str> =
            ris.split("\r\n").filter_map(|line| line.strip_prefix("TI  - ")).collect();
        assert_eq!(titles, [words(&title)]);
        let bibtex = text(&files, "practices/the-one/the-one.bib");
        let parsed = biblatex::Bibliography::parse(bibtex).expect("BibTeX");
        let entry = parsed.iter().next().expect("an entry");
        assert_eq!(entry.key, "practices:the-one");
        let title_back = entry.title().map(|title| title.format_verbatim());
        assert_eq!(title_back.ok(), Some(words(&title)));
        assert_eq!(entry.author().map(|authors| authors.len()).ok(), Some(1), "{bibtex}");
        for field in ["url", "year", "language"] {
            assert!(entry.fields.contains_key(field), "no {field}: {bibtex}");
        }
    }
}

/// One line of words, as records have them.
fn words(text: &str) -> String {
    let plain = text.replace(char::is_control, " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_page_in_the_place_of_an_export_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    hostile_site(folder.path(), "A title");
    let path = folder.path().join("content/practices/the-one.md");
    let entry = fs::read_to_string(&path).expect("readable");
    let redirects = "slug = \"the-one\"\nredirects = [\"/Feed.xml\", \"/robots.txt/old\"]";
    fs::write(&path, entry.replace("slug = \"the-one\"", redirects)).expect("writable");
    let output = folder.path().join("public");
    let built = run(folder.path(), &output, "2026-01-01");
    let collisions = built.found.iter().filter(|one| one.code.name == "output/collision");
    let mut messages: Vec<&str> = collisions.map(|one| one.message.as_str()).collect();
    messages.sort_unstable();
    assert_eq!(
        messages,
        [
            "/feed.xml is the address of a file that Exempla makes itself",
            "/robots.txt is the address of a file that Exempla makes itself",
        ]
    );
    assert!(built.summary.is_none() && !output.join("index.html").exists());
}

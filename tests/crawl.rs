//! The example and the fictional site, built for a sub-path and crawled from
//! their files: every link leads somewhere, every page can be reached.

mod built;

use built::page::Page;
use built::{Site, files, project, test_site};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::OnceLock;

/// Where both sites are published: two folders down.
const BASE: &str = "https://pages.example/town/practices/";
const ORIGIN: &str = "https://pages.example";

struct Crawl {
    pages: &'static BTreeMap<String, Page>,
    files: BTreeSet<String>,
}

fn example() -> &'static Crawl {
    static CRAWL: OnceLock<Crawl> = OnceLock::new();
    CRAWL.get_or_init(|| Crawl::new(Site::build(project(), Some(BASE))))
}

fn fictional() -> &'static Crawl {
    static CRAWL: OnceLock<Crawl> = OnceLock::new();
    CRAWL.get_or_init(|| Crawl::new(Site::build(&test_site("fictional"), Some(BASE))))
}

/// What an address on a page leads to.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// A file of the site, and the anchor in it.
    File(String, Option<String>),
    /// Another host, or a mail address.
    Elsewhere,
    /// A path of this host that is not the site's.
    Outside,
}

impl Crawl {
    fn new(site: Site) -> Self {
        let files = files(site.out.path()).into_keys().filter(|path| !path.starts_with('.'));
        Self { files: files.collect(), pages: Box::leak(Box::new(site.pages)) }
    }

    /// Reads an address as a browser would that shows the page at `from`.
    fn target(&self, from: &str, url: &str) -> Target {
        let base_path = BASE.strip_prefix(ORIGIN).expect("the base is on its origin");
        let path_of_page = format!("{base_path}{from}");
        let url = match url.strip_prefix(ORIGIN) {
            Some(path) if path.starts_with('/') => path,
            _ => url,
        };
        let (address, anchor) = match url.split_once('#') {
            Some((address, anchor)) => (address, Some(decode(anchor)).filter(|a| !a.is_empty())),
            None => (url, None),
        };
        let address = address.split('?').next().unwrap_or_default();
        let has_scheme = address.split(['/', '#']).next().is_some_and(|head| head.contains(':'));
        if has_scheme || address.starts_with("//") {
            return Target::Elsewhere;
        }
        let joined = if address.is_empty() {
            return Target::File(from.to_owned(), anchor);
        } else if address.starts_with('/') {
            address.to_owned()
        } else {
            let folder = path_of_page.rsplit_once('/').map_or("", |(folder, _)| folder);
            normal(&format!("{folder}/{address}"))
        };
        let Some(path) = joined.strip_prefix(base_path) else { return Target::Outside };
        let path = decode(path);
        let index = if path.is_empty() || path.ends_with('/') { "index.html" } else { "" };
        Target::File(format!("{path}{index}"), anchor)
    }

    fn broken_links(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for (from, page) in self.pages {
            for link in &page.links {
                let fault = match self.target(from, &link.url) {
                    Target::Elsewhere => continue,
                    Target::Outside => "leads out of the site",
                    Target::File(file, _) if !self.files.contains(&file) => "leads nowhere",
                    Target::File(file, Some(anchor)) => match self.pages.get(&file) {
                        Some(page) if page.ids.contains(&anchor) => continue,
                        _ => "has no anchor there",
                    },
                    Target::File(_, None) => continue,
                };
                broken.push(format!("{from}: <{}> {} {fault}", link.tag, link.url));
            }
        }
        broken
    }

    /// Pages that no walk along links from the home page comes to.
    fn unreached(&self) -> Vec<&str> {
        let mut seen = BTreeSet::from(["index.html".to_owned()]);
        let mut next = VecDeque::from(["index.html".to_owned()]);
        while let Some(from) = next.pop_front() {
            let Some(page) = self.pages.get(&from) else { continue };
            for link in page.links.iter().filter(|link| matches!(link.tag.as_str(), "a" | "form")) {
                if let Target::File(file, _) = self.target(&from, &link.url)
                    && seen.insert(file.clone())
                {
                    next.push_back(file);
                }
            }
        }
        let expected = |(path, page): &(&String, &Page)| *path != "404.html" && !page.is_redirect;
        let pages = self.pages.iter().filter(expected).map(|(path, _)| path.as_str());
        pages.filter(|path| !seen.contains(*path)).collect()
    }

    fn faults(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (path, page) in self.pages {
            out.extend(page.faults.iter().map(|fault| format!("{path}: {fault}")));
            if page.headings_one != 1 {
                out.push(format!("{path}: {} first headings", page.headings_one));
            }
            if page.title.trim().is_empty() {
                out.push(format!("{path}: no title"));
            }
            if page.lang.as_ref().is_none_or(String::is_empty) {
                out.push(format!("{path}: no language"));
            }
        }
        out
    }

    fn check(&self, pages: usize, links: usize) {
        let all: usize = self.pages.values().map(|page| page.links.len()).sum();
        assert!(self.pages.len() >= pages, "only {} pages", self.pages.len());
        assert!(all >= links, "only {all} links");
        assert_none("links", &self.broken_links());
        assert_none("faults", &self.faults());
        assert_none("pages out of reach", &self.unreached());
    }
}

fn assert_none<T: AsRef<str>>(what: &str, list: &[T]) {
    let shown: Vec<&str> = list.iter().take(40).map(AsRef::as_ref).collect();
    assert!(list.is_empty(), "{} {what}:\n{}", list.len(), shown.join("\n"));
}

/// A path without `.` and `..`.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// An address with its `%…` as bytes.
fn decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.as_bytes().iter();
    while let Some(&byte) = bytes.next() {
        let rest = bytes.as_slice();
        let hex = rest.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| byte == b'%') {
            Some(code) => {
                out.push(code);
                bytes.nth(1);
            }
            None => out.push(byte),
        }
    }
    String::from_utf8(out).expect("addresses are UTF-8")
}

#[test]
fn the_example_is_whole_under_a_sub_path() {
    example().check(80, 2_000);
}

#[test]
fn the_fictional_site_is_whole_under_a_sub_path() {
    fictional().check(100, 2_000);
}

#[test]
fn a_crawl_sees_what_is_wrong() {
    let page = |html: &str| Page::read(&format!("<!doctype html><html>{html}</html>"));
    let crawl = Crawl {
        files: ["index.html", "a/index.html", "lost/index.html"].map(str::to_owned).into(),
        pages: Box::leak(Box::new(BTreeMap::from([
            (
                "index.html".to_owned(),
                page(
                    "<a href='/town/practices/a/#there'>a</a><a href='/elsewhere/'>b</a><img src='no.png'>",
                ),
            ),
            (
                "a/index.html".to_owned(),
                page("<p id=\"x\"><a href='../#'>home</a> <a href='?q=1#y'>y</a>"),
            ),
            ("lost/index.html".to_owned(), page("<h1>x</h1>")),
        ]))),
    };
    let broken = crawl.broken_links();
    assert_eq!(broken.len(), 4, "{broken:?}");
    for (at, what) in ["y", "there", "elsewhere", "no.png"].iter().enumerate() {
        assert!(broken[at].contains(what), "{broken:?}");
    }
    assert_eq!(crawl.unreached(), ["lost/index.html"]);
    let faults = crawl.faults();
    assert!(faults.iter().any(|fault| fault.contains("closes Some(\"p\")")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("0 first headings")), "{faults:?}");
}

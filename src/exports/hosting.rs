//! The files that hosts, crawlers and browsers look for by name.
//!
//! `_headers` is read by Netlify, Cloudflare Pages and others; `docs/hosting.md`
//! says how to set the same on hosts that do not read it.

use super::address;
use super::sitemap;
use super::xml::Xml;
use crate::render::{Renderer, view};
use serde_json::{Value, json};

/// The path of the web manifest.
pub const MANIFEST: &str = "site.webmanifest";

/// Path and bytes of each.
pub fn files(renderer: &Renderer) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![
        ("robots.txt".to_owned(), robots(renderer).into_bytes()),
        ("_headers".to_owned(), headers(renderer).into_bytes()),
        // Without it, GitHub Pages would drop files whose names begin with `_`.
        (".nojekyll".to_owned(), Vec::new()),
        (MANIFEST.to_owned(), manifest(renderer).into_bytes()),
    ];
    let languages = renderer.site().settings.languages.iter();
    for frame in languages.filter_map(|lang| renderer.frame(lang)) {
        if let Some(search) = &frame.search_url {
            let path = opensearch_path(renderer, &frame.lang);
            files.push((path, opensearch(renderer, frame, search)));
        }
    }
    files
}

/// The path of the OpenSearch description that belongs to a page.
pub fn opensearch_path(renderer: &Renderer, lang: &str) -> String {
    format!("{}opensearch.xml", renderer.site().settings.prefix(lang))
}

fn robots(renderer: &Renderer) -> String {
    let sitemap = address::of_path(&renderer.site().settings.base_url, sitemap::PATH);
    format!("User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n")
}

/// The strict policy that every page is made for, as a header's value.
pub fn policy(allow_hosts: &[String]) -> String {
    let mut pictures = String::new();
    for host in allow_hosts.iter().filter(|host| is_host(host)) {
        pictures.push_str(&format!(" https://{host}"));
    }
    format!(
        "default-src 'self'; img-src 'self'{pictures}; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'self'"
    )
}

/// Whether a word can stand in a policy without ending it.
fn is_host(word: &str) -> bool {
    let sound = |c: char| c.is_ascii_alphanumeric() || "-.:*".contains(c);
    !word.is_empty() && word.chars().all(sound)
}

fn headers(renderer: &Renderer) -> String {
    let settings = &renderer.site().settings;
    let base = settings.base_url.path();
    let policy = policy(&settings.allow_hosts);
    format!(
        "{base}*\n  Content-Security-Policy: {policy}\n  X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: strict-origin-when-cross-origin\n  \
         Permissions-Policy: camera=(), geolocation=(), microphone=()\n\n\
         {base}assets/*\n  Cache-Control: public, max-age=31536000, immutable\n"
    )
}

/// The icons that a theme may have: name, size in pixels, media type. Whoever
/// puts a site on a home screen wants 192 and 512.
const ICONS: [(&str, &str, &str); 3] = [
    ("img/favicon.svg", "any", "image/svg+xml"),
    ("img/icon-192.png", "192x192", "image/png"),
    ("img/icon-512.png", "512x512", "image/png"),
];

fn manifest(renderer: &Renderer) -> String {
    let settings = &renderer.site().settings;
    let lang = settings.default_language();
    let title = settings.title.get(lang, lang);
    let icon = |(name, sizes, kind): &(&str, &str, &str)| {
        let src = settings.base_url.link(&renderer.asset(name)?);
        Some(json!({ "src": src, "sizes": sizes, "type": kind }))
    };
    let mut manifest = json!({
        "name": title,
        "lang": lang,
        "dir": renderer.frame(lang).map_or("auto", |_| direction(lang)),
        "start_url": settings.base_url.path(),
        "scope": settings.base_url.path(),
        "display": "browser",
        "icons": ICONS.iter().filter_map(icon).collect::<Vec<Value>>(),
    });
    let description = settings.description.get(lang, lang);
    if !description.is_empty() {
        manifest["description"] = description.into();
    }
    format!("{manifest:#}\n")
}

fn direction(lang: &str) -> &'static str {
    if crate::schema::data::is_right_to_left(lang) { "rtl" } else { "ltr" }
}

/// OpenSearch 1.1 (<https://github.com/dewitt/opensearch>): a browser's way to
/// search the site from its own search field. Names have at most 16 characters.
fn opensearch(renderer: &Renderer, frame: &view::Site, search: &str) -> Vec<u8> {
    let base = &renderer.site().settings.base_url;
    let mut xml =
        Xml::new("OpenSearchDescription", &[("xmlns", "http://a9.com/-/spec/opensearch/1.1/")]);
    let first = |text: &str, n: usize| text.chars().take(n).collect::<String>();
    xml.text("ShortName", &[], first(&frame.title, 16).trim());
    xml.text("Description", &[], &first(frame.description.as_ref().unwrap_or(&frame.title), 1024));
    xml.text("Language", &[], &frame.lang);
    xml.text("InputEncoding", &[], "UTF-8");
    let template = format!("{}{search}?q={{searchTerms}}", base.origin());
    xml.empty("Url", &[("type", "text/html"), ("template", &template)]);
    if let Some(icon) = renderer.asset("img/favicon.svg") {
        let url = address::of_path(base, &icon);
        xml.text("Image", &[("type", "image/svg+xml"), ("width", "16"), ("height", "16")], &url);
    }
    xml.finish()
}

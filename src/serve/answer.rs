//! What a request is for, and the answer to it.
//!
//! Enters: a path and a query as they came. Leaves: a [`Reply`]. No path is
//! ever joined to a folder: pages, static files, exports and the files that
//! entries use are looked up by their address, and what is not among them is
//! not there.

use super::body::Body;
use super::gallery::Found;
use super::live::{Live, Ready, State, Word};
use super::pages::{self, Rendered};
use super::{media, search};
use crate::content;
use crate::exports::hosting;
use crate::render::{Page, SEARCH_PACK};
use crate::search::{Options, Sort};
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName};
use std::collections::BTreeMap;
use tokio::sync::watch;

/// The script that every page gets.
const SCRIPT: &str = include_str!("client/live.js");
/// The reader of the search page, while it is served live.
const READER: &str = include_str!("client/reader.js");
/// The reader that it stands before, by its name in the theme.
const THEME_READER: &str = "search/reader.js";
const JSON: &str = "application/json";
/// Hits that a query may ask for.
const MOST_HITS: usize = 1000;

/// An answer.
pub(super) struct Reply {
    pub status: StatusCode,
    pub media: &'static str,
    pub headers: Vec<(HeaderName, String)>,
    pub body: Body,
}

impl Reply {
    fn new(status: StatusCode, media: &'static str, body: impl Into<Bytes>) -> Self {
        Self { status, media, headers: Vec::new(), body: Body::Whole(Some(body.into())) }
    }

    pub fn text(status: StatusCode, text: &'static str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text)
    }

    /// Word of every change, as server-sent events
    /// (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).
    pub fn events(words: watch::Receiver<Word>) -> Self {
        let body = Body::events(words);
        Self { body, ..Self::new(StatusCode::OK, "text/event-stream", "") }
    }

    fn with(mut self, name: HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// Makes the answer to a request.
pub(super) fn answer(live: &Live, path: &str, query: Option<&str>) -> Reply {
    let Some(path) = decode(path) else {
        return Reply::text(StatusCode::BAD_REQUEST, "This is not an address.\n");
    };
    if let Some(own) = path.strip_prefix("/-/") {
        return of_server(live, own, query);
    }
    let state = live.read();
    let Some(ready) = &state.ready else { return bare(live, &state) };
    let base = ready.site.settings.base_url.path();
    let of_pack = path.strip_prefix(base).and_then(|rest| rest.strip_prefix(SEARCH_PACK));
    if let Some(name) = of_pack.filter(|_| ready.site.settings.search) {
        // Nobody waits for a pack who wants something else.
        drop(state);
        return searched(live, live.search.pack_file(name), |bytes| (media::of(name), bytes));
    }
    match path.strip_prefix(base) {
        Some(rest) => within(live, &state, ready, rest, query),
        // The site may stand under a path; a browser begins at the top.
        None if base.trim_end_matches('/') == path || path == "/" => redirect(base, query),
        None => not_found(live, &state, ready),
    }
}

/// What lies under the site's own path.
fn within(live: &Live, state: &State, ready: &Ready, path: &str, query: Option<&str>) -> Reply {
    let renderer = &ready.renderer;
    let folder = path.strip_suffix("index.html").filter(|at| at.is_empty() || at.ends_with('/'));
    if let Some(page) = renderer.page(folder.unwrap_or(path)) {
        return page_reply(live, state, ready, page, StatusCode::OK);
    }
    if renderer.page(&format!("{path}/")).is_some() {
        return redirect(&format!("{}{path}/", ready.site.settings.base_url.path()), query);
    }
    let media = media::of(path);
    if let Some(bytes) = renderer.static_file(path) {
        let reader = renderer.asset(THEME_READER).is_some_and(|reader| reader == path);
        return match reader && query != Some("theme") {
            true => {
                // The theme's reader has the hash of its content in its name.
                let name = path.rsplit('/').next().unwrap_or(path);
                Reply::new(StatusCode::OK, media, READER.replace("reader.js", name))
            }
            false => Reply::new(StatusCode::OK, media, Bytes::copy_from_slice(bytes)),
        };
    }
    if let Some(asset) = renderer.content_file(path) {
        return match content::open_file(&asset.source) {
            Ok((file, size)) => {
                let body = Body::File(file, size);
                Reply { body, ..Reply::new(StatusCode::OK, media, "") }
            }
            Err(_) => not_found(live, state, ready),
        };
    }
    match live.gallery.find(path) {
        Some(Found::Copy(bytes)) => return Reply::new(StatusCode::OK, media, bytes),
        Some(Found::Picture(path)) => {
            let own = encode(&format!("{}{path}", ready.site.settings.base_url.path()));
            let reply = Reply::text(StatusCode::FOUND, "The picture itself is shown instead.\n");
            return reply.with(header::LOCATION, own);
        }
        None => {}
    }
    match ready.exports.file(renderer, path) {
        Some(bytes) => Reply::new(StatusCode::OK, media, bytes.into_owned()),
        None => not_found(live, state, ready),
    }
}

/// The server's own addresses.
fn of_server(live: &Live, name: &str, query: Option<&str>) -> Reply {
    match name {
        "live.js" => Reply::new(StatusCode::OK, media::of(name), SCRIPT),
        "search" => found(live, query.unwrap_or_default()),
        "facet" => facet(live, query.unwrap_or_default()),
        _ => Reply::text(StatusCode::NOT_FOUND, "There is nothing here.\n"),
    }
}

/// The answer to a query, as `exempla search --json` gives it.
fn found(live: &Live, query: &str) -> Reply {
    let mut options = Options::default();
    let (mut text, mut lang) = (String::new(), None);
    for (name, value) in pairs(query) {
        let number = || value.parse().ok().map(|number: usize| number.min(MOST_HITS));
        match name.as_str() {
            "q" => text = value,
            "lang" => lang = Some(value),
            "typing" => options.typing = value == "true",
            "sort" if value == "date" => options.sort = Sort::Date,
            "sort" if value == "title" => options.sort = Sort::Title,
            "limit" => options.limit = number().unwrap_or(options.limit),
            "offset" => options.offset = number().unwrap_or(options.offset),
            name => {
                let Some(facet) = name.strip_prefix("filter.") else { continue };
                match options.filters.iter_mut().find(|(known, _)| known == facet) {
                    Some((_, values)) => values.push(value),
                    None => options.filters.push((facet.to_owned(), vec![value])),
                }
            }
        }
    }
    let results = live.search.query(live, &text, lang.as_deref(), &options);
    // Results are plain data with text keys, so writing them cannot fail.
    let json = |results| (JSON, serde_json::to_vec(&results).unwrap_or_default());
    searched(live, results.map(|results| results.map(Some)), json)
}

/// What the values of a facet read like.
fn facet(live: &Live, query: &str) -> Reply {
    let asked: BTreeMap<String, String> = pairs(query).collect();
    let word = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let (name, lang) = (word("name"), word("lang"));
    // The site may have a facet that its index does not know yet.
    let is_new = || {
        let state = live.read();
        let model = state.ready.as_ref().map(|ready| ready.renderer.model());
        model.and_then(|model| model.facets.get(lang)).is_some_and(|of| of.contains_key(name))
    };
    let nothing = || is_new().then(|| serde_json::json!({ "label": name, "values": [] }));
    let found = live.search.facet(name, lang);
    let found = found.map(|found| found.map(|found| found.or_else(nothing)));
    searched(live, found, |found| (JSON, found.to_string().into_bytes()))
}

/// What the index gave, or nothing of that name; `write` makes a media type and bytes of it.
fn searched<T>(
    live: &Live,
    answer: search::Answer<Option<T>>,
    write: impl FnOnce(T) -> (&'static str, Vec<u8>),
) -> Reply {
    match answer {
        None => Reply::text(StatusCode::SERVICE_UNAVAILABLE, "The index is being made.\n")
            .with(header::RETRY_AFTER, "1".into()),
        Some(Err(message)) => {
            Reply::new(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", message)
        }
        Some(Ok(Some(found))) => {
            let (media, bytes) = write(found);
            Reply::new(StatusCode::OK, media, bytes)
        }
        Some(Ok(None)) => {
            let state = live.read();
            match &state.ready {
                Some(ready) => not_found(live, &state, ready),
                None => bare(live, &state),
            }
        }
    }
}

fn not_found(live: &Live, state: &State, ready: &Ready) -> Reply {
    match ready.renderer.page("404.html") {
        Some(page) => page_reply(live, state, ready, page, StatusCode::NOT_FOUND),
        None => Reply::text(StatusCode::NOT_FOUND, "There is nothing here.\n"),
    }
}

/// A page, with the script that keeps it fresh.
fn page_reply(live: &Live, state: &State, ready: &Ready, page: &Page, status: StatusCode) -> Reply {
    match pages::page(live, state, ready, page) {
        Ok(Rendered { html, hashes: [whole, words], .. }) => {
            let mut address = format!("?v={}-{words}-{whole}", state.version);
            if let Some(why) = pages::hidden(ready, page) {
                address.push_str(&format!("&hidden={why}"));
            }
            let html = with_script(&html, &address);
            Reply::new(status, "text/html; charset=utf-8", html)
                .with(header::ETAG, format!("\"{words}-{whole}\""))
                .with(
                    header::CONTENT_SECURITY_POLICY,
                    hosting::policy(&ready.site.settings.allow_hosts),
                )
        }
        Err(_) => bare(live, state),
    }
}

/// Puts the script's tag at the end of a page's body, on a line of its own.
fn with_script(html: &[u8], address: &str) -> Vec<u8> {
    let tag = format!("<script type=\"module\" src=\"/-/live.js{address}\"></script>\n");
    let end = b"</body>";
    let at = html.windows(end.len()).rposition(|part| part == end).unwrap_or(html.len());
    [&html[..at], tag.as_bytes(), &html[at..]].concat()
}

/// A page with nothing on it but what is wrong, which the script shows too.
fn bare(live: &Live, state: &State) -> Reply {
    let wrong = crate::markdown::escape(&live.wrong());
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Exempla</title></head>\
         <body><pre>{wrong}</pre></body></html>\n"
    );
    let html = with_script(html.as_bytes(), &format!("?v={}-none-none", state.version));
    Reply::new(StatusCode::INTERNAL_SERVER_ERROR, "text/html; charset=utf-8", html)
        .with(header::CONTENT_SECURITY_POLICY, hosting::policy(&[]))
}

fn redirect(path: &str, query: Option<&str>) -> Reply {
    let mut to = encode(path);
    if let Some(query) = query {
        to.push('?');
        to.push_str(query);
    }
    Reply::text(StatusCode::MOVED_PERMANENTLY, "It is at its address with a slash.\n")
        .with(header::LOCATION, to)
}

/// A path as it was meant; none if it is not UTF-8 or holds what no name can.
fn decode(path: &str) -> Option<String> {
    let bytes = unescape(path, false);
    String::from_utf8(bytes).ok().filter(|path| !path.contains(['\0', '\\']))
}

/// A path of ASCII that means the same.
fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The names and values of a query.
fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let plain = |text: &str| String::from_utf8_lossy(&unescape(text, true)).into_owned();
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts.map(move |part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (plain(name), plain(value))
    })
}

fn unescape(text: &str, plus: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let digit = |at: usize| tail.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                // Two digits of sixteen make a byte.
                out.push((high * 16 + low) as u8);
                rest = &tail[2..];
                continue;
            }
            (b'+', ..) if plus => out.push(b' '),
            _ => out.push(byte),
        }
        rest = tail;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_browsers_write_them() {
        assert_eq!(decode("/a%20b/caf%C3%A9/").as_deref(), Some("/a b/café/"));
        assert_eq!(decode("/100%/%zz%4").as_deref(), Some("/100%/%zz%4"));
        assert_eq!(decode("/%00"), None);
        assert_eq!(decode("/..%5cx"), None);
        assert_eq!(decode("/%ff"), None);
        assert_eq!(encode("/a b/café/"), "/a%20b/caf%C3%A9/");
        let read: Vec<_> = pairs("q=a+b%26c&&x").collect();
        assert_eq!(read, [("q".into(), "a b&c".into()), ("x".into(), String::new())]);
    }

    #[test]
    fn the_script_stands_at_the_end_of_the_body() {
        let page = with_script(b"<body>a</body> b</body></html>", "?v=1");
        let tag = "<script type=\"module\" src=\"/-/live.js?v=1\"></script>\n";
        assert_eq!(String::from_utf8(page), Ok(format!("<body>a</body> b{tag}</body></html>")));
    }
}

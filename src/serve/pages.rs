//! Pages, rendered when they are asked for and kept until their view changes.

use super::live::{Live, Ready, State};
use crate::diagnostic::Diagnostic;
use crate::model::Hidden;
use crate::render::{Page, PageKind};
use hyper::body::Bytes;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes of pages that are kept; more, and all are let go.
const MOST: usize = 64 << 20;

/// The pages that were rendered, by address.
#[derive(Default)]
pub(super) struct Pages(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    pages: HashMap<String, Rendered>,
    bytes: usize,
}

/// A rendered page.
#[derive(Debug, Clone)]
pub(super) struct Rendered {
    /// The version of the site and of its copies that it was last looked at in.
    version: (u64, u64),
    /// Of its view.
    fingerprint: [u8; 32],
    pub html: Bytes,
    /// The hash of the page, and of the page without its style sheets.
    pub hashes: [String; 2],
}

impl Pages {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, url: &str, page: &Rendered) {
        let mut kept = self.lock();
        if kept.bytes + page.html.len() > MOST {
            *kept = Kept::default();
        }
        kept.bytes += page.html.len();
        if let Some(old) = kept.pages.insert(url.to_owned(), page.clone()) {
            kept.bytes -= old.html.len();
        }
    }
}

/// A page as it stands; if it cannot be rendered, as it stood last, if it is
/// still known.
pub(super) fn page(
    live: &Live,
    state: &State,
    ready: &Ready,
    page: &Page,
) -> Result<Rendered, Box<Diagnostic>> {
    let kept = live.pages.lock().pages.get(&page.url).cloned();
    if let Some(kept) = kept.as_ref().filter(|kept| kept.version == version(state)) {
        return Ok(kept.clone());
    }
    match render(state, ready, page, kept.as_ref()) {
        Ok(rendered) => {
            live.pages.keep(&page.url, &rendered);
            live.page_failed(&page.url, None);
            Ok(rendered)
        }
        Err(failure) => {
            live.page_failed(&page.url, Some((*failure).clone()));
            kept.ok_or(failure)
        }
    }
}

fn version(state: &State) -> (u64, u64) {
    (state.version, state.copied)
}

fn render(
    state: &State,
    ready: &Ready,
    page: &Page,
    kept: Option<&Rendered>,
) -> Result<Rendered, Box<Diagnostic>> {
    let renderer = &ready.renderer;
    let mut view = renderer.view(page)?;
    if let Some(failure) = renderer.failure_on(page) {
        return Err(failure);
    }
    ready.exports.furnish(renderer, page, &mut view);
    let fingerprint = renderer.fingerprint(&view);
    if let Some(kept) = kept.filter(|kept| kept.fingerprint == fingerprint) {
        return Ok(Rendered { version: version(state), ..kept.clone() });
    }
    let html = renderer.render(page, &view)?;
    let hashes = [html.as_str(), &without_styles(&html)].map(|text| {
        let hash = blake3::hash(text.as_bytes()).to_hex();
        hash[..16].to_owned()
    });
    Ok(Rendered { version: version(state), fingerprint, html: html.into(), hashes })
}

/// A page without its links to style sheets: what is left of a change to them.
fn without_styles(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut parts = html.split("<link rel=\"stylesheet\"");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str(part.split_once('>').map_or("", |(_, rest)| rest));
    }
    out
}

/// Why the entry of a page is not published, if it is not.
pub(super) fn hidden(ready: &Ready, page: &Page) -> Option<&'static str> {
    let PageKind::Entry(at) = page.kind else { return None };
    match ready.renderer.model().entries.get(at)?.hidden? {
        Hidden::Draft => Some("draft"),
        Hidden::Future => Some("future"),
        Hidden::Private | Hidden::Doubtful => Some("private"),
    }
}

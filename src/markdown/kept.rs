//! A body that is kept from build to build: what it is made of is read at once, its HTML
//! and its words only when somebody asks for them.
//!
//! Enters: a body. Leaves: bytes, and the same body from them. Whether they are whole is
//! for others to see.

use super::body::{Body, Html, Outline};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// A body but for its HTML and its words, which stand among other bytes.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeptBody<'b> {
    outline: Cow<'b, Outline>,
    places: Places,
}

/// Where in those bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Places {
    html: Range<usize>,
    words: Range<usize>,
    /// How many of those belong to the title, if that can be said.
    title: Option<usize>,
}

/// The bytes, and where in them a body's own stand.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    bytes: Arc<Vec<u8>>,
    places: Places,
}

impl Kept {
    /// The words, without a title if that was lifted.
    pub fn words(&self, lifted: bool) -> Option<&str> {
        let words = self.bytes.get(self.places.words.clone())?;
        let from = if lifted { self.places.title? } else { 0 };
        str::from_utf8(words.get(from..)?).ok()
    }

    fn html(&self) -> Option<Html> {
        rmp_serde::from_slice(self.bytes.get(self.places.html.clone())?).ok()
    }
}

impl Body {
    /// The HTML, and what stands in its holes.
    pub(super) fn html(&self) -> &Html {
        // What was kept was whole, and written by this very program.
        let read = || self.kept.as_ref().and_then(Kept::html).unwrap_or_default();
        self.html.get_or_init(read)
    }

    /// The body, which nobody may have lifted a title from, as it can be kept: its HTML and its
    /// words come behind `bytes`.
    pub fn keep(&self, bytes: &mut Vec<u8>) -> KeptBody<'_> {
        let mut add = |more: &[u8]| {
            let from = bytes.len();
            bytes.extend_from_slice(more);
            from..bytes.len()
        };
        let places = match &self.kept {
            Some(Kept { bytes, places }) => {
                let mut copy =
                    |place: &Range<usize>| add(bytes.get(place.clone()).unwrap_or_default());
                let (html, words) = (copy(&places.html), copy(&places.words));
                Places { html, words, title: places.title }
            }
            None => {
                // Plain data: writing it cannot fail.
                let html = add(&rmp_serde::to_vec(self.html()).unwrap_or_default());
                let text = self.text();
                let title = match self.title() {
                    Some(_) => text
                        .strip_suffix(&*self.plain(self.after_title(), self.end()))
                        .map(str::len),
                    None => Some(0),
                };
                Places { html, words: add(text.as_bytes()), title }
            }
        };
        KeptBody { outline: Cow::Borrowed(&self.outline), places }
    }

    /// The body that was kept among some bytes.
    pub fn recall(kept: KeptBody<'_>, bytes: &Arc<Vec<u8>>) -> Self {
        let own = Kept { bytes: Arc::clone(bytes), places: kept.places };
        Self { outline: kept.outline.into_owned(), kept: Some(own), ..Self::default() }
    }
}

//! The holes of a body: what its links, pictures and words are on a page.

use super::{Renderer, plan};
use crate::markdown::{Call, Filled, ImageView, Label, Resolve};
use crate::model::{Entry, LinkTo};
use std::borrow::Cow;

/// Fills the holes of one body of one entry, on a page in one language.
pub(super) struct BodyLinks<'a> {
    pub renderer: &'a Renderer,
    pub entry: &'a Entry,
    pub lang: &'a str,
}

/// How wide a picture in a body is shown. Browsers that know `auto` measure it
/// themselves; for others, the width of a column of text in the default theme.
const SIZES: &str = "auto, (min-width: 56rem) 44rem, calc(100vw - 2rem)";

impl Resolve for BodyLinks<'_> {
    fn link(&self, _: usize, target: &str) -> Option<String> {
        if target.starts_with('#') {
            return None;
        }
        let renderer = self.renderer;
        match renderer.model.link(self.entry, target) {
            LinkTo::Entry(at, fragment) => {
                Some(format!("{}{fragment}", renderer.link(&renderer.model.entries[at].url)))
            }
            LinkTo::File(path) => {
                let asset = renderer.model.assets.get(&path)?;
                Some(renderer.file_link(&asset.url))
            }
            LinkTo::List(key) => {
                let prefix = renderer.site.settings.prefix(&self.entry.lang);
                let types = renderer.site.schema.types.values();
                let url = types
                    .filter(|of| of.list)
                    .find(|of| plan::list_key(of) == key)
                    .map(plan::list_url);
                Some(renderer.link(&format!("{prefix}{}", url.unwrap_or_default())))
            }
            LinkTo::Address => Some(renderer.link(target)),
            // Not even the name of what is not published is told.
            LinkTo::Absent(_) => Some(String::new()),
            LinkTo::Nowhere => None,
        }
    }

    fn image(&self, _: usize, src: &str) -> Option<ImageView> {
        let path = self.renderer.model.file_of(self.entry, src)?;
        let asset = self.renderer.model.assets.get(&path)?;
        Some(ImageView {
            url: self.renderer.file_link(&asset.url),
            width: asset.pixels.map(|(width, _)| width),
            height: asset.pixels.map(|(_, height)| height),
            srcset: self.renderer.srcset(&path, asset),
            sizes: SIZES,
        })
    }

    fn component(&self, call: &Call, filled: Filled<'_>) -> String {
        self.call(call, filled, false)
    }

    fn label(&self, label: Label) -> Cow<'_, str> {
        let (key, english) = label.key();
        match self.renderer.engine.locale(self.lang).text(key) {
            "" => Cow::Borrowed(english),
            text if text == key => Cow::Borrowed(english),
            text => Cow::Borrowed(text),
        }
    }
}

/// The same, for a reader outside the site: every address is whole.
struct Elsewhere<'a> {
    inside: BodyLinks<'a>,
}

impl Resolve for Elsewhere<'_> {
    fn link(&self, index: usize, target: &str) -> Option<String> {
        let renderer = self.inside.renderer;
        match target.starts_with('#') {
            true => Some(format!(
                "{}{target}",
                renderer.absolute(&renderer.link(&self.inside.entry.url))
            )),
            false => Some(renderer.absolute(&self.inside.link(index, target)?)),
        }
    }

    fn image(&self, index: usize, src: &str) -> Option<ImageView> {
        let image = self.inside.image(index, src)?;
        // One address is enough there, and its reader knows no widths.
        Some(ImageView { url: self.inside.renderer.absolute(&image.url), srcset: None, ..image })
    }

    fn component(&self, call: &Call, filled: Filled<'_>) -> String {
        self.inside.call(call, filled, true)
    }

    fn label(&self, label: Label) -> Cow<'_, str> {
        self.inside.label(label)
    }
}

impl Renderer {
    /// An entry's body as a reader outside the site needs it.
    pub fn body_elsewhere(&self, entry: &Entry) -> String {
        entry
            .body
            .to_html(&Elsewhere { inside: BodyLinks { renderer: self, entry, lang: &entry.lang } })
    }
}

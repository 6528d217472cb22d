//! A parsed body: HTML with holes, and what it is made of.
//!
//! It is made once, when an entry is read; [`Body::to_html`] fills the holes
//! when a page is rendered. It never parses, and asks only its resolver. What it is made
//! of is at hand; its HTML may have been kept elsewhere until somebody asks for it.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::calls::Call;
use super::chunk::{Hole, Slot};
use super::escape::Plain;
use super::kept::Kept;
use super::math::Formula;
use super::resolve::Resolve;
use super::url::Kind;

/// A heading in a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// The level on the page, 1 to 6.
    pub level: u8,
    /// The level as written in the file.
    pub written: u8,
    /// Unique in the page.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Classes from `{.class}`, separated by blanks.
    pub class: String,
    /// Its bytes in the file.
    pub span: Range<usize>,
    /// Whether it stands inside a quote, list or other element, so that it opens no section.
    pub nested: bool,
}

/// A link in a body, in the order of the holes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The target, as a browser would read it.
    pub target: String,
    /// What it points at; a resolver is asked about `Local` and `Part`.
    pub kind: Kind,
    /// The bytes of the whole link in the file.
    pub span: Range<usize>,
}

/// An image in a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// The source, as a browser would read it.
    pub src: String,
    /// `Local` or `Remote`; a resolver is asked about `Local` ones.
    pub kind: Kind,
    /// The alternative text.
    pub alt: String,
    /// The title; empty when there is none.
    pub title: String,
    /// How it is shown.
    pub shown: Shown,
    /// The bytes of the whole image in the file.
    pub span: Range<usize>,
}

/// How an image is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// As a picture.
    Picture,
    /// As a link, because its host is not allowed.
    Link,
    /// As its words, because its host is not allowed and it stands in a link already.
    Words,
}

/// A parsed body.
#[derive(Debug, Clone, Default)]
pub struct Body {
    pub(super) outline: Outline,
    /// Whether the first heading was lifted out as the title.
    pub(super) lifted: bool,
    /// Where the HTML and the words are until somebody asks.
    pub(super) kept: Option<Kept>,
    pub(super) html: OnceLock<Html>,
    pub(super) text: OnceLock<Arc<str>>,
}

/// What a body is made of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Outline {
    pub headings: Vec<Heading>,
    pub links: Vec<Link>,
    pub images: Vec<Image>,
    /// Whether it begins with a level 1 heading.
    pub titled: bool,
    /// Whether there is anything to show: in all of it, and without such a heading.
    pub shows: [bool; 2],
}

/// The HTML of a body, and what stands in its holes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Html {
    pub html: String,
    pub slots: Vec<Slot>,
    pub formulas: Vec<Formula>,
    pub calls: Vec<Call>,
    /// Where the footnotes begin.
    pub notes: Cut,
}

/// Which parts a body has, and where it leads: bodies of one shape can stand in each
/// other's place without a change anywhere but where their words are shown.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Shape<'b> {
    headings: Vec<(u8, bool, &'b str, &'b str)>,
    links: Vec<&'b str>,
    images: Vec<&'b str>,
    empty: bool,
    /// Whether the first heading is its title.
    titled: bool,
}

/// A place between two parts: a byte of the HTML and the slots before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cut {
    pub html: usize,
    pub slot: usize,
}

impl Body {
    /// A body from its parts.
    pub(super) fn new(
        html: Html,
        headings: Vec<Heading>,
        links: Vec<Link>,
        images: Vec<Image>,
    ) -> Self {
        let outline = Outline { headings, links, images, ..Outline::default() };
        let mut body = Self { outline, html: OnceLock::from(html), ..Self::default() };
        body.outline.titled = body.begins_with_title();
        body.outline.shows = [Cut::default(), body.after_title()].map(|from| body.shows(from));
        body.settle_levels();
        body
    }

    /// What others see of this body.
    pub fn shape(&self) -> Shape<'_> {
        let headings = self.outline.headings.iter();
        Shape {
            headings: headings.map(|own| (own.level, own.nested, &*own.text, &*own.id)).collect(),
            links: self.links().iter().map(|link| &*link.target).collect(),
            images: self.images().iter().map(|image| &*image.src).collect(),
            empty: self.is_empty(),
            titled: self.title().is_some(),
        }
    }

    /// Whether its first heading was lifted out as the title.
    pub fn is_lifted(&self) -> bool {
        self.lifted
    }

    /// The headings, without a lifted title.
    pub fn headings(&self) -> &[Heading] {
        &self.outline.headings[usize::from(self.lifted)..]
    }

    /// Every link, numbered as a resolver sees them.
    pub fn links(&self) -> &[Link] {
        &self.outline.links
    }

    /// Every image, numbered as a resolver sees them.
    pub fn images(&self) -> &[Image] {
        &self.outline.images
    }

    /// Every call of a component, in the order in which they open.
    pub fn calls(&self) -> &[Call] {
        &self.html().calls
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        !self.outline.shows[usize::from(self.lifted)]
    }

    fn shows(&self, from: Cut) -> bool {
        let Html { html, slots, .. } = self.html();
        !html[from.html..].trim().is_empty() || slots.len() > from.slot
    }

    /// The level 1 heading with which the body begins, lifted or not.
    pub fn title(&self) -> Option<&Heading> {
        self.outline.headings.first().filter(|_| self.outline.titled)
    }

    fn begins_with_title(&self) -> bool {
        let Html { html, slots, .. } = self.html();
        let begins = matches!(slots.first(), Some(Slot { at, hole: Hole::HeadingOpen(0) })
            if html[..*at].trim().is_empty());
        let is_title = |first: &Heading| first.written == 1 && !first.nested;
        begins && self.outline.headings.first().is_some_and(is_title)
    }

    /// Takes a leading level 1 heading out of the body, since the template
    /// writes the page's title. Headings are numbered anew after it.
    pub fn lift_title(&mut self) -> Option<String> {
        let title = self.title()?.text.clone();
        self.lifted = true;
        self.text = OnceLock::new();
        self.settle_levels();
        Some(title)
    }

    /// A page's only level 1 heading is its title: where others remain, all go one down.
    fn settle_levels(&mut self) {
        let rest = usize::from(self.lifted);
        let rest = &mut self.outline.headings[rest..];
        let shift = u8::from(rest.iter().any(|heading| heading.written == 1));
        for heading in rest {
            heading.level = (heading.written + shift).min(6);
        }
    }

    /// The whole body, footnotes included.
    pub fn to_html(&self, resolve: &dyn Resolve) -> String {
        let Html { html, slots, .. } = self.html();
        let mut out = String::with_capacity(html.len() + slots.len() * 24);
        self.fill(&mut out, self.start(), self.end(), resolve);
        out
    }

    /// What stands under a heading up to the next of the same or a higher
    /// level, without the heading; empty for a nested heading.
    pub fn section_html(&self, heading: usize, resolve: &dyn Resolve) -> String {
        let mut out = String::new();
        if let Some((_, from, to)) = self.section(heading) {
            self.fill(&mut out, from, to, resolve);
        }
        out
    }

    /// The body without some sections and their headings: what a template that
    /// placed them itself shows of the rest.
    pub fn rest_html(&self, without: &[usize], resolve: &dyn Resolve) -> String {
        let mut gaps: Vec<_> = without.iter().filter_map(|index| self.section(*index)).collect();
        gaps.sort_by_key(|(from, ..)| from.slot);
        let mut out = String::new();
        let mut done = self.start();
        for (from, _, to) in gaps {
            if from.slot >= done.slot {
                self.fill(&mut out, done, from, resolve);
                done = to;
            } else if to.slot > done.slot {
                done = to;
            }
        }
        self.fill(&mut out, done, self.end(), resolve);
        out
    }

    /// The words of a body, for search and excerpts: no tags, a line for a block.
    pub fn text(&self) -> &Arc<str> {
        self.text.get_or_init(|| {
            match self.kept.as_ref().and_then(|kept| kept.words(self.lifted)) {
                Some(words) => words.into(),
                None => self.plain(self.start(), self.end()).into(),
            }
        })
    }

    /// The words under a heading, as in [`Body::section_html`].
    pub fn section_text(&self, heading: usize) -> String {
        self.section(heading).map_or(String::new(), |(_, from, to)| self.plain(from, to))
    }

    /// Where a section's heading begins, where its content begins, and its end.
    fn section(&self, index: usize) -> Option<(Cut, Cut, Cut)> {
        let index = index + usize::from(self.lifted);
        let headings = &self.outline.headings;
        let heading = headings.get(index).filter(|heading| !heading.nested)?;
        let open = self.cut(Hole::HeadingOpen(index))?;
        let close = self.cut(Hole::HeadingClose(index))?;
        let next = (index + 1..headings.len())
            .find(|i| !headings[*i].nested && headings[*i].written <= heading.written);
        let end = next.and_then(|i| self.cut(Hole::HeadingOpen(i)));
        let end = end.unwrap_or(self.html().notes);
        Some((open, Cut { slot: close.slot + 1, ..close }, end))
    }

    fn cut(&self, hole: Hole) -> Option<Cut> {
        let slots = &self.html().slots;
        let slot = slots.iter().position(|slot| slot.hole == hole)?;
        Some(Cut { html: slots[slot].at, slot })
    }

    fn start(&self) -> Cut {
        if self.lifted { self.after_title() } else { Cut::default() }
    }

    /// Where the rest begins, if the body begins with its title.
    pub(super) fn after_title(&self) -> Cut {
        let title = if self.outline.titled { self.cut(Hole::HeadingClose(0)) } else { None };
        title.map_or(Cut::default(), |cut| Cut { slot: cut.slot + 1, ..cut })
    }

    pub(super) fn end(&self) -> Cut {
        let Html { html, slots, .. } = self.html();
        Cut { html: html.len(), slot: slots.len() }
    }

    /// The words between two places.
    pub(super) fn plain(&self, from: Cut, to: Cut) -> String {
        let Html { html, slots, formulas, calls, .. } = self.html();
        let mut plain = Plain::of(to.html - from.html);
        let mut done = from.html;
        for slot in &slots[from.slot..to.slot] {
            plain.feed(&html[done..slot.at]);
            done = slot.at;
            match slot.hole {
                Hole::Image(index) => plain.words(&self.outline.images[index].alt),
                Hole::Formula(index) => plain.words(&formulas[index].text),
                Hole::CallOpen(index) => {
                    for words in calls[index].words() {
                        plain.gap();
                        plain.words(words);
                    }
                    plain.gap();
                }
                Hole::HeadingOpen(_) | Hole::HeadingClose(_) | Hole::CallClose(_) => plain.gap(),
                _ => {}
            }
        }
        plain.feed(&html[done..to.html]);
        plain.finish()
    }
}

//! A parsed body: HTML with holes, and what it is made of.
//!
//! It is made once, when an entry is read; [`Body::to_html`] fills the holes
//! when a page is rendered. It never parses, and asks only its resolver. What it is made
//! of is at hand; its HTML may have been kept elsewhere until somebody asks for it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::calls::{Call, Literal};
use super::chunk::{Hole, Slot};
use super::escape::Plain;
use super::kept::Kept;
use super::math::Formula;
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

/// Words in a body that the theme translates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Label {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
    Table,
    Done,
    ToDo,
    Footnotes,
    Back,
    Anchor,
}

impl Label {
    /// The key under which a theme's UI texts have it, and the English text.
    pub fn key(self) -> (&'static str, &'static str) {
        match self {
            Self::Note => ("body.note", "Note"),
            Self::Tip => ("body.tip", "Tip"),
            Self::Important => ("body.important", "Important"),
            Self::Warning => ("body.warning", "Warning"),
            Self::Caution => ("body.caution", "Caution"),
            Self::Table => ("body.table", "Table"),
            Self::Done => ("body.done", "Done"),
            Self::ToDo => ("body.to_do", "To do"),
            Self::Footnotes => ("body.footnotes", "Footnotes"),
            Self::Back => ("body.back", "Back to the text"),
            Self::Anchor => ("body.anchor", "Link to this section"),
        }
    }
}

/// Where an image is, and its size in pixels if known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageView {
    /// Its URL.
    pub url: String,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Copies of it and their widths, as HTML's `srcset` has them.
    pub srcset: Option<String>,
    /// How wide it is shown, as HTML's `sizes` says it.
    pub sizes: &'static str,
}

/// What a component is written from: its attributes, the addresses of links and
/// pictures in them found; its picture as HTML; and what it encloses.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled<'a> {
    /// Name and value, in the order in which they were written.
    pub attributes: Vec<(&'a str, Literal)>,
    /// The picture that `src` or `poster` names, as HTML; else empty.
    pub picture: String,
    /// The enclosed HTML of a call that has a body.
    pub body: Option<String>,
}

/// What only the model knows. `None` leaves a target as it was written.
pub trait Resolve {
    /// The URL of the `index`th link; `None` leaves it as written, and an
    /// empty one takes it out: the words stay.
    fn link(&self, index: usize, target: &str) -> Option<String>;
    /// The place and size of the `index`th image.
    fn image(&self, index: usize, src: &str) -> Option<ImageView>;
    /// The HTML of a component; by itself, what it shows and encloses.
    fn component(&self, _: &Call, filled: Filled<'_>) -> String {
        filled.picture + &filled.body.unwrap_or_default()
    }
    /// A text of the theme, in the page's language.
    fn label(&self, label: Label) -> Cow<'_, str> {
        Cow::Borrowed(label.key().1)
    }
}

/// Leaves every target as it was written.
#[derive(Debug, Clone, Copy, Default)]
pub struct AsWritten;

impl Resolve for AsWritten {
    fn link(&self, _: usize, _: &str) -> Option<String> {
        None
    }
    fn image(&self, _: usize, _: &str) -> Option<ImageView> {
        None
    }
}

/// A parsed body.
#[derive(Debug, Clone, Default)]
pub struct Body {
    pub(super) outline: Outline<'static>,
    /// Whether the first heading was lifted out as the title.
    pub(super) lifted: bool,
    /// Where the HTML and the words are until somebody asks.
    pub(super) kept: Option<Kept>,
    pub(super) written: OnceLock<Written>,
    pub(super) text: OnceLock<Arc<str>>,
}

/// What a body is made of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Outline<'b> {
    pub headings: Cow<'b, [Heading]>,
    pub links: Cow<'b, [Link]>,
    pub images: Cow<'b, [Image]>,
    /// Whether it begins with a level 1 heading.
    pub titled: bool,
    /// Whether there is anything to show: in all of it, and without such a heading.
    pub shows: [bool; 2],
}

impl Outline<'_> {
    /// The same, of one that is held elsewhere.
    pub fn borrowed(&self) -> Outline<'_> {
        Outline {
            headings: Cow::Borrowed(&*self.headings),
            links: Cow::Borrowed(&*self.links),
            images: Cow::Borrowed(&*self.images),
            ..*self
        }
    }

    /// The same, held by itself.
    pub fn into_owned(self) -> Outline<'static> {
        Outline {
            headings: Cow::Owned(self.headings.into_owned()),
            links: Cow::Owned(self.links.into_owned()),
            images: Cow::Owned(self.images.into_owned()),
            titled: self.titled,
            shows: self.shows,
        }
    }
}

/// The HTML of a body, and what stands in its holes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Written {
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
        written: Written,
        headings: Vec<Heading>,
        links: Vec<Link>,
        images: Vec<Image>,
    ) -> Self {
        let outline = Outline {
            headings: Cow::Owned(headings),
            links: Cow::Owned(links),
            images: Cow::Owned(images),
            titled: false,
            shows: [false; 2],
        };
        let mut body = Self { outline, written: OnceLock::from(written), ..Self::default() };
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
        &self.written().calls
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        !self.outline.shows[usize::from(self.lifted)]
    }

    fn shows(&self, from: Cut) -> bool {
        let written = self.written();
        !written.html[from.html..].trim().is_empty() || written.slots.len() > from.slot
    }

    /// The level 1 heading with which the body begins, lifted or not.
    pub fn title(&self) -> Option<&Heading> {
        self.outline.headings.first().filter(|_| self.outline.titled)
    }

    fn begins_with_title(&self) -> bool {
        let written = self.written();
        let begins = matches!(written.slots.first(), Some(Slot { at, hole: Hole::HeadingOpen(0) })
            if written.html[..*at].trim().is_empty());
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
        let rest = &mut self.outline.headings.to_mut()[rest..];
        let shift = u8::from(rest.iter().any(|heading| heading.written == 1));
        for heading in rest {
            heading.level = (heading.written + shift).min(6);
        }
    }

    /// The whole body, footnotes included.
    pub fn to_html(&self, resolve: &dyn Resolve) -> String {
        let Written { html, slots, .. } = self.written();
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
        let end = end.unwrap_or(self.written().notes);
        Some((open, Cut { slot: close.slot + 1, ..close }, end))
    }

    fn cut(&self, hole: Hole) -> Option<Cut> {
        let slots = &self.written().slots;
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
        let Written { html, slots, .. } = self.written();
        Cut { html: html.len(), slot: slots.len() }
    }

    /// The words between two places.
    pub(super) fn plain(&self, from: Cut, to: Cut) -> String {
        let Written { html, slots, formulas, calls, .. } = self.written();
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

//! What a body leaves open, and who is asked for it when its holes are filled: URLs of other
//! entries, places and sizes of pictures, the HTML of components, words of the theme.

use super::calls::{Call, Literal};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

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

//! Pictures at several widths, so that a phone does not load a poster.
//!
//! Enters: the bytes of a picture and the widths that a site wants. Leaves: its
//! size as it is shown ([`head`]), and smaller copies of it in WebP
//! ([`renditions`]): upright, without what a camera notes of place and time,
//! and none that saves nothing. A picture that moves, and a drawing, stay as
//! they are. This room touches no disk; the same bytes give the same copies.

mod container;
mod encode;
mod head;
mod note;

pub use head::{Head, head, is_picture_name};
pub use note::{Known, key};

use encode::Pixels;

/// Which copies of pictures a site wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Widths in pixels, ascending; none means that there are no copies.
    pub widths: Vec<u32>,
    /// Quality of the copies, 1 to 100.
    pub quality: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self { widths: vec![360, 720, 1080, 1600], quality: 78 }
    }
}

/// More pixels than this are not unpacked: no camera makes them.
pub const MOST_PIXELS: u64 = 120_000_000;

/// A copy of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// A file in WebP.
    pub bytes: Vec<u8>,
}

/// Why a picture has no copies, though it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be read to its end: the reason, in one line.
    Corrupt(String),
    /// It has more than [`MOST_PIXELS`].
    TooLarge,
}

/// Makes the copies of a picture, narrowest first. There is none as wide as the
/// picture or wider, except one of its own width where that saves bytes; none
/// has as many bytes as the picture itself or as a wider copy.
pub fn renditions(bytes: &[u8], settings: &Settings) -> Result<Vec<Rendition>, Refusal> {
    let Some(widest) = settings.widths.last() else { return Ok(Vec::new()) };
    let Some(pixels) = Pixels::read(bytes)? else { return Ok(Vec::new()) };
    let own = pixels.width();
    let mut widths: Vec<u32> = settings.widths.iter().copied().filter(|w| *w < own).collect();
    // A copy of a WebP in WebP could only lose.
    if own <= *widest && !pixels.is_webp() {
        widths.push(own);
    }
    let pixels = pixels.no_wider_than(widths.last().map_or(0, |width| width * 2));
    let mut out: Vec<Rendition> = Vec::new();
    let mut least = bytes.len();
    for width in widths.into_iter().rev() {
        let made = pixels.rendition(width, settings.quality);
        if let Some(made) = made.filter(|made| made.bytes.len() < least) {
            least = made.bytes.len();
            out.push(made);
        }
    }
    out.reverse();
    Ok(out)
}

#[cfg(test)]
mod tests;

//! What a picture says of itself before it is unpacked.

use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat, ImageReader};
use std::io::Cursor;

/// What the first bytes of a picture say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Width in pixels as it is shown, that is, turned upright.
    pub width: u32,
    /// Height in pixels as it is shown.
    pub height: u32,
    /// Whether copies of it can be made.
    pub copied: bool,
    /// Whether it says where on earth it was taken.
    pub located: bool,
}

/// Reads the head of a picture; `None` when the bytes are none.
pub fn head(bytes: &[u8]) -> Option<Head> {
    if let Some(head) = of_known_format(bytes) {
        return Some(head);
    }
    let size = imagesize::blob_size(bytes).ok()?;
    let side = |side: usize| u32::try_from(side).ok().filter(|side| *side > 0);
    let copied = format(bytes).is_some();
    Some(Head { width: side(size.width)?, height: side(size.height)?, copied, located: false })
}

/// Whether a file is named like a picture of a format that this room reads.
pub fn is_picture_name(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["jpg", "jpeg", "png", "gif", "webp"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// The format of a picture, if this room reads it.
pub(super) fn format(bytes: &[u8]) -> Option<ImageFormat> {
    use ImageFormat::{Gif, Jpeg, Png, WebP};
    image::guess_format(bytes).ok().filter(|format| matches!(format, Jpeg | Png | Gif | WebP))
}

fn of_known_format(bytes: &[u8]) -> Option<Head> {
    let reader = ImageReader::with_format(Cursor::new(bytes), format(bytes)?);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let exif = decoder.exif_metadata().ok().flatten().unwrap_or_default();
    let xmp = decoder.xmp_metadata().ok().flatten().unwrap_or_default();
    let located = is_located(&exif) || names_latitude(&xmp);
    let turned = Orientation::from_exif_chunk(&exif).is_some_and(|turn| {
        use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
        matches!(turn, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
    });
    let (width, height) = if turned { (height, width) } else { (width, height) };
    Some(Head { width, height, copied: true, located })
}

/// Whether XMP has the property `exif:GPSLatitude`, as an attribute or as an
/// element (ISO 16684-1; Exif for XMP, CIPA DC-010).
fn names_latitude(xmp: &[u8]) -> bool {
    const NAME: &[u8] = b"GPSLatitude";
    let after = |at: usize| xmp.get(at + NAME.len()).copied().unwrap_or_default();
    let is_name = |(at, part): (usize, &[u8])| {
        part == NAME && (b"=>".contains(&after(at)) || after(at).is_ascii_whitespace())
    };
    xmp.windows(NAME.len()).enumerate().any(is_name)
}

/// Whether a picture in JPEG has its end: a decoder makes grey of what is
/// missing. Segments have their length behind their marker; the packed pixels
/// behind a start of scan go to the next marker that is no part of them (ITU-T
/// T.81, B.1.1).
pub(super) fn is_whole_jpeg(bytes: &[u8]) -> bool {
    const END: u8 = 0xd9;
    let mut at = 2;
    loop {
        let marker =
            |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 1 | 0xd0..=0xd8 | 0xff);
        let Some(next) = bytes.get(at..).and_then(|rest| rest.windows(2).position(marker)) else {
            return false;
        };
        at += next;
        match bytes.get(at + 1..at + 4) {
            _ if bytes[at + 1] == END => return true,
            Some([_, high, low]) => at += 2 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => return false,
        }
    }
}

/// Whether Exif has a place with a latitude in it. Exif is TIFF: a header, then
/// a directory of 12-byte fields; field 0x8825 points at the directory of the
/// place, in which field 2 is the latitude (CIPA DC-008, 4.6.6).
fn is_located(exif: &[u8]) -> bool {
    let little = match exif.get(..4) {
        Some(b"II*\0") => true,
        Some(b"MM\0*") => false,
        _ => return false,
    };
    let number = |at: usize, len: usize| {
        let part = exif.get(at..at.checked_add(len)?)?.iter();
        let add = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
        Some(if little { part.rev().fold(0, add) } else { part.fold(0, add) })
    };
    let field = |directory: usize, wanted: usize| {
        let count = number(directory, 2)?;
        let fields = (0..count).map(|index| directory + 2 + index * 12);
        fields.take_while(|at| at + 12 <= exif.len()).find(|at| number(*at, 2) == Some(wanted))
    };
    let place = number(4, 4).and_then(|first| field(first, 0x8825));
    place.and_then(|at| number(at + 8, 4)).and_then(|place| field(place, 2)).is_some()
}

//! Unpacking, turning, scaling and packing.

use super::{MOST_PIXELS, Refusal, Rendition, container, head};
use image::codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::imageops::FilterType;
use image::{
    AnimationDecoder, DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits,
};
use std::io::Cursor;

/// WebP can be no wider and no higher, in pixels.
const LONGEST_SIDE: u32 = 16_383;

/// A picture, unpacked and upright.
pub(super) struct Pixels {
    image: DynamicImage,
    format: ImageFormat,
    /// What the numbers mean as colours, where that is not sRGB.
    profile: Option<Vec<u8>>,
}

impl Pixels {
    /// Unpacks a picture; `None` for one that moves or is of no known format.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, Refusal> {
        let Some(format) = head::format(bytes) else { return Ok(None) };
        let size = head::head(bytes).map(|head| u64::from(head.width) * u64::from(head.height));
        if size.is_some_and(|pixels| pixels > MOST_PIXELS) {
            return Err(Refusal::TooLarge);
        }
        if format == ImageFormat::Jpeg && !head::is_whole_jpeg(bytes) {
            return Err(Refusal::Corrupt("it ends too early".to_owned()));
        }
        let read = || -> ImageResult<Option<Self>> {
            if moves(bytes, format)? {
                return Ok(None);
            }
            let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
            reader.limits(limits());
            let mut decoder = reader.into_decoder()?;
            let orientation = decoder.orientation()?;
            let profile = decoder.icc_profile()?.filter(|profile| is_other_rgb(profile));
            let mut image = DynamicImage::from_decoder(decoder)?;
            image.apply_orientation(orientation);
            let image = match image.color().has_alpha() {
                true => of_alpha(image.into_rgba8()),
                false => DynamicImage::ImageRgb8(image.into_rgb8()),
            };
            Ok(Some(Self { image, format, profile }))
        };
        read().map_err(|error| {
            let reason = error.to_string();
            Refusal::Corrupt(reason.lines().next().unwrap_or_default().to_owned())
        })
    }

    pub fn width(&self) -> u32 {
        self.image.width()
    }

    pub fn is_webp(&self) -> bool {
        self.format == ImageFormat::WebP
    }

    /// The same picture, scaled down fast if it is far wider than `most`.
    pub fn no_wider_than(self, most: u32) -> Self {
        if self.width() <= most || most == 0 {
            return self;
        }
        let image = self.image.thumbnail_exact(most, self.height_at(most));
        Self { image, ..self }
    }

    /// A copy of a width; `None` when WebP cannot hold it.
    pub fn rendition(&self, width: u32, quality: u8) -> Option<Rendition> {
        let height = self.height_at(width);
        if width.max(height) > LONGEST_SIDE {
            return None;
        }
        // A filter without sines: they differ between machines.
        let scaled = match self.width() == width {
            true => self.image.clone(),
            false => self.image.resize_exact(width, height, FilterType::CatmullRom),
        };
        let scaled = match scaled {
            DynamicImage::ImageRgba8(mut image) => {
                image.pixels_mut().for_each(|pixel| divide(&mut pixel.0));
                DynamicImage::ImageRgba8(image)
            }
            other => other,
        };
        let lossy = pack(&scaled, false, quality);
        // Drawings and screenshots are often smaller when nothing is lost.
        let exact = match self.format {
            ImageFormat::Png | ImageFormat::Gif => pack(&scaled, true, quality),
            _ => None,
        };
        let smallest = [exact, lossy].into_iter().flatten().min_by_key(Vec::len)?;
        let bytes = match &self.profile {
            Some(profile) => container::with_profile(&smallest, profile, width, height)?,
            None => smallest,
        };
        Some(Rendition { width, height, bytes })
    }

    fn height_at(&self, width: u32) -> u32 {
        let (own, height) = (u64::from(self.width()), u64::from(self.image.height()));
        let scaled = (height * u64::from(width) * 2 + own) / (own * 2).max(1);
        u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_PIXELS * 12);
    limits
}

fn moves(bytes: &[u8], format: ImageFormat) -> ImageResult<bool> {
    let bytes = Cursor::new(bytes);
    Ok(match format {
        ImageFormat::Gif => {
            let mut decoder = GifDecoder::new(bytes)?;
            decoder.set_limits(limits())?;
            decoder.into_frames().take(2).collect::<ImageResult<Vec<_>>>()?.len() > 1
        }
        ImageFormat::Png => PngDecoder::with_limits(bytes, limits())?.is_apng()?,
        ImageFormat::WebP => WebPDecoder::new(bytes)?.has_animation(),
        _ => false,
    })
}

/// What can be seen through is scaled with its colours multiplied by their
/// weight, so that unseen colours do not bleed; what cannot, needs no weights.
fn of_alpha(mut image: image::RgbaImage) -> DynamicImage {
    if image.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        return DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(image).into_rgb8());
    }
    image.pixels_mut().for_each(|pixel| multiply(&mut pixel.0));
    DynamicImage::ImageRgba8(image)
}

fn multiply([colours @ .., alpha]: &mut [u8; 4]) {
    for colour in colours {
        let product = u32::from(*colour) * u32::from(*alpha);
        *colour = u8::try_from((product + 127) / 255).unwrap_or(u8::MAX);
    }
}

fn divide([colours @ .., alpha]: &mut [u8; 4]) {
    let alpha = u32::from(*alpha).max(1);
    for colour in colours {
        *colour = u8::try_from((u32::from(*colour) * 255 + alpha / 2) / alpha).unwrap_or(u8::MAX);
    }
}

fn pack(image: &DynamicImage, exact: bool, quality: u8) -> Option<Vec<u8>> {
    let encoder = match image {
        DynamicImage::ImageRgb8(rgb) => webp::Encoder::from_rgb(rgb, rgb.width(), rgb.height()),
        DynamicImage::ImageRgba8(rgba) => {
            webp::Encoder::from_rgba(rgba, rgba.width(), rgba.height())
        }
        _ => return None,
    };
    let mut config = webp::WebPConfig::new().ok()?;
    config.lossless = i32::from(exact);
    config.quality = if exact { 75.0 } else { f32::from(quality) };
    config.thread_level = 0;
    encoder.encode_advanced(&config).ok().map(|packed| packed.to_vec())
}

/// Whether an ICC profile is one that must go along: of red, green and blue,
/// small, and not the one that every browser takes for granted.
fn is_other_rgb(profile: &[u8]) -> bool {
    const LARGEST: usize = 8192;
    let plain = |name: &[u8]| profile.windows(name.len()).any(|part| part == name);
    profile.len() <= LARGEST
        && profile.get(16..20) == Some(b"RGB ")
        && !plain(b"sRGB")
        && !plain(b"s\0R\0G\0B")
}

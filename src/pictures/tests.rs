use super::*;
use image::codecs::{gif::GifEncoder, jpeg::JpegEncoder};
use image::{DynamicImage, Frame, ImageDecoder, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};
use std::io::Cursor;

/// Something like a photograph: smooth, with noise that is the same each time.
fn photograph(width: u32, height: u32) -> RgbImage {
    let mut state = 7_u32;
    RgbImage::from_fn(width, height, |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = (state >> 28) as u8;
        let wave = ((x as f32 / 37.0).sin() * 60.0 + (y as f32 / 23.0).cos() * 60.0 + 120.0) as u8;
        Rgb([wave.saturating_add(noise), wave, 255 - wave])
    })
}

fn jpeg_with(image: &RgbImage, exif: Option<Vec<u8>>, icc: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 92);
    exif.into_iter().for_each(|exif| encoder.set_exif_metadata(exif).unwrap());
    icc.into_iter().for_each(|icc| encoder.set_icc_profile(icc).unwrap());
    encoder.encode_image(image).unwrap();
    bytes
}

fn png(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Exif with an orientation and, where asked for, a latitude.
fn exif(orientation: u16, located: bool) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    let field = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut field = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
        field.extend(count.to_le_bytes());
        field.extend(value.to_le_bytes());
        field
    };
    out.extend((1 + u16::from(located)).to_le_bytes());
    out.extend(field(0x0112, 3, 1, orientation.into()));
    if located {
        out.extend(field(0x8825, 4, 1, 38));
    }
    out.extend(0_u32.to_le_bytes());
    if located {
        assert_eq!(out.len(), 38);
        out.extend(1_u16.to_le_bytes());
        out.extend(field(2, 5, 3, 0));
        out.extend(0_u32.to_le_bytes());
    }
    out
}

fn settings(widths: &[u32]) -> Settings {
    Settings { widths: widths.to_vec(), ..Settings::default() }
}

fn widths(made: &[Rendition]) -> Vec<u32> {
    made.iter().map(|one| one.width).collect()
}

fn unpack(webp: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(webp, image::ImageFormat::WebP).unwrap()
}

#[test]
fn a_photograph_has_narrower_copies_that_save() {
    let bytes = jpeg_with(&photograph(1000, 500), None, None);
    let made = renditions(&bytes, &settings(&[200, 400, 800, 1600])).unwrap();
    assert_eq!(widths(&made), [200, 400, 800, 1000]);
    for one in &made {
        assert!(one.bytes.len() < bytes.len());
        let image = unpack(&one.bytes);
        assert_eq!((image.width(), image.height()), (one.width, one.width / 2));
        assert_eq!(one.height, one.width / 2);
    }
    assert!(made.is_sorted_by_key(|one| one.bytes.len()));
    assert_eq!(made, renditions(&bytes, &settings(&[200, 400, 800, 1600])).unwrap());
    let low = Settings { quality: 20, ..settings(&[800]) };
    assert!(renditions(&bytes, &low).unwrap()[0].bytes.len() < made[2].bytes.len());
    assert_eq!(widths(&renditions(&bytes, &settings(&[400])).unwrap()), [400]);
    assert!(renditions(&bytes, &settings(&[])).unwrap().is_empty(), "switched off");
}

#[test]
fn a_copy_that_saves_nothing_is_dropped() {
    let tiny = png(&DynamicImage::ImageRgb8(RgbImage::from_pixel(64, 64, Rgb([9, 9, 9]))));
    for one in renditions(&tiny, &settings(&[16, 32, 64])).unwrap() {
        assert!(one.bytes.len() < tiny.len());
    }
    let mut low = Vec::new();
    let mut state = 7_u32;
    let noise = RgbImage::from_fn(300, 300, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8])
    });
    JpegEncoder::new_with_quality(&mut low, 5).encode_image(&noise).unwrap();
    let made = renditions(&low, &Settings { quality: 100, ..settings(&[300]) }).unwrap();
    assert!(made.is_empty(), "{} from {}", made[0].bytes.len(), low.len());
}

#[test]
fn a_turned_photograph_is_upright_and_forgets_where_it_was_taken() {
    let mut image = RgbImage::from_pixel(400, 200, Rgb([0, 0, 250]));
    // Red on the left; turned by 90 degrees clockwise it is on top.
    (0..100).for_each(|x| (0..200).for_each(|y| image.put_pixel(x, y, Rgb([250, 0, 0]))));
    let bytes = jpeg_with(&image, Some(exif(6, true)), None);
    let head = head(&bytes).unwrap();
    assert_eq!(head, Head { width: 200, height: 400, copied: true, located: true });
    let made = renditions(&bytes, &settings(&[100])).unwrap();
    let copy = unpack(&made[0].bytes).into_rgb8();
    assert_eq!(copy.dimensions(), (100, 200));
    assert!(copy.get_pixel(50, 10).0[0] > 200 && copy.get_pixel(50, 190).0[2] > 200);
    assert!(!made[0].bytes.windows(4).any(|part| part == b"EXIF" || part == b"Exif"));
    let plain = super::head(&jpeg_with(&image, Some(exif(1, false)), None)).unwrap();
    assert_eq!((plain.width, plain.located), (400, false));
}

#[test]
fn a_place_in_xmp_is_noticed_in_every_format() {
    let xmp = |place: &str| {
        format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
             <rdf:Description xmlns:exif='http://ns.adobe.com/exif/1.0/' {place}/></rdf:RDF></x:xmpmeta>"
        )
    };
    // Between the first bytes of a picture and the rest.
    let jpeg = |xmp: &str| {
        let bytes = jpeg_with(&photograph(60, 40), None, None);
        let note = [b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat();
        let length = u16::try_from(note.len() + 2).unwrap().to_be_bytes();
        [&bytes[..2], &[0xff, 0xe1], &length, &note, &bytes[2..]].concat()
    };
    let webp = |xmp: &str| {
        let config = webp::WebPConfig::new().unwrap();
        let packed = webp::Encoder::from_rgb(&photograph(60, 40), 60, 40).encode_advanced(&config);
        let pixels = &packed.unwrap()[12..];
        let mut chunks = b"WEBPVP8X\x0a\0\0\0\x04\0\0\0\x3b\0\0\x27\0\0".to_vec();
        chunks.extend(pixels);
        chunks.extend(b"XMP ");
        chunks.extend(u32::try_from(xmp.len()).unwrap().to_le_bytes());
        chunks.extend(xmp.as_bytes());
        chunks.extend(vec![0; xmp.len() % 2]);
        [b"RIFF", u32::try_from(chunks.len()).unwrap().to_le_bytes().as_slice(), &chunks].concat()
    };
    let located = xmp("exif:GPSLatitude='44,41.5N' exif:GPSLongitude='10,37.8E'");
    let silent = xmp("exif:GPSLatitudeRefused='no' exif:PixelXDimension='60'");
    for picture in [jpeg, webp] {
        assert!(head(&picture(&located)).unwrap().located);
        assert_eq!(
            head(&picture(&silent)).map(|head| (head.width, head.located)),
            Some((60, false))
        );
    }
}

#[test]
fn what_can_be_seen_through_stays_so() {
    let image = RgbaImage::from_fn(600, 300, |x, y| match x {
        0..300 => Rgba([0, 0, 0, 0]),
        _ => Rgba([200, (x % 251) as u8, (y % 253) as u8, 255]),
    });
    let bytes = png(&DynamicImage::ImageRgba8(image));
    let made = renditions(&bytes, &settings(&[300])).unwrap();
    let copy = unpack(&made[0].bytes).into_rgba8();
    assert_eq!(copy.get_pixel(10, 100).0[3], 0);
    assert_eq!(copy.get_pixel(200, 100).0[3], 255);
    let edge = copy.get_pixel(150, 100).0;
    assert!(edge[0] > 150, "unseen black does not bleed into the edge: {edge:?}");
}

#[test]
fn what_moves_or_is_drawn_is_left_alone() {
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new(&mut gif);
    for shade in [10, 200] {
        let frame = RgbaImage::from_pixel(300, 300, Rgba([shade, 0, 0, 255]));
        encoder.encode_frame(Frame::new(frame)).unwrap();
    }
    drop(encoder);
    assert!(renditions(&gif, &settings(&[100])).unwrap().is_empty());
    assert_eq!(head(&gif).unwrap().width, 300);
    let config = webp::WebPConfig::new().unwrap();
    let mut encoder = webp::AnimEncoder::new(300, 200, &config);
    let frames = [photograph(300, 200), RgbImage::from_pixel(300, 200, Rgb([9, 9, 9]))];
    for (frame, at) in frames.iter().zip([0, 100]) {
        encoder.add_frame(webp::AnimFrame::from_rgb(frame, 300, 200, at));
    }
    let moving = encoder.encode().to_vec();
    assert_eq!(renditions(&moving, &settings(&[50])), Ok(Vec::new()));
    assert_eq!(head(&moving).unwrap().width, 300);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"900\"/>";
    assert!(renditions(svg, &settings(&[100])).unwrap().is_empty());
    assert_eq!(head(svg), None);
}

#[test]
fn colours_beyond_srgb_keep_their_profile() {
    let mut profile = vec![0_u8; 133];
    profile[16..20].copy_from_slice(b"RGB ");
    let bytes = jpeg_with(&photograph(400, 400), None, Some(profile.clone()));
    let made = renditions(&bytes, &settings(&[200])).unwrap();
    let mut decoder = image::codecs::webp::WebPDecoder::new(Cursor::new(&made[0].bytes)).unwrap();
    assert_eq!(decoder.icc_profile().unwrap(), Some(profile.clone()));
    assert_eq!(unpack(&made[0].bytes).width(), 200);
    profile[40..44].copy_from_slice(b"sRGB");
    let bytes = jpeg_with(&photograph(400, 400), None, Some(profile));
    let made = renditions(&bytes, &settings(&[200])).unwrap();
    assert!(!made[0].bytes.windows(4).any(|part| part == b"ICCP"));
}

#[test]
fn broken_pictures_are_refused_and_bombs_not_unpacked() {
    // A decoder would fill what is missing of a JPEG with grey. A small picture in
    // its notes has an end, too.
    let thumbnail = [exif(1, false), vec![0xff, 0xd9]].concat();
    let whole = jpeg_with(&photograph(300, 200), Some(thumbnail), None);
    assert_eq!(renditions(&whole, &settings(&[100])).map(|made| made.len()), Ok(1));
    for part in [whole.len() / 2, whole.len() * 9 / 10, whole.len() - 2] {
        let made = renditions(&whole[..part], &settings(&[100]));
        assert_eq!(made, Err(Refusal::Corrupt("it ends too early".to_owned())), "{part}");
    }
    let good = png(&DynamicImage::ImageRgb8(photograph(300, 200)));
    let cut = &good[..good.len() / 2];
    assert!(matches!(renditions(cut, &settings(&[100])), Err(Refusal::Corrupt(_))));
    assert!(head(cut).is_some(), "its head is whole");
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bomb.extend(60_000_u32.to_be_bytes());
    bomb.extend(60_000_u32.to_be_bytes());
    bomb.extend(b"\x08\x02\0\0\0");
    bomb.extend([0; 64]);
    assert_eq!(renditions(&bomb, &settings(&[100])), Err(Refusal::TooLarge));
    // Every cut and some wrong bytes: nothing panics.
    for source in [good, jpeg_with(&photograph(60, 40), Some(exif(6, true)), None)] {
        for at in (0..source.len()).step_by(1 + source.len() / 200) {
            let mut wrong = source.clone();
            wrong[at] ^= 0x5a;
            let _ = (head(&wrong), renditions(&wrong, &settings(&[20])));
            let _ = (head(&source[..at]), renditions(&source[..at], &settings(&[20])));
        }
    }
}

#[test]
fn what_is_remembered_reads_back_and_nothing_else() {
    let known = vec![
        Known { width: 360, hash: "0011aabb".into() },
        Known { width: 720, hash: "ccddeeff".into() },
    ];
    let all = [
        Ok(known.clone()),
        Ok(Vec::new()),
        Err(Refusal::TooLarge),
        Err(Refusal::Corrupt("it ends too early".into())),
    ];
    for made in all {
        assert_eq!(Known::read(&Known::write(&made)), Some(made));
    }
    for wrong in ["360", "x:0011aabb", "360:../../../", "360:0011aab", "other"] {
        assert_eq!(Known::read(wrong), None, "{wrong}");
    }
    assert_eq!(known[0].url("a/b.c.jpg"), "a/b.c-360.0011aabb.webp");
    let (one, other) = (settings(&[1]), settings(&[2]));
    assert_ne!(key(&[0; 32], &one), key(&[0; 32], &other));
    assert_ne!(key(&[0; 32], &one), key(&[1; 32], &one));
}

//! The file around a picture in WebP: chunks in a RIFF (RFC 9649, 2.7).

/// The bit of the extended header that says that there is a colour profile.
const HAS_PROFILE: u8 = 0b0010_0000;
/// The bit that says that some of it can be seen through.
const HAS_ALPHA: u8 = 0b0001_0000;

/// Adds a colour profile to a file in WebP that has none. `None` when the
/// bytes are no such file.
pub(super) fn with_profile(
    webp: &[u8],
    profile: &[u8],
    width: u32,
    height: u32,
) -> Option<Vec<u8>> {
    let body = webp.strip_prefix(b"RIFF").and_then(|rest| rest.get(4..))?.strip_prefix(b"WEBP")?;
    let (header, rest) = match body.get(..8)? {
        [b'V', b'P', b'8', b'X', ..] => {
            let mut header = body.get(8..18)?.to_vec();
            header[0] |= HAS_PROFILE;
            (header, &body[18..])
        }
        [b'V', b'P', b'8', b'L', ..] => {
            // After the signature: 14 bits of width, 14 of height, 1 of alpha.
            let alpha = body.get(12)? & 0b0001_0000 != 0;
            (extended(alpha, width, height)?, body)
        }
        _ => (extended(false, width, height)?, body),
    };
    let mut chunks = b"WEBP".to_vec();
    push(&mut chunks, b"VP8X", &header)?;
    push(&mut chunks, b"ICCP", profile)?;
    chunks.extend_from_slice(rest);
    let mut out = b"RIFF".to_vec();
    out.extend(u32::try_from(chunks.len()).ok()?.to_le_bytes());
    out.extend(chunks);
    Some(out)
}

fn extended(alpha: bool, width: u32, height: u32) -> Option<Vec<u8>> {
    let mut header = vec![HAS_PROFILE | if alpha { HAS_ALPHA } else { 0 }, 0, 0, 0];
    for side in [width, height] {
        header.extend(&side.checked_sub(1)?.to_le_bytes()[..3]);
    }
    Some(header)
}

fn push(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) -> Option<()> {
    out.extend_from_slice(name);
    out.extend(u32::try_from(content.len()).ok()?.to_le_bytes());
    out.extend_from_slice(content);
    if content.len() % 2 == 1 {
        out.push(0);
    }
    Some(())
}

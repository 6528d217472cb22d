//! What a link or image target is, and whether it may stand in a page.
//!
//! Enters: a target as an editor wrote it, entities already decoded. Leaves:
//! its kind, and the target as a browser would read it. Nothing is fetched.

use std::borrow::Cow;

/// What a target points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Another place on the web: `https://…`, `http://…`, `//host/…`.
    Remote,
    /// Something in this site: a path, with or without a `#part`.
    Local,
    /// A part of the same page: `#part`.
    Part,
    /// A letter box or a telephone: `mailto:`, `tel:`.
    Contact,
}

/// Why a target cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refused {
    Empty,
    /// A scheme that is not on the list, lower-case.
    Scheme(String),
}

/// The target as a browser reads it (outer blanks, tabs and line ends gone) and its kind.
///
/// Whatever stands before a colon that comes before the first `/`, `?` or `#`
/// counts as a scheme, even where a browser would be more lenient: a strict
/// reading cannot be talked into a `javascript:`.
pub(super) fn classify(target: &str) -> Result<(Cow<'_, str>, Kind), Refused> {
    let trimmed = target.trim_matches(|c: char| c <= ' ' || c == '\u{FFFD}' || c == '\u{FEFF}');
    let clean = if trimmed.contains(['\t', '\n', '\r']) {
        Cow::Owned(trimmed.replace(['\t', '\n', '\r'], ""))
    } else {
        Cow::Borrowed(trimmed)
    };
    if clean.is_empty() {
        return Err(Refused::Empty);
    }
    let kind = kind(&clean)?;
    Ok((clean, kind))
}

fn kind(target: &str) -> Result<Kind, Refused> {
    let bytes = target.as_bytes();
    if bytes[0] == b'#' {
        return Ok(Kind::Part);
    }
    // Browsers read a backslash as a slash: `/\host` leaves the site too.
    if bytes.len() > 1 && bytes[..2].iter().all(|b| matches!(b, b'/' | b'\\')) {
        return Ok(Kind::Remote);
    }
    let head = bytes.iter().position(|b| matches!(b, b':' | b'/' | b'?' | b'#' | b'\\'));
    match head {
        Some(at) if bytes[at] == b':' => {
            let scheme = &target[..at];
            if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
                Ok(Kind::Remote)
            } else if scheme.eq_ignore_ascii_case("mailto") || scheme.eq_ignore_ascii_case("tel") {
                Ok(Kind::Contact)
            } else {
                Err(Refused::Scheme(scheme.to_ascii_lowercase()))
            }
        }
        _ => Ok(Kind::Local),
    }
}

/// The host of a remote target, without user or port; empty when there is none.
pub fn host(target: &str) -> &str {
    let rest = target.find(['/', '\\']).map_or("", |at| &target[at..]);
    let rest = rest.trim_start_matches(['/', '\\']);
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    host.split(':').next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_allow_listed_however_they_are_spelt() {
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " \u{1}javascript:alert(1)",
            "java\nscript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,<b>",
            "vbscript:x",
            "file:///etc/passwd",
            "java\u{0}script:x",
            "java script:x",
            ":x",
        ] {
            assert!(matches!(classify(bad), Err(Refused::Scheme(_))), "{bad:?}");
        }
        for (good, kind) in [
            ("https://a.eu", Kind::Remote),
            ("HTTP://a.eu", Kind::Remote),
            ("//a.eu/x", Kind::Remote),
            ("/\\a.eu/x", Kind::Remote),
            ("\\\\a.eu", Kind::Remote),
            ("../x.md#part", Kind::Local),
            ("/a/b:c", Kind::Local),
            ("?q=a:b", Kind::Local),
            ("#a:b", Kind::Part),
            ("mailto:a@b.eu", Kind::Contact),
            ("tel:+39", Kind::Contact),
        ] {
            assert_eq!(classify(good).map(|(_, kind)| kind), Ok(kind), "{good}");
        }
        assert_eq!(classify(" \t"), Err(Refused::Empty));
    }

    #[test]
    fn a_host_is_what_a_browser_connects_to() {
        assert_eq!(host("https://a.eu/x"), "a.eu");
        assert_eq!(host("//user:pw@b.eu:80?x"), "b.eu");
        assert_eq!(host("https:\\\\c.eu\\@d.eu"), "c.eu");
        assert_eq!(host("https:e"), "");
    }
}

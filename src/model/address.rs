//! Slugs, page paths and redirects: names that are safe on any disk and in any URL.

use super::PartialDate;
use crate::content::Location;
use crate::schema::EntryType;
use unicode_normalization::UnicodeNormalization;

/// A slug of any text: lower case, letters and digits of every script, one `-`
/// for every run of anything else. Empty when the text has no letter or digit.
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        slugify(text.chars().map(|c| c.to_ascii_lowercase()), &mut out);
    } else {
        slugify(text.nfc().flat_map(char::to_lowercase), &mut out);
        // Not every small letter is as composed as its capital.
        out = out.nfc().collect();
    }
    out
}

fn slugify(lower: impl Iterator<Item = char>, out: &mut String) {
    for c in lower {
        let mark = !c.is_ascii() && unicode_normalization::char::is_combining_mark(c);
        if c.is_alphanumeric() || (mark && !out.is_empty()) {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') && c != '\'' && c != '’' {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
}

/// The page path of an entry, by its type's pattern.
pub(super) fn page_path(
    entry_type: &EntryType,
    location: &Location,
    id: &str,
    own_slug: &str,
    date: Option<PartialDate>,
    prefix: &str,
) -> String {
    let key = if own_slug == slug(location.name()) {
        location.key.clone()
    } else {
        match location.key.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{own_slug}"),
            None => own_slug.to_owned(),
        }
    };
    let folder = location.key.rsplit_once('/').map_or("", |(folder, _)| folder);
    let number =
        |part: Option<i16>, width: usize| part.map_or("undated".into(), |n| format!("{n:0width$}"));
    // No other name stands in a pattern, and every brace is closed: the schema is sound.
    let words = |name: &str| match name {
        "slug" => own_slug.to_owned(),
        "path" => slug_path(&key),
        "id" => slug_path(id),
        "folder" => slug_path(folder),
        "year" => number(date.map(|date| date.year), 4),
        "month" => number(date.and_then(|date| date.month).map(i16::from), 2),
        "day" => number(date.and_then(|date| date.day).map(i16::from), 2),
        _ => String::new(),
    };
    let (mut filled, mut rest) = (String::new(), &*entry_type.url);
    while let Some((before, after)) = rest.split_once('{') {
        let (name, more) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(&words(name));
        rest = more;
    }
    filled.push_str(rest);
    let path: Vec<&str> = filled.split('/').filter(|part| !part.is_empty()).collect();
    let path = path.join("/");
    if path.is_empty() { prefix.to_owned() } else { format!("{prefix}{path}/") }
}

/// A path whose every part is a slug.
fn slug_path(path: &str) -> String {
    path.split('/').map(slug).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// A former address as a page path, or why it cannot be one. A whole address
/// counts by its path; `/old/`, `old/name.html` and `/old` are all sound.
pub(super) fn redirect(text: &str) -> Result<String, String> {
    let text = text.trim();
    let path = match text.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => text,
    };
    // A server decodes what a browser asks for, so a file has the decoded name.
    let path = super::files::decode(path.split(['?', '#']).next().unwrap_or(""));
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return Err(format!("`{text}` is not a former address of this page"));
    }
    // What begins with a dot is hidden on many disks, or the build's own.
    if let Some(bad) = parts.iter().find(|part| !is_safe_name(part) || part.starts_with('.')) {
        return Err(format!("`{}` cannot be part of an address of this site", bad.escape_debug()));
    }
    let joined = parts.join("/");
    let is_file = joined.ends_with(".html") || joined.ends_with(".htm");
    Ok(if is_file { joined } else { format!("{joined}/") })
}

/// Whether a name may be a file's or folder's on every common system: not
/// empty, `.` or `..`, no separator, control character or `:*?"<>|`, no blank
/// or dot at its end, and no name that Windows keeps for devices.
pub(super) fn is_safe_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or("").to_ascii_lowercase();
    let device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|c: char| c.is_ascii_digit()));
    let encoded = name.to_ascii_lowercase();
    !name.is_empty()
        && name.len() <= 200
        && !name.ends_with(['.', ' '])
        && !device
        && !name.chars().any(|c| c.is_control() || "/\\:*?\"<>|".contains(c))
        && !["%2e", "%2f", "%5c", "%00"].iter().any(|code| encoded.contains(code))
}

/// What texts are put in order by: case and accents aside, so that `Étude` stands
/// under E and not after Z.
pub fn collation(text: &str) -> String {
    let plain = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    plain.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_keep_letters_of_every_script() {
        assert_eq!(slug("H\u{331}alab"), slug("\u{1e96}alab"), "one word, one address");
        assert_eq!(slug("One front door, for all!"), "one-front-door-for-all");
        assert_eq!(slug("L’eau & la ville"), "leau-la-ville");
        assert_eq!(slug("水 の 管理"), "水-の-管理");
        assert_eq!(slug("Ūdens apgāde"), "ūdens-apgāde");
        assert_eq!(slug("../../etc"), "etc");
        assert_eq!(slug("…"), "");
    }

    #[test]
    fn redirects_stay_within_the_site() {
        assert_eq!(redirect("/old/name"), Ok("old/name/".into()));
        assert_eq!(redirect("https://x.org/old.html?a"), Ok("old.html".into()));
        for bad in [
            "",
            "/",
            "../up",
            "/a/../b",
            "/a\0b",
            "/a%2e%2e/b",
            "/nul/",
            "a\\b",
            "/trailing./",
            "/.exempla/x",
        ] {
            assert!(redirect(bad).is_err(), "{bad:?}");
        }
    }
}

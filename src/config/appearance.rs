//! `[appearance]` of `site.toml`: colours, type and logo of a site that needs no
//! theme of its own.
//!
//! Enters: the table, and the files that it names, relative to the site's folder.
//! Leaves: an [`Appearance`] with those files in memory. What it becomes as a style
//! sheet is the `render` room's.

use crate::diagnostic::{codes, reason};
use crate::raw::reader::Reader;
use crate::raw::{Node, Span, Table};
use crate::trace::Trace;
use std::path::{Component, Path, PathBuf};

/// How a site looks, where it differs from its theme.
#[derive(Debug, Clone, Default)]
pub struct Appearance {
    /// The colour of links and buttons, with the place that sets it.
    pub accent: Option<(Colour, Span)>,
    /// The same in the dark scheme; made from `accent` if absent.
    pub accent_dark: Option<(Colour, Span)>,
    /// Families of type, as CSS writes them: `"Source Sans 3", sans-serif`.
    pub font: Option<String>,
    /// A WOFF2 file that comes before them.
    pub font_file: Option<Vec<u8>>,
    /// The file in the head of each page: its suffix and content.
    pub logo: Option<(String, Vec<u8>)>,
    /// Rules of the site's own, after all others.
    pub css: Option<String>,
    /// The files that it was read from, or could not be.
    pub files: Vec<PathBuf>,
}

impl Appearance {
    /// Adds to a trace what the files held when they were read.
    pub fn trace(&self, trace: &mut Trace) {
        let logo = self.logo.as_ref().map(|(_, bytes)| bytes.as_slice());
        let css = self.css.as_deref().map(str::as_bytes);
        for bytes in [logo, css, self.font_file.as_deref()] {
            let hash = bytes.map(|bytes| blake3::hash(bytes).to_hex());
            trace.add_text(hash.as_deref().unwrap_or("none"));
        }
    }
}

/// Red, green and blue, each from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

impl Colour {
    /// Reads `#rgb` or `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u8> = text
            .strip_prefix('#')?
            .chars()
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        match *digits.as_slice() {
            [r, g, b] => Some(Self([r * 17, g * 17, b * 17])),
            [r, s, g, h, b, c] => Some(Self([r * 16 + s, g * 16 + h, b * 16 + c])),
            _ => None,
        }
    }
}

const KEYS: &[&str] = &["accent", "accent_dark", "font", "font_file", "logo", "css"];
const PICTURES: &[&str] = &["svg", "png", "webp", "avif", "jpg", "jpeg"];

pub(super) fn read(reader: &mut Reader<'_>, root: &Path, table: &Table) -> Appearance {
    let Some(table) = table.get("appearance").and_then(|n| reader.table("appearance", n)) else {
        return Appearance::default();
    };
    reader.only("appearance", table, KEYS);
    let colour = |reader: &mut Reader<'_>, key: &str| {
        let node = table.get(key)?;
        let colour = reader.parsed(key, node, "a colour such as \"#0a5260\"", Colour::parse)?;
        Some((colour, node.span.clone()))
    };
    let mut files = Vec::new();
    let mut file = |reader: &mut Reader<'_>, key: &str, suffixes: &[&str]| {
        let node = table.get(key)?;
        let (path, suffix) = named_file(reader, key, node, suffixes)?;
        files.push(root.join(&path));
        match std::fs::read(root.join(&path)) {
            Ok(bytes) => Some((suffix, bytes)),
            Err(error) => {
                let message = format!("`{path}` cannot be read: {}", reason(&error));
                let help = "paths are relative to the folder of site.toml";
                reader.report(&codes::CONFIG_INVALID, &node.span, message, help);
                None
            }
        }
    };
    Appearance {
        accent: colour(reader, "accent"),
        accent_dark: colour(reader, "accent_dark"),
        font: table.get("font").and_then(|node| {
            let what = "names of type families, such as \"Source Sans 3\", sans-serif";
            reader.parsed("font", node, what, |text| {
                Some(text.to_owned()).filter(|text| is_font_list(text))
            })
        }),
        font_file: file(reader, "font_file", &["woff2"]).map(|(_, bytes)| bytes),
        logo: file(reader, "logo", PICTURES),
        css: file(reader, "css", &["css"])
            .map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()),
        files,
    }
}

/// Whether a text can stand in a style sheet as the value of `font-family`.
fn is_font_list(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '-' | '_' | '"' | '\'');
    let quotes = |mark: char| text.matches(mark).count().is_multiple_of(2);
    !text.trim().is_empty() && text.chars().all(plain) && quotes('"') && quotes('\'')
}

/// The path of a file in the site's folder, and its suffix.
fn named_file(
    reader: &mut Reader<'_>,
    key: &str,
    node: &Node,
    suffixes: &[&str],
) -> Option<(String, String)> {
    let text = reader.text(key, node)?;
    let path = Path::new(&text);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let suffix = path.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default();
    let suffix = suffix.to_ascii_lowercase();
    if !inside || !suffixes.contains(&suffix.as_str()) {
        let message = format!("`{text}` cannot be the site's `{key}`");
        let help = format!(
            "write the path of a file in the site's folder that ends in .{}",
            suffixes.join(", .")
        );
        reader.report(&codes::CONFIG_INVALID, &node.span, message, &help);
        return None;
    }
    Some((text, suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_in_both_lengths() {
        assert_eq!(Colour::parse("#0a5260"), Some(Colour([10, 82, 96])));
        assert_eq!(Colour::parse("#F0c"), Some(Colour([255, 0, 204])));
        for bad in ["0a5260", "#12", "#12345", "#ggg", "#é", "red"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_list_of_families_cannot_leave_its_declaration() {
        assert!(is_font_list("\"Source Sans 3\", 'Noto Sans', sans-serif"));
        for bad in ["", "x; color: red", "a}", "\"open", "url(x)", "a\\b", "a/*"] {
            assert!(!is_font_list(bad), "{bad}");
        }
    }
}

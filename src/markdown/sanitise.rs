//! A body with raw HTML, made safe as a whole.
//!
//! Enters: what the writer wrote, raw HTML and all. What we wrote ourselves and
//! a sanitiser would not keep is held out: in its place stands a mark of two
//! noncharacters that no text can contain. Leaves: HTML with holes, in which
//! nothing is left that the lists here do not name.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::chunk::{Chunk, Hold};

/// Before and after the number of a held part.
pub(super) const MARK: char = '\u{FDD0}';
pub(super) const MARK_END: char = '\u{FDD1}';

/// Elements that editors may use, with the attributes they may have.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["href", "hreflang"]),
    ("abbr", &[]),
    ("address", &[]),
    ("article", &[]),
    ("aside", &[]),
    ("b", &[]),
    ("bdi", &[]),
    ("bdo", &[]),
    ("blockquote", &[]),
    ("br", &[]),
    ("caption", &[]),
    ("center", &[]),
    ("cite", &[]),
    ("code", &[]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("data", &["value"]),
    ("dd", &[]),
    ("del", &["datetime"]),
    ("details", &["open"]),
    ("dfn", &[]),
    ("div", &[]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("footer", &[]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("header", &[]),
    ("hr", &[]),
    ("i", &[]),
    ("img", &["src", "alt"]),
    ("ins", &["datetime"]),
    ("kbd", &[]),
    ("li", &["value"]),
    ("mark", &[]),
    ("ol", &["start", "reversed", "type"]),
    ("p", &[]),
    ("pre", &[]),
    ("q", &[]),
    ("rp", &[]),
    ("rt", &[]),
    ("ruby", &[]),
    ("s", &[]),
    ("samp", &[]),
    ("section", &[]),
    ("small", &[]),
    ("span", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["colspan", "rowspan", "headers"]),
    ("tfoot", &[]),
    ("th", &["colspan", "rowspan", "headers", "scope", "abbr"]),
    ("thead", &[]),
    ("time", &["datetime"]),
    ("tr", &[]),
    ("tt", &[]),
    ("u", &[]),
    ("ul", &[]),
    ("var", &[]),
    ("wbr", &[]),
];

/// Attributes that every element may have. An `id` is checked once more when
/// the held parts are put back: it must not be one of the page's own.
const ATTRIBUTES: [&str; 5] = ["class", "dir", "id", "lang", "title"];

/// Elements that go with all they hold: none of it was meant to be read.
const WHOLLY: [&str; 5] = ["script", "style", "template", "svg", "math"];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.iter().map(|(name, _)| *name).collect())
        .tag_attributes(
            ELEMENTS
                .iter()
                .map(|(name, attributes)| (*name, attributes.iter().copied().collect()))
                .collect::<HashMap<_, HashSet<_>>>(),
        )
        .generic_attributes(HashSet::from(ATTRIBUTES))
        .clean_content_tags(HashSet::from(WHOLLY))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true);
    builder
});

/// Whether editors may use an element (its name in lower case).
pub(super) fn keeps(name: &str) -> bool {
    ELEMENTS.binary_search_by_key(&name, |(known, _)| known).is_ok()
}

/// Safe HTML, with marks where held parts go.
pub(super) fn clean(chunk: &Chunk) -> String {
    SANITISER.clean(&with_marks(chunk)).to_string()
}

fn with_marks(chunk: &Chunk) -> String {
    let mut out = String::with_capacity(chunk.html.len() + chunk.held.len() * 8);
    let mut done = 0;
    for (number, held) in chunk.held.iter().enumerate() {
        unmarked(&mut out, &chunk.html[done..held.html.start]);
        done = held.html.end;
        match held.hold {
            Hold::Attributes => {
                // The mark follows the end of the start tag.
                out.push('>');
                done += 1;
            }
            Hold::HeadingOpen(level) => out.push_str(&format!("<h{level}>")),
            Hold::HeadingClose(level) => {
                out.push_str(&format!("</h{level}>"));
                continue;
            }
            Hold::CallOpen => out.push_str("<div>"),
            Hold::CallClose => {
                out.push_str("</div>");
                continue;
            }
            Hold::Element => {}
        }
        out.push_str(&format!("{MARK}{number}{MARK_END}"));
    }
    unmarked(&mut out, &chunk.html[done..]);
    out
}

/// Appends HTML in which no mark can stand.
fn unmarked(out: &mut String, html: &str) {
    if html.contains([MARK, MARK_END]) {
        out.push_str(&html.replace([MARK, MARK_END], "\u{FFFD}"));
    } else {
        out.push_str(html);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_for_the_search() {
        assert!(ELEMENTS.is_sorted_by_key(|(name, _)| *name));
        assert!(keeps("details") && !keeps("script"));
        assert!(WHOLLY.iter().all(|name| !keeps(name)));
    }
}

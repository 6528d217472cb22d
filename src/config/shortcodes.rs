//! `[shortcodes]` of `site.toml`: what tags of other generators become.
//!
//! ```toml
//! [shortcodes]
//! wide = "inner"                                     # what it encloses stays
//! ref = "link"                                       # the address of the entry it names
//! file = { link = "https://example.org/{0}", text = "{label|the file}" }
//! img = { image = "https://example.org/{src}.jpg", alt = "{alt}" }
//! note = { component = "Callout", attributes = { kind = "{0|note}" } }
//! said = { component = "Quote", body = "{text}" }     # a tag without an end
//! ```

use crate::diagnostic::codes;
use crate::markdown::{Shortcode, Shortcodes};
use crate::raw::reader::{Reader, suggest};
use crate::raw::{Key, Node, Span, Table};

/// Names of components and where they stand.
type Components = Vec<(String, Span)>;

/// Reads the table; the components it names are for the theme to know.
pub(super) fn read(reader: &mut Reader<'_>, table: &Table) -> (Shortcodes, Components) {
    let mut components = Components::new();
    let Some(table) = table.get("shortcodes").and_then(|n| reader.table("shortcodes", n)) else {
        return (Shortcodes::new(), components);
    };
    let mut out = Shortcodes::new();
    for (key, node) in &table.entries {
        let read = match node.table() {
            Some(table) => mapping(reader, key, table, &mut components),
            None => word(reader, key, node),
        };
        out.extend(read.map(|shortcode| (key.text.clone(), shortcode)));
    }
    (out, components)
}

fn word(reader: &mut Reader<'_>, key: &Key, node: &Node) -> Option<Shortcode> {
    let text = reader.text(&key.text, node)?;
    match text.as_str() {
        "inner" => Some(Shortcode::Inner),
        "link" => Some(Shortcode::Link { href: "{0}".into(), text: None }),
        _ => {
            let message = format!("`{text}` is not what a tag can become");
            let help = suggest(&text, &["inner", "link"]);
            let help = format!("{help}; or a table with `component`, `link` or `image`");
            reader.report(&codes::CONFIG_INVALID, &node.span, message, &help);
            None
        }
    }
}

fn mapping(
    reader: &mut Reader<'_>,
    key: &Key,
    table: &Table,
    components: &mut Components,
) -> Option<Shortcode> {
    let mut text = |of: &str| table.get(of).and_then(|node| reader.text(of, node));
    let (component, link, image) = (text("component"), text("link"), text("image"));
    match (component, link, image) {
        (Some(name), None, None) => {
            reader.only("a component's tag", table, &["component", "attributes", "body"]);
            let body = table.get("body").and_then(|node| reader.text("body", node));
            let span = table.get("component").map_or(0..0, |node| node.span.clone());
            components.push((name.clone(), span));
            let given = table.get("attributes").and_then(|n| reader.table("attributes", n));
            let entries = given.map(|given| given.entries.as_slice()).unwrap_or_default();
            let attributes = entries
                .iter()
                .filter_map(|(key, node)| Some((key.text.clone(), reader.text(&key.text, node)?)))
                .collect();
            Some(Shortcode::Component { name, attributes, body })
        }
        (None, Some(href), None) => {
            let text = text("text");
            reader.only("a link's tag", table, &["link", "text"]);
            Some(Shortcode::Link { href, text })
        }
        (None, None, Some(src)) => {
            let alt = text("alt").unwrap_or_else(|| "{alt}".into());
            reader.only("a picture's tag", table, &["image", "alt"]);
            Some(Shortcode::Image { src, alt })
        }
        _ => {
            let message = format!("`{}` needs one of `component`, `link` and `image`", key.text);
            let help = "or \"inner\" to keep what it encloses";
            reader.report(&codes::CONFIG_INVALID, &key.span, message, help);
            None
        }
    }
}

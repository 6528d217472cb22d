//! The table `images` of `site.toml`: which copies of pictures are published.

use crate::pictures;
use crate::raw::reader::Reader;
use crate::raw::{Node, Value};

/// `widths` in pixels (none: no copies are made) and `quality`.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> pictures::Settings {
    let mut settings = pictures::Settings::default();
    let Some(table) = reader.table("images", node) else { return settings };
    reader.only("images", table, &["widths", "quality"]);
    if let Some(node) = table.get("widths") {
        let width = |text: &str| text.parse().ok().filter(|width| (16..=8192).contains(width));
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let wanted = "whole numbers from 16 to 8192";
        let read = items.iter().map(|item| reader.parsed("widths", item, wanted, width));
        // One that cannot be read must not switch copies off.
        let mut widths: Vec<u32> = read.collect::<Option<_>>().unwrap_or(settings.widths);
        widths.sort_unstable();
        widths.dedup();
        settings.widths = widths;
    }
    if let Some(node) = table.get("quality") {
        let quality = |text: &str| text.parse().ok().filter(|quality| (1..=100).contains(quality));
        let read = reader.parsed("quality", node, "a whole number from 1 to 100", quality);
        settings.quality = read.unwrap_or(settings.quality);
    }
    settings
}

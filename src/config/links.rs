//! The links of `site.toml`: menu, footer, edits, and the types they may name.

use super::settings::{FooterColumn, Link, LinkTarget};
use crate::diagnostic::{codes, nearest::nearest};
use crate::raw::reader::{Reader, suggest};
use crate::raw::{Node, Span, Table};
use crate::schema::Schema;
use std::path::{Component, Path};

pub(super) fn links(reader: &mut Reader<'_>, key: &str, node: &Node, schema: &Schema) -> Vec<Link> {
    reader.tables(key, node).into_iter().map(|table| link(reader, table, schema)).collect()
}

pub(super) fn link(reader: &mut Reader<'_>, table: &Table, schema: &Schema) -> Link {
    reader.only("a link", table, &["label", "url", "entry", "type", "children"]);
    let mut span = table.entries.first().map_or(0..0, |(key, _)| key.span.clone());
    let mut target = LinkTarget::None;
    for (key, node) in &table.entries {
        if ["url", "entry", "type"].contains(&key.text.as_str()) {
            span = node.span.clone();
        }
        let named = match key.text.as_str() {
            "url" => reader
                .text("url", node)
                .filter(|url| sound_url(reader, url, &node.span))
                .map(LinkTarget::Url),
            "entry" => reader.text("entry", node).map(LinkTarget::Entry),
            "type" => reader
                .text("type", node)
                .filter(|id| known_type(reader, id, &node.span, schema))
                .map(LinkTarget::Type),
            _ => None,
        };
        target = named.unwrap_or(target);
    }
    Link {
        label: table.get("label").map(|n| reader.localised("label", n)).unwrap_or_default(),
        children: table
            .get("children")
            .map(|n| links(reader, "children", n, schema))
            .unwrap_or_default(),
        target,
        span,
    }
}

/// An address that visitors can follow, under a key.
/// A link's address is a path within the site, or http, https or mailto.
fn sound_url(reader: &mut Reader<'_>, url: &str, span: &Span) -> bool {
    let sound = (url.starts_with('/') && !url.starts_with("//"))
        || url.starts_with('#')
        || ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| url.starts_with(scheme));
    if !sound {
        let help = "write a path such as /about/, or an address that begins with https://";
        reader.report(
            &codes::CONFIG_INVALID,
            span,
            format!("`{url}` is not an address a link may have"),
            help,
        );
    }
    sound
}

pub(super) fn known_type(reader: &mut Reader<'_>, id: &str, span: &Span, schema: &Schema) -> bool {
    let known = schema.types.contains_key(id);
    if !known {
        let types: Vec<&str> = schema.types.keys().map(String::as_str).collect();
        reader.report(
            &codes::CONFIG_INVALID,
            span,
            format!("there is no type `{id}`"),
            &suggest(id, &types),
        );
    }
    known
}

pub(super) fn footer_columns(
    reader: &mut Reader<'_>,
    footer: &Table,
    schema: &Schema,
) -> Vec<FooterColumn> {
    reader.only("footer", footer, &["mission", "columns"]);
    let Some(node) = footer.get("columns") else { return Vec::new() };
    let column = |reader: &mut Reader<'_>, table: &Table| {
        reader.only("a footer column", table, &["title", "links"]);
        FooterColumn {
            title: table.get("title").map(|n| reader.localised("title", n)).unwrap_or_default(),
            links: table
                .get("links")
                .map(|n| links(reader, "links", n, schema))
                .unwrap_or_default(),
        }
    };
    reader.tables("columns", node).into_iter().map(|table| column(reader, table)).collect()
}

/// A key that holds an address.
pub(super) fn web_address(reader: &mut Reader<'_>, table: &Table, key: &str) -> Option<String> {
    let node = table.get(key)?;
    reader.text(key, node).filter(|url| sound_url(reader, url, &node.span))
}

/// What stands for a part of a file's path in `edit_url`.
const EDIT_HOLES: &[&str] = &["path", "file"];
const EDIT_HELP: &str = "write `{path}` where the path of the file belongs, or `{file}` for its \
                         path below the content folder";

/// Where a change is suggested. A file that lies outside the site's folder has no path below it.
pub(super) fn edit_url(reader: &mut Reader<'_>, table: &Table) -> Option<String> {
    let url = web_address(reader, table, "edit_url")?;
    let node = table.get("edit_url")?;
    let holes = url.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    if let Some(strange) = holes.clone().find(|hole| !EDIT_HOLES.contains(hole)) {
        let message = format!("`{{{strange}}}` stands for nothing in `edit_url`");
        let help = match nearest(strange, EDIT_HOLES.iter().copied()) {
            Some(near) => format!("did you mean `{{{near}}}`?"),
            None => EDIT_HELP.to_owned(),
        };
        reader.report(&codes::CONFIG_INVALID, &node.span, message, &help);
        return None;
    }
    if holes.count() == 0 {
        let message = "`edit_url` leads from every page to the same address";
        reader.report(&codes::CONFIG_INVALID, &node.span, message.to_owned(), EDIT_HELP);
        return None;
    }
    let content = table.get("content").and_then(Node::text).unwrap_or_default();
    if !url.contains("{path}") || is_within(Path::new(content)) {
        return Some(url);
    }
    let message = "`{path}` is a path below this folder, and the content folder lies elsewhere";
    let help = "write `{file}`, which is the file's path below the content folder";
    reader.report(&codes::CONFIG_INVALID, &node.span, message.into(), help);
    None
}

/// Whether a relative path never leads out of the folder that it starts from.
fn is_within(path: &Path) -> bool {
    let mut depth = 0_i32;
    path.components().all(|part| {
        depth += match part {
            Component::Normal(_) => 1,
            Component::CurDir => 0,
            Component::ParentDir => -1,
            Component::RootDir | Component::Prefix(_) => return false,
        };
        depth >= 0
    })
}

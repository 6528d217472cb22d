//! The raw tables of `site.toml` into [`Settings`].

use super::images;
use super::links::{edit_url, footer_columns, known_type, link, links, web_address};
use super::settings::{DeclaredList, Funding, Home, OnBadEntry, Publisher, Settings};
use super::shortcodes;
use super::{BaseUrl, MODEL_KEYS};
use crate::diagnostic::{Level, codes};
use crate::markdown::HtmlPolicy;
use crate::raw::reader::{Reader, boolean, is_language_tag, suggest};
use crate::raw::{Node, Table};
use crate::schema::{Localised, Schema, Sort, presets};
use indexmap::IndexMap;
use std::collections::BTreeMap;

const KEYS: &[&str] = &[
    "title",
    "description",
    "base_url",
    "languages",
    "preset",
    "theme",
    "appearance",
    "content",
    "ignore",
    "on_bad_entry",
    "html",
    "math",
    "allow_hosts",
    "images",
    "licence",
    "search",
    "per_page",
    "git",
    "edit_url",
    "publisher",
    "contact",
    "navigation",
    "footer",
    "funding",
    "lists",
    "home",
    "diagnostics",
    "shortcodes",
];

/// Reads everything but the model. What is missing takes its default; what
/// does not fit is reported and takes it too.
pub(super) fn settings(reader: &mut Reader<'_>, table: &Table, schema: &Schema) -> Settings {
    let known: Vec<&str> = KEYS.iter().chain(MODEL_KEYS.iter()).copied().collect();
    reader.only("site.toml", table, &known);
    preset(reader, table);
    let text =
        |reader: &mut Reader<'_>, key: &str| table.get(key).and_then(|n| reader.text(key, n));
    let texts = |reader: &mut Reader<'_>, key: &str| {
        table.get(key).map(|n| reader.texts(key, n)).unwrap_or_default()
    };
    let localised = |reader: &mut Reader<'_>, key: &str| {
        table.get(key).map(|n| reader.localised(key, n)).unwrap_or_default()
    };
    let on_bad = [("stop", OnBadEntry::Stop), ("skip", OnBadEntry::Skip)];
    let html = [
        ("sanitise", HtmlPolicy::Sanitise),
        ("escape", HtmlPolicy::Escape),
        ("allow", HtmlPolicy::Allow),
    ];
    let (shortcodes, mapped_components) = shortcodes::read(reader, table);
    let footer = table.get("footer").and_then(|n| reader.table("footer", n));
    Settings {
        title: title(reader, table),
        description: localised(reader, "description"),
        base_url: base_url(reader, table),
        languages: languages(reader, table),
        theme: text(reader, "theme").unwrap_or_else(|| "default".into()),
        content: text(reader, "content").unwrap_or_else(|| "content".into()),
        ignore: ignore(reader, table),
        on_bad_entry: table
            .get("on_bad_entry")
            .and_then(|n| reader.one_of("on_bad_entry", n, &on_bad))
            .unwrap_or(OnBadEntry::Stop),
        html: table
            .get("html")
            .and_then(|n| reader.one_of("html", n, &html))
            .unwrap_or(HtmlPolicy::Sanitise),
        math: table
            .get("math")
            .and_then(|n| reader.parsed("math", n, "true or false", boolean))
            .unwrap_or(false),
        allow_hosts: texts(reader, "allow_hosts"),
        images: table.get("images").map(|n| images::read(reader, n)).unwrap_or_default(),
        licence: text(reader, "licence"),
        search: flag(reader, table, "search").unwrap_or(true),
        // Not unless asked: a copy of the folder, or a shallow clone, would differ.
        git: flag(reader, table, "git").unwrap_or(false),
        per_page: table
            .get("per_page")
            .and_then(|n| {
                reader.parsed("per_page", n, "a whole number from 1 to 1000", |text| {
                    text.parse().ok().filter(|n| (1..=1000).contains(n))
                })
            })
            .unwrap_or(24),
        edit_url: edit_url(reader, table),
        publisher: table.get("publisher").and_then(|n| publisher(reader, n)),
        contact: table.get("contact").and_then(|n| {
            let table = reader.table("contact", n)?;
            Some(link(reader, table, schema))
        }),
        navigation: table
            .get("navigation")
            .map(|n| links(reader, "navigation", n, schema))
            .unwrap_or_default(),
        mission: footer
            .and_then(|f| f.get("mission"))
            .map(|n| reader.localised("mission", n))
            .unwrap_or_default(),
        footer: footer.map(|f| footer_columns(reader, f, schema)).unwrap_or_default(),
        funding: table.get("funding").and_then(|n| funding(reader, n)),
        lists: table.get("lists").map(|n| lists(reader, n, schema)).unwrap_or_default(),
        home: home(reader, table),
        levels: levels(reader, table),
        shortcodes,
        mapped_components,
    }
}

fn preset(reader: &mut Reader<'_>, table: &Table) {
    let Some(node) = table.get("preset") else { return };
    if let Some(name) = reader.text("preset", node)
        && presets::find(&name).is_none()
    {
        let known: Vec<&str> =
            presets::PRESETS.iter().map(|(name, _)| *name).chain(["none"]).collect();
        reader.report(
            &codes::CONFIG_INVALID,
            &node.span,
            format!("there is no preset `{name}`"),
            &suggest(&name, &known),
        );
    }
}

fn title(reader: &mut Reader<'_>, table: &Table) -> Localised {
    let title = table.get("title").map(|node| reader.localised("title", node)).unwrap_or_default();
    let given = table.get("title").is_some_and(|node| !node.is_blank());
    if !given {
        let span = table.get("title").map_or(0..0, |node| node.span.clone());
        let at = if span.end == 0 {
            table.entries.first().map_or(0..0, |(k, _)| k.span.clone())
        } else {
            span
        };
        reader.report(
            &codes::CONFIG_MISSING_KEY,
            &at,
            "the site has no title".into(),
            "add: title = \"…\"",
        );
    }
    title
}

fn base_url(reader: &mut Reader<'_>, table: &Table) -> BaseUrl {
    let fallback = BaseUrl::parse("http://localhost/");
    let read = table.get("base_url").and_then(|node| {
        let text = reader.text("base_url", node)?;
        let base = BaseUrl::parse(&text);
        if base.is_none() {
            let help = "write the whole address, such as https://practices.example.org/ or https://example.org/practices/";
            reader.report(&codes::CONFIG_INVALID, &node.span, format!("`{text}` is not an address a site can have"), help);
        }
        base
    });
    read.or(fallback).expect("the fallback is a sound address")
}

fn languages(reader: &mut Reader<'_>, table: &Table) -> Vec<String> {
    let Some(node) = table.get("languages") else { return vec!["en".into()] };
    let mut out: Vec<String> = Vec::new();
    for tag in reader.texts("languages", node) {
        if !is_language_tag(&tag) {
            let help = "write tags such as \"en\", \"it\" or \"zh-hans\"";
            reader.report(
                &codes::CONFIG_INVALID,
                &node.span,
                format!("`{tag}` is not a language tag"),
                help,
            );
        } else if out.contains(&tag) {
            reader.report(
                &codes::CONFIG_INVALID,
                &node.span,
                format!("the language `{tag}` stands twice"),
                "",
            );
        } else {
            out.push(tag);
        }
    }
    if out.is_empty() { vec!["en".into()] } else { out }
}

fn ignore(reader: &mut Reader<'_>, table: &Table) -> Vec<String> {
    let Some(node) = table.get("ignore") else { return Vec::new() };
    let mut globs = reader.texts("ignore", node);
    globs.retain(|glob| {
        let sound = globset::Glob::new(glob);
        if let Err(error) = &sound {
            reader.report(
                &codes::CONFIG_INVALID,
                &node.span,
                format!("`{glob}` is not a glob: {}", error.kind()),
                "",
            );
        }
        sound.is_ok()
    });
    globs
}

fn publisher(reader: &mut Reader<'_>, node: &Node) -> Option<Publisher> {
    let table = reader.table("publisher", node)?;
    reader.only("publisher", table, &["name", "url", "email"]);
    Some(Publisher {
        name: table.get("name").map(|n| reader.localised("name", n)).unwrap_or_default(),
        url: web_address(reader, table, "url"),
        email: table.get("email").and_then(|n| reader.text("email", n)),
    })
}

fn flag(reader: &mut Reader<'_>, table: &Table, key: &str) -> Option<bool> {
    table.get(key).and_then(|node| reader.parsed(key, node, "true or false", boolean))
}

fn funding(reader: &mut Reader<'_>, node: &Node) -> Option<Funding> {
    let table = reader.table("funding", node)?;
    reader.only("funding", table, &["programme", "grant", "emblem", "statement", "disclaimer"]);
    let localised = |reader: &mut Reader<'_>, key: &str| {
        table.get(key).map(|n| reader.localised(key, n)).unwrap_or_default()
    };
    Some(Funding {
        programme: localised(reader, "programme"),
        grant: table.get("grant").and_then(|n| reader.text("grant", n)),
        emblem: table
            .get("emblem")
            .and_then(|n| reader.one_of("emblem", n, &[("eu", "eu")]))
            .map(str::to_owned),
        statement: localised(reader, "statement"),
        disclaimer: localised(reader, "disclaimer"),
    })
}

fn lists(reader: &mut Reader<'_>, node: &Node, schema: &Schema) -> IndexMap<String, DeclaredList> {
    let Some(table) = reader.table("lists", node) else { return IndexMap::new() };
    let mut out = IndexMap::new();
    for (key, node) in &table.entries {
        let Some(table) = reader.table(&key.text, node) else { continue };
        reader.only("a list", table, &["title", "type", "where", "sort", "limit"]);
        let types = table.get("type").map(|n| reader.texts("type", n)).unwrap_or_default();
        for id in &types {
            known_type(reader, id, &node.span, schema);
        }
        let filter = table.get("where").and_then(|n| reader.table("where", n));
        let list = DeclaredList {
            title: table.get("title").map(|n| reader.localised("title", n)).unwrap_or_default(),
            filter: filter
                .map(|table| {
                    table
                        .entries
                        .iter()
                        .map(|(k, n)| (k.text.clone(), reader.texts(&k.text, n)))
                        .collect()
                })
                .unwrap_or_default(),
            sort: Sort::parse(
                &table
                    .get("sort")
                    .and_then(|n| reader.text("sort", n))
                    .unwrap_or_else(|| "-date".into()),
            ),
            limit: table
                .get("limit")
                .and_then(|n| {
                    reader.parsed("limit", n, "a whole number from 1 to 1000", |t| {
                        t.parse().ok().filter(|n| (1..=1000).contains(n))
                    })
                })
                .unwrap_or(6),
            types,
        };
        out.insert(key.text.clone(), list);
    }
    out
}

fn home(reader: &mut Reader<'_>, table: &Table) -> Home {
    let Some(table) = table.get("home").and_then(|n| reader.table("home", n)) else {
        return Home::default();
    };
    reader.only("home", table, &["intro", "blocks", "titles"]);
    let titles = table.get("titles").and_then(|n| reader.table("titles", n));
    Home {
        intro: table.get("intro").map(|n| reader.localised("intro", n)).unwrap_or_default(),
        blocks: table.get("blocks").map(|n| reader.texts("blocks", n)).unwrap_or_default(),
        titles: titles
            .map(|titles| {
                let title = |(key, node): &(crate::raw::Key, Node)| {
                    (key.text.clone(), reader.localised(&key.text, node))
                };
                titles.entries.iter().map(title).collect()
            })
            .unwrap_or_default(),
    }
}

fn levels(reader: &mut Reader<'_>, table: &Table) -> BTreeMap<&'static str, Option<Level>> {
    let Some(table) = table.get("diagnostics").and_then(|n| reader.table("diagnostics", n)) else {
        return BTreeMap::new();
    };
    let mut out = BTreeMap::new();
    for (key, node) in &table.entries {
        let Some(code) = codes::find(&key.text) else {
            let known: Vec<&str> = codes::ALL.iter().map(|code| code.name).collect();
            let message = format!("there is no finding `{}`", key.text);
            reader.report(
                &codes::CONFIG_UNKNOWN_KEY,
                &key.span,
                message,
                &suggest(&key.text, &known),
            );
            continue;
        };
        let words = [
            ("error", Some(Level::Error)),
            ("warning", Some(Level::Warning)),
            ("info", Some(Level::Info)),
            ("off", None),
        ];
        if let Some(level) = reader.one_of(&key.text, node, &words) {
            out.insert(code.name, level);
        }
    }
    out
}

//! `exempla search`: the site's own index, asked from the command line.

mod flags;

use super::report::{self, eprint, print};
use super::{FINE, build, fail, language, load_site, site_root};
use crate::config;
use crate::content;
use crate::diagnostic::Level;
use crate::model::{Model, Options as ModelOptions};
use crate::render::{Renderer, ThemeSet};
use crate::search::{self, Hit, Options, Results, Search, Sort};
pub(super) use flags::options_first;
use std::fmt::Write as _;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to look for: words, "a phrase", -word, and filters such as --country it
    #[arg(value_name = "QUERY", trailing_var_arg = true, allow_hyphen_values = true)]
    query: Vec<String>,
    /// The language to search in, if not the site's first
    #[arg(long)]
    lang: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Answer one query a line of this file (- for standard input) with one JSON line each
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    /// How many hits
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// Newest first instead of best first
    #[arg(long)]
    by_date: bool,
    /// By title instead of best first
    #[arg(long, conflicts_with = "by_date")]
    by_title: bool,
    /// Treat the last word as unfinished, as while typing
    #[arg(long)]
    typing: bool,
    /// Include drafts and future entries
    #[arg(long)]
    drafts: bool,
    /// The day to search on, as 2024-05-31 [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
}

pub(super) fn run(root: Option<&Path>, args: &Args) -> u8 {
    // Facets are flags, but which there are only the site knows.
    let (flags, words) = match flags::of_facets(&args.query) {
        Ok(split) => split,
        Err(message) => return fail(&message),
    };
    match &args.batch {
        Some(file) if !words.is_empty() => {
            let (words, file) = (words.join(" "), file.display());
            return fail(&format!("`{words}` is not looked for beside the queries of {file}"));
        }
        None if words.is_empty() && flags.is_empty() => {
            return fail("what should be looked for? For example: exempla search open data");
        }
        _ => {}
    }
    let root = site_root(root);
    let site = match load_site(&root) {
        Ok(site) => Arc::new(site),
        Err(code) => return code,
    };
    let today = match build::today(args.date.as_deref()) {
        Ok(today) => today,
        Err(message) => return fail(&message),
    };
    let lang = match language(&site, args.lang.as_deref()) {
        Ok(lang) => lang.to_owned(),
        Err(message) => return fail(&message),
    };
    let (collection, found) = content::load(&site);
    let (model, mut found) =
        Model::build(&site, collection, found, ModelOptions { today, drafts: args.drafts });
    let (themes, findings) = ThemeSet::new(&site);
    found.append(findings);
    // What a build leaves out is not found either.
    let renderer = themes.map(|themes| {
        let sound = crate::build::sound(&site, &themes, model, today, None);
        found.append(sound.found);
        sound
            .renderer
            .unwrap_or_else(|model| Renderer::new(Arc::clone(&site), &themes, model, today).0)
    });
    // A search works on what is sound; what is not, `build` tells in full.
    found.retain(|one| one.level == Level::Error);
    if !found.is_empty() {
        eprint(&format!(
            "note: {} of this site; see `exempla build`\n",
            report::count(found.len(), "error", "errors")
        ));
    }
    let Some(renderer) = renderer else {
        return fail("the theme cannot be used; see `exempla build`");
    };
    let settings = search::documents::settings(&renderer);
    let index = match Search::build(search::documents::documents(&renderer), &settings) {
        Ok(index) => index,
        Err(error) => return fail(&error.to_string()),
    };
    let filters = match flags::filters(&index, &site, &lang, flags) {
        Ok(filters) => filters,
        Err(message) => return fail(&message),
    };
    let options = Options {
        filters,
        sort: match (args.by_date, args.by_title) {
            (true, _) => Sort::Date,
            (_, true) => Sort::Title,
            _ => Sort::Relevance,
        },
        limit: args.limit,
        typing: args.typing,
        ..Options::default()
    };
    let ask = |query: &str, options: &Options| {
        index.query(query, Some(&lang), options).map_err(|error| error.to_string())
    };
    if let Some(file) = &args.batch {
        return batch(file, &|query| {
            let words: Vec<String> = query.split_whitespace().map(str::to_owned).collect();
            if !words.iter().any(|word| word.starts_with("--")) {
                return ask(query, &options);
            }
            let (flags, words) = flags::of_facets(&words)?;
            let mut own = options.clone();
            own.filters.extend(flags::filters(&index, &site, &lang, flags)?);
            ask(&words.join(" "), &own)
        });
    }
    match ask(&words.join(" "), &options) {
        Ok(results) if args.json => print(&line(&results)),
        Ok(results) => {
            print(&shown(&results, report::may_colour(std::io::stdout().is_terminal())));
        }
        Err(message) => return fail(&message),
    }
    FINE
}

fn batch(file: &Path, ask: &dyn Fn(&str) -> Result<Results, String>) -> u8 {
    let read = match file.as_os_str() == "-" {
        true => {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
        }
        false => config::read_bytes(file),
    };
    let of =
        if file.as_os_str() == "-" { "standard input".into() } else { file.display().to_string() };
    let text = match read.map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            return fail(&format!("line {line} of {of} is not UTF-8 text"));
        }
        Err(error) => return fail(&format!("{of} cannot be read: {error}")),
    };
    for (query, number) in text.lines().zip(1..) {
        match ask(query) {
            Ok(results) => print(&line(&results)),
            Err(message) => return fail(&format!("line {number} of {of}: {message}")),
        }
    }
    FINE
}

/// Results for programs: one line of JSON.
fn line(results: &Results) -> String {
    // Results are plain data with text keys, so writing them cannot fail.
    let mut out = serde_json::to_string(results).unwrap_or_default();
    out.push('\n');
    out
}

/// Results for people: title, address, a passage with its words marked.
fn shown(results: &Results, colour: bool) -> String {
    let mut out = String::new();
    for help in &results.help {
        let _ = writeln!(out, "note: {}", help.text());
    }
    if let Some(suggestion) = &results.suggestion {
        let _ = writeln!(out, "did you mean: {suggestion}");
    }
    let _ = writeln!(out, "{}\n", report::count(results.total, "entry", "entries"));
    for hit in &results.hits {
        hit_text(&mut out, hit, colour);
    }
    for (facet, counts) in &results.facets {
        let counts = counts.as_object().into_iter().flatten();
        let counts: Vec<String> = counts.map(|(value, n)| format!("{value} {n}")).collect();
        if counts.len() > 1 {
            let _ = writeln!(out, "{facet}: {}", counts.join(", "));
        }
    }
    out
}

fn hit_text(out: &mut String, hit: &Hit, colour: bool) {
    let (bold, mark, plain) =
        if colour { ("\x1b[1m", "\x1b[33m", "\x1b[0m") } else { ("", "", "") };
    let _ = writeln!(out, "{bold}{}{plain}  ({}, {})", hit.title, hit.type_id, hit.url);
    let passage: String = hit
        .excerpt
        .iter()
        .enumerate()
        .map(|(at, part)| if at % 2 == 1 { format!("{mark}{part}{plain}") } else { part.clone() })
        .collect();
    if !passage.trim().is_empty() {
        let _ = writeln!(out, "    {}", passage.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    out.push('\n');
}

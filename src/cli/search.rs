//! `exempla search`: the site's own index, asked from the command line.

use super::report::{self, eprint, print};
use super::{BROKEN, FINE, build, load_site, site_root};
use crate::config::{self, Site};
use crate::diagnostic::Level;
use crate::model::{Model, Options as ModelOptions};
use crate::render::{Renderer, ThemeSet};
use crate::search::{self, Hit, Options, Results, Search, Sort};
use crate::{content, raw::reader::suggest};
use std::ffi::OsString;
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
    let (flags, words) = match facet_flags(args) {
        Ok(split) => split,
        Err(message) => return fail(&message),
    };
    if words.is_empty() && flags.is_empty() && args.batch.is_none() {
        return fail("what should be looked for? For example: exempla search open data");
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
    let lang = args.lang.clone().unwrap_or_else(|| site.settings.default_language().to_owned());
    if !site.settings.languages.contains(&lang) {
        let known: Vec<&str> = site.settings.languages.iter().map(String::as_str).collect();
        return fail(&format!("the site is not in `{lang}`; it is in {}", known.join(", ")));
    }
    let (collection, found) = content::load(&site);
    let (model, mut found) =
        Model::build(&site, collection, found, ModelOptions { today, drafts: args.drafts });
    let (themes, findings) = ThemeSet::new(&site);
    found.append(findings);
    let renderer = themes.map(|themes| {
        let (renderer, findings) = Renderer::new(Arc::clone(&site), &themes, model, today);
        found.append(findings);
        renderer
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
    let settings = search::documents::settings(&site, renderer.model());
    let index = match Search::build(search::documents::documents(&renderer), &settings) {
        Ok(index) => index,
        Err(error) => return fail(&error.to_string()),
    };
    let filters = match named_filters(&index, &site, &lang, flags) {
        Ok(filters) => filters,
        Err(message) => return fail(&message),
    };
    let options = Options {
        filters,
        sort: if args.by_date { Sort::Date } else { Sort::Relevance },
        limit: args.limit,
        typing: args.typing,
        ..Options::default()
    };
    let ask = |query: &str| index.query(query, Some(&lang), &options);
    if let Some(file) = &args.batch {
        return batch(file, &ask);
    }
    match ask(&words.join(" ")) {
        Ok(results) if args.json => print(&line(&results)),
        Ok(results) => print(&shown(&results, std::io::stdout().is_terminal())),
        Err(error) => return fail(&error.to_string()),
    }
    FINE
}

fn fail(message: &str) -> u8 {
    eprint(&format!("error: {message}\n"));
    BROKEN
}

type Flags = Vec<(String, String)>;

/// Puts the options of `exempla search` before the query, wherever they stand.
/// Facets are flags that clap cannot know, so the query takes all that is left,
/// and clap would take a later `--json` for one of its words.
pub(super) fn options_first(
    args: impl Iterator<Item = OsString>,
    command: &clap::Command,
) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.collect();
    let Some(at) = args.iter().position(|arg| arg == "search") else { return args };
    let verb = command.find_subcommand("search");
    let known = |word: &str| {
        let all = verb.into_iter().chain([command]).flat_map(clap::Command::get_arguments);
        let (name, has_value) =
            word.split_once('=').map_or((word, false), |(name, _)| (name, true));
        let mut all = all
            .filter(|arg| arg.get_long().is_some_and(|long| name.strip_prefix("--") == Some(long)));
        all.next().map(|arg| !has_value && arg.get_action().takes_values())
    };
    let mut rest = args.split_off(at + 1).into_iter();
    let (mut options, mut query) = (Vec::new(), Vec::new());
    while let Some(word) = rest.next() {
        if word == "--" {
            query.extend(rest.by_ref());
            break;
        }
        match word.to_str().and_then(known) {
            Some(takes_next) => {
                options.push(word);
                options.extend(if takes_next { rest.next() } else { None });
            }
            None => query.push(word),
        }
    }
    args.extend(options);
    args.extend(query);
    args
}

/// Splits `--country it` and `--country=it` from the words of the query.
fn facet_flags(args: &Args) -> Result<(Flags, Vec<String>), String> {
    let mut flags = Flags::new();
    let mut words = Vec::new();
    let mut rest = args.query.iter();
    while let Some(word) = rest.next() {
        let Some(flag) = word.strip_prefix("--").filter(|flag| !flag.is_empty()) else {
            words.push(word.clone());
            continue;
        };
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => match rest.next() {
                Some(value) => (flag, value.clone()),
                None => return Err(format!("`--{flag}` needs a value")),
            },
        };
        flags.push((name.to_owned(), value));
    }
    Ok((flags, words))
}

/// Facet flags by the names of the index. A singular names its plural, and the
/// other way round; where several facets are meant (`country` of organisations,
/// `countries` of practices), the one that the type asked for has, else the one
/// by which most entries have the value.
fn named_filters(
    index: &Search,
    site: &Site,
    lang: &str,
    flags: Flags,
) -> Result<Vec<(String, Vec<String>)>, String> {
    let facets: Vec<&str> = index
        .index(lang)
        .map(|index| index.facets().iter().map(|facet| &*facet.name).collect())
        .unwrap_or_default();
    let types: Vec<String> =
        flags.iter().filter(|(name, _)| name == "type").map(|(_, id)| id.clone()).collect();
    let has = |facet: &str| {
        let asked = types.iter().filter_map(|id| site.schema.types.get(id));
        asked.flat_map(|entry_type| entry_type.facets()).any(|of| of.name() == facet)
    };
    let mut out: Vec<(String, Vec<String>)> = Vec::new();
    for (flag, value) in flags {
        let alike: Vec<&str> =
            facets.iter().copied().filter(|facet| singular(facet) == singular(&flag)).collect();
        let declared = alike.iter().find(|facet| has(facet));
        // Else the facet by which most entries have the value.
        let most = || alike.iter().max_by_key(|facet| entries_with(index, lang, facet, &value));
        let best = declared.or_else(most);
        let Some(name) = best else {
            return Err(format!("there is no facet `{flag}`; {}", suggest(&flag, &facets)));
        };
        match out.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(value),
            None => out.push(((*name).to_owned(), vec![value])),
        }
    }
    Ok(out)
}

/// How many entries have a value of a facet.
fn entries_with(index: &Search, lang: &str, facet: &str, value: &str) -> usize {
    let facets = index.index(lang).map(|index| index.facets()).unwrap_or_default();
    let Some(of) = facets.iter().find(|of| of.name == facet) else { return 0 };
    let Some(at) = of.find(value) else { return 0 };
    of.column.iter().filter(|values| values.contains(&at)).count()
}

fn singular(word: &str) -> String {
    let word = word.replace('_', "-");
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').unwrap_or(&word).to_owned(),
    }
}

fn batch(file: &Path, ask: &dyn Fn(&str) -> Result<Results, search::Error>) -> u8 {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        if let Err(error) = std::io::stdin().read_to_string(&mut text) {
            return fail(&format!("standard input cannot be read: {error}"));
        }
    } else {
        match config::read_text(file) {
            Ok(queries) => text = queries,
            Err(error) => return fail(&format!("{} cannot be read: {error}", file.display())),
        }
    }
    for query in text.lines() {
        match ask(query) {
            Ok(results) => print(&line(&results)),
            Err(error) => return fail(&error.to_string()),
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

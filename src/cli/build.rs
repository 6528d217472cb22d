//! `exempla build`: the whole way of the data, once.

use super::report::{self, Format, count, eprint};
use super::{fail, site_root};
use crate::build::{BuildOptions, Built, Cache, build};
use crate::config::BaseUrl;
use crate::diagnostic::Level;
use crate::model::PartialDate;
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where the site goes; not from here on, but from the site's folder
    #[arg(long, short, value_name = "DIR", default_value = "public")]
    output: PathBuf,
    /// The address it is published at, instead of the one in site.toml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The day of the build, as 2024-05-31 [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Include drafts and future entries
    #[arg(long)]
    drafts: bool,
    /// Build everything, whatever is remembered of the last build
    #[arg(long)]
    no_cache: bool,
    /// How findings are printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Print findings of level error only, and no summary
    #[arg(long, short)]
    quiet: bool,
}

pub(super) fn run(root: Option<&Path>, args: &Args) -> u8 {
    let began = Instant::now();
    let root = site_root(root);
    let options = match args.options() {
        Ok(options) => options,
        Err(message) => return fail(&message),
    };
    let mut built = build(&root, &options);
    if args.quiet {
        built.found.retain(|found| found.level == Level::Error);
    }
    report::findings(&root, &built.found, args.format);
    if !args.quiet {
        eprint(&summary(&built, &options.output, began.elapsed().as_secs_f64()));
    }
    built.exit_code()
}

impl Args {
    fn options(&self) -> Result<BuildOptions, String> {
        let base_url = match &self.base_url {
            Some(url) => Some(BaseUrl::parse(url).ok_or_else(|| {
                format!("`{url}` is not an address a site can have; write it as https://example.org/path/")
            })?),
            None => None,
        };
        let on_terminal = std::io::stderr().is_terminal() && !self.quiet;
        Ok(BuildOptions {
            output: self.output.clone(),
            base_url,
            today: today(self.date.as_deref())?,
            drafts: self.drafts,
            progress: on_terminal.then_some(show_progress as fn(usize, usize)),
            cache: if self.no_cache { None } else { cache() },
        })
    }
}

/// The day of a build: as given, else by `SOURCE_DATE_EPOCH`, else today in UTC.
pub(super) fn today(given: Option<&str>) -> Result<PartialDate, String> {
    if let Some(text) = given {
        let day = PartialDate::parse(text).ok().filter(|date| date.day.is_some());
        return day.ok_or_else(|| format!("`{text}` is not a day; write it as 2024-05-31"));
    }
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok();
    let moment = match &epoch {
        Some(text) => text
            .parse()
            .ok()
            .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
            .ok_or_else(|| {
                format!("SOURCE_DATE_EPOCH is `{text}`, which is not a number of seconds")
            })?,
        None => jiff::Timestamp::now(),
    };
    PartialDate::parse(&jiff::tz::Offset::UTC.to_datetime(moment).date().to_string())
}

/// What it takes to remember a build; without it everything is built each time.
fn cache() -> Option<Cache> {
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // A link to the program stays as it is when the program is replaced.
    let program = std::env::current_exe().and_then(std::fs::canonicalize).ok()?;
    Some(Cache { clock, program })
}

fn show_progress(done: usize, all: usize) {
    if done == all {
        eprint("\r\x1b[K");
    } else if all >= 500 && done.is_multiple_of(100) {
        eprint(&format!("\r{done} of {}", count(all, "page", "pages")));
    }
}

/// One screen on what a build came to.
fn summary(built: &Built, output: &Path, seconds: f64) -> String {
    let mut out = String::new();
    let mut line = |head: &str, text: String| out.push_str(&format!("{head:>9}  {text}\n"));
    let mut types: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((kind, lang), n) in &built.entries {
        types.entry(kind).or_default().push(format!("{n} {lang}"));
    }
    let entries: usize = built.entries.values().sum();
    if !types.is_empty() {
        line("entries", count(entries, "entry", "entries"));
        for (kind, languages) in types {
            line("", format!("{kind}: {}", languages.join(", ")));
        }
    }
    if let Some(summary) = built.summary {
        let files = summary.written + summary.unchanged;
        line("pages", count(built.pages, "page", "pages"));
        line(
            "files",
            format!(
                "{} in {}: {} written, {} unchanged, {} removed",
                count(files, "file", "files"),
                output.display(),
                summary.written,
                summary.unchanged,
                summary.removed
            ),
        );
    } else {
        line("pages", "nothing was written".to_owned());
    }
    if built.recalled {
        line("", "nothing has changed since the last build".to_owned());
    }
    let of = |level| built.found.count(level);
    line(
        "findings",
        format!(
            "{}, {}, {}",
            count(of(Level::Error), "error", "errors"),
            count(of(Level::Warning), "warning", "warnings"),
            count(of(Level::Info), "note", "notes")
        ),
    );
    line("time", format!("{seconds:.2} s"));
    out
}

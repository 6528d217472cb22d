//! What searching costs a build, beside reading Markdown and filling templates.
//!
//!     cargo bench --bench rooms -- [SITE]
//!
//! SITE is a folder with a site.toml; without one, the ten thousand pages of real
//! text that benches/search-weight/run makes; and where those are not, as many
//! generated ones, which have more facets and fewer words. All runs in turn on one
//! thread, and counted is the processor's time (elsewhere than on Linux, a
//! clock's), so other work on the machine matters little. It fails if index and
//! pack cost more than twice what Markdown and templates do.

mod generated;

use exempla::config;
use exempla::content;
use exempla::model::{Model, Options, PartialDate};
use exempla::render::{Renderer, ThemeSet};
use exempla::search::{Search, documents};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// How many times the work of Markdown and templates that of search may be.
const AT_MOST: f64 = 2.0;

/// Seconds of processor time since this process began, to a hundredth.
fn processor() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name, in parentheses, may hold spaces; user and system time are the
    // 12th and 13th fields behind it, in hundredths (proc(5), USER_HZ).
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// Does some work; tells and gives the seconds it took.
fn timed<T>(what: &str, work: impl FnOnce() -> T) -> (T, f64) {
    let (clock, before) = (Instant::now(), processor());
    let value = work();
    let seconds = match (before, processor()) {
        (Some(before), Some(after)) => after - before,
        _ => clock.elapsed().as_secs_f64(),
    };
    println!("{what:<24} {seconds:6.2} s");
    (value, seconds)
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    // `cargo test --benches` only wants to know that this builds.
    if !std::env::args().any(|word| word == "--bench") {
        return Ok(ExitCode::SUCCESS);
    }
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global()?;
    let real = concat!(env!("CARGO_MANIFEST_DIR"), "/target/search-weight/large");
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let site = match given.or_else(|| Path::new(real).is_dir().then(|| real.to_string())) {
        Some(root) => config::load(Path::new(&root)).0.ok_or("there is no site")?,
        None => generated::written("rooms", 10_000).0,
    };
    println!("{}", site.root.display());
    let site = Arc::new(site);
    let ((collection, found), markdown) = timed("Markdown", || content::load(&site));
    let today = PartialDate { year: 2024, month: Some(6), day: Some(1), time: None };
    let options = Options { today, drafts: false };
    let ((model, _), _) = timed("model", || Model::build(&site, collection, found, options));
    let themes = ThemeSet::new(&site).0.ok_or("the theme cannot be used")?;
    let ((renderer, _), _) =
        timed("plan of pages", || Renderer::new(Arc::clone(&site), &themes, model, today));
    let pages = renderer.pages();
    let (views, _) = timed("views", || {
        pages.iter().map(|page| renderer.view(page)).collect::<Result<Vec<_>, _>>()
    });
    let views = views.map_err(|found| found.message)?;
    let (bytes, templates) = timed("templates", || {
        let all = pages.iter().zip(&views);
        all.map(|(page, view)| renderer.render(page, view).map_or(0, |html| html.len())).sum()
    });
    let bytes: usize = bytes;
    let settings = documents::settings(&renderer);
    let (texts, _) = timed("documents", || documents::documents(&renderer));
    let count = texts.len();
    let (search, index) = timed("index", || Search::build(texts, &settings));
    let search = search?;
    let (pack, packed) = timed("pack", || search.pack());
    let packed_bytes: usize = pack?.values().map(Vec::len).sum();
    let times = (index + packed) / (markdown + templates);
    println!(
        "{count} entries, {} pages of {} MB, a pack of {} MB: index and pack cost {times:.2} times Markdown and templates (at most {AT_MOST})",
        pages.len(),
        bytes / 1_048_576,
        packed_bytes / 1_048_576,
    );
    Ok(if times <= AT_MOST { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

//! How the work of joining entries grows: 10,000 and 100,000 generated
//! practices, typed and joined by `Model::build`, related entries included.
//!
//! `cargo bench --bench model` prints both times and fails when ten times the
//! entries take more than twelve times as long. The entries are made in memory,
//! always the same; reading and parsing them is not counted.

#[expect(dead_code, reason = "shared with benchmarks that read a folder")]
mod generated;

use exempla::config::Site;
use exempla::content::{Collection, Location, SourceEntry};
use exempla::diagnostic::Diagnostics;
use exempla::markdown;
use exempla::model::{Model, Options, PartialDate};
use exempla::raw::yaml;
use generated::Practice;
use rayon::prelude::*;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How much longer ten times the entries may take.
const AT_MOST: f64 = 12.0;
/// How often each size is measured; the quickest run counts, for it is the
/// least disturbed.
const RUNS: usize = 3;

fn main() -> ExitCode {
    // `cargo test --benches` only wants to know that this builds.
    if !std::env::args().any(|word| word == "--bench") {
        return ExitCode::SUCCESS;
    }
    let site = generated::site("model");
    let small = measure(&site, 10_000);
    let large = measure(&site, 100_000);
    let times = large.as_secs_f64() / small.as_secs_f64();
    println!("ten times the entries take {times:.1} times as long (at most {AT_MOST})");
    if times <= AT_MOST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The time that the model of so many entries takes.
fn measure(site: &Site, count: usize) -> Duration {
    let mut best = Duration::MAX;
    let mut related = 0;
    for _ in 0..RUNS {
        let collection = collection(site, count);
        let today = PartialDate { year: 2024, month: Some(6), day: Some(1), time: None };
        let began = Instant::now();
        let (model, _) = Model::build(
            site,
            collection,
            Diagnostics::default(),
            Options { today, drafts: false },
        );
        related = (0..count).into_par_iter().filter(|at| !model.related(*at).is_empty()).count();
        best = best.min(began.elapsed());
        assert_eq!(model.entries.len(), count);
    }
    println!("{count:>7} entries: {best:.2?}; {related} of them have related entries");
    best
}

/// The entries, each with one paragraph.
fn collection(site: &Site, count: usize) -> Collection {
    let languages = &site.settings.languages;
    let entry = |practice: Practice| {
        let file: Arc<str> = format!("content/{}", practice.path).into();
        let offset = practice.front.len();
        let (body, _) =
            markdown::parse(&practice.body, &file, offset, &markdown::Options::default());
        SourceEntry {
            changed: None,
            location: Location::of(&practice.path, languages).into(),
            front: Arc::new(yaml::parse(&practice.front, 0).0),
            body: Arc::new(body),
            whole: true,
            file,
            front_hash: blake3::hash(practice.front.as_bytes()),
            body_hash: blake3::hash(practice.body.as_bytes()),
        }
    };
    let practices = generated::practices(&site.schema, count, 1);
    Collection { entries: practices.into_iter().map(entry).collect(), ..Collection::default() }
}

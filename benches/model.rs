//! How the work of joining entries grows: 10,000 and 100,000 generated
//! practices, typed and joined by `Model::build`, related entries included.
//!
//! `cargo bench --bench model` prints both times and fails when ten times the
//! entries take more than twelve times as long. The entries are made in memory,
//! always the same; reading and parsing them is not counted.

use exempla::config::{self, Site};
use exempla::content::{Collection, Location, SourceEntry};
use exempla::diagnostic::Diagnostics;
use exempla::markdown;
use exempla::model::{Model, Options, PartialDate};
use exempla::raw::yaml;
use rayon::prelude::*;
use std::path::Path;
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(site) = config::load(root).0 else {
        eprintln!("the site of this repository cannot be read");
        return ExitCode::FAILURE;
    };
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
        let collection = generate(site, count);
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

/// Practices with terms of the preset's vocabularies, tags, countries and
/// references to one another.
fn generate(site: &Site, count: usize) -> Collection {
    let mut dice = Dice(0x5eed);
    let languages = &site.settings.languages;
    let terms = |name: &str| -> Vec<&str> {
        site.schema.vocabularies[name].terms.keys().map(String::as_str).collect()
    };
    let (areas, problems, groups) =
        (terms("policy_area"), terms("problems"), terms("target_groups"));
    let mut collection = Collection::default();
    for at in 0..count {
        let path = format!("practices/practice-{at:06}.md");
        let file: Arc<str> = format!("content/{path}").into();
        let front = format!(
            "title: Practice {at} of many\n\
             summary: A generated practice that stands for one of many, so that the time it takes can be seen.\n\
             policy_areas: [{}, {}]\nproblems: [{}, {}]\ntarget_groups: [{}]\n\
             countries: [{}]\ntags: [tag-{}, tag-{}]\nrelated: [practices/practice-{:06}]\n",
            dice.pick(&areas),
            dice.pick(&areas),
            dice.pick(&problems),
            dice.pick(&problems),
            dice.pick(&groups),
            dice.pick(&["IT", "LV", "ES", "NO", "IS", "FR", "DE"]),
            dice.below(200),
            // Rare words grow in number with the site, as they do in life.
            dice.below(count / 10),
            dice.below(count),
        );
        let body = format!("## Steps\n\nWords of practice {at}.\n");
        let (body, _) = markdown::parse(&body, &file, front.len(), &markdown::Options::default());
        collection.entries.push(SourceEntry {
            changed: None,
            location: Location::of(&path, languages),
            front: Arc::new(yaml::parse(&front, 0).0),
            body: Arc::new(body),
            whole: true,
            file,
        });
    }
    collection
}

/// A small generator of numbers that look random (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

//! What the work of each room costs by itself, on inputs that are ready.
//!
//!     cargo bench --bench micro                     # every room, some minutes
//!     cargo bench --bench micro -- render           # one of them
//!     cargo bench --bench micro -- markdown/parse   # one kind of work
//!
//! The inputs are a generated site of a thousand practices of 5 KB, made before
//! the time counts; "elements" are its entries, or queries. All is done on one
//! thread, tantivy's own apart, so that a time says how much work there is. Each
//! run is compared with the one before, whose figures lie in target/criterion.

mod generated;

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, Bencher, BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group,
    criterion_main,
};
use exempla::check;
use exempla::config::{self, Site};
use exempla::content::{self, Collection};
use exempla::diagnostic::Diagnostics;
use exempla::exports::Exports;
use exempla::markdown::{self, AsWritten, Body};
use exempla::model::{Model, Options, PartialDate};
use exempla::output::Output;
use exempla::pictures;
use exempla::raw::reader::{Layers, Reader};
use exempla::raw::{Table, merge, toml, yaml};
use exempla::render::view::PageView;
use exempla::render::{Renderer, ThemeSet};
use exempla::schema::{self, presets};
use exempla::search::{self, Document, Search, documents, pieces};
use exempla::trace::Trace;
use generated::Practice;
use image::{DynamicImage, ImageFormat, RgbImage};
use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

const ENTRIES: usize = 1000;
const PER_ENTRY: Throughput = Throughput::Elements(ENTRIES as u64);
const TODAY: PartialDate = PartialDate { year: 2024, month: Some(6), day: Some(1), time: None };

static INPUT: LazyLock<(Arc<Site>, Vec<Practice>)> = LazyLock::new(|| {
    let (site, practices) = generated::written("micro", ENTRIES);
    (Arc::new(site), practices)
});
static COLLECTION: LazyLock<Collection> = LazyLock::new(|| content::load(site()).0);
static THEMES: LazyLock<ThemeSet> =
    LazyLock::new(|| ThemeSet::new(site()).0.expect("the default theme is sound"));
static RENDERER: LazyLock<Renderer> = LazyLock::new(|| plan(joined()));
static DOCUMENTS: LazyLock<Vec<Document>> = LazyLock::new(|| documents::documents(&RENDERER));
static SEARCH: LazyLock<Search> = LazyLock::new(|| index(DOCUMENTS.clone()));
static PICTURE: LazyLock<Vec<u8>> = LazyLock::new(picture);

fn site() -> &'static Arc<Site> {
    &INPUT.0
}

fn practices() -> &'static [Practice] {
    &INPUT.1
}

fn collection() -> Collection {
    Collection { entries: COLLECTION.entries.clone(), files: COLLECTION.files.clone() }
}

fn join(collection: Collection) -> Model {
    let options = Options { today: TODAY, drafts: false };
    Model::build(site(), collection, Diagnostics::default(), options).0
}

fn joined() -> Model {
    join(collection())
}

fn plan(model: Model) -> Renderer {
    Renderer::new(Arc::clone(site()), &THEMES, model, TODAY).0
}

fn views() -> Vec<PageView> {
    let view = |page| RENDERER.view(page).expect("every page has a view");
    RENDERER.pages().iter().map(view).collect()
}

/// Every page by its path in the output.
fn pages() -> Vec<(String, String)> {
    let made = RENDERER.pages().iter().zip(views());
    made.map(|(page, view)| (page.file(), RENDERER.render(page, &view).expect("sound templates")))
        .collect()
}

fn index(documents: Vec<Document>) -> Search {
    let settings = documents::settings(&RENDERER);
    Search::build(documents, &settings).expect("an index")
}

/// A room, whose samples are all of one size: what one has in it takes long.
fn room<'c>(c: &'c mut Criterion, name: &str) -> BenchmarkGroup<'c, WallTime> {
    let mut room = c.benchmark_group(name);
    room.sampling_mode(SamplingMode::Flat);
    room
}

/// Measures work that uses its input up; making that, and dropping what comes
/// of it, do not count.
fn each<I, O>(bencher: &mut Bencher<'_>, ready: impl FnMut() -> I, work: impl FnMut(I) -> O) {
    bencher.iter_batched(ready, work, BatchSize::PerIteration);
}

fn bytes<'a>(texts: impl Iterator<Item = &'a str>) -> Throughput {
    Throughput::Bytes(texts.map(|text| text.len() as u64).sum())
}

fn trace(c: &mut Criterion) {
    // A time that no file has come to, so that none is read.
    let state = || {
        let mut trace = Trace::at(&[Duration::MAX]);
        content::trace(site(), &content::look_around(site()), &mut trace);
        trace.so_far()
    };
    room(c, "trace").throughput(PER_ENTRY).bench_function("content", |b| b.iter(state));
}

fn raw(c: &mut Criterion) {
    let mut room = room(c, "raw");
    let [core, preset] = declarations();
    let tables = [core, preset].map(|text| toml::parse(text, 0).0);
    room.bench_function("overlay", |b| {
        each(b, || tables.clone(), |[core, preset]| merge::overlay(core, preset));
    });
    room.throughput(bytes([preset].into_iter()));
    room.bench_function("toml", |b| b.iter_with_large_drop(|| toml::parse(preset, 0)));
    let fronts = || practices().iter().map(|practice| practice.front.as_str());
    room.throughput(bytes(fronts()));
    room.bench_function("yaml", |b| {
        b.iter_with_large_drop(|| fronts().map(|text| yaml::parse(text, 0)).collect::<Vec<_>>());
    });
}

/// The texts that declare what every practice can be.
fn declarations() -> [&'static str; 2] {
    [presets::CORE.1, presets::find("good-practices").expect("the preset of practices")]
}

fn schema(c: &mut Criterion) {
    let mut layers = Layers::default();
    let tables = declarations().map(|text| toml::parse(text, layers.add("preset", text)).0);
    let table = tables.into_iter().fold(Table::default(), merge::overlay);
    room(c, "schema").bench_function("read", |b| {
        b.iter_with_large_drop(|| schema::read(&mut Reader::new(&layers), &table));
    });
}

fn markdown(c: &mut Criterion) {
    let file: Arc<str> = "content/practices/a.md".into();
    let options = markdown::Options::default();
    let parse = |text: &String| markdown::parse(text, &file, 0, &options).0;
    let plain: Vec<String> = practices().iter().map(|practice| practice.body.clone()).collect();
    // One element is enough to send a whole body through the sanitiser.
    let html: Vec<String> = plain.iter().map(|text| text.clone() + "<hr>\n").collect();
    let mut room = room(c, "markdown");
    room.throughput(bytes(plain.iter().map(String::as_str)));
    for (name, texts) in [("parse", &plain), ("sanitise", &html)] {
        room.bench_function(name, |b| {
            b.iter_with_large_drop(|| texts.iter().map(parse).collect::<Vec<_>>());
        });
    }
    let bodies = || plain.iter().map(parse).collect::<Vec<Body>>();
    room.bench_function("fill", |b| {
        let bodies = bodies();
        b.iter(|| bodies.iter().map(|body| body.to_html(&AsWritten).len()).sum::<usize>());
    });
    room.bench_function("text", |b| {
        let bodies = bodies();
        b.iter(|| bodies.iter().map(|body| body.text().len()).sum::<usize>());
    });
}

fn pictures(c: &mut Criterion) {
    let mut room = room(c, "pictures");
    let settings = pictures::Settings::default();
    room.bench_function("head", |b| {
        let picture = &*PICTURE;
        b.iter(|| pictures::head(picture));
    });
    room.bench_function("renditions", |b| {
        let picture = &*PICTURE;
        b.iter_with_large_drop(|| pictures::renditions(picture, &settings));
    });
}

/// A JPEG of 1,600 by 1,200 pixels with waves, which are neither even nor noise.
fn picture() -> Vec<u8> {
    let wave = |x: u32, y: u32| ((f64::from(x * y).sqrt() / 9.0).sin() * 120.0 + 128.0) as u8;
    let picture = RgbImage::from_fn(1600, 1200, |x, y| {
        image::Rgb([wave(x, y), wave(x + y, y), wave(x, x + 2 * y)])
    });
    let mut jpeg = Cursor::new(Vec::new());
    let written = DynamicImage::from(picture).write_to(&mut jpeg, ImageFormat::Jpeg);
    written.expect("a picture in memory");
    jpeg.into_inner()
}

fn config(c: &mut Criterion) {
    // This repository's own example has four languages and much to say.
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut room = room(c, "config");
    room.bench_function("load", |b| b.iter_with_large_drop(|| config::load(root)));
}

fn content(c: &mut Criterion) {
    let mut room = room(c, "content");
    room.throughput(PER_ENTRY);
    room.bench_function("list", |b| b.iter_with_large_drop(|| content::list(site())));
    room.bench_function("load", |b| b.iter_with_large_drop(|| content::load(site())));
}

fn model(c: &mut Criterion) {
    let mut room = room(c, "model");
    room.throughput(PER_ENTRY);
    room.bench_function("build", |b| each(b, collection, join));
    room.bench_function("related", |b| {
        let model = joined();
        b.iter(|| (0..ENTRIES).map(|at| model.related(at).len()).sum::<usize>());
    });
}

fn check(c: &mut Criterion) {
    room(c, "check").throughput(PER_ENTRY).bench_function("check", |b| {
        let model = joined();
        b.iter_with_large_drop(|| check::check(site(), &model));
    });
}

fn render(c: &mut Criterion) {
    let mut room = room(c, "render");
    room.bench_function("themes", |b| b.iter_with_large_drop(|| ThemeSet::new(site())));
    room.throughput(PER_ENTRY);
    room.bench_function("plan", |b| each(b, joined, plan));
    room.bench_function("audit", |b| b.iter_with_large_drop(|| RENDERER.check()));
    // Cards are made once and then kept: what is seen here is the rest.
    room.bench_function("views", |b| b.iter_with_large_drop(views));
    room.bench_function("fingerprints", |b| {
        let views = views();
        b.iter(|| views.iter().map(|view| RENDERER.fingerprint(view)).collect::<Vec<_>>());
    });
    room.bench_function("templates", |b| {
        let views = views();
        let pages = || RENDERER.pages().iter().zip(&views);
        b.iter_with_large_drop(|| {
            pages().map(|(page, view)| RENDERER.render(page, view)).collect::<Vec<_>>()
        });
    });
}

fn search(c: &mut Criterion) {
    const QUERIES: [&str; 6] = [
        "services",
        "co-production with citizens",
        "\"public administration\"",
        "workshp",
        "who pays for maintenance after the pilot has ended",
        "policy_areas:participation data",
    ];
    let mut room = room(c, "search");
    room.throughput(PER_ENTRY);
    room.bench_function("documents", |b| {
        b.iter_with_large_drop(|| documents::documents(&RENDERER));
    });
    room.bench_function("words", |b| {
        let texts = || DOCUMENTS.iter().map(|document| pieces::words(&document.body));
        b.iter(|| texts().map(Iterator::count).sum::<usize>());
    });
    room.bench_function("index", |b| each(b, || DOCUMENTS.clone(), index));
    room.bench_function("pack", |b| b.iter_with_large_drop(|| SEARCH.pack()));
    room.throughput(Throughput::Elements(QUERIES.len() as u64));
    for (name, typing) in [("query", false), ("query while typing", true)] {
        let options = search::Options { typing, ..search::Options::default() };
        room.bench_function(name, |b| {
            b.iter_with_large_drop(|| QUERIES.map(|text| SEARCH.query(text, None, &options)));
        });
    }
}

fn exports(c: &mut Criterion) {
    let mut room = room(c, "exports");
    room.throughput(PER_ENTRY);
    room.bench_function("files", |b| {
        let files = |exports: Exports| {
            let paths = exports.paths(&RENDERER);
            let file = |path: &String| exports.file(&RENDERER, path).map_or(0, |file| file.len());
            paths.iter().map(file).sum::<usize>()
        };
        each(b, || Exports::new(&RENDERER), files);
    });
    room.bench_function("furnish", |b| {
        let exports = Exports::new(&RENDERER);
        each(b, views, |mut views| {
            for (page, view) in RENDERER.pages().iter().zip(&mut views) {
                exports.furnish(&RENDERER, page, view);
            }
            views
        });
    });
}

fn output(c: &mut Criterion) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("micro-output");
    let write = |pages: &[(String, String)]| {
        let output = Output::open(&folder).expect("a folder of our own");
        for (path, html) in pages {
            output.put_bytes(path, html.as_bytes()).expect("room in the target folder");
        }
        output.commit().expect("room in the target folder")
    };
    let mut room = room(c, "output");
    room.throughput(PER_ENTRY);
    room.bench_function("new", |b| {
        let (pages, empty) = (pages(), || std::fs::remove_dir_all(&folder));
        each(b, empty, |_| write(&pages));
    });
    room.bench_function("unchanged", |b| {
        let pages = pages();
        write(&pages);
        b.iter(|| write(&pages));
    });
}

/// Few samples, since most have a thousand entries in them; and one thread.
fn settings() -> Criterion {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("the first to ask");
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .without_plots()
}

criterion_group! {
    name = rooms;
    config = settings();
    targets = trace, raw, schema, markdown, pictures, config, content, model, check,
        render, search, exports, output
}
criterion_main!(rooms);

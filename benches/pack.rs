//! What a search costs a visitor: bytes and requests on a site of real text.
//!
//!     cargo bench --bench pack -- FOLDER [PACK]
//!
//! FOLDER holds Markdown files with front matter; the pack is also written to
//! PACK if that is given. Told are: the pack's files and bytes; for each of 21
//! queries, asked each with a fresh reader, what it fetches first and what it
//! would fetch later, with the start-up files cached; and how much of the pack
//! changes when one body is edited and when one entry is added. A body counts
//! as it is stored; the reader itself counts in neither.

#[path = "../tests/search/collections.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod collections;
#[path = "../tests/search/engine.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod engine;

use exempla::search::{Document, FacetSettings, Search, Settings};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

const QUERIES: [&str; 21] = [
    "accessibility",
    "open data",
    "plain language",
    "user research interviews",
    "water",
    "how to run a usability test",
    "procurement",
    "social media policy",
    "digital signature",
    "privacy",
    "api",
    "content strategy for agencies",
    "crowdsourcing",
    "mobile app",
    "usability testing",
    "design system",
    "contact center",
    "analytics dashboard",
    "machine learning",
    "open source software",
    "emergency communication",
];

type Pack = BTreeMap<String, Vec<u8>>;

fn pack(documents: Vec<Document>) -> Result<Pack, Box<dyn std::error::Error>> {
    let mut settings = Settings::default();
    settings.facets.push(FacetSettings { name: "topics".into(), ..Default::default() });
    let started = Instant::now();
    let search = Search::build(documents, &settings)?;
    let built = started.elapsed();
    let pack = search.pack()?;
    println!("index {:.1?}, pack {:.1?}", built, started.elapsed() - built);
    Ok(pack)
}

fn changed(before: &Pack, after: &Pack) -> String {
    let new = after.iter().filter(|(name, bytes)| before.get(*name) != Some(bytes));
    let bytes: usize = new.clone().map(|(_, bytes)| bytes.len()).sum();
    let all: usize = after.values().map(Vec::len).sum();
    format!(
        "{} files, {} KB ({:.1} %)",
        new.count(),
        bytes / 1024,
        100.0 * bytes as f64 / all as f64
    )
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let folder = arguments.next().unwrap_or_default();
    let mut documents = collections::markdown(Path::new(&folder));
    // Folders are no types here: there may be thousands.
    documents.iter_mut().for_each(|document| document.type_id = "page".into());
    if documents.is_empty() {
        eprintln!("passed over: name a folder of Markdown files");
        return Ok(());
    }
    println!("{} documents", documents.len());
    let files = pack(documents.clone())?;
    let total: usize = files.values().map(Vec::len).sum();
    println!("{} files, {:.1} MB", files.len(), total as f64 / 1_048_576.0);
    if let Some(out) = arguments.next() {
        for (name, bytes) in &files {
            let path = Path::new(&out).join(name);
            std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
            std::fs::write(path, bytes)?;
        }
    }
    let size: BTreeMap<String, usize> =
        files.iter().map(|(name, bytes)| (name.clone(), bytes.len())).collect();
    let manifest = size.get("en/manifest.bin").copied().unwrap_or(0);
    println!("manifest {manifest} bytes");
    let engine = engine::Engine::new(files.clone());
    for facets in [false, true] {
        let (mut bytes, mut requests) = (0, 0);
        for query in QUERIES {
            engine.fetched.borrow_mut().clear();
            let options = json!({ "lang": "en", "facets": facets });
            let answer = engine.answers(&json!([[query, options]]));
            let fetched = engine.fetched.borrow();
            let own: usize = fetched.iter().filter_map(|path| size.get(path)).sum();
            bytes += own;
            requests += fetched.len();
            if !facets {
                println!(
                    "  {query:<28} {own:>7} bytes, {} requests, {} hits",
                    fetched.len(),
                    answer[0]["total"]
                );
            }
        }
        let count = QUERIES.len() as f64;
        println!(
            "{} facets: first query {:.1} KB in {:.1} requests, later {:.1} KB in {:.1} (the reader apart)",
            if facets { "with" } else { "without" },
            bytes as f64 / count / 1024.0,
            requests as f64 / count,
            (bytes as f64 / count - manifest as f64) / 1024.0,
            requests as f64 / count - 1.0,
        );
    }
    let mut edited = documents.clone();
    if let Some(document) = edited.get_mut(documents.len() / 2) {
        let more = " One more sentence about accessibility and open data.";
        document.body = format!("{}{more}", document.body).into();
    }
    println!("one body edited: {}", changed(&files, &pack(edited)?));
    let mut grown = documents;
    if let Some(mut document) = grown.get(grown.len() / 3).cloned() {
        document.id.push_str("-again");
        grown.push(document);
    }
    println!("one entry added: {}", changed(&files, &pack(grown)?));
    Ok(())
}

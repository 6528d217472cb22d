//! Packs bent in every way, read by the reader in the browser: whatever it fetches, it
//! ends in an answer of the right shape or in an error, soon and in little memory.
//!
//! The input is a list of changes to a sound pack. The reader is JavaScript, which the
//! fuzzer cannot see into; so each of its blocks gets a counter that the fuzzer is shown,
//! and the checksum of shards, behind which nothing else would ever be reached, is off.

#![no_main]

#[path = "../../tests/search/collections.rs"]
#[allow(dead_code, reason = "shared with the tests, which use more of it")]
mod collections;
#[path = "../../tests/search/engine.rs"]
#[allow(dead_code, reason = "shared with the tests, which use more of it")]
mod engine;

use engine::Engine;
use exempla::search::Search;
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicU8, Ordering};

const BLOCKS: usize = 512;

// libFuzzer takes what stands in this section for counters of its own.
#[unsafe(link_section = "__libfuzzer_extra_counters")]
static COUNTERS: [AtomicU8; BLOCKS] = [const { AtomicU8::new(0) }; BLOCKS];

/// The reader with a counter in every block and without its checksums.
fn instrumented() -> String {
    let source = include_str!("../../themes/default/static/search/reader.js");
    let check = "if (checksum(bytes) !== name) throw damaged(name);";
    assert!(source.contains(check), "the reader checks sums elsewhere now");
    let source = source.replace(check, "");
    let mut out = format!("const counters = new Uint8Array({BLOCKS});\n");
    for (at, part) in source.split(") {").enumerate() {
        if at > 0 {
            out.push_str(&format!(") {{ counters[{}]++;", at % BLOCKS));
        }
        out.push_str(part);
    }
    out + "\nglobalThis.covered = async () => { const all = counters.join(); counters.fill(0); return all; };"
}

fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    DeflateDecoder::new(bytes).read_to_end(&mut out).unwrap();
    out
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

thread_local! {
    /// The reader, the sound files by path, and what is in those of one language.
    static PACK: (Engine, BTreeMap<String, Vec<u8>>, Vec<(String, Vec<u8>)>) = {
        let search = Search::build(collections::small(), &collections::settings()).unwrap();
        let files = search.pack().unwrap();
        let own = files.iter().filter(|(path, _)| path.starts_with("en/"));
        let inside = own.map(|(path, bytes)| (path.clone(), inflated(bytes))).collect();
        let engine = Engine::of(&instrumented(), files.clone());
        (engine, files, inside)
    };
}

/// Changes a file as five bytes say; `other` is a sound file to take bytes from.
fn bend(bytes: &mut Vec<u8>, [kind, low, high, value]: [u8; 4], other: &[u8]) {
    let size = bytes.len();
    if size == 0 {
        return;
    }
    let at = usize::from(u16::from_le_bytes([low, high])) % size;
    match kind % 6 {
        0 | 1 => bytes[at] = value,
        2 => bytes.insert(at, value),
        3 => drop(bytes.remove(at)),
        4 => bytes.truncate(at),
        _ => {
            let from = at.min(other.len());
            let taken = &other[from..(from + usize::from(value)).min(other.len())];
            bytes.truncate(at);
            bytes.extend_from_slice(taken);
        }
    }
}

fn well_formed(answer: &Value) {
    assert!(answer["total"].is_u64() && answer["query"].is_string(), "{answer}");
    assert!(answer.get("error").is_none_or(Value::is_string), "{answer}");
    let hits = answer["hits"].as_array().unwrap();
    assert!(hits.len() <= 10, "{answer}");
    for hit in hits {
        for key in ["id", "type", "lang", "url", "title", "summary"] {
            assert!(hit[key].is_string(), "{key} of {answer}");
        }
        assert!(hit["score"].is_number(), "{answer}");
        let parts = hit["excerpt"].as_array().unwrap();
        assert!(parts.len() % 2 == 1 && parts.iter().all(Value::is_string), "{answer}");
    }
    for counts in answer["facets"].as_object().unwrap().values() {
        assert!(counts.as_object().unwrap().values().all(Value::is_u64), "{answer}");
    }
}

fuzz_target!(|data: &[u8]| {
    PACK.with(|(engine, files, inside)| {
        let mut bent: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
        for change in data.chunks_exact(5).take(24) {
            let file = usize::from(change[0]) % inside.len();
            let bytes = bent.entry(file).or_insert_with(|| inside[file].1.clone());
            let other = usize::from(change[4]) % inside.len();
            bend(bytes, [change[1], change[2], change[3], change[4]], &inside[other].1);
        }
        for (file, bytes) in &bent {
            engine.files.borrow_mut().insert(inside[*file].0.clone(), deflated(bytes));
        }
        let newest = json!({ "lang": "en", "sort": "date", "filters": { "topics": ["t1"] } });
        let answers = engine.answers(&json!([
            ["open \"data helps\" -river", { "lang": "en" }],
            ["", newest],
            ["enviromental wat", { "lang": "en", "typing": true, "facets": false }],
        ]));
        answers.iter().for_each(well_formed);
        let covered = engine.call("covered", "");
        for (counter, hits) in COUNTERS.iter().zip(covered.split(',')) {
            counter.store(hits.parse().unwrap_or(0), Ordering::Relaxed);
        }
        for file in bent.keys() {
            let path = &inside[*file].0;
            engine.files.borrow_mut().insert(path.clone(), files[path].clone());
        }
        engine.fetched.borrow_mut().clear();
    });
});

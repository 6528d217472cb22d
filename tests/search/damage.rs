//! A pack that is cut, swapped, stale or gone: the reader asks for the manifest
//! once more and then says what is wrong.

use super::collections::{settings, small};
use super::engine::Engine;
use exempla::search::Search;
use exempla::search::pack::bytes::{checksum, deflate};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read as _;

const QUERY: &str = "open \"data helps\" -river";

fn pack(edit: bool) -> BTreeMap<String, Vec<u8>> {
    let mut documents = small();
    if edit {
        let more = |text: &str| format!("{text} open anew").into();
        documents.iter_mut().for_each(|document| document.body = more(&document.body));
    }
    Search::build(documents, &settings()).expect("an index").pack().expect("a pack")
}

fn ask(engine: &Engine) -> Value {
    engine.answers(&json!([[QUERY, { "lang": "en" }]])).remove(0)
}

fn manifests(engine: &Engine) -> usize {
    engine.fetched.borrow().iter().filter(|path| path.ends_with("manifest.bin")).count()
}

#[test]
fn every_damaged_file_ends_in_an_error_and_one_more_manifest() {
    let engine = Engine::new(pack(false));
    let whole = ask(&engine);
    assert!(whole["total"].as_u64() > Some(0) && whole.get("error").is_none());
    let used: Vec<String> = engine.fetched.borrow().clone();
    assert!(used.len() > 3);
    for path in &used {
        let original = engine.files.borrow()[path].clone();
        let half = original[..original.len() / 2].to_vec();
        let mut bent = original.clone();
        bent[original.len() / 3] ^= 0x10;
        let other = engine.files.borrow()["it/manifest.bin"].clone();
        for damaged in [Some(half), Some(bent), Some(other), Some(Vec::new()), None] {
            match damaged {
                Some(bytes) => engine.files.borrow_mut().insert(path.clone(), bytes),
                None => engine.files.borrow_mut().remove(path),
            };
            engine.fetched.borrow_mut().clear();
            let answer = ask(&engine);
            assert_eq!(manifests(&engine), 2, "{path}");
            assert!(answer["error"].is_string(), "{path}: {answer}");
            assert_eq!((&answer["total"], &answer["hits"]), (&json!(0), &json!([])));
        }
        engine.files.borrow_mut().insert(path.clone(), original);
    }
    assert_eq!(ask(&engine), whole);
}

#[test]
fn a_deploy_under_an_open_page_goes_unnoticed() {
    let engine = Engine::new(pack(false));
    let new = pack(true);
    let expected = ask(&Engine::new(new.clone()));
    // The host serves the new pack alone, but the old manifest is still cached.
    let stale = engine.files.borrow()["en/manifest.bin"].clone();
    let fresh = new["en/manifest.bin"].clone();
    *engine.files.borrow_mut() = new;
    engine.files.borrow_mut().insert("en/manifest.bin".into(), stale);
    engine.fresh.borrow_mut().insert("en/manifest.bin".into(), fresh);
    let answer = ask(&engine);
    assert_eq!(answer, expected);
    assert_eq!(manifests(&engine), 2);
}

#[test]
fn a_language_or_version_that_is_not_there_is_said_so() {
    let engine = Engine::new(pack(false));
    let answer = engine.answers(&json!([["a", { "lang": "../x" }], ["open", {}]]));
    assert!(answer[0]["error"].as_str().is_some_and(|error| error.contains("404")));
    assert!(answer[1].get("error").is_none(), "the default language answers");
}

#[test]
fn the_same_documents_give_the_same_bytes_in_any_order() {
    let mut documents = small();
    documents.reverse();
    let again = Search::build(documents, &settings()).expect("an index").pack().expect("a pack");
    assert!(pack(false) == again);
    assert!(pack(true) != again);
}

/// Undoes a file of the pack.
fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::DeflateDecoder::new(bytes).read_to_end(&mut out).expect("deflate");
    out
}

#[test]
fn nonsense_under_its_right_name_ends_in_an_answer_or_an_error() {
    let files = pack(false);
    let manifest = String::from_utf8(inflated(&files["en/manifest.bin"])).expect("UTF-8");
    let mut seed = 1u64;
    let mut dice = |end: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % end
    };
    let (mut answers, mut errors) = (0, 0);
    for (path, bytes) in
        files.iter().filter(|(path, _)| path.starts_with("en/") && path.len() == 15)
    {
        let name = &path[3..11];
        if !manifest.contains(name) {
            continue;
        }
        for _ in 0..8 {
            let mut bent = inflated(bytes);
            for _ in 0..=dice(3) {
                let at = dice(bent.len());
                bent[at] = dice(256) as u8;
            }
            bent.truncate(bent.len() - dice(2) * dice(bent.len()));
            let other = format!("{:08x}", checksum(&bent));
            let engine = Engine::new(files.clone());
            let changed = deflate(manifest.replace(name, &other).as_bytes());
            engine.files.borrow_mut().insert("en/manifest.bin".into(), changed);
            engine.files.borrow_mut().insert(format!("en/{other}.bin"), deflate(&bent));
            let options = json!({ "lang": "en", "sort": "date" });
            for answer in engine.answers(&json!([
                [QUERY, options],
                ["", options],
                ["opne topics:t1", options]
            ])) {
                assert!(answer["hits"].is_array() && answer["total"].is_u64(), "{answer}");
                if answer.get("error").is_some() { errors += 1 } else { answers += 1 }
            }
        }
    }
    println!("{answers} answers, {errors} errors");
    assert!(answers > 20 && errors > 20);
}

#[test]
fn a_manifest_of_nonsense_ends_in_an_answer_or_an_error() {
    let files = pack(false);
    let path = "en/manifest.bin".to_string();
    let whole = files[&path].clone();
    let engine = Engine::new(files);
    let mut seed = 7u64;
    for _ in 0..60 {
        let mut bent = inflated(&whole);
        for _ in 0..4 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let at = (seed >> 33) as usize % bent.len();
            bent[at] = b"0129,[]{}\"a-"[(seed >> 20) as usize % 12];
        }
        engine.files.borrow_mut().insert(path.clone(), deflate(&bent));
        let answer = ask(&engine);
        assert!(answer["hits"].is_array() && answer["total"].is_u64(), "{answer}");
    }
}

#[test]
fn a_score_past_all_numbers_is_an_error() {
    let files = pack(false);
    let path = "en/manifest.bin".to_string();
    let mut manifest: Value = serde_json::from_slice(&inflated(&files[&path])).expect("JSON");
    for field in manifest["fields"].as_array_mut().expect("the fields") {
        field[1] = json!(1e300);
    }
    let engine = Engine::new(files);
    engine.files.borrow_mut().insert(path, deflate(manifest.to_string().as_bytes()));
    let answer = ask(&engine);
    assert!(answer["error"].is_string() && answer["hits"] == json!([]), "{answer}");
}

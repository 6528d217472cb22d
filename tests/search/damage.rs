//! A pack that is cut, swapped, stale or gone: the reader asks for the manifest
//! once more and then says what is wrong.

use super::collections::{settings, small};
use super::engine::Engine;
use exempla::search::Search;
use serde_json::{Value, json};

const QUERY: &str = "open \"data helps\" -river";

fn pack(edit: bool) -> Vec<(String, Vec<u8>)> {
    let mut documents = small();
    if edit {
        documents.iter_mut().for_each(|document| document.body.push_str(" open anew"));
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
    let new: Vec<_> = pack(true);
    let expected = ask(&Engine::new(new.clone()));
    // The host serves the new pack alone, but the old manifest is still cached.
    let stale = engine.files.borrow()["en/manifest.bin"].clone();
    let fresh = new.iter().find(|(path, _)| path == "en/manifest.bin").expect("one").1.clone();
    *engine.files.borrow_mut() = new.into_iter().collect();
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

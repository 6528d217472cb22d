//! The parity of the two searches: what tantivy answers, the reader answers.
//!
//! Compared are totals, counts by facet, help, suggestions and the order of the
//! first ten; two hits may stand the other way round only if tantivy's own
//! scores for them are within a millionth.

mod collections;
mod damage;
mod engine;
mod queries;

use collections::settings;
use engine::Engine;
use exempla::search::{Document, Options, Search, analyser};
use queries::Case;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Runs all cases on both sides; returns how many there were and how many hits
/// stood the other way round.
fn compare(documents: Vec<Document>, each: usize) -> (usize, usize) {
    let mut langs: Vec<String> = documents.iter().map(|document| document.lang.clone()).collect();
    langs.sort();
    langs.dedup();
    let mut cases: Vec<Case> = Vec::new();
    for lang in &langs {
        cases.extend(queries::draw(&documents, lang, each));
        cases.extend(queries::odd(lang));
    }
    let search = Search::build(documents, &settings()).expect("an index");
    let engine = Engine::new(search.pack().expect("a pack"));
    let asked: Value = cases.iter().map(Case::json).collect();
    let answers = engine.answers(&asked);
    let mut swaps = 0;
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = 0;
    for (case, theirs) in cases.iter().zip(&answers) {
        *kinds.entry(case.kind).or_default() += 1;
        found += usize::from(theirs["hits"] != json!([]));
        swaps += same(&search, case, theirs);
    }
    assert!(found * 10 > cases.len() * 6, "{found} of {} queries found something", cases.len());
    println!("{langs:?}: {} queries, {swaps} near ties swapped; {kinds:?}", cases.len());
    (cases.len(), swaps)
}

/// Panics unless both answers agree; returns the number of near ties swapped.
fn same(search: &Search, case: &Case, theirs: &Value) -> usize {
    let what = format!("{} {:?} {:?}", case.kind, case.text, case.options);
    assert_eq!(theirs.get("error"), None, "{what}");
    let wide = Options { limit: 13, ..case.options.clone() };
    let ours = search.query(&case.text, Some(&case.lang), &wide).expect("an answer");
    let json = serde_json::to_value(&ours).expect("JSON");
    for key in ["query", "total", "suggestion", "help", "facets"] {
        assert_eq!(json.get(key), theirs.get(key), "{key} of {what}");
    }
    let hits = theirs["hits"].as_array().expect("hits");
    assert_eq!(hits.len(), ours.hits.len().min(10), "{what}");
    let mut swaps = 0;
    for (at, theirs) in hits.iter().enumerate() {
        let own = &ours.hits[at];
        let id = theirs["id"].as_str().expect("an id");
        let Some(hit) = ours.hits.iter().find(|hit| hit.id == id) else {
            panic!("{what}: {id} is not among the first {}", ours.hits.len());
        };
        if hit.id != own.id {
            swaps += 1;
            let near = (hit.score - own.score).abs() <= 1e-6 * own.score.max(1.0);
            assert!(
                near,
                "{what}: place {at} is {id} ({}), not {} ({})",
                hit.score, own.id, own.score
            );
        }
        let score = theirs["score"].as_f64().expect("a score");
        assert!(
            (score - f64::from(hit.score)).abs() <= 2e-6 * score.max(1.0),
            "{what}: {score} {}",
            hit.score
        );
        for (key, value) in
            [("type", &hit.type_id), ("lang", &hit.lang), ("url", &hit.url), ("title", &hit.title)]
        {
            assert_eq!(theirs[key], json!(value), "{what}");
        }
        let parts = theirs["excerpt"].as_array().expect("parts");
        assert!(parts.len() % 2 == 1 && parts.iter().all(Value::is_string), "{what}");
    }
    swaps
}

#[test]
fn the_reader_answers_a_small_collection_in_four_languages_alike() {
    let (queries, _) = compare(collections::small(), 12);
    assert!(queries > 700);
}

#[test]
fn the_reader_answers_18f_methods_alike() {
    let Some(shared) = collections::shared() else { return };
    let (queries, _) = compare(collections::markdown(&shared.join("corpora/18f-methods")), 50);
    assert!(queries > 700);
}

#[test]
fn the_reader_answers_guides_in_seven_languages_alike() {
    let Some(shared) = collections::shared() else { return };
    let mut documents = collections::markdown(&shared.join("corpora/opensource-guide"));
    documents.extend(collections::markdown(&shared.join("corpora/standard-for-public-code")));
    let (queries, _) = compare(documents, 10);
    assert!(queries > 1000);
}

#[test]
fn the_reader_answers_cranfield_and_its_questions_alike() {
    let Some(shared) = collections::shared() else { return };
    let folder = shared.join("relevance/cranfield");
    compare(collections::cranfield(&folder), 15);
    let search = Search::build(collections::cranfield(&folder), &settings()).expect("an index");
    let engine = Engine::new(search.pack().expect("a pack"));
    let text = std::fs::read_to_string(folder.join("queries.jsonl")).expect("queries");
    let cases: Vec<Case> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|query| Case {
            kind: "question",
            text: query["text"].as_str().unwrap_or_default().into(),
            options: Options::default(),
            lang: "en".into(),
        })
        .collect();
    let answers = engine.answers(&cases.iter().map(Case::json).collect());
    let swaps: usize =
        cases.iter().zip(&answers).map(|(case, answer)| same(&search, case, answer)).sum();
    println!("{} questions, {swaps} near ties swapped", cases.len());
    assert_eq!(cases.len(), 225);
}

#[test]
fn the_analysers_agree_on_every_character() {
    let engine = Engine::new(Vec::new());
    // Unassigned characters are left out: two tables need not be of one year.
    let ours = |text: &str| -> Vec<(String, bool)> {
        analyser::words(text).map(|(piece, word)| (word, piece.pair)).collect()
    };
    let mut differ = Vec::new();
    for start in (0..0x33480u32).step_by(256) {
        let chars = (start..start + 256).filter_map(char::from_u32);
        let texts: Vec<String> = chars.map(|c| format!("a{c}B {c}{c}")).collect();
        if ours(&texts.join(" ")) == engine.analysed(&texts.join(" ")) {
            continue;
        }
        for text in texts {
            if ours(&text) != engine.analysed(&text) {
                eprintln!("{:?} {:?} {text:?}", ours(&text), engine.analysed(&text));
                differ.push(text);
            }
        }
    }
    println!("blocks that differ: {differ:?}");
    assert!(differ.len() <= 40, "{differ:?}");
}

#[test]
fn the_reader_answers_three_thousand_real_pages_alike() {
    let Some(shared) = collections::shared() else { return };
    let documents = collections::markdown(&shared.join("corpora/digitalgov"));
    let (queries, _) = compare(documents, 8);
    assert!(queries > 100);
}

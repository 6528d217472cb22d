//! The parity of the two searches: what tantivy answers, the reader answers.
//!
//! Compared are totals, counts by facet, help, suggestions and the order of the
//! first ten; two hits may stand the other way round only if tantivy's own
//! scores for them are within a millionth.

mod chromium;
mod collections;
mod damage;
mod engine;
mod queries;

use collections::settings;
use engine::Engine;
use exempla::search::{Document, Options, Search, pieces};
use queries::Case;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

/// Runs all cases on both sides.
fn compare((documents, each): Drawn) {
    let langs = languages(&documents);
    let mut cases: Vec<Case> = Vec::new();
    for lang in &langs {
        cases.extend(queries::draw(&documents, lang, each));
        cases.extend(queries::odd(lang));
    }
    let (search, engine) = both_sides(documents);
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
}

/// The languages of some documents.
fn languages(documents: &[Document]) -> BTreeSet<String> {
    documents.iter().map(|document| document.lang.clone()).collect()
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

/// A collection with how many queries of each kind are drawn for each language.
type Drawn = (Vec<Document>, usize);

fn made() -> Drawn {
    (collections::small(), 12)
}

fn methods(shared: &Path) -> Drawn {
    (collections::markdown(&shared.join("corpora/18f-methods")), 50)
}

fn guides(shared: &Path) -> Drawn {
    let mut documents = collections::markdown(&shared.join("corpora/opensource-guide"));
    documents.extend(collections::markdown(&shared.join("corpora/standard-for-public-code")));
    (documents, 12)
}

fn abstracts(shared: &Path) -> Drawn {
    (collections::cranfield(&shared.join("relevance/cranfield")), 15)
}

fn pages(shared: &Path) -> Drawn {
    (collections::markdown(&shared.join("corpora/digitalgov")), 8)
}

#[test]
fn the_reader_answers_a_small_collection_in_four_languages_alike() {
    compare(made());
}

#[test]
fn the_reader_answers_18f_methods_alike() {
    let Some(shared) = collections::shared() else { return };
    compare(methods(&shared));
}

#[test]
fn the_reader_answers_guides_in_seven_languages_alike() {
    let Some(shared) = collections::shared() else { return };
    compare(guides(&shared));
}

#[test]
fn the_reader_answers_three_thousand_real_pages_alike() {
    let Some(shared) = collections::shared() else { return };
    compare(pages(&shared));
}

#[test]
fn the_reader_answers_cranfield_and_its_questions_alike() {
    let Some(shared) = collections::shared() else { return };
    compare(abstracts(&shared));
    let search = Search::build(abstracts(&shared).0, &settings()).expect("an index");
    let engine = Engine::new(search.pack().expect("a pack"));
    let cases = questions(&shared);
    let answers = engine.answers(&cases.iter().map(Case::json).collect());
    let swaps: usize =
        cases.iter().zip(&answers).map(|(case, answer)| same(&search, case, answer)).sum();
    println!("{} questions, {swaps} near ties swapped", cases.len());
    assert_eq!(cases.len(), 225);
}

/// The questions of Cranfield, as they stand.
fn questions(shared: &Path) -> Vec<Case> {
    let path = shared.join("relevance/cranfield/queries.jsonl");
    let text = std::fs::read_to_string(path).expect("queries");
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let case = |query: Value| Case {
        kind: "question",
        text: query["text"].as_str().unwrap_or_default().into(),
        options: Options::default(),
        lang: "en".into(),
    };
    lines.map(case).collect()
}

/// What the tests above ask, counted: how many queries there are, and how many are
/// in truth what their kind says.
#[test]
fn there_are_enough_queries_of_every_kind() {
    let Some(shared) = collections::shared() else { return };
    let (mut all, mut absent, mut accents, mut scripts, mut prefixes, mut slips) =
        (225, 0, 0, 0, 0, 0);
    let drawn = [made(), methods(&shared), guides(&shared), abstracts(&shared), pages(&shared)];
    for (documents, each) in drawn {
        for lang in languages(&documents) {
            let own = documents.iter().filter(|document| document.lang == lang);
            let texts = own.flat_map(|document| {
                let fields = document.fields.iter().map(|(_, text)| text);
                let texts = fields.chain(&document.headings).map(String::as_str);
                texts.chain([&*document.title, &document.summary, &document.body])
            });
            let known: HashSet<String> = texts
                .flat_map(|text| pieces::words(text).map(|(_, word)| word).collect::<Vec<_>>())
                .collect();
            let cases = queries::draw(&documents, &lang, each);
            all += cases.len() + queries::odd(&lang).len();
            for case in &cases {
                let unknown = |(_, word): (_, String)| !known.contains(&word);
                let unknown = pieces::words(&case.text).any(unknown);
                absent += usize::from(case.kind.starts_with("absent") && unknown);
                slips += usize::from(case.kind == "typo" && unknown);
                let begun = || {
                    pieces::words(&case.text).last().is_some_and(|(_, begun)| {
                        known
                            .iter()
                            .any(|word| word.len() > begun.len() && word.starts_with(&begun))
                    })
                };
                prefixes += usize::from(case.kind == "prefix" && begun());
                accents += usize::from(case.kind == "no accents");
                scripts += usize::from(case.kind == "scripts");
            }
        }
    }
    println!(
        "{all} queries: {absent} absent, {accents} without their accents, {scripts} of mixed scripts, {prefixes} prefixes, {slips} slips"
    );
    assert!(all >= 3000 && absent >= 300);
    assert!(accents >= 100 && scripts >= 100 && prefixes >= 100 && slips >= 100);
}

fn document(lang: &str, id: &str, body: &str) -> Document {
    Document { id: id.into(), lang: lang.into(), body: body.into(), ..Default::default() }
}

/// What tantivy and the reader answer by.
fn both_sides(documents: Vec<Document>) -> (Search, Engine) {
    let search = Search::build(documents, &settings()).expect("an index");
    let engine = Engine::new(search.pack().expect("a pack"));
    (search, engine)
}

#[test]
fn a_word_is_found_with_its_hyphen_and_without() {
    let documents = vec![
        document("it", "with", "Un percorso di co-progettazione"),
        document("it", "without", "La coprogettazione di un percorso"),
        document("it", "apart", "La progettazione di un percorso"),
    ];
    let (search, engine) = both_sides(documents);
    let found = |text: &str, typing: bool| -> Vec<String> {
        let options = Options { typing, ..Options::default() };
        let case = Case { kind: "compound", text: text.into(), options, lang: "it".into() };
        let answer = engine.answers(&json!([case.json()])).remove(0);
        same(&search, &case, &answer);
        let hits = answer["hits"].as_array().expect("hits");
        let mut ids: Vec<_> = hits.iter().map(|hit| hit["id"].as_str().unwrap().into()).collect();
        ids.sort();
        ids
    };
    assert_eq!(found("coprogettazione", false), ["with", "without"]);
    assert_eq!(found("Coprogett", true), ["with", "without"]);
    assert_eq!(found("co-progettazione", false), ["apart", "with", "without"]);
    assert_eq!(found("\"co-progettazione\"", false), ["with", "without"]);
    assert_eq!(found("\"coprogettazione\"", false), ["with", "without"]);
    assert_eq!(found("\"co-progettazione di un\"", false), ["without"]);
    for excluded in ["-co-progettazione", "-coprogettazione", "-\"co-progettazione\""] {
        assert_eq!(found(&format!("percorso {excluded}"), false), ["apart"], "{excluded}");
    }
    // Another ending, only begun, typed on.
    for (text, typing) in [("co-progettazioni", false), ("co-prog", false), ("co-prog", true)] {
        assert!(found(text, typing).contains(&"without".to_owned()), "{text}");
    }
    assert_eq!(found("coprog", false), ["with", "without"]);
    let answer = engine.answers(&json!([["coprogettazione", { "lang": "it" }]])).remove(0);
    let marked: Vec<_> =
        answer["hits"].as_array().unwrap().iter().map(|hit| &hit["excerpt"][1]).collect();
    assert!(
        marked.contains(&&json!("co-progettazione")) && marked.contains(&&json!("coprogettazione"))
    );
}

/// A word and its compound may have one stem, which then stands there once.
#[test]
fn a_compound_with_the_stem_of_its_first_word_counts_once() {
    let documents = vec![
        document("fr", "both", "Chaque étudiant-e motivé·e et chaque salarié-e"),
        document("fr", "one", "Chaque étudiant motivé, e"),
        document("fr", "other", "Les étudiantes-es, les citoyen-ne-s et les étudiants e"),
    ];
    let (search, engine) = both_sides(documents);
    for text in [
        "étudiant-e",
        "\"étudiant-e\"",
        "\"étudiant-e motivé\"",
        "\"étudiants e\" salariée",
        "-\"étudiant-e\" chaque",
        "étudiante citoyenne",
    ] {
        let (text, lang) = (text.to_owned(), "fr".to_owned());
        let case = Case { kind: "compound", text, options: Options::default(), lang };
        let answer = engine.answers(&json!([case.json()])).remove(0);
        same(&search, &case, &answer);
        assert_eq!(answer["total"] == json!(0), case.text.starts_with('-'), "{}", case.text);
    }
}

#[test]
fn the_analysers_agree_on_every_character() {
    let engine = Engine::new(engine::Pack::new());
    // Unassigned characters are left out: two tables need not be of one year.
    let ours = |text: &str| -> Vec<(String, String)> {
        let kind = |piece: pieces::Piece| format!("{:?}", piece.kind).to_lowercase();
        pieces::words(text).map(|(piece, word)| (word, kind(piece))).collect()
    };
    let mut differ = Vec::new();
    for start in (0..0x33480u32).step_by(256) {
        let chars = (start..start + 256).filter_map(char::from_u32);
        let texts: Vec<String> = chars.map(|c| format!("a{c}B {c}{c} {c}-{c}")).collect();
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

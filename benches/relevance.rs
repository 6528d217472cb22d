//! How good is the order of the hits? nDCG@10 and recall@100 on Cranfield.
//!
//!     cargo bench --bench relevance [-- FOLDER]
//!
//! FOLDER (default `../shared/relevance/cranfield`) holds `docs.jsonl`,
//! `queries.jsonl` and `qrels.tsv`. Three kinds of queries: the questions as they
//! stand; `keywords`, the three rarest content words of each; `topical`, the same
//! among words in at least twenty documents.
//! Five engines: tantivy's BM25 as it comes, the same with our analyser and
//! queries that are stemmed, `exempla search`, the reader of the browser, and
//! Pagefind, if node is there and the folder that PAGEFIND names (default
//! `target/search-weight`) has it: `npm install pagefind` there.

#[path = "../tests/search/engine.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod engine;

use exempla::search::{Document, Options, Search, Settings, analyser, pieces};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{
    IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _,
};
use tantivy::tokenizer::{TextAnalyzer, TokenStream as _};
use tantivy::{Index, TantivyDocument, Term};

/// Words that say nothing of a question's subject.
const STOP: &str = "a about all also an and any anyone are as at be been being but by can could did do does done for from given had has have how if in into is it its made many may more much must no not of on one or other out over so some such than that the their them then there these they this those to under up upon use used using was we well were what when where which while who why will with within without would";

type Judgements = HashMap<String, HashMap<String, f64>>;

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_string()
}

fn judgements(path: &Path) -> Judgements {
    let mut all = Judgements::new();
    for line in std::fs::read_to_string(path).unwrap_or_default().lines().skip(1) {
        let mut parts = line.split('\t');
        let (Some(query), Some(document)) = (parts.next(), parts.next()) else { continue };
        let grade: f64 = parts.next().and_then(|grade| grade.trim().parse().ok()).unwrap_or(0.0);
        if grade > 0.0 {
            all.entry(query.into()).or_default().insert(document.into(), grade);
        }
    }
    all
}

/// nDCG@10 with the grades as gains, recall@100, and the share without hits.
fn measure(judged: &Judgements, ids: &[String], found: &[Vec<String>]) -> String {
    let (mut gain, mut recall, mut none) = (0.0, 0.0, 0.0);
    for (query, hits) in ids.iter().zip(found) {
        let Some(grades) = judged.get(query) else { continue };
        let discount = |place: usize| 1.0 / ((place + 2) as f64).log2();
        let own = hits.iter().take(10).enumerate();
        let own: f64 = own.map(|(at, id)| grades.get(id).unwrap_or(&0.0) * discount(at)).sum();
        let mut best: Vec<f64> = grades.values().copied().collect();
        best.sort_by(|a, b| b.total_cmp(a));
        let best: f64 = best.iter().take(10).enumerate().map(|(at, g)| g * discount(at)).sum();
        gain += own / best;
        let got = hits.iter().take(100).filter(|id| grades.contains_key(*id)).count();
        recall += got as f64 / grades.len() as f64;
        none += f64::from(u8::from(hits.is_empty()));
    }
    let count = ids.iter().filter(|id| judged.contains_key(*id)).count() as f64;
    format!("{:.3} / {:.3} / {:.0} %", gain / count, recall / count, 100.0 * none / count)
}

/// The rarest content words of a question, of those in at least `least` documents.
fn rarest(question: &str, frequency: &BTreeMap<String, usize>, least: usize) -> String {
    let stop: BTreeSet<&str> = STOP.split(' ').collect();
    let mut content: Vec<String> = Vec::new();
    // A compound is of our analyser alone.
    let apart = |(piece, _): &(pieces::Piece, String)| piece.kind != pieces::Kind::Compound;
    for (_, word) in pieces::words(question).filter(apart) {
        let known = frequency.get(&word).is_some_and(|count| *count >= least);
        if known && word.len() > 2 && !stop.contains(&*word) && !content.contains(&word) {
            content.push(word);
        }
    }
    let mut ranked: Vec<usize> = (0..content.len()).collect();
    ranked.sort_by_key(|&at| (frequency[&content[at]], at));
    ranked.truncate(3);
    ranked.sort_unstable();
    ranked.iter().map(|&at| &*content[at]).collect::<Vec<_>>().join(" ")
}

/// tantivy's BM25 over title and body, a flat OR of the words as analysed.
struct Plain {
    index: Index,
    analyser: TextAnalyzer,
}

impl Plain {
    fn new(documents: &[Document], analyser: TextAnalyzer) -> tantivy::Result<Self> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("plain")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default().set_indexing_options(indexing);
        let id = schema.add_text_field("id", STRING | STORED);
        let title = schema.add_text_field("title", options.clone());
        let body = schema.add_text_field("body", options);
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register("plain", analyser.clone());
        let mut writer = index.writer_with_num_threads(1, 50_000_000)?;
        for document in documents {
            let mut entry = TantivyDocument::default();
            entry.add_text(id, &document.id);
            entry.add_text(title, &document.title);
            entry.add_text(body, &document.body);
            writer.add_document(entry)?;
        }
        writer.commit()?;
        Ok(Self { index, analyser })
    }

    fn search(&self, question: &str) -> tantivy::Result<Vec<String>> {
        let schema = self.index.schema();
        let mut clauses: Vec<Box<dyn Query>> = Vec::new();
        let mut analyser = self.analyser.clone();
        analyser.token_stream(question).process(&mut |token| {
            for field in ["title", "body"].iter().filter_map(|name| schema.get_field(name).ok()) {
                let term = Term::from_field_text(field, &token.text);
                clauses.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
            }
        });
        let searcher = self.index.reader()?.searcher();
        let query = BooleanQuery::union(clauses);
        let top = searcher.search(&query, &TopDocs::with_limit(100).order_by_score())?;
        let id = schema.get_field("id")?;
        let mut ids = Vec::new();
        for (_, address) in top {
            let document: TantivyDocument = searcher.doc(address)?;
            ids.extend(document.get_first(id).and_then(|value| value.as_str().map(String::from)));
        }
        Ok(ids)
    }
}

/// What Pagefind finds in the same documents; nothing if it is not at hand.
fn pagefind(documents: &[Value], queries: &[String]) -> Option<Vec<Vec<String>>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let usual = root.join("target/search-weight");
    let folder = std::env::var_os("PAGEFIND").map_or(usual, std::path::PathBuf::from);
    let mut node = Command::new("node")
        .arg(root.join("benches/pagefind.mjs"))
        .current_dir(folder.join("node_modules/pagefind/../.."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let asked = json!({ "documents": documents, "queries": queries }).to_string();
    node.stdin.take()?.write_all(asked.as_bytes()).ok()?;
    serde_json::from_slice(&node.wait_with_output().ok()?.stdout).ok()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/relevance/cranfield");
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let folder = given.unwrap_or_else(|| default.to_string());
    let folder = Path::new(&folder);
    let entries = lines(&folder.join("docs.jsonl"));
    let documents: Vec<Document> = entries
        .iter()
        .map(|entry| Document {
            id: text(entry, "id"),
            url: format!("/{}/", text(entry, "id")),
            lang: "en".into(),
            title: text(entry, "title"),
            body: text(entry, "text").into(),
            ..Default::default()
        })
        .collect();
    let questions = lines(&folder.join("queries.jsonl"));
    if documents.is_empty() || questions.is_empty() {
        eprintln!("passed over: there is no collection in {}", folder.display());
        return Ok(());
    }
    let judged = judgements(&folder.join("qrels.tsv"));
    let ids: Vec<String> = questions.iter().map(|query| text(query, "id")).collect();
    let questions: Vec<String> = questions.iter().map(|query| text(query, "text")).collect();
    let mut frequency: BTreeMap<String, usize> = BTreeMap::new();
    for document in &documents {
        let own: BTreeSet<String> = pieces::words(&document.body).map(|(_, word)| word).collect();
        own.into_iter().for_each(|word| *frequency.entry(word).or_default() += 1);
    }
    let short = |least| questions.iter().map(|q| rarest(q, &frequency, least)).collect();
    let kinds: [(&str, Vec<String>); 3] =
        [("questions", questions.clone()), ("keywords", short(1)), ("topical", short(20))];

    let simple = TextAnalyzer::builder(tantivy::tokenizer::SimpleTokenizer::default())
        .filter(tantivy::tokenizer::LowerCaser)
        .build();
    let plain = Plain::new(&documents, simple)?;
    let stemmed = Plain::new(&documents, TextAnalyzer::from(analyser::Analyser::new("en")))?;
    let search = Search::build(documents, &Settings::default())?;
    let reader = engine::Engine::new(search.pack()?);
    let options = Options { limit: 100, ..Options::default() };
    println!("nDCG@10 / recall@100 / queries without results");
    for (kind, queries) in &kinds {
        let all = |ask: &dyn Fn(&String) -> Vec<String>| -> Vec<Vec<String>> {
            queries.iter().map(ask).collect()
        };
        let ours = |query: &String| {
            let found = search.query(query, None, &options).unwrap_or_default();
            found.hits.into_iter().map(|hit| hit.id).collect()
        };
        let asked: Value = queries.iter().map(|query| json!([query, { "limit": 100 }])).collect();
        let theirs: Vec<Vec<String>> = reader
            .answers(&asked)
            .iter()
            .map(|answer| {
                answer["hits"].as_array().into_iter().flatten().map(|hit| text(hit, "id")).collect()
            })
            .collect();
        println!("{kind}, for example {:?}", queries[0]);
        let row = |engine: &str, found: &[Vec<String>]| {
            println!("  {engine:<34} {}", measure(&judged, &ids, found));
        };
        row("tantivy, default tokenizer", &all(&|q| plain.search(q).unwrap_or_default()));
        row("tantivy, our analyser, stemming", &all(&|q| stemmed.search(q).unwrap_or_default()));
        row("exempla search", &all(&ours));
        row("the reader", &theirs);
        match pagefind(&entries, queries) {
            Some(found) => row("Pagefind", &found),
            None => println!("  Pagefind: passed over, node or its package is not there"),
        }
    }
    Ok(())
}

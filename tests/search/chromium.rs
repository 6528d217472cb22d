//! A sample of the parity in a real browser: Chromium asks the packs of a small
//! server, under the policy that the theme promises to live under, and sends its
//! answers back. Passed over where there is no Chromium.

use super::collections;
use super::queries::{self, Case};
use super::{same, settings};
use exempla::search::{Document, Search};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;

const PAGE: &str = "<!doctype html><script type=module src=/page.js></script>";
const SCRIPT: &str = r#"
import { open } from "/reader.js";
const packs = await (await fetch("/cases.json")).json(), answers = [];
for (const [at, cases] of packs.entries()) {
  const reader = open(`/${at}/`), own = [];
  for (const [query, options] of cases) own.push(await reader.search(query, options));
  answers.push(own);
}
await fetch("/answers", { method: "POST", body: JSON.stringify(answers) });
"#;

fn chromium() -> Option<String> {
    let named = std::env::var("CHROMIUM").ok();
    let usual = ["chromium", "chromium-browser", "google-chrome"].map(String::from);
    named.into_iter().chain(usual).find(|name| {
        let asked = Command::new(name).arg("--version").output();
        asked.is_ok_and(|output| output.status.success())
    })
}

type Site = Arc<BTreeMap<String, Vec<u8>>>;

/// Serves one request; what is posted goes to `answers`.
fn serve(stream: TcpStream, site: &Site, answers: &mpsc::Sender<Vec<u8>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_string();
    let mut length = 0;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        let header = header.to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    if line.starts_with("POST ") {
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let _ = answers.send(body);
    }
    let (status, body) = match site.get(&path) {
        Some(body) => ("200 OK", &body[..]),
        None => ("404 Not Found", &[][..]),
    };
    let kind = match path.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("bin") => "application/octet-stream",
        _ => "text/html",
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\ncontent-security-policy: default-src 'self'\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = reader.into_inner();
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}

/// The collections of the sample, each with how many queries of a kind to draw.
fn sample() -> Vec<(Vec<Document>, usize)> {
    let mut all = vec![(collections::small(), 3)];
    if let Some(shared) = collections::shared() {
        let corpora = shared.join("corpora");
        all.push((collections::markdown(&corpora.join("opensource-guide")), 2));
        all.push((collections::markdown(&corpora.join("18f-methods")), 6));
        all.push((collections::cranfield(&shared.join("relevance/cranfield")), 4));
    }
    all
}

#[test]
fn the_reader_answers_alike_in_chromium() {
    let Some(program) = chromium() else {
        assert!(std::env::var("EXEMPLA_REQUIRE_ALL").is_err(), "there is no Chromium");
        eprintln!("passed over: there is no Chromium");
        return;
    };
    let mut site: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut asked: Vec<(Search, Vec<Case>)> = Vec::new();
    for (at, (documents, each)) in sample().into_iter().enumerate() {
        let mut cases = Vec::new();
        for lang in super::languages(&documents) {
            cases.extend(queries::draw(&documents, &lang, each));
            cases.extend(queries::odd(&lang));
        }
        if let Some(shared) = collections::shared().filter(|_| at == 3) {
            cases.extend(super::questions(&shared).into_iter().step_by(4));
        }
        let search = Search::build(documents, &settings()).expect("an index");
        let pack = search.pack().expect("a pack");
        site.extend(pack.into_iter().map(|(path, bytes)| (format!("/{at}/{path}"), bytes)));
        asked.push((search, cases));
    }
    let cases: Vec<Vec<Value>> =
        asked.iter().map(|(_, cases)| cases.iter().map(Case::json).collect()).collect();
    let reader = include_str!("../../themes/default/static/search/reader.js");
    for (path, body) in
        [("/", PAGE), ("/page.js", SCRIPT), ("/reader.js", reader), ("/answers", "taken")]
    {
        site.insert(path.into(), body.into());
    }
    site.insert("/cases.json".into(), json!(cases).to_string().into_bytes());

    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (give, take) = mpsc::channel();
    let site = Arc::new(site);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (site, give) = (site.clone(), give.clone());
            std::thread::spawn(move || serve(stream, &site, &give));
        }
    });
    let profile = tempfile::tempdir().expect("a folder");
    let mut browser = Command::new(program)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--remote-debugging-port=0", &format!("http://127.0.0.1:{port}/")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("Chromium");
    let body = take.recv_timeout(Duration::from_secs(240));
    browser.kill().expect("Chromium ends");
    browser.wait().expect("Chromium ends");
    let answers: Vec<Vec<Value>> =
        serde_json::from_slice(&body.expect("answers in time")).expect("JSON");
    let (mut count, mut swaps) = (0, 0);
    for ((search, cases), answers) in asked.iter().zip(&answers) {
        assert_eq!(cases.len(), answers.len());
        count += cases.len();
        swaps +=
            cases.iter().zip(answers).map(|(case, own)| same(search, case, own)).sum::<usize>();
    }
    println!("{count} queries in Chromium, {swaps} near ties swapped");
    assert!(count > 150);
}

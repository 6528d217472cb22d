//! Real collections: every body is read, no template tag is shown, no word is lost.

mod built;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use built::source::{ENTITY, front_matter, visible, words};
use exempla::markdown::{AsWritten, HtmlPolicy, Options, parse};

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "md") {
            found.push(path);
        }
    }
}

/// HTML without its code.
fn outside_code(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find("<code") {
        out.push_str(&rest[..at]);
        rest = rest[at..].find("</code>").map_or("", |end| &rest[at + end + 7..]);
    }
    out + rest
}

#[test]
fn every_body_of_the_collections_is_read() {
    let Some(root) = built::shared("corpora") else { return };
    let mut paths = Vec::new();
    files(&root, &mut paths);
    assert!(!paths.is_empty(), "no collection is in {}", root.display());
    let (mut read, mut all, mut lost_words) = (0, 0, Vec::new());
    for path in &paths {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let body_at = front_matter(&text);
        let options = Options { html: HtmlPolicy::Sanitise, smart: false, ..Options::default() };
        let name = path.strip_prefix(&root).unwrap_or(path).display().to_string();
        let (body, findings) = parse(&text[body_at..], &Arc::from(&*name), body_at, &options);
        let html = body.to_html(&AsWritten);
        for found in findings.iter() {
            let (start, end) = found.place.as_ref().and_then(|p| p.span).expect("a place");
            assert!(start >= body_at && text.get(start..end).is_some(), "{name}: {found:?}");
        }
        for link in body.links() {
            assert!(!text[link.span.clone()].is_empty(), "{name}: {link:?}");
        }
        let shown = outside_code(&html);
        assert!(!shown.contains("{{") && !shown.contains("{%"), "{name} shows a template tag");
        let plain = body.text();
        let known: HashSet<&str> = words(plain).chain(words(&html)).collect();
        let source = visible(&text[body_at..]);
        for line in source.lines() {
            // The numbers of a list are written by the browser.
            for (at, word) in words(line).enumerate() {
                all += 1;
                let marker =
                    word.contains(ENTITY) || at == 0 && word.bytes().all(|b| b.is_ascii_digit());
                if !known.contains(word) && !marker {
                    lost_words.push(format!("{name}: {word}"));
                }
            }
        }
        read += 1;
    }
    eprintln!("{read} files, {all} words, {} not found again", lost_words.len());
    for lost in lost_words.iter().take(60) {
        eprintln!("  {lost}");
    }
    assert!(lost_words.len() * 50_000 < all, "{} of {all} words are lost", lost_words.len());
}

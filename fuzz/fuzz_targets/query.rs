//! Any line of text, asked of the index and of the reader in the browser: neither may
//! panic, and both must say the same.

#![no_main]

#[path = "../../tests/search/collections.rs"]
#[allow(dead_code, reason = "shared with the tests, which use more of it")]
mod collections;
#[path = "../../tests/search/engine.rs"]
#[allow(dead_code, reason = "shared with the tests, which use more of it")]
mod engine;

use exempla::search::fold::{LONGEST_WORD, fold};
use exempla::search::{Options, Search, Sort, excerpt, pieces, query};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

const LANGUAGES: [&str; 5] = ["en", "it", "lv", "ja", "xx"];
const FACETS: [&str; 3] = ["type", "size", "topics"];

thread_local! {
    static BOTH: (Search, engine::Engine) = {
        let search = Search::build(collections::small(), &collections::settings()).unwrap();
        let reader = include_str!("../../themes/default/static/search/reader.js");
        let engine = engine::Engine::of(reader, search.pack().unwrap());
        (search, engine)
    };
}

/// What holds for any text, whatever an index says.
fn sound(text: &str) {
    let mut last = 0;
    for piece in pieces::pieces(text) {
        assert!(last <= piece.start && piece.start < piece.end, "pieces go forward");
        last = piece.start;
        assert!(fold(&text[piece.start..piece.end]).chars().count() <= LONGEST_WORD);
    }
    let parsed = query::parse(text, &FACETS);
    let phrases = parsed.phrases.iter().chain(&parsed.excluded);
    let tokens: Vec<_> = parsed.words.iter().chain(phrases.flatten()).collect();
    assert!(tokens.len() <= query::MOST_WORDS);
    for token in tokens {
        assert!(text.get(token.start..token.end).is_some_and(|word| fold(word) == token.text));
    }
    let wanted = |word: &str| word.len() % 3 == 0;
    assert_eq!(excerpt::mark(text, &wanted).concat(), text);
    let at = excerpt::place(text, &|word| wanted(word).then_some(0)).unwrap_or(text.len() / 2);
    let range = excerpt::around(text, at);
    // Its rims may move by what is left of a character.
    assert!(range.len() <= excerpt::LENGTH + 3);
    excerpt::passage(text, range);
}

fuzz_target!(|data: &[u8]| {
    let [first, rest @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    sound(text);
    let lang = LANGUAGES[usize::from(first & 7) % LANGUAGES.len()];
    let (typing, newest) = (first & 8 != 0, first & 16 != 0);
    let sort = if newest { Sort::Date } else { Sort::Relevance };
    let options = Options { typing, sort, ..Options::default() };
    BOTH.with(|(search, engine)| {
        let ours = search.query(text, Some(lang), &options).unwrap();
        assert!(ours.hits.len() <= ours.total.min(10));
        let kind = |piece: pieces::Piece| format!("{:?}", piece.kind).to_lowercase();
        let words: Vec<_> = pieces::words(text).map(|(piece, word)| (word, kind(piece))).collect();
        // Two tables of Unicode need not be of one year; a test compares them. And where
        // there is no pack there is nothing to compare.
        if lang == "xx" || engine.analysed(text) != words {
            return;
        }
        let sort = if newest { "date" } else { "relevance" };
        let asked = json!([[text, { "lang": lang, "typing": typing, "sort": sort }]]);
        let theirs = engine.answers(&asked).remove(0);
        let ours = serde_json::to_value(ours).unwrap();
        for key in ["query", "total", "suggestion", "help", "facets"] {
            assert_eq!(ours.get(key), theirs.get(key), "{key} of {text:?}");
        }
    });
});

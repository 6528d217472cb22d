//! The dictionary: folded words in JavaScript's order, cut into shards.
//!
//! A shard stores its words in columns: how many UTF-16 units each shares with
//! the word before it, how many more it has, its frequency, the distance of its
//! first stem from that of the word before (for the first word: from the shard's
//! base in the manifest); then the few words with further stems; then the text
//! of all the endings in one piece.

use super::super::words::Word;
use super::bytes::{Files, Payload, cut};
use serde_json::{Value, json};

/// Bytes of a shard before compression, at least.
const LEAST: usize = 5_000;

/// Writes the shards; returns their part of the manifest.
pub fn export(words: &[Word], files: &mut Files) -> Value {
    // A word costs about its ending and four bytes.
    let counts = cut(words.iter().map(|word| (&*word.text, 4 + word.text.len() / 2)), LEAST);
    let (mut first, mut base, mut shards) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = words;
    for count in counts {
        let (own, after) = rest.split_at(count);
        rest = after;
        let stem = own.first().map_or(0, |word| word.stems[0]);
        first.push(own.first().map_or("", |word| &word.text));
        base.push(stem);
        shards.push(shard(own, stem));
    }
    json!({ "first": first, "base": base, "names": files.seal(shards) })
}

fn shard(words: &[Word], base: u32) -> Payload {
    let mut payload = Payload::shard();
    let mut endings = String::new();
    let mut before = "";
    let mut lengths = Vec::with_capacity(words.len());
    payload.length(words.len());
    for word in words {
        let shared: usize = before
            .chars()
            .zip(word.text.chars())
            .take_while(|(one, other)| one == other)
            .map(|(same, _)| same.len_utf8())
            .sum();
        payload.length(before[..shared].encode_utf16().count());
        lengths.push(word.text[shared..].encode_utf16().count());
        endings.push_str(&word.text[shared..]);
        before = &word.text;
    }
    lengths.into_iter().for_each(|length| payload.length(length));
    words.iter().for_each(|word| payload.number(word.frequency.into()));
    let mut from = base;
    for word in words {
        payload.signed(from, word.stems[0]);
        from = word.stems[0];
    }
    let several = || (0u32..).zip(words).filter(|(_, word)| word.stems.len() > 1);
    payload.length(several().count());
    payload.ascending(several().map(|(at, _)| at));
    for (_, word) in several() {
        payload.length(word.stems.len() - 1);
        for pair in word.stems.windows(2) {
            payload.signed(pair[0], pair[1]);
        }
    }
    payload.string(&endings);
    payload
}

/// The words that occur in most documents, for the manifest: they are asked for
/// most, and then need no shard. Those with several stems are left out.
pub fn frequent(words: &[Word], most: usize) -> Value {
    let mut chosen: Vec<&Word> = words.iter().filter(|word| word.stems.len() == 1).collect();
    // Stable: words of one frequency keep their order.
    chosen.sort_by_key(|word| std::cmp::Reverse(word.frequency));
    chosen.truncate(most);
    chosen.sort_by(|a, b| super::super::words::order(&a.text, &b.text));
    let mut from = 0;
    let mut stems = Vec::with_capacity(chosen.len());
    for word in &chosen {
        stems.push(i64::from(word.stems[0]) - from);
        from = i64::from(word.stems[0]);
    }
    let texts: Vec<&str> = chosen.iter().map(|word| &*word.text).collect();
    json!({ "words": texts.join(" "), "stems": stems })
}

//! The dictionary: folded words in JavaScript's order, cut into shards.
//!
//! A shard stores its words in columns: how many UTF-16 units each shares with
//! the word before it, how many more it has, its frequency, the distance of its
//! first stem from that of the word before (for the first word: from the shard's
//! base in the manifest); then the few words with further stems; then the text
//! of all the endings in one piece. Last it lists the shards of postings, and
//! those of positions, for the stems from its base to the next shard's: so the
//! manifest need not, and a word and its postings are found in two steps.

use super::super::words::{Word, order};
use super::bytes::{Payload, Sealer, cut, names};
use super::postings::{Group, Run};
use serde_json::{Value, json};

/// Bytes of a shard before compression, at least.
const LEAST: usize = 5_000;
/// Frequent words that stand in the manifest.
const FREQUENT: usize = 400;

/// How many words each shard takes.
pub fn plan(words: &[Word]) -> Vec<usize> {
    // A word costs about its ending and four bytes.
    cut(words.iter().map(|word| (&*word.text, 4 + word.text.len() / 2)), LEAST)
}

/// The first stem of each shard's part of the postings: that of its first word,
/// made ascending, since stems need not stand in the order of their words.
pub fn bases(words: &[Word], plan: &[usize]) -> Vec<u32> {
    let (mut at, mut most) = (0, 0);
    let mut bases = Vec::with_capacity(plan.len());
    for (shard, count) in plan.iter().enumerate() {
        let first = words.get(at).map_or(0, |word| word.stems[0]);
        most = if shard == 0 { 0 } else { first.max(most) };
        bases.push(most);
        at += count;
    }
    bases
}

/// Writes the shards; returns their part of the manifest.
pub fn export(words: &[Word], plan: &[usize], groups: &[Group], sealer: &mut Sealer<'_>) -> Value {
    let bases = bases(words, plan);
    let (mut first, mut shards) = (Vec::new(), Vec::new());
    let mut rest = words;
    for ((count, base), group) in plan.iter().zip(&bases).zip(groups) {
        let (own, after) = rest.split_at(*count);
        rest = after;
        first.push(own.first().map_or("", |word| &word.text));
        let mut payload = shard(own, *base);
        for runs in [&group.postings, &group.positions] {
            payload.length(runs.len());
            runs.iter().for_each(|run| payload.number(run.count));
            runs.iter().for_each(|run| payload.0.extend(run.name.to_be_bytes()));
        }
        shards.push(payload);
    }
    json!({ "first": first, "base": bases, "names": names(&sealer.seal(shards)) })
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

/// The words met most, for the manifest, with the shards of their postings: a
/// query of such words needs no dictionary. Those with several stems are left out.
pub fn frequent(words: &[Word], groups: &[Group]) -> Value {
    let mut chosen: Vec<&Word> = words.iter().filter(|word| word.stems.len() == 1).collect();
    // Stable: words of one frequency keep their order.
    chosen.sort_by_key(|word| std::cmp::Reverse(word.frequency));
    chosen.truncate(FREQUENT);
    chosen.sort_by(|a, b| order(&a.text, &b.text));
    let runs: Vec<&Run> = groups.iter().flat_map(|group| &group.postings).collect();
    let mut needed: Vec<usize> = chosen
        .iter()
        .map(|word| runs.partition_point(|run| run.first <= word.stems[0]).saturating_sub(1))
        .collect();
    needed.sort_unstable();
    needed.dedup();
    let needed: Vec<&Run> = needed.into_iter().filter_map(|at| runs.get(at)).copied().collect();
    let texts: Vec<&str> = chosen.iter().map(|word| &*word.text).collect();
    json!({
        "words": texts.join(" "),
        "stems": distances(chosen.iter().map(|word| word.stems[0])),
        "firsts": distances(needed.iter().map(|run| run.first)),
        "counts": needed.iter().map(|run| run.count).collect::<Vec<_>>(),
        "names": names(&needed.iter().map(|run| run.name).collect::<Vec<_>>()),
    })
}

/// Numbers as the distance of each from the one before.
fn distances(numbers: impl Iterator<Item = u32>) -> Vec<i64> {
    let mut from = 0;
    numbers
        .map(|number| i64::from(number) - std::mem::replace(&mut from, i64::from(number)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, stem: u32, frequency: u8) -> Word {
        Word { text: text.into(), stems: vec![stem], frequency }
    }

    #[test]
    fn bases_ascend_though_stems_need_not() {
        let words = [word("a", 4, 0), word("b", 2, 0), word("c", 9, 0), word("d", 5, 0)];
        assert_eq!(bases(&words, &[1, 1, 1, 1]), [0, 2, 9, 9]);
        assert_eq!(bases(&[], &plan(&[])), [0; 0]);
    }

    #[test]
    fn a_shard_shares_beginnings() {
        let bytes = shard(&[word("water", 7, 3), word("watt", 8, 0)], 7).0;
        // Salt, two words, shared, more, frequency, stems, none with several, endings.
        assert_eq!(bytes, b"\0\x02\0\x03\x05\x01\x03\0\0\x02\0\x06watert");
    }

    #[test]
    fn frequent_words_bring_the_shards_of_their_stems() {
        let words = [word("of", 3, 9), word("rare", 4, 0)];
        let run = |first, name| Run { first, count: 2, name };
        let group =
            Group { postings: vec![run(0, 1), run(2, 2), run(4, 3)], positions: Vec::new() };
        let found = frequent(&words[..1], &[group]);
        let expected = json!({
            "words": "of", "stems": [3], "firsts": [2], "counts": [2], "names": "00000002",
        });
        assert_eq!(found, expected);
    }
}

//! Cutting a passage out of a text, and marking words in it.
//!
//! Enters: plain text and what to look for. Leaves: a short passage that begins
//! and ends at spaces where it can, and its parts with every second one marked.
//! A line of the text is a block of the page.
//! Nothing here is HTML.

use super::fold::fold;
use super::pieces::pieces;
use std::ops::Range;

/// Bytes of a passage, about.
pub const LENGTH: usize = 160;
/// Bytes of a passage before the word it was cut for, about.
const BEFORE: usize = 50;
/// After one of these a reader sees that something has ended.
const ENDS: [char; 17] =
    ['.', '!', '?', ':', ';', ',', '…', '·', '-', '–', '—', '。', '！', '？', '：', '؟', '।'];

/// The range of the passage around byte `at` of a text.
pub fn around(text: &str, at: usize) -> Range<usize> {
    let at = text.floor_char_boundary(at);
    let end = text.floor_char_boundary((at.saturating_sub(BEFORE) + LENGTH).min(text.len()));
    let start = text.floor_char_boundary(at.saturating_sub(BEFORE).min(end.saturating_sub(LENGTH)));
    // Half words at the rims go, unless there is no space near.
    let start = match text[start..at].find(char::is_whitespace) {
        Some(offset) if start > 0 => start + offset,
        _ => start,
    };
    let end = match text[at..end].rfind(char::is_whitespace) {
        Some(offset) if end < text.len() && offset > 0 => at + offset,
        _ => end,
    };
    start..end
}

/// A passage as readers see it: white space made single, `…` where it was cut,
/// and a dot where a block ends without one, so that no heading runs into its text.
pub fn passage(text: &str, range: Range<usize>) -> String {
    let mut out = String::with_capacity(range.len() + 6);
    if range.start > 0 {
        out.push('…');
    }
    let from = out.len();
    for line in text[range.clone()].lines() {
        for (count, word) in line.split_whitespace().enumerate() {
            if out.len() > from {
                let ended = count > 0 || out.ends_with(ENDS);
                out.push_str(if ended { " " } else { " · " });
            }
            out.push_str(word);
        }
    }
    if range.end < text.trim_end().len() {
        out.push('…');
    }
    out
}

/// The place for a passage: where most different wanted words stand close
/// together, and the first such place. `wanted` gives a number below 64 to a
/// folded word that counts.
pub fn place(text: &str, wanted: &dyn Fn(&str) -> Option<u32>) -> Option<usize> {
    let found: Vec<(usize, u32)> = pieces(text)
        .filter_map(|piece| Some((piece.start, wanted(&fold(&text[piece.start..piece.end]))?)))
        .collect();
    let mut best = None;
    let mut end = 0;
    for (at, (start, _)) in found.iter().enumerate() {
        while found.get(end).is_some_and(|(next, _)| next - start < LENGTH - BEFORE) {
            end += 1;
        }
        let words = found[at..end].iter().fold(0u64, |set, (_, word)| set | 1 << (word % 64));
        if best.is_none_or(|(most, _)| words.count_ones() > most) {
            best = Some((words.count_ones(), *start));
        }
    }
    best.map(|(_, start)| start)
}

/// Splits a passage into parts: plain, marked, plain, …; neighbouring marks
/// that only a gap of one character parts stay apart.
pub fn mark(passage: &str, wanted: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut at = 0;
    for piece in pieces(passage) {
        let start = piece.start.max(at);
        if piece.end > at && wanted(&fold(&passage[piece.start..piece.end])) {
            if start > at || parts.len() == 1 {
                if let Some(last) = parts.last_mut() {
                    last.push_str(&passage[at..start]);
                }
                parts.push(String::new());
            } else {
                // An overlapping pair or compound goes on with the mark before it.
                parts.pop();
            }
            if let Some(last) = parts.last_mut() {
                last.push_str(&passage[start..piece.end]);
            }
            parts.push(String::new());
            at = piece.end;
        }
    }
    if let Some(last) = parts.last_mut() {
        last.push_str(&passage[at..]);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_cut_at_spaces_around_its_word() {
        let text = format!("{} needle {}", "hay ".repeat(50), "straw ".repeat(50));
        let at = text.find("needle").unwrap();
        let cut = passage(&text, around(&text, at));
        assert!(cut.starts_with("…hay") && cut.contains("needle") && cut.ends_with("straw…"));
        assert!(cut.len() <= LENGTH + 6);
        assert_eq!(passage("short  text\n", around("short  text\n", 0)), "short text");
        assert_eq!(passage("Why\nIt works.\nHow", 0..17), "Why · It works. How");
        assert_eq!(around("", 9), 0..0);
        let long = "ü".repeat(500);
        assert!(!passage(&long, around(&long, 501)).is_empty());
    }

    #[test]
    fn the_place_has_most_words_and_marks_alternate() {
        let text = format!("open {} data open", "x ".repeat(200));
        let wanted = |word: &str| match word {
            "open" => Some(0),
            "data" => Some(1),
            _ => None,
        };
        assert_eq!(place(&text, &wanted), text.find("data"));
        let marked = |word: &str| wanted(word).is_some();
        assert_eq!(mark("Open, data!", &marked), ["", "Open", ", ", "data", "!"]);
        assert_eq!(mark("none", &marked), ["none"]);
        assert_eq!(mark("東京都x", &|word| word.chars().count() == 2), ["", "東京都", "x"]);
        let compound = |word: &str| word == "coproduction";
        assert_eq!(mark("a co-production", &compound), ["a ", "co-production", ""]);
        let all = |word: &str| compound(word) || word == "co";
        assert_eq!(mark("a co-production", &all), ["a ", "co-production", ""]);
    }
}

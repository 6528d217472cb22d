//! Marks: what stands in a text for a call or a picture while Markdown is read.
//!
//! A mark is a number between two noncharacters that no text keeps: a word like
//! others within a line, and on a line of its own, in an HTML comment, a block.
//! So a call stands where it was written: in a list, a quote or a paragraph.
//! Enters: tags and their places. Leaves: the edits that put marks in, and
//! pieces of text and HTML cut at their marks.

use std::borrow::Cow;
use std::ops::Range;

use super::calls::CallTag;
use super::source::Edit;

const OPEN: char = '\u{FDD2}';
const CLOSE: char = '\u{FDD3}';

/// So much of a line's start is read as marks of lists and quotes: each tag on
/// the line reads it anew.
const LONGEST_PREFIX: usize = 200;

/// What a mark stands for.
#[derive(Debug)]
pub(super) enum Marked {
    Call(CallTag),
    /// A picture that `[shortcodes]` made, and the range of its tag.
    Image {
        src: String,
        alt: String,
        range: Range<usize>,
    },
}

/// A stretch of text or HTML, with the byte where it begins, or a mark.
pub(super) enum Piece<'a> {
    Text(&'a str, usize),
    Mark(usize),
}

/// The edits that take the noncharacters of marks out of a text.
pub(super) fn forged(text: &str) -> impl Iterator<Item = Edit> {
    text.match_indices([OPEN, CLOSE])
        .map(|(at, mark)| Edit { range: at..at + mark.len(), with: Cow::Borrowed("\u{FFFD}") })
}

/// A text from a tag's arguments, in which nothing looks like a mark.
pub(super) fn unforged(text: &str) -> Cow<'_, str> {
    match text.contains([OPEN, CLOSE]) {
        true => Cow::Owned(text.replace([OPEN, CLOSE], "\u{FFFD}")),
        false => Cow::Borrowed(text),
    }
}

/// The mark of a number, within a line.
pub(super) fn inline(number: usize) -> String {
    format!("{OPEN}{number}{CLOSE}")
}

/// The mark of a number, as a block.
pub(super) fn block(number: usize) -> String {
    format!("<!--{OPEN}{number}{CLOSE}-->")
}

/// The mark of a number on a line of its own, in the list or quote in which
/// the line that begins at `line` stands.
pub(super) fn on_its_own_line(
    number: usize,
    text: &str,
    line: usize,
    range: &Range<usize>,
) -> Edit {
    on_lines(&[&block(number)], text, line, range)
}

/// The mark of a number, a text, and the mark of the next number, each on lines of its own.
pub(super) fn around(
    number: usize,
    body: &str,
    text: &str,
    line: usize,
    range: &Range<usize>,
) -> Edit {
    let (open, close) = (block(number), block(number + 1));
    let lines = std::iter::once(open.as_str()).chain(body.lines()).chain([close.as_str()]);
    on_lines(&lines.collect::<Vec<_>>(), text, line, range)
}

fn on_lines(lines: &[&str], text: &str, line: usize, range: &Range<usize>) -> Edit {
    let before = &text[line..range.start];
    let prefix = continuation(before);
    let bare = is_container(before);
    let after = &text[range.end..];
    let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
    let ends = after[blanks..].is_empty() || after[blanks..].starts_with(['\n', '\r']);
    let mut with = String::new();
    if !bare {
        with.extend(["\n", &prefix]);
    }
    with.push_str(&lines.join(&format!("\n{prefix}")));
    if !ends {
        with.extend(["\n", &prefix]);
    }
    Edit { range: range.start..range.end + blanks, with: Cow::Owned(with) }
}

/// Whether a tag stands alone on its lines, of which the first begins at `line`.
pub(super) fn stands_alone(text: &str, line: usize, range: &Range<usize>) -> bool {
    let after = text[range.end..].trim_start_matches([' ', '\t']);
    is_container(&text[line..range.start]) && (after.is_empty() || after.starts_with(['\n', '\r']))
}

/// Whether the start of a line is nothing but blanks and the marks of lists and quotes.
fn is_container(before: &str) -> bool {
    before.len() <= LONGEST_PREFIX && prefix(before).1.trim().is_empty()
}

/// What the next line begins with to stand in the same lists and quotes.
pub(super) fn continuation(before: &str) -> String {
    prefix(before).0
}

/// The same, and the rest of the line behind it.
fn prefix(mut line: &str) -> (String, &str) {
    let mut out = String::new();
    loop {
        let left = LONGEST_PREFIX.saturating_sub(out.len());
        if left == 0 {
            return (out, line);
        }
        let blanks = line.bytes().take(left).take_while(|b| matches!(b, b' ' | b'\t')).count();
        out.push_str(&line[..blanks]);
        line = &line[blanks..];
        if let Some(rest) = line.strip_prefix('>') {
            out.push('>');
            line = rest;
            continue;
        }
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let bullet = match digits {
            0 => line.starts_with(['-', '*', '+']),
            1..=9 => line[digits..].starts_with(['.', ')']),
            _ => false,
        };
        if !bullet || !matches!(line.as_bytes().get(digits + 1), Some(b' ' | b'\t')) {
            return (out, line);
        }
        out.extend(std::iter::repeat_n(' ', digits + 1));
        line = &line[digits + 1..];
    }
}

/// Text or HTML as the parser hands it over, cut at its marks.
pub(super) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut done = 0;
    while let Some((start, number, end)) = next(html, done) {
        if start > done {
            out.push(Piece::Text(&html[done..start], done));
        }
        out.push(Piece::Mark(number));
        done = end;
    }
    if done < html.len() {
        out.push(Piece::Text(&html[done..], done));
    }
    out
}

/// Whether HTML is marks and blanks only.
pub(super) fn only_marks(html: &str) -> bool {
    html.contains(OPEN)
        && pieces(html).iter().all(|piece| match piece {
            Piece::Text(html, _) => html.trim().is_empty(),
            Piece::Mark(_) => true,
        })
}

/// A text in which every mark is what it stands for again: where code turned
/// out to be, it is shown as it was written.
pub(super) fn written<'a>(text: &'a str, original: &dyn Fn(usize) -> String) -> Cow<'a, str> {
    if !text.contains(OPEN) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Text(text, _) => out.push_str(text),
            Piece::Mark(number) => out.push_str(&original(number)),
        }
    }
    Cow::Owned(out)
}

/// The next mark from a byte on: where it begins, its number, where it ends.
fn next(text: &str, from: usize) -> Option<(usize, usize, usize)> {
    let mut at = from;
    loop {
        let open = at + text[at..].find(OPEN)?;
        at = open + OPEN.len_utf8();
        let end = at + text[at..].bytes().take_while(u8::is_ascii_digit).count();
        if let Ok(number) = text[at..end].parse()
            && let Some(rest) = text[end..].strip_prefix(CLOSE)
        {
            let end = text.len() - rest.len();
            let comment = text[from..open].ends_with("<!--") && rest.starts_with("-->");
            return Some(if comment { (open - 4, number, end + 3) } else { (open, number, end) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stays_in_the_container_of_its_line() {
        for (before, want) in [
            ("", ""),
            ("text ", ""),
            ("  - text ", "    "),
            ("> 1. [x] a", ">    "),
            ("* * ", "    "),
            ("**b** ", ""),
        ] {
            assert_eq!(continuation(before), want, "{before}");
        }
        let edit = |text: &str| {
            let at = text.find('X').expect("there is an X");
            on_its_own_line(7, text, 0, &(at..at + 1)).with.replace(&block(7), "M")
        };
        assert_eq!(edit("a X b"), "\nM\n");
        assert_eq!(edit("- X b"), "M\n  ");
        assert_eq!(edit("> X  \nb"), "M");
        assert!(stands_alone("> - X \n", 0, &(4..5)) && !stands_alone("a X\n", 0, &(2..3)));
    }

    #[test]
    fn a_long_start_of_a_line_is_not_copied_for_each_tag() {
        for start in [">".repeat(1_000_000), " ".repeat(1_000_000)] {
            let text = format!("{start}X");
            let edit = on_its_own_line(7, &text, 0, &(start.len()..text.len()));
            assert!(edit.with.len() < 3 * LONGEST_PREFIX, "{}", edit.with.len());
        }
    }

    #[test]
    fn pieces_lose_nothing() {
        let html = format!("a<!--{OPEN}x{CLOSE}-->{}b{}", inline(3), inline(12));
        let all: String = pieces(&html)
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(html, _) => html.to_owned(),
                Piece::Mark(number) => inline(number),
            })
            .collect();
        assert_eq!(all, html);
        assert!(only_marks(&format!(" {}\n", block(1))) && !only_marks("a"));
        assert_eq!(written(&block(4), &|n| n.to_string()), "4");
    }
}

//! kramdown's attribute lists: `{: .note #id key="value"}` under (or over) a block.
//!
//! Enters: the list, where it stands, and the layout of the text. Leaves: the
//! edits that make of a class what `[shortcodes]` maps it to (a component that
//! encloses the block) and of a heading's id a heading's id. What becomes
//! nothing is counted word by word, so that each class is told once.

use std::borrow::Cow;
use std::ops::Range;

use super::calls::{self, CallTag};
use super::foreign::Searcher;
use super::layout::{Block, Layout};
use super::marks::{self, Marked};
use super::shortcodes::{Arguments, Shortcode};
use super::source::Edit;
use super::tags::{Form, Tag};

/// What a list says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Attributes<'a> {
    /// With their dots.
    classes: Vec<&'a str>,
    /// With its hash.
    id: Option<&'a str>,
    /// `key=value`, as written.
    pairs: Vec<&'a str>,
}

impl<'a> Attributes<'a> {
    /// Reads what stands between `{:` and `}`; `None` when it is no attribute
    /// list but one of kramdown's other tags (`{:toc}`, `{::options /}`).
    fn of(inner: &'a str) -> Option<Self> {
        let mut out = Self::default();
        let mut rest = inner.trim();
        while !rest.is_empty() {
            // A word that begins like a class is one: its end is not looked for twice.
            let pair = Some(rest).filter(|rest| !rest.starts_with(['.', '#']));
            let equals = pair.and_then(|rest| rest.find([' ', '\t', '=']));
            let end = match equals.filter(|at| rest[*at..].starts_with('=')) {
                Some(equals) => {
                    let value = &rest[equals + 1..];
                    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
                    let end = match quote {
                        Some(quote) => value[1..].find(quote)? + 2,
                        None => value.find([' ', '\t']).unwrap_or(value.len()),
                    };
                    out.pairs.push(&rest[..equals + 1 + end]);
                    equals + 1 + end
                }
                None => {
                    let word = rest.strip_prefix(['.', '#'])?;
                    let end = 1 + word.find(['.', '#', ' ', '\t']).unwrap_or(word.len());
                    match &rest[..end] {
                        "." | "#" => return None,
                        id if id.starts_with('#') => out.id = Some(id),
                        class => out.classes.push(class),
                    }
                    end
                }
            };
            rest = rest[end..].trim_start();
        }
        Some(out)
    }

    /// The id and the pairs as arguments of what a class is mapped to.
    fn arguments(&self) -> Arguments {
        let id = self.id.map(|id| format!("id=\"{}\"", &id[1..]));
        let all: Vec<&str> = self.pairs.iter().copied().chain(id.as_deref()).collect();
        Arguments::of(&all.join(" "))
    }
}

/// The block that a list belongs to.
struct Owner {
    range: Range<usize>,
    /// What its lines but the first begin with.
    column: usize,
    /// Whether the list stands under it.
    above: bool,
    heading: bool,
}

impl<'a> Searcher<'a> {
    /// Deals with an attribute list; `false` says that the tag is none.
    pub(super) fn attributes(&mut self, tag: &Tag<'a>) -> bool {
        let range = tag.range.clone();
        let inner = &self.text[range.start + Form::OPENS_KRAMDOWN..range.end - 1];
        let Some(list) = Attributes::of(inner) else { return false };
        let owner = self.owner(&range);
        let mut components = Vec::new();
        for class in &list.classes {
            match (self.shortcodes.get(&class[1..]), &owner) {
                (Some(Shortcode::Inner), _) => {}
                (Some(Shortcode::Component { name, attributes, .. }), Some(_)) => {
                    components.push((name, attributes));
                }
                _ => self.count(Form::Kramdown, class, &range),
            }
        }
        match (list.id, &owner) {
            (Some(id), Some(owner)) if owner.heading && self.heading_id(id, owner) => {}
            (Some(id), _) if components.is_empty() => self.count(Form::Kramdown, id, &range),
            _ => {}
        }
        if components.is_empty() {
            for pair in &list.pairs {
                let key = pair.split('=').next().unwrap_or(pair);
                self.count(Form::Kramdown, key, &range);
            }
        }
        let Some(owner) = owner.filter(|_| !components.is_empty()) else {
            self.remove(range);
            return true;
        };
        let arguments = list.arguments();
        let (mut opens, mut closes) = (Vec::new(), Vec::new());
        for (name, attributes) in components {
            let call =
                |form, attributes| CallTag::mapped(name, form, attributes, &arguments, &range);
            let number = self.out.marked.len();
            let opening = call(calls::Form::Open, attributes);
            let closing = call(calls::Form::Close, &[]);
            self.out.marked.extend([Marked::Call(opening), Marked::Call(closing)]);
            opens.push(marks::block(number));
            closes.push(marks::block(number + 1));
        }
        closes.reverse();
        self.enclose_block(&owner, &range, &opens, &closes);
        true
    }

    fn enclose_block(
        &mut self,
        owner: &Owner,
        range: &Range<usize>,
        opens: &[String],
        closes: &[String],
    ) {
        let before = &self.text[owner.range.start - owner.column..owner.range.start];
        let glue = format!("\n{}", marks::continuation(before));
        let (opens, closes) = (opens.join(&glue), closes.join(&glue));
        if owner.above {
            let at = owner.range.start;
            // A list that stands under another encloses what that one made.
            self.opens.push(Edit { range: at..at, with: Cow::Owned(opens + &glue) });
            self.replace(range.clone(), closes);
        } else {
            let at = owner.range.end;
            self.replace(range.clone(), opens);
            self.replace(at..at, glue + &closes);
        }
    }

    /// An id in the form that the parser reads, at the end of a heading's text;
    /// `false` if that has one already.
    fn heading_id(&mut self, id: &str, heading: &Owner) -> bool {
        let text = self.text[heading.range.clone()].trim_end();
        let underlined = text.rfind('\n').filter(|at| {
            let last = text[at + 1..].trim_matches(['>', ' ', '\t']);
            last.bytes().all(|byte| byte == b'=') || last.bytes().all(|byte| byte == b'-')
        });
        let text = text[..underlined.unwrap_or(text.len())].trim_end();
        if text.ends_with('}') {
            return false;
        }
        let at = heading.range.start + text.len();
        self.replace(at..at, format!(" {{{id}}}"));
        true
    }

    /// The block that a list on a line of its own belongs to: the one that ends
    /// on the line above, or else the one that begins on the line below.
    fn owner(&self, range: &Range<usize>) -> Option<Owner> {
        let (text, line) = (self.text, self.line);
        if !marks::stands_alone(text, line, range) || self.layout.in_html(range.start) {
            return None;
        }
        let column = range.start - line;
        let found = |block: &Block, range, above| {
            Some(Owner { range, column, above, heading: block.heading })
        };
        let bullet = text[line..range.start].contains(|c: char| !matches!(c, ' ' | '\t' | '>'));
        let last = text[..line].trim_end().len();
        if !bullet
            && last > 0
            && text[last..line].matches('\n').count() == 1
            && let Some(block) = self.block_at(last - 1, column)
            && let start = self.after_calls(block.range.start, column)
            && start < line
            && text.is_char_boundary(start)
        {
            return found(block, start..line, true);
        }
        let next = range.end + text[range.end..].find('\n')? + 1;
        let first = text.get(next..)?.lines().next()?;
        let content = next + first.find(|c: char| !matches!(c, ' ' | '\t' | '>'))?;
        let block = self.block_at(content, column)?;
        let rest = &text[content..block.range.end];
        let end = ["\n{:", "\n{%"].iter().filter_map(|stop| rest.find(stop)).min();
        let end = content + rest[..end.unwrap_or(rest.len())].trim_end().len();
        // The closing mark must stand at the block's own column.
        found(block, block.range.start.max(content)..end, false)
            .filter(|_| starts_at(text, content, column))
    }

    fn block_at(&self, at: usize, column: usize) -> Option<&'a Block> {
        let layout: &'a Layout = self.layout;
        let at = (0..=at).rev().find(|at| self.text.is_char_boundary(*at))?;
        layout.blocks_at(at).filter(|block| starts_at(self.text, block.range.start, column)).last()
    }

    /// Where a block begins behind the calls that stand in it at its column.
    fn after_calls(&self, start: usize, column: usize) -> usize {
        match self.called.get(&column) {
            Some(end) if *end > start => match self.text[*end..].find('\n') {
                Some(line) => end + line + 1 + column,
                None => self.text.len(),
            },
            _ => start,
        }
    }
}

/// Whether a place is so many bytes behind the beginning of its line.
fn starts_at(text: &str, at: usize, column: usize) -> bool {
    let bytes = text.as_bytes();
    at.checked_sub(column).is_some_and(|line| {
        (line == 0 || bytes[line - 1] == b'\n') && !bytes[line..at].contains(&b'\n')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_parted_into_its_words() {
        let of = Attributes::of;
        let want = Attributes {
            classes: vec![".a", ".b", ".c-d"],
            id: Some("#i"),
            pairs: vec!["k=\"v w\"", "n=1", "target='x'"],
        };
        assert_eq!(of(" .a.b #i k=\"v w\" n=1 .c-d target='x' "), Some(want));
        for other in
            ["toc", "é", ".é é", ":options /", "/comment", "ref: .a", ". a", "k=\"open", "."]
        {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
